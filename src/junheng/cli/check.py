"""`junheng check`: what looks wrong, doubtful or missing in the facts, and what to do about it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from junheng.cli.common import DONE, add_facts, add_output, busy, console, not_over_input, opened, written
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Facts


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    parser.add_argument("--previous", metavar="PATH", help=HELP["previous"])
    add_output(parser, "table", "json")
    parser.add_argument("--annotate", metavar="FILE.xlsx", type=Path, help=HELP["annotate"])


def run(options: argparse.Namespace) -> int:
    """Check and print; whatever is found, the status says only that the checks were made."""
    from junheng import api

    not_over_input(options.path, options.annotate)
    not_over_input(options.path, options.output)
    with busy(HELP["reading"]):
        facts = api.load(options.path)
        previous = None if options.previous is None else _last_year(options.previous)
    with busy(HELP["checking"]):
        found = api.check(facts, options.standard, as_of=options.as_of, county=options.county, previous=previous)
    if options.annotate is not None:
        with written(options.annotate) as file:
            api.write_annotated(found, facts, file)
    with opened(options.output) as stream:
        if options.format == "json":
            stream.write(api.findings_to_json(found) + "\n")
        else:
            api.print_findings(found, console(stream))
    return DONE


def _last_year(path: str) -> Facts:
    """Read last year's facts; what cannot be used in them is told under their own path."""
    from junheng.api import Unusable, load

    try:
        return load(path)
    except Unusable as error:
        named = [replace(one, file=f"上年数据 {path} 的 {one.file}") for one in error.problems]
        raise Unusable(named) from error
