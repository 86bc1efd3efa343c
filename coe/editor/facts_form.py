from uuid import UUID

from django.db import transaction

from coe.accounts.models import User
from coe.documents.forms import FactsForm
from coe.reviews.services import ask_who_approves


class SettledFactsForm(FactsForm):
    """The facts of a COE. In review another team may mean another approver: they see it at once."""

    @transaction.atomic
    def save(self, *, by: User, token: UUID | None = None) -> int:
        version = super().save(by=by, token=token)
        ask_who_approves(self.document, by=by)
        return version
