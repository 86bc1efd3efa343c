"""How a tracker itself stands: whether it may be asked now, and how that went."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from coe.jobs.services import MOST_TRIES, pause_after
from coe.trackers.asking import Refused, TrackerFails
from coe.trackers.models import Tracker


def is_quiet(tracker: Tracker, moment: datetime) -> bool:
    """Whether it is left alone for a while, because it could not be asked."""
    return tracker.quiet_until is not None and tracker.quiet_until > moment


@contextmanager
def noted(tracker: Tracker, moment: datetime) -> Iterator[None]:
    """Write down how asking `tracker` went, once it is over: its row is free while it is asked.
    Whatever was raised is raised again."""
    try:
        yield
    except TrackerFails as error:
        misses = min(tracker.misses + 1, MOST_TRIES)
        _set(
            tracker,
            asked_at=moment,
            error=str(error),
            failing_since=tracker.failing_since or moment,
            misses=misses,
            quiet_until=moment + pause_after(misses),
        )
        raise
    except Refused as error:
        _set(tracker, asked_at=moment, error=str(error), **_THERE)
        raise
    _set(tracker, asked_at=moment, answered_at=moment, error="", **_THERE)


_THERE = {"failing_since": None, "misses": 0, "quiet_until": None}


def _set(tracker: Tracker, **values: object) -> None:
    Tracker.objects.filter(pk=tracker.pk).update(**values)
