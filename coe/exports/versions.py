"""What a PDF follows from besides the COE: our code, templates and design, and the packages."""

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings

from coe.exports import design


def template_version() -> str:
    """A digest that differs whenever equal COEs might be printed differently.

    It is over all of the product's code and templates rather than a list of what printing
    uses, which somebody would forget to extend. So each release prints anew. It is taken when
    the process starts (coe.apps): what it runs is what it read then.
    """
    return _digest() if settings.DEBUG else _at_start()


def has_changed() -> bool:
    """Whether the files differ from those that `template_version` was taken from."""
    return template_version() != _digest()


@cache
def _at_start() -> str:
    return _digest()


def _digest() -> str:
    base = Path(settings.BASE_DIR)
    files = {path.relative_to(base).as_posix(): path for path in _code_and_templates(base)}
    files |= {f"design/{path.name}": path for path in design.sources()}
    digest = sha256(f"{sys.version}\n{installed()}\n".encode())
    for name, path in sorted(files.items()):
        digest.update(f"{name}\n".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _code_and_templates(base: Path) -> list[Path]:
    return [*base.glob("coe/**/*.py"), *base.glob("templates/**/*.html")]


@cache
def installed() -> str:
    """The packages of this process with their versions."""
    return ",".join(sorted(f"{each.name}=={each.version}" for each in distributions()))
