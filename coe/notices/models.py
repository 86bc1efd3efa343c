"""What people should know: notices, how each person wants them, and what they watch."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from coe.accounts.models import Team, User
from coe.documents.models import Document
from coe.incidents.models import Service


class Kind(models.TextChoices):
    """What happened. The labels are the choices on the page of the settings."""

    ASKED_TO_REVIEW = "asked_to_review", "You are asked to review a COE"
    ANSWERED = "answered", "Somebody answers you in a discussion"
    MENTIONED = "mentioned", "Somebody mentions you"
    CHANGES_REQUESTED = "changes_requested", "Changes to your COE are asked for"
    APPROVAL_DROPPED = "approval_dropped", "An edit drops an approval"
    APPROVED = "approved", "A COE is approved"
    PUBLISHED = "published", "A COE is published"
    HANDED_OVER = "handed_over", "A COE is handed over to you"
    RETRACTED = "retracted", "A published COE is retracted"
    DECIDED = "decided", "An action item of yours is decided"
    EXCUSED = "excused", "You are excused from a review"
    PROMISE_DONE = "promise_done", "An action item that concerns you is done"
    PROMISE_VERIFIED = "promise_verified", "An action item is shown to hold"
    DID_NOT_HOLD = "did_not_hold", "An action item did not hold"
    PROMISE_MOVED = "promise_moved", "The due date of an action item is moved"
    PROMISE_ASKED = "promise_asked", "You are asked to decide about an action item"
    PROMISE_DECIDED = "promise_decided", "A request about an action item is decided"
    PROMISE_HANDED_OVER = "promise_handed_over", "An action item is handed over to you"
    PROMISE_DUE = "promise_due", "An action item of yours is due soon"
    PROMISE_LATE = "promise_late", "An action item of yours is late"
    PROMISE_ESCALATED = "promise_escalated", "An action item of your teams is long overdue"
    PROMISE_TO_VERIFY = "promise_to_verify", "An action item waits for you to say whether it held"


OF_THE_CLOCK = (
    Kind.PROMISE_DUE,
    Kind.PROMISE_LATE,
    Kind.PROMISE_ESCALATED,
    Kind.PROMISE_TO_VERIFY,
)
"""What nobody did: a day has come."""
OF_PROMISES = (
    Kind.PROMISE_DONE,
    Kind.PROMISE_VERIFIED,
    Kind.DID_NOT_HOLD,
    Kind.PROMISE_MOVED,
    Kind.PROMISE_ASKED,
    Kind.PROMISE_DECIDED,
    Kind.PROMISE_HANDED_OVER,
    *OF_THE_CLOCK,
)
"""What is told of a published action item, on whose page it is; its UUID is the anchor."""
OF_VERSIONS = (Kind.PUBLISHED, Kind.RETRACTED)
"""What is told of a version."""
OF_READERS = (*OF_VERSIONS, *OF_PROMISES)
"""What readers are told of. All else is about the working copy, for those who may read that."""
OF_COES = tuple(kind for kind in Kind if kind not in OF_PROMISES)
"""What the pages of a COE say themselves."""


class Delivery(models.TextChoices):
    """Whether a notice is mailed as well. It waits at home in any case."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day"
    OFF = "off", "No mail"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unseen_by(self, person: User) -> NoticeQuerySet:
        """What `person` has not seen yet, of what they may know of as of now."""
        readable = Document.objects.visible_to(person)
        known = Document.objects.known_to(person)
        drafts = Document.objects.working_copy_visible_to(person)
        of_readers = Q(kind__in=(Kind.PUBLISHED, *OF_PROMISES), document__in=readable)
        may_know = of_readers | Q(document__in=drafts)
        may_know |= Q(kind=Kind.RETRACTED, document__in=known)
        return self.filter(may_know, person=person, seen_at__isnull=True)

    def to_mail(self, person: User, delivery: Delivery) -> NoticeQuerySet:
        """What is still to be mailed to `person`; nothing to somebody without an account of now."""
        if not person.is_active or person.joined_at is None:
            return self.none()
        return self.waiting(delivery).unseen_by(person)

    def waiting(self, delivery: Delivery) -> NoticeQuerySet:
        """What nobody has seen yet and no mail has told."""
        return self.filter(delivery=delivery, seen_at__isnull=True, mailed_at__isnull=True)


class Notice(models.Model):
    """Something that `person` should know of a COE: `by` did it at `at` (UTC), or nobody, where a
    day has come.

    `title` is what the COE was called then, `text` what `by` wrote about it, below the title of
    the action item if it is about one, `anchor` where on its page it is to be found. `key` names
    what it is about: one is unseen at a time. Somebody who `is_watching` is told because they watch
    the COE, its service or its team.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="notices")
    document = models.ForeignKey(Document, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True, default="")
    anchor = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=200, blank=True, default="")
    is_watching = models.BooleanField(default=False)
    delivery = models.CharField(max_length=8, choices=Delivery)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "document", "kind", "key"),
                condition=Q(seen_at__isnull=True) & ~Q(key=""),
                name="notice_unseen_once",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind__in=OF_THE_CLOCK),
                name="notice_of_somebody_or_the_clock",
            ),
        )
        indexes = (
            models.Index(
                "person", "document", condition=Q(seen_at__isnull=True), name="notice_unseen"
            ),
            models.Index(
                "person",
                condition=Q(seen_at__isnull=True, mailed_at__isnull=True, delivery="daily"),
                name="notice_to_gather",
            ),
            models.Index("seen_at", condition=Q(seen_at__isnull=False), name="notice_seen"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.document_id} for {self.person_id}"

    @property
    def is_about_its_person(self) -> bool:
        """Of somebody who is excused, which the authors are told as well: whether it is them."""
        return self.key == str(self.person_id)

    @property
    def item(self) -> str:
        """The title of the published action item that this is about, if it is about one."""
        return self.text.partition("\n")[0] if self.kind in OF_PROMISES else ""

    @property
    def words(self) -> str:
        """What is told of it."""
        return self.text.partition("\n")[2] if self.kind in OF_PROMISES else self.text

    @property
    def address(self) -> str:
        """The page, and the place on it, where it is to be read what this is about."""
        if self.kind in OF_PROMISES and self.anchor:
            return reverse("promise", args=[self.document.reference, self.anchor])
        route = "coe_read" if self.kind in OF_READERS else "coe_draft"
        place = f"#{self.anchor}" if self.anchor else ""
        return reverse(route, args=[self.document.reference]) + place


class NoticeSetting(models.Model):
    """How a person wants to be told of one kind, where that is not the usual way."""

    person = models.ForeignKey(User, models.PROTECT, related_name="notice_settings")
    kind = models.CharField(max_length=20, choices=Kind)
    delivery = models.CharField(max_length=8, choices=Delivery)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "kind"), name="notice_setting_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.delivery}"


USUAL_HOUR = 8


class DailyTime(models.Model):
    """When a person wants the mail of the day: at a full hour of their `zone` (IANA); and whether
    that of the week as well, on Mondays at that hour, if they manage a team or lead.

    Without a zone of their own it is the one that their team works in.
    """

    person = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="daily_time")
    zone = models.CharField(max_length=64, blank=True, default="")
    hour = models.PositiveSmallIntegerField(default=USUAL_HOUR)
    wants_week = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(hour__lte=23), name="daily_time_has_hour_of_day"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.hour}:00 {self.zone}"


class DailyMail(models.Model):
    """That somebody got their mail of a day, theirs by their zone. There is one a day."""

    person = models.ForeignKey(User, models.PROTECT, related_name="daily_mails")
    day = models.DateField()
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "day"), name="daily_mail_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Watch(models.Model):
    """That somebody wants to be told of one COE, or of all of one service or one team."""

    person = models.ForeignKey(User, models.PROTECT, related_name="watches")
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="watches"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="watches"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="watches")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(document__isnull=False, service__isnull=True, team__isnull=True)
                | Q(document__isnull=True, service__isnull=False, team__isnull=True)
                | Q(document__isnull=True, service__isnull=True, team__isnull=False),
                name="watch_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("person", "document", "service", "team"),
                nulls_distinct=False,
                name="watch_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.document or self.service or self.team}"
