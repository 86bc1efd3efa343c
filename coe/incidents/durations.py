"""How long it took: the durations between the milestones of an incident."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from coe.text.durations import describe_duration
from coe.text.instants import Instant, Precision


@dataclass(frozen=True, slots=True)
class Span:
    """The definition of a duration: from one milestone to another, with its name in the field."""

    abbreviation: str
    label: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a span took, in whole seconds.

    `seconds` is None where a milestone is missing, and negative where the pair is reversed: that
    is an error to be shown, never hidden. `is_about` says that a moment was not known exactly.
    """

    span: Span
    seconds: int | None
    is_about: bool

    @property
    def is_reversed(self) -> bool:
        return self.seconds is not None and self.seconds < 0


SPANS = (
    Span("TTD", "to detect", "impact_started", "detected"),
    Span("TTA", "to engage", "detected", "acknowledged"),
    Span("TTM", "to mitigate", "impact_started", "mitigated"),
    Span("TTR", "to resolve", "impact_started", "resolved"),
)


def durations(instants: Mapping[str, Instant]) -> tuple[Duration, ...]:
    """The four durations of the field, from the recorded milestones by kind.

    Recovered before mitigated is legitimate in about one incident of five, so that pair is not
    compared.
    """
    return tuple(_duration(span, instants) for span in SPANS)


def time_to_resolve(instants: Mapping[str, Instant]) -> Duration:
    """How long it took until it was over, which lists tell of each incident."""
    return next(each for each in durations(instants) if each.span.abbreviation == "TTR")


def _duration(span: Span, instants: Mapping[str, Instant]) -> Duration:
    start, end = instants.get(span.start), instants.get(span.end)
    if start is None or end is None:
        return Duration(span, None, False)
    is_about = Precision.ABOUT in (start.precision, end.precision)
    return Duration(span, int((end.at - start.at).total_seconds()), is_about)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a milestone says in words; `is_reversed` says that its time is before its start's."""

    words: str
    is_reversed: bool


ENDS_OF_LIGHT = {"mitigated", "resolved"}
ASKED_OF_LIGHT = {"impact_started", "detected", *ENDS_OF_LIGHT}
"""The milestones that a light COE asks for; of the ends one is enough."""


def waited_for_in_light(known: Collection[str]) -> set[str]:
    """The milestones that a light COE still waits for, where these are known."""
    enough = ENDS_OF_LIGHT if ENDS_OF_LIGHT & set(known) else set()
    return ASKED_OF_LIGHT - set(known) - enough


DIAGNOSED = Span("", "to diagnose", "detected", "diagnosed")
"""Explained in words beside the four; nobody counts it as a figure of its own."""

ENDS = {
    "detected": "Detected",
    "acknowledged": "Acknowledged",
    "diagnosed": "Diagnosed",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
}
STARTS = {"impact_started": "impact started", "detected": "it was detected"}


def in_words(instants: Mapping[str, Instant]) -> dict[str, Sentence]:
    """For each recorded milestone how long it took: "Detected 28 min after impact started".

    A reversed pair is said to be one and asked to be checked; nothing is refused.
    """
    counted = [_duration(span, instants) for span in (*SPANS, DIAGNOSED)]
    return {each.span.end: _sentence(each) for each in counted if each.seconds is not None}


def _sentence(duration: Duration) -> Sentence:
    assert duration.seconds is not None
    end, start = ENDS[duration.span.end], STARTS[duration.span.start]
    if duration.seconds == 0:
        when = "at about the time when" if duration.is_about else "at the moment when"
        return Sentence(f"{end} {when} {start}", False)
    length = describe_duration(abs(duration.seconds), about=duration.is_about)
    if duration.is_reversed:
        return Sentence(f"{end} {length} before {start}: check both times", True)
    return Sentence(f"{end} {length} after {start}", False)
