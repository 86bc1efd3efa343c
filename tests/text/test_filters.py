"""The filters of `{% load text %}`."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from coe.text.instants import Instant, Precision

AT = datetime(2017, 2, 28, 17, 37, tzinfo=UTC)
SEATTLE = ZoneInfo("America/Los_Angeles")


def drawn(template: str, **context: Any) -> str:
    return Template("{% load text %}" + template).render(Context(context))


def test_markdown_is_drawn_once_and_not_escaped_again() -> None:
    assert drawn("{{ text|markdown }}", text="**a** <b>") == "<p><strong>a</strong> &lt;b&gt;</p>"


def test_markdown_shows_images_below_a_given_address() -> None:
    text = "![CPU](/evidence/cpu.png)"
    assert "<img" in drawn("{{ text|markdown:'/evidence/' }}", text=text)
    assert "<img" not in drawn("{{ text|markdown }}", text=text)


def test_a_duration_carries_its_machine_form() -> None:
    assert drawn("{{ s|duration:is_about }}", s=15_420, is_about=True) == (
        '<time datetime="PT4H17M">about 4 h 17 min</time>'
    )


def test_an_instant_is_drawn_in_the_zone_of_the_document() -> None:
    assert drawn("{{ at|instant:zone }}", at=Instant(AT), zone="America/Los_Angeles") == (
        '<time datetime="2017-02-28T17:37:00Z">28 Feb 2017, 09:37 PST (UTC−08:00)</time>'
    )


def test_a_clock_leaves_out_the_day() -> None:
    about = Instant(AT, Precision.ABOUT)
    assert drawn("{{ at|clock:zone }}", at=about, zone=SEATTLE) == (
        '<time datetime="2017-02-28T17:37:00Z">about 09:37</time>'
    )


def test_a_moment_of_the_database_is_drawn_to_the_minute() -> None:
    saved_at = AT.replace(second=59, microsecond=999)
    assert ">09:37<" in drawn("{{ at|clock:zone }}", at=saved_at, zone=SEATTLE)


def test_what_is_not_known_is_drawn_as_nothing() -> None:
    assert (
        drawn("{{ x|duration }}{{ x|instant:zone }}{{ x|clock:zone }}", x=None, zone=SEATTLE) == ""
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.example/1", "link"),
        ("HTTP://a.example", "link"),
        ("PRC-881", "text"),
        ("javascript:alert(1)", "text"),
        ("", "text"),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(text: str, shown: str) -> None:
    assert drawn("{% if x|is_address %}link{% else %}text{% endif %}", x=text) == shown
