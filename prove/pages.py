"""Reading forms as a browser does: which fields a form would send as it stands on the page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """Where a form goes, and what it would send now. `options` are the values of its choices.

    `take` is what a form of a clash offers: "mine" or "theirs".
    """

    action: str
    take: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)


def forms_of(html: str) -> list[Form]:
    """Every form of a page or a fragment, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.forms


def hidden_of(html: str) -> dict[str, str]:
    """The hidden fields of a fragment, in whatever they stand."""
    return forms_of(f"<form>{html}</form>")[0].fields


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._option: tuple[str, bool] | None = None
        self._textarea = ""
        self._said = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "form":
            self._form = Form(attrs.get("action", ""), attrs.get("data-take", ""))
            self.forms.append(self._form)
        elif self._form is None or "form" in attrs:
            return
        elif tag == "input":
            self._take_input(self._form, attrs)
        elif tag == "textarea":
            self._textarea, self._said = attrs.get("name", ""), ""
        elif tag == "select":
            self._select = attrs.get("name", "")
        elif tag == "option" and self._select:
            self._option, self._said = (attrs.get("value", ""), "selected" in attrs), ""

    def _take_input(self, form: Form, attrs: dict[str, str]) -> None:
        kind, name = attrs.get("type", "text"), attrs.get("name", "")
        is_choice = kind in ("radio", "checkbox")
        if not name or kind in ("submit", "button") or (is_choice and "checked" not in attrs):
            return
        form.fields[name] = attrs.get("value", "on" if is_choice else "")

    def handle_data(self, data: str) -> None:
        self._said += data

    def handle_endtag(self, tag: str) -> None:
        form = self._form
        if form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea:
            # The first line end after the tag belongs to the markup.
            form.fields[self._textarea] = self._said.removeprefix("\r\n").removeprefix("\n")
            self._textarea = ""
        elif tag == "option" and self._option is not None:
            value, is_selected = self._option
            form.options.setdefault(self._select, {})[value] = " ".join(self._said.split())
            if is_selected or self._select not in form.fields:
                form.fields[self._select] = value
            self._option = None
        elif tag == "select":
            self._select = ""
