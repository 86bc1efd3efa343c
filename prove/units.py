"""What a client has open in front of it: forms it types in, with what they held when opened."""

import random
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from prove.pages import Form, forms_of

ROW: Final = re.compile(r'"/coes/[^/"]+/edit/([a-z]+)/([0-9a-f-]{36})/remove/"')
WORDS: Final = ("pager", "queue", "replica", "alarm", "rollback", "timeout", "switch", "cache")


@dataclass(frozen=True)
class Panel:
    """A kind of row as its pages name it: in the history, and the field that is typed in."""

    subject: str
    adding: str
    changing: str
    fixed: tuple[tuple[str, str], ...] = ()
    can_move: bool = True


PANELS: Final = {
    "lessons": Panel("lesson", "text", "text"),
    "related": Panel("related", "note", "note", (("title", "A page about it"),)),
    "figures": Panel("figure", "basis", "basis", (("what", "Requests that failed"),)),
    "timeline": Panel("entry", "line", "text", can_move=False),
}


@dataclass
class Unit:
    """One form of the workspace. `field` is the name of the text in it that is typed in."""

    form: Form
    field: str
    subject: str
    key: str
    panel: str = ""
    is_new: bool = False

    def typed(self, marker: str, chance: random.Random) -> None:
        """Put a few words into the text, somewhere between its lines."""
        said = f"{chance.choice(WORDS)} {marker} {chance.choice(WORDS)}"
        text = self.form.fields.get(self.field, "")
        if self.field == "line":
            clock = f"{chance.randrange(24):02}:{chance.randrange(60):02}"
            self.form.fields["line"] = f"2026-11-14 {clock} {said}"
            return
        lines = text.split("\n") if text else []
        lines.insert(chance.randint(0, len(lines)), said)
        self.form.fields[self.field] = "\n".join(lines)


def texts_of(html: str) -> list[Unit]:
    """The sections and answers of the workspace."""
    units = []
    for form in forms_of(html):
        parts = form.action.strip("/").split("/")
        if parts[2:4] == ["edit", "sections"] and len(parts) > 4:
            units.append(Unit(form, "text", "section", parts[4]))
        elif parts[2:4] == ["edit", "questions"]:
            slugs = [
                name[:-5] for name in form.fields if re.fullmatch(r"(?!initial-).*-text", name)
            ]
            units += [Unit(form, f"{slug}-text", "answer", slug) for slug in slugs]
    return units


def rows_of(html: str) -> list[tuple[str, str]]:
    """The panel and the identity of each row that the workspace shows."""
    return [(panel, uid) for panel, uid in dict.fromkeys(ROW.findall(html)) if panel in PANELS]


def new_row(form: Form, panel: str, chance: random.Random) -> Unit:
    """A form for a new row, with an identity that the client makes."""
    kind = PANELS[panel]
    form.fields |= dict(kind.fixed)
    form.fields["uid"] = str(UUID(int=chance.getrandbits(128), version=4))
    for name, choices in form.options.items():
        if not form.fields.get(name) and name == "kind":
            form.fields[name] = next(filter(None, choices), "")
    return Unit(form, kind.adding, kind.subject, form.fields["uid"], panel, is_new=True)
