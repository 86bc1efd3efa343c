"""What the workspace says before somebody writes in what is being reviewed."""

import pytest

from coe.documents.models import Document, State
from tests.editor.writer import Writer
from tests.library.pages import words

SAID = "This is in review. You can still write. What you change becomes part of what is reviewed"


@pytest.mark.parametrize(("state", "told"), [(State.DRAFT, 0), (State.IN_REVIEW, 1)])
def test_the_top_says_what_a_change_does_to_the_review(
    document: Document, owner: Writer, state: State, told: int
) -> None:
    Document.objects.filter(pk=document.pk).update(state=state)
    said = words(owner.open().response)
    assert said.count(SAID) == told
    assert SAID not in said.partition("What happened")[2]
