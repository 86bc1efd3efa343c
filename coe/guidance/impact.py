"""Checks of the impact: that it is told, counted, bounded and shown."""

import re
from collections.abc import Iterator

from coe.documents.contents import ImpactFigure, RelatedItem
from coe.documents.models import SectionSlug
from coe.guidance.case import Case
from coe.guidance.findings import Found, Place, check, row
from coe.guidance.prose import plain
from coe.guidance.summary import AWS, NEAR_MISS, SRE
from coe.policies.models import Part
from coe.policies.rules import Level

IMPACT, FIGURES, METRICS = Place("impact"), Place("figures"), Place("metrics")
UNAFFECTED = "unaffected"
"""The question that asks what was not affected."""
_SPARED = re.compile(
    r"\b(?:unaffected|not (?:affected|impacted|hit|touched|in danger)|un(?:impacted|touched)|"
    r"never in danger|(?:no|none of the|nothing) [\w ]{0,40}(?:lost|affected|exposed|noticed)|"
    r"(?:kept|went on|continued) [\w ]{0,20}\w|worked (?:throughout|as (?:ever|usual|always))|"
    r"(?:everything|all) (?:else|other[\w ]*|that [\w ]+) (?:worked|answered)|"
    r"remained (?:available|up)|as (?:quick|fast) as ever|were kept|nobody|no customers?)\b",
    re.IGNORECASE,
)


@check(
    "COE121",
    Level.BLOCKS,
    title="The impact is told",
    why="A COE starts from the customer: without the impact there is nothing to correct.",
    source=AWS,
    before="(empty)",
    after="Customers who paid by card got an error; those who paid by invoice noticed nothing.",
)
def impact_missing(case: Case) -> Iterator[Found]:
    if not _told(case) and not case.snapshot.figures:
        yield Found(IMPACT, "Nothing says yet who was hit, and what they experienced.")


def _told(case: Case) -> str:
    """What is written about the impact: its section and the answers to its questions."""
    answers = (each.text for each in case.snapshot.answers_of(Part.IMPACT))
    return plain("\n".join((case.snapshot.section(SectionSlug.IMPACT), *answers)))


@check(
    "COE122",
    Level.REASON,
    title="The impact has a number",
    why="“Many customers” is read as few by some and as all by others.",
    source=SRE,
    before="Lots of customers saw error pages.",
    after="2,300 customers saw error pages: estimated from the requests of the hour before.",
    heaviest=Level.REASON,
)
def impact_not_counted(case: Case) -> Iterator[Found]:
    is_counted = any(each.amount is not None for each in case.snapshot.figures)
    told = _told(case)
    if is_counted or case.snapshot.severity == NEAR_MISS or not (told or case.snapshot.figures):
        return
    if not any(map(str.isdigit, told)):
        yield Found(
            FIGURES, "Nothing says how many were hit, or how much failed. An estimate will do."
        )


@check(
    "COE123",
    Level.REASON,
    title="An estimate says what it rests on",
    why="Without its basis nobody can judge an estimate, or make a better one.",
    source=SRE,
    before="Orders not placed: 6,100, estimated.",
    after="Orders not placed: 6,100, estimated: 38 minutes at the 160 a minute of last week.",
)
def estimate_without_basis(case: Case) -> Iterator[Found]:
    for figure in case.snapshot.figures:
        place = row("figures", figure.uid, "basis")
        if figure.basis.strip():
            continue
        if figure.amount is None:
            said = f"“{figure.what}” has no number, and nothing says why it is not known."
            yield Found(place, said)
        elif figure.source == ImpactFigure.Source.ESTIMATED:
            yield Found(place, f"“{figure.what}” is an estimate. Say what it rests on.")


@check(
    "COE124",
    Level.HINT,
    title="The COE says what was not affected",
    why="Where the damage stopped tells which walls held.",
    source=AWS,
    before="Reading and writing failed in one region.",
    after="Reading and writing failed in one region. The other regions, and billing, went on.",
    in_light=False,
)
def bounds_missing(case: Case) -> Iterator[Found]:
    asked = [each for each in case.snapshot.answers_of(Part.IMPACT) if each.slug == UNAFFECTED]
    if any(each.text.strip() for each in asked):
        return
    written = _told(case) + plain(case.snapshot.section(SectionSlug.SUMMARY))
    if written and not _SPARED.search(written):
        place = Place("questions-impact", UNAFFECTED) if asked else IMPACT
        yield Found(place, "Nothing says what was not affected.")


@check(
    "COE125",
    Level.REASON,
    title="The graphs are there, or the reason why not",
    why="A graph shows at once when it began, how bad it was and when it ended. A metric that is "
    "missing is itself a finding.",
    source=AWS,
    before="(no graph, no word)",
    after="No graph shows failed payments by bank: nothing counts them. See action item A3.",
    in_light=False,
)
def graphs_missing(case: Case) -> Iterator[Found]:
    has_metric = any(each.kind == RelatedItem.Kind.METRIC for each in case.snapshot.related)
    if not case.snapshot.section(SectionSlug.METRICS).strip() and not has_metric:
        yield Found(METRICS, "There is no graph of the impact. Link one, or say why there is none.")
