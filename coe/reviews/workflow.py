"""The life of the working copy: one table of transitions, one way to make them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from coe.accounts.models import User
from coe.documents.locks import lock_whole
from coe.documents.models import Document, State
from coe.documents.queries import is_author
from coe.guidance.findings import Finding
from coe.guidance.reading import answers_digest, examine_snapshot, reasons_in
from coe.history.models import Action
from coe.history.services import record
from coe.reviews.hindrances import Hindrances, hindrances
from coe.reviews.models import Round, SignOff
from coe.reviews.rounds import (
    SIGNED,
    close_round,
    open_round,
    open_round_of,
    standing_in_review,
)
from coe.reviews.rules import approvers_of, is_approver, is_owner
from coe.reviews.told import tell_of_transition
from coe.snapshots.models import StoredSnapshot
from coe.snapshots.printable import WaiverValue
from coe.snapshots.serialise import from_plain, to_plain
from coe.snapshots.services import Judged, read_snapshot, store_snapshot, take_snapshot
from coe.web.errors import StaleAnswer


@dataclass(frozen=True, slots=True)
class Transition:
    """Who may make it, and what history calls it. `verdict` makes it a judgement of the text;
    `closes` is what the round comes to by it."""

    rule: Callable[[User, Document], bool]
    action: Action
    verdict: SignOff.Verdict | None = None
    closes: Round.Outcome | None = None


TRANSITIONS: dict[tuple[State, State], Transition] = {
    (State.DRAFT, State.IN_REVIEW): Transition(is_author, Action.SUBMITTED),
    (State.CHANGES_REQUESTED, State.IN_REVIEW): Transition(is_author, Action.SUBMITTED),
    (State.IN_REVIEW, State.DRAFT): Transition(
        is_owner, Action.WITHDRAWN, closes=Round.Outcome.WITHDRAWN
    ),
    (State.IN_REVIEW, State.CHANGES_REQUESTED): Transition(
        is_approver,
        Action.CHANGES_REQUESTED,
        SignOff.Verdict.CHANGES_REQUESTED,
        Round.Outcome.CHANGES_REQUESTED,
    ),
    (State.IN_REVIEW, State.APPROVED): Transition(
        is_approver, Action.APPROVED, SignOff.Verdict.APPROVED, Round.Outcome.APPROVED
    ),
    (State.APPROVED, State.DRAFT): Transition(is_owner, Action.REOPENED),
}


class NobodyApproves(StaleAnswer):
    """The tree of teams has no manager and no leader who could approve this COE."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody can approve this yet: no team above it has a manager, and there is no leader. "
            "An administrator can name one; your text is safe meanwhile."
        )


class TextChanged(StaleAnswer):
    """The text is no longer the one that was on the screen; it was not judged."""

    def __init__(self) -> None:
        super().__init__("The text changed while you were reading it. Read it again, then decide.")


class AnswersChanged(StaleAnswer):
    """What the authors answered to findings is not what was on the screen; nothing was judged."""

    def __init__(self) -> None:
        super().__init__(
            "What the authors answered to the findings changed while you were reading. "
            "Read it again, then decide."
        )


class NotReady(ValidationError):
    """Something has to be corrected, or to get a reason, before anybody reviews it; or to be
    corrected before it is approved, where the text or the day has changed since."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__([each.sentence for each in findings])
        self.findings = findings


class Withheld(NotReady):
    """The approval waits for something else: `hindrances` says for what."""

    def __init__(self, hindrances: Hindrances) -> None:
        super().__init__(hindrances.findings)
        self.error_list = ValidationError(hindrances.sentences).error_list
        self.hindrances = hindrances


def possible_transitions(user: User, document: Document) -> set[State]:
    """The states that `user` may bring the working copy to now."""
    return {
        end
        for (start, end), transition in TRANSITIONS.items()
        if start == document.state and transition.rule(user, document)
    }


def allowed_transition(
    document: Document, *, to: State, by: User, start: State | None = None
) -> Transition:
    """The transition to `to`, if `by` may make it now.

    `start` is the state in which the button was drawn, where one button means one start. Raises
    `StaleAnswer` if the state has moved on and `PermissionDenied` if `by` may not.
    """
    state = State(document.state)
    transition = TRANSITIONS.get((state, to))
    if transition is None or start not in (None, state):
        raise StaleAnswer(f"This COE is now “{state.label}”, so that is no longer possible.")
    if not transition.rule(by, document):
        raise PermissionDenied("Somebody else decides this.")
    return transition


@transaction.atomic
def make_transition(
    document: Document,
    *,
    to: State,
    by: User,
    start: State | None = None,
    digest: str = "",
    answers: str = "",
    note: str = "",
    dissent: str = "",
) -> Document:
    """Bring the working copy to another state and return it as it then is.

    The row is locked and everything is checked again, so a stale button changes nothing.
    A verdict needs the `digest` of the text that was read, and that of the `answers` to findings
    (`answers_digest`) beside it. Raises what `allowed_transition` raises, `TextChanged` and
    `AnswersChanged` if either is another, `NotReady` if findings are in the way of submitting,
    `Withheld` if something is in that of approving, and `NobodyApproves` if nobody could approve
    it. A `dissent` is why somebody approves it without agreeing.
    """
    fresh = lock_whole(document)
    was = State(fresh.state)
    transition = allowed_transition(fresh, to=to, by=by, start=start)
    judged = take_snapshot(fresh)
    if transition.verdict:
        refuse_unread(fresh, judged, digest=digest, answers=answers)
        _judge(fresh, judged, transition.verdict, note=note, dissent=dissent, by=by)
    if transition.closes:
        close_round(fresh, transition.closes)
    if to == State.IN_REVIEW:
        _refuse_unready(fresh, judged)
        _begin(fresh, judged, by=by)
    if was == State.APPROVED:
        standing_sign_offs(fresh).update(dropped_at=datetime.now(UTC))
    Document.objects.filter(pk=fresh.pk).update(state=to)
    fresh.state = to
    said = _judged(transition, answers) | ({"dissent": dissent} if dissent else {})
    record(
        transition.action,
        by=by,
        subject="document",
        key=fresh.reference,
        document_id=fresh.pk,
        before={"state": was},
        after={"state": to, "digest": judged.digest, "note": note, **said},
    )
    tell_of_transition(fresh, was=was, note=note, by=by)
    return fresh


def signed_snapshot(document: Document) -> StoredSnapshot | None:
    """The text that is approved, as the bytes that were signed; None where none is."""
    latest = standing_sign_offs(document).select_related("snapshot").last()
    return latest.snapshot if latest else None


def judged_now(document: Document) -> Judged:
    """The text that is read in review: while it is approved the one that was signed, whatever
    people are called by now, else the working copy."""
    signed = signed_snapshot(document) if document.state == State.APPROVED else None
    return read_snapshot(signed) if signed else take_snapshot(document)


def signed_reasons(sign_off: SignOff) -> tuple[WaiverValue, ...]:
    """What stood for a reason when this approval was given, whatever is found or answered now."""
    return tuple(from_plain(WaiverValue, each) for each in sign_off.waivers)


def standing_sign_offs(document: Document) -> QuerySet[SignOff]:
    """Everybody who signed the text that is approved; whose signature approved it comes last.

    Empty where it is not approved: what was signed in review is `standing_in_review`.
    """
    signed = document.sign_offs.filter(verdict__in=SIGNED, dropped_at=None)
    return signed.filter(document__state=State.APPROVED).order_by("pk")


def latest_request_for_changes(document: Document) -> SignOff | None:
    """The last word of a reviewer who asked for changes, while they are being made."""
    if document.state != State.CHANGES_REQUESTED:
        return None
    return document.sign_offs.filter(verdict=SignOff.Verdict.CHANGES_REQUESTED).last()


def refuse_unread(document: Document, judged: Judged, *, digest: str, answers: str) -> None:
    """Raise `TextChanged` or `AnswersChanged` where what was on the screen is no longer so."""
    if judged.digest != digest:
        raise TextChanged
    if answers_digest(document) != answers:
        raise AnswersChanged


def sign(
    document: Document,
    judged: Judged,
    verdict: SignOff.Verdict,
    *,
    reasons: tuple[WaiverValue, ...] = (),
    note: str = "",
    dissent: str = "",
    by: User,
) -> SignOff:
    """Write down the judgement of `by` on `judged`, in the open round of the locked `document`."""
    return SignOff.objects.create(
        document=document,
        round=open_round_of(document),
        snapshot=store_snapshot(document, judged),
        user=by,
        name=by.name,
        role=by.role(),
        verdict=verdict,
        note=note,
        dissent=dissent,
        waivers=to_plain(reasons),
    )


def _judged(transition: Transition, answers: str) -> dict[str, str]:
    return {"answers": answers} if transition.verdict else {}


def _judge(
    document: Document,
    judged: Judged,
    verdict: SignOff.Verdict,
    *,
    note: str,
    dissent: str,
    by: User,
) -> None:
    """The word of who approves. Signatures under another text than the approved one fall."""
    if verdict != SignOff.Verdict.APPROVED:
        sign(document, judged, verdict, note=note, by=by)
        return
    examination = examine_snapshot(document, judged.snapshot)
    if in_the_way := hindrances(document, judged, examination):
        raise Withheld(in_the_way)
    mine_or_stale = ~Q(snapshot__digest=judged.digest) | Q(user=by)
    standing_in_review(document).filter(mine_or_stale).update(dropped_at=datetime.now(UTC))
    reasons = reasons_in(examination)
    sign(document, judged, verdict, reasons=reasons, note=note, dissent=dissent, by=by)


def _refuse_unready(document: Document, judged: Judged) -> None:
    if in_the_way := examine_snapshot(document, judged.snapshot).in_the_way:
        raise NotReady(in_the_way)


def _begin(document: Document, judged: Judged, *, by: User) -> None:
    """Open a round about the text that is submitted."""
    approvers = approvers_of(document)
    if not approvers:
        raise NobodyApproves
    open_round(document, store_snapshot(document, judged), approvers=approvers, by=by)
