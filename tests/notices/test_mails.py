"""The mails about what is to be known at once: to whom, about what, and about what not."""

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models import F

from coe.accounts.models import User
from coe.documents.models import Document, Participant
from coe.documents.services import add_participant, remove_participant
from coe.jobs.models import Job
from coe.notices.models import OF_PROMISES, Delivery, Kind, Notice
from coe.notices.queries import deliveries
from coe.notices.services import choose_mails, clear, see, tell
from coe.reviews.reviewers import excuse_reviewer
from tests.discussion.talk import asked_to_review
from tests.notices.mails import arrived, latest
from tests.people import People, make_person
from tests.reviews.rounds import require
from tests.reviews.steps import approve, ask_for_changes, open_another, state_facts, submit

pytestmark = pytest.mark.django_db

TITLE = "Uploads failed for one customer in ten"
ITEM = "Limit uploads by size"


def told(kind: Kind, person: User, document: Document, people: People, text: str = "") -> Notice:
    """`person` is told, at once, by the owner (or by the contributor, of what the owner gets)."""
    choose(person, kind, Delivery.AT_ONCE)
    by = people.contributor if person == people.owner else people.owner
    tell(kind, people=[person], document=document, by=by, text=text)
    return Notice.objects.latest("pk")


def choose(person: User, kind: Kind, delivery: Delivery) -> None:
    chosen = {**deliveries(person), kind: delivery}
    choose_mails(deliveries=chosen, zone="", hour=8, by=person)


def test_who_is_asked_to_review_gets_a_mail_with_the_way_there(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    reference = document.reference
    assert arrived() == [("manager", f"Owner asks you to review {reference}: {TITLE}")]
    assert latest() == (
        "Hello Manager,\n"
        "\n"
        f"Owner asks you to review {reference}: {TITLE}.\n"
        "\n"
        "Read it, say what should change, and put your name under it:\n"
        "\n"
        f"http://localhost:8000/coes/{reference}/draft/\n"
        "\n"
        "--\n"
        "Choose which mails you get, and when: http://localhost:8000/notices/settings/"
    )
    assert arrived() == []


def test_who_wrote_it_is_told_how_it_was_judged(document: Document, people: People) -> None:
    submit(document, by=people.owner)
    ask_for_changes(document, by=people.manager, note="Say how many.\nAnd who noticed.")
    name = f"{document.reference}: {TITLE}"
    assert arrived() == [
        ("contributor", f"Changes asked for: {name}"),
        ("owner", f"Changes asked for: {name}"),
    ]
    assert "\n> Say how many. And who noticed.\n" in latest()
    submit(document, by=people.owner)
    assert [to for to, _ in arrived()] == ["manager"]
    approve(document, by=people.manager)
    assert arrived() == [
        ("contributor", f"Approved: {name}"),
        ("owner", f"Approved: {name}"),
    ]


def test_what_was_withdrawn_before_the_worker_came_is_not_mailed(
    document: Document, people: People
) -> None:
    submit(document, by=people.owner)
    clear(Kind.ASKED_TO_REVIEW, document)
    assert arrived() == []


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_mail_whose_subject_says_what_it_is_about(
    kind: Kind, document: Document, people: People
) -> None:
    Document.objects.filter(pk=document.pk).update(current_version=1)
    about = f"{ITEM}\n" if kind in OF_PROMISES else ""
    said = "So that “0 < 1 & 2” stays as it is."
    told(kind, people.colleague, document, people, text=about + said)
    ((to, subject),) = arrived()
    assert to == "colleague"
    assert document.reference in subject
    assert (TITLE in subject) == (kind not in (Kind.RETRACTED, *OF_PROMISES))
    assert (ITEM in subject) == (ITEM in latest()) == (kind in OF_PROMISES)
    assert "> So that “0 < 1 & 2” stays as it is.\n" in latest()
    assert f"/coes/{document.reference}/" in latest()
    assert "{" not in subject + latest()
    assert "\n\n\n" not in latest()


@pytest.mark.parametrize("kind", Kind)
def test_of_a_restricted_coe_no_mail_says_anything_but_who_and_where(
    kind: Kind, document: Document, people: People
) -> None:
    """Also where it was restricted after somebody was told, and before the mail went out."""
    about = f"{ITEM}\n" if kind in OF_PROMISES else ""
    told(kind, people.contributor, document, people, text=f"{about}The key was in the log.")
    state_facts(document, is_restricted=True, by=people.owner)
    ((_, subject),) = arrived()
    for told_word in ("Uploads", "uploads", "key"):
        assert told_word not in subject
        assert told_word not in latest()
    assert document.reference in subject


def test_who_lost_sight_of_it_gets_no_mail(document: Document, people: People) -> None:
    """The colleague by its restriction, the stranger because they no longer take part."""
    role = Participant.Role.REVIEWER
    add_participant(document, user=people.stranger, role=role, by=people.owner)
    told(Kind.MENTIONED, people.colleague, document, people)
    told(Kind.MENTIONED, people.stranger, document, people)
    remove_participant(document, user=people.stranger, role=role, by=people.owner)
    state_facts(document, is_restricted=True, by=people.owner)
    assert arrived() == []


def test_who_has_no_account_any_more_or_not_yet_gets_no_mail(
    document: Document, people: People
) -> None:
    told(Kind.MENTIONED, people.colleague, document, people)
    told(Kind.MENTIONED, people.manager, document, people)
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)
    User.objects.filter(pk=people.manager.pk).update(joined_at=None)
    assert arrived() == []


def test_what_was_seen_meanwhile_is_not_mailed(document: Document, people: People) -> None:
    told(Kind.MENTIONED, people.colleague, document, people)
    see(document, by=people.colleague)
    assert arrived() == []


def test_who_wants_no_mail_finds_it_at_home_alone(document: Document, people: People) -> None:
    choose(people.manager, Kind.ASKED_TO_REVIEW, Delivery.OFF)
    submit(document, by=people.owner)
    assert arrived() == []
    assert Notice.objects.unseen_by(people.manager).count() == 1


def test_who_turns_it_off_gets_none_of_what_waits(document: Document, people: People) -> None:
    told(Kind.MENTIONED, people.colleague, document, people)
    choose(people.colleague, Kind.MENTIONED, Delivery.OFF)
    assert arrived() == []
    choose(people.colleague, Kind.MENTIONED, Delivery.AT_ONCE)
    assert arrived() == []


def test_a_mail_server_that_is_away_gets_it_later_and_once(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> int:
        raise ConnectionRefusedError

    told(Kind.MENTIONED, people.colleague, document, people)
    told(Kind.MENTIONED, people.manager, open_another(people, "Cards were refused"), people)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", away)
        assert arrived() == []
    assert not Notice.objects.exclude(mailed_at=None).exists()
    Job.objects.filter(kind="mail_notices").update(due_at=F("put_at"))
    assert [to for to, _ in arrived()] == ["colleague", "manager"]
    assert arrived() == []


def test_one_address_that_is_refused_keeps_no_other_from_its_mail(
    document: Document, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = EmailBackend.send_messages

    def refuses(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["colleague@example.org"]:
            raise ConnectionResetError
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    for person in (people.colleague, people.manager):
        choose(person, Kind.MENTIONED, Delivery.AT_ONCE)
    both = [people.colleague, people.manager]
    tell(Kind.MENTIONED, people=both, document=document, by=people.owner)
    assert [to for to, _ in arrived()] == ["manager"]


def test_that_somebody_is_excused_is_told_them_and_the_authors_in_words_for_each(
    document: Document, people: People
) -> None:
    person = asked_to_review(document, make_person("needed"))
    submit(document, by=people.owner)
    require(document, person)
    for kind in (people.owner, people.contributor, person):
        choose(kind, Kind.EXCUSED, Delivery.AT_ONCE)
    arrived()
    excuse_reviewer(document, person=person, reason="On leave.", by=people.manager)
    name = f"{document.reference}: {TITLE}"
    assert arrived() == [
        ("contributor", f"Somebody need not review {name}"),
        ("needed", f"You need not review {name}"),
        ("owner", f"Somebody need not review {name}"),
    ]
    said = {sent.to[0].partition("@")[0]: str(sent.body) for sent in mail.outbox[-3:]}
    assert "Manager excused you from reviewing" in said["needed"]
    assert "you" not in said["owner"].partition("http")[0]
    assert "approves it without Needed. On leave." in said["owner"]
