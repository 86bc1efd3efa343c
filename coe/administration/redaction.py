"""Removing a secret that somebody pasted into a COE: where it stands, and emptying what can be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from coe.accounts.models import User
from coe.accounts.saving import require_administrator
from coe.actions.models import Promise
from coe.discussion import redaction as discussion_redaction
from coe.documents.locks import lock_even_discarded
from coe.documents.models import Document, SectionSlug
from coe.exports.models import RenderedPdf
from coe.history.models import Action, HistoryText
from coe.history.services import record, redact_content
from coe.integrations import redaction as integrations_redaction
from coe.meetings import redaction as meetings_redaction
from coe.promises import redaction as promises_redaction
from coe.reviews.models import ItemDecision, Reviewer, SignOff
from coe.snapshots.build import build_snapshot
from coe.snapshots.serialise import to_plain
from coe.web.errors import StaleAnswer

PARTS = {
    "answers": "Questions",
    "figures": "Impact figures",
    "entries": "Timeline",
    "safeguards": "Safeguards",
    "causes": "Causes",
    "lessons": "Lessons",
    "actions": "Action items",
    "related": "Related items",
}
"""By field of a snapshot, what the part of the working copy is called; the others are facts."""

SPOKEN = (
    discussion_redaction,
    meetings_redaction,
    promises_redaction,
    integrations_redaction,
)
"""What empties words that were said about a COE beside its text, and what other programs are
told of it."""
TOLD_IN_VERSIONS = ("waivers", "decisions")
"""What a version keeps in its envelope of what people wrote."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text stands in a COE, without what stands around it.

    `events` can be emptied, and so many things that were `said` about it, in its discussion, its
    meetings and about its promises. It stands in the working copy in `parts`, which its authors
    can change; in published `versions`, in so many `judged` texts that are no version, in `notes`
    of those who judged and in titles of `promises`, which nobody can.
    """

    events: tuple[int, ...]
    parts: tuple[str, ...]
    versions: tuple[int, ...]
    judged: int
    notes: int
    promises: int
    said: int = 0

    @property
    def can_be_emptied(self) -> bool:
        return bool(self.events or self.said)

    @property
    def stands_for_good(self) -> bool:
        return bool(self.versions or self.judged or self.notes or self.promises)

    @property
    def is_anywhere(self) -> bool:
        return bool(self.can_be_emptied or self.parts or self.stands_for_good)


@transaction.atomic
def look_for_secret(document: Document, *, secret: str, by: User) -> Found:
    """`find_secret`, written down in the history of `document`.

    The answer tells an administrator whether a text stands in a draft that they may not read, so
    its readers see who asked. Raises `PermissionDenied` if `by` is no administrator.
    """
    require_administrator(User.objects.get(pk=by.pk))
    record(
        Action.SEARCHED,
        by=by,
        subject="document",
        key=document.reference,
        document_id=document.pk,
    )
    return find_secret(document, secret)


def find_secret(document: Document, secret: str) -> Found:
    """Where exactly this text, in the same case, stands in `document`."""
    holding = [each.pk for each in document.snapshots.all() if _in_bytes(each.content, secret)]
    versions = document.publications.filter(snapshot__in=holding).order_by("version")
    published = dict(versions.values_list("version", "snapshot"))
    told = (
        version
        for version, envelope in document.publications.values_list("version", "envelope")
        if _stands_in([envelope.get(name) for name in TOLD_IN_VERSIONS], secret)
    )
    return Found(
        events=tuple(_events(document, secret)),
        parts=tuple(dict.fromkeys(_parts(document, secret))),
        versions=tuple(sorted({*published, *told})),
        judged=len(set(holding) - set(published.values())),
        notes=_notes(document, secret),
        promises=Promise.objects.filter(document=document, title__contains=secret).count(),
        said=sum(each.count_holding(document, secret) for each in SPOKEN),
    )


def _notes(document: Document, secret: str) -> int:
    """How many words of reviewers hold it: they stand as they were given."""
    said = Q(note__contains=secret) | Q(dissent__contains=secret)
    excused = Reviewer.objects.filter(round__document=document, excused_reason__contains=secret)
    return document.sign_offs.filter(said).count() + excused.count()


@transaction.atomic
def remove_secret(document: Document, *, secret: str, reason: str, by: User) -> int:
    """Empty every save of `document` that holds `secret` and all that was said about it with it,
    and remove its printed PDFs, the answers to findings that hold it, what was laid out from it,
    why an action item was decided and what it said, and what notices quote; return how much was
    emptied.

    The COE is taken alone, so no save that is under way escapes. Raises `PermissionDenied` if `by`
    is no administrator, `StaleAnswer` if nothing that can be emptied holds it any more.
    """
    require_administrator(User.objects.get(pk=by.pk))
    fresh = lock_even_discarded(document)
    events = list(_events(fresh, secret))
    said: int = sum(each.empty_holding(fresh, secret) for each in SPOKEN)
    if not events and not said:
        raise StaleAnswer("No save of this COE holds this text any more. Nothing was emptied.")
    if events:
        redact_content(events, document_id=fresh.pk, key=fresh.reference, reason=reason, by=by)
    if said:
        _record_emptied(fresh, said, reason=reason, by=by)
    fresh.waivers.filter(Q(sentence__contains=secret) | Q(reason__contains=secret)).delete()
    _remove_from_sign_offs(fresh, secret)
    fresh.retractions.filter(reason__contains=secret).update(reason="")
    _remove_from_decisions(fresh, secret)
    told = fresh.notices.filter(Q(text__contains=secret) | Q(title__contains=secret))
    told.update(text="", title="")
    RenderedPdf.objects.filter(reference=fresh.reference).delete()
    fresh.sections.filter(composed__contains=secret).update(composed="")
    return len(events) + said


def _record_emptied(document: Document, said: int, *, reason: str, by: User) -> None:
    record(
        Action.REDACTED,
        by=by,
        subject="document",
        key=document.reference,
        document_id=document.pk,
        after={"reason": reason, "events": [], "said": said},
    )


def _remove_from_sign_offs(document: Document, secret: str) -> None:
    """Publishing copies the reasons from there, and a version keeps them for good."""
    for sign_off in document.sign_offs.select_for_update(no_key=True):
        kept = [each for each in sign_off.waivers if not _stands_in(each, secret)]
        if kept != sign_off.waivers:
            SignOff.objects.filter(pk=sign_off.pk).update(waivers=kept)


def _remove_from_decisions(document: Document, secret: str) -> None:
    """What was decided stands: of what proposal, its digest says."""
    for decision in document.item_decisions.select_for_update(no_key=True):
        held = {
            name: empty
            for name, empty in (("reason", ""), ("proposal", dict[str, Any]()))
            if _stands_in(getattr(decision, name), secret)
        }
        if held:
            ItemDecision.objects.filter(pk=decision.pk).update(**held)


def _events(document: Document, secret: str) -> Iterator[int]:
    """The database looks for the text as JSON writes it; whether it stands in a value, and not in
    what JSON puts around it, is seen here."""
    texts = HistoryText.objects.filter(event__document=document, content__isnull=False)
    written = texts.annotate(said=Cast("content", TextField())).filter(said__contains=_json(secret))
    for text in written.order_by("pk").iterator(chunk_size=200):
        if _stands_in(text.content, secret):
            yield text.pk


def _parts(document: Document, secret: str) -> Iterator[str]:
    plain = to_plain(build_snapshot(document))
    for section in plain.pop("sections"):
        if _stands_in(section, secret):
            yield str(SectionSlug(section["slug"]).label)
    for name, value in plain.items():
        if _stands_in(value, secret):
            yield PARTS.get(name, "Facts")


def _in_bytes(content: bytes | memoryview, secret: str) -> bool:
    held = bytes(content)
    return _json(secret).encode() in held and _stands_in(json.loads(held), secret)


def _json(secret: str) -> str:
    return json.dumps(secret, ensure_ascii=False)[1:-1]


def _stands_in(value: Any, secret: str) -> bool:
    if isinstance(value, dict):
        return any(_stands_in(each, secret) for each in value.values())
    if isinstance(value, list):
        return any(_stands_in(each, secret) for each in value)
    return isinstance(value, str) and secret in value
