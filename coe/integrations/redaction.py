"""A secret in what other programs were told, or are to be told, of a COE."""

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from coe.documents.models import Document
from coe.integrations.bodies import chat_text, in_json
from coe.integrations.models import Delivery

REMOVED = "A secret was removed from this COE before this was sent, so it was not."


def count_holding(document: Document, secret: str) -> int:
    """How many deliveries hold this text, in the same case."""
    return _holding(document, secret).count()


def empty_holding(document: Document, secret: str) -> int:
    """Empty them for good; what was not sent yet is not sent. How many there were. What a program
    was told it knows."""
    held = _holding(document, secret)
    unsent = (Delivery.State.WAITING, Delivery.State.FAILED)
    kept = [*held.filter(state__in=unsent).values_list("pk", flat=True)]
    Delivery.objects.filter(pk__in=kept).update(
        state=Delivery.State.WITHHELD, ended_at=now(), error=REMOVED
    )
    return held.update(body="")


def _holding(document: Document, secret: str) -> QuerySet[Delivery]:
    """As it was typed, as JSON writes it, and as a chat is told it."""
    forms = {secret, in_json(secret), in_json(chat_text(secret))}
    holding = Q()
    for each in forms:
        holding |= Q(body__contains=each)
    return Delivery.objects.filter(holding, document=document)
