"""The started product while its servers are killed under the people who write."""

import random
from urllib.parse import urlsplit

from prove.away import SENTENCE, gone
from prove.client import Client, seconds_until_back
from prove.crowd import write_together
from prove.probe import FIRST_SAVE_SECONDS, SLOWEST_SECONDS, Probe
from prove.product import Product


def test_a_database_that_is_gone_is_told_at_once_and_comes_back_by_itself(
    product: Product,
) -> None:
    probe = Probe(product)
    assert probe.save(probe.new_attempt()).status == 200
    attempt = probe.new_attempt()
    with gone(product):
        probe.ask_for(1.5, attempt)
    assert probe.refusals(SENTENCE) == len(probe.answers) > 4
    assert probe.slowest() < SLOWEST_SECONDS
    seconds_until_back(Client(product.url))
    assert probe.save_until_known(attempt).seconds < FIRST_SAVE_SECONDS
    assert probe.problems() == []


def test_words_outlive_every_worker_and_the_database(product: Product) -> None:
    probe = Probe(product)
    for hurt in (product.kill_worker, product.kill_backend, lambda _: product.kill_postmaster()):
        probe.save_until_known(probe.new_attempt())
        hurt(random.Random(1))
    probe.save_until_known(probe.new_attempt())
    assert len(probe.ledger.acknowledged) == 4
    assert probe.problems() == []


def test_half_a_request_saves_nothing_and_the_whole_one_is_saved_after_it(
    product: Product,
) -> None:
    """The line is cut while a text is sent: half of it must not pass for the attempt."""
    probe, chance = Probe(product), random.Random(3)
    probe.save_until_known(probe.new_attempt())
    for _ in range(20):
        attempt = probe.new_attempt("words " * 500)
        probe.send_half(attempt, chance)
        probe.save_until_known(attempt)
    assert probe.problems() == []


def test_a_product_that_was_killed_starts_again_at_its_address_with_every_word(
    product: Product,
) -> None:
    probe = Probe(product)
    probe.save_until_known(probe.new_attempt())
    port = urlsplit(product.url).port
    product.kill()
    product.start()
    assert urlsplit(product.url).port == port
    probe.save_until_known(probe.new_attempt())
    assert probe.problems() == []


def test_four_who_write_at_once_lose_no_word_and_double_none(product: Product) -> None:
    outcome = write_together(product, seconds=3, clients=4, seed="in the suite")
    assert outcome.is_safe, outcome.details()
    assert len(outcome.ledger.acknowledged) >= 4
