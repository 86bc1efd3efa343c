"""Action items as the proposals that are decided."""

import hashlib
import json
import re
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from coe.actions.models import ActionItem
from coe.documents.models import Document


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as it was on the screen: its version, the digest of what it said, and the
    decision that stood on it, None where there was none."""

    version: int
    digest: str
    over: int | None = None


def written(version: int, digest: str, over: int | None) -> str:
    """What a form sends back of what was on the screen."""
    return f"{version}:{digest}:{over or ''}"


def read_seen(text: str) -> Seen | None:
    """The inverse of `written`; None where that is not what it wrote."""
    match = re.fullmatch(r"(\d{1,9}):([0-9a-f]{64}):(\d{0,18})", text, re.ASCII)
    return Seen(int(match[1]), match[2], int(match[3]) if match[3] else None) if match else None


def proposals_of(document: Document) -> QuerySet[ActionItem]:
    """The action items of the working copy in their order, with all that their digests need."""
    items = ActionItem.objects.filter(document=document)
    return items.select_related("owner__team", "cause")


def proposal_digest(item: ActionItem) -> str:
    """Names what `item` says.

    People and causes are told by key: somebody who is called otherwise by now makes no other
    proposal, and neither does a cause that was put in other words.
    """
    said = item.content() | {"cause_id": str(item.cause.uid) if item.cause else ""}
    written = json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def is_complete(item: ActionItem) -> bool:
    """Whether it can be committed as it is: somebody who is here does it, until a day."""
    return item.due_on is not None and item.owner is not None and item.owner.is_active
