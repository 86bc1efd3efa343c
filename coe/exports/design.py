"""How printed COEs look: the stylesheets and fonts of both forms, read from the checkout.

Imports nothing of Django: the process that waits for jobs (coe.exports.pdf_zygote) reads it too.
"""

from io import BytesIO
from pathlib import Path
from typing import Final

SCHEME: Final = "coe-file"
STATIC: Final = Path(__file__).resolve().parents[2] / "static"
LOOKS: Final = {
    "full": ("page", "front", "text", "tables", "causes", "pictures", "light"),
    "plain": ("plain",),
}
"""Each form of the PDF with its stylesheets, in the order they apply."""

Files = dict[str, tuple[str, bytes]]
"""What HTML and CSS may refer to: name -> media type, content."""


def address(name: str) -> str:
    """The address under which HTML and CSS refer to the file `name`."""
    return f"{SCHEME}:{name}"


def faces() -> str:
    """The faces that pages on the screen use too, from the map of files."""
    text = Path(STATIC, "css", "fonts.css").read_text(encoding="utf-8")
    return text.replace("../fonts/", address(""))


def stylesheet(look: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in _sheets(look))


def fonts() -> Files:
    """The bundled fonts, unpacked, which takes a second."""
    from fontTools.ttLib import woff2

    unpacked_fonts: Files = {}
    for path in _font_files():
        unpacked = BytesIO()
        woff2.decompress(BytesIO(path.read_bytes()), unpacked)
        unpacked_fonts[path.name] = "font/ttf", unpacked.getvalue()
    return unpacked_fonts


def sources() -> list[Path]:
    """The files that the design is read from."""
    sheets = [path for look in LOOKS for path in _sheets(look)]
    return [Path(STATIC, "css", "fonts.css"), *sheets, *_font_files()]


def state() -> tuple[int, ...]:
    """Differs after one of the files changed: a process that read them before is out of date."""
    return tuple(path.stat().st_mtime_ns for path in sources())


def _sheets(look: str) -> list[Path]:
    return [Path(STATIC, "css", "pdf", f"{name}.css") for name in LOOKS[look]]


def _font_files() -> list[Path]:
    return sorted(Path(STATIC, "fonts").glob("*.woff2"))
