"""What a text may cost: time that grows with its length, and not with its square."""

import time

import pytest

from tests.guidance.samples import findings, written

LENGTH = 50_000
SECONDS = 4
"""About ten times what the slowest of them takes on two slow cores."""


@pytest.mark.parametrize(
    "unit", ["1 h ", "1 of ", "a@", "://a:", "[a](", "14:", "f:", "outage lasted "]
)
def test_a_long_text_of_one_piece_is_looked_through_at_once(unit: str) -> None:
    text = unit * (LENGTH // len(unit))
    started = time.process_time()
    findings(written(summary=text, impact=text))
    assert time.process_time() - started < SECONDS
