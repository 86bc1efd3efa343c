"""COEs whose first page has more to say than a page holds, and those that say nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from coe.snapshots.printable import Printable, PromiseValue
from coe.snapshots.snapshot import (
    ActionValue,
    CauseValue,
    FigureValue,
    MilestoneValue,
    Person,
    SectionValue,
    Snapshot,
)
from coe.text.instants import Instant, Precision
from tests.exports import samples
from tests.exports.samples import uid

LATIN = "The retry of an order was not told apart from the order, so it was charged twice. "
IDEOGRAPHS = "注文の再試行が元の注文と区別されず二重に請求された。"
CYRILLIC = "Повторный заказ не отличался от первого, поэтому оплата прошла дважды. "
WIDE = "W" * 17 + " "
ENDLESS = "0123456789abcdef"
SYMBOLS = "🚀 рейс → ✓ Ω "
SCRIPTS = (LATIN, IDEOGRAPHS, CYRILLIC, WIDE, ENDLESS, SYMBOLS)


def words(count: int) -> str:
    """Numbered words, a hundred in a paragraph."""
    return "\n\n".join(
        " ".join(f"word{number}" for number in range(first, first + 100))
        for first in range(0, count, 100)
    )


def filled(text: str, length: int) -> str:
    """`text` again and again, cut at `length`."""
    return (text * (length // len(text) + 1))[:length].strip()


def crowded(
    text: str = LATIN,
    *,
    title: int = 300,
    summary: str = "",
    rows: int = 40,
    is_promised: bool = False,
) -> Printable:
    """Everything in `text`, as long as it may be and longer."""
    person = Person(filled(text, 100), filled(text, 100))
    snapshot = replace(
        samples.SNAPSHOT,
        title=filled(text, title),
        service=filled(text, 100),
        team=filled(text, 100),
        owner=person,
        milestones=_milestones(),
        sections=(SectionValue("summary", summary or filled(text, 9_000)),),
        entries=(),
        answers=(),
        safeguards=(),
        lessons=(),
        related=(),
        figures=_figures(text),
        causes=_causes(text, rows),
        actions=_actions(text, rows + rows // 2, person),
    )
    promises = tuple(
        PromiseValue(each.uid, each.title, person.name, each.due_on, is_late=bool(number % 2))
        for number, each in enumerate(snapshot.actions)
    )
    return replace(samples.PUBLISHED, snapshot=snapshot, promises=promises if is_promised else ())


def named_in(text: str) -> Printable:
    """Latin throughout, but for the owners of action items and what was counted."""
    latin = crowded()
    actions = _actions(LATIN, 60, Person(filled(text, 100), ""))
    snapshot = replace(latin.snapshot, actions=actions, figures=_figures(text))
    return replace(latin, snapshot=snapshot)


def summarised(summary: str) -> Printable:
    """The sample with another summary."""
    sections = (SectionValue("summary", summary), *samples.SNAPSHOT.sections[1:])
    return replace(samples.PUBLISHED, snapshot=replace(samples.SNAPSHOT, sections=sections))


def silent() -> Printable:
    """A publication without summary, causes, corrections and figures."""
    snapshot: Snapshot = replace(samples.EMPTY.snapshot, milestones=())
    return replace(samples.PUBLISHED, snapshot=snapshot, promises=())


def _milestones() -> tuple[MilestoneValue, ...]:
    """Six spans to the second, which end on other days than they began."""
    first = samples.at("23:59").at
    return tuple(
        MilestoneValue(
            each.kind,
            "recorded",
            Instant(
                first + timedelta(days=number, seconds=number * 59),
                Precision.ABOUT,
                first + timedelta(days=number, hours=11, seconds=13),
            ),
        )
        for number, each in enumerate(samples.SNAPSHOT.milestones)
    )


def _figures(text: str) -> tuple[FigureValue, ...]:
    return tuple(
        FigureValue(
            uid(9000 + number), filled(text, 200), Decimal("123456789012345.6789"),
            filled(text, 40), "estimated", "",
        )
        for number in range(9)
    )  # fmt: skip


def _causes(text: str, count: int) -> tuple[CauseValue, ...]:
    return tuple(
        CauseValue(
            uid(9100 + number), filled(f"{number} {text}", 900), "trigger", "hypothesis", "",
            (uid(9100 + number - 1),) if number % 3 else (),
        )
        for number in range(count)
    )  # fmt: skip


def _actions(text: str, count: int, owner: Person) -> tuple[ActionValue, ...]:
    return tuple(
        ActionValue(
            uid(9300 + number), filled(text, 200), "", owner, samples.SNAPSHOT.actions[0].due_on,
            1, "prevent", None, "",
        )
        for number in range(count)
    )  # fmt: skip
