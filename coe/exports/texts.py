"""The forms that a COE can be read back from, by the ending of their files."""

from collections.abc import Callable
from dataclasses import dataclass

from coe.exports.form import Form
from coe.exports.json_form import read_json, write_json
from coe.exports.markdown_reader import read_markdown
from coe.exports.markdown_writer import write_markdown
from coe.snapshots.printable import Printable


@dataclass(frozen=True, slots=True)
class TextForm:
    """`read` is the inverse of `write`, as far as the snapshot goes."""

    content_type: str
    write: Callable[[Printable], bytes]
    read: Callable[[bytes], Form]


TEXTS = {
    "md": TextForm("text/markdown; charset=utf-8", write_markdown, read_markdown),
    "json": TextForm("application/json", write_json, read_json),
}


def read_text(content: bytes) -> Form:
    """A COE in whichever form it is; raises `UnreadableForm` where it is none."""
    is_json = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    return TEXTS["json" if is_json else "md"].read(content)
