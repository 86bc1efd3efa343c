"""What somebody was reminded of, so that nobody is reminded of it twice."""

from django.db import models
from django.db.models.functions import Now

from coe.accounts.models import Team, User
from coe.actions.models import Promise
from coe.reminders.ladder import Kind


class Reminder(models.Model):
    """That people were told of a promise: `days` before or after the day `due_on`.

    It is written in the transaction that tells them. Rows are only ever added; the database
    refuses the rest.
    """

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8, choices=Kind)
    days = models.PositiveIntegerField()
    due_on = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("promise", "kind", "days", "due_on"), name="reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.days} of {self.promise_id}, {self.due_on}"


class Digest(models.Model):
    """That somebody got their mail of a week (its Monday) about a team and those below it, or
    about all that they do not manage where `team` is null.

    Also where there was nothing to say, and so no mail (`lines` is 0). Rows are only ever added.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="digests")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    week = models.DateField()
    lines = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "team", "week"), nulls_distinct=False, name="digest_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.team_id or 'everything'} {self.week}"
