"""What the reference bar of the workspace tells: who else is here, and what they changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from coe.accounts.models import User
from coe.documents.models import Document
from coe.editor.news import News, news_since
from coe.editor.panels import title_of
from coe.editor.presence import name_some, others_in
from coe.history.known import Known, known_now

MOST_NAMED = 3
"""So many are named in the bar, the others on demand."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else in the workspace; `place` is a panel, empty where it is not known."""

    pk: int
    name: str
    place: str

    @property
    def title(self) -> str:
        return title_of(self.place) if self.place else ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Those who are at one panel, in short."""

    panel: str
    names: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{name_some(self.names)} {'is' if len(self.names) == 1 else 'are'} here"


@dataclass(frozen=True, slots=True)
class Here:
    """What one person is told. `known` is what their page knows of the history by now."""

    others: tuple[Other, ...]
    known: Known
    news: Sequence[News] = ()

    @property
    def named(self) -> tuple[Other, ...]:
        """All of them if folding would hide one alone."""
        is_one_more = len(self.others) == MOST_NAMED + 1
        return self.others if is_one_more else self.others[:MOST_NAMED]

    @property
    def folded(self) -> tuple[Other, ...]:
        return self.others[len(self.named) :]

    @property
    def marks(self) -> list[Mark]:
        places = dict.fromkeys(other.place for other in self.others if other.place)
        return [
            Mark(place, tuple(other.name for other in self.others if other.place == place))
            for place in places
        ]


def look_around(document: Document, user: User, known: Known | None = None) -> Here:
    """What `user` is told, whose page knows of the events in `known`; None for a new page."""
    news: list[News] = []
    if known is None:
        known = known_now(document)
    else:
        news, known = news_since(known, document, asker=user)
    others = others_in(document, asker=user)
    return Here(
        tuple(Other(each.user_id, each.user.name, each.place) for each in others), known, news
    )
