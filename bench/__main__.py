"""`make bench`: what a PDF and a page cost, beside what they could cost. Prints; judges nothing.

Each figure is taken in turn with what it is compared to, so that both meet the same machine.
Quote ratios and medians: absolute times say more about the machine than about the product.
"""

import argparse
import os
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs of each side (default: 7)")
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"))
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe.settings")
    django.setup()

    from bench.figures import figures

    for figure in figures(options.runs, options.chromium):
        print(figure, flush=True)


if __name__ == "__main__":
    main()
