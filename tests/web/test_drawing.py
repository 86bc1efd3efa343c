"""Fragments that are drawn once: the same for the same values, but for the token of each page."""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.utils.html import format_html
from django.utils.safestring import SafeString

from coe.web.drawing import TOKEN, drawn_with_token


class _Kind(NamedTuple):
    uid: UUID
    page: str = "/coes/COE-2026-0001/edit/"
    version: int = 3
    number: str = "1.2"
    kind: str = "latent"
    confidence: str = "likely"
    token: str = TOKEN


def token(value: str) -> SafeString:
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', value)


def drawn(values: _Kind, value: str, length: int = 0) -> SafeString:
    return drawn_with_token("editor/cause_kind.html", values, token(value), length=length)


def test_each_page_has_its_own_token_in_what_was_drawn_before() -> None:
    values = _Kind(uuid4())
    first, second = drawn(values, "first"), drawn(values, "second")
    assert (first.count('value="first"'), first.count('value="second"')) == (1, 0)
    assert second == first.replace('value="first"', 'value="second"')
    assert "\x00" not in first
    assert isinstance(second, SafeString)


def test_what_is_too_long_to_remember_has_its_token_too() -> None:
    values = _Kind(uuid4())
    assert drawn(values, "one", length=10_000) == drawn(values, "one")


def test_what_people_wrote_stays_text() -> None:
    told = drawn(_Kind(uuid4(), number="<b>{}</b>"), "one")
    assert "<b>" not in told
    assert "&lt;b&gt;{}&lt;/b&gt;" in told
