"""Secrets and personal data by their shape.

Where a kind has a checksum it is checked, else the characters have to be as mixed as chance makes
them, and what documentation uses as an example is let pass.
"""

import base64
import binascii
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

BITS = 3.0
"""Per character: words of a language have less, random letters and digits more."""
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_EXAMPLES = re.compile(r"example|x{4,}|\.{3}|0{8}|1234567|redacted|dummy|your[-_]?", re.IGNORECASE)
_PUBLISHED = (
    "4242424242424242 4111111111111111 4012888888881881 4000056655665556 5555555555554444 "
    "5105105105105100 2223003122003222 378282246310005 371449635398431 6011111111111117 "
    "6011000990139424 30569309025904 38520000023237 3530111333300000"
)
TEST_CARDS = frozenset(_PUBLISHED.split())
"""Numbers that those who process cards publish for tests."""
_RESOLVERS = "1.2.3.4 1.1.1.1 1.0.0.1 8.8.8.8 8.8.4.4 9.9.9.9"
PUBLIC_RESOLVERS = frozenset(_RESOLVERS.split())
_OFFICES = (
    "abuse admin bounty contact git help hostmaster info mailer-daemon no-reply noreply office "
    "postmaster press sales security support webmaster"
)
OFFICES = frozenset(_OFFICES.split())
"""What stands before the @ of an address that many people share, or none."""
FILES = frozenset({"png", "jpg", "svg", "gif", "css", "js"})
"""Endings of files, as in pin@2x.png, that are no domains."""
EXAMPLE_DOMAINS = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local|internal)$"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of secret: what it is called, what it looks like, and what makes it a real one.

    `holds` are the beginnings of which it holds one, in lower case: a text without them is not
    looked at further.
    """

    name: str
    holds: tuple[str, ...]
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool]


def bits(text: str) -> float:
    """How much a character of `text` says, in bits (Shannon): 0 for aaaa, 4 for all of hex."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def is_random(text: str) -> bool:
    return bits(text) >= BITS and not _EXAMPLES.search(text)


def has_checksum(token: str) -> bool:
    """Whether the last six characters are the CRC-32 of those before, as GitHub and npm do it."""
    body = token.split("_", 1)[1]
    rest, digits = zlib.crc32(body[:-6].encode()), ""
    for _ in range(6):
        rest, place = divmod(rest, 62)
        digits = _BASE62[place] + digits
    return body.endswith(digits)


def is_web_token(token: str) -> bool:
    """Whether its head is JSON that names how it is signed (RFC 7519)."""
    head = token.split(".", 1)[0]
    try:
        said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error):
        return False
    return isinstance(said, dict) and "alg" in said


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before (ISO/IEC 7812)."""
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def is_card(text: str) -> bool:
    """Whether it is the number of a card of one of the great networks, and none for tests."""
    digits = re.sub(r"\D", "", text)
    if digits in TEST_CARDS or not _CARD_BEGINNINGS.fullmatch(digits):
        return False
    return passes_luhn(digits)


_CARD_BEGINNINGS = re.compile(
    r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01]|720)\d{12,13}|3[47]\d{13}"
    r"|6(?:011|5\d\d)\d{12}"
)
_CARD = re.compile(r"(?<![\w.:/-])\d(?:[ -]?\d){12,15}(?![\w:/-]|\.\d)", re.ASCII)


def _always(text: str) -> bool:
    return True


def _password_is_real(text: str) -> bool:
    """A value of letters and digits that no person would say."""
    value = re.split(r"[:=]\s*", text, maxsplit=1)[1].strip("\"'`")
    is_mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return is_mixed and is_random(value)


SHAPES = (
    Shape(
        "a private key",
        ("private key",),
        re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=:-]{16}"),
        _always,
    ),
    Shape(
        "a key of AWS", ("akia", "asia"), re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"), is_random
    ),
    Shape("a token of GitHub", ("gh",), re.compile(r"\bgh[opsur]_[A-Za-z0-9]{36}\b"), has_checksum),
    Shape(
        "a token of GitHub",
        ("github_pat_",),
        re.compile(r"\bgithub_pat_\w{22}_\w{59}\b", re.ASCII),
        is_random,
    ),
    Shape("a token of npm", ("npm_",), re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"), has_checksum),
    Shape("a token of GitLab", ("glpat-",), re.compile(r"\bglpat-[\w-]{20,}", re.ASCII), is_random),
    Shape(
        "a token of Slack", ("xox",), re.compile(r"\bxox[abeoprs]-[0-9]{6,}-[\w-]{10,}"), is_random
    ),
    Shape(
        "an address of Slack that posts for whoever knows it",
        ("hooks.slack",),
        re.compile(r"hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{20,}", re.ASCII),
        is_random,
    ),
    Shape(
        "a key of Google", ("aiza",), re.compile(r"\bAIza[\w-]{35}(?![\w-])", re.ASCII), is_random
    ),
    Shape(
        "a live key of Stripe",
        ("k_live_",),
        re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
        is_random,
    ),
    Shape(
        "a web token (JWT)",
        ("eyj",),
        re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{16,}", re.ASCII),
        is_web_token,
    ),
    Shape(
        "an address with a password in it",
        ("://",),
        re.compile(r"://[^\s/:@]+:(?!\*+@|x+@|<|\$|\{)[^\s/:@]{6,}@[\w.-]+"),
        is_random,
    ),
    Shape(
        "a password",
        ("passw", "pwd", "secret", "key", "token"),
        re.compile(
            r"\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token)\s*[:=]\s*"
            r"[\"'`]?[A-Za-z0-9+/_!@#%^&*-]{12,}[\"'`]?",
            re.IGNORECASE,
        ),
        _password_is_real,
    ),
)
_EMAIL = re.compile(
    r"(?<![\w.+$-])([A-Za-z0-9._%+-]+)@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})\b(?![:/])"
)
_IPV4 = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w/-]|\.\d)", re.ASCII)
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:/])", re.IGNORECASE)
_VERSION = re.compile(r"\b(?:version|release|v|build|ver\.?)\s*$", re.IGNORECASE)


def secrets_in(text: str) -> Iterator[tuple[str, str]]:
    """Each secret in `text`: what it is, and the characters that it was found by."""
    lower = text.lower()
    for shape in SHAPES:
        if not any(each in lower for each in shape.holds):
            continue
        for match in shape.pattern.finditer(text):
            if shape.is_real(match.group()):
                yield shape.name, match.group()


def cards_in(text: str) -> Iterator[str]:
    """Each number of a payment card in `text`."""
    return (match.group() for match in _CARD.finditer(text) if is_card(match.group()))


def emails_in(text: str) -> Iterator[str]:
    """Each address of somebody in `text`; those of an office and of examples are nobody’s."""
    for match in _EMAIL.finditer(text):
        user, domain = match.group(1), match.group(2).casefold()
        is_office = user.casefold() in OFFICES or domain.rpartition(".")[2] in FILES
        if not is_office and not EXAMPLE_DOMAINS.search(domain):
            yield match.group()


def addresses_in(text: str) -> Iterator[str]:
    """Each IP address in `text` that is one machine’s on the internet.

    Private and documentation ranges are not, and the public resolvers are everybody’s.
    """
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            is_version = _VERSION.search(text, 0, match.start())
            if not is_version and _is_somebodys(match.group()):
                yield match.group()


def _is_somebodys(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast and text not in PUBLIC_RESOLVERS


def masked(secret: str) -> str:
    """So much of it that its author knows which one it is: the beginning and the end."""
    line = secret.splitlines()[0]
    return f"{line[:4]}…{line[-2:]}"
