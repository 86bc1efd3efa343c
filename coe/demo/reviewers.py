"""Who was asked to review a COE of the demo, and what they said as they signed it."""

from coe.accounts.models import User
from coe.documents.models import Document
from coe.guidance.reading import answers_digest
from coe.reviews.reviewers import ask_reviewer
from coe.reviews.signing import sign_text
from coe.snapshots.services import take_snapshot

ASKED: dict[str, dict[str, str | None]] = {
    "github_2018": {
        "leader@example.com": None,
        "priya.nair@example.com": "I would rehearse losing a whole coast before the topology is "
        "changed, and not after it. But it is better decided than discussed for another quarter.",
    },
    "Customers of one mobile operator were blocked as an attack": {
        "noor.haddad@example.com": None,
    },
}
"""By COE and address: why they disagree, or None where they have not signed yet."""


def ask_reviewers(document: Document, name: str) -> None:
    """Ask those whom the owner of the demo COE of this name asked."""
    for email in ASKED.get(name, {}):
        person = User.objects.get_by_natural_key(email)
        ask_reviewer(document, person=person, by=document.owner)


def sign_texts(document: Document, name: str) -> None:
    """Let those sign the demo COE of this name who did, under what it says now."""
    fresh = Document.objects.with_readers_fields().get(pk=document.pk)
    for email, dissent in ASKED.get(name, {}).items():
        if dissent is not None:
            sign_text(
                fresh,
                digest=take_snapshot(fresh).digest,
                answers=answers_digest(fresh),
                dissent=dissent,
                by=User.objects.get_by_natural_key(email),
            )
