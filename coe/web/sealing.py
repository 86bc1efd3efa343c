"""Texts that lie in the database so that nobody reads them there: sealed by the SECRET_KEY.

A stream made by HMAC-SHA256 in counter mode from a random nonce, and an HMAC-SHA256 over both, each
under a key of its own that follows from the SECRET_KEY: what the standard library has, so that no
dependency is needed for a few short texts. Whoever has the database and not the key has nothing;
under another key nothing is read, and nothing is taken for what it is not.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from itertools import count
from secrets import token_bytes

from django.conf import settings

NONCE = 16
TAG = 32


class Unsealable(Exception):
    """It was sealed under another key, for another purpose, or not by us."""


def seal(text: str, *, purpose: str) -> str:
    """`text`, to be read by `unseal` with the same purpose alone."""
    nonce = token_bytes(NONCE)
    hidden = nonce + _streamed(text.encode(), nonce, purpose)
    return urlsafe_b64encode(hidden + _tag(hidden, purpose)).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed; raises `Unsealable`."""
    try:
        whole = urlsafe_b64decode(sealed.encode())
    except (Error, ValueError) as error:
        raise Unsealable from error
    hidden, tag = whole[:-TAG], whole[-TAG:]
    if len(hidden) < NONCE or not hmac.compare_digest(tag, _tag(hidden, purpose)):
        raise Unsealable
    return _streamed(hidden[NONCE:], hidden[:NONCE], purpose).decode()


def _streamed(data: bytes, nonce: bytes, purpose: str) -> bytes:
    key = _key("stream", purpose)
    stream = b""
    for block in count():
        if len(stream) >= len(data):
            break
        stream += hmac.digest(key, nonce + block.to_bytes(8, "big"), "sha256")
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _tag(hidden: bytes, purpose: str) -> bytes:
    return hmac.digest(_key("tag", purpose), hidden, "sha256")


def _key(use: str, purpose: str) -> bytes:
    what = f"coe.sealing/{use}/{purpose}"
    return hmac.digest(settings.SECRET_KEY.encode(), what.encode(), "sha256")
