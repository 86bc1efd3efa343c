"""Many COEs at once, made below the services, for the list."""

from datetime import UTC, datetime, timedelta

from coe.documents.models import Document, Section, SectionSlug, State
from coe.incidents.models import Incident, Milestone
from coe.policies.services import current_guide
from coe.publishing.models import Publication
from coe.snapshots.models import StoredSnapshot
from tests.people import People

FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def many(people: People, number: int, *, year: int = 2020) -> list[Document]:
    """`number` COEs called Uploads 1, 2, ..., every second one published; one begins each day."""
    team = people.owner.team
    assert team is not None
    incidents = Incident.objects.bulk_create(
        Incident(title=f"Uploads {each}", severity=1 + each % 4, team=team, opened_by=people.owner)
        for each in range(1, number + 1)
    )
    days = [FIRST + timedelta(days=each) for each in range(number)]
    Milestone.objects.bulk_create(
        Milestone(incident=incident, kind="impact_started", state="recorded", at=day)
        for incident, day in zip(incidents, days, strict=True)
    )
    documents = Document.objects.bulk_create(
        Document(
            reference=f"COE-{year}-{each:04d}",
            incident=incident,
            owner=people.owner,
            guide=current_guide(),
        )
        for each, incident in enumerate(incidents, start=1)
    )
    Section.objects.bulk_create(
        Section(document=document, slug=slug) for document in documents for slug in SectionSlug
    )
    _publish(documents[::2], days[::2], people)
    return documents


def _publish(documents: list[Document], days: list[datetime], people: People) -> None:
    snapshots = StoredSnapshot.objects.bulk_create(
        StoredSnapshot(document=each, digest="0" * 64, content=b"{}") for each in documents
    )
    Publication.objects.bulk_create(
        Publication(
            document=document,
            version=1,
            snapshot=snapshot,
            title=document.incident.title,
            severity=document.incident.severity,
            owning_team=people.owner.team,
            impact_started_at=day,
            envelope={},
            published_by=people.owner,
        )
        for document, snapshot, day in zip(documents, snapshots, days, strict=True)
    )
    ours = [each.pk for each in documents]
    Document.objects.filter(pk__in=ours).update(current_version=1, state=State.APPROVED)
