"""Whom we call, what each was sent, and the calendars that people fetch from us."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from coe.accounts.models import BY_NAME, Team, User
from coe.documents.models import Document
from coe.web.sealing import Unsealable, seal, unseal

ADDRESS = "address of a webhook"
SECRET = "secret of a webhook"  # noqa: S105  (what it is for)


class Webhook(models.Model):
    """An address that is told of events: a program's, signed, or the chat of a `team`.

    Address and secret are sealed (`coe.web.sealing`): what an address of a chat lets one do is a
    secret as well. `host` is what of it is shown. `events` are names of `coe.notices.events`; a
    chat has its own (`coe.integrations.chats`).

    A chat has no name of its own.

    `failing_since` (UTC) is set from the first call that failed until one succeeds. While it
    cannot be reached nothing is sent before `quiet_until`, after so many `misses`. While it is
    paused what it should be told waits; `is_given_up` if it was paused because every call failed.
    """

    name = models.CharField(max_length=100, blank=True, default="")
    team = models.OneToOneField(Team, models.PROTECT, null=True, blank=True, related_name="chat")
    sealed_address = models.TextField()
    host = models.CharField(max_length=255)
    sealed_secret = models.TextField(blank=True, default="")
    events = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    tells_restricted = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())
    paused_at = models.DateTimeField(null=True, blank=True)
    is_given_up = models.BooleanField(default=False)
    failing_since = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = (BY_NAME, "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("name"), condition=Q(team__isnull=True), name="webhook_name_unique"
            ),
            models.CheckConstraint(
                condition=Q(is_given_up=False) | Q(paused_at__isnull=False),
                name="webhook_given_up_is_paused",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(tells_restricted=False),
                name="chat_tells_nothing_restricted",
            ),
        )

    def __str__(self) -> str:
        return f"Chat of {self.team.name}" if self.team else self.name

    @property
    def is_chat(self) -> bool:
        return self.team_id is not None

    @property
    def address(self) -> str:
        """Raises `Unsealable` where the SECRET_KEY is another by now."""
        return unseal(self.sealed_address, purpose=ADDRESS)

    @property
    def secret(self) -> str:
        """Raises as `address` does."""
        return unseal(self.sealed_secret, purpose=SECRET)

    @property
    def is_locked_up(self) -> bool:
        """Whether the SECRET_KEY is another by now: then address and secret are lost."""
        try:
            return not (self.address and (self.is_chat or self.secret))
        except Unsealable:
            return True


def sealed_address(address: str) -> str:
    return seal(address, purpose=ADDRESS)


def sealed_secret(secret: str) -> str:
    return seal(secret, purpose=SECRET)


class Delivery(models.Model):
    """One event that one webhook is told, by an identity that stays the same however often it is
    sent: `body` are the very bytes.

    `version` is that of the publication that it quotes, null where it quotes none, and the COE
    `is_restricted` if it was so when this was put here. `document` is null for a test.
    `status` is what the server answered last, null where it gave no answer; `error` what was
    wrong, in a sentence.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"
        WITHHELD = "withheld", "Withheld"

    uid: models.UUIDField[UUID, UUID] = models.UUIDField(default=uuid4, unique=True)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    event = models.CharField(max_length=40)
    body = models.TextField()
    version = models.PositiveIntegerField(null=True, blank=True)
    is_restricted = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-pk",)
        indexes = (
            models.Index(
                "webhook", "due_at", "id", condition=Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index("webhook", models.F("id").desc(), name="delivery_of_webhook"),
            models.Index("made_at", name="delivery_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.uid} {self.state}"

    @property
    def is_hidden(self) -> bool:
        """Whether an administrator gets no word of what it says: no office opens such a COE."""
        document = self.document
        if document is None:
            return False
        is_gone = self.version is not None and document.has_withheld(self.version)
        return self.is_restricted or document.is_restricted or is_gone

    @property
    def may_be_sent_again(self) -> bool:
        """Whether there is something to be gained by not waiting."""
        return self.state == self.State.FAILED or (
            self.state == self.State.WAITING and self.tries > 0
        )


class CalendarFeed(models.Model):
    """That somebody fetches what they promised as a calendar, by an address that is a secret.

    Of the secret there is a hash alone. It ends with the access of its person: what was made before
    they joined, or joined again, leads nowhere. `read_at` (UTC) is when it was last fetched, to
    the hour.
    """

    person = models.OneToOneField(
        User, models.PROTECT, primary_key=True, related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Calendar of {self.person_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is answered: not once the access of its person ended since it was made."""
        joined = self.person.joined_at
        return self.person.is_active and joined is not None and joined <= self.made_at
