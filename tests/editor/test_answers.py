"""The strip of answers: what was changed in it is saved, and nothing else."""

from typing import Any

import pytest

from coe.documents.models import Document
from tests.editor.writer import HTMX, PLAIN, Writer
from tests.history.reading import told

PATH = "questions/detection/"
EMPTY = {"found-by": "", "sooner": "", "halve-detection": ""}


def stored(document: Document) -> dict[str, str]:
    answers = document.answers.filter(question__part="detection").select_related("question")
    return {each.question.slug: each.text for each in answers}


def events(document: Document) -> list[tuple[str, Any]]:
    return [(each.key, each.after) for each in told(document) if each.subject == "answer"]


def test_each_question_of_the_part_is_asked_with_its_hint(owner: Writer) -> None:
    text = owner.open().text
    assert "How was it found?" in text
    assert "Think of the first moment at which a machine could have known." in text
    sent = owner.form(PATH)
    asked = [name.removesuffix("-text") for name in sent if name.endswith("-text")]
    assert [name for name in asked if not name.startswith("initial-")] == list(EMPTY)


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_only_what_was_changed_is_saved(owner: Writer, document: Document, by_htmx: bool) -> None:
    sent = owner.form(PATH) | {"sooner-text": "By the canary."}
    assert owner.send(PATH, sent, by_htmx=by_htmx).status == (200 if by_htmx else 303)
    assert stored(document) == EMPTY | {"sooner": "By the canary."}
    assert events(document) == [("sooner", {"text": "By the canary."})]
    versions = dict(document.answers.values_list("question__slug", "version"))
    assert [slug for slug, version in versions.items() if version != 1] == ["sooner"]


def test_an_answer_can_be_taken_away_again(owner: Writer, document: Document) -> None:
    owner.save(PATH, **{"sooner-text": "By the canary."})
    owner.save(PATH, **{"sooner-text": ""})
    assert stored(document) == EMPTY


def test_two_people_at_two_questions_of_a_part_do_not_meet(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = owner.form(PATH) | {"sooner-text": "Mine"}
    theirs = contributor.form(PATH) | {"found-by-text": "Theirs"}
    assert contributor.send(PATH, theirs).status == 303
    assert owner.send(PATH, mine).status == 303
    assert stored(document) == EMPTY | {"found-by": "Theirs", "sooner": "Mine"}


@pytest.mark.parametrize("by_htmx", [PLAIN, HTMX])
def test_a_clash_shows_both_answers_and_saves_neither_of_mine(
    owner: Writer, contributor: Writer, document: Document, by_htmx: bool
) -> None:
    mine = owner.form(PATH) | {"found-by-text": "My words", "sooner-text": "And mine"}
    theirs = contributor.form(PATH) | {"found-by-text": "Their words"}
    assert contributor.send(PATH, theirs).status == 303
    answer = owner.send(PATH, mine, by_htmx=by_htmx)
    assert answer.status == 409
    assert answer.is_panel("questions-detection") == by_htmx
    assert "Contributor saved this" in " ".join(answer.text.split())
    assert [text for text in ("My words", "Their words") if text not in answer.text] == []
    assert stored(document) == EMPTY | {"found-by": "Their words"}
    fields = answer.form(owner.address(PATH)).fields
    assert (fields["found-by-text"], fields["sooner-text"]) == (["My words"], ["And mine"])
    assert owner.send(PATH, fields).status == 303
    assert stored(document) == EMPTY | {"found-by": "My words", "sooner": "And mine"}


def test_what_i_left_alone_is_not_set_back_by_a_clash_about_another_answer(
    owner: Writer, contributor: Writer, document: Document
) -> None:
    mine = owner.form(PATH) | {"found-by-text": "My words"}
    theirs = {"found-by-text": "Their words", "sooner-text": "Also theirs"}
    assert contributor.save(PATH, **theirs).status == 303
    answer = owner.send(PATH, mine)
    assert answer.status == 409
    assert owner.send(PATH, answer.form(owner.address(PATH)).fields).status == 303
    assert stored(document) == EMPTY | {"found-by": "My words", "sooner": "Also theirs"}


def test_one_that_cannot_be_stored_keeps_the_others_from_being_saved(
    owner: Writer, document: Document
) -> None:
    sent = owner.form(PATH) | {"found-by-text": "Good", "sooner-text": "a\x00b"}
    answer = owner.send(PATH, sent)
    assert answer.status == 422
    fields = answer.form(owner.address(PATH)).fields
    assert (fields["found-by-text"], fields["sooner-text"]) == (["Good"], ["a\x00b"])
    assert stored(document) == EMPTY


def test_answers_of_another_part_are_not_written(owner: Writer, document: Document) -> None:
    sent = owner.form(PATH) | {"knew-what-text": "Smuggled", "knew-what-version": "1"}
    assert owner.send(PATH, sent).status == 303
    assert not document.answers.exclude(text="").exists()
