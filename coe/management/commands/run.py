"""`manage.py run`: bring the database up to date and serve until somebody presses Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import QuerySet

from coe.accounts.demo import DEMO_PEOPLE, demo_password
from coe.accounts.models import User
from coe.accounts.services import change_password
from coe.database import embedded
from coe.management.children import TIED_TO_US, Worker, end

PREPARING = 0x434F45  # the number of an advisory lock
LOOK_SECONDS = 0.5  # between two looks at the server and its database
GUNICORN_OPTIONS = [
    "--worker-class=gthread",
    "--workers=2",
    "--threads=4",
    "--timeout=60",
    "--graceful-timeout=5",
    "--log-level=warning",
    "--no-control-socket",
]


class Command(BaseCommand):
    help = "Migrate, load the demo on the first start, and serve until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Returns after Ctrl-C or SIGTERM, with all that it started gone; the data stays.

        Raises CommandError when the address cannot be had or the server ends by itself.
        """
        with reserved(options["host"], options["port"]) as listener:
            with preparing_alone():
                prepare()
            connection.close()
            url = url_of(listener)
            worker = Worker(url, tell=self.stderr.write)
            with gunicorn(listener, url, beside=worker) as server:
                wait_until_serving(server, listener)
                self.say_where(url)
                code = self.watch(server, worker)
                raise CommandError(f"The server ended by itself, with code {code}.")

    def watch(self, server: subprocess.Popen[bytes], worker: Worker) -> int:
        """Return the code that the server ends with; until then keep the worker and the embedded
        database up."""
        is_told = False
        while (code := server.poll()) is None:
            worker.keep_up()
            time.sleep(LOOK_SECONDS)
            if os.environ.get("DATABASE_URL"):
                continue
            try:
                if embedded.revive(settings.BASE_DIR):
                    self.stderr.write("The database had ended; it was started again.")
                    is_told = False
            except embedded.EmbeddedPostgresError as error:
                if not is_told:
                    self.stderr.write(f"The database has ended; trying to start it. {error}")
                    is_told = True
        return code

    def say_where(self, url: str) -> None:
        lines = [f"COE is at {url}"]
        if is_demo():
            lines.append(f"Sign in with the password {demo_password()} as one of")
            lines += [f"    {person.email:<24} {person.role}" for person in DEMO_PEOPLE]
        self.stdout.write("\n".join([*lines, "Ctrl-C ends it; the data stays."]))
        self.stdout.flush()


def reserved(host: str, port: int) -> socket.socket:
    """A socket bound to the address before anything else is done, so that two never race for it.

    Raises CommandError when it is taken or cannot be bound.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CommandError(
            f"Port {port} of {host} cannot be used ({error.strerror}): choose another with PORT=."
        ) from error
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  nothing is bound here
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@contextmanager
def preparing_alone() -> Iterator[None]:
    """Two who start at once on one database prepare it one after the other."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [PREPARING])
            if cursor.fetchone() == (True,):
                break
            time.sleep(0.2)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])


def prepare() -> None:
    """Migrate, gather the static files, and load the demo where there is nobody yet."""
    call_command("migrate", interactive=False, verbosity=0)
    gather_static_files()
    load_demo_on_first_start()
    if is_demo():
        make_printed_password_true()


def load_demo_on_first_start() -> None:
    """Only into the embedded database, and only while nobody is in it."""
    if not os.environ.get("DATABASE_URL") and not User.objects.exists():
        call_command("seed_demo")


def gather_static_files() -> None:
    """Only after a change: collectstatic takes seconds, as it compresses every file anew.

    One at a time: two that serve one checkout from databases of their own gather into one folder.
    """
    settings.STATE_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.STATE_DIR / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = state_of_static_files()
        gathered = settings.STATE_DIR / "static_state"
        if settings.STATIC_ROOT.exists() and gathered.exists() and gathered.read_text() == state:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        gathered.write_text(state)


def state_of_static_files() -> str:
    """A digest that changes with the name, size or time of any static file."""
    digest = sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_demo() -> bool:
    """Whether the demo people's password is ours to set: never where DATABASE_URL is set."""
    return not os.environ.get("DATABASE_URL") and demo_accounts().exists()


def demo_accounts() -> QuerySet[User]:
    return User.objects.filter(email__in=[person.email for person in DEMO_PEOPLE], is_active=True)


def make_printed_password_true() -> None:
    """COE_DEMO_PASSWORD may have changed since the demo was loaded: one tells for all."""
    password = demo_password()
    people = list(demo_accounts())
    if not people[0].check_password(password):
        for person in people:
            change_password(person=person, password=password)


@contextmanager
def gunicorn(
    listener: socket.socket, url: str, *, beside: Worker
) -> Iterator[subprocess.Popen[bytes]]:
    """The server as a child that inherits `listener` and every other inheritable descriptor.

    It ends with us, whatever ends us, and the worker `beside` it as well. Leaving on a
    KeyboardInterrupt is the normal way out.
    """
    listener.set_inheritable(True)
    # Ignored where a script started us in the background, yet we are to end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    server = subprocess.Popen(  # noqa: S603  nothing in it comes from outside
        [
            *(*TIED_TO_US, sys.executable, "-m", "gunicorn"),
            *GUNICORN_OPTIONS,
            f"--bind=fd://{listener.fileno()}",
            "coe.wsgi:application",
        ],
        cwd=settings.BASE_DIR,
        env={"COE_URL": url, **os.environ},
        close_fds=False,
    )
    try:
        yield server
    except KeyboardInterrupt:
        pass
    finally:
        end(server, beside.process)


def wait_until_serving(server: subprocess.Popen[bytes], listener: socket.socket) -> None:
    """Return once connections are accepted, or the server has ended."""
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(listener.getsockname()[:2], timeout=1):
            return
        time.sleep(0.05)
