"""The signals that end a process, as a tenant of the embedded server hears them."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interrupted_by_termination() -> Iterator[None]:
    """Treat SIGTERM and SIGHUP like Ctrl-C, where nobody else handles or ignores them."""
    if not _may_handle():
        yield
        return
    before = {each: signal.getsignal(each) for each in ENDING_SIGNALS}
    for each in (signal.SIGTERM, signal.SIGHUP):
        if before[each] is signal.SIG_DFL:
            signal.signal(each, _interrupt_once)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def endings_held_back() -> Iterator[None]:
    """Hear what ends us only after the block, which is therefore done whole or not at all.

    Handlers are changed, not the mask of signals: a child inherits the mask, but no handlers.
    """
    if not _may_handle():
        yield
        return
    before = {each: signal.getsignal(each) for each in ENDING_SIGNALS}
    heard: list[int] = []
    for each, handler in before.items():
        if callable(handler):
            signal.signal(each, lambda number, _frame: heard.append(number))
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for number in heard[:1]:
            signal.raise_signal(number)


def ignore_ending_signals() -> None:
    if _may_handle():
        for each in ENDING_SIGNALS:
            signal.signal(each, signal.SIG_IGN)


def _interrupt_once(number: int, frame: FrameType | None) -> None:
    """A signal to a group often comes twice: the second must not disturb the leaving."""
    ignore_ending_signals()
    raise KeyboardInterrupt


def _may_handle() -> bool:
    """Python lets its main thread alone say what a signal does."""
    return threading.current_thread() is threading.main_thread()
