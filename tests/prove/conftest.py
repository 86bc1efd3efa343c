"""The started product in a private copy, with a database that a test may kill."""

from collections.abc import Iterator

import pytest

from prove.product import Product, a_product


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with a_product() as product:
        product.start()
        yield product
