"""What stands in a COE, in the queries that every look at its workspace asks."""

from django.db.models import QuerySet

from coe.actions.models import ActionItem
from coe.database.kept import Kept
from coe.discussion.models import Thread
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Section
from coe.incidents.models import Milestone
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation, Safeguard


@Kept
def sections(document: int) -> QuerySet[Section]:
    return Section.objects.filter(document=document)


@Kept
def answers(document: int) -> QuerySet[Answer]:
    return Answer.objects.filter(document=document).select_related("question")


@Kept
def figures(document: int) -> QuerySet[ImpactFigure]:
    return ImpactFigure.objects.filter(document=document)


@Kept
def safeguards(document: int) -> QuerySet[Safeguard]:
    return Safeguard.objects.filter(document=document)


@Kept
def lessons(document: int) -> QuerySet[Lesson]:
    return Lesson.objects.filter(document=document)


@Kept
def related(document: int) -> QuerySet[RelatedItem]:
    return RelatedItem.objects.filter(document=document)


@Kept
def entries(document: int) -> QuerySet[Entry]:
    """Without the milestones that few of them mark."""
    return Entry.objects.filter(document=document)


@Kept
def causes(document: int) -> QuerySet[Cause]:
    return Cause.objects.filter(document=document).select_related("risk_approver")


@Kept
def explanations(document: int) -> QuerySet[Explanation]:
    return Explanation.objects.filter(document=document)


@Kept
def actions(document: int) -> QuerySet[ActionItem]:
    return ActionItem.objects.filter(document=document).select_related("owner", "cause")


@Kept
def milestones(incident: int) -> QuerySet[Milestone]:
    """Each with the entry that marks it."""
    return Milestone.objects.filter(incident=incident).select_related("entry")


@Kept
def open_threads(document: int) -> QuerySet[Thread]:
    """What is said about it and not settled."""
    threads = Thread.objects.filter(document=document, resolved_at__isnull=True)
    return threads.only("subject", "key", "uid")
