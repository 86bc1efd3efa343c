"""Bare WeasyPrint: the HTML and CSS of one folder in its shortest program, without our worker.

Prints the CPU seconds of making the PDF, without those of starting and importing, and the
peak memory in bytes.
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    folder = Path(sys.argv[1])
    began = time.process_time()
    fonts = FontConfiguration()
    sheets = [CSS(folder / name, font_config=fonts) for name in ("pdf.css", "fonts.css")]
    HTML(folder / "coe.html").write_pdf(
        folder / "bare.pdf",
        stylesheets=sheets,
        font_config=fonts,
        pdf_variant="pdf/ua-1",
        pdf_identifier=True,
    )
    used = time.process_time() - began
    print(json.dumps([used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10]))


if __name__ == "__main__":
    main()
