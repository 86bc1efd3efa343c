"""Trackers of other programs, and what they say of the tickets of promises."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from coe.accounts.models import BY_NAME, User
from coe.actions.models import Promise
from coe.web.sealing import Unsealable, seal, unseal

TOKEN = "token of a tracker"  # noqa: S105  (what it is for)


class Tracker(models.Model):
    """One project of a tracker: where it is, and the token by which it is asked.

    `address` is where people open it, without a slash at its end; `project` the key of a project in
    Jira, owner and name of a repository in GitHub. The token is sealed (`coe.web.sealing`); without
    one nothing is asked. Jira's cloud wants to know whose it is (`account`), and a new ticket there
    is of an `issue_type`.

    `asked_at` (UTC) is when it was last called, `answered_at` when it last answered as it should,
    `error` what was wrong the last time, in a sentence. `failing_since` is set from the first call
    that failed because of the tracker itself until one succeeds, and it is left alone before
    `quiet_until`, after so many `misses`.
    """

    class Kind(models.TextChoices):
        JIRA = "jira", "Jira"
        GITHUB = "github", "GitHub"

    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=100)
    address = models.CharField(max_length=1000)
    project = models.CharField(max_length=200)
    account = models.CharField(max_length=200, blank=True, default="")
    issue_type = models.CharField(max_length=60, blank=True, default="Task")
    sealed_token = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")
    failing_since = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    misses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = (BY_NAME, "pk")
        constraints = (
            models.UniqueConstraint(Lower("name"), name="tracker_name_unique"),
            models.UniqueConstraint(
                "kind", Lower("address"), Lower("project"), name="tracker_project_unique"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_asked(self) -> bool:
        """Whether anything is read back and opened there."""
        return bool(self.sealed_token)

    @property
    def token(self) -> str:
        """Raises `Unsealable` where the SECRET_KEY is another by now."""
        return unseal(self.sealed_token, purpose=TOKEN)

    @property
    def is_locked_up(self) -> bool:
        """Whether the SECRET_KEY is another by now: then the token is lost."""
        try:
            return bool(self.sealed_token and not self.token)
        except Unsealable:
            return True


def sealed_token(token: str) -> str:
    return seal(token, purpose=TOKEN) if token else ""


class TicketState(models.TextChoices):
    """What a tracker says of a ticket, in words that all trackers share."""

    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    GONE = "gone", "Gone"
    UNKNOWN = "unknown", "Not known"


class Ticket(models.Model):
    """What was last read of the ticket of a promise. Nothing else of the ticket is kept.

    `key` is how the tracker names it ("PRC-881", "octo/shop#12"): if the promise names another
    ticket by now, this says nothing of it. `told` is the state in the tracker's own words, empty
    where `state` says it all. `read_at` (UTC) is when it was last read, null if it never was;
    `error` what was wrong the last time, `due_at` when it is read again, after so many `misses`.
    """

    promise = models.OneToOneField(Promise, models.PROTECT, primary_key=True, related_name="ticket")
    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="tickets")
    key = models.CharField(max_length=250)
    state = models.CharField(max_length=11, choices=TicketState, default=TicketState.UNKNOWN.value)
    told = models.CharField(max_length=80, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    error = models.TextField(blank=True, default="")
    misses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(read_at__isnull=False) | Q(state=TicketState.UNKNOWN.value),
                name="ticket_is_known_when_read",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class NewTicket(models.Model):
    """That somebody wants a ticket for a promise, and what became of that.

    It `is_bare` where its title may say nothing but the reference of the COE. It waits until it has
    ended (`ended_at`): opened, if it has a `link`, else given up because of `error`. It was tried
    so often (`tries`), and a ticket was sent so often (`sent`). `first_at` is when one was wanted
    first, and stays: what was opened since then may be ours.
    """

    promise = models.OneToOneField(
        Promise, models.PROTECT, primary_key=True, related_name="new_ticket"
    )
    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="new_tickets")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    first_at = models.DateTimeField(db_default=Now())
    is_bare = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    sent = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    error = models.TextField(blank=True, default="")
    link = models.CharField(max_length=1000, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(link="") | Q(ended_at__isnull=False), name="new_ticket_opened_is_ended"
            ),
        )

    def __str__(self) -> str:
        return f"Ticket for {self.promise_id}"

    @property
    def is_waiting(self) -> bool:
        return self.ended_at is None
