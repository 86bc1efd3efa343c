from collections.abc import Callable
from functools import cache

import pytest
from pypdf import PdfReader

from tests.exports import samples
from tests.exports.reading import printed_whole

Printed = Callable[[str], PdfReader]


@pytest.fixture(scope="session")
def printed() -> Printed:
    """A sample COE by name, printed once in a run and read."""

    @cache
    def read(name: str) -> PdfReader:
        sample = samples.hard() if name == "HARD" else getattr(samples, name)
        return printed_whole(sample)

    return read
