"""The causes of a COE as somebody sees them."""

from coe.documents.models import Document
from coe.whys.models import Cause, Explanation
from coe.whys.outlines import Place, draw_causes


def places(document: Document) -> list[Place]:
    causes = Cause.objects.filter(document=document)
    return draw_causes(causes, Explanation.objects.filter(document=document))


def drawn(document: Document) -> list[str]:
    """Each cause in reading order, with a dash for each cause that it is drawn below."""
    return [f"{'- ' * place.branch.depth}{place.cause}" for place in places(document)]
