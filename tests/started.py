"""The started product in a private copy, for those tests that kill its servers."""

from collections.abc import Iterator

import pytest

from prove.product import Product, a_product


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """One for all of them; each leaves it started."""
    with a_product() as product:
        product.start()
        yield product
