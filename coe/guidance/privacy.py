"""Checks that nothing stands in a COE that many may read and few should know."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from coe.guidance.case import Case
from coe.guidance.findings import Found, Place, check
from coe.guidance.secrets import addresses_in, cards_in, emails_in, masked, secrets_in
from coe.policies.rules import Level

Thing = TypeVar("Thing", str, tuple[str, str])
OWASP = "OWASP, “Secrets Management” and “Logging” cheat sheets"


def _found(case: Case, find: Callable[[str], Iterable[Thing]]) -> Iterator[tuple[Place, Thing]]:
    """Each thing once for each text. All texts are looked at in one piece first, because nearly
    always there is nothing."""
    if any(True for _ in find("\n\n".join(each.words for each in case.texts))):
        for text in case.texts:
            for thing in dict.fromkeys(find(text.words)):
                yield Place(text.panel, text.row, text.field), thing


@check(
    "COE191",
    Level.BLOCKS,
    title="No secret stands in the text",
    why="A COE is read by many, exported and kept for ever. A secret that was in it is known.",
    source=OWASP,
    before="We called it with password=… and got the same answer.",
    after="We called it with the key of the batch account, which is replaced since.",
)
def secrets(case: Case) -> Iterator[Found]:
    for place, (name, secret) in _found(case, secrets_in):
        said = f"“{masked(secret)}” looks like {name}. Remove it, and have it replaced."
        yield Found(place, said)


@check(
    "COE192",
    Level.BLOCKS,
    title="No number of a payment card stands in the text",
    why="Whoever keeps one comes under the rules for payment cards.",
    source="PCI DSS, requirement 3; the check digit is of ISO/IEC 7812",
    before="The order with the full number of the customer’s card failed.",
    after="The order with the card that ends in 4242 failed.",
)
def cards(case: Case) -> Iterator[Found]:
    for place, number in _found(case, cards_in):
        said = f"“{masked(number)}” is the number of a payment card. Keep the last four digits."
        yield Found(place, said)


@check(
    "COE193",
    Level.REASON,
    title="No e-mail address stands in the text",
    why="An address is a person’s, and a COE is exported to people who need not know it.",
    source="GDPR, article 4 and recital 26",
    before="The first customer to write was the owner of a real address.",
    after="The first customer wrote at 09:30 (ticket 4711).",
)
def emails(case: Case) -> Iterator[Found]:
    for place, address in _found(case, emails_in):
        yield Found(place, f"“{address}” is an e-mail address. Name the role, or link the ticket.")


@check(
    "COE194",
    Level.REASON,
    title="No address of a machine on the internet stands in the text",
    why="It tells strangers where to knock, and the address of a customer is personal data.",
    source=f"{OWASP}; the ranges for private use and for documentation are those of IANA",
    before="Requests came from a public address.",
    after="Requests came from the office network of one customer.",
)
def addresses(case: Case) -> Iterator[Found]:
    for place, address in _found(case, addresses_in):
        yield Found(place, f"“{address}” is an address on the internet. Say whose machine it is.")
