"""How an installation stands towards the network, each in a process of its own."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ASK = """
import json, sys
from wsgiref.util import setup_testing_defaults
from coe.wsgi import application

answers = []
for address, headers in json.loads(sys.argv[1]):
    environ = {"PATH_INFO": address, "REMOTE_ADDR": "192.0.2.7", **headers}
    setup_testing_defaults(environ)
    got = {}
    def start(status, headers, exc_info=None):
        got.update(status=int(status[:3]), headers=headers)
    try:
        got["body"] = b"".join(application(environ, start)).decode()
    except Exception as error:
        got = {"status": f"crashed: {type(error).__name__}", "headers": [], "body": ""}
    answers.append(got)
print("ANSWERS" + json.dumps(answers))
"""

KEY = "a-key-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
HTTPS = {"COE_URL": "https://coe.example.com", "COE_SECRET_KEY": KEY}
BY_PROXY = {"HTTP_HOST": "coe.example.com", "HTTP_X_FORWARDED_PROTO": "https"}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    ours = ("COE_", "DJANGO_ALLOW_ASYNC_UNSAFE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def ask(*requests: tuple[str, dict[str, str]], **environment: str) -> list[dict[str, Any]]:
    """The answers of a new process of the application to GET requests."""
    done = run("-c", ASK, json.dumps(requests), **environment)
    assert "ANSWERS" in done.stdout, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout.partition("ANSWERS")[2])
    for each in answers:
        each["cookies"] = [value.strip() for name, value in each["headers"] if name == "Set-Cookie"]
        each["headers"] = dict(each["headers"])
    return answers


@pytest.fixture(scope="module", autouse=True)
def gathered_static_files() -> None:
    """What a new process needs to draw its pages."""
    done = run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def dead_database() -> Iterator[str]:
    """The address of a database where nobody listens: the port is taken and never accepts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"postgresql://coe@127.0.0.1:{taken.getsockname()[1]}/coe"


def test_without_its_database_it_says_503_and_when_to_try_again(dead_database: str) -> None:
    session = {"HTTP_COOKIE": f"sessionid={'s' * 32}"}
    answers = ask(
        ("/healthz", {}),
        ("/healthz", session),
        ("/", session),
        ("/coes/COE-2026-0001/", session),
        DATABASE_URL=dead_database,
    )
    assert [each["status"] for each in answers] == [503, 503, 503, 503]
    for answer in answers:
        assert answer["headers"]["Retry-After"] == "5"
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
        assert answer["headers"]["Content-Security-Policy"].startswith("default-src 'none';")
        assert "The service is not ready" in answer["body"]
        assert "127.0.0.1" not in answer["body"]


def test_the_form_to_sign_in_needs_no_database(dead_database: str) -> None:
    (answer,) = ask(("/accounts/login/", {}), DATABASE_URL=dead_database)
    assert answer["status"] == 200


@pytest.mark.django_db
def test_with_its_database_it_says_that_it_serves(client: Any) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (
        200,
        b"ok\n",
        "text/plain",
    )
    assert client.post("/healthz").status_code == 405


def test_behind_https_cookies_and_addresses_are_for_https_alone(dead_database: str) -> None:
    sign_in, plain, health = ask(
        ("/accounts/login/", BY_PROXY),
        ("/accounts/login/", {"HTTP_HOST": "coe.example.com"}),
        ("/healthz", {"HTTP_HOST": "coe.example.com"}),
        DATABASE_URL=dead_database,
        **HTTPS,
    )
    assert sign_in["status"] == 200
    (cookie,) = sign_in["cookies"]
    assert cookie.startswith("csrftoken=")
    flags = {each.strip() for each in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= flags
    assert sign_in["headers"]["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert plain["status"] == 301
    assert plain["headers"]["Location"] == "https://coe.example.com/accounts/login/"
    assert health["status"] == 503, "the health check is asked without https"


def test_the_session_cookie_is_for_https_alone_where_there_is_https() -> None:
    names = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE")
    code = f"from coe import settings; print([getattr(settings, name) for name in {names!r}])"
    assert run("-c", code, **HTTPS).stdout.strip() == "[True, True, True]"
    assert run("-c", code, COE_SECRET_KEY=KEY).stdout.strip() == "[False, True, False]"


def test_only_its_own_host_names_are_answered(dead_database: str) -> None:
    answers = ask(
        ("/accounts/login/", BY_PROXY | {"HTTP_HOST": "other.example.com"}),
        ("/accounts/login/", BY_PROXY | {"HTTP_HOST": "evil.example"}),
        ("/accounts/login/", BY_PROXY),
        DATABASE_URL=dead_database,
        COE_HOSTS="other.example.com",
        **HTTPS,
    )
    assert [each["status"] for each in answers] == [200, 400, 200]


def test_a_traceback_is_shown_only_where_somebody_asked_for_it() -> None:
    code = "from coe import settings; print(settings.DEBUG)"
    assert run("-c", code).stdout.strip() == "False"
    assert run("-c", code, COE_DEBUG="true").stdout.strip() == "False"
    assert run("-c", code, COE_DEBUG="1").stdout.strip() == "True"


def test_the_deploy_checks_are_clean_behind_https_and_only_there() -> None:
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    secure = run(*check, **HTTPS)
    assert (secure.returncode, "no issues" in secure.stdout) == (0, True)
    plain = run(*check, COE_SECRET_KEY=KEY)
    assert plain.returncode == 1
    assert "coe.W001" in plain.stderr


MAKE_KEY = """
import sys
from pathlib import Path
from coe.web.secret_key import read_or_create
sys.stdin.readline()
print(read_or_create(Path(sys.argv[1])))
"""


def test_processes_that_start_at_once_agree_on_one_secret_key(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "secret_key"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_KEY, path],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate(timeout=30)[0].strip() for process in started}
    assert len(keys) == 1
    assert len(keys.pop()) > 60
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


def test_the_secret_key_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", MAKE_KEY, path],
            cwd=settings.BASE_DIR,
            input="go\n",
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    }
    assert len(outputs) == 1
