"""Reading the Markdown form (see docs/markdown-form.md), with the line where it went wrong."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo

from coe.exports.form import VERSION, Form, UnreadableForm, name_of, text_of
from coe.exports.markdown_kinds import (
    CAUSE_ROWS,
    FACTS,
    INSTANT,
    KINDS,
    MARK,
    TITLE_OF_CAUSE,
    Context,
    Kind,
    Slot,
)
from coe.exports.markdown_text import (
    UnknownComment,
    block_from_markdown,
    line_from_markdown,
    person_from_markdown,
)
from coe.snapshots.acceptance import accept
from coe.snapshots.serialise import Path, Unreadable, to_plain
from coe.snapshots.snapshot import Snapshot
from coe.text.instants import is_zone

BY_MARK = {kind.mark: kind for kind in KINDS}
BY_MORE = {kind.more[1]: kind for kind in KINDS if kind.more}
GROUPS = {kind.group for kind in KINDS} | {"answers"}
_FACT = re.compile(r"([a-z_]+):(?: (.*))?")
_SLOT = re.compile(r"- ([^:]+): (.*)")
_ITEM = re.compile(r"- \*\*([^*]*)\*\*((?: · .*)?)")
_LABEL = re.compile(r"C([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of ours and the lines below it, up to the next one. `line` counts from 1."""

    line: int
    indent: int
    shown: str
    mark: str
    body: Sequence[str]


@dataclass(slots=True)
class _Row:
    """What was found of a row: its values by attribute, and the line of each."""

    kind: Kind
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    written: list[tuple[Slot, str, int]] = field(default_factory=list)
    indent: int = 0

    def put(self, attribute: str, value: Any, line: int) -> None:
        if attribute in self.values:
            raise _wrong(line, f"“{attribute.replace('_', ' ')}” is here twice.")
        self.values[attribute] = value
        self.lines[attribute] = line


def read_markdown(content: bytes) -> Form:
    """The inverse of `write_markdown`; raises `UnreadableForm`, with the line, for others."""
    lines = text_of(content).replace("\r\n", "\n").split("\n")
    head = _Head(lines)
    reader = _Reader(head)
    for part in _parts(lines, head.end + 1):
        if part.mark == "standing":
            break
        reader.take(part)
    plain, places = reader.finish()
    try:
        snapshot = accept(plain)
    except Unreadable as error:
        raise _wrong(_line_of(error.path, places), str(error)) from error
    return Form(snapshot, head.name("reference"), head.name("digest"))


def _wrong(line: int, sentence: str) -> UnreadableForm:
    return UnreadableForm(sentence, f"line {line}")


def _line_of(path: Path, places: Mapping[Path, int]) -> int:
    """The line of what stands at `path`, or of the nearest thing that it is a part of."""
    return next(places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in places)


class _Head:
    """The facts between the two rules at the start, and the title below them."""

    def __init__(self, lines: Sequence[str]) -> None:
        if lines[0].rstrip() != "---":
            raise _wrong(1, "A COE begins with a line of three hyphens and its facts.")
        rules = (place for place, line in enumerate(lines) if place and line.rstrip() == "---")
        last = next(rules, None)
        if last is None:
            raise _wrong(len(lines), "The facts have no end: a line of three hyphens is missing.")
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        for place in range(1, last):
            self._take(lines[place].rstrip(), place + 1)
        if type(self.values.get("coe")) is not int or self.values["coe"] != VERSION:
            line = self.lines.get("coe", 1)
            raise _wrong(line, f"“coe: {VERSION}” is missing: this product reads that version.")
        self._check_zone()
        self.end = self._title(lines, last + 1)

    def _take(self, line: str, number: int) -> None:
        if line.startswith("  - "):
            people = self.values.get("contributors")
            if list(self.values)[-1:] != ["contributors"] or not isinstance(people, list):
                raise _wrong(number, "Only contributors are a list here.")
            people.append(_json(line[4:], number))
            return
        found = _FACT.fullmatch(line)
        if found is None:
            raise _wrong(number, "A fact is expected, like “severity: 2”.")
        name, written = found[1], found[2]
        if name in self.values:
            raise _wrong(number, f"“{name}” is here twice.")
        is_list = name == "contributors" and not written
        self.values[name] = [] if is_list else _json(written or "", number)
        self.lines[name] = number

    def _check_zone(self) -> None:
        zone, line = self.values.get("zone"), self.lines.get("zone", 1)
        if not isinstance(zone, str) or not is_zone(zone):
            raise _wrong(line, 'A time zone is expected, like zone: "Europe/Berlin".')

    def _title(self, lines: Sequence[str], start: int) -> int:
        """Find the title, and return the place of its line."""
        found = next((place for place in range(start, len(lines)) if lines[place].strip()), None)
        if found is None or not lines[found].startswith("# ") or MARK.fullmatch(lines[found]):
            line = len(lines) if found is None else found + 1
            raise _wrong(line, "The title is expected, like “# What happened”.")
        self.values["title"] = line_from_markdown(lines[found][2:].rstrip(" \t"))
        self.lines["title"] = found + 1
        return found

    def name(self, fact: str) -> str:
        place = f"line {self.lines.get(fact, 1)}"
        return name_of(self.values.get(fact, ""), place=place)

    def person(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            raise _wrong(
                self.lines[name], 'A person is expected, like "Maren Holt (Storage)", in quotes.'
            )
        return to_plain(person_from_markdown(value))

    def plain(self) -> dict[str, Any]:
        """The facts of the snapshot in the types of JSON; what is missing is missing."""
        known = (*FACTS, "title")
        plain = {name: self.values[name] for name in known if name in self.values}
        if "owner" in self.values:
            plain["owner"] = self.person("owner", self.values["owner"])
        people = self.values.get("contributors")
        if isinstance(people, list):
            plain["contributors"] = [self.person("contributors", each) for each in people]
        return plain


def _json(written: str, line: int) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as error:
        raise _wrong(line, "A number or a text in double quotes is expected.") from error


def _parts(lines: Sequence[str], start: int) -> Iterator[_Part]:
    """The lines of ours from `start` on, each with what stands below it."""
    marks = [(place, MARK.fullmatch(lines[place])) for place in range(start, len(lines))]
    found = [(place, match) for place, match in marks if match]
    end = found[0][0] if found else len(lines)
    _refuse_stray(lines[start:end], start + 1)
    ends = [place for place, _ in found[1:]] + [len(lines)]
    for (place, match), end in zip(found, ends, strict=True):
        yield _Part(place + 1, len(match[1]), match[2], match[3], lines[place + 1 : end])


def _refuse_stray(body: Sequence[str], line: int) -> None:
    for number, text in enumerate(body, line):
        if text.strip():
            raise _wrong(number, "This belongs to nothing: text stands below a line with a mark.")


class _Reader:
    """Gathers the rows of the parts, one after the other."""

    def __init__(self, head: _Head) -> None:
        self.head = head
        self.schema = head.values.get("schema")
        self.rows: dict[str, list[_Row]] = {kind.group: [] for kind in KINDS}
        self.texts: dict[str, list[tuple[dict[str, Any], int]]] = {
            "sections": [],
            "milestones": [],
            "answers": [],
        }
        self.last: _Row | None = None
        self.above: list[_Row] = []

    def take(self, part: _Part) -> None:
        word, _, rest = part.mark.partition(" ")
        if part.mark in GROUPS:
            _refuse_stray(part.body, part.line + 1)
        elif part.mark in BY_MORE:
            self._take_more(part, BY_MORE[part.mark])
        elif word in BY_MARK:
            self._take_row(part, BY_MARK[word], rest)
        elif word == "section":
            row = {"slug": rest, "text": _block(part)}
            self.texts["sections"].append((row, part.line))
        elif word == "answer":
            self._take_answer(part, rest)
        elif word == "milestones":
            self._take_milestones(part)
        else:
            raise _wrong(part.line, f"“{part.mark[:40]}” is no mark of this form.")

    def _take_answer(self, part: _Part, rest: str) -> None:
        about, _, slug = rest.partition(" ")
        question = line_from_markdown(part.shown.removeprefix("###").strip())
        row = {"part": about, "slug": slug, "question": question, "text": _block(part)}
        self.texts["answers"].append((row, part.line))

    def _take_milestones(self, part: _Part) -> None:
        context = Context(ZoneInfo(self.head.values["zone"]), {})
        for name, written, line in _listed(part):
            state = written.replace(" ", "_")
            is_open = state in ("pending", "not_applicable")
            row = {
                "kind": name.replace(" ", "_"),
                "state": state if is_open else "recorded",
                "instant": None if is_open else _decoded(INSTANT.read, written, context, line),
            }
            self.texts["milestones"].append((row, line))

    def _take_row(self, part: _Part, kind: Kind, uid: str) -> None:
        row = _Row(kind, part.line, indent=part.indent)
        row.put("uid", uid, part.line)
        if kind.is_item:
            self._take_item(part, row)
        else:
            if not part.shown.startswith("### "):
                raise _wrong(part.line, "A heading is expected, like “### Its title”.")
            row.written.append((_title(kind), part.shown[4:], part.line))
            for name, written, line in _listed(part):
                row.written.append((_slot(kind, name, line), written, line))
        self.rows[kind.group].append(row)
        self.last = row

    def _take_item(self, part: _Part, row: _Row) -> None:
        found = _ITEM.fullmatch(part.shown)
        if found is None:
            raise _wrong(part.line, "A point is expected, like “- **title** · name: value”.")
        row.written.append((_title(row.kind), found[1], part.line))
        for each in found[2].split(" · ")[1:]:
            name, colon, written = each.partition(": ")
            if not colon:
                raise _wrong(part.line, f"“{each[:40]}” is not “name: value”.")
            row.written.append((_slot(row.kind, name, part.line), written, part.line))
        row.put(row.kind.text, _block(part, indent=part.indent + 2), part.line)
        if row.kind is CAUSE_ROWS:
            self._take_cause(row, found[1])

    def _take_cause(self, row: _Row, label: str) -> None:
        """A cause explains the one that it stands under, further left."""
        if not _LABEL.fullmatch(label):
            raise _wrong(row.line, "A cause is called C1, C2 and so on.")
        while self.above and self.above[-1].indent >= row.indent:
            self.above.pop()
        if self.above:
            row.put("explains", [self.above[-1].values["uid"]], row.line)
        self.above.append(row)

    def _take_more(self, part: _Part, kind: Kind) -> None:
        if self.last is None or self.last.kind is not kind or kind.more is None:
            raise _wrong(part.line, f"“{part.mark}” belongs to no row of its kind above it.")
        indent = part.indent if kind.is_item else 0
        self.last.put(kind.more[0], _block(part, indent=indent), part.line)

    def finish(self) -> tuple[dict[str, Any], dict[Path, int]]:
        """All of it in the types of JSON, and the line of each value by its path."""
        causes = self.rows["causes"]
        uids: dict[str, str] = {}
        for row in causes:
            label = f"C{_label(row)}"
            if label in uids:
                raise _wrong(row.line, f"Another cause is called {label} already.")
            uids[label] = str(row.values["uid"])
        context = Context(ZoneInfo(self.head.values["zone"]), uids)
        causes.sort(key=_label)
        plain = self.head.plain()
        places: dict[Path, int] = {(): 1} | {
            (name,): line for name, line in self.head.lines.items()
        }
        for group, texts in self.texts.items():
            self._put(plain, places, group, [each for each, _ in texts])
            places |= {(group, place): line for place, (_, line) in enumerate(texts)}
        for group, rows in self.rows.items():
            self._put(plain, places, group, [self._values(row, context) for row in rows])
            for place, row in enumerate(rows):
                places[group, place] = row.line
                places |= {(group, place, name): line for name, line in row.lines.items()}
        return plain, places

    def _put(self, plain: dict[str, Any], places: dict[Path, int], group: str, rows: Any) -> None:
        if rows or _is_known(Snapshot, group, self.schema):
            plain[group] = rows

    def _values(self, row: _Row, context: Context) -> dict[str, Any]:
        for slot, written, line in row.written:
            value = _decoded(slot.codec.read, written, context, line)
            if slot.attribute == "explains":
                first = row.values.pop("explains", None)
                if first is None:
                    raise _wrong(line, "It stands under no cause, so it explains none “also”.")
                value = [*first, *value]
            if slot.attribute != TITLE_OF_CAUSE:
                row.put(slot.attribute, value, line)
        return self._defaults(row.kind) | row.values

    def _defaults(self, kind: Kind) -> dict[str, Any]:
        """What a row says where nothing is written, as far as its schema knows it."""
        empty = {slot.attribute: slot.default for slot in kind.slots if slot.name != "Priority"}
        empty |= {kind.more[0]: ""} if kind.more else {}
        known = {name for name in empty if _is_known(kind.value, name, self.schema)}
        return {name: list(v) if v == () else v for name, v in empty.items() if name in known}


def _is_known(kind: Any, name: str, schema: Any) -> bool:
    (since,) = (each.metadata.get("since", 1) for each in fields(kind) if each.name == name)
    return not isinstance(schema, int) or bool(since <= schema)


def _label(row: _Row) -> int:
    return next(
        int(written[1:]) for slot, written, _ in row.written if slot.attribute == TITLE_OF_CAUSE
    )


def _title(kind: Kind) -> Slot:
    return Slot("title", *kind.title)


def _slot(kind: Kind, name: str, line: int) -> Slot:
    found = next((slot for slot in kind.slots if slot.name == name), None)
    if found is None:
        names = ", ".join(slot.name for slot in kind.slots) or "nothing"
        raise _wrong(line, f"“{name[:40]}” is not known here: it can say {names}.")
    return found


def _listed(part: _Part) -> Iterator[tuple[str, str, int]]:
    """The points “- name: value” of a list below a line of ours."""
    for line, text in enumerate(part.body, part.line + 1):
        found = _SLOT.fullmatch(text.rstrip(" \t"))
        if found:
            yield found[1], found[2], line
        elif text.strip():
            raise _wrong(line, "A point is expected, like “- Name: value”.")


def _decoded(read: Any, written: str, context: Context, line: int) -> Any:
    try:
        return read(written, context)
    except ValueError as error:
        raise _wrong(line, str(error)) from error


def _block(part: _Part, *, indent: int = 0) -> str:
    """The author's text below a line of ours."""
    lines = [_dedented(line, indent) for line in part.body]
    try:
        return block_from_markdown(lines)
    except UnknownComment as error:
        raise _wrong(part.line, str(error)) from error


def _dedented(line: str, indent: int) -> str:
    """Without the spaces of a list; a line that was moved further left loses what it has."""
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
