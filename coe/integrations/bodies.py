"""What a program is told of an event, as JSON, and what the chat of a team is told of it.

Whoever is told is no person whose rights could be asked. So what is said of a COE is what everybody
who is signed in may read, its publication: of one that readers do not have there is a reference,
an address and a state, and no word of its authors.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as written

from coe.actions.models import Promise
from coe.documents.models import Document
from coe.notices.events import Event
from coe.publishing.models import Publication


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, with what of it may be told: the publication of the COE, None where readers have
    none, and the promise that it is about."""

    event: Event
    at: str
    by: str
    document: Document
    publication: Publication | None
    promise: Promise | None
    facts: dict[str, str]

    @property
    def link(self) -> str:
        return settings.PUBLIC_URL + reverse("coe_read", args=[self.document.reference])

    @property
    def link_to_item(self) -> str:
        """The page of what it is about: of the promise, where it is about one."""
        if self.promise is None:
            return self.link
        place = [self.document.reference, self.promise.uid]
        return settings.PUBLIC_URL + reverse("promise", args=place)


def signed_body(happened: Happened, uid: UUID) -> str:
    """For a program: JSON whose fields are told in docs/webhooks.md."""
    document, publication = happened.document, happened.publication
    coe = {
        "reference": document.reference,
        "url": happened.link,
        "state": document.state,
        "version": publication.version if publication else None,
        "title": publication.title if publication else None,
        "severity": publication.severity if publication else None,
        "team": publication.team if publication else None,
        "is_restricted": document.is_restricted,
    }
    told: dict[str, Any] = {
        "id": str(uid),
        "event": happened.event.value,
        "at": happened.at,
        "by": happened.by or None,
        "coe": coe,
    }
    if happened.promise:
        is_told = publication is not None
        told["action_item"] = _item(happened.promise, happened.link_to_item, is_told=is_told)
    if happened.facts:
        told["facts"] = happened.facts
    return json.dumps(told, ensure_ascii=False)


def _item(promise: Promise, link: str, *, is_told: bool) -> dict[str, Any]:
    owner = promise.owner
    return {
        "id": str(promise.uid),
        "url": link,
        "state": promise.state,
        "title": promise.title if is_told else None,
        "owner": owner.name if owner and is_told else None,
        "due_on": _written_day(promise.due_on) if is_told else None,
        "first_due_on": _written_day(promise.first_due_on) if is_told else None,
        "priority": f"P{promise.priority}",
    }


def _written_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def in_json(text: str) -> str:
    """`text` as it stands within a text of a body."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def sample_body(uid: UUID, at: str) -> str:
    return json.dumps({"id": str(uid), "event": "test", "at": at})


def chat_body(happened: Happened) -> str:
    """For a chat: the JSON that Slack and those like it take."""
    return _chat(_chat_line(happened))


def chat_sample_body(team: str) -> str:
    name = chat_text(team)
    return _chat(f"This is where what {name} publishes, and its late action items, will be posted.")


def _chat(line: str) -> str:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": line}}]
    return json.dumps({"text": line, "blocks": blocks}, ensure_ascii=False)


def _chat_line(happened: Happened) -> str:
    link = f"<{chat_text(happened.link_to_item)}|{happened.document.reference}>"
    publication, promise = happened.publication, happened.promise
    if promise is None:
        title = f": {chat_text(publication.title)}" if publication else ""
        return f"{link} is published{title}"
    what = "Brought to the manager" if happened.event == Event.ITEM_ESCALATED else "Late"
    title = chat_text(promise.title) if publication else "an action item"
    owner = chat_text(promise.owner.name) if promise.owner else "nobody yet"
    return f"{what}: {title} ({link}, {_due(promise.due_on)}{owner})"


def _due(day: date | None) -> str:
    return f"was due {written(day, 'j F Y')}, " if day else ""


_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BREAK = "\N{ZERO WIDTH SPACE}"
_CALLS = re.compile(r"@(?=\w)")
_LINKS = re.compile(r"\](?=\()")


def chat_text(text: str) -> str:
    """`text` as a chat shows it and does nothing else.

    `<!here>` and links of Slack's begin with a bracket, which is escaped. Chats that are like it
    (Mattermost) take `@here` and `[a](b)` in plain text as well, so those are broken by a space
    without width.
    """
    escaped = "".join(_ESCAPED.get(each, each) for each in " ".join(text.split()))
    return _LINKS.sub("]" + _BREAK, _CALLS.sub("@" + _BREAK, escaped))
