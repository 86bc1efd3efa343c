"""A workspace that somebody has open: it keeps what it knows, and reads what it is told."""

import re
from dataclasses import dataclass
from html import unescape

from tests.editor.writer import Writer


@dataclass(frozen=True)
class Seen:
    """What it shows of the others: their names with their places, the marks and the news.

    The keys of `marks` and `news` are panels; "" is the whole COE.
    """

    others: list[str]
    more: str
    marks: dict[str, str]
    news: dict[str, str]


class Page(Writer):
    since = ""

    def load(self) -> Seen:
        return self._read(self.open().text)

    def ping(self, place: str = "") -> Seen:
        """Give a sign of life."""
        answer = self.send("here/", {"place": place, "since": self.since})
        assert answer.status == 200
        return self._read(answer.text)

    def _read(self, text: str) -> Seen:
        here = text[text.index('id="here"') :]
        (self.since,) = re.findall(r'data-since="([^"]*)"', here)
        others = re.findall(r"<span data-person[^>]*>(.*?)</span>", here)
        more = re.findall(r"<summary>(and \d+ more)</summary>", here)
        marks = re.findall(r'data-mark="([^"]*)">(.*?)</p>', here)
        news = re.findall(r'data-news="([^"]*)".*?news__words">(.*?)</p>', here, re.DOTALL)
        return Seen(
            [_words(each) for each in others],
            (more or [""])[0],
            {panel: _words(words) for panel, words in marks},
            {panel: _words(words) for panel, words in news},
        )


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
