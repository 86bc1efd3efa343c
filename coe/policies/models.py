from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.accounts.models import Team, User
from coe.policies.rules import BY_NUMBER, BY_SEVERITY, Asking, Level, Limit, OptionalSection
from coe.policies.scope import CATEGORIES, Audience, Scope


class Part(models.TextChoices):
    """The parts of a COE that are led by questions, in the order they are asked."""

    IMPACT = "impact", "Impact"
    DETECTION = "detection", "Detection"
    DIAGNOSIS = "diagnosis", "Diagnosis"
    MITIGATION = "mitigation", "Mitigation"
    PREVENTION = "prevention", "Prevention"


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> GuideQuerySet:
        """Those that COEs are opened with, in their turn; never the draft."""
        return self.filter(published_at__isnull=False)


class Guide(models.Model):
    """One version of what leads an author. A COE keeps the one it was opened with.

    `published_at` (UTC) is null while it is the draft of the next version, of which there is one
    at most. What is published never changes.
    """

    version = models.PositiveIntegerField(unique=True)
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True, db_default=Now())

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ("version",)
        constraints = (
            models.UniqueConstraint(
                fields=("published_at",),
                condition=Q(published_at__isnull=True),
                nulls_distinct=False,
                name="one_draft_of_the_guide",
            ),
        )

    def __str__(self) -> str:
        return f"Guide {self.version}"


class Question(models.Model):
    """One question of a guide. `slug` names it across versions of the guide.

    It is asked of COEs of these `severities` and `categories`, the kinds of incidents (none named:
    of every one), and of `team` and the teams below it alone where there is one.
    """

    guide = models.ForeignKey(Guide, models.PROTECT, related_name="questions")
    part = models.CharField(max_length=12, choices=Part)
    slug = models.SlugField(max_length=40)
    text = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField()
    severities: models.Field[list[int], list[int]] = ArrayField(
        models.PositiveSmallIntegerField(), blank=True, default=list
    )
    categories: models.Field[list[str], list[str]] = ArrayField(
        models.CharField(max_length=9), blank=True, default=list
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("guide", "slug"), name="question_once"),
            models.UniqueConstraint(fields=("guide", "position"), name="question_position_once"),
            models.CheckConstraint(
                condition=Q(severities__contained_by=[1, 2, 3, 4]), name="question_of_severities"
            ),
            models.CheckConstraint(
                condition=Q(categories__contained_by=list(CATEGORIES)),
                name="question_of_categories",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def audience(self) -> Audience:
        return Audience(tuple(self.severities), self.team_id, tuple(self.categories))


class Ruling(models.Model):
    """What a guide says of something, for the COEs of one severity, of one team, of one kind of
    incident (`category`), or for all.

    Of several that hold for a COE the narrowest does (see `coe.policies.scope`); of a team it also
    holds for the teams below.
    """

    severity = models.PositiveSmallIntegerField(null=True, blank=True)
    category = models.CharField(max_length=9, blank=True, default="")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def scope(self) -> Scope:
        return Scope(self.severity, self.team_id, self.category)


OF_A_CATEGORY = Q(category__in=("", *CATEGORIES))


class CheckLevel(Ruling):
    """What a check weighs in a guide, where that is another than the check's own level.

    `check_id` is the id of a check (COE101). One that no check has any more weighs nothing.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="levels")
    check_id = models.CharField(max_length=6)
    level = models.CharField(max_length=6, choices=Level)

    class Meta:
        ordering = ("check_id",)
        constraints = (
            models.UniqueConstraint(
                fields=("guide", "check_id", "severity", "team", "category"),
                nulls_distinct=False,
                name="check_level_once",
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 4)),
                name="check_level_of_a_severity",
            ),
            models.CheckConstraint(condition=OF_A_CATEGORY, name="check_level_of_a_category"),
        )

    def __str__(self) -> str:
        return f"{self.check_id}: {self.get_level_display()}"


class GuideLimit(Ruling):
    """A limit of a guide, where it is another than the product's own (`GuideRules`).

    `of` is the severity or the priority that it limits, null where it is one for all. One by
    severity has no `severity` beside it.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="limits")
    name = models.CharField(max_length=16, choices=Limit)
    of = models.PositiveSmallIntegerField(null=True, blank=True)
    value = models.PositiveIntegerField()

    class Meta:
        ordering = ("name", "of")
        constraints = (
            models.UniqueConstraint(
                fields=("guide", "name", "of", "severity", "team", "category"),
                nulls_distinct=False,
                name="guide_limit_once",
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True)
                | (~Q(name__in=BY_SEVERITY) & Q(severity__range=(1, 4))),
                name="guide_limit_of_a_severity",
            ),
            models.CheckConstraint(condition=OF_A_CATEGORY, name="guide_limit_of_a_category"),
            models.CheckConstraint(
                condition=Q(name__in=BY_NUMBER, of__isnull=False)
                | (~Q(name__in=BY_NUMBER) & Q(of__isnull=True)),
                name="guide_limit_of_a_number_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.value}"


class SectionAsking(Ruling):
    """Whether a guide asks for a section, where that is otherwise than the product does."""

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="sections")
    name = models.CharField(max_length=12, choices=OptionalSection)
    asking = models.CharField(max_length=8, choices=Asking)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("guide", "name", "severity", "team", "category"),
                nulls_distinct=False,
                name="section_asking_once",
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 4)),
                name="section_asking_of_a_severity",
            ),
            models.CheckConstraint(condition=OF_A_CATEGORY, name="section_asking_of_a_category"),
        )

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.get_asking_display()}"


class Naming(models.TextChoices):
    """How a guide names who is asked to review."""

    PERSON = "person", "A person"
    MANAGER = "manager", "The manager of a team"
    LEADERS = "leaders", "Every leader"


class GuideReviewer(Ruling):
    """Whom a guide asks to review: `person`, whoever manages `managed` by then, or every leader.

    Unlike what a guide says of a check, one line does not hold instead of another: everybody is
    asked whom a line names that holds for the COE (`coe.policies.queries.reviewers_named`).
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="reviewers")
    naming = models.CharField(max_length=8, choices=Naming)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    managed = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("guide", "naming", "person", "managed", "severity", "team", "category"),
                nulls_distinct=False,
                name="guide_reviewer_once",
            ),
            models.CheckConstraint(
                condition=Q(naming=Naming.PERSON, person__isnull=False, managed__isnull=True)
                | Q(naming=Naming.MANAGER, person__isnull=True, managed__isnull=False)
                | Q(naming=Naming.LEADERS, person__isnull=True, managed__isnull=True),
                name="guide_reviewer_is_named_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 4)),
                name="guide_reviewer_of_a_severity",
            ),
            models.CheckConstraint(condition=OF_A_CATEGORY, name="guide_reviewer_of_a_category"),
        )

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        """Who is named, in one word: person:7, manager:3 or leaders."""
        named = self.person_id or self.managed_id
        return f"{self.naming}:{named}" if named else self.naming


class TeamCalendar(models.Model):
    """How a team counts days; for the teams below it too, where they have none of their own."""

    team = models.OneToOneField(Team, models.CASCADE, primary_key=True, related_name="calendar")
    counts_working_days = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"Calendar of {self.team}"


class Holiday(models.Model):
    """A day on which nobody of the team works."""

    calendar = models.ForeignKey(TeamCalendar, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("calendar", "day"), name="holiday_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()
