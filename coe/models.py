"""Every table of the app, for Django alone; others import from the package it belongs to."""

from coe.accounts.models import SignInFailure, Team, User
from coe.actions.models import ActionItem, EvidenceFile, Promise, PromiseEvent, PromiseRequest
from coe.audit.models import AuditEvent
from coe.discussion.models import Message, Thread
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, Participant, ReaderRole, ReferenceCounter, Section
from coe.editor.presence import Presence
from coe.exports.models import RenderedPdf
from coe.guidance.models import Waiver
from coe.history.models import HistoryEvent, HistoryText
from coe.incidents.models import Incident, Milestone, Service
from coe.integrations.models import CalendarFeed, Delivery, Webhook
from coe.jobs.models import Heartbeat, Job
from coe.looks.models import Look, Tick
from coe.meetings.models import Meeting, MeetingDecision
from coe.notices.models import DailyMail, DailyTime, Notice, NoticeSetting, Watch
from coe.policies.models import (
    CheckLevel,
    Guide,
    GuideLimit,
    GuideReviewer,
    Holiday,
    Question,
    TeamCalendar,
)
from coe.promises.models import Serving
from coe.publishing.models import Publication, PublishedText
from coe.reminders.models import Digest, Reminder
from coe.reviews.models import ItemDecision, Reviewer, Round, SignOff
from coe.snapshots.models import StoredSnapshot
from coe.timeline.models import Entry
from coe.trackers.models import NewTicket, Ticket, Tracker
from coe.whys.models import Cause, Explanation, Safeguard
from coe.worklist.models import SavedView

__all__ = [
    "ActionItem",
    "Answer",
    "AuditEvent",
    "CalendarFeed",
    "Cause",
    "CheckLevel",
    "DailyMail",
    "DailyTime",
    "Delivery",
    "Digest",
    "Document",
    "Entry",
    "EvidenceFile",
    "Explanation",
    "Guide",
    "GuideLimit",
    "GuideReviewer",
    "Heartbeat",
    "HistoryEvent",
    "HistoryText",
    "Holiday",
    "ImpactFigure",
    "Incident",
    "ItemDecision",
    "Job",
    "Lesson",
    "Look",
    "Meeting",
    "MeetingDecision",
    "Message",
    "Milestone",
    "NewTicket",
    "Notice",
    "NoticeSetting",
    "Participant",
    "Presence",
    "Promise",
    "PromiseEvent",
    "PromiseRequest",
    "Publication",
    "PublishedText",
    "Question",
    "ReaderRole",
    "ReferenceCounter",
    "RelatedItem",
    "Reminder",
    "RenderedPdf",
    "Reviewer",
    "Round",
    "Safeguard",
    "SavedView",
    "Section",
    "Service",
    "Serving",
    "SignInFailure",
    "SignOff",
    "StoredSnapshot",
    "Team",
    "TeamCalendar",
    "Thread",
    "Tick",
    "Ticket",
    "Tracker",
    "User",
    "Waiver",
    "Watch",
    "Webhook",
]
