import pytest

from tests.permissions.world import make_pages_quick


@pytest.fixture(autouse=True)
def quick_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    make_pages_quick(monkeypatch)
