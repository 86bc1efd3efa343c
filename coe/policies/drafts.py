"""The draft of the next guide: begun, dropped and published by administrators."""

from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.db.models.functions import Cast
from django.utils.timezone import now

from coe.accounts.models import User
from coe.accounts.saving import require_administrator
from coe.history.models import Action, HistoryEvent
from coe.history.services import record
from coe.policies.comparison import compare_guides, digest_of_guide
from coe.policies.models import (
    CheckLevel,
    Guide,
    GuideLimit,
    GuideReviewer,
    Question,
    SectionAsking,
)
from coe.policies.queries import guide_value
from coe.policies.services import current_guide
from coe.web.errors import StaleAnswer

PARTS: tuple[type[models.Model], ...] = (
    Question,
    CheckLevel,
    GuideLimit,
    SectionAsking,
    GuideReviewer,
)
"""What a guide consists of."""
NO_DRAFT = "Version {} is no draft any more: it was published or dropped."
CHANGED = "Somebody changed the draft since you opened this page. Look at what is in it now."
SAME = "The draft says the same as the guide that is in force, so there is nothing to publish."


def draft_guide() -> Guide | None:
    """The draft, where one was begun."""
    return Guide.objects.filter(published_at__isnull=True).first()


def lock_draft(version: int, *, by: User) -> Guide:
    """The draft of this version, held until the transaction ends: all that write in it wait.

    Raises `PermissionDenied` if `by` is no administrator, `StaleAnswer` if it is no draft.
    """
    require_administrator(by)
    drafts = Guide.objects.filter(published_at__isnull=True, version=version)
    draft = drafts.select_for_update().first()
    if draft is None:
        raise StaleAnswer(NO_DRAFT.format(version))
    return draft


@transaction.atomic
def begin_draft(*, by: User) -> Guide:
    """A copy of the guide in force, as the draft of the next version; the one that is there
    where somebody has begun it.

    Its number is new, also where the last draft was dropped: an old page, a link and the history
    mean what was there then.

    Raises `PermissionDenied` if `by` is no administrator.
    """
    require_administrator(by)
    source = Guide.objects.select_for_update().get(pk=current_guide().pk)
    if there := draft_guide():
        return there
    if current_guide() != source:  # the draft that was there has been published meanwhile
        return begin_draft(by=by)
    draft = Guide.objects.create(version=_next_number(source), published_at=None)
    for model in PARTS:
        model._default_manager.bulk_create(_copies(model, source, draft))
    record(
        Action.ADDED, by=by, subject="guide", key=draft.version, after={"copied": source.version}
    )
    return draft


def _next_number(source: Guide) -> int:
    """Behind that of `source`, which is in force, and of every draft that was ever begun."""
    begun = HistoryEvent.objects.filter(
        document_id__isnull=True, subject="guide", action=Action.ADDED
    )
    number = Cast("subject_key", models.PositiveIntegerField())
    last: int | None = begun.aggregate(last=Max(number))["last"]
    return max(source.version, last or 0) + 1


def _copies(model: type[models.Model], source: Guide, draft: Guide) -> Iterator[models.Model]:
    for row in model._default_manager.filter(guide=source):
        values: dict[str, Any] = {
            each.attname: getattr(row, each.attname)
            for each in model._meta.concrete_fields
            if not each.primary_key
        }
        yield model(**{**values, "guide_id": draft.pk})


@transaction.atomic
def drop_draft(*, version: int, seen: str, by: User) -> None:
    """Throw the draft away, as it was `seen` (see `publish_draft`), and its number with it.

    Raises as `lock_draft` does, and `StaleAnswer` if the draft says something else by now.
    """
    draft = _seen_draft(version, seen, by=by)
    for model in PARTS:
        model._default_manager.filter(guide=draft).delete()
    draft.delete()
    record(Action.REMOVED, by=by, subject="guide", key=version)


@transaction.atomic
def publish_draft(*, version: int, seen: str, by: User) -> Guide:
    """Put the draft in force: COEs that are opened from now on keep it.

    `seen` is the digest of what was on the screen (`digest_of_guide`). Raises as `lock_draft`
    does, and `StaleAnswer` if the draft says something else by now or nothing new.
    """
    draft = _seen_draft(version, seen, by=by)
    before = current_guide()
    if compare_guides(guide_value(before), guide_value(draft)).is_empty:
        raise StaleAnswer(SAME)
    draft.published_at = now()
    draft.save(update_fields=["published_at"])
    record(
        Action.PUBLISHED,
        by=by,
        subject="guide",
        key=version,
        before={"version": before.version},
        after={"version": version, "digest": seen},
    )
    return draft


def _seen_draft(version: int, seen: str, *, by: User) -> Guide:
    draft = lock_draft(version, by=by)
    if digest_of_guide(guide_value(draft)) != seen:
        raise StaleAnswer(CHANGED)
    return draft
