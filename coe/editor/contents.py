"""What stands in a COE, in the queries that every look at its workspace asks."""

from coe.actions.models import ActionItem
from coe.database.kept import Kept
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Section
from coe.incidents.models import Milestone
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation, Safeguard

SECTIONS = Kept(lambda key: Section.objects.filter(document=key))
ANSWERS = Kept(lambda key: Answer.objects.filter(document=key).select_related("question"))
FIGURES = Kept(lambda key: ImpactFigure.objects.filter(document=key))
SAFEGUARDS = Kept(lambda key: Safeguard.objects.filter(document=key))
LESSONS = Kept(lambda key: Lesson.objects.filter(document=key))
RELATED = Kept(lambda key: RelatedItem.objects.filter(document=key))
ENTRIES = Kept(lambda key: Entry.objects.filter(document=key).select_related("milestone"))
CAUSES = Kept(lambda key: Cause.objects.filter(document=key).select_related("risk_approver"))
EXPLANATIONS = Kept(lambda key: Explanation.objects.filter(document=key))
ACTIONS = Kept(lambda key: ActionItem.objects.filter(document=key).select_related("owner", "cause"))
MILESTONES = Kept(lambda key: Milestone.objects.filter(incident=key).select_related("entry"))
"""By the key of the incident."""
