"""`junheng compare`: what changed between two answers, and why."""

from __future__ import annotations

import argparse

from junheng.cli.common import DONE, NOT_PASSED, add_output, add_rules, busy, console, load_facts, opened
from junheng.cli.words import HELP


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    parser.add_argument("before", metavar="PATH1", help=HELP["before"])
    parser.add_argument("after", metavar="PATH2", help=HELP["after"])
    add_rules(parser)
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    add_output(parser, "table", "json")
    parser.add_argument("--strict", action="store_true", help=HELP["strict"])
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help=HELP["engine"])


def run(options: argparse.Namespace) -> int:
    """Judge both, print what changed, and tell by the exit status under --strict whether the second passed."""
    from junheng import api

    both = [load_facts(path) for path in (options.before, options.after)]
    how = {"as_of": options.as_of, "county": options.county, "engine": options.engine}
    with busy(HELP["judging"]):
        found = api.compare(*(api.assess(facts, options.standard, **how) for facts in both))
    with opened(options.output) as stream:
        if options.format == "json":
            stream.write(api.comparison_to_json(found) + "\n")
        else:
            api.print_comparison(found, console(stream))
    return NOT_PASSED if options.strict and found.after.verdict != "pass" else DONE
