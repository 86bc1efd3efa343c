"""Reading a calendar as RFC 5545 says it is written, strictly: whatever is wrong is an error."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(?P<value>.*)",
    re.DOTALL,
)
_UNESCAPED = re.compile(r"(?:[^\\;,]|\\[\\;,nN])*")
_TEXTS = ("SUMMARY", "DESCRIPTION", "X-WR-CALNAME", "TZID")
_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "SEQUENCE", "URL")
_MOMENT = re.compile(r"\d{8}T\d{6}Z")
_DATE = re.compile(r"\d{8}")


@dataclass
class Component:
    name: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)

    def value(self, name: str) -> str:
        (found,) = [value for each, _, value in self.properties if each == name]
        return found

    def text(self, name: str) -> str:
        return unescaped(self.value(name))


def content_lines(data: bytes) -> list[str]:
    """The lines without their folding (3.1)."""
    assert data.endswith(b"\r\n"), "a line ends with CRLF, the last one as well"
    physical = data[:-2].split(b"\r\n")
    lines: list[bytes] = []
    for line in physical:
        assert b"\r" not in line, "CR stands in CRLF alone"
        assert b"\n" not in line, "LF stands in CRLF alone"
        assert len(line) <= 75, f"a line has at most 75 octets: {line!r}"
        line.decode()
        if line.startswith((b" ", b"\t")):
            lines[-1] += line[1:]
        else:
            assert line, "no line is empty"
            lines.append(line)
    return [line.decode() for line in lines]


def unescaped(value: str) -> str:
    """A TEXT value (3.3.11)."""
    assert _UNESCAPED.fullmatch(value), f"what has a meaning is escaped: {value!r}"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def read_calendar(data: bytes) -> Component:
    """The calendar; an AssertionError says what is wrong with it."""
    root = Component("")
    open_: list[Component] = [root]
    for line in content_lines(data):
        found = _LINE.fullmatch(line)
        assert found, f"a line is a name, parameters and a value: {line!r}"
        name, value = found["name"].upper(), found["value"]
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value), "no control characters"
        if name == "BEGIN":
            component = Component(value)
            open_[-1].children.append(component)
            open_.append(component)
        elif name == "END":
            assert open_.pop().name == value, "what begins ends"
        else:
            open_[-1].properties.append((name, found["params"], value))
    assert open_ == [root], "all that begins ends"
    (calendar,) = root.children
    _check(calendar)
    return calendar


def _check(calendar: Component) -> None:
    assert calendar.name == "VCALENDAR"
    assert calendar.value("VERSION") == "2.0"
    assert calendar.value("PRODID")
    assert calendar.children, "a calendar has at least one component (3.6)"
    for name, _, value in calendar.properties:
        if name in _TEXTS:
            unescaped(value)
    events = [each for each in calendar.children if each.name == "VEVENT"]
    uids = [each.value("UID") for each in events]
    assert len(uids) == len(set(uids)), "a UID is unique"
    for event in events:
        _check_event(event)


def _check_event(event: Component) -> None:
    names = [name for name, _, _ in event.properties]
    for name in _ONCE:
        assert names.count(name) <= 1, f"{name} stands once"
    for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        assert _MOMENT.fullmatch(event.value(name)), f"{name} is a moment in UTC"
    days = ["DTSTART", *(name for name in names if name == "DTEND")]  # a day has an end of its own
    for name in days:
        (params,) = [params for each, params, _ in event.properties if each == name]
        assert params == ";VALUE=DATE", f"{name} is a day"
        assert _DATE.fullmatch(event.value(name))
    assert event.value(days[-1]) > event.value("DTSTART") or len(days) == 1, (
        "it ends after it begins"
    )
    assert event.value("SEQUENCE").isdecimal()
    for name in ("SUMMARY", "DESCRIPTION"):
        event.text(name)
