"""How wide characters are in the bundled faces, for what is measured before it is drawn."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FACES = {"regular": "IBMPlexSans-Regular.woff2", "semibold": "IBMPlexSans-SemiBold.woff2"}
WIDEST = 1.4
"""Of the symbols that other fonts lend, in ems; ideographs take one."""


class Advances(dict[str, float]):
    """How wide each character is, in ems: as in the face, else as another font may draw it."""

    def __missing__(self, character: str) -> float:
        kind = unicodedata.category(character)
        if kind in {"Mn", "Me", "Cf", "Cc"}:
            self[character] = 0.0
        else:
            is_wide = unicodedata.east_asian_width(character) in {"W", "F"}
            self[character] = 1.0 if is_wide and kind == "Lo" else WIDEST
        return self[character]


@cache
def advances(face: str) -> Advances:
    """The widths that one of FACES states, without kerning, which only narrows."""
    font = _font(face)
    widths, em = font["hmtx"], font["head"].unitsPerEm
    return Advances((chr(code), widths[name][0] / em) for code, name in font.getBestCmap().items())


@cache
def own_characters() -> frozenset[str]:
    """What is drawn without another font, line ends and tabs included."""
    return frozenset("\n\r\t").union(map(chr, _font("regular").getBestCmap()))


def _font(face: str) -> Any:
    from fontTools.ttLib import TTFont  # at the first use: it costs a tenth of a second

    return TTFont(Path(settings.BASE_DIR, "static", "fonts", FACES[face]), lazy=True)
