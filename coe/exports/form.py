"""What the forms that a COE is exchanged in have in common.

A form is written from a `Printable` and read back as a `Form`. Written and read again, the
snapshot has the same bytes, so the same digest; what somebody changed in the file is changed in
the snapshot.
"""

from dataclasses import dataclass

from coe.snapshots.snapshot import Snapshot

VERSION = 1
"""Of the forms; a file of another one is refused."""
MOST_BYTES = 20 * 1024 * 1024
"""A file that is larger is refused unread: a COE of 300 long rows takes less than a tenth."""

LONGEST_NAME = 100
"""Characters of a reference or a digest."""


@dataclass(frozen=True, slots=True)
class Form:
    """A COE as a file says it. `reference` and `digest` are empty where the file names none;
    `digest` is of the snapshot as it was written, before anybody changed the file."""

    snapshot: Snapshot
    reference: str
    digest: str


class UnreadableForm(ValueError):
    """A file is no such form. The message is a sentence, `place` where it went wrong."""

    def __init__(self, sentence: str, place: str) -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.place = place


def name_of(value: object, *, place: str) -> str:
    """A reference or a digest as a file names it; raises `UnreadableForm` for what is none."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not value.isprintable():
        raise UnreadableForm("This has to be a short text.", place)
    return value


def text_of(content: bytes) -> str:
    """The text of a file, UTF-8 with or without a mark in front; raises `UnreadableForm`."""
    if len(content) > MOST_BYTES:
        raise UnreadableForm(f"This has more than {MOST_BYTES // 1024**2} MB, which is no COE.", "")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableForm("This is not UTF-8.", f"line {line}") from error
