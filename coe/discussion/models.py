"""What people say about a working copy, beside its text. None of it is in a snapshot."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coe.discussion.anchors import ALONE, Anchor
from coe.documents.models import Document


class Subject(models.TextChoices):
    """What a thread may be about; what has a history is called there as here."""

    WHOLE = "whole", "The whole COE"
    SECTION = "section", "Section"
    ANSWER = "answer", "Answer"
    ENTRY = "entry", "Timeline entry"
    FIGURE = "figure", "Impact figure"
    SAFEGUARD = "safeguard", "Safeguard"
    CAUSE = "cause", "Cause"
    LESSON = "lesson", "Lesson"
    ACTION = "action", "Action item"
    RELATED = "related", "Related item"


class ThreadQuerySet(models.QuerySet["Thread"]):
    def open(self) -> ThreadQuerySet:
        return self.filter(resolved_at__isnull=True)

    def musts(self) -> ThreadQuerySet:
        return self.filter(kind=Thread.Kind.MUST)


class Thread(models.Model):
    """One question, suggestion or must about a place in a COE, with what was said to it.

    `uid` is made by the client: opening it twice opens it once. The place is a `subject` with its
    `key`: the slug of a chapter or question, a row's UUID, empty for the whole. Where words are
    quoted, they stood in the `field` of that place, `before` and `after` around them. A suggestion
    puts `replacement` in their place. `emptied_at` is set where an administrator removed words.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        SUGGESTION = "suggestion", "Suggestion"
        MUST = "must", "Must"

    document = models.ForeignKey(Document, models.PROTECT, related_name="threads")
    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=10, choices=Subject)
    key = models.CharField(max_length=64, blank=True, default="")
    field = models.CharField(max_length=20, blank=True, default="")
    quote = models.TextField(blank=True, default="")
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    rival = models.IntegerField(default=ALONE)
    replacement = models.TextField(blank=True, default="")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution_note = models.TextField(blank=True, default="")
    taken_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("document", "uid"), name="thread_uid_once"),
            models.CheckConstraint(
                condition=~Q(kind="suggestion") | ~Q(quote="") | Q(emptied_at__isnull=False),
                name="thread_suggests_for_words",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="thread_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True)
                | Q(kind="suggestion", resolved_at__isnull=False),
                name="thread_taken_is_resolved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.subject} {self.key}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.quote, self.before, self.after, self.rival)


class Message(models.Model):
    """One thing that was said in a thread (Markdown). It is never changed; a secret in it can be
    emptied. `uid` is made by the client: saying it twice says it once."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("thread", "uid"), name="message_uid_once"),
            models.CheckConstraint(
                condition=~Q(text="") | Q(emptied_at__isnull=False), name="message_says_something"
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
