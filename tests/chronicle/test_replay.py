"""A COE can be had as it stood right after any event of its history."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coe.chronicle.replay import snapshot_at
from coe.documents.models import Document
from coe.incidents.models import Service
from coe.snapshots.build import build_snapshot
from coe.snapshots.serialise import digest_of, to_bytes
from coe.snapshots.snapshot import Snapshot
from tests.chronicle.sessions import Session
from tests.history.reading import latest
from tests.people import People

pytestmark = pytest.mark.django_db


def now(document: Document) -> Snapshot:
    return build_snapshot(Document.objects.with_readers_fields().get(pk=document.pk))


def digest(snapshot: Snapshot) -> str:
    return digest_of(to_bytes(snapshot))


@settings(
    deadline=None,
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 10_000))
def test_after_every_step_of_a_long_session_it_is_what_was_there_then(
    document: Document, people: People, seed: int
) -> None:
    with transaction.atomic():
        assert people.owner.team
        Service.objects.create(name="Uploads", team=people.owner.team)
        session = Session(document, [people.owner, people.contributor], seed)
        taken: dict[int, tuple[str, Snapshot]] = {}
        for _ in range(60):
            done = session.step()
            taken[latest(document)] = (done, now(document))
        for pk, (done, snapshot) in taken.items():
            replayed = snapshot_at(document, pk)
            assert replayed == snapshot, done
            assert digest(replayed) == digest(snapshot)
        transaction.set_rollback(True)
