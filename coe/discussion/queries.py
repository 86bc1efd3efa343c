from typing import Any

from coe.documents.models import Document


def open_musts(document: Document) -> list[Any]:
    """What has to be settled before it is approved."""
    return []
