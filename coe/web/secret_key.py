"""The signing key of an installation that was given none: made once, private, never printed."""

import os
from pathlib import Path
from secrets import token_urlsafe


def read_or_create(path: Path) -> str:
    """Return the key in `path`, writing a new one first where there is none.

    The file is readable by its owner alone. Two processes that start at once agree on one key:
    the first to link its file wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        candidate = path.with_name(f"{path.name}.{os.getpid()}")
        candidate.touch(mode=0o600)
        candidate.write_text(token_urlsafe(64), encoding="ascii")
        try:
            os.link(candidate, path)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return path.read_text(encoding="ascii")
