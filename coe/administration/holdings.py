"""What somebody still holds when they leave."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from coe.accounts.models import Team, User
from coe.accounts.queries import BY_NAME
from coe.actions.models import Promise
from coe.documents.models import Document


@dataclass(frozen=True, slots=True)
class Held:
    """A COE or a promise; its `title` is empty where the asker may not read it."""

    reference: str
    title: str
    state: str
    is_readable: bool


@dataclass(frozen=True, slots=True)
class Holdings:
    coes: list[Held]
    promises: list[Held]
    teams: list[Team]

    def __bool__(self) -> bool:
        return bool(self.coes or self.promises or self.teams)


def holdings(of: User, *, seen_by: User) -> Holdings:
    """What `of` owns, promised and manages, as `seen_by` may see it.

    An administrator reads no drafts by office: of a COE whose working copy they may not read
    they learn the reference and the state, so that it can be handed over, and no word of it.
    """
    return Holdings(
        coes=_owned(of, seen_by),
        promises=_promised(of, seen_by),
        teams=list(of.managed_teams.order_by(BY_NAME)),
    )


def _owned(of: User, seen_by: User) -> list[Held]:
    owned = Document.objects.kept().filter(owner=of).order_by("reference")
    readable = _keys(Document.objects.visible_to(seen_by).filter(owner=of))
    drafts = _keys(Document.objects.working_copy_visible_to(seen_by).filter(owner=of))
    return [
        Held(
            reference=document.reference,
            title=document.incident.title if document.pk in drafts else "",
            state=document.get_state_display(),
            is_readable=document.pk in readable,
        )
        for document in owned.select_related("incident")
    ]


def _promised(of: User, seen_by: User) -> list[Held]:
    promised = Promise.objects.unsettled().filter(owner=of).select_related("document")
    readable = _keys(Promise.objects.visible_to(seen_by).filter(owner=of))
    return [
        Held(
            reference=promise.document.reference,
            title=promise.title if promise.pk in readable else "",
            state=f"Due {promise.due_on:%-d %B %Y}" if promise.due_on else "No due date",
            is_readable=promise.pk in readable,
        )
        for promise in promised.order_by("document__reference", "pk")
    ]


def _keys(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("pk", flat=True))
