"""What the guide of a COE asks of it, as it stands now."""

from collections.abc import Iterable

from coe.documents.contents import Answer
from coe.documents.models import Document
from coe.policies.rules import GuideRules
from coe.policies.scope import Situation
from coe.policies.services import Asked, asked_of


def asked_of_document(document: Document) -> Asked:
    """What the guide that `document` was opened with asks of it, in one query."""
    incident = document.incident
    return asked_of(
        document.guide_id,
        severity=incident.severity,
        team=incident.team_id,
        category=incident.category,
    )


def rules_for(document: Document) -> GuideRules:
    """The levels, limits and sections that hold for `document`, in one query."""
    return asked_of_document(document).rules


def answers_in_sight(
    document: Document, answers: Iterable[Answer], situation: Situation | None = None
) -> list[Answer]:
    """Those of `answers` (with their questions) that are asked of `document` or say something.

    What was answered stays when the severity, the kind of incident or the team changes. Where
    `situation` is not given it is read, and only if a question that is empty asks for a team.
    """
    found = list(answers)
    if situation is None:
        by_team = any(each.question.team_id and not each.text for each in found)
        incident = document.incident
        of_one = Situation(incident.severity, category=incident.category)
        situation = asked_of_document(document).situation if by_team else of_one
    return [each for each in found if each.text or each.question.audience.holds(situation)]
