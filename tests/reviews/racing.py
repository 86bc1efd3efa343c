"""Two people at one COE, met at its lock and not by luck."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from coe.documents.locks import lock_whole
from coe.documents.models import Document
from tests.documents.rivals import Rival


@contextmanager
def held_back(document: Document) -> Iterator[None]:
    """Keep the document to oneself, so that everybody else arrives and waits at the same lock."""
    with transaction.atomic():
        lock_whole(document)
        yield


def overtaken(first: Callable[[], object], then: Callable[[], object]) -> Rival:
    """Do `first` but do not commit it until `then` waits for its lock; return how `then` ended."""
    with transaction.atomic():
        first()
        rival = Rival(then)
        assert rival.is_held_up(), "did not wait for the other"
    rival.wait()
    return rival
