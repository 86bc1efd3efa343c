"""The rail beside the workspace, and sections that stand one at a time."""

import re
from json import loads

import pytest

from coe.documents.models import Document, State
from coe.timeline.models import Entry
from tests.editor.kinds import ADDS, EDITS, Kind
from tests.editor.writer import HTMX, PLAIN, Answer, Writer
from tests.reviews.steps import make_submittable

FULL = [
    "facts",
    "milestones",
    "timeline",
    "impact",
    "metrics",
    "detection",
    "diagnosis",
    "mitigation",
    "prevention",
    "safeguards",
    "causes",
    "actions",
    "lessons",
    "related",
    "summary",
    "submit",
]
LIGHT = ["facts", "milestones", "impact", "causes", "actions", "summary", "submit"]

# The panels of a stop, where there are more than the one that is called like it.
PANELS = {
    "facts": ["facts", "people"],
    "impact": ["impact", "figures", "questions-impact"],
    "actions": ["actions", "trace"],
    **{
        part: [f"questions-{part}"]
        for part in ("detection", "diagnosis", "mitigation", "prevention")
    },
}


def panels_of(stop: str) -> list[str]:
    return PANELS.get(stop, [stop])


def shown(answer: Answer) -> list[str]:
    """The panels on a page, in their order."""
    return [
        attributes["id"]
        for tag, attributes in answer.reader.tags
        if tag == "section" and attributes.get("class") == "section"
    ]


def rail(writer: Writer, query: str = "") -> Answer:
    address = writer.address("rail/") + query
    return Answer(writer.client.get(address))  # type: ignore[arg-type]


def links(answer: Answer) -> list[str]:
    return [
        attributes["href"]
        for tag, attributes in answer.reader.tags
        if tag == "a" and attributes.get("class") == "rail__link"
    ]


def proposed(answer: Answer) -> str:
    found = re.search(r'class="rail__next"><span>Next</span> <a [^>]*>([^<]*)<', answer.text)
    return found[1] if found else ""


def choose(writer: Writer, sections: str) -> None:
    assert writer.send("sections/", {"sections": sections}).status == 303


def test_the_page_shows_the_panels_of_every_stop(owner: Writer) -> None:
    assert shown(owner.open()) == [panel for stop in FULL for panel in panels_of(stop)]


@pytest.mark.parametrize(("form", "stops"), [("full", FULL), ("light", LIGHT)])
def test_the_rail_leads_to_each_stop(
    owner: Writer, document: Document, form: str, stops: list[str]
) -> None:
    Document.objects.filter(pk=document.pk).update(form=form)
    assert links(owner.open()) == [f"#{panels_of(stop)[0]}" for stop in stops]


def test_the_rail_says_how_far_each_stop_has_come(owner: Writer) -> None:
    owner.save("sections/summary/", text="It failed.")
    owner.save("questions/detection/", **{"found-by-text": "A customer called."})
    words = {}
    stops = rail(owner).text.partition("</nav>")[0]
    for item in re.findall(r"<li>(.*?)</li>", stops, re.DOTALL):
        plain = " ".join(re.sub(r"<[^>]+>", " ", item).split())
        name, _, standing = plain.rpartition(" ")
        words[name.removesuffix(" ✓")] = standing
    assert words == {
        "Facts": "complete",
        "Milestones": "empty",
        "Timeline": "empty",
        "Impact": "empty",
        "Metrics": "empty",
        "Detection": "begun",
        "Diagnosis": "empty",
        "Mitigation": "empty",
        "Prevention": "empty",
        "Safeguards": "empty",
        "Causes": "empty",
        "Action items": "empty",
        "Lessons": "empty",
        "Related items": "optional",
        "Summary": "complete",
        "Submit": "empty",
    }


def test_the_rail_alone_is_what_follows_a_save(owner: Writer) -> None:
    sent = owner.form("milestones/")
    sent |= {name: "not_applicable" for name in sent if re.fullmatch(r"[a-z_]+-state", name)}
    assert proposed(owner.open()) == "Say when it started, was noticed, and was over"
    answer = owner.send("milestones/", sent, by_htmx=HTMX)
    assert loads(answer.response["HX-Trigger"]) == {"saved": {}}
    fresh = rail(owner)
    assert fresh.status == 200
    assert re.match(r'\s*<nav class="rail"\s+id="rail"', fresh.text)
    assert "<html" not in fresh.text
    assert proposed(fresh) == "Put down what happened, line by line"


@pytest.mark.parametrize("kind", [*EDITS, *ADDS], ids=str)
def test_every_save_by_htmx_tells_the_rail_and_no_refusal_does(
    owner: Writer, rows: dict[str, Entry], kind: Kind
) -> None:
    kind = kind.on(rows)
    sent = owner.form(kind.path, kind.query) | kind.typed
    refused = owner.send(kind.path, sent | {kind.main: "a\x00b"}, by_htmx=HTMX)
    assert (refused.status, "HX-Trigger" in refused.response.headers) == (422, False)
    saved = owner.send(kind.path, sent, by_htmx=HTMX)
    assert (saved.status, loads(saved.response["HX-Trigger"])) == (200, {"saved": {}})


def test_nothing_is_proposed_for_what_was_approved(owner: Writer, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(state=State.APPROVED)
    assert proposed(owner.open()) == ""


def test_sections_stand_below_each_other_until_somebody_chooses_one_at_a_time(
    owner: Writer, contributor: Writer
) -> None:
    everything = shown(owner.open())
    choose(owner, "one")
    assert shown(owner.open()) == ["milestones"]
    assert shown(contributor.open()) == everything
    choose(owner, "all")
    assert shown(owner.open()) == everything


@pytest.mark.parametrize("sections", ["", "all", "One", "two", "\x00"])
def test_any_other_choice_shows_all_sections(owner: Writer, sections: str) -> None:
    choose(owner, "one")
    choose(owner, sections)
    assert len(shown(owner.open())) == 20


@pytest.mark.parametrize(
    ("query", "stop"),
    [
        *((f"?section={stop}", stop) for stop in FULL),
        ("?section=figures", "impact"),
        ("?section=questions-impact", "impact"),
        ("?section=questions-detection", "detection"),
        ("?section=nothing", "milestones"),
        ("?section=", "milestones"),
        ("?add=causes", "causes"),
        ("?add=figures", "impact"),
        ("?section=facts&add=causes", "facts"),
    ],
)
def test_one_at_a_time_the_address_says_which(owner: Writer, query: str, stop: str) -> None:
    choose(owner, "one")
    page = owner.open(query)
    assert shown(page) == panels_of(stop)
    current = [each for _, each in page.reader.tags if each.get("aria-current") == "true"]
    assert [each["href"].partition("#")[0] for each in current] == [f"?section={stop}"]


def test_one_at_a_time_the_page_leads_on_and_back(owner: Writer) -> None:
    choose(owner, "one")
    page, ways = "facts", []
    for _ in FULL:
        tags = owner.open(f"?section={page}").reader.tags
        by_rel = {each["rel"]: each["href"] for _, each in tags if each.get("rel") in WAYS}
        ways.append((by_rel.get("prev", ""), by_rel.get("next", "")))
        page = by_rel.get("next", "").removeprefix("?section=")
    before = ["", *(f"?section={stop}" for stop in FULL[:-1])]
    after = [*(f"?section={stop}" for stop in FULL[1:]), ""]
    assert ways == list(zip(before, after, strict=True))


WAYS = ("prev", "next")


def test_one_at_a_time_the_open_row_brings_its_section(owner: Writer, entry: Entry) -> None:
    choose(owner, "one")
    page = owner.open(f"?row={entry.uid}")
    assert shown(page) == ["timeline"]
    assert page.form(owner.address(f"timeline/{entry.uid}/"))


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_one_at_a_time_a_refusal_stands_in_its_own_section(owner: Writer, by_htmx: bool) -> None:
    choose(owner, "one")
    sent = {"text": "a\x00b", "version": "1"}
    answer = owner.send("sections/summary/", sent, by_htmx=by_htmx)
    assert answer.status == 422
    assert shown(answer) == ["summary"]


def test_one_at_a_time_the_rail_stays_where_the_page_is(owner: Writer) -> None:
    choose(owner, "one")
    fragment = rail(owner, "?section=lessons")
    (nav,) = [each for tag, each in fragment.reader.tags if each.get("id") == "rail"]
    assert nav["hx-get"] == owner.address("rail/") + "?section=lessons"
    assert links(fragment)[0] == "?section=facts#facts"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("?add=related&kind=metric", ["metric"]),
        ("?add=related&kind=ticket", ["ticket"]),
        ("?add=related&kind=rumour", []),
        ("?add=related", []),
        ("?add=lessons&kind=lucky", ["lucky"]),
    ],
)
def test_a_link_may_say_of_which_kind_the_new_row_is(
    owner: Writer, query: str, kind: list[str]
) -> None:
    panel = "lessons" if "lessons" in query else "related"
    assert owner.open(query).form(owner.address(f"{panel}/add/")).fields["kind"] == kind


def test_the_panels_link_to_the_related_items_that_they_show(owner: Writer) -> None:
    page = owner.open()
    wanted = f"{owner.page_address}?section=related&add=related&kind="
    found = [
        each["href"].removeprefix(wanted)
        for tag, each in page.reader.tags
        if tag == "a" and each.get("href", "").startswith(wanted)
    ]
    assert found == ["feedback#related", "metric#related"]


def test_a_graph_among_the_related_items_is_shown_with_the_metrics(
    owner: Writer,
) -> None:
    graph = {"kind": "metric", "title": "Errors per minute", "url": "https://a.example/7"}
    assert owner.save("related/add/", "?add=related&kind=metric", **graph).status == 303
    choose(owner, "one")
    assert "https://a.example/7" in owner.open("?section=metrics").text
    assert "https://a.example/7" not in owner.open("?section=impact").text


def test_who_will_approve_it_is_said_before_and_after_submitting(owner: Writer) -> None:
    before = " ".join(owner.open().text.split())
    assert "It goes to <strong>Manager</strong>" in before
    make_submittable(owner.document)
    answer = owner.client.post(f"/coes/{owner.document.reference}/submit/", follow=True)
    assert "Submitted. Manager can approve it now." in answer.content.decode()
