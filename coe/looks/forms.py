import re
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from coe.chronicle.forms import NOW, OPENED, MomentField, Options, said_moment, sittings_offered
from coe.chronicle.queries import as_key, moment_of
from coe.chronicle.sittings import moments_of, writers
from coe.documents.models import Document
from coe.history.known import Known, read_known
from coe.history.models import Action
from coe.looks.queries import Landmark, Since, event_named, landmarks
from coe.looks.walks import Span

DIGEST = re.compile(r"^[0-9a-f]{64}\Z")
PART = re.compile(r"^[a-z]+-[0-9a-z_-]{1,80}\Z")
MOST_PARTS = 20_000
NOT_SENT = "This is not what the page sends."
SAID = {
    Action.SUBMITTED: "begins",
    Action.WITHDRAWN: "taken back",
    Action.CHANGES_REQUESTED: "changes requested",
    Action.APPROVED: "approved",
    Action.REOPENED: "reopened after it",
    Action.PUBLISHED: "published",
}
"""What is said of a landmark behind the number of its round."""


class SpanForm(forms.Form):
    """Which two moments are compared: when the person last looked, or else the opening, and now,
    unless the address says others."""

    def __init__(
        self, data: QueryDict, *, document: Document, opened: int, last: Since | None
    ) -> None:
        usual = (last and last.pk) or opened
        asked = {"since": data.get("since") or str(usual), "until": data.get("until") or NOW}
        asked = {name: event_named(document, text) for name, text in asked.items()}
        super().__init__(asked)
        groups = _groups(document, opened, last)
        self.moments: dict[str, MomentField] = {}
        for name, label in (("since", "Changes since"), ("until", "Until")):
            self.moments[name] = self.fields[name] = MomentField(
                document=document, groups=groups, asked=asked[name], label=label
            )

    @property
    def said(self) -> dict[str, str]:
        """What the two moments are called where they are chosen, the earlier first."""
        names = {name: field.called(self.data[name]) for name, field in self.moments.items()}
        if self.span and str(self.span.since) != self.data["since"]:
            return {"since": names["until"], "until": names["since"]}
        return names

    @property
    def span(self) -> Span | None:
        """What is compared; None where both are now. Only of what is valid."""
        return Span.between(self.cleaned_data["since"], self.cleaned_data["until"])


class PostedForm(forms.Form):
    """The two moments that the page compared, as it sends them back."""

    since = forms.CharField()
    until = forms.CharField()

    def __init__(self, data: QueryDict, *, document: Document) -> None:
        super().__init__(data)
        self.document = document

    def clean_since(self) -> int:
        return self._event("since")

    def clean_until(self) -> int | None:
        return None if self.cleaned_data["until"] == NOW else self._event("until")

    @property
    def span(self) -> Span:
        """Only of what is valid."""
        return Span(self.cleaned_data["since"], self.cleaned_data["until"])

    def _event(self, name: str) -> int:
        key = as_key(self.cleaned_data[name])
        if key is None or moment_of(self.document, key) is None:
            raise ValidationError(NOT_SENT)
        return key


class TickForm(PostedForm):
    """A part with the digest of what it said on the screen; `then` is where the page goes on."""

    part = forms.RegexField(PART, max_length=100)
    digest = forms.RegexField(DIGEST)
    is_seen = forms.BooleanField(required=False)
    then = forms.RegexField(PART, required=False)


class AllForm(PostedForm):
    """All parts that were on the screen, each with its digest: `part:digest part:digest`.

    `known` are the events that the page knew; the last of them is one of this COE.
    """

    parts = forms.CharField()
    known = forms.CharField()

    def clean_parts(self) -> dict[str, str]:
        pairs = (each.partition(":") for each in self.cleaned_data["parts"].split())
        found = {part: digest for part, _, digest in pairs}
        is_right = all(map(PART.fullmatch, found)) and all(map(DIGEST.fullmatch, found.values()))
        if len(found) > MOST_PARTS or not is_right:
            raise ValidationError(NOT_SENT)
        return found

    def clean_known(self) -> Known:
        known = read_known(self.cleaned_data["known"])
        if known is None or moment_of(self.document, known.last) is None:
            raise ValidationError(NOT_SENT)
        return known


def _groups(document: Document, opened: int, last: Since | None) -> list[tuple[str, Options]]:
    """The moments that are offered, each once: what they are to the person, rounds, sittings."""
    zone = ZoneInfo(document.zone)
    own: Options = [(NOW, "Now")]
    if last:
        own.append((str(last.pk), f"When you last looked, {said_moment(last.at, zone)}"))
    rounds = [(str(each.pk), _said(each, zone)) for each in landmarks(document)]
    moments = sittings_offered(document, moments_of(document), writers(document))
    groups = [("", own), ("Rounds", rounds), ("Moments", [*moments, (str(opened), OPENED)])]
    seen: set[str] = set()
    return [(name, [each for each in options if _is_new(each, seen)]) for name, options in groups]


def _is_new(option: tuple[str, str], seen: set[str]) -> bool:
    is_new = option[0] not in seen
    seen.add(option[0])
    return is_new


def _said(landmark: Landmark, zone: ZoneInfo) -> str:
    number = f"Round {landmark.number} " if landmark.number else ""
    deed = f"{number}{SAID[Action(landmark.action)]}"
    return f"{deed.capitalize()}, {said_moment(landmark.at, zone)}: {landmark.name}"
