"""What is sealed is read by its own key and purpose alone."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from coe.web.sealing import Unsealable, seal, unseal

WORD = "https://hooks.example.com/T0/B0"


@given(st.text(max_size=200))
def test_it_comes_back_as_it_was(text: str) -> None:
    assert unseal(seal(text, purpose="a"), purpose="a") == text


def test_the_same_text_is_never_sealed_alike_and_shows_nothing() -> None:
    first, second = (urlsafe_b64decode(seal(WORD, purpose="a")) for _ in range(2))
    assert first != second
    assert b"hooks" not in first


def test_another_purpose_and_another_key_read_nothing(settings: Settings) -> None:
    sealed = seal(WORD, purpose="a")
    with pytest.raises(Unsealable):
        unseal(sealed, purpose="b")
    settings.SECRET_KEY = "another"
    with pytest.raises(Unsealable):
        unseal(sealed, purpose="a")


@given(st.integers(0, 78), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    data = bytearray(urlsafe_b64decode(seal(WORD, purpose="a")))
    data[place % len(data)] ^= change
    with pytest.raises(Unsealable):
        unseal(urlsafe_b64encode(bytes(data)).decode(), purpose="a")


@pytest.mark.parametrize("made_up", ["", "x", "é", "AAAA", "A" * 200, "****"])
def test_what_was_never_sealed_is_refused(made_up: str) -> None:
    with pytest.raises(Unsealable):
        unseal(made_up, purpose="a")
