from collections.abc import Callable
from functools import cache

import pytest
from pypdf import PdfReader

from coe.exports.pdf import html_of
from coe.exports.rendering import render_document
from tests.exports import samples
from tests.exports.reading import opened

Printed = Callable[[str], PdfReader]


@pytest.fixture(scope="session")
def printed() -> Printed:
    """A sample COE by name, printed once in a run and read."""

    @cache
    def read(name: str) -> PdfReader:
        sample = samples.hard() if name == "HARD" else getattr(samples, name)
        return opened(render_document(html_of(sample)).content)

    return read
