"""PDFs made before somebody asks for them."""

from typing import Any

from coe.documents.models import Document, State
from coe.exports.rendering import RendererBusy, RenderingFailed
from coe.exports.services import pdf_of
from coe.jobs.kinds import Hopeless, Lane, TryAgain, job
from coe.publishing.printables import current_printable, printable_working_copy
from coe.snapshots.printable import Printable


@job("print_coe", title="Make the PDF of a COE", lane=Lane.PRINT)
def print_coe(payload: dict[str, Any]) -> None:
    """Make and keep what readers of a COE are given, and what is being judged.

    What is kept by now costs a look. Whoever asks meanwhile waits for this one, and who asked
    before is waited for (`pdf_of`).
    """
    document = Document.objects.kept().with_readers_fields().filter(pk=payload["document"]).first()
    for printable in _wanted(document) if document else ():
        try:
            pdf_of(printable)
        except RendererBusy as error:
            raise TryAgain("Many PDFs are being made right now.") from error
        except RenderingFailed as error:
            raise Hopeless(str(error)) from error


def _wanted(document: Document) -> list[Printable]:
    current = current_printable(document)
    wanted = [current] if current else []
    if document.state in (State.IN_REVIEW, State.APPROVED):
        wanted.append(printable_working_copy(document))
    return wanted
