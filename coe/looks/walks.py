"""Two moments of a COE compared for one person."""

from dataclasses import dataclass

from coe.accounts.models import User
from coe.chronicle.redactions import Redaction, redactions_of
from coe.chronicle.replay import snapshot_at
from coe.documents.models import Document
from coe.looks.parts import Changes, Progress, changes_between, progress_between
from coe.looks.queries import ticks_of
from coe.snapshots.build import build_snapshot
from coe.snapshots.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments of a history, the earlier first: events, or now where `until` is None."""

    since: int
    until: int | None = None

    @classmethod
    def between(cls, one: int | None, other: int | None) -> "Span | None":
        """These two, whichever was named first; None where both are now."""
        if one is None:
            one, other = other, one
        if one is None:
            return None
        return cls(one) if other is None else cls(min(one, other), max(one, other))


def walk(document: Document, span: Span | None, user: User) -> Changes:
    """What was changed between two moments, each part with whether `user` ticked it off."""
    return changes_between(*_snapshots(document, span), ticks_of(document, user))


def progress_of(document: Document, span: Span | None, user: User) -> Progress:
    """How much of `walk` there is and was ticked off, without telling it."""
    return progress_between(*_snapshots(document, span), ticks_of(document, user))


def redacted_until(document: Document, span: Span | None) -> list[Redaction]:
    """What was removed from the history up to the end of the span, each removal once."""
    if span is None:
        return []
    redactions = redactions_of(document)
    end = span.until
    found = [each for event, each in redactions.items() if end is None or event <= end]
    return list(dict.fromkeys(found))


def _snapshots(document: Document, span: Span | None) -> tuple[Snapshot, Snapshot]:
    """What both moments say."""
    if span is None:
        now = build_snapshot(document)
        return now, now
    before = snapshot_at(document, span.since)
    if span.until is None:
        return before, build_snapshot(document)
    is_same = span.since == span.until
    return before, before if is_same else snapshot_at(document, span.until)
