"""Corrections: the proposal that is written in a COE, and the promise it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from coe.accounts.models import Team, User
from coe.documents.models import Document, DocumentRow
from coe.incidents.models import Service, Severity
from coe.whys.models import Cause


class Priority(models.IntegerChoices):
    P0 = 0, "P0"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class ActionItem(DocumentRow):
    """A correction as it is proposed: what will be done, by whom, by when, against which cause.

    `tracker` is the key of a ticket ("PRC-881") or an address that starts with http.
    """

    class Kind(models.TextChoices):
        PREVENT = "prevent", "Prevent"
        DETECT = "detect", "Detect faster"
        MITIGATE = "mitigate", "Mitigate faster"
        LIMIT = "limit", "Limit the blast radius"
        PROCESS = "process", "Process"

    kind_of_row: ClassVar[str] = "action"
    most_in_light: ClassVar[int | None] = 3
    content_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "done_when",
        "owner_id",
        "due_on",
        "priority",
        "kind",
        "cause_id",
        "tracker",
    )

    title = models.CharField(max_length=200)
    done_when = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="proposed_actions"
    )
    due_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.P2)
    kind = models.CharField(max_length=10, choices=Kind, blank=True, default="")
    cause = models.ForeignKey(Cause, models.SET_NULL, null=True, blank=True, related_name="actions")
    tracker = models.CharField(max_length=1000, blank=True, default="")

    class Meta(DocumentRow.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("document", "uid"), name="action_uid_once"),)

    def __str__(self) -> str:
        return self.title


class PromiseState(models.TextChoices):
    """How far a promise has come. What leads from one to the other is in `coe.promises.states`."""

    ACCEPTED = "accepted", "Accepted"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    VERIFIED = "verified", "Verified"
    DID_NOT_HOLD = "did_not_hold", "Did not hold"
    WONT_DO = "wont_do", "Won’t do"


TO_BE_DONE = (PromiseState.ACCEPTED, PromiseState.IN_PROGRESS, PromiseState.DID_NOT_HOLD)
"""The states in which somebody has still to do it; there alone it can be late."""
SETTLED = (PromiseState.VERIFIED, PromiseState.WONT_DO)
"""The states in which nothing is waited for."""
FINISHED = (PromiseState.DONE, PromiseState.VERIFIED)

NEVER = date(9999, 12, 31)
DUE = Coalesce("due_on", Value(NEVER, output_field=models.DateField()))
WORST = Coalesce("severity", Value(9))
BY_CAUSE = Case(
    *(When(cause_kind=kind, then=Value(rank)) for rank, kind in enumerate(Cause.Kind.values)),
    default=Value(9),
    output_field=models.IntegerField(),
)
"""The order of due dates, of severities and of the kinds of causes: what has none comes last. Lists
by them have an index of this very form."""
STANDS = Q(dropped_at__isnull=True)
STILL_TO_BE_DONE = Q(dropped_at__isnull=True, state__in=TO_BE_DONE)


def _readable_to(user: User) -> models.QuerySet[Document]:
    return Document.objects.visible_to(user).filter(current_version__isnull=False)


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> PromiseQuerySet:
        """The promises of publications that `user` may read."""
        return self.filter(document__in=_readable_to(user))

    def walked_by(self, user: User) -> PromiseQuerySet:
        """`visible_to` for lists that are read a page at a time.

        It says the same. Which restricted COEs `user` may read is found out here, in one query;
        of all others each row is asked in turn. So a page costs the same however many COEs there
        are, and the database does not join all of them before it sorts.
        """
        few = _readable_to(user).filter(is_restricted=True)
        seen = Case(
            When(
                document__is_restricted=False,
                document__current_version__isnull=False,
                document__discarded_at__isnull=True,
                then=True,
            ),
            When(document__in=list(few.values_list("pk", flat=True)), then=True),
            default=False,
            output_field=models.BooleanField(),
        )
        return self.filter(seen)

    def late_at(self, moment: datetime, *, zones: Iterable[str]) -> PromiseQuerySet:
        """Those that are late at `moment`, as each says of itself (`Promise.is_late_at`).

        `zones` are those of all teams. Where it is the earliest day among them nothing more has
        to be asked; of what fell due since, the team is.
        """
        days = {zone: moment.astimezone(ZoneInfo(zone)).date() for zone in (*zones, "UTC")}
        first = min(days.values())
        is_late = Q(due_on__lt=first)
        for day in {*days.values()} - {first}:
            there = [zone for zone, its_day in days.items() if its_day == day]
            is_late |= Q(team__in=Team.objects.filter(zone__in=there), due_on__lt=day)
        return self.filter(is_late, due_on__lt=max(days.values()), state__in=TO_BE_DONE)

    def standing(self) -> PromiseQuerySet:
        """Those that the current publication still makes, however far they have come."""
        return self.filter(dropped_at__isnull=True)

    def open(self) -> PromiseQuerySet:
        """Those that the current publication makes and that are still to be done."""
        return self.standing().filter(state__in=TO_BE_DONE)

    def unsettled(self) -> PromiseQuerySet:
        """Those that somebody still waits for: to be done, or to be shown to hold."""
        return self.standing().exclude(state__in=SETTLED)

    def failed(self) -> PromiseQuerySet:
        """Those that did not hold, and were not shown to hold since."""
        return self.standing().filter(did_not_hold_at__isnull=False)

    def with_readers_fields(self) -> PromiseQuerySet:
        """With everything that a line about one shows, in the same query."""
        return self.select_related("owner", "team", "document__incident__team", "document__owner")


class Promise(models.Model):
    """An action item as it was published: what the organisation said it would do, and what became
    of it.

    It shares its UUID with the proposal, but not its text: the proposal may be edited in a
    correction while the promise stands. A version that no longer has the item drops the promise.

    What lists show and are filtered by stands beside it as the last version said it: the team,
    service and severity of its COE, and the kind of the cause that it answers (`cause_kind`).
    `tracker` is the key or the address of its ticket, `stated_tracker` what the version said.

    `first_due_on` is the first date that it had, and `moves` how often it was moved since.
    `stated_owner` and `stated_due_on` are what the last version said, so that the next one changes
    only what it says otherwise. While it is finished, `done_on` is when (where the team works),
    `done_by` who said so, and `verify_from` the first day on which somebody can say that it held.
    `did_not_hold_at` (UTC) is set until it was shown to hold again.
    `changed_at` (UTC) is kept by the database (migration 0033), whatever changes the row.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="promises")
    uid = models.UUIDField()
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="promises")
    due_on = models.DateField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority)
    kind = models.CharField(max_length=10, choices=ActionItem.Kind, blank=True, default="")
    cause_kind = models.CharField(max_length=12, choices=Cause.Kind, blank=True, default="")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    severity = models.PositiveSmallIntegerField(choices=Severity, null=True)
    tracker = models.CharField(max_length=1000, blank=True, default="")
    stated_tracker = models.CharField(max_length=1000, blank=True, default="")
    promised_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(
        max_length=12, choices=PromiseState, default=PromiseState.ACCEPTED.value
    )
    state_since = models.DateTimeField(db_default=Now())
    first_due_on = models.DateField(null=True, blank=True)
    moves = models.PositiveIntegerField(default=0)
    stated_due_on = models.DateField(null=True, blank=True)
    stated_owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verify_from = models.DateField(null=True, blank=True)
    did_not_hold_at = models.DateTimeField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = (
            *(
                models.Index(*columns, DUE, "priority", "id", name=name, condition=STANDS)
                for name, columns in (
                    ("promise_by_due", ()),
                    ("promise_by_state", ("state",)),
                    ("promise_by_owner", ("owner",)),
                    ("promise_by_team", ("team",)),
                    ("promise_by_service", ("service",)),
                    ("promise_by_cause_kind", ("cause_kind",)),
                    ("promise_in_order_of_causes", (BY_CAUSE,)),
                    ("promise_by_severity", (WORST,)),
                    ("promise_by_moves", (F("moves").desc(),)),
                )
            ),
            models.Index(
                DUE, "priority", "id", name="promise_open_by_due", condition=STILL_TO_BE_DONE
            ),
            models.Index("priority", DUE, "id", name="promise_by_priority", condition=STANDS),
            models.Index("state_since", "id", name="promise_by_rest", condition=STANDS),
        )
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="promise_once"),
            models.CheckConstraint(
                condition=Q(state__in=PromiseState.values), name="promise_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=FINISHED,
                    done_on__isnull=False,
                    done_by__isnull=False,
                    verify_from__isnull=False,
                )
                | (
                    ~Q(state__in=FINISHED)
                    & Q(done_on__isnull=True, done_by__isnull=True, verify_from__isnull=True)
                ),
                name="promise_is_finished_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(moves=0) | Q(first_due_on__isnull=False),
                name="promise_is_moved_from_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_to_be_done(self) -> bool:
        return self.state in TO_BE_DONE

    @property
    def zone(self) -> ZoneInfo:
        """Where its days end."""
        return ZoneInfo(self.team.zone)

    def is_late_at(self, moment: datetime) -> bool:
        """Whether the due day had ended at `moment` where the owning team works, and it was not
        done."""
        if self.due_on is None or not self.is_to_be_done:
            return False
        return self.due_on < moment.astimezone(self.zone).date()

    @property
    def is_late(self) -> bool:
        return self.is_late_at(timezone.now())

    @property
    def is_moved(self) -> bool:
        return self.due_on != self.first_due_on


class PromiseEvent(models.Model):
    """Something that happened to a promise. Rows are only ever added; the database refuses the
    rest, but for emptying what somebody typed (`note`, `evidence`) for a secret in it.

    By a person under the name and role that they had then. Of state, date and owner it has what
    was before and after, where it changed them or asked for that. `evidence` is an address.
    """

    class Kind(models.TextChoices):
        STARTED = "started", "Started"
        PUT_BACK = "put_back", "Put back"
        DONE = "done", "Done"
        NOT_DONE = "not_done", "Not done after all"
        VERIFIED = "verified", "Verified"
        DID_NOT_HOLD = "did_not_hold", "Did not hold"
        WONT_DO = "wont_do", "Won’t do"
        TAKEN_UP = "taken_up", "Taken up again"
        MOVED = "moved", "Due date moved"
        HANDED_OVER = "handed_over", "Handed over"
        ASKED_TO_MOVE = "asked_to_move", "Asked to move the due date"
        ASKED_WONT_DO = "asked_wont_do", "Asked not to do it"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Request taken back"
        DROPPED = "dropped", "Promised no more"
        PROMISED_AGAIN = "promised_again", "Promised again"

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=100, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    state_before = models.CharField(max_length=12, choices=PromiseState, blank=True, default="")
    state_after = models.CharField(max_length=12, choices=PromiseState, blank=True, default="")
    due_before = models.DateField(null=True, blank=True)
    due_after = models.DateField(null=True, blank=True)
    owner_before = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    owner_after = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True, default="")
    evidence = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} of {self.promise_id}"


class EvidenceFile(models.Model):
    """A small file that shows what was done. It stands like its event; `content` alone can be
    emptied, with its name, for a secret in it."""

    event = models.OneToOneField(
        PromiseEvent, models.PROTECT, primary_key=True, related_name="file"
    )
    name = models.CharField(max_length=100, blank=True)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class PromiseRequest(models.Model):
    """The wish of an owner that somebody else decides: a later date, or not to do it at all.

    It is open until it has an `outcome`. Only one of a kind is open at a time.
    """

    class Kind(models.TextChoices):
        MOVE = "move", "Move the due date"
        WONT_DO = "wont_do", "Not do it"

    class Outcome(models.TextChoices):
        GRANTED = "granted", "Granted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Taken back"
        LAPSED = "lapsed", "Overtaken"

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, choices=Kind)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    reason = models.TextField()
    wanted = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("promise", "kind"), condition=Q(outcome=""), name="request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="move", wanted__isnull=False)
                | Q(kind="wont_do", wanted__isnull=True),
                name="request_to_move_names_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="request_is_decided_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.promise_id}"
