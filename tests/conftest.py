"""What every test stands on: the real PostgreSQL, a database of this run, people in teams."""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.backends.postgresql.operations import DatabaseOperations
from django.templatetags.static import StaticNode
from django.test import override_settings
from django.test.utils import ContextList

from coe.database import embedded
from tests.own_database import drop_leftovers, new_name
from tests.templates import Templates, shared

if TYPE_CHECKING:
    from tests.parallel import Together as Scheduler

pytest_plugins = ["tests.no_skips", "tests.people", "tests.started"]

CHECKOUT = Path(__file__).resolve().parent.parent

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
"""A worker that has driven a browser keeps its loop; what it runs afterwards is not in it."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Scheduler":
    from tests.parallel import Together

    return Together(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: who drives a browser waits for it half of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay until the end: that they are no garbage need not be
    found out again with every few objects that a page makes. Of those it is found out less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def database_server() -> Iterator[None]:
    """The embedded server for the length of the run, unless DATABASE_URL names another."""
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            drop_leftovers(stack.enter_context(embedded.running(CHECKOUT)))
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_need_no_gathering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Pages drawn in a test name their files plainly; the started product has them gathered, and
    may do so while a test runs: so tests look into a folder of their own. Every page names sixty,
    whose addresses are put together once."""
    none = tmp_path_factory.mktemp("static")
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    once = staticmethod(cache(StaticNode.handle_simple))
    with override_settings(STORAGES=plain, STATIC_ROOT=none), pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticNode, "handle_simple", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_are_hashed_quickly() -> Iterator[None]:
    """By the hash of the product, but at its lowest cost. The started product has the full one."""
    quick = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in quick.items():
            patch.setattr(Argon2PasswordHasher, name, cost)
        yield


@pytest.fixture(scope="session", autouse=True)
def pages_keep_their_own_context(django_test_environment: None) -> Iterator[None]:
    """A page that a test asks for has the context that it was drawn with, and not a copy of that
    of each template in it: there are hundreds in some, which takes longer than drawing them.
    """

    def keep_the_first(store: dict[str, Any], template: Any, context: Any, **_: Any) -> None:
        if "context" not in store:
            store["templates"], store["context"] = [template], ContextList([copy(context)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.client.store_rendered_templates", keep_the_first)
        yield


@pytest.fixture(scope="session")
def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database_server: None
) -> Iterator[Templates]:
    """What the databases of this run are copied from."""
    conninfo = os.environ.get("DATABASE_URL") or embedded.address(CHECKOUT)
    folder, prefix = tmp_path_factory.getbasetemp(), new_name()
    if worker := getattr(request.config, "workerinput", None):
        folder, prefix = folder.parent, f"test_coe_{os.getppid()}_{worker['testrunuid'][:8]}"
    with shared(Templates(conninfo, prefix, folder)) as templates:
        yield templates


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, database_server: None) -> None:
    """Give this run a database of its own, so that runs do not meet. Workers copy it.

    A statement may take as long as a machine that stands still for a while makes it take.
    """
    default: dict[str, Any] = settings.DATABASES["default"]
    default["OPTIONS"]["options"] += " -c statement_timeout=60s"
    default["OPTIONS"]["patience"] = None
    default.setdefault("TEST", {})["NAME"] = new_name()
    if hasattr(request.config, "workerinput"):
        default["TEST"]["TEMPLATE"] = request.getfixturevalue("templates").migrated()


@pytest.fixture(scope="session", autouse=True)
def history_may_be_flushed_by_tests() -> Iterator[None]:
    """Let Django empty the tables after a transactional test.

    The history refuses it; triggers rest for these statements, and only here. Few rows are
    deleted faster than many tables are truncated.
    """
    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        tables = args[1] if len(args) > 1 else kwargs["tables"]
        emptied = [f"DELETE FROM {self.quote_name(table)}" for table in tables]
        return [
            "SET session_replication_role = replica",
            *emptied,
            "SET session_replication_role = DEFAULT",
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.sql_flush = flush  # type: ignore[method-assign]
