"""`make bench`: what a PDF and a page cost, beside what they could cost. Prints; judges nothing.

Each figure is taken in turn with what it is compared to, so that both meet the same machine.
Quote ratios and medians: absolute times say more about the machine than about the product.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import django

from bench.pairs import Amount, Figure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="runs of each side (default: 7)")
    parser.add_argument("--chromium", type=Path, default=Path("/usr/bin/chromium"))
    parser.add_argument("--actions", action="store_true", help="the list of action items alone")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe.settings")
    django.setup()

    from bench.figures import figures
    from bench.worklist import of_the_action_items

    if options.actions:
        chosen: Iterator[Figure | Amount] = of_the_action_items(options.runs)
    else:
        chosen = figures(options.runs, options.chromium)
    for figure in chosen:
        print(figure, flush=True)


if __name__ == "__main__":
    main()
