"""People and the tree of teams they belong to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate, Lower
from django.db.models.lookups import Exact

from coe.accounts.opened import Opened

BY_NAME = Collate(Lower("name"), "C")
"""The order of lists by name, the same on every server whatever its locale."""


class TeamQuerySet(models.QuerySet["Team"]):
    def governed_by(self, user: User) -> TeamQuerySet:
        """The teams that `user` manages and every team below them, as of now."""
        below = RawSQL(
            """WITH RECURSIVE below(id) AS (
                   SELECT id FROM coe_team WHERE manager_id = %s
                   UNION SELECT team.id FROM coe_team team JOIN below ON team.parent_id = below.id
               ) SELECT id FROM below""",
            [user.pk],
        )
        return self.filter(pk__in=below)

    def holding(self, team_id: int) -> TeamQuerySet:
        """The team and every team that it is part of, as of now."""
        above = RawSQL(
            """WITH RECURSIVE above(id) AS (
                   SELECT %s::bigint
                   UNION SELECT team.parent_id FROM coe_team team JOIN above ON team.id = above.id
               ) SELECT id FROM above WHERE id IS NOT NULL""",
            [team_id],
        )
        return self.filter(pk__in=above)


class Team(models.Model):
    """A team; its parent is the team that it is part of.

    `zone` is where the team works: its dates end when the day ends there.
    """

    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    manager = models.ForeignKey(
        "coe.User", models.PROTECT, null=True, blank=True, related_name="managed_teams"
    )
    zone = models.CharField(max_length=64, default="UTC")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = (BY_NAME, "pk")
        constraints = (
            models.UniqueConstraint(Lower("name"), name="team_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="team_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def with_email(self, email: str) -> models.QuerySet[User]:
        """Who has this e-mail address, in whatever case it was typed: one person or nobody.

        Compared by LOWER(), as the address is unique by it: UPPER() (Django's iexact) takes two
        different addresses for one.
        """
        people = self.filter(is_placeholder=False)
        return people.filter(Exact(Lower("email"), Lower(models.Value(email))))

    def get_by_natural_key(self, username: str | None) -> User:
        return self.with_email(username or "").get()


class PersonState(models.TextChoices):
    """Whether somebody can sign in."""

    ACTIVE = "active", "Active"
    INVITED = "invited", "Invited"
    DEACTIVATED = "deactivated", "Deactivated"
    PLACEHOLDER = "placeholder", "Placeholder"


_ACCOUNT = Q(is_placeholder=False, stored_role="") & ~Q(email="")
_PLACEHOLDER = Q(
    is_placeholder=True,
    email="",
    password__startswith=UNUSABLE_PASSWORD_PREFIX,
    is_active=False,
    is_leader=False,
    is_administrator=False,
    team__isnull=True,
    invited_at__isnull=True,
    joined_at__isnull=True,
)


class User(AbstractBaseUser):
    """A person. The e-mail address is the name to sign in with; people are never deleted.

    `joined_at` is when they chose a password after their last invitation, null until then.
    `reset_mailed_at` is when a mail for a new password last went out.

    A placeholder stands for a name in an imported COE that nobody here has, under the role that
    the COE gave it (`stored_role`). It is no account: it has no address, no password and no team,
    and can be given none (the constraints say so); what it holds can be handed over.

    `opened` is the COE that the request of a person let them into last (coe.audit); not stored.
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members")
    is_leader = models.BooleanField(
        default=False, help_text="Approves where no manager up the tree can."
    )
    is_administrator = models.BooleanField(
        default=False, help_text="Keeps people, teams and services; sees no drafts by office."
    )
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    reset_mailed_at = models.DateTimeField(null=True, blank=True)
    is_placeholder = models.BooleanField(default=False, editable=False)
    stored_role = models.CharField(max_length=100, blank=True, default="", editable=False)

    objects: ClassVar[UserManager] = UserManager()
    opened: Opened | None = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = (BY_NAME, "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("email"), condition=Q(is_placeholder=False), name="user_email_unique"
            ),
            models.UniqueConstraint(
                fields=("name", "stored_role"),
                condition=Q(is_placeholder=True),
                name="placeholder_once",
            ),
            models.CheckConstraint(
                condition=_ACCOUNT | _PLACEHOLDER, name="user_account_or_placeholder"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> PersonState:
        if self.is_placeholder:
            return PersonState.PLACEHOLDER
        if not self.is_active:
            return PersonState.DEACTIVATED
        return PersonState.ACTIVE if self.joined_at else PersonState.INVITED

    def role(self) -> str:
        """What the person is called beside their name on a document."""
        if self.is_placeholder:
            return self.stored_role
        if self.is_leader:
            return "Leadership"
        return self.team.name if self.team else ""


class SignInFailure(models.Model):
    """One refused sign-in, kept as long as it counts towards a pause (coe.accounts.throttle).

    `email` is in lower case, whether or not somebody has it; `address` is where it came from,
    null where that is not known.
    """

    email = models.CharField(max_length=254)
    address = models.GenericIPAddressField(null=True)
    failed_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = (
            models.Index("email", "failed_at", name="failure_by_email"),
            models.Index("address", "failed_at", name="failure_by_address"),
        )

    def __str__(self) -> str:
        return f"{self.email} from {self.address}"
