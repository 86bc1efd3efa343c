"""The working copy of a COE, who takes part in it, and the texts of its sections."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from coe.accounts.models import Team, User
from coe.incidents.models import Incident
from coe.policies.models import Guide


class State(models.TextChoices):
    """The life of the working copy. What readers see lives a life of its own (publishing)."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"


class SectionSlug(models.TextChoices):
    """The sections that are one text each, in the order they are read."""

    SUMMARY = "summary", "Summary"
    IMPACT = "impact", "Impact"
    METRICS = "metrics", "Metrics"


class Form(models.TextChoices):
    """How much a COE asks for. A light one grows into a full one without losing anything.

    The light form is the “two-hour COE” of the field, for a near-miss or what few customers
    noticed: a summary, the impact, three causes and three action items at most (see
    `DocumentRow.most_in_light`).
    """

    FULL = "full", "Full COE"
    LIGHT = "light", "Light COE"


class Classification(models.TextChoices):
    """Who it may be handed to. A label that is printed, not a lock: see `is_restricted`."""

    PUBLIC = "public", "Public"
    INTERNAL = "internal", "Internal"
    CONFIDENTIAL = "confidential", "Confidential"
    STRICT = "strict", "Strictly confidential"


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> DocumentQuerySet:
        """Those that were not discarded."""
        return self.filter(discarded_at__isnull=True)

    def not_retracted(self) -> DocumentQuerySet:
        """Those that were never retracted, or published again since."""
        return self.exclude(current_version__isnull=True, retracted_version__isnull=False)

    def known_to(self, user: User) -> DocumentQuerySet:
        """The documents that are there for `user`: the visible ones, and those retracted.

        Of what is retracted those who do not work on it get no word, only who retracted it, when
        and why.
        """
        retracted = Q(retracted_version__isnull=False, is_restricted=False)
        published = Q(current_version__isnull=False, is_restricted=False)
        return self.kept().filter(published | retracted | _working_copy_readers(user))

    def visible_to(self, user: User) -> DocumentQuerySet:
        """The documents of which `user` may read something: a publication or the working copy."""
        published = Q(current_version__isnull=False, is_restricted=False)
        return self.kept().filter(published | _working_copy_readers(user))

    def working_copy_visible_to(self, user: User) -> DocumentQuerySet:
        """The documents whose working copy `user` may read.

        Those who take part in it may, and those whom its owner named as readers, by name or by a
        role that they have now; unless it is restricted, so may the team that owns the incident and
        the managers above that team. No office opens a draft. What was discarded is nowhere but on
        the page where its owner brings it back.
        """
        return self.kept().filter(_working_copy_readers(user))

    def writable_by(self, user: User) -> DocumentQuerySet:
        """The documents that `user` may write in: as their owner, or as one of the contributors.

        Each of them is among those whose working copy they may read.
        """
        return self.kept().filter(Q(owner=user) | Q(_takes_part(user, role="contributor")))

    def discarded_by(self, user: User, *, since: datetime) -> DocumentQuerySet:
        """The drafts of `user` that were discarded after `since` and can still be brought back."""
        return self.filter(owner=user, discarded_at__gt=since)

    def with_readers_fields(self) -> DocumentQuerySet:
        """With everything that the head of a page shows, in the same query."""
        return self.select_related("incident__team", "incident__service", "owner__team", "guide")


def _takes_part(user: User, **how: str) -> Exists:
    return Exists(Participant.objects.filter(document=OuterRef("pk"), user=user, **how))


def _working_copy_readers(user: User) -> Q:
    own_team = Q(incident__team=user.team_id) if user.team_id else Q(pk__in=())
    governed = Q(incident__team__in=Team.objects.governed_by(user))
    named = Q(_takes_part(user)) | Q(pk__in=_read_by_role(user))
    return Q(owner=user) | named | (Q(is_restricted=False) & (own_team | governed))


def _read_by_role(user: User) -> QuerySet[ReaderRole, int]:
    """The COEs whose owner named a role that `user` has now."""
    in_team = Q(kind=ReaderRole.Kind.TEAM, team=user.team_id) if user.team_id else Q(pk__in=())
    manages = Q(kind=ReaderRole.Kind.MANAGERS, team__in=Team.objects.governed_by(user))
    leads = Q(Exists(User.objects.filter(pk=user.pk, is_leader=True)), kind=ReaderRole.Kind.LEADERS)
    return ReaderRole.objects.filter(in_team | manages | leads).values_list("document", flat=True)


class Document(models.Model):
    """The working copy of one COE.

    `uid` is made by the client that opens it: opening it twice makes it once. `zone` is the IANA
    zone that its times are written and shown in. `current_version` is the number of the
    publication that readers get, null while there is none; `retracted_version` is that of the last
    one that was retracted, which took all before it along. `is_restricted` keeps it to the people
    who take part in it or are named as its readers, published or not. `guide` holds the questions
    it was opened with. `discarded_at` (UTC) is set while its owner has thrown away a draft that
    nobody was asked to review.
    """

    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, unique=True)
    reference = models.CharField(max_length=20, unique=True)
    incident = models.OneToOneField(Incident, models.PROTECT, related_name="document")
    owner = models.ForeignKey(User, models.PROTECT, related_name="owned_documents")
    guide = models.ForeignKey(Guide, models.PROTECT, related_name="documents")
    form = models.CharField(max_length=8, choices=Form, default=Form.FULL)
    classification = models.CharField(
        max_length=12, choices=Classification, default=Classification.INTERNAL
    )
    zone = models.CharField(max_length=64, default="UTC")
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    is_restricted = models.BooleanField(default=False)
    current_version = models.PositiveIntegerField(null=True, blank=True)
    retracted_version = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(current_version__gt=F("retracted_version"))
                | Q(current_version__isnull=True)
                | Q(retracted_version__isnull=True),
                name="current_after_retracted",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_retracted(self) -> bool:
        """Whether readers had it and have nothing of it any more."""
        return self.current_version is None and self.retracted_version is not None

    def has_withheld(self, version: int) -> bool:
        """Whether this version was retracted, or one after it."""
        return self.retracted_version is not None and version <= self.retracted_version


class Participant(models.Model):
    """Somebody who takes part in a COE beside its owner; a reader only reads it."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", "Contributor"
        REVIEWER = "reviewer", "Reviewer"
        READER = "reader", "Reader"

    document = models.ForeignKey(Document, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "user", "role"), name="participant_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class ReaderRole(models.Model):
    """A role whose holders may read the working copy of a COE, whoever they are by then.

    Everybody in `team`, whoever manages it or a team above it, or every leader, who have no team.
    """

    class Kind(models.TextChoices):
        TEAM = "team", "Everybody in a team"
        MANAGERS = "managers", "The managers of a team"
        LEADERS = "leaders", "Every leader"

    document = models.ForeignKey(Document, models.CASCADE, related_name="reader_roles")
    kind = models.CharField(max_length=8, choices=Kind)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "kind", "team"), nulls_distinct=False, name="reader_role_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="leaders", team__isnull=True)
                | (Q(team__isnull=False) & ~Q(kind="leaders")),
                name="reader_role_of_a_team_or_leaders",
            ),
        )

    def __str__(self) -> str:
        if self.team is None:
            return "Every leader"
        return f"{'Everybody in' if self.kind == 'team' else 'The managers of'} {self.team.name}"

    @property
    def key(self) -> str:
        """The role in one word: managers:3 or leaders."""
        return f"{self.kind}:{self.team_id}" if self.team_id else self.kind


class ReferenceCounter(models.Model):
    """The last number given to a COE of a year (UTC). Numbers are never given twice."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Section(models.Model):
    """The Markdown of one section.

    `composed` is what was laid out for it from the fields when that was last taken over, empty
    where it is all its authors' own; what they make of it is in `text` alone.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="sections")
    slug = models.CharField(max_length=20, choices=SectionSlug)
    text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    composed = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "slug"), name="section_once"),)

    def __str__(self) -> str:
        return self.get_slug_display()


class DocumentRow(models.Model):
    """A row of a COE: one entry, cause or action item among others of its kind.

    `uid` is made by the client that adds the row: adding it twice makes it once, and it is the
    row's public identity. `version` counts the saves of its content; `position` orders it among
    its kind with room between neighbours and changes without touching the version.
    `most_in_light` is how many a light COE takes of a kind, None where nobody counts.
    """

    kind_of_row: ClassVar[str]
    content_fields: ClassVar[tuple[str, ...]]
    most_in_light: ClassVar[int | None] = None

    document = models.ForeignKey(Document, models.CASCADE, related_name="%(class)s_rows")
    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, editable=False)
    position = models.IntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def content(self) -> dict[str, Any]:
        """What the row says, by field, as history keeps it."""
        return {name: getattr(self, name) for name in self.content_fields}
