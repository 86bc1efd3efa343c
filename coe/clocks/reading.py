"""The clocks of COEs as they stand at one moment."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from coe.documents.models import Document
from coe.incidents.models import Milestone
from coe.policies.clocks import Clock, Course, clock_at
from coe.policies.limits import Limits
from coe.policies.rules import Limit
from coe.reviews.models import Round

OLD = timedelta(days=365)
"""A COE that is opened so long after the mitigation is for the record, and late for nobody."""
ENDS = (Milestone.Kind.MITIGATED, Milestone.Kind.RESOLVED)
"""Of these the first that is known ends the incident, in this order."""
STOPPED = Clock()


class Clocks:
    """The clocks of many COEs at one moment, in six queries at most however many there are."""

    def __init__(self, moment: datetime | None = None) -> None:
        self._moment = moment or now()
        self._limits = Limits(Limit.DRAFT_DAYS, Limit.REVIEW_DAYS, Limit.PUBLICATION_DAYS)

    def of(self, documents: Iterable[Document]) -> dict[int, Clock]:
        """By key, the clocks that run; of those whose working copy the asker may read.

        None runs for what was published once, retracted or not. `documents` come with their
        incident and its team.
        """
        running = {each.pk: each for each in documents if is_running(each)}
        if not running:
            return {}
        ends = _ends(running.values())
        rounds = _rounds(running)
        return {
            key: self._clock(each, ends.get(each.incident_id), rounds.get(key))
            for key, each in running.items()
        }

    def _clock(
        self, document: Document, ended: datetime | None, last: tuple[datetime, bool] | None
    ) -> Clock:
        incident = document.incident
        zone = ZoneInfo(incident.team.zone)
        is_old = ended is not None and document.created_at - ended > OLD
        course = Course(
            mitigated=None if ended is None or is_old else _day(ended, zone),
            in_review=_day(last[0], zone) if last and last[1] else None,
            was_submitted=last is not None,
        )
        rules = self._limits.of(
            document.guide_id,
            severity=incident.severity,
            team=incident.team_id,
            category=incident.category,
        )
        return clock_at(course, rules, _day(self._moment, zone))


def is_running(document: Document) -> bool:
    """Whether a clock runs for it: until it is published first."""
    return document.current_version is None and document.retracted_version is None


def clock_of(document: Document) -> Clock:
    """The clock of one COE now."""
    return Clocks().of([document]).get(document.pk, STOPPED)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _ends(documents: Iterable[Document]) -> dict[int, datetime]:
    """By incident, when it was mitigated, else resolved."""
    incidents = [each.incident_id for each in documents]
    known = Milestone.objects.filter(incident__in=incidents, kind__in=ENDS, at__isnull=False)
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for of, kind, at in known.values_list("incident", "kind", "at"):
        found[of][kind] = at  # type: ignore[assignment]  # never null: filtered above
    return {of: at.get(ENDS[0]) or at[ENDS[1]] for of, at in found.items()}


def _rounds(keys: Iterable[int]) -> dict[int, tuple[datetime, bool]]:
    """By COE that was submitted, when that was last, and whether it is still in review."""
    rounds = Round.objects.filter(document__in=list(keys)).order_by("number")
    told = rounds.values_list("document", "opened_at", "closed_at")
    return {of: (opened, closed is None) for of, opened, closed in told}
