"""Everybody and every situation at once: people around one team, and one COE in each situation.

Company (managed by the director) > Platform (by the manager) > Storage: owner, colleague
                                  > Payments: stranger, contributor and reviewer (of these COEs)
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from coe.accounts.models import Team, User
from coe.actions.models import (
    ActionItem,
    EvidenceFile,
    Priority,
    Promise,
    PromiseEvent,
    PromiseRequest,
)
from coe.discussion.models import Thread
from coe.discussion.places import Place
from coe.discussion.services import Said, open_thread
from coe.documents.contents import Answer, ImpactFigure, Lesson, RelatedItem
from coe.documents.models import Document, DocumentRow, Participant, Section, State
from coe.documents.rows import add_row
from coe.documents.services import (
    AnswerChange,
    add_participant,
    facts,
    open_coe,
    save_answers,
    save_facts,
    save_section,
)
from coe.editor.composing import draft_of
from coe.guidance.reading import examine
from coe.history.models import HistoryEvent
from coe.incidents.models import Incident, Service, Severity
from coe.incidents.registering import register_incident, set_aside_incident
from coe.integrations.models import Delivery
from coe.integrations.services import add_webhook
from coe.jobs.models import Job
from coe.meetings.services import add_decision, end_meeting, start_meeting
from coe.policies.drafts import begin_draft
from coe.policies.editing import add_ruling
from coe.policies.models import CheckLevel
from coe.promises.models import Serving
from coe.promises.requests import ask_for
from coe.publishing.services import publish
from coe.reviews.models import Reviewer
from coe.reviews.proposals import proposal_digest, proposals_of, written
from coe.reviews.workflow import make_transition
from coe.snapshots.services import take_snapshot
from coe.text.instants import Instant, Precision
from coe.timeline.models import Entry
from coe.timeline.services import add_entry
from coe.trackers.models import Tracker
from coe.trackers.services import Stated, add_tracker
from coe.whys.models import Cause, Safeguard
from coe.whys.services import add_cause
from tests.people import make_person
from tests.permissions.routes import arguments_of
from tests.reviews.steps import make_submittable, settle

SIGNED_IN = (
    "owner",
    "contributor",
    "colleague",
    "reviewer",
    "manager",
    "director",
    "leader",
    "stranger",
    "admin",
)
NOT_SIGNED_IN = ("anonymous", "deactivated")

SITUATIONS = (
    "draft",
    "in_review",
    "changes_requested",
    "approved",
    "published",
    "correction",
    "restricted_draft",
    "restricted_in_review",
    "restricted_published",
    "restricted_correction",
)

OF_INCIDENTS = ("without", "set_aside", "written")
OF_TEAMS = ("storage", "payments", "company")

A_DAY = datetime(2026, 11, 1, tzinfo=UTC)
MISSING = "COE-1999-0001"
FEW_ZONES = ("UTC", "America/Los_Angeles", "Asia/Tokyo")


@dataclass
class Case:
    """One COE, with a word that stands in everything it says and in nothing else.

    `word` is in the working copy, `published_word` in what readers get.
    """

    situation: str
    document: Document
    word: str
    published_word: str
    entry: Entry
    cause: Cause
    action: ActionItem

    @property
    def reference(self) -> str:
        return self.document.reference

    @property
    def digest(self) -> str:
        return take_snapshot(self.document).digest


@dataclass
class World:
    people: dict[str, User]
    teams: dict[str, Team]
    service: Service
    failed_job: Job
    delivery: Delivery
    tracker: Tracker
    cases: dict[str, Case] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str, *, with_csrf_checks: bool = False, raises: bool = True) -> Client:
        """The browser of somebody, as it was when they had just signed in.

        All share the application: made anew, it reads the folder of static files each time.
        """
        client = Client(raise_request_exception=raises)
        client.handler = _application(with_csrf_checks)
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client


@cache
def _application(with_csrf_checks: bool) -> ClientHandler:
    return ClientHandler(enforce_csrf_checks=with_csrf_checks)


def build_world() -> World:
    """Make all of it, through the services where there are any. Inside a transaction."""
    people, teams = _people()
    service = Service.objects.create(name="Uploads", team=teams["storage"])
    failed_job = Job.objects.create(kind="invitation", state=Job.State.FAILED, ended_at=A_DAY)
    delivery, tracker = _failed_delivery(people["admin"]), _tracker(people["admin"])
    world = World(people, teams, service, failed_job, delivery, tracker)
    for situation in SITUATIONS:
        world.cases[situation] = make_case(world, situation)
    world.incidents = {each: _incident(world, each) for each in OF_INCIDENTS}
    _draft_guide(people["admin"])
    for name in (*SIGNED_IN, "deactivated"):
        client = Client()
        client.force_login(people[name])
        world.sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    people["deactivated"].is_active = False
    people["deactivated"].save(update_fields=["is_active"])
    return world


def _to_link(case: Case, world: World) -> Promise:
    """An item that all may read, of another COE, that does not serve it yet."""
    home = "published" if case.situation == "correction" else "correction"
    return Promise.objects.get(document=world.cases[home].document)


def _incident(world: World, situation: str) -> Incident:
    """An incident that the reviewer registered for the team of the owner."""
    people, storage = world.people, world.teams["storage"]
    facts: dict[str, Any] = {"title": f"Backups {situation}", "severity": 3, "team": storage}
    incident = register_incident(
        uid=uuid4(),
        category="outage",
        service=None,
        impact_started=None,
        by=people["reviewer"],
        **facts,
    )
    if situation == "set_aside":
        set_aside_incident(incident, reason="It was a drill.", by=people["manager"])
    if situation == "written":
        open_coe(uid=uuid4(), zone="UTC", by=people["owner"], incident=incident, **facts)
    return incident


def _failed_delivery(by: User) -> Delivery:
    """Something that a webhook was not told."""
    webhook, _ = add_webhook(
        name="Status page",
        address="https://hooks.example.com/in",
        events=["coe.published"],
        tells_restricted=True,
        by=by,
    )
    return Delivery.objects.create(
        webhook=webhook, event="test", body="{}", state=Delivery.State.FAILED, tries=18
    )


def _tracker(by: User) -> Tracker:
    stated = Stated("jira", "Board", "https://tickets.example.com", "PRC")
    return add_tracker(stated=stated, token="secret", by=by)


def _draft_guide(by: User) -> None:
    """The draft of version 2, which says something else than what is in force."""
    begin_draft(by=by)
    ruling = CheckLevel(check_id="COE151")
    for_worst: dict[str, Any] = {"severity": 1, "category": "", "team": None}
    add_ruling(version=2, ruling=ruling, value="hint", by=by, **for_worst)


def _people() -> tuple[dict[str, User], dict[str, Team]]:
    company = Team.objects.create(name="Company")
    platform = Team.objects.create(name="Platform", parent=company)
    storage = Team.objects.create(name="Storage", parent=platform, zone="America/Los_Angeles")
    payments = Team.objects.create(name="Payments", parent=company)
    people = {
        "owner": make_person("owner", storage),
        "contributor": make_person("contributor", payments),
        "colleague": make_person("colleague", storage),
        "reviewer": make_person("reviewer", payments),
        "manager": make_person("manager", platform),
        "director": make_person("director", company),
        "leader": make_person("leader", is_leader=True),
        "stranger": make_person("stranger", payments),
        "admin": make_person("admin", is_administrator=True),
        "deactivated": make_person("deactivated", storage, is_administrator=True, is_leader=True),
    }
    User.objects.update(joined_at=datetime(2026, 1, 1, tzinfo=UTC))
    people = {name: User.objects.get(pk=person.pk) for name, person in people.items()}
    Team.objects.filter(pk=platform.pk).update(manager=people["manager"])
    Team.objects.filter(pk=company.pk).update(manager=people["director"])
    teams = {"company": company, "platform": platform, "storage": storage, "payments": payments}
    return people, {name: Team.objects.get(pk=team.pk) for name, team in teams.items()}


def make_case(world: World, situation: str, *, owner_name: str = "owner") -> Case:
    """A COE brought into a situation by those who can."""
    owner, manager = world.people[owner_name], world.people["manager"]
    word = "X" + situation.replace("_", "")
    document = open_coe(
        uid=uuid4(),
        title=f"Uploads failed {word}",
        severity=Severity.TWO,
        team=world.teams["storage"],
        zone="America/Los_Angeles",
        is_restricted=situation.startswith("restricted"),
        by=owner,
    )
    for name, role in (
        ("contributor", Participant.Role.CONTRIBUTOR),
        ("reviewer", Participant.Role.REVIEWER),
    ):
        add_participant(document, user=world.people[name], role=role, by=owner)
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=1, text=f"Summary {word}", by=owner)
    _write_contents(document, word, owner)
    case = Case(situation, document, word, "", *_rows(document, word, world))
    _suggest(document, word, world.people["reviewer"])
    make_submittable(document)
    stage = situation.removeprefix("restricted_")
    if stage != "draft":
        case.document = make_transition(document, to=State.IN_REVIEW, by=owner)
        settle(document)
    if stage == "changes_requested":
        case.document = make_transition(
            document, to=State.CHANGES_REQUESTED, by=manager, digest=case.digest, note="Say more"
        )
    if stage in ("approved", "published", "correction"):
        case.document = make_transition(document, to=State.APPROVED, by=manager, digest=case.digest)
    if stage in ("published", "correction"):
        publish(case.document, by=owner)
        case.published_word = word
    if stage == "correction":
        make_transition(case.document, to=State.DRAFT, by=owner)
        case.word = word.replace("X", "Y")
        _rewrite(case, owner)
    case.document = Document.objects.with_readers_fields().get(pk=document.pk)
    _meet(case, owner)
    for promise in Promise.objects.with_readers_fields().filter(document=document):
        _ask_to_move(promise, case.published_word or word)
    return case


def _ask_to_move(promise: Promise, word: str) -> None:
    """Its owner asks for a later date, with a file that says why."""
    owner = promise.owner
    assert owner is not None
    reason, wanted = f"Late because {word}", date(2031, 1, 1)
    ask_for(promise, kind=PromiseRequest.Kind.MOVE, reason=reason, wanted=wanted, by=owner)
    event = PromiseEvent.objects.get(promise=promise)
    EvidenceFile.objects.create(
        event=event, name="why.txt", media_type="text/plain", content=word.encode()
    )


def _meet(case: Case, owner: User) -> None:
    """Two meetings: one that is over, and one that goes on."""
    for decided in ("over", "going on"):
        meeting = start_meeting(
            case.document, uid=uuid4(), presenter=owner, minutes=15, by=owner, present=case.word
        )
        add_decision(meeting, uid=uuid4(), text=f"Decided {case.word}", by=owner)
        if decided == "over":
            end_meeting(meeting, by=owner)


def _write_contents(document: Document, word: str, by: User) -> None:
    """An answer, and a row of each kind that nobody is sent to by its address."""
    answer = Answer.objects.filter(document=document).select_related("question")[0]
    save_answers(document, changes=[AnswerChange(answer, 1, f"Answer {word}")], by=by)
    told: tuple[tuple[type[DocumentRow], dict[str, str]], ...] = (
        (ImpactFigure, {"what": f"Figure {word}", "source": "measured"}),
        (Lesson, {"kind": "well", "text": f"Lesson {word}"}),
        (RelatedItem, {"kind": "page", "title": f"Page {word}"}),
        (Safeguard, {"name": f"Check {word}", "kind": "test", "outcome": "held"}),
    )
    for model, values in told:
        add_row(model, document=document, uid=uuid4(), values=values, by=by)


def _suggest(document: Document, word: str, by: User) -> None:
    """Other words for the summary, which is still so called when it is written anew."""
    place = Place("section", "summary")
    said = Said("suggestion", f"Said about {word}", "Summary", "In short:")
    open_thread(document, uid=uuid4(), place=place, said=said, by=by)


def _rows(document: Document, word: str, world: World) -> tuple[Entry, Cause, ActionItem]:
    owner = world.people["owner"]
    at = Instant(datetime(2026, 11, 14, 10, 14, tzinfo=UTC), Precision.MINUTE, None)
    entry = add_entry(document, uid=uuid4(), instant=at, text=f"Entry {word}", by=owner)
    cause = add_cause(
        document,
        uid=uuid4(),
        values={"text": f"Cause {word}", "kind": "", "confidence": "likely", "evidence": ""},
        explains=[],
        by=owner,
    )
    deeper = {"text": f"Deeper {word}", "kind": "", "confidence": "likely", "evidence": ""}
    below = add_cause(document, uid=uuid4(), values=deeper, explains=[cause], by=owner)
    deepest = deeper | {"text": f"Deepest {word}"}
    add_cause(document, uid=uuid4(), values=deepest, explains=[below, cause], by=owner)
    beside = deeper | {"text": f"Beside {word}"}
    add_cause(document, uid=uuid4(), values=beside, explains=[cause], by=owner)
    values = {
        "title": f"Action {word}",
        "done_when": "",
        "owner_id": world.people["colleague"].pk,
        "due_on": date(2030, 1, 1),
        "priority": Priority.P2,
        "kind": "",
        "cause_id": cause.pk,
        "tracker": "",
    }
    action = add_row(ActionItem, document=document, uid=uuid4(), values=values, by=owner)
    return entry, cause, action


def _rewrite(case: Case, owner: User) -> None:
    """Give the working copy other words than the publication has."""
    document = Document.objects.with_readers_fields().get(pk=case.document.pk)
    values = facts(document) | {"title": f"Uploads failed {case.word}"}
    save_facts(document, version=document.incident.version, values=values, by=owner)
    section = Section.objects.get(document=document, slug="summary")
    save_section(section, version=section.version, text=f"Summary {case.word}", by=owner)


def plausible(route: str, case: Case, world: World) -> dict[str, Any]:
    """What a browser would send to `route` of this COE, correct in every field."""
    document = case.document
    entry = {"when": "2026-11-14 02:20", "text": "Traffic was moved", "evidence": ""}
    milestones: dict[str, Any] = {}
    for each in document.incident.milestones.all():
        milestones |= {f"{each.kind}-state": each.state, f"{each.kind}-when": ""}
        milestones[f"{each.kind}-version"] = each.version
    answers: dict[str, Any] = {}
    for answer in document.answers.filter(question__part="detection").select_related("question"):
        answers[f"{answer.question.slug}-text"] = answer.text
        answers[f"{answer.question.slug}-version"] = answer.version
    running = {"meeting": 2}
    bodies: dict[str, dict[str, Any]] = {
        "coe_facts": {
            "title": "A better title",
            "severity": 2,
            "category": "outage",
            "team": document.incident.team_id,
            "service": world.service.pk,
            "zone": document.zone,
            "classification": document.classification,
            "is_restricted": "on" if document.is_restricted else "",
            "version": document.incident.version,
        },
        "coe_milestones": milestones
        | {"detected-state": "recorded", "detected-when": "2026-11-14 02:15"},
        "coe_choose_sections": {"sections": "one"},
        "coe_here": {"place": "summary", "since": "0"},
        "coe_preview": {"text": "A *look*", "version": 1, "preview": "text"},
        "coe_answers": answers | {"found-by-text": "A customer called."},
        "coe_section": {
            "text": "Better text",
            "version": _summary(document).version,
        },
        "coe_add_contributor": {"person": world.people["stranger"].pk},
        "coe_remove_contributor": {"person": world.people["contributor"].pk},
        "coe_readers": {"who": f"person:{world.people['stranger'].pk}"},
        "coe_ask_reviewer": {"person": world.people["stranger"].pk},
        "coe_let_reviewer_go": {"person": world.people["reviewer"].pk},
        "coe_hand_over": {"to": world.people["colleague"].pk},
        "row_add": {**entry, "uid": uuid4()},
        "row_write": {**entry, "uid": case.entry.uid, "version": case.entry.version},
        "timeline_paste": {"lines": "2026-11-14 02:20 Traffic was moved"},
        "timeline_lines": {
            "batch": uuid4(),
            "count": 1,
            "when-0": "2026-11-14 02:20",
            "text-0": "Traffic was moved",
        },
        "row_move": {"to": "up"},
        "row_remove": {"version": case.entry.version},
        "cause_nest": {"version": 1},
        "cause_unnest": {"version": 1},
        "cause_kind": {
            "uid": case.cause.uid,
            "version": 1,
            "kind": "latent",
            "confidence": "likely",
        },
        "coe_elsewhere": {"promise": _to_link(case, world).pk, "note": "It mends this too."},
        "promise_step": {"to": "in_progress", "start": "accepted"},
        "promise_due": {"seen": "2030-01-01", "due_on": "2030-01-02", "reason": "It is late."},
        "promise_wont_do": {"reason": "It is not needed any more."},
        "promise_owner": {"to": document.owner_id, "reason": "I am away."},
        "promise_ticket": {"seen": "", "tracker": "PRC-881"},
        "promise_open_ticket": {"tracker": world.tracker.pk, "is_confirmed": "on"},
        "promise_decide": {"answer": "grant"},
        "coe_bring_back_change": {"side": "before", "version": _summary(document).version},
        "coe_meeting_start": {"uid": uuid4(), "presenter": document.owner_id, "minutes": 15},
        "coe_meeting_decide": {**running, "uid": uuid4(), "text": "Page earlier", "chapter": ""},
        **dict.fromkeys(("coe_meeting_longer", "coe_meeting_walk", "coe_meeting_undo"), running),
        "coe_meeting_end": running,
        "coe_lay_out": _laid_out(document) if route == "coe_lay_out" else {},
        "coe_retract": {"version": document.current_version or 1, "reason": "It names a customer."},
        "coe_thread_open": {
            "uid": uuid4(),
            "on": "section:summary",
            "back": "draft",
            "kind": "question",
            "text": "Which ones?",
        },
        "coe_thread_reply": {"uid": uuid4(), "text": "Those in Oregon."},
        "coe_thread_resolve": {"note": "It says so now."},
        "cause_answer": {"uid": uuid4(), "title": "Add an alarm", "priority": 2},
    }
    if route == "coe_excuse_reviewer":
        reviewer = world.people["reviewer"]
        Reviewer.objects.filter(
            round__document=document, round__closed_at=None, user=reviewer
        ).update(is_required=True)
        return {"person": reviewer.pk, "reason": "They are away until Monday."}
    if route in ("coe_approve", "coe_changes", "coe_publish", "coe_sign"):
        return {"digest": case.digest, "note": "Say who was hit."}
    if route.startswith("coe_item"):
        return _decided(case, world)
    if route in ("coe_tick", "coe_tick_all"):
        opened = HistoryEvent.objects.filter(document=document).order_by("pk")[0].pk
        part = {"part": "sections-summary", "digest": "0" * 64, "is_seen": "on"}
        parts = f"sections-summary:{'0' * 64}"
        return {**part, "parts": parts, "since": opened, "until": "now", "known": opened}
    if route.startswith("finding_"):
        return {"key": examine(document).hints[0].key, "reason": "It was never measured."}
    return bodies.get(route, {})


def _decided(case: Case, world: World) -> dict[str, Any]:
    """What the page of the only action item sends back, whichever of its buttons is pressed."""
    case.document.item_decisions.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    item = proposals_of(case.document).get()
    seen = written(item.version, proposal_digest(item), None)
    return {
        "seen": seen,
        "item": f"{item.uid}|{seen}",
        "owner": world.people["owner"].pk,
        "due_on": "2030-02-01",
        "priority": item.priority,
        "title": item.title,
        "done_when": "It rings.",
        "reason": "It is urgent.",
        "decision": 0,
    }


def _laid_out(document: Document) -> dict[str, Any]:
    """The summary as it was laid out once, and the digest of what it would be by now."""
    document.sections.filter(slug="summary").update(composed=F("text"))
    section = _summary(document)
    offered = draft_of(document, section).digest
    return {"text": section.text, "version": section.version, "offered": offered}


def _summary(document: Document) -> Section:
    return Section.objects.get(document=document, slug="summary")


def address_arguments(route: str, reference: str, uid: UUID) -> dict[str, Any]:
    """The variable parts of the address of a route of one COE."""
    arguments: dict[str, Any] = {"reference": reference}
    if route == "coe_section":
        arguments["slug"] = "summary"
    if route in ("coe_version", "coe_changes_of_version"):
        arguments["version"] = 1
    if route == "coe_answers":
        arguments["part"] = "detection"
    if route == "coe_bring_back_change":
        written = HistoryEvent.objects.filter(document__reference=reference, subject="section")
        arguments["event"] = written.values_list("pk", flat=True).first() or 1
    if route == "coe_preview":
        arguments["panel"] = "summary"
    if route == "coe_meeting_record":
        arguments["number"] = 1
    if route.startswith("row_"):
        arguments["panel"] = "timeline"
    if route in ("coe_text", "coe_draft_text"):
        arguments["ending"] = "md"
    if route in ("coe_table", "coe_draft_table"):
        arguments["name"] = "timeline"
    if route in ("row_write", "row_move", "row_remove", "timeline_place"):
        arguments["uid"] = uid
    if route.startswith("coe_item") and "uid" in arguments_of(route):
        items = ActionItem.objects.filter(document__reference=reference)
        arguments["uid"] = items.values_list("uid", flat=True).first() or uid
    if route == "coe_thread" or route.startswith("coe_thread_"):
        threads = Thread.objects.filter(document__reference=reference)
        arguments["uid"] = threads.values_list("uid", flat=True).first() or uid
    if route in ("coe_thread_new", "coe_thread_open"):
        del arguments["uid"]
    if route.startswith("promise"):
        arguments |= _promise_arguments(route, reference, uid)
    if route == "coe_elsewhere_unlink":
        arguments["key"] = _linked(reference)
    if route.startswith("cause_"):
        beside = Cause.objects.filter(document__reference=reference, text__startswith="Beside")
        arguments["uid"] = beside.values_list("uid", flat=True).first() or uid
    return arguments


def _promise_arguments(route: str, reference: str, uid: UUID) -> dict[str, Any]:
    promise = Promise.objects.filter(document__reference=reference).first()
    arguments: dict[str, Any] = {"uid": promise.uid if promise else uid}
    if route in ("promise_decide", "promise_take_back"):
        asked = PromiseRequest.objects.filter(promise=promise).first() if promise else None
        arguments["key"] = asked.pk if asked else 1
    if route == "promise_evidence":
        event = PromiseEvent.objects.filter(promise=promise).first() if promise else None
        arguments["event"] = event.pk if event else 1
    return arguments


def _linked(reference: str) -> int:
    """The key of what mends a COE elsewhere: an item of another one, which is linked to it now."""
    document = Document.objects.filter(reference=reference).first()
    promise = Promise.objects.exclude(document=document).filter(document__is_restricted=False)
    if document is None:
        return 1
    by = document.owner
    return Serving.objects.create(
        promise=promise[0], document=document, note="It mends this too.", linked_by=by, name=by.name
    ).pk


def make_pages_quick(patch: pytest.MonkeyPatch) -> None:
    """Leave out the list of all zones, which takes long to draw and is tested elsewhere."""
    patch.setattr("coe.documents.forms.zone_choices", lambda: FEW_ZONES)


@contextmanager
def standing_world(blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, built once for a package of tests and taken down after the last of them.

    The tests must be marked `django_db`: without a test that is, no test database is made, and
    the world would stand in the real one.
    """
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        assert connection.settings_dict["NAME"].startswith("test_")
        # Who may print is the question here; printing itself takes half a second each time.
        patch.setattr("coe.exports.views.pdf_of", lambda printable: str(printable).encode())
        make_pages_quick(patch)
        # A refusal is logged with its traceback, which takes longer than the refusal.
        patch.setattr(logging.getLogger("django.request"), "level", logging.CRITICAL)
        yield build_world()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
