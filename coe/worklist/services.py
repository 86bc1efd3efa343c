"""Keeping views of the list. They say nothing of a COE, so none of it is history."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from coe.accounts.models import User
from coe.worklist.models import SavedView

MOST_VIEWS = 30
LONGEST = 1000
TOO_LONG = "The words that you look for are too many to be kept. Take some of them away."


def save_view(*, name: str, query: str, is_shared: bool = False, by: User) -> SavedView:
    """Keep `query` under a name that no other view of `by` has, in whatever case.

    A view of that name keeps what it has: raises `ValidationError` of `name`, also where there
    are too many, or `query` is too long.
    """
    if len(query) > LONGEST:
        raise ValidationError({"name": TOO_LONG})
    if SavedView.objects.filter(person=by).count() >= MOST_VIEWS:
        raise ValidationError({"name": f"You keep {MOST_VIEWS} views. Remove one first."})
    try:
        with transaction.atomic():
            return SavedView.objects.create(person=by, name=name, query=query, is_shared=is_shared)
    except IntegrityError as error:
        raise _taken(name) from error


def change_view(view: SavedView, *, name: str, is_shared: bool) -> None:
    """Name it otherwise, show it to the team of its person or no more. Raises `ValidationError` of `name` where another view of the person has it."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name, is_shared=is_shared)
    except IntegrityError as error:
        raise _taken(name) from error


def remove_view(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()


def _taken(name: str) -> ValidationError:
    return ValidationError({"name": f"You have a view called “{name}” already."})
