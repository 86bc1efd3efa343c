"""What people say in the tests, through the services that the pages call."""

from typing import Any
from uuid import uuid4

from coe.accounts.models import User
from coe.discussion.models import Subject, Thread
from coe.discussion.places import Place
from coe.discussion.services import Said, open_thread
from coe.documents.models import Document, Participant, Section
from coe.documents.services import add_participant

SUMMARY = Place(Subject.SECTION, "summary")


def ask(document: Document, *, by: User, place: Place = SUMMARY, **said: Any) -> Thread:
    """Open a thread, a question unless it is said to be something else."""
    given = Said(**{"kind": Thread.Kind.QUESTION, "text": "How many were hit?", **said})
    return open_thread(document, uid=uuid4(), place=place, said=given, by=by)


def suggest(document: Document, quote: str, replacement: str, *, by: User, **said: Any) -> Thread:
    given = {"kind": Thread.Kind.SUGGESTION, "text": "", **said}
    return ask(document, by=by, quote=quote, replacement=replacement, **given)


def demand(document: Document, text: str = "Say how many.", *, by: User, **said: Any) -> Thread:
    return ask(document, by=by, kind=Thread.Kind.MUST, text=text, **said)


def asked_to_review(document: Document, person: User) -> User:
    role = Participant.Role.REVIEWER
    add_participant(document, user=person, role=role, by=document.owner)
    return person


def text_of(document: Document, slug: str = "summary") -> str:
    return Section.objects.get(document=document, slug=slug).text
