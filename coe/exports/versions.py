"""What a PDF follows from besides the COE: our code, templates and design, and the packages."""

import sys
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings

from coe.exports import design


def template_version() -> str:
    """A digest that differs whenever equal COEs might be printed differently.

    It is over all of the product's code and templates rather than a list of what printing
    uses, which somebody would forget to extend. So each release prints anew.
    """
    if settings.DEBUG:
        _digest.cache_clear()
    return _digest()


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def installed() -> str:
    """The packages of this process with their versions."""
    return ",".join(sorted(f"{each.name}=={each.version}" for each in distributions()))
