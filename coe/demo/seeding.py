"""The demo: its people, its teams and services, and its COEs, as if people had written them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from coe.accounts.demo import ADMIN, create_demo_people
from coe.accounts.models import User
from coe.demo import github_2018, s3_2017
from coe.demo.corrections import live_on
from coe.demo.incidents import small_incidents
from coe.demo.lives import PUBLISHED, live_until
from coe.demo.reasons import give_reasons
from coe.demo.reviewers import ask_reviewers
from coe.demo.services import create_demo_services
from coe.demo.talks import SAID, hold_talks
from coe.demo.unwritten import register_unwritten
from coe.documents.models import Document, State
from coe.exports.form import Form
from coe.exports.json_form import read_json
from coe.importers.services import import_coe
from coe.notices.services import leave_waiting
from coe.snapshots.snapshot import Snapshot

FAMILY = UUID("3f0c1f6e-0f4b-4a7e-8f53-7d1a9b6c2026")
"""The identity of a demo COE is made from this and its name."""
RECONSTRUCTIONS = {
    s3_2017.NAME: PUBLISHED,
    github_2018.NAME: State.IN_REVIEW,
    "cloudflare_2025": State.DRAFT,
}
"""The files of incidents that happened, and how far their COEs have come."""
FIRST_TEXTS = {
    s3_2017.NAME: s3_2017.first_version,
    github_2018.NAME: github_2018.first_text,
}
"""What those said at first that were changed since."""


@dataclass(frozen=True, slots=True)
class DemoCoe:
    """A COE of the demo: its text, how far it has come, and what its reviewer said last.

    `reference` is empty where it takes the next of its year.
    """

    name: str
    reference: str
    snapshot: Snapshot
    state: str
    note: str = ""

    @property
    def uid(self) -> UUID:
        return uuid5(FAMILY, self.name)

    @property
    def happened_at(self) -> datetime:
        """When its impact started (UTC): the order in which they were written."""
        return self.snapshot.instants()["impact_started"].at.astimezone(UTC)


def reconstruction(name: str) -> Form:
    """The file of one of the `RECONSTRUCTIONS`."""
    path = Path(settings.BASE_DIR) / "fixtures" / f"{name}.json"
    return read_json(path.read_bytes())


def demo_coes() -> list[DemoCoe]:
    """Every COE of the demo, the earliest incident first."""
    coes = [
        DemoCoe(each.snapshot.title, "", each.snapshot, each.state, each.note)
        for each in small_incidents()
    ]
    for name, state in RECONSTRUCTIONS.items():
        form = reconstruction(name)
        coes.append(DemoCoe(name, form.reference, form.snapshot, state))
    return sorted(coes, key=lambda each: each.happened_at)


@transaction.atomic
def seed_demo(*, only: Collection[str] = ()) -> list[Document]:
    """Make what is missing of the demo, all or nothing, and return the COEs that are new.

    `only` names the COEs to make; empty means all. What is there stays as people left it.
    """
    create_demo_people()
    create_demo_services(by=User.objects.get_by_natural_key(ADMIN.email))
    there = set(Document.objects.values_list("uid", flat=True))
    made = [
        _seed(coe) for coe in demo_coes() if coe.uid not in there and (not only or coe.name in only)
    ]
    leave_waiting(made)
    if not only:
        register_unwritten()
    return made


def _seed(coe: DemoCoe) -> Document:
    text = FIRST_TEXTS.get(coe.name, _as_it_is)(coe.snapshot)
    document = import_coe(Form(text, coe.reference, ""), uid=coe.uid).document
    if coe.state != State.DRAFT:
        give_reasons(document, coe.name)
    if coe.name == github_2018.NAME:
        github_2018.review(document, coe.snapshot)
        return document
    live_until(coe.state, document, note=coe.note)
    ask_reviewers(document, coe.name)
    hold_talks(document, SAID.get(coe.name, ()))
    if coe.name == s3_2017.NAME:
        s3_2017.correct(document, coe.snapshot)
    live_on(document)
    return document


def _as_it_is(snapshot: Snapshot) -> Snapshot:
    return snapshot
