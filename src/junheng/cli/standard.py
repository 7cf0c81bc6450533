"""`junheng standard list|show`: which rule books there are, and what one says."""

from __future__ import annotations

import argparse

from junheng.cli.common import DONE, add_output, console, opened
from junheng.cli.words import HELP


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("deed", metavar="list|show", choices=("list", "show"), help=HELP["deed"])
    parser.add_argument("id", metavar="ID", nargs="?", default="national-2017", help=HELP["standard"])
    add_output(parser, "table", "json")


def run(options: argparse.Namespace) -> int:
    """List the documents, or print one."""
    from junheng import api

    with opened(options.output) as stream:
        if options.deed == "list":
            stream.writelines(f"{id}  {_title(id)}\n" for id in api.available())
        elif options.format == "json":
            stream.write(api.rules_to_json(api.load_standard(options.id)) + "\n")
        else:
            api.print_rules(api.load_standard(options.id), console(stream))
    return DONE


def _title(id: str) -> str:
    from junheng import api

    standard = api.load_standard(id)
    return f"{standard.title}（{standard.number}）"
