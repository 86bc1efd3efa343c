"""`make prove`: people write over one COE while the servers under them are killed.

Every word that the server acknowledged is looked for afterwards. Then the same people write with
a server that lacks what keeps words, and the same search has to find them missing: so it sees.
"""

import argparse
import random
import signal
import sys

from prove.crowd import write_together
from prove.product import a_product

NAIVE = "prove.naive_settings"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m prove", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of writing (default: 60)")
    parser.add_argument("--clients", type=int, default=8, help="who write (default: 8)")
    parser.add_argument("--seed", default="", help="of what is random (default: a new one)")
    parser.add_argument("--naive", action="store_true", help="only the server that has to lose")
    parser.add_argument("--away", type=float, metavar="SECONDS", help="the database is away")
    parser.add_argument("--full-disk", action="store_true", help="the database's disk is full")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leaves nothing behind
    seed = options.seed or f"{random.SystemRandom().randrange(10**9)}"
    print(f"seed {seed}", flush=True)
    if options.away:
        from prove.away import away

        return away(options.away)
    if options.full_disk:
        from prove.full_disk import full_disk

        return full_disk()
    is_kept = options.naive or keeps_words(options, seed)
    return 0 if naive_loses(options, seed) and is_kept else 1


def keeps_words(options: argparse.Namespace, seed: str) -> bool:
    with a_product() as product:
        product.start()
        outcome = write_together(
            product, seconds=options.seconds, clients=options.clients, seed=seed
        )
    print(outcome, *outcome.details(), sep="\n    ", flush=True)
    return outcome.is_safe


def naive_loses(options: argparse.Namespace, seed: str) -> bool:
    with a_product(NAIVE) as product:
        product.start()
        outcome = write_together(
            product, seconds=options.seconds, clients=options.clients, seed=seed
        )
    is_noticed = bool(outcome.finding.lost or outcome.finding.doubled)
    verdict = "noticed, as it must be" if is_noticed else "NOTHING NOTICED: the checker is blind"
    print(f"naive: {outcome}: {verdict}", flush=True)
    return is_noticed


if __name__ == "__main__":
    sys.exit(main())
