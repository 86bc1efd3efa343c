"""The files of the demo: what they are, that they can be read, and that they stay the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from coe.accounts.demo import COWORKERS, DEMO_PEOPLE
from coe.demo.incidents import FOLDER, small_incidents
from coe.demo.s3_2017 import first_version
from coe.demo.seeding import RECONSTRUCTIONS, demo_coes, reconstruction
from coe.demo.services import DEMO_SERVICES
from coe.snapshots.acceptance import accept
from coe.snapshots.serialise import digest_of, to_bytes, to_plain
from coe.snapshots.snapshot import Person, Snapshot

ROLES = {demo.name: demo.team for demo in (*DEMO_PEOPLE, *COWORKERS)} | {
    "Alex Leader": "Leadership"
}


def people(snapshot: Snapshot) -> list[Person]:
    named = [snapshot.owner, *snapshot.contributors]
    named += [action.owner for action in snapshot.actions if action.owner]
    return named + [cause.risk_approver for cause in snapshot.causes if cause.risk_approver]


def test_the_fixtures_are_three_reconstructions_and_a_file_for_each_of_four_teams() -> None:
    folder = Path(settings.BASE_DIR) / "fixtures"
    assert sorted(path.stem for path in folder.glob("*.json")) == sorted(RECONSTRUCTIONS)
    assert sorted(path.stem for path in FOLDER.iterdir()) == [
        "network",
        "payments",
        "storage",
        "storefront",
    ]
    assert len(list(small_incidents())) == 24


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_a_reconstruction_is_laid_out_for_people(name: str) -> None:
    text = (Path(settings.BASE_DIR) / "fixtures" / f"{name}.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("name", "reference", "account"),
    [
        ("s3_2017", "COE-2017-0001", "https://aws.amazon.com/message/41926/"),
        (
            "github_2018",
            "COE-2018-0001",
            "https://github.blog/2018-10-30-oct21-post-incident-analysis/",
        ),
        (
            "cloudflare_2025",
            "COE-2025-0011",
            "https://blog.cloudflare.com/18-november-2025-outage/",
        ),
    ],
)
def test_a_reconstruction_says_that_it_is_one_and_from_what(
    name: str, reference: str, account: str
) -> None:
    form = reconstruction(name)
    assert form.reference == reference
    assert "reconstruction from the public account" in form.snapshot.section("summary")
    assert "invented" in form.snapshot.section("summary")
    assert ("document", account) in {(each.kind, each.url) for each in form.snapshot.related}


def test_every_coe_of_the_demo_is_one_that_could_be_imported() -> None:
    for coe in demo_coes():
        assert accept(to_plain(coe.snapshot)) == coe.snapshot


def test_everybody_in_them_is_one_of_the_demo_people_and_every_service_is_one_of_theirs() -> None:
    for coe in demo_coes():
        assert {each.name: each.role for each in people(coe.snapshot)}.items() <= ROLES.items()
        assert DEMO_SERVICES[coe.snapshot.service] == coe.snapshot.team


def test_the_same_files_are_the_same_bytes_wherever_they_are_read() -> None:
    """The literals are the beginnings of SHA-256 of the canonical bytes; a text that changes on
    purpose changes them."""
    digests = {coe.name: digest_of(to_bytes(coe.snapshot))[:16] for coe in demo_coes()}
    again = {coe.name: digest_of(to_bytes(coe.snapshot))[:16] for coe in demo_coes()}
    assert digests == again
    assert {name: digests[name] for name in DIGESTS} == DIGESTS


def test_github_is_good_but_has_open_ends() -> None:
    """A milestone nobody knows, a question nobody answered, a cause without a correction."""
    snapshot = reconstruction("github_2018").snapshot
    assert [each.kind for each in snapshot.milestones if not each.instant] == ["acknowledged"]
    assert [each.slug for each in snapshot.answers if not each.text] == ["escalation"]
    assert [each[:38] for each in open_ends(snapshot)] == ["The replicas may be sized for a normal"]
    assert {each.kind for each in snapshot.actions} == {
        "prevent",
        "detect",
        "mitigate",
        "limit",
        "process",
    }
    assert all(each.done_when and each.owner and each.due_on for each in snapshot.actions)


def test_its_numbers_are_those_between_its_times() -> None:
    """22:52 UTC to 23:03, 11:12 and 16:24 of the next day."""
    figures = reconstruction("github_2018").snapshot.figures
    assert [str(each.amount) for each in figures if each.unit == "minutes"] == [
        "1451",
        "740",
        "1052",
    ]


def test_cloudflare_is_left_as_a_tired_engineer_leaves_it() -> None:
    snapshot = reconstruction("cloudflare_2025").snapshot
    known = snapshot.instants()
    assert known["impact_started"] == known["detected"]
    assert sorted(known) == ["acknowledged", "detected", "impact_started", "mitigated"]
    assert snapshot.safeguards == ()
    assert snapshot.lessons == ()
    assert [each.owner for each in snapshot.actions] == [None, Person("Robin Owner", "Storage")]
    assert not any(each.done_when for each in snapshot.actions)
    assert len([each for each in snapshot.answers if each.text]) == 5


def test_the_first_version_of_the_exemplary_coe_differs_from_its_file() -> None:
    snapshot = reconstruction("s3_2017").snapshot
    first = first_version(snapshot)
    assert first != snapshot
    assert (
        replace(
            first,
            sections=snapshot.sections,
            actions=snapshot.actions,
            lessons=snapshot.lessons,
        )
        == snapshot
    )


def test_the_hour_that_came_twice_is_told_apart() -> None:
    """02:00 on 26 October 2025 in Berlin, before and after the clocks went back."""
    (invoices,) = (
        each.snapshot for each in small_incidents() if each.snapshot.service == "Invoicing"
    )
    times = [f"{each.instant.at:%H:%MZ}" for each in invoices.entries[:3]]
    assert times == ["00:00Z", "01:00Z", "01:58Z"]
    assert invoices.entries[1].milestone == "impact_started"


def open_ends(snapshot: Snapshot) -> list[str]:
    """The causes that nothing explains, corrects or accepts."""
    explained = {uid for cause in snapshot.causes for uid in cause.explains}
    corrected = {action.cause for action in snapshot.actions}
    return [
        cause.text
        for cause in snapshot.causes
        if cause.uid not in explained | corrected and not cause.risk_reason
    ]


DIGESTS = {
    "s3_2017": "4566cb1f3f64a04e",
    "github_2018": "59272856fdd1b434",
    "cloudflare_2025": "e265f591be12e273",
    "Nightly backups of one cluster were empty for eleven days": "f9274882c8d80db2",
    "Gift cards could be spent twice for nine minutes": "9cbe714bd44a57b3",
}
