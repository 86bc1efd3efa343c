"""Signals that come while a server is being launched: a child that is not yet one has our locks."""

import signal
from collections.abc import Iterator

import pytest

from coe.database.ending import ENDING_SIGNALS, endings_held_back, interrupted_by_termination


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in ENDING_SIGNALS}
    for each in ENDING_SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", ENDING_SIGNALS)
def test_what_ends_us_is_heard_only_after_what_must_be_done_whole(number: signal.Signals) -> None:
    done = []

    def launch() -> None:
        with interrupted_by_termination():
            with endings_held_back():
                signal.raise_signal(number)
                done.append("launched")
            done.append("went on")

    with pytest.raises(KeyboardInterrupt):
        launch()
    assert done == ["launched"]


def test_what_ends_us_twice_meanwhile_interrupts_once() -> None:
    left = []

    def launch() -> None:
        try:
            with endings_held_back():
                signal.raise_signal(signal.SIGTERM)
                signal.raise_signal(signal.SIGHUP)
        finally:
            left.append("in order")

    with pytest.raises(KeyboardInterrupt), interrupted_by_termination():
        launch()
    assert left == ["in order"]


def test_where_nothing_ends_us_handlers_are_as_before() -> None:
    with interrupted_by_termination():
        before = [signal.getsignal(each) for each in ENDING_SIGNALS]
        with endings_held_back():
            pass
        assert [signal.getsignal(each) for each in ENDING_SIGNALS] == before


def test_what_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interrupted_by_termination(), endings_held_back():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
