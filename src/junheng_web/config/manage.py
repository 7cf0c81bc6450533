"""`junheng-web`: the platform's management commands."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command; `verify-audit` is the module `verify_audit`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng_web.config.settings")
    name, *arguments = sys.argv
    if arguments and not arguments[0].startswith("-"):
        arguments[0] = arguments[0].replace("-", "_")
    execute_from_command_line([name, *arguments])


if __name__ == "__main__":
    main()
