#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they run with the embedded PostgreSQL up."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from coe.database import embedded

NEED_NO_DATABASE = {"help", "version", "check", "collectstatic"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coe.settings")
    needs_none = not sys.argv[1:] or sys.argv[1].lstrip("-") in NEED_NO_DATABASE
    if needs_none or os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    try:
        with embedded.running(Path(__file__).parent):
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedPostgresError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
