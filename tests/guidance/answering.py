"""A draft in which few checks look, each as heavy as the test says, and answers to what they find.

In an empty draft COE101 finds that there is no summary, COE121 no impact and COE125 no graph.
"""

from coe.accounts.models import User
from coe.documents.models import Document
from coe.guidance.findings import Finding
from coe.guidance.reading import examine
from coe.guidance.registry import CHECKS
from coe.guidance.services import take_back_waiver
from coe.policies.models import CheckLevel
from coe.policies.rules import Level

NO_GRAPH = "There is no graph of the impact. Link one, or say why there is none."


def weigh(document: Document, **levels: Level) -> None:
    """Let the checks named weigh so much in the guide of `document`, and switch the others off."""
    CheckLevel.objects.filter(guide=document.guide).delete()
    CheckLevel.objects.bulk_create(
        CheckLevel(guide=document.guide, check_id=each.id, level=levels.get(each.id, Level.OFF))
        for each in CHECKS
    )


def found(document: Document, check: str) -> Finding:
    """The one finding of a check in the working copy, whatever was answered to it."""
    seen = examine(Document.objects.get(pk=document.pk))
    every = (*seen.open, *(finding for finding, _ in (*seen.waived, *seen.dismissed)))
    (finding,) = (each for each in every if each.check == check)
    return finding


def take_back(document: Document, check: str, *, by: User) -> None:
    """As whoever has just read the one answer that there is to a check."""
    waiver = document.waivers.get(check_id=check)
    take_back_waiver(document, key=waiver.key, over=waiver.digest, by=by)


def open_checks(document: Document) -> list[str]:
    """The checks whose findings nobody has handled, in their order."""
    return [each.check for each in examine(Document.objects.get(pk=document.pk)).open]
