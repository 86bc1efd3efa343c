"""`manage.py run` starts a worker beside the server, watches it, and takes it along."""

from pathlib import Path

import psycopg

from prove.product import Product
from tests.jobs.workers import wait_until


def beats(product: Product) -> int:
    """How many workers have told that they live."""
    with psycopg.connect(product.conninfo) as connection:
        row = connection.execute("SELECT count(*) FROM coe_heartbeat").fetchone()
    assert row is not None
    return int(row[0])


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(product: Product) -> None:
    wait_until(lambda: beats(product) > 0)
    first = product.worker_of_jobs()
    before = beats(product)
    product.kill_worker_of_jobs()
    wait_until(lambda: beats(product) > before)
    second = product.worker_of_jobs()
    assert second not in (None, first)
    assert "The worker ended with code -9; it is started again." in product.log()
    product.stop()
    assert not Path(f"/proc/{second}").exists()
    product.start()
