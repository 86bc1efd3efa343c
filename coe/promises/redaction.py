"""Emptying what people wrote about promises, for a secret in it. Only administration calls this."""

from django.db.models import Q, QuerySet

from coe.actions.models import EvidenceFile, Promise, PromiseEvent, PromiseRequest
from coe.documents.models import Document
from coe.promises.models import Serving


def count_holding(document: Document, secret: str) -> int:
    """In how many words, addresses and files about its promises the text stands."""
    told = _events(document, secret).count() + _requests(document, secret).count()
    told += _servings(document, secret).count() + _tickets(document, secret).count()
    return told + len(_files(document, secret))


def empty_holding(document: Document, secret: str) -> int:
    """Empty every word, address and file that holds the text; return how many things that were.

    That something was done when, by whom, stays. Must be called in the transaction that records
    it.
    """
    files = EvidenceFile.objects.filter(pk__in=_files(document, secret))
    emptied = files.update(name="", content=b"")
    emptied += _events(document, secret).update(note="", evidence="")
    emptied += _servings(document, secret).update(note="")
    emptied += _tickets(document, secret).update(tracker="")
    return emptied + _requests(document, secret).update(reason="", note="")


def _events(document: Document, secret: str) -> QuerySet[PromiseEvent]:
    said = Q(note__contains=secret) | Q(evidence__contains=secret)
    return PromiseEvent.objects.filter(said, promise__document=document)


def _requests(document: Document, secret: str) -> QuerySet[PromiseRequest]:
    said = Q(reason__contains=secret) | Q(note__contains=secret)
    return PromiseRequest.objects.filter(said, promise__document=document)


def _servings(document: Document, secret: str) -> QuerySet[Serving]:
    """What was said of items of other COEs that serve this one."""
    return Serving.objects.filter(note__contains=secret, document=document)


def _tickets(document: Document, secret: str) -> QuerySet[Promise]:
    return Promise.objects.filter(tracker__contains=secret, document=document)


def _files(document: Document, secret: str) -> list[int]:
    """Those whose name or bytes hold it; what stands in a picture nobody finds."""
    kept = EvidenceFile.objects.filter(event__promise__document=document).exclude(content=b"")
    sought = secret.encode()
    return [each.pk for each in kept if secret in each.name or sought in bytes(each.content)]
