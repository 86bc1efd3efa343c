"""Nothing in a page needs more than the content policy allows, and each form has its token."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from tests.permissions.world import World
from tests.web.pages import Reader

ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post")


def faults_of(reader: Reader) -> list[str]:
    """What a content policy would stop, or what htmx would run."""
    faults = ["inline script or style"] * reader.inline_scripts
    for tag, attributes in reader.tags:
        faults += [f"<{tag} {name}>" for name in attributes if name.startswith(("on", "hx-on"))]
        faults += [f"<{tag} style>"] if "style" in attributes else []
        faults += ["<script> without src"] if tag == "script" and "src" not in attributes else []
        for name in ADDRESSES:
            address = attributes.get(name, "").strip().lower()
            if address.startswith(("javascript:", "data:", "vbscript:", "//")):
                faults.append(f"<{tag} {name}={address}>")
            if name != "href" and "://" in address:
                faults.append(f"<{tag} {name}={address}>, which is elsewhere")
    return faults


def faults_of_forms(reader: Reader) -> list[str]:
    posts = [form for form in reader.forms if form.method == "post"]
    without = [form.attributes for form in posts if "csrfmiddlewaretoken" not in form.fields]
    gets = [form for form in reader.forms if form.method == "get"]
    leaking = [form.attributes for form in gets if "csrfmiddlewaretoken" in form.fields]
    return [f"no token: {each}" for each in without] + [f"sends it: {each}" for each in leaking]


@pytest.fixture(scope="package")
def readers(
    shown: dict[str, HttpResponse], refused: dict[str, tuple[int, HttpResponse]]
) -> dict[str, Reader]:
    """Every page and every refusal, read."""
    answers = shown | {name: response for name, (_, response) in refused.items()}
    return {name: Reader(response.content.decode()) for name, response in answers.items()}


@pytest.mark.django_db
def test_no_page_needs_inline_script_or_style(readers: dict[str, Reader]) -> None:
    faults = {name: faults_of(reader) for name, reader in readers.items()}
    assert {name: each for name, each in faults.items() if each} == {}


@pytest.mark.django_db
def test_every_form_that_posts_has_its_token_and_no_other(readers: dict[str, Reader]) -> None:
    faults = {name: faults_of_forms(reader) for name, reader in readers.items()}
    assert {name: each for name, each in faults.items() if each} == {}


@pytest.mark.django_db
def test_every_tag_is_closed_where_it_was_opened(readers: dict[str, Reader]) -> None:
    faults = {name: [*reader.misnested, *reader.open] for name, reader in readers.items()}
    assert {name: each for name, each in faults.items() if each} == {}


@pytest.mark.django_db
def test_no_id_stands_twice_on_a_page(readers: dict[str, Reader]) -> None:
    twice = {}
    for name, reader in readers.items():
        ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
        twice[name] = {each for each in ids if ids.count(each) > 1}
    assert {name: each for name, each in twice.items() if each} == {}


FOLLOWS_SAVES = {
    ("nav", "rail"): {"saved from:body"},
    ("section", "trace"): {"saved from:body"},
    ("div", "summary-composed"): {"saved from:body", "load, saved from:body"},
    ("div", "found"): {"load, saved from:body delay:500ms, coe:news from:body delay:500ms, again"},
}
"""What asks for itself, at first or after a save, and when. Without HTMX the page that follows
brings it anew, or a link leads to it."""


@pytest.mark.django_db
def test_what_htmx_sends_is_a_form_or_a_link_that_works_without_it(
    readers: dict[str, Reader],
) -> None:
    for name, reader in readers.items():
        for tag, attributes in reader.tags:
            if "hx-post" in attributes:
                plain = {"form": "action", "button": "formaction"}[tag]
                assert (name, tag, attributes[plain]) == (name, tag, attributes["hx-post"])
            if "hx-get" in attributes and (tag, attributes.get("id")) not in FOLLOWS_SAVES:
                plain = {"a": "href", "form": "action"}[tag]
                page, fragment = (
                    attributes[each].partition("#")[0].partition("?")[0]
                    for each in (plain, "hx-get")
                )
                assert (name, tag, page) == (name, tag, fragment)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    '<a style="position:fixed" onclick="x()">x</a>',
    "![x](//evil.example/x.png)",
    '<div hx-get="/accounts/logout/" hx-trigger="load">x</div>',
    "{% csrf_token %}{{ request.user }}",
]


@pytest.mark.django_db
def test_what_people_write_is_never_more_than_text(world: World) -> None:
    case = world.cases["draft"]
    document = case.document
    text, line = "\n\n".join(HOSTILE), " ".join(HOSTILE)[:200]
    type(document.incident).objects.filter(pk=document.incident_id).update(title=line)
    document.sections.update(text=text)
    for row, name in ((case.entry, "text"), (case.cause, "text")):
        type(row)._default_manager.filter(pk=row.pk).update(**{name: text})
    type(case.action).objects.filter(pk=case.action.pk).update(title=line, done_when=text)
    owner = world.client("owner")
    edit = reverse("coe_edit", args=[case.reference])
    ours: set[tuple[str, str | None, str]] = {
        (*each, when) for each, moments in FOLLOWS_SAVES.items() for when in moments
    }
    ours |= {("form", None, when) for when in ("change", "input delay:300ms, submit")}
    addresses = [
        reverse("coe_draft", args=[case.reference]),
        reverse("coe_list"),
        reverse("home"),
        edit,
        *(f"{edit}?row={row.uid}" for row in (case.entry, case.cause, case.action)),
    ]
    for address in addresses:
        reader = Reader(owner.get(address).content.decode())
        assert faults_of(reader) == []
        assert faults_of_forms(reader) == []
        triggers = {
            (tag, each.get("id"), each["hx-trigger"])
            for tag, each in reader.tags
            if "hx-trigger" in each
        }
        assert triggers <= ours
        assert not [tag for tag, _ in reader.tags if tag == "img"]


def templates() -> list[Path]:
    return sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def sources() -> list[Path]:
    return sorted(Path(settings.BASE_DIR, "coe").rglob("*.py"))


@pytest.mark.parametrize(
    "pattern",
    [r"\|\s*safe(seq)?\b", r"autoescape\s+off", r"javascript:", r"\son[a-z]+=", r"\sstyle="],
)
def test_no_template_turns_escaping_off_or_writes_script_or_style(pattern: str) -> None:
    found = [path.name for path in templates() if re.search(pattern, path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        (r"\bmark_safe\(", {"text/markdown.py"}),
        (r"\bSafeString\(", {"web/drawing.py"}),
        (r"\bcsrf_exempt\b", set()),
        (r"\.raw\(|\.extra\(", set()),
    ],
)
def test_what_opens_a_door_stands_where_it_is_known_to_stand(word: str, allowed: set[str]) -> None:
    root = Path(settings.BASE_DIR, "coe")
    found = {str(path.relative_to(root)) for path in sources() if re.search(word, path.read_text())}
    assert found == allowed
