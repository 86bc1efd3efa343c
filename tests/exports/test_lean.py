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

UNUSUAL: Final = """<!doctype html><html lang="en"><title>Unusual</title><body>
<p style="text-align: justify; width: 9cm">Words that are spread over the whole of the line, and
some more of them, so that there is a second line and a third.</p>
<p style="width: 2cm; hyphens: auto">Incomprehensibilities re\u00adtried; http://example.com/aaaaaaaaa</p>
<p style="width: 2cm; overflow-wrap: anywhere">0123456789abcdef0123456789abcdef0123456789abcdef</p>
<pre>one\ttab\n\n  two\tlines</pre>
<p dir="rtl" style="direction: rtl">\u05e9\u05dc\u05d5\u05dd, 12 ms</p>
<p style="letter-spacing: 2px; word-spacing: 3px; text-decoration: underline">Wide
<br>\u00a0and not</p>
<div style="position: relative; width: calc(50% - 1cm); min-height: 3em; margin-inline-start: 2em">
<span style="float: right">beside</span><span style="position: absolute; inset: 1mm">above</span>
<p style="line-height: calc(100% + 2px); padding-block: 1%; font-size: 120%">A formula.</p></div>
<div style="display: flex"><b style="flex: 1">One</b><i style="min-width: 20%">Two</i></div>
<table style="width: 60%; direction: rtl"><tr><td style="width: 30%">a
<td style="border: 1px solid">b
</table></body></html>"""
"""What our documents have seldom or never: lines that are spread, cut, and more than one in a text;
formulas; boxes beside the flow; properties that follow the direction of the script."""


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


def test_what_is_unusual_is_the_same_as_well() -> None:
    assert rendered(UNUSUAL, "all of it") == rendered(UNUSUAL, "what is needed")
