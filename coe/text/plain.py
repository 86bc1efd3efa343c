"""What every text field accepts: text that can be stored, shown and compared.

PostgreSQL cannot hold a NUL, nor UTF-8 a lone surrogate; other control characters are the
remains of a terminal. They are refused with a sentence instead of being dropped in silence. Line
ends become one form, so that two versions of a text differ only where their words do.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MAX_TEXT = 100_000
"""Characters in a text of several paragraphs; also the most that is read as Markdown."""
MAX_LINE = 300
"""Characters in a text of one line."""

_LINE_END = re.compile(r"\r\n?")
_BLANK_START = re.compile(r"\A(?:[ \t]*+\n)++")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DAMAGED = re.compile(r"[\ud800-\udfff\ufffd]")
"""Lone surrogates, and the sign that browsers and Django put where bytes were no text."""


def storable_text(text: str, *, max_length: int = MAX_TEXT) -> str:
    """The text with one kind of line end, without white space at its end or blank lines before it.

    The spaces in front of its first words stay: they may make it a block of code. Raises
    ValidationError, with a sentence for the person, where the text cannot be stored or is longer
    than `max_length` characters.
    """
    text = _LINE_END.sub("\n", text)
    _refuse_unstorable(text)
    text = _BLANK_START.sub("", text).rstrip()
    _refuse_longer(text, max_length)
    return text


def storable_line(text: str, *, max_length: int = MAX_LINE) -> str:
    """The text of one line, without white space around it. Raises as `storable_text` does."""
    line = storable_text(text, max_length=max_length).strip()
    if "\n" in line:
        raise ValidationError(
            "This has to fit on one line. Remove the line breaks.", code="line_break"
        )
    return line


def _refuse_unstorable(text: str) -> None:
    if found := _CONTROL.search(text):
        raise ValidationError(_control_sentence(text, found), code="control_character")
    if found := _DAMAGED.search(text):
        raise ValidationError(
            f"Line {_line_number(text, found)} contains a character that arrived damaged, probably "
            "an emoji that was cut in two. Delete it and type it again.",
            code="half_character",
        )


def _control_sentence(text: str, found: re.Match[str]) -> str:
    where = f"Line {_line_number(text, found)}"
    if found.group() == "\x1b":
        return f"{where} contains terminal codes for colours. Paste it again as plain text."
    code = f"U+{ord(found.group()):04X}"
    return f"{where} contains a control character ({code}) that cannot be saved. Remove it."


def _line_number(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _refuse_longer(text: str, max_length: int) -> None:
    excess = len(text) - max_length
    if excess > 0:
        raise ValidationError(
            f"This has {len(text):,} characters and {max_length:,} fit. Shorten it by {excess:,}.",
            code="max_length",
        )


class _StorableField(forms.CharField):
    """The page gets no maxlength: browsers cut off what is pasted beyond it without a word."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit

    def to_python(self, value: object) -> str | None:
        text = super().to_python(value)
        return self.storable(text) if text else text

    def storable(self, text: str) -> str:
        raise NotImplementedError


class TextField(_StorableField):
    """A form field for text of several lines, of at most `limit` characters."""

    widget = forms.Textarea

    def __init__(self, *, limit: int = MAX_TEXT, **options: Any) -> None:
        super().__init__(limit=limit, **options)

    def storable(self, text: str) -> str:
        return storable_text(text, max_length=self.limit)


class MarkdownField(TextField):
    """A TextField whose text is shown as Markdown: static/js/writing.js helps with writing it."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-markdown": True}


class LineField(_StorableField):
    """A form field for text of one line, of at most `limit` characters."""

    widget = forms.TextInput

    def __init__(self, *, limit: int = MAX_LINE, **options: Any) -> None:
        super().__init__(limit=limit, **options)

    def storable(self, text: str) -> str:
        return storable_line(text, max_length=self.limit)
