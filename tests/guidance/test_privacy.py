"""Secrets and personal data by their shape. What looks like a secret here was made for this."""

import base64
import json
from dataclasses import replace

import pytest

from coe.guidance.secrets import (
    addresses_in,
    cards_in,
    emails_in,
    is_random,
    is_web_token,
    masked,
    passes_luhn,
    secrets_in,
)
from tests.guidance.samples import ENTRIES, SOUND, action, cause, entry, found, said, uid, written

RANDOM = "q7Zp2LxVb9TdR4mKcW8sYh3NfJ6gUe1AoXtB5iQv"
"""Forty characters as chance makes them; what is needed of them is cut off."""


def web_token(head: object) -> str:
    coded = base64.urlsafe_b64encode(json.dumps(head).encode()).decode().rstrip("=")
    return f"{coded}.{RANDOM[:12]}.{RANDOM[:24]}"


def kinds(text: str) -> list[str]:
    return [name for name, _ in secrets_in(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN " + "RSA PRIVATE KEY-----\n" + RANDOM, "a private key"),
        ("-----BEGIN " + "PRIVATE KEY-----\n" + RANDOM, "a private key"),
        ("AKIA" + "Q7ZP2LXVB6TDR4MK", "a key of AWS"),
        ("glpat-" + RANDOM[:20], "a token of GitLab"),
        ("xoxb-" + "123098745612-" + RANDOM[:24], "a token of Slack"),
        (
            "https://hooks.slack" + ".com/services/T02QZXW81/B03LKJH72/" + RANDOM[:24],
            "an address of Slack that posts for whoever knows it",
        ),
        ("AIza" + RANDOM[:35], "a key of Google"),
        ("sk_live_" + RANDOM[:24], "a live key of Stripe"),
        (web_token({"alg": "HS256"}), "a web token (JWT)"),
        ("postgres://app:" + RANDOM[:12] + "@db.internal/app", "an address with a password in it"),
        ("password: " + RANDOM[:16], "a password"),
        ("API_KEY = '" + RANDOM[:20] + "'", "a password"),
        ("github_pat_" + (RANDOM * 2)[:22] + "_" + (RANDOM * 2)[:59], "a token of GitHub"),
    ],
)
def test_each_kind_of_secret(text: str, kind: str) -> None:
    assert kinds(f"We used {text} for it.") == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN " + "PUBLIC KEY-----\n" + RANDOM,
        "-----BEGIN " + "PRIVATE KEY-----",  # the line alone, as in a log
        "AKIA" + "IOSFODNN7EXAMPLE",  # the one of the documentation of AWS
        "AKIA" + "A" * 16,
        "AKIA" + "Q7ZP2LXVB6TDR4M",  # a character short
        "gh" + "p_" + RANDOM[:36],  # no checksum
        "npm_" + RANDOM[:36],
        "glpat-" + "x" * 20,
        "sk_test_" + RANDOM[:24],
        "eyJ" + "hello.world-here.not-a-token-at-all",
        web_token(["alg"]),
        web_token({"typ": "JWT"}),
        "https://user@example.org/path",
        "postgres://app:****" + "**@db/app",
        "postgres://app:$PASS" + "WORD@db/app",
        "http://[::1]:8000/a@b",
        "password: correct-horse-battery",  # no digit in it
        "password: 907136428150",  # no letter in it
        "password: your-password-1",
        "The password: see the vault",
        "the commit 3f0c1f6e0f4b4a7e8f537d1a9b6c2026ab12cd34",
        "the id 8523f6e7-4d94-56f2-b5b7-f50ef4c3d280",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert kinds(f"We used {text} for it.") == []


def test_the_head_of_a_web_token_is_an_object() -> None:
    coded = base64.urlsafe_b64encode(b'["alg"]').decode()
    assert not is_web_token(f"{coded}.x.y")


def test_random_is_what_has_three_bits_for_each_character() -> None:
    assert is_random("abcdefgh")
    assert not is_random("abcdefga")


def test_a_token_with_its_checksum() -> None:
    """The last six characters are the CRC-32 of the thirty before, in base 62."""
    token = "zQx8K2mVb5TdR4nLcW9sYh3PfJ6gUe" + "00s4qI"
    assert kinds(f"ghp_{token}") == ["a token of GitHub"]
    assert kinds(f"npm_{token}") == ["a token of npm"]
    assert kinds(f"ghp_{token[:-1]}_") == kinds(f"ghp_{token[1:]}0") == []


def test_a_secret_is_found_in_every_field_and_never_repeated() -> None:
    key = "AKIA" + "Q7ZP2LXVB6TDR4MK"
    unsound = replace(
        written(impact=f"With {key}."),
        title=f"Key {key}",
        entries=(
            *ENTRIES,
            entry(9, "16:00", f"{key} and {key}"),
            entry(10, "16:01", "x", evidence=f"https://x/{key}"),
        ),
        causes=(*SOUND.causes, cause(9, risk_reason=key)),
        actions=(*SOUND.actions, action(1, done_when=key, tracker=key)),
        answers=(replace(SOUND.answers[0], text=key), *SOUND.answers[1:]),
        figures=(replace(SOUND.figures[0], basis=key),),
        safeguards=(replace(SOUND.safeguards[0], why=key),),
        lessons=(replace(SOUND.lessons[0], text=key),),
    )
    findings = found("COE191", unsound)
    assert {(each.place.panel, each.place.field) for each in findings} == {
        ("facts", "title"),
        ("impact", ""),
        ("timeline", "text"),
        ("timeline", "evidence"),
        ("causes", "risk_reason"),
        ("actions", "done_when"),
        ("actions", "tracker"),
        ("questions-impact", ""),
        ("figures", "basis"),
        ("safeguards", "why"),
        ("lessons", "text"),
    }
    assert len(findings) == 11
    assert {each.sentence for each in findings} == {
        "“AKIA…MK” looks like a key of AWS. Remove it, and have it replaced."
    }
    assert [each.place.row for each in findings if each.place.panel == "timeline"] == [
        str(uid(109)),
        str(uid(110)),
    ]


def test_what_is_shown_of_a_secret_is_its_beginning_and_end() -> None:
    assert masked("abcdefghij\nklm") == "abcd…ij"


CARD = "4539 1488 0343 6467"
"""A number that was made for this: its last digit is the check digit of the others."""


@pytest.mark.parametrize("text", [CARD, CARD.replace(" ", "-"), CARD.replace(" ", "")])
def test_the_number_of_a_card(text: str) -> None:
    assert list(cards_in(f"The card {text} failed.")) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "4539 1488 0343 6468",  # the check digit is wrong
        "4242 4242 4242 4242",  # for tests
        "9539 1488 0343 6466",  # of no network
        "order 14539148803436467",  # a digit more
        "0.4539148803436467",
        "4539148803436467-1",
        "id/4539148803436467",
    ],
)
def test_other_long_numbers(text: str) -> None:
    assert list(cards_in(f"See {text} there.")) == []


def test_the_check_digit() -> None:
    assert [
        digits for digits in ("79927398713", "79927398710", "0", "18") if passes_luhn(digits)
    ] == [
        "79927398713",
        "0",
        "18",
    ]


def test_a_card_in_the_text_blocks_review() -> None:
    (finding,) = found("COE192", written(impact=f"The card {CARD} failed."))
    assert finding.level == "blocks"
    assert finding.sentence == (
        "“4539…67” is the number of a payment card. Keep the last four digits."
    )


def test_an_address_of_somebody() -> None:
    assert list(emails_in("Ask jo.doe+x@mail.acme.io, or jo@acme.io.")) == [
        "jo.doe+x@mail.acme.io",
        "jo@acme.io",
    ]
    assert said("COE193", written(impact="Jo (jo@acme.io) wrote, jo@acme.io again.")) == [
        "“jo@acme.io” is an e-mail address. Name the role, or link the ticket."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "owner@example.com",
        "a@b.example",
        "git@github.com:acme/app.git",
        "security@acme.io",
        "pin@2x.png",
        "$random@acme.io",
        "@AWSCloud",
        "app@1.2.3",
        "user@host",
    ],
)
def test_addresses_of_nobody(text: str) -> None:
    assert list(emails_in(f"See {text} there")) == []


def test_a_machine_on_the_internet() -> None:
    assert list(addresses_in("from 81.2.69.142, and 2a02:898:52:ffff::1.")) == [
        "81.2.69.142",
        "2a02:898:52:ffff::1",
    ]
    assert said("COE194", written(impact="Requests of 81.2.69.142 failed.")) == [
        "“81.2.69.142” is an address on the internet. Say whose machine it is."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.7",
        "192.168.1.1",
        "127.0.0.1",
        "203.0.113.9",  # for documentation
        "2001:db8::1",
        "::1",
        "fe80::1",
        "8.8.8.8",
        "224.0.0.251",
        "1.2.3.4",
        "version 6.0.2.1",
        "81.2.69.0/24",
        "81.2.69.999",
        "81.2.69.142.7",
        "14:02:11",
        "12:34:56:78:9a:bc",
    ],
)
def test_addresses_that_tell_nothing(text: str) -> None:
    assert list(addresses_in(f"See {text} there")) == []
