"""What people say about the COEs of the demo while they are in review, and what came of it."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from coe.accounts.models import User
from coe.discussion.models import Subject, Thread
from coe.discussion.places import ROWS, Place
from coe.discussion.services import Said, add_message, open_thread, resolve_thread
from coe.discussion.suggestions import take_suggestion
from coe.documents.models import Document

Kind = Thread.Kind
TAKEN = "taken"
"""What came of a suggestion whose words the owner took."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread. `by` and those of `answers` are addresses; `on` is how the row begins, or the slug
    of what has one. `came` is the note of the owner who settled it, or `TAKEN`."""

    by: str
    kind: Thread.Kind
    subject: str
    on: str
    text: str
    quote: str = ""
    replacement: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    came: str = ""


SAID = {
    "Payouts waited over a holiday that only one bank keeps": (
        Talk(
            "leader@example.com",
            Kind.QUESTION,
            Subject.SECTION,
            "impact",
            "Do the 620 sellers get interest for the day?",
            quote="paid a day late",
            answers=(
                (
                    "amara.obi@example.com",
                    "Not so far. It would be about 90 € for all of them. Finance says on Thursday "
                    "whether we pay it, and then it is in the text.",
                ),
            ),
        ),
        Talk(
            "leader@example.com",
            Kind.MUST,
            Subject.ACTION,
            "Page when a bank has not confirmed",
            "This day is past. Is it done? If it is, say so; if not, give it a day that holds.",
        ),
    ),
    "Customers of one mobile operator were blocked as an attack": (
        Talk(
            "noor.haddad@example.com",
            Kind.SUGGESTION,
            Subject.SECTION,
            "impact",
            "Else my team reads that the proof was broken.",
            quote="and it came back after each proof.",
            replacement="and it came back after each proof, because the block was on the address.",
        ),
        Talk(
            "priya.nair@example.com",
            Kind.QUESTION,
            Subject.ACTION,
            "Let the limit of an address grow",
            "@Ines, are the devices in the traffic that is played again, or the addresses alone?",
            quote="played again",
            answers=(("ines.duarte@example.com", "The devices too. The filter writes them down."),),
        ),
    ),
    "Twelve thousand people were signed out at once": (
        Talk(
            "noor.haddad@example.com",
            Kind.QUESTION,
            Subject.ACTION,
            "Keep a form over signing in",
            "I want this one. Who would do it, and by when?",
            answers=(
                (
                    "luca.rossi@example.com",
                    "Mei, once the last use is there. She looks at it this week and names a day.",
                ),
            ),
        ),
    ),
}
"""By COE what is said about it once it is submitted."""


def hold_talks(document: Document, talks: tuple[Talk, ...]) -> None:
    """Let people say all of `talks`."""
    for talk in talks:
        uid = _uid(document, talk)
        said = Said(talk.kind, talk.text, talk.quote, talk.replacement)
        by = User.objects.get_by_natural_key(talk.by)
        thread = open_thread(document, uid=uid, place=_place(document, talk), said=said, by=by)
        for email, text in talk.answers:
            answering = User.objects.get_by_natural_key(email)
            add_message(thread, uid=uuid5(uid, text), text=text, by=answering)


def settle_talks(document: Document, talks: tuple[Talk, ...]) -> None:
    """Let the owner settle those of `talks` of which something came."""
    for talk in talks:
        thread = Thread.objects.get(document=document, uid=_uid(document, talk))
        if talk.came == TAKEN:
            take_suggestion(thread, by=document.owner)
        elif talk.came:
            resolve_thread(thread, note=talk.came, by=document.owner)


def _uid(document: Document, talk: Talk) -> UUID:
    return uuid5(document.uid, talk.text)


def _place(document: Document, talk: Talk) -> Place:
    if talk.subject not in ROWS:
        return Place(talk.subject, talk.on)
    rows, (words, *_) = ROWS[talk.subject]
    found = rows._default_manager.filter(document=document)
    return Place(talk.subject, str(found.get(**{f"{words}__startswith": talk.on}).uid))
