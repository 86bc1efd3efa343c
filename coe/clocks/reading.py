"""The clocks of COEs as they stand at one moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from coe.documents.guiding import rules_for
from coe.documents.models import Document
from coe.incidents.models import Milestone
from coe.policies.clocks import Clock, Course, clock_at
from coe.policies.limits import Limits
from coe.policies.rules import GuideRules, Limit
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
        running = [each for each in documents if is_running(each)]
        courses = _courses(running)
        return {
            each.pk: clock_at(courses[each.pk], self._rules(each), _today(each, self._moment))
            for each in running
            if each.pk in courses
        }

    def _rules(self, document: Document) -> GuideRules:
        incident = document.incident
        return self._limits.of(
            document.guide_id,
            severity=incident.severity,
            team=incident.team_id,
            category=incident.category,
        )


def is_running(document: Document) -> bool:
    """Whether a clock runs for it: until it is published first."""
    return document.current_version is None and document.retracted_version is None


def clock_of(document: Document) -> Clock:
    """The clock of one COE now, in three queries at most."""
    course = _courses([document]).get(document.pk) if is_running(document) else None
    if course is None:
        return STOPPED
    return clock_at(course, rules_for(document), _today(document, now()))


def _courses(documents: Sequence[Document]) -> dict[int, Course]:
    """By key, how far each has come of which anything is known that a clock counts from."""
    if not documents:
        return {}
    ends, rounds = _ends(documents), _rounds(documents)
    return {
        each.pk: _course(each, ends.get(each.incident_id), rounds.get(each.pk))
        for each in documents
        if each.incident_id in ends or each.pk in rounds
    }


def _course(
    document: Document, ended: datetime | None, last: tuple[datetime, bool] | None
) -> Course:
    zone = _zone(document)
    is_old = ended is not None and document.created_at - ended > OLD
    return Course(
        mitigated=None if ended is None or is_old else _day(ended, zone),
        in_review=_day(last[0], zone) if last and last[1] else None,
        was_submitted=last is not None,
    )


def _today(document: Document, moment: datetime) -> date:
    return _day(moment, _zone(document))


def _zone(document: Document) -> ZoneInfo:
    """Where its days end: where the team works that owns it."""
    return ZoneInfo(document.incident.team.zone)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _ends(documents: Sequence[Document]) -> dict[int, datetime]:
    """By incident, when it was mitigated, else resolved."""
    incidents = [each.incident_id for each in documents]
    known = Milestone.objects.filter(incident__in=incidents, kind__in=ENDS, at__isnull=False)
    found: dict[int, dict[str, datetime]] = defaultdict(dict)
    for of, kind, at in known.values_list("incident", "kind", "at"):
        found[of][kind] = at  # type: ignore[assignment]  # never null: filtered above
    return {of: at.get(ENDS[0]) or at[ENDS[1]] for of, at in found.items()}


def _rounds(documents: Sequence[Document]) -> dict[int, tuple[datetime, bool]]:
    """By COE that was submitted, when that was last, and whether it is still in review."""
    rounds = Round.objects.filter(document__in=documents).order_by("number")
    told = rounds.values_list("document", "opened_at", "closed_at")
    return {of: (opened, closed is None) for of, opened, closed in told}
