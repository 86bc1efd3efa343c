"""Jobs that are done every so often: the worker puts each for its next time.

Nobody has to renew them, so none is forgotten because one failed.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from coe.jobs.kinds import KINDS
from coe.jobs.models import Job
from coe.jobs.services import put_job

KEY = "regular"


@transaction.atomic
def put_regular_jobs(*, as_of: datetime) -> None:
    """Put each regular job that does not wait already. Where two workers do so at once, what they
    put is done as one."""
    regular = {kind.name: kind.every for kind in KINDS.values() if kind.every}
    waiting = Job.objects.filter(kind__in=regular, key=KEY, state=Job.State.WAITING)
    for name in regular.keys() - set(waiting.values_list("kind", flat=True)):
        put_job(name, payload={}, key=KEY, not_before=next_time(as_of, regular[name]))


def next_time(at: datetime, every: timedelta) -> datetime:
    """The next moment after `at` that is a multiple of `every`: a full hour, a midnight (UTC)."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((at - midnight) // every + 1) * every
