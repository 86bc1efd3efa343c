"""Entering a COE from a file: the draft has the digest of the file, or it is said why not."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from coe.accounts.models import Team, User
from coe.accounts.placeholders import person_called
from coe.demo.lives import PUBLISHED, live_until
from coe.demo.seeding import reconstruction
from coe.documents.models import Document, SectionSlug
from coe.exports.form import Form
from coe.exports.texts import TEXTS
from coe.history.models import HistoryEvent
from coe.importers.services import CannotImport, import_coe
from coe.incidents.models import Milestone, Service
from coe.publishing.printables import printable
from coe.snapshots.build import person
from coe.snapshots.printable import Printable
from coe.snapshots.serialise import digest_of, snapshot_from_plain, to_bytes, to_plain
from coe.snapshots.services import take_snapshot
from coe.snapshots.snapshot import AnswerValue, MilestoneValue, Person, SectionValue, Snapshot
from tests.documents.making import make_document
from tests.exports import samples
from tests.people import People, make_person
from tests.snapshots.strategies import AUTHORED

pytestmark = pytest.mark.django_db


def fresh(document: Document) -> Document:
    return Document.objects.with_readers_fields().get(pk=document.pk)


def digest(document: Document) -> str:
    return take_snapshot(fresh(document)).digest


def recast(snapshot: Snapshot, people: People) -> Snapshot:
    """The demo COE with the people of the tests in the places of the demo's."""
    plain = to_plain(snapshot)
    plain["owner"] = to_plain(person(people.owner))
    plain["contributors"] = [to_plain(person(people.colleague))]
    for action in plain["actions"]:
        action["owner"] = to_plain(person(people.colleague))
    for cause in plain["causes"]:
        if cause["risk_approver"]:
            cause["risk_approver"] = to_plain(person(people.manager))
    return snapshot_from_plain(plain)


@pytest.fixture
def exported(people: People) -> Printable:
    """The demo COE as it was published in a database where it is no more."""
    with transaction.atomic():
        form = reconstruction("s3_2017")
        document = import_coe(replace(form, snapshot=recast(form.snapshot, people))).document
        live_until(PUBLISHED, document)
        whole = printable(fresh(document))
        transaction.set_rollback(True)
    assert not Document.objects.exists()
    return whole


def file_of(whole: Printable, *, ending: str = "json") -> Form:
    return TEXTS[ending].read(TEXTS[ending].write(whole))


def bare(snapshot: Snapshot, reference: str = "") -> Form:
    return Form(snapshot, reference, "")


def small(people: People, **values: object) -> Snapshot:
    """A COE of few words whose people and team are here."""
    assert people.owner.team is not None
    empty = replace(
        samples.EMPTY.snapshot,
        team="Storage",
        owner=Person("Owner", "Storage"),
        sections=tuple(SectionValue(slug.value, "") for slug in SectionSlug),
        answers=(),
    )
    return replace(empty, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", TEXTS)
def test_what_was_exported_comes_back_in_an_emptied_database_with_equal_digest(
    exported: Printable, ending: str
) -> None:
    imported = import_coe(file_of(exported, ending=ending))

    assert imported.notes == ()
    assert imported.document.reference == exported.envelope.reference == "COE-2017-0001"
    assert digest(imported.document) == exported.digest
    assert fresh(imported.document).state == "draft"
    again = TEXTS[ending].write(printable(fresh(imported.document)))
    assert digest_of(to_bytes(TEXTS[ending].read(again).snapshot)) == exported.digest


def test_one_file_can_be_entered_twice_and_the_second_gets_a_reference_of_its_own(
    exported: Printable,
) -> None:
    first, second = (import_coe(file_of(exported)) for _ in range(2))

    assert digest(first.document) == digest(second.document) == exported.digest
    assert second.document.reference == "COE-2017-0002"
    assert second.notes == ("COE-2017-0001 is taken here, so this is COE-2017-0002.",)
    event = HistoryEvent.objects.get(document=second.document, subject="import")
    after = {"reference": "COE-2017-0001", "digest": exported.digest}
    assert event.text.content == {"before": {}, "after": after}


def test_a_reference_that_a_file_brought_along_is_not_given_again(people: People) -> None:
    year = make_document(people.owner).reference[:9]
    import_coe(bare(small(people), f"{year}0003"))

    made = [make_document(people.owner).reference for _ in range(2)]

    assert made == [f"{year}0002", f"{year}0004"]


@pytest.mark.parametrize("reference", ["", "COE-1", "nonsense", "COE-2017-0007\n"])
def test_what_is_no_reference_is_not_kept(people: People, reference: str) -> None:
    document = import_coe(bare(small(people), reference)).document

    assert document.reference.endswith("-0001")


@settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck), derandomize=True)
@given(AUTHORED)
def test_whatever_people_write_is_entered_as_it_is(people: People, written: Snapshot) -> None:
    with transaction.atomic():
        Team.objects.create(name=written.team)
        document = import_coe(bare(as_a_table_holds_it(written))).document
        taken = take_snapshot(fresh(document)).snapshot
        transaction.set_rollback(True)

    assert sorted_people(taken) == sorted_people(as_a_table_holds_it(written))


def as_a_table_holds_it(written: Snapshot) -> Snapshot:
    """With every section and milestone there is, in their order; a COE holds them all."""
    milestones = {each.kind: each for each in written.milestones}
    order = [cause.uid for cause in written.causes]
    return replace(
        written,
        form="full",
        guide=1,
        answers=(),
        schema=2,
        contributors=tuple(dict.fromkeys(written.contributors)),
        milestones=tuple(
            milestones.get(kind.value, MilestoneValue(kind.value, "pending", None))
            for kind in Milestone.Kind
        ),
        sections=tuple(SectionValue(slug.value, written.section(slug)) for slug in SectionSlug),
        causes=tuple(
            replace(
                each, explains=each.explains[:1] + tuple(sorted(each.explains[1:], key=order.index))
            )
            for each in written.causes
        ),
    )


def sorted_people(snapshot: Snapshot) -> Snapshot:
    people = sorted(snapshot.contributors, key=lambda each: (each.name, each.role))
    return replace(snapshot, contributors=tuple(people), answers=())


# People


def test_a_person_is_the_one_active_account_of_that_name_and_role(people: People) -> None:
    assert person_called("Owner", role="Storage", by=None) == people.owner
    assert person_called("Leader", role="Leadership", by=None) == people.leader


@pytest.mark.parametrize("case", ["another role", "nobody", "deactivated", "two of them"])
def test_where_no_account_fits_or_several_do_a_placeholder_stands_for_the_name(
    people: People, case: str
) -> None:
    name, role = {"another role": ("Owner", "Search"), "nobody": ("Jane Doe", "Storage")}.get(
        case, ("Owner", "Storage")
    )
    if case == "deactivated":
        User.objects.filter(pk=people.owner.pk).update(is_active=False)
    if case == "two of them":
        make_person("double", people.owner.team)
        User.objects.filter(email="double@example.org").update(name="Owner")

    person = person_called(name, role=role, by=people.admin)

    assert (person.is_placeholder, person.is_active, person.email) == (True, False, "")
    assert (person.name, person.role()) == (name, role)
    assert person_called(name, role=role, by=people.admin) == person


def test_who_is_not_here_is_written_as_the_file_has_it_and_told(people: People) -> None:
    jane = Person("Jane Doe", "Search")
    snapshot = small(people, owner=jane, contributors=(Person("Owner", "Storage"),))

    imported = import_coe(bare(snapshot))

    assert imported.document.owner.is_placeholder
    taken = take_snapshot(fresh(imported.document)).snapshot
    assert (taken.owner, set(taken.contributors)) == (jane, set(snapshot.contributors))
    assert imported.notes[0] == (
        "Jane Doe (Search) is a placeholder: no account has that name and role."
    )


def test_the_owner_is_not_also_a_contributor(people: People) -> None:
    contributors = (Person("Contributor", "Payments"), Person("Stranger", "Payments"))

    imported = import_coe(bare(small(people, contributors=contributors)), owner=people.stranger)

    assert imported.document.owner == people.stranger
    assert [each.user for each in imported.document.participants.all()] == [people.contributor]


def test_what_the_first_schema_did_not_know_is_no_difference(people: People) -> None:
    first = small(
        people,
        schema=1,
        milestones=tuple(MilestoneValue(kind.value, "pending", None) for kind in Milestone.Kind),
        sections=(SectionValue("summary", "A disk filled up."), SectionValue("impact", "None.")),
        form="full",
    )

    assert import_coe(bare(first)).notes == ()
    told = import_coe(bare(replace(first, schema=2))).notes
    assert told == ("It is not quite what the file holds. Different here: sections, answers.",)


# What there is no place for


def test_a_restricted_coe_adds_no_service_whose_name_everybody_could_read(people: People) -> None:
    assert people.owner.team is not None
    snapshot = small(people, service="Secret merger")

    with pytest.raises(CannotImport, match=r"There is no service “Secret merger” here"):
        import_coe(bare(snapshot), is_restricted=True)
    assert not Document.objects.exists()
    Service.objects.create(name="secret MERGER", team=people.owner.team)
    imported = import_coe(bare(snapshot), is_restricted=True)

    assert imported.document.incident.service == Service.objects.get()


def test_an_identity_is_entered_once(people: People) -> None:
    uid = uuid4()
    import_coe(bare(small(people)), uid=uid)

    with pytest.raises(CannotImport, match=f"The COE {uid} is here already"):
        import_coe(bare(small(people, title="Another")), uid=uid)
    assert Document.objects.get().incident.title != "Another"


def test_an_unknown_team_is_refused_and_nothing_was_entered(people: People) -> None:
    snapshot = small(people, team="Nowhere", owner=Person("Jane", "X"))

    with pytest.raises(CannotImport, match=r"There is no team “Nowhere” here\. Name one .* --team"):
        import_coe(bare(snapshot))

    assert not Document.objects.exists()
    assert not User.objects.filter(is_placeholder=True).exists()


def test_an_answer_to_a_question_that_is_not_asked_here_is_refused_not_dropped(
    people: People,
) -> None:
    answer = AnswerValue("detection", "moon", "Was it full moon?", "Yes.")

    with pytest.raises(CannotImport, match=r"“Was it full moon\?” .*guide 1 does not ask"):
        import_coe(bare(small(people, answers=(answer,))))
    imported = import_coe(bare(small(people, answers=(replace(answer, text=""),))))

    assert imported.notes == ("It is not quite what the file holds. Different here: answers.",)


def test_more_causes_than_a_light_coe_takes_are_refused(people: People) -> None:
    snapshot = small(people, form="light", causes=samples.SNAPSHOT.causes[:4])

    with pytest.raises(CannotImport, match="A light COE has at most 3 causes"):
        import_coe(bare(snapshot))
    assert not Document.objects.exists()


# The commands


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    call_command("import_coe", *arguments)
    said = capsys.readouterr()
    return said.out.splitlines(), said.err.splitlines()


@pytest.mark.parametrize("ending", TEXTS)
def test_the_commands_write_a_file_and_read_it(
    document: Document,
    people: People,
    tmp_path: Path,
    ending: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "coe"
    before = digest(document)
    call_command("export_coe", document.reference, "--format", ending, "--output", str(file))
    capsys.readouterr()

    printed, noted = run(str(file), capsys=capsys)

    made = Document.objects.exclude(pk=document.pk).get()
    assert printed == [made.reference]
    assert noted == [f"{document.reference} is taken here, so this is {made.reference}."]
    assert digest(made) == before
    assert made.owner == people.owner


def test_owner_team_and_restriction_can_be_named(
    people: People, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "coe.json"
    file.write_bytes(TEXTS["json"].write(samples.EMPTY))

    printed, noted = run(
        str(file), "--owner", "STRANGER@example.org", "--team", "Payments", "--restricted",
        capsys=capsys,
    )  # fmt: skip

    made = Document.objects.get(reference=printed[0])
    assert made.reference == "COE-2017-0007"
    assert (made.owner, made.incident.team.name) == (people.stranger, "Payments")
    assert made.is_restricted
    assert noted[-1].startswith("It is not quite what the file holds. Different here: team, owner")


def test_a_change_by_hand_is_entered_and_told(
    exported: Printable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "coe.md"
    written = TEXTS["md"].write(exported).decode()
    title = exported.snapshot.title
    file.write_text(written.replace(f"# {title}", "# Another title"), encoding="utf-8")

    printed, noted = run(str(file), capsys=capsys)

    assert Document.objects.get(reference=printed[0]).incident.title == "Another title"
    assert noted == ["The file was changed after it was exported."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"---\ncoe: 1\n", "coe.md, line 3: The facts have no end"),
        (b'{"coe": 1}', "coe.md, the whole file: “snapshot” is missing"),
        (None, "coe.md cannot be read: No such file"),
    ],
    ids=["markdown", "json", "missing"],
)
def test_what_cannot_be_read_is_told_in_a_sentence(
    db: None, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "coe.md"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=said):
        call_command("import_coe", str(file))


def test_who_and_whose_have_to_be_here(people: People, tmp_path: Path) -> None:
    file = tmp_path / "coe.json"
    file.write_bytes(json.dumps({"coe": 1}).encode())
    whole = {"coe": 1, "snapshot": json.loads(to_bytes(small(people)))}
    file.write_text(json.dumps(whole))
    User.objects.filter(pk=people.colleague.pk).update(is_active=False)

    for address in ("colleague@example.org", f"{uuid4()}@example.org", ""):
        with pytest.raises(CommandError, match="Nobody who can sign in has the address"):
            call_command("import_coe", str(file), "--owner", address)
    with pytest.raises(CommandError, match="There is no team “Search”"):
        call_command("import_coe", str(file), "--team", "Search")
    Team.objects.filter(name="Storage").update(name="Discs")
    with pytest.raises(CommandError, match="There is no team “Storage” here"):
        call_command("import_coe", str(file))
