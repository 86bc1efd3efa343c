"""Answering a finding without changing the text: dismissing a hint, giving a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now

from coe.accounts.models import User
from coe.documents.locks import lock_for_content
from coe.documents.models import Document
from coe.documents.queries import READ_ONLY, is_author
from coe.guidance.findings import Finding
from coe.guidance.models import Waiver
from coe.guidance.reading import check_working_copy
from coe.history.models import Action
from coe.history.services import changed, record
from coe.policies.rules import Level
from coe.snapshots.build import build_snapshot
from coe.web.errors import StaleAnswer

SUBJECT = "finding"
"""What the history calls a finding; its key there is `Finding.key`."""
NEEDS_REASON = "This needs a reason: correct it, or say why it may stand."
NEVER = "This cannot be waived. It has to be corrected before somebody reviews it."
NO_REASON = "Say why it may stand, so that the reviewer can agree."


class FindingGone(StaleAnswer):
    """What was found is no longer there, or in other words."""

    def __init__(self) -> None:
        super().__init__(
            "This was not found any more: the text has changed since. Look at what is found now."
        )


class AnsweredMeanwhile(StaleAnswer):
    """Another reason stands there than the one that was on the screen: `there`, None if it was
    taken back."""

    def __init__(self, there: Waiver | None) -> None:
        self.there = there
        super().__init__(
            f"{there.by.name} gave another reason since you opened this. Read it, then decide."
            if there
            else "The reason was taken back since you opened this. Look, then decide."
        )


@transaction.atomic
def dismiss_finding(document: Document, *, key: str, by: User) -> Waiver:
    """Put the hint with `key` aside; again, or where it was waived, changes nothing.

    Raises `PermissionDenied` to everybody but the authors, `ReadOnly` if the COE is approved,
    `FindingGone` where no such finding stands, `ValidationError` if it is more than a hint.
    """
    _hold(document, by)
    finding = _standing(document, key)
    if finding.level == Level.BLOCKS:
        raise ValidationError(NEVER)
    if finding.level != Level.HINT:
        raise ValidationError(NEEDS_REASON)
    there = document.waivers.filter(key=key).first()
    return there or _answer(document, finding, Waiver.Kind.DISMISSED, "", by=by)


@transaction.atomic
def waive_finding(document: Document, *, key: str, reason: str, over: str = "", by: User) -> Waiver:
    """Let the finding with `key` stand for `reason`, over the reason whose digest is `over`.

    Empty is for where none was given yet. Writing the reason that is there changes nothing. Raises
    as `dismiss_finding`, `AnsweredMeanwhile` where another reason is there by now, and
    `ValidationError` of `reason` where there is none; what blocks is never waived.
    """
    _hold(document, by)
    finding = _standing(document, key)
    if finding.level == Level.BLOCKS:
        raise ValidationError(NEVER)
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    return _answer(document, finding, Waiver.Kind.WAIVED, reason.strip(), over=over, by=by)


@transaction.atomic
def take_back_waiver(document: Document, *, key: str, over: str = "", by: User) -> None:
    """Ask for what was found once more; taking back what is not there changes nothing.

    `over` is the digest of the reason that was read, empty where a hint was dismissed. Raises
    `PermissionDenied` to everybody but the authors, `ReadOnly` if the COE is approved,
    `AnsweredMeanwhile` where another reason is there by now.
    """
    _hold(document, by)
    waiver = Waiver.objects.select_for_update().filter(document=document, key=key).first()
    if waiver:
        if waiver.digest != over:
            raise AnsweredMeanwhile(waiver)
        _record(Action.REMOVED, waiver, by=by, before=told(waiver))
        waiver.delete()


def told(waiver: Waiver) -> dict[str, Any]:
    """What the history keeps of it."""
    names = ("check_id", "panel", "row", "field", "sentence", "kind", "reason")
    return {name: getattr(waiver, name) for name in names}


def _hold(document: Document, by: User) -> None:
    """Keep the state of `document`, which `by` has to be an author of."""
    lock_for_content(document)
    fresh = Document.objects.only("owner").get(pk=document.pk)
    if not is_author(by, fresh):
        raise PermissionDenied(READ_ONLY)


def _standing(document: Document, key: str) -> Finding:
    """The finding with `key`, as the working copy is now."""
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    found = check_working_copy(fresh, build_snapshot(fresh), now())
    finding = next((each for each in found if each.key == key), None)
    if finding is None:
        raise FindingGone
    return finding


def _answer(
    document: Document,
    finding: Finding,
    kind: Waiver.Kind,
    reason: str,
    *,
    over: str = "",
    by: User,
) -> Waiver:
    """Write down what is answered to `finding`, once also where two answer at once."""
    place = finding.place
    found = {
        "check_id": finding.check,
        "panel": place.panel,
        "row": place.row,
        "field": place.field,
        "sentence": finding.sentence,
    }
    waiver, is_new = Waiver.objects.select_for_update().get_or_create(
        document=document, key=finding.key, defaults={**found, **_as_answered(kind, reason, by)}
    )
    if is_new:
        if over:
            raise AnsweredMeanwhile(None)
        _record(Action.ADDED, waiver, by=by, after=told(waiver))
        return waiver
    before, after = changed(told(waiver), {"kind": kind.value, "reason": reason})
    if after:
        if waiver.digest != over:
            raise AnsweredMeanwhile(waiver)
        for name, value in {**_as_answered(kind, reason, by), "created_at": now()}.items():
            setattr(waiver, name, value)
        waiver.save()
        _record(Action.CHANGED, waiver, by=by, before=before, after=after)
    return waiver


def _as_answered(kind: Waiver.Kind, reason: str, by: User) -> dict[str, Any]:
    return {"kind": kind.value, "reason": reason, "by": by}


def _record(
    action: Action,
    waiver: Waiver,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        action,
        by=by,
        subject=SUBJECT,
        key=waiver.key,
        document_id=waiver.document_id,
        before=before,
        after=after,
    )
