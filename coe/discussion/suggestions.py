"""Taking a suggestion: its words come to stand in the text, by the services people write with."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.discussion.anchors import find
from coe.discussion.models import Thread
from coe.discussion.places import held_at, place_of, storable, write
from coe.discussion.rules import part_in
from coe.discussion.services import hold_thread, settle
from coe.web.errors import StaleAnswer


class QuoteGone(StaleAnswer):
    """The words that were to be replaced stand there no longer."""

    def __init__(self) -> None:
        super().__init__(
            "The words that this suggestion replaces do not stand there any more: "
            "the text has changed since. Read it as it is now, and write what is still wanted."
        )


@transaction.atomic
def take_suggestion(thread: Thread, *, by: User) -> Thread:
    """Put the suggested words in the place of the quoted ones, and settle the thread.

    Taking it again changes nothing. Raises `PermissionDenied` to everybody but the authors,
    `StaleAnswer` if it was settled otherwise, `QuoteGone` if the words stand there no longer,
    `Conflict` if somebody saves that text at this moment, `Rests` if the COE is approved.
    """
    fresh = hold_thread(thread, by)
    if not part_in(fresh.document, by).may_take(fresh):
        raise PermissionDenied("The authors of a COE take what is suggested.")
    if fresh.taken_at:
        return fresh
    if fresh.resolved_by:
        raise StaleAnswer(f"{fresh.resolved_by.name} has settled this meanwhile.")
    held = held_at(fresh.document, place_of(fresh))
    text = held.texts.get(fresh.field, "")
    span = find(text, fresh.anchor)
    if span is None:
        raise QuoteGone
    changed = text[: span.start] + fresh.replacement + text[span.end :]
    write(held, fresh.field, storable(held, fresh.field, changed), by=by)
    settle(fresh, by=by, taken_at=now())
    return fresh
