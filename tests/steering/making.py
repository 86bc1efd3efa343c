"""Corrections of teams as the tests need them."""

from copy import copy
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from coe.accounts.models import Team, User
from coe.actions.models import FINISHED, Promise
from coe.documents.models import Document
from coe.promises.holding import today_of
from tests.people import People
from tests.promises.promising import fresh, make_promise
from tests.reviews.steps import open_another


def team(name: str) -> Team:
    return Team.objects.get(name=name)


def promised(people: People, owner: User | None = None, **values: Any) -> Promise:
    """The first correction of a new COE, of the owner's team unless another is said; due in a
    month."""
    coe = {name: values.pop(name) for name in ("team", "by") if name in values}
    document = open_another(people, "Cards were refused", **coe)
    if values.pop("is_restricted", False):
        Document.objects.filter(pk=document.pk).update(is_restricted=True)
    promise = make_promise(document, owner or people.colleague)
    Promise.objects.filter(pk=promise.pk).update(team=document.incident.team)
    return changed(promise, **{"in_days": 30, **values})


def beside(promise: Promise, **values: Any) -> Promise:
    """Another correction of the same COE."""
    another = copy(promise)
    another.pk, another.uid = None, uuid4()
    another.save(force_insert=True)
    return changed(another, **values)


def changed(promise: Promise, **values: Any) -> Promise:
    """Due `in_days` where its team works, promised so many days ago (`age`)."""
    if "in_days" in values:
        values["due_on"] = today_of(promise) + timedelta(days=values.pop("in_days"))
        values["first_due_on"] = values["due_on"]
    if "age" in values:
        values["promised_at"] = timezone.now() - timedelta(days=values.pop("age"), minutes=1)
    if values.get("state") in FINISHED:
        today = today_of(promise)
        values |= {"done_on": today, "done_by": promise.owner, "verify_from": today}
    Promise.objects.filter(pk=promise.pk).update(**values)
    return fresh(promise)
