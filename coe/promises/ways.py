"""What somebody may do with a promise now: each a form on its page, which says what comes of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django import forms

from coe.actions.models import Promise, PromiseRequest, PromiseState
from coe.promises.forms import DoneForm, DueForm, OwnerForm, StepForm, WontDoForm, WordForm
from coe.promises.policy import last_day_alone
from coe.promises.rules import Part
from coe.promises.states import TRANSITIONS, possible_steps

S = PromiseState


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that may be done: `route` takes the form, `button` sends it.

    One without `title` asks for nothing, so its button alone is shown. `until` is up to when the
    owner moves the due date alone. `is_chosen` says that the person came for this one.
    """

    slug: str
    route: str
    form: forms.Form
    button: str
    title: str = ""
    look: str = ""
    until: date | None = None
    is_chosen: bool = False

    @property
    def is_open(self) -> bool:
        return self.is_chosen or self.form.is_bound


@dataclass(frozen=True, slots=True)
class Words:
    """How a step is offered: what asks for a word has a `title` and says of what."""

    button: str
    title: str = ""
    label: str = ""
    hint: str = ""
    look: str = ""


_DID_NOT_HOLD = Words(
    "It did not hold",
    "It did not hold",
    "What happened",
    "It is to be done again, and its COE says so until somebody shows that it holds.",
    look="danger",
)
STEPS: Final[Mapping[tuple[PromiseState, PromiseState], Words]] = {
    (S.ACCEPTED, S.IN_PROGRESS): Words("Start", look="primary"),
    (S.DID_NOT_HOLD, S.IN_PROGRESS): Words("Start again", look="primary"),
    (S.ACCEPTED, S.DONE): Words("Done", "It is done"),
    (S.IN_PROGRESS, S.DONE): Words("Done", "It is done", look="primary"),
    (S.IN_PROGRESS, S.ACCEPTED): Words("Put it back to not started"),
    (S.DONE, S.IN_PROGRESS): Words("Go on with it", "It is not done after all", "What is missing"),
    (S.DONE, S.VERIFIED): Words(
        "It held",
        "It held",
        "How one can tell",
        "What was seen since it was done: the alarm that rang, the drill, the incident that did "
        "not come back.",
        look="primary",
    ),
    (S.DONE, S.DID_NOT_HOLD): _DID_NOT_HOLD,
    (S.VERIFIED, S.DID_NOT_HOLD): _DID_NOT_HOLD,
    (S.WONT_DO, S.ACCEPTED): Words("Take it up again", "Do it after all", "Why"),
}
"""Every step that somebody takes without asking, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be done with a promise by one person; `typed` is what came back with errors,
    `chosen` what they came for."""

    promise: Promise
    part: Part
    today: date
    asked: frozenset[str]
    typed: Mapping[str, forms.Form] = field(default_factory=dict)
    chosen: str = ""

    def __iter__(self) -> Iterator[Way]:
        for way in self._all():
            yield replace(way, is_chosen=way.slug == self.chosen)

    def _all(self) -> Iterator[Way]:
        yield from self._steps()
        if not self.promise.is_to_be_done:
            return
        if self.part.is_owner or self.part.is_approver:
            yield from self._dates()
        if self.part.is_owner and PromiseRequest.Kind.WONT_DO not in self.asked:
            form = self._form("wont_do", WontDoForm)
            yield Way("wont_do", "promise_wont_do", form, "Ask for it", "Ask not to do it")
        if self.part.is_owner or self.part.is_approver:
            form = self._form("owner", OwnerForm)
            yield Way("owner", "promise_owner", form, "Hand it over", "Hand it over")

    @property
    def is_too_early(self) -> bool:
        """Whether somebody who may verify it has to wait."""
        may = S.VERIFIED in possible_steps(self.promise.state, self.part)
        return may and (self.promise.verify_from or self.today) > self.today

    def _steps(self) -> Iterator[Way]:
        state = S(self.promise.state)
        possible = possible_steps(state, self.part)
        for (start, end), words in STEPS.items():
            if start == state and end in possible and not (end == S.VERIFIED and self.is_too_early):
                yield self._step(state, end, words)

    def _step(self, start: PromiseState, end: PromiseState, words: Words) -> Way:
        first = {"to": end, "start": start}

        def drawn(*, auto_id: str, **_: Any) -> forms.Form:
            if end == S.DONE:
                return DoneForm(initial=first, auto_id=auto_id)
            if words.label:
                return WordForm(initial=first, auto_id=auto_id, **_said(start, end))
            return StepForm(initial=first, auto_id=auto_id)

        form = self._form(end.value, drawn)
        return Way(end.value, "promise_step", form, words.button, words.title, words.look)

    def _dates(self) -> Iterator[Way]:
        until = None
        if not self.part.is_approver:
            until = last_day_alone(self.promise, today=self.today)
            if until < self.today and PromiseRequest.Kind.MOVE in self.asked:
                return
        due_on = self.promise.due_on
        form = self._form("due", DueForm, initial={"seen": due_on, "due_on": due_on})
        yield Way("due", "promise_due", form, "Move it", "Move the due date", until=until)

    def _form(self, slug: str, drawn: Callable[..., forms.Form], **options: Any) -> forms.Form:
        return self.typed.get(slug) or drawn(auto_id=f"{slug}-%s", **options)


def step_form(posted: Any, files: Any) -> tuple[str, StepForm]:
    """The form of the step that somebody took, by its slug, as it was drawn and came back."""
    start, to = str(posted.get("start", "")), str(posted.get("to", ""))
    options: dict[str, Any] = {"auto_id": f"{to}-%s"}
    if to == S.DONE:
        return to, DoneForm(posted, files, **options)
    words = STEPS.get((S(start), S(to))) if {start, to} <= {*S.values} else None
    if words is None or not words.label:
        return to, StepForm(posted, **options)
    return to, WordForm(posted, **_said(S(start), S(to)), **options)


def _said(start: PromiseState, end: PromiseState) -> dict[str, str]:
    """What is asked of whoever takes a step with a word."""
    words = STEPS[start, end]
    return {"label": words.label, "hint": words.hint, "asks": TRANSITIONS[start, end].asks}
