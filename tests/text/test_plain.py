"""What a text field accepts, and the sentence that says why it does not."""

from contextlib import suppress
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from coe.text.plain import LineField, TextField, storable_line, storable_text


class Report(forms.Form):
    title = LineField(limit=20)
    text = TextField(limit=40, required=False)


def errors(**data: Any) -> dict[str, list[str]]:
    found = Report({"title": "t", **data}).errors
    return {name: [str(sentence) for sentence in found[name]] for name in found}


def cleaned(**data: Any) -> dict[str, str]:
    form = Report({"title": "t", **data})
    assert form.is_valid(), form.errors
    return form.cleaned_data


def test_line_ends_become_one_form() -> None:
    assert cleaned(text="a\r\nb\rc\n")["text"] == "a\nb\nc"


def test_the_inside_of_a_text_is_kept_to_the_letter() -> None:
    assert cleaned(text="\r\n \n    code\n\n\tb  \n c \n\n")["text"] == "    code\n\n\tb  \n c"


def test_a_line_loses_the_white_space_around_it() -> None:
    assert cleaned(title="  two  words ")["title"] == "two  words"


def test_only_white_space_is_nothing() -> None:
    assert cleaned(text=" \n\t")["text"] == ""
    assert errors(title="  ") == {"title": ["This field is required."]}


def test_an_optional_text_may_be_missing() -> None:
    assert cleaned()["text"] == ""


def test_a_line_stays_one_line() -> None:
    assert errors(title="a\nb") == {
        "title": ["This has to fit on one line. Remove the line breaks."]
    }


@pytest.mark.parametrize("name", ["title", "text"])
def test_a_nul_is_refused_with_its_place(name: str) -> None:
    assert errors(**{name: "a\x00b"}) == {
        name: ["Line 1 contains a control character (U+0000) that cannot be saved. Remove it."]
    }


def test_the_colours_of_a_terminal_are_named() -> None:
    assert errors(text="ok\r\n\x1b[31mfailed\x1b[0m") == {
        "text": ["Line 2 contains terminal codes for colours. Paste it again as plain text."]
    }


def test_half_an_emoji_is_refused() -> None:
    assert errors(text="a\ud83d") == {
        "text": [
            "Line 1 contains a character that arrived damaged, probably an emoji that was cut in "
            "two. Delete it and type it again."
        ]
    }


def test_too_long_says_by_how_much() -> None:
    assert errors(text="x" * 41) == {
        "text": ["This has 41 characters and 40 fit. Shorten it by 1."]
    }


def test_length_counts_characters_after_line_ends_are_one() -> None:
    assert len(cleaned(text="é\r\n" * 20)["text"]) == 39
    assert cleaned(text="😀" * 40)["text"] == "😀" * 40


def test_writing_of_every_script_is_kept() -> None:
    text = "abc\u202egpj 👨\u200d👩 e\u0301 \u2028 \ufeff"
    assert storable_text(text) == text


def test_the_browser_may_not_cut_off_what_is_pasted() -> None:
    assert "maxlength" not in str(Report())


def test_the_same_text_from_the_browser_is_no_change() -> None:
    form = Report({"title": "t", "text": "a\r\nb"}, initial={"title": "t", "text": "a\nb"})
    assert form.changed_data == []


@given(st.text())
def test_what_is_accepted_can_be_stored_and_is_accepted_again(text: str) -> None:
    for storable in (storable_text, storable_line):
        with suppress(ValidationError):
            accepted = storable(text)
            accepted.encode()
            assert "\x00" not in accepted
            assert storable(accepted) == accepted
