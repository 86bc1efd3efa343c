"""Every page of the product once: each address in each situation that draws it differently."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from coe.chronicle.sittings import page_of_sittings
from tests.permissions.routes import defaults
from tests.permissions.world import SITUATIONS, World

HISTORIES = ("coe_history", "coe_compare", "coe_what_changed")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def pages(world: World) -> dict[str, Callable[[], HttpResponse]]:
    """What to call for each page, by a name; all of them answer 200 unless the name says more."""
    found: dict[str, Callable[[], HttpResponse]] = {}

    def add(name: str, person: str, address: str) -> None:
        found[name] = lambda: world.client(person).get(address)  # type: ignore[assignment, return-value]

    for situation in SITUATIONS:
        reference = world.cases[situation].reference
        for route in ("coe_read", "coe_draft", "coe_edit", *HISTORIES):
            add(f"{route} {situation}", "owner", reverse(route, args=[reference]))
        add(f"coe_draft {situation} manager", "manager", reverse("coe_draft", args=[reference]))
    del found["coe_draft restricted_draft manager"]
    for situation in ("draft", "approved", "restricted_draft"):
        reference = world.cases[situation].reference
        for route in ("coe_hand_over", "coe_discard", "coe_readers"):
            add(f"{route} {situation}", "owner", reverse(route, args=[reference]))
    case = world.cases["draft"]
    for sitting in page_of_sittings(case.document).sittings:
        opened = f"{reverse('coe_history', args=[case.reference])}?open={sitting.first}"
        add(f"coe_history open {sitting.first}", "owner", opened)
    edit = reverse("coe_edit", args=[case.reference])
    for row in (case.entry, case.cause, case.action):
        add(f"edit open {row.kind_of_row}", "owner", f"{edit}?row={row.uid}")
    for panel in ("timeline", "figures", "safeguards", "causes", "actions", "lessons", "related"):
        add(f"edit add {panel}", "owner", f"{edit}?add={panel}")
    for route in ("home", "action_list", "coe_list", "coe_new", "password_change"):
        add(route, "owner", reverse(route))
        add(f"{route} admin", "admin", reverse(route))
        add(f"{route} leader", "leader", reverse(route))
    for route in ("incident_list", "incident_new", "clock"):
        add(route, "manager", reverse(route))
        add(f"{route} admin", "admin", reverse(route))
    for situation, incident in world.incidents.items():
        if situation != "written":
            add(f"incident {situation}", "manager", reverse("incident", args=[incident.uid]))
    add("team_clock", "manager", reverse("team_clock", args=[world.teams["platform"].pk]))
    add("coe_list empty", "owner", f"{reverse('coe_list')}?q=nothing-has-this-word")
    for route in ("people", "invite", "teams", "add_team", "services", "add_service", "redact"):
        add(route, "admin", reverse(route))
    add("audit", "admin", reverse("audit"))
    for route in ("webhooks", "add_webhook"):
        add(route, "admin", reverse(route))
    for route in ("webhook", "edit_webhook"):
        add(route, "admin", reverse(route, args=[world.delivery.webhook_id]))
    add("team_chat", "admin", reverse("team_chat", args=[world.teams["storage"].pk]))
    add("calendar", "owner", reverse("calendar"))
    add("guide_reviewers", "admin", reverse("guide_reviewers", args=[2]))
    add("people empty", "admin", f"{reverse('people')}?q=nothing-has-this-word")
    for name in ("owner", "deactivated", "manager", "admin"):
        pk = world.people[name].pk
        add(f"person {name}", "admin", reverse("person", args=[pk]))
        add(f"deactivate {name}", "admin", reverse("deactivate_person", args=[pk]))
    add("team", "admin", reverse("team", args=[world.teams["storage"].pk]))
    add("service", "admin", reverse("service", args=[world.service.pk]))
    for route in ("sign_in", "password_reset", "password_reset_sent", "password_reset_complete"):
        add(f"{route} anonymous", "anonymous", reverse(route))
    return found


def refusals(world: World) -> dict[str, tuple[int, Callable[[], HttpResponse]]]:
    """A page for each way of being refused, with its status."""
    draft, approved = world.cases["draft"], world.cases["approved"]
    owner, reviewer = world.client("owner"), world.client("reviewer")
    anonymous = world.client("anonymous")
    section = reverse("coe_section", args=[draft.reference, "summary"])
    facts = reverse("coe_facts", args=[draft.reference])
    stale = {"text": "Mine", "version": 0}
    strict = world.client("owner", with_csrf_checks=True)
    gone = {route: reverse(route, kwargs=defaults(route)) for route in OVER}
    calls: dict[str, tuple[int, Any]] = {
        "a host that is not ours": (400, lambda: anonymous.get("/", HTTP_HOST="evil.example")),
        "more fields than fit": (
            400,
            lambda: owner.post(section, {f"f{number}": "" for number in range(2100)}),
        ),
        "more text than fits": (400, lambda: owner.post(section, {"text": "x" * 5_000_000})),
        "one may read and not write": (
            403,
            lambda: reviewer.get(reverse("coe_edit", args=[draft.reference])),
        ),
        "what was typed where one may only read": (403, lambda: reviewer.post(section, stale)),
        "no token": (403, lambda: strict.post(section, stale)),
        "no administrator": (403, lambda: owner.get(reverse("people"))),
        "no such address": (404, lambda: owner.get("/nowhere/")),
        "no such address, anonymous": (404, lambda: anonymous.get("/nowhere/")),
        "no such static file": (404, lambda: owner.get("/static/nothing.css")),
        "no such COE": (404, lambda: owner.get("/coes/COE-1999-0001/")),
        "not by this method": (405, lambda: owner.get(section)),
        "a stale version": (409, lambda: owner.post(section, stale)),
        "approved meanwhile": (
            409,
            lambda: owner.post(reverse("coe_facts", args=[approved.reference]), _facts(world)),
        ),
        "a stale button": (
            409,
            lambda: owner.post(reverse("coe_submit", args=[approved.reference])),
        ),
        "facts that are not right": (422, lambda: owner.post(facts, {"title": ""})),
        "a new COE without a title": (422, lambda: owner.post(reverse("coe_new"), {"title": ""})),
        "a filter that is none": (422, lambda: owner.get(f"{reverse('coe_list')}?state=no")),
        "changes without a word": (
            422,
            lambda: world.client("manager").post(
                reverse("coe_changes", args=[world.cases["in_review"].reference]),
                {"digest": world.cases["in_review"].digest, "note": ""},
            ),
        ),
        "a wrong password": (
            422,
            lambda: anonymous.post(reverse("sign_in"), {"email": "a@example.org", "password": "x"}),
        ),
        **{route: (410, lambda route=route: anonymous.get(gone[route])) for route in OVER},
    }
    return calls


OVER = ("accept_invitation", "password_reset_confirm")


def _facts(world: World) -> dict[str, Any]:
    incident = world.cases["approved"].document.incident
    return {
        "title": "Later",
        "severity": 2,
        "category": "outage",
        "team": incident.team_id,
        "zone": "UTC",
        "classification": "internal",
        "version": incident.version,
    }


@dataclass
class Form:
    """A form of a page, with the values that a browser would send."""

    attributes: dict[str, str]
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return self.attributes.get("method", "get").lower()


class Reader(HTMLParser):
    """Reads a page: its tags in order, its forms with their fields, and how it is nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.inline_scripts = 0
        self._form: Form | None = None
        self._select = ""
        self._textarea: list[str] | None = None
        self._buttons: list[dict[str, str]] = []
        self.feed(html)
        self.close()
        self.forms += [self._sent_by(button) for button in self._buttons]

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks on which line a tag stands."""
        return j

    def _sent_by(self, button: dict[str, str]) -> Form:
        """The form as a button sends it that names another address, and itself."""
        (shared,) = (each for each in self.forms if each.attributes.get("id") == button["form"])
        fields = shared.fields | {button["name"]: [button["value"]]}
        return Form(shared.attributes | {"action": button["formaction"]}, fields)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "button" and "formaction" in attributes:
            self._buttons.append(attributes)
        elif tag == "form":
            self._form = Form(attributes)
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def _field(self, tag: str, attributes: dict[str, str]) -> None:
        assert self._form is not None
        name = attributes.get("name", "")
        values = self._form.fields.setdefault(name, []) if name else []
        kind = attributes.get("type", "text")
        if tag == "input" and (kind not in ("checkbox", "radio") or "checked" in attributes):
            values.append(attributes.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attributes:
            self._form.fields.setdefault(self._select, []).append(attributes.get("value", ""))
        elif tag == "textarea":
            self._textarea = values
            values.append("")

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea[0] += data
        if self.open and self.open[-1] in ("script", "style") and data.strip():
            self.inline_scripts += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            # A browser leaves out the one line end right after the tag.
            self._textarea[0] = self._textarea[0].removeprefix("\n")
            self._textarea = None
        if tag == "form":
            self._form = None
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.misnested.append(tag)

    def form(self, action: str) -> Form:
        """The one form that is sent to `action`, beside the ways on from a clash."""
        sent = (each for each in self.forms if each.attributes.get("action", "") == action)
        (found,) = (each for each in sent if "data-take" not in each.attributes)
        return found

    def way(self, name: str) -> Form:
        """The form of a way on from a clash: mine, theirs or merged."""
        (found,) = (each for each in self.forms if each.attributes.get("data-take") == name)
        return found
