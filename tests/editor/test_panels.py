"""A panel that is asked for alone has the forms that it has on the page."""

from typing import Any

import pytest

from coe.editor.panels import PANELS
from tests.editor.writer import Answer, Writer


@pytest.mark.django_db
def test_what_is_sent_from_a_panel_alone_is_what_is_sent_from_the_page(
    owner: Writer, rows: dict[str, Any]
) -> None:
    whole = _forms(owner.open())
    for panel in PANELS:
        headers = {"HX-Request": "true"}
        response = owner.client.get(f"{owner.page_address}?close={panel}", headers=headers)
        alone = Answer(response)  # type: ignore[arg-type]
        assert "<html" not in alone.text
        assert [form for form in _forms(alone) if form not in whole] == []


def _forms(answer: Answer) -> list[tuple[dict[str, str], dict[str, list[str]]]]:
    """Where each is sent and how, with what; but for what is another each time it is shown."""
    shown = []
    for form in answer.reader.forms:
        is_adding = form.attributes.get("action", "").endswith("/add/")
        changing = {"csrfmiddlewaretoken", "uid"} if is_adding else {"csrfmiddlewaretoken"}
        fields = {name: [] if name in changing else each for name, each in form.fields.items()}
        shown.append((form.attributes, fields))
    return shown
