"""What is spared of WeasyPrint's work changes no byte of a PDF."""

import subprocess
import sys
from typing import Final

from coe.exports.pdf import html_of
from coe.help.example import worked_example

RENDER: Final = """
import hashlib, sys
from coe.exports import pdf_worker
from weasyprint.layout import page

if sys.argv[1] == "all of it":
    pdf_worker.spare_work = lambda: None
prepared, made, make_page = pdf_worker.prepare(), [], page.make_page
page.make_page = lambda *args: made.append(1) or make_page(*args)
job = {"html": sys.stdin.read(), "look": "full", "note": "", "stylesheets": [], "files": {}}
print(hashlib.sha256(pdf_worker.render(job, prepared)).hexdigest(), len(made))
"""


def rendered(html: str, work: str) -> tuple[str, int]:
    """The digest of the PDF, and how often a page was laid out for it."""
    command = [sys.executable, "-c", RENDER, work]
    done = subprocess.run(command, input=html, capture_output=True, text=True, check=True)
    digest, made = done.stdout.split()
    return digest, int(made)


def test_a_pdf_is_the_same_with_less_work_and_two_pages_are_laid_out_once_less() -> None:
    html = html_of(worked_example())
    digest, laid_out = rendered(html, "all of it")
    assert rendered(html, "what is needed") == (digest, laid_out - 2)
