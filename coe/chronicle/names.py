"""What the keys that the history keeps are called."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from coe.accounts.models import Team, User
from coe.accounts.queries import BY_NAME
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.policies.models import Question
from coe.policies.scope import Situation
from coe.policies.services import asked_of
from coe.snapshots.build import person
from coe.snapshots.snapshot import Person
from coe.whys.models import Cause

NOT_KNOWN = "Somebody who is not known"
PEOPLE = ("owner_id", "risk_approver_id")


class Names:
    """People, teams and services under today's names: renaming somebody changes no COE.

    Who was deactivated is called as ever; a key that nobody has is said to be.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.people: dict[int, Person] = {}
        self.teams: dict[int, str] = {}
        self.services: dict[int, str] = {}
        incident = document.incident
        kinds = incident.milestones.values_list("pk", "kind")
        self.milestones: dict[int, str] = dict(kinds)
        questions = Question.objects.filter(guide=document.guide_id).order_by("position", "pk")
        self.questions = list(questions)
        self._causes: dict[int, UUID] | None = None

    def asked(self, severity: int, category: str, team: int | None) -> list[Question]:
        """The questions of its guide that are asked of a COE of this severity, kind of incident
        and team."""
        situation = Situation(severity, category=category)
        if any(each.team_id for each in self.questions):
            guide = self.document.guide_id
            asked = asked_of(guide, severity=severity, team=team, category=category)
            situation = asked.situation
        return [each for each in self.questions if each.audience.holds(situation)]

    def learn(self, values: Iterable[dict[str, Any]], people: Iterable[int] = ()) -> None:
        """Look up all keys that these values hold, and these people."""
        held = list(values)
        self._learn_people({*people, *_keys(held, *PEOPLE)})
        if missing := _keys(held, "team_id") - self.teams.keys():
            self.teams |= {each.pk: each.name for each in Team.objects.filter(pk__in=missing)}
        if missing := _keys(held, "service_id") - self.services.keys():
            self.services |= {each.pk: each.name for each in Service.objects.filter(pk__in=missing)}

    def _learn_people(self, keys: set[int]) -> None:
        """All at once, so that `people` is in the order of names."""
        if keys - self.people.keys():
            found = User.objects.filter(pk__in={*keys, *self.people}).select_related("team")
            self.people = {each.pk: person(each) for each in found.order_by(BY_NAME, "pk")}

    def person(self, key: int | None) -> Person | None:
        return self.people.get(key, Person(NOT_KNOWN, "")) if key else None

    def team(self, key: int | None) -> str:
        return self.teams.get(key or 0, "A team that is not known")

    def service(self, key: int | None) -> str:
        return self.services.get(key, "A service that is not known") if key else ""

    def cause(self, key: int, recorded: dict[int, str]) -> UUID | None:
        """The identity of a cause: as its own record says, else of the one that is there now.

        Older records say no key, so one that was removed since is not known (None).
        """
        if key in recorded:
            return UUID(recorded[key])
        if self._causes is None:
            there = Cause.objects.filter(document=self.document)
            self._causes = dict(there.values_list("pk", "uid"))
        return self._causes.get(key)


def _keys(values: list[dict[str, Any]], *names: str) -> set[int]:
    return {each[name] for each in values for name in names if each.get(name)}
