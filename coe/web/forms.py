"""How forms are drawn, every field through one template with errors beside it; forms in strips."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets/"
_INPUTS = {
    f"{_WIDGETS}{kind}.html"
    for kind in ("text", "hidden", "number", "email", "url", "password", "date")
}
"""Templates of Django's that include the one of any input, and nothing else."""


class FormRenderer(TemplatesSetting):
    """Draws fields with our template, and widgets with ours in templates/django/forms/widgets/.

    Django's own include a template for each option and another for its attributes, which took
    half of the time of a page with a list of time zones. An input is too little for a template.
    """

    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name in _DRAWN:
            return _DRAWN[template_name](context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value, attributes = widget["value"], written_attributes(widget["attrs"])
    shown = format_html(' value="{}"', value) if value is not None else ""
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], shown, attributes
    )


def _textarea(widget: dict[str, Any]) -> SafeString:
    """The first line end after the tag belongs to the markup."""
    value = "" if widget["value"] is None else widget["value"]
    attributes = written_attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, value)


def _select(widget: dict[str, Any]) -> SafeString:
    options = tuple(
        (str(each["value"]), bool(each["selected"]), each["label"])
        for _, group, _ in widget["optgroups"]
        for each in group
    )
    attributes = written_attributes(widget["attrs"])
    return format_html(
        '<select name="{}"{}>\n{}\n</select>', widget["name"], attributes, _options(options)
    )


def _options(options: tuple[tuple[str, bool, Any], ...]) -> SafeString:
    rows = ((value, " selected" if chosen else "", label) for value, chosen, label in options)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)


_DRAWN = {f"{_WIDGETS}textarea.html": _textarea, f"{_WIDGETS}select.html": _select}
"""Likewise too little for a template."""


def written_attributes(values: Mapping[str, object]) -> SafeString:
    """The attributes of a tag, a space before each; what is False is left out."""
    return _written(
        tuple(
            (name, value if isinstance(value, bool) else str(value))
            for name, value in values.items()
        )
    )


@lru_cache(maxsize=2048)
def _written(pairs: tuple[tuple[str, str | bool], ...]) -> SafeString:
    """Most pages have the same fields as the page before."""
    return flatatt(dict(pairs))


class _ReadOnce(ModelChoiceIterator):  # type: ignore[type-arg]  # not subscriptable
    """Reads the rows in one query, and once: Django's asks three times through a cursor of the
    server, and again for whether the list starts with something to choose."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.rows

    @cached_property
    def rows(self) -> list[Any]:
        return [self.choice(each) for each in self.queryset.all()]


class RowChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable
    """One of the rows of a query."""

    iterator = _ReadOnce


def start_at_first_field(form: forms.Form) -> None:
    """Let the page put the cursor where a form that nobody has filled in yet begins.

    After a refusal the focus belongs to what says why.
    """
    if not form.is_bound:
        first = next(field for field in form.fields.values() if not field.widget.is_hidden)
        first.widget.attrs["autofocus"] = True


class StripForm(forms.Form):
    """One small form of several that are saved at once.

    Its fields carry what they showed (`show_hidden_initial`), so that only what was changed is
    saved, over the `version` it was typed over. An older version alone is no change: somebody
    else saved what this person left as it was.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    key: str
    """The name of the stored thing in the history."""

    @property
    def stored_version(self) -> int:
        """The version of the stored thing as it was read or, after saving, as it is now."""
        raise NotImplementedError

    def has_changed(self) -> bool:
        return any(name != "version" for name in self.changed_data)


class DayInput(forms.DateInput):
    """A day as browsers let one choose it, with the day in words beside it: they show it in an
    order of their own."""

    input_type = "date"
    template_name = "components/day.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["day"] = parse_day(context["widget"]["value"])
        return context


def parse_day(value: str | None) -> date | None:
    """The day that the field holds; None of what is none, as somebody may have sent it."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None
