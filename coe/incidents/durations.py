"""How long it took: the durations between the milestones of an incident."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def _duration(span: Span, instants: Mapping[str, Instant]) -> Duration:
    start, end = instants.get(span.start), instants.get(span.end)
    if start is None or end is None:
        return Duration(span, None, False)
    is_about = Precision.ABOUT in (start.precision, end.precision)
    return Duration(span, int((end.at - start.at).total_seconds()), is_about)
