"""Keeping trackers: each change in one transaction with its history."""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from coe.accounts.models import User
from coe.accounts.saving import refuse_taken, refuse_unseen, require_administrator
from coe.history.models import Action
from coe.history.services import changed, record
from coe.integrations.addresses import host_of
from coe.jobs.services import put_job
from coe.trackers.models import Tracker, sealed_token
from coe.web.errors import StaleAnswer

NAME_TAKEN = "There is a tracker of this name already."
PROJECT_TAKEN = "There is a tracker for this project already."
GONE = "Somebody removed this tracker in the meantime."
NOT_FOR_PEOPLE = "This is where programs ask. Type the address that people open: https://github.com"
TYPE_AGAIN = (
    "Type the token again: it was given for another address or account, and nobody should get it "
    "there who does not know it."
)
PROJECTS: Final = {
    Tracker.Kind.JIRA: (
        re.compile(r"[A-Z][A-Z0-9_]{1,49}", re.ASCII),
        "The key of a project in Jira is letters and digits, like PRC.",
    ),
    Tracker.Kind.GITHUB: (
        re.compile(r"[\w.-]{1,99}/[\w.-]{1,100}", re.ASCII),
        "A repository is its owner and its name, like octo/shop.",
    ),
}
PLAIN: Final = re.compile(r"[!-~]*", re.ASCII)
FACTS: Final = ("kind", "name", "address", "project", "account", "issue_type")
BOUND_TO: Final = ("kind", "address", "account")
"""What a token was given for."""
PLACE: Final = ("kind", "address", "project")
"""What names the tickets."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What an administrator states about a tracker."""

    kind: str
    name: str
    address: str
    project: str
    account: str = ""
    issue_type: str = ""

    def cleaned(self) -> dict[str, str]:
        """The facts as they are stored; raises `ValidationError` by field."""
        is_jira = self.kind == Tracker.Kind.JIRA
        shape, sentence = PROJECTS[Tracker.Kind(self.kind)]
        project = self.project.upper() if is_jira else self.project
        if not shape.fullmatch(project) or {".", ".."} & set(project.split("/")):
            raise ValidationError({"project": sentence})
        if not PLAIN.fullmatch(self.account) or ":" in self.account:
            raise ValidationError({"account": "An account is an e-mail address or a user name."})
        return {
            "kind": self.kind,
            "name": self.name,
            "address": _address(self.address),
            "project": project,
            "account": self.account if is_jira else "",
            "issue_type": (self.issue_type or "Task") if is_jira else "",
        }


def tracker_facts(tracker: Tracker) -> dict[str, Any]:
    """What an administrator states about a tracker, as history keeps it; never its token."""
    return {name: getattr(tracker, name) for name in FACTS}


@transaction.atomic
def add_tracker(*, stated: Stated, token: str, by: User) -> Tracker:
    """Add a tracker; without a `token` nothing is asked of it.

    Raises `PermissionDenied` if `by` is no administrator, `ValidationError` by field where
    something is taken, no project, or an address that may not be called.
    """
    require_administrator(User.objects.get(pk=by.pk))
    tracker = Tracker(**stated.cleaned(), sealed_token=sealed_token(_plain(token)))
    _save(tracker)
    after = {**tracker_facts(tracker), "token": bool(token)}
    record(Action.ADDED, by=by, subject="tracker", key=tracker.pk, after=after)
    _put_check(tracker)
    return tracker


@transaction.atomic
def change_tracker(
    *, tracker: Tracker, seen: str, stated: Stated, token: str, drops_token: bool, by: User
) -> Tracker:
    """Write what is stated about a tracker over the facts that were `seen`. An empty `token` leaves
    it as it is, unless it `drops_token`.

    Raises what `add_tracker` raises, `Conflict` if somebody else changed it since, `StaleAnswer`
    if it was removed.
    """
    fresh = _locked(tracker, by=by)
    before, was_sealed = tracker_facts(fresh), fresh.sealed_token
    after = stated.cleaned()
    if token or drops_token:
        fresh.sealed_token = sealed_token("" if drops_token else _plain(token))
    elif fresh.sealed_token and _differ(before, after, BOUND_TO):
        raise ValidationError({"token": TYPE_AGAIN})
    old, new = changed(before, after)
    if fresh.sealed_token != was_sealed:
        new["token"] = bool(fresh.sealed_token)
    if not new:
        return fresh
    refuse_unseen(before, seen=seen)
    for name, value in after.items():
        setattr(fresh, name, value)
    fresh.error, fresh.failing_since, fresh.quiet_until, fresh.misses = "", None, None, 0
    _save(fresh)
    if _differ(before, after, PLACE):
        fresh.tickets.all().delete()
    record(Action.CHANGED, by=by, subject="tracker", key=fresh.pk, before=old, after=new)
    _put_check(fresh)
    return fresh


@transaction.atomic
def remove_tracker(*, tracker: Tracker, by: User) -> None:
    """Remove it with what was read from it; the links of action items stay. Raises
    `PermissionDenied` if `by` is no administrator, `StaleAnswer` if it was removed."""
    fresh = _locked(tracker, by=by)
    before = tracker_facts(fresh)
    record(Action.REMOVED, by=by, subject="tracker", key=fresh.pk, before=before)
    fresh.delete()


@transaction.atomic
def check_tracker(*, tracker: Tracker, by: User) -> None:
    """Have it asked for its project, whatever went wrong before. Raises as `remove_tracker`."""
    _put_check(_locked(tracker, by=by))


def _put_check(tracker: Tracker) -> None:
    if tracker.is_asked:
        put_job("check_tracker", payload={"tracker": tracker.pk}, key=str(tracker.pk))


def _locked(tracker: Tracker, *, by: User) -> Tracker:
    require_administrator(User.objects.get(pk=by.pk))
    fresh = Tracker.objects.select_for_update(no_key=True).filter(pk=tracker.pk).first()
    if fresh is None:
        raise StaleAnswer(GONE)
    return fresh


def _save(tracker: Tracker) -> None:
    with (
        refuse_taken("tracker_name_unique", field="name", sentence=NAME_TAKEN),
        refuse_taken("tracker_project_unique", field="project", sentence=PROJECT_TAKEN),
    ):
        tracker.save()


def _address(typed: str) -> str:
    address = typed.rstrip("/")
    host = host_of(address)
    if host.lower() in ("api.github.com", "www.github.com"):
        raise ValidationError({"address": NOT_FOR_PEOPLE})
    if {"?", "#"} & set(address):
        raise ValidationError({"address": "Leave away what follows the ? or the #."})
    return address


def _plain(token: str) -> str:
    if not PLAIN.fullmatch(token):
        raise ValidationError({"token": "A token is one word of letters, digits and signs."})
    return token


def _differ(before: dict[str, Any], after: dict[str, str], names: tuple[str, ...]) -> bool:
    return any(before[name] != after[name] for name in names)
