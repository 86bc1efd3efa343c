"""The panels of the workspace, in the order of the craft: facts, causes, corrections, summary."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from coe.actions.forms import ActionForm
from coe.actions.models import ActionItem
from coe.documents.forms import RowForm
from coe.documents.models import DocumentRow
from coe.documents.rows import remove_row
from coe.timeline.forms import EntryForm
from coe.timeline.models import Entry
from coe.whys.forms import CauseForm
from coe.whys.models import Cause
from coe.whys.queries import siblings
from coe.whys.services import remove_cause


def all_of_kind(row: DocumentRow) -> QuerySet[Any]:
    """Every row that `row` is ordered among."""
    return type(row)._default_manager.filter(document=row.document_id)


@dataclass(frozen=True, slots=True)
class RowKind:
    """A kind of row: where it stands on the page, how it is written and how removed.

    `panel` is its part of the address, the id of its panel and the name of its template.
    """

    panel: str
    model: type[DocumentRow]
    form: type[RowForm]
    remove: Callable[..., None] = remove_row
    neighbours: Callable[[Any], QuerySet[Any]] = all_of_kind


ROW_KINDS = {
    kind.panel: kind
    for kind in (
        RowKind("timeline", Entry, EntryForm),
        RowKind("causes", Cause, CauseForm, remove_cause, siblings),
        RowKind("actions", ActionItem, ActionForm),
    )
}
