"""What happened: the incident, its milestones, the service it hit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from coe.accounts.models import BY_NAME, Team, User
from coe.text.instants import Instant, Precision


class Severity(models.IntegerChoices):
    """How bad it was, 1 the worst."""

    ONE = 1, "Sev 1: customers cannot use the service"
    TWO = 2, "Sev 2: an important function is broken for many"
    THREE = 3, "Sev 3: some customers notice"
    FOUR = 4, "Sev 4: near-miss, nobody outside noticed"


class Category(models.TextChoices):
    """What kind of incident it was. Guides name them too: `coe.policies.scope.CATEGORIES`."""

    OUTAGE = "outage", "Outage"
    SECURITY = "security", "Security"
    DATA_LOSS = "data_loss", "Data loss"
    NEAR_MISS = "near_miss", "Near-miss"


def is_near_miss(severity: int | None, category: str) -> bool:
    """Whether nobody outside was hit, by its severity or by its kind: it has no impact to tell of,
    but a risk."""
    return severity == Severity.FOUR or category == Category.NEAR_MISS


class Service(models.Model):
    """A thing that is run for customers, and the team that runs it."""

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, related_name="services")

    class Meta:
        ordering = (BY_NAME, "pk")
        constraints = (models.UniqueConstraint(Lower("name"), name="service_name_unique"),)

    def __str__(self) -> str:
        return self.name


class IncidentQuerySet(models.QuerySet["Incident"]):
    def without_coe(self) -> IncidentQuerySet:
        """Those that were registered and have no COE, or a draft that its owner discarded.

        What was restricted before it was discarded stays so.
        """
        discarded = Q(document__discarded_at__isnull=False, document__is_restricted=False)
        return self.filter(Q(document__isnull=True) | discarded, uid__isnull=False)

    def visible_to(self, user: User) -> IncidentQuerySet:
        """Those that `user` may see while they have no COE; with one they are seen as it is.

        Whoever registered one sees it, and so do its team, the managers above and the leaders: it
        is a line that says what happened, and no draft.
        """
        if user.is_leader:
            return self
        own_team = Q(team=user.team_id) if user.team_id else Q(pk__in=())
        governed = Q(team__in=Team.objects.governed_by(user))
        return self.filter(Q(opened_by=user) | own_team | governed)

    def to_write(self) -> IncidentQuerySet:
        """Those that nobody said need no COE."""
        return self.filter(set_aside_at__isnull=True)


class Incident(models.Model):
    """What went wrong, how bad it was and whose it is. It may exist without a document.

    `uid` is made by the client that registers an incident before it has a COE; it is null where it
    was opened with its COE. `set_aside_*` say who decided that it needs none, when and why.
    """

    uid: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True, unique=True)
    title = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    category = models.CharField(max_length=9, choices=Category, default=Category.OUTAGE)
    team = models.ForeignKey(Team, models.PROTECT, related_name="incidents")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_aside_reason = models.TextField(blank=True, default="")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by=None, set_aside_reason="")
                | (
                    Q(uid__isnull=False, set_aside_at__isnull=False, set_aside_by__isnull=False)
                    & ~Q(set_aside_reason="")
                ),
                name="incident_set_aside_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4), name="incident_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="incident_category_known"
            ),
        )

    def __str__(self) -> str:
        return self.title


class InstantFields(models.Model):
    """An instant as columns: UTC, how exact it is, and the end of a span if it is one."""

    at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(
        max_length=6,
        choices=[(member.value, member.name.capitalize()) for member in Precision],
        default=Precision.MINUTE.value,
    )
    end_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def instant(self) -> Instant | None:
        if self.at is None:
            return None
        return Instant(self.at, Precision(self.precision), self.end_at)


def instant_values(instant: Instant | None) -> dict[str, datetime | str | None]:
    """The columns of `InstantFields` that hold `instant`."""
    if instant is None:
        return {"at": None, "precision": Precision.MINUTE.value, "end_at": None}
    return {"at": instant.at, "precision": instant.precision.value, "end_at": instant.end}


class Milestone(InstantFields):
    """One of the moments that durations are counted between.

    A milestone is recorded, not known yet, or not applicable; only a recorded one has an instant.
    """

    class Kind(models.TextChoices):
        IMPACT_STARTED = "impact_started", "Impact started"
        DETECTED = "detected", "Detected"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        DIAGNOSED = "diagnosed", "Diagnosed"
        MITIGATED = "mitigated", "Mitigated"
        RESOLVED = "resolved", "Resolved"

    class State(models.TextChoices):
        PENDING = "pending", "Not known yet"
        RECORDED = "recorded", "Recorded"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "kind"), name="milestone_once"),
            models.CheckConstraint(
                condition=Q(state="recorded", at__isnull=False)
                | (~Q(state="recorded") & Q(at__isnull=True)),
                name="milestone_recorded_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(end_at__isnull=True) | Q(at__isnull=False, end_at__gt=F("at")),
                name="milestone_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"
