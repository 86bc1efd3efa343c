"""What the tables hold now of single things, as the history would write it."""

from collections.abc import Iterable
from typing import Any

from coe.chronicle.events import Thing
from coe.chronicle.state import FIELDS, ROW_MODELS
from coe.documents.contents import Answer
from coe.documents.models import Document, DocumentRow, Section
from coe.documents.services import facts
from coe.history.services import as_written
from coe.incidents.models import Milestone


def stored_values(document: Document, things: Iterable[Thing]) -> dict[Thing, dict[str, Any]]:
    """The fields of those of `things` that are there; in one query for each kind of thing."""
    found: dict[Thing, dict[str, Any]] = {}
    keys: dict[str, set[str]] = {}
    for subject, key in things:
        keys.setdefault(subject, set()).add(key)
    for subject, wanted in keys.items():
        for key, values in _held(document, subject, wanted):
            found[subject, key] = as_written({name: values[name] for name in FIELDS[subject]})
    return found


def stored_row(document: Document, subject: str, key: str) -> DocumentRow | None:
    """A row that is there, None otherwise."""
    return ROW_MODELS[subject]._default_manager.filter(document=document, uid=key).first()


def _held(document: Document, subject: str, keys: set[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    if subject == "document":
        fresh = Document.objects.with_readers_fields().get(pk=document.pk)
        own = {"form": fresh.form, "owner_id": fresh.owner_id}
        return [(key, facts(fresh) | own) for key in keys]
    if subject == "section":
        sections = Section.objects.filter(document=document, slug__in=keys)
        return [(each.slug, {"text": each.text}) for each in sections]
    if subject == "answer":
        answers = Answer.objects.filter(document=document, question__slug__in=keys)
        return [(each.question.slug, {"text": each.text}) for each in answers.select_related()]
    if subject == "milestone":
        milestones = Milestone.objects.filter(incident=document.incident_id, kind__in=keys)
        return [(each.kind, vars(each)) for each in milestones]
    rows = ROW_MODELS[subject]._default_manager.filter(document=document, uid__in=keys)
    return [(str(each.uid), each.content()) for each in rows]
