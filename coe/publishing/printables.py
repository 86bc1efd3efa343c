"""A COE ready to be read: the publication that readers get, or the working copy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from coe.accounts.models import User
from coe.actions.models import Promise, PromiseEvent
from coe.documents.models import Document, State
from coe.documents.queries import readable_document, readable_working_copy
from coe.guidance.models import Waiver
from coe.guidance.reading import Examination, examine_snapshot, reasons_in
from coe.publishing.models import Publication
from coe.reviews.decisions import standing_decisions
from coe.reviews.models import SignOff
from coe.reviews.rounds import standing_in_review
from coe.reviews.workflow import judged_now, signed_reasons, standing_sign_offs
from coe.snapshots.printable import (
    DecisionValue,
    Envelope,
    Printable,
    PromiseValue,
    Signature,
    WaiverValue,
)
from coe.snapshots.serialise import from_bytes, from_plain
from coe.snapshots.services import Judged
from coe.snapshots.snapshot import Person, Snapshot


def printable_for(user: User, reference: str) -> Printable:
    """What `user` reads under a reference: the current publication, else the working copy.

    Raises `Http404` where there is nothing that they may read.
    """
    return printable(readable_document(user, reference))


def printable_draft_for(user: User, reference: str) -> Printable:
    """The working copy under a reference; raises `Http404` to those who may not read it."""
    return printable_working_copy(readable_working_copy(user, reference))


def printable(document: Document) -> Printable:
    """The current publication of `document`, else its working copy."""
    return current_printable(document) or printable_working_copy(document)


def current_printable(document: Document) -> Printable | None:
    """The current publication of `document`; None where nothing is published."""
    current = document.publications.filter(state=Publication.State.CURRENT)
    publication = current.select_related("snapshot").first()
    return printable_publication(document, publication) if publication else None


def printable_publication(document: Document, publication: Publication) -> Printable:
    """One version, exactly as it was published.

    The current one has its promises as they stand now; one that was superseded makes none.
    """
    as_of = datetime.now(UTC)
    is_current = publication.state == Publication.State.CURRENT
    envelope = from_plain(Envelope, publication.envelope)
    return Printable(
        snapshot=from_bytes(bytes(publication.snapshot.content)),
        digest=publication.snapshot.digest,
        envelope=replace(
            envelope, version=publication.version, published_at=publication.published_at
        ),
        promises=_promises(document, as_of) if is_current else (),
        as_of=as_of,
    )


class WorkingCopy:
    """The working copy of `document` as it is now.

    The checks look at it once, whoever asks what they find, and not where nobody does.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._as_of = datetime.now(UTC)

    @cached_property
    def printable(self) -> Printable:
        """As it is read; it makes no promises yet.

        While it is approved that is the text that was signed, whatever people are called by now.
        """
        return Printable(
            snapshot=self.judged.snapshot,
            digest=self.judged.digest,
            envelope=_envelope(self.document, self.judged, lambda: self.examination),
            promises=(),
            as_of=self._as_of,
        )

    @cached_property
    def examination(self) -> Examination:
        """What the checks find in it, and what was answered to that."""
        return examine_snapshot(self.document, self.judged.snapshot, self._as_of)

    @cached_property
    def judged(self) -> Judged:
        """The text that is read, with its bytes and their digest."""
        return judged_now(self.document)


def printable_working_copy(document: Document) -> Printable:
    """The working copy as it is read now (`WorkingCopy.printable`)."""
    return WorkingCopy(document).printable


def working_envelope(document: Document, judged: Judged) -> Envelope:
    """What stands around the working copy now, which is what was `judged`; a publication keeps it
    as it was. What stands for a reason is that of the day of the approval, where there is one."""
    return _envelope(document, judged, lambda: examine_snapshot(document, judged.snapshot))


def _envelope(document: Document, judged: Judged, examined: Callable[[], Examination]) -> Envelope:
    standing = _standing(document, judged)
    approval = next((each for each in standing if each.is_approval), None)
    return Envelope(
        reference=document.reference,
        state=document.state,
        version=None,
        published_at=None,
        signatures=tuple(_signature(each) for each in standing),
        waivers=signed_reasons(approval) if approval else _waivers(document, examined),
        decisions=_decisions(document, judged.snapshot),
    )


def _standing(document: Document, judged: Judged) -> tuple[SignOff, ...]:
    """Who signed exactly this text, in review or by approving it."""
    signed = {
        State.IN_REVIEW: standing_in_review(document, judged.digest),
        State.APPROVED: standing_sign_offs(document),
    }.get(State(document.state))
    return () if signed is None else tuple(signed.select_related("snapshot"))


def _signature(sign_off: SignOff) -> Signature:
    return Signature(
        person=Person(sign_off.name, sign_off.role),
        signed_at=sign_off.signed_at,
        digest=sign_off.snapshot.digest,
        note=sign_off.note,
        dissent=sign_off.dissent,
        is_approval=sign_off.is_approval,
    )


def _decisions(document: Document, snapshot: Snapshot) -> tuple[DecisionValue, ...]:
    """What was decided on the action items as they are: who is committed stands in the words that
    were signed. A draft shows none, since what was decided in an earlier round is asked anew."""
    if document.state not in (State.IN_REVIEW, State.APPROVED) or not snapshot.actions:
        return ()
    owners = {each.uid: each.owner.name for each in snapshot.actions if each.owner}
    return tuple(
        DecisionValue(
            uid=uid,
            verdict=each.verdict,
            reason=each.reason,
            name=each.name,
            role=each.role,
            owner="" if each.is_rejected else owners.get(uid, ""),
            due_on=each.due_on,
            at=each.decided_at,
        )
        for uid, each in standing_decisions(document, snapshot).items()
    )


def _waivers(document: Document, examined: Callable[[], Examination]) -> tuple[WaiverValue, ...]:
    """What stands for a reason in a text that is not approved."""
    if not document.waivers.filter(kind=Waiver.Kind.WAIVED).exists():
        return ()
    return reasons_in(examined())


def _promises(document: Document, as_of: datetime) -> tuple[PromiseValue, ...]:
    """What the COE promises, however far that has come; late is after the end of the due day
    where the team works."""
    stored = Promise.objects.standing().filter(document=document)
    stored = stored.select_related("owner", "team").annotate(
        due_before=_moved_from(), evidence=_shown("evidence"), evidence_file=_shown("file__name")
    )
    return tuple(
        PromiseValue(
            uid=promise.uid,
            title=promise.title,
            owner=promise.owner.name if promise.owner else "",
            due_on=promise.due_on,
            is_late=promise.is_late_at(as_of),
            state=promise.state,
            first_due_on=promise.first_due_on,
            moves=promise.moves,
            has_failed=promise.did_not_hold_at is not None,
            due_before=tuple(promise.due_before),  # type: ignore[attr-defined]
            done_on=promise.done_on,
            verify_from=promise.verify_from,
            evidence=promise.evidence if promise.done_on else "",  # type: ignore[attr-defined]
            evidence_file=promise.evidence_file if promise.done_on else "",  # type: ignore[attr-defined]
        )
        for promise in stored.order_by("due_on", "priority", "pk")
    )


def _moved_from() -> ArraySubquery:
    """Each date that a promise was moved away from, in order."""
    moved = PromiseEvent.objects.filter(
        promise=OuterRef("pk"), kind=PromiseEvent.Kind.MOVED, due_before__isnull=False
    )
    return ArraySubquery(moved.order_by("pk").values("due_before"))


def _shown(field: str) -> Coalesce:
    """What was given as evidence when it was last done."""
    done = PromiseEvent.objects.filter(promise=OuterRef("pk"), kind=PromiseEvent.Kind.DONE)
    last = Subquery(done.order_by("-pk").values(field)[:1], output_field=CharField())
    return Coalesce(last, Value(""))
