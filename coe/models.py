"""Every table of the app, for Django alone; others import from the package it belongs to."""

from coe.accounts.models import SignInFailure, Team, User
from coe.actions.models import ActionItem, Promise
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, Participant, ReferenceCounter, Section
from coe.editor.presence import Presence
from coe.exports.models import RenderedPdf
from coe.guidance.models import Waiver
from coe.history.models import HistoryEvent, HistoryText
from coe.incidents.models import Incident, Milestone, Service
from coe.policies.models import CheckLevel, Guide, GuideLimit, Holiday, Question, TeamCalendar
from coe.publishing.models import Publication, PublishedText
from coe.reviews.models import SignOff
from coe.snapshots.models import StoredSnapshot
from coe.timeline.models import Entry
from coe.whys.models import Cause, Explanation, Safeguard

__all__ = [
    "ActionItem",
    "Answer",
    "Cause",
    "CheckLevel",
    "Document",
    "Entry",
    "Explanation",
    "Guide",
    "GuideLimit",
    "HistoryEvent",
    "HistoryText",
    "Holiday",
    "ImpactFigure",
    "Incident",
    "Lesson",
    "Milestone",
    "Participant",
    "Presence",
    "Promise",
    "Publication",
    "PublishedText",
    "Question",
    "ReferenceCounter",
    "RelatedItem",
    "RenderedPdf",
    "Safeguard",
    "Section",
    "Service",
    "SignInFailure",
    "SignOff",
    "StoredSnapshot",
    "Team",
    "TeamCalendar",
    "User",
    "Waiver",
]
