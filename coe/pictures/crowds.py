"""Where moments stand so close together that their labels need a second axis."""

from collections.abc import Sequence
from itertools import pairwise

from coe.pictures.spread import runs
from coe.pictures.timeline_values import Label

FAR = 5.2
"""A label more lines than this from its moment asks for the second axis, in company."""
CROWD = 4


def crowds(labels: Sequence[Label], leading: float) -> list[range]:
    """The labels that push each other far away from moments that lie close together.

    Neighbouring labels in one range; `leading` is the height of a line.
    """
    found = []
    for run in runs([each.middle for each in labels], [each.height for each in labels]):
        for crowd in _close(labels, run):
            group = [labels[place] for place in crowd]
            furthest = max(abs(each.anchor - each.origin) for each in group)
            has_span = group[-1].moment.last > group[0].moment.at
            if len(group) >= CROWD and furthest > FAR * leading and has_span:
                found.append(crowd)
    return found


def _close(labels: Sequence[Label], run: range) -> list[range]:
    """The labels of a run in groups whose moments stand closer than their labels can."""
    starts = [
        place
        for place in run
        if place == run.start
        or labels[place].origin - labels[place - 1].origin > labels[place].height * 0.6
    ]
    groups = [range(a, b) for a, b in pairwise([*starts, run.stop])]
    return [part for group in groups for part in _without_a_desert(labels, group)]


def _without_a_desert(labels: Sequence[Label], group: range) -> list[range]:
    """A group, divided as long as most of the time it covers lies between two of its labels."""
    if len(group) < CROWD:
        return [group]
    times = [labels[place].moment.at for place in group]
    pauses = [after - before for before, after in pairwise(times)]
    widest = max(range(len(pauses)), key=lambda place: pauses[place])
    if pauses[widest] * 2 <= times[-1] - times[0]:
        return [group]
    middle = group.start + widest + 1
    parts = range(group.start, middle), range(middle, group.stop)
    return [each for part in parts for each in _without_a_desert(labels, part)]
