"""`junheng explain`: the trace of one number."""

from __future__ import annotations

import argparse

from junheng.cli.common import DONE, add_facts, add_output, busy, console, load_facts, opened
from junheng.cli.words import HELP


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    parser.add_argument("--school", metavar="CODE", help=HELP["school"])
    parser.add_argument("--stage", choices=("primary", "junior"), help=HELP["stage"])
    parser.add_argument("--indicator", metavar="ID", required=True, help=HELP["indicator"])
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    add_output(parser, "table", "json")


def run(options: argparse.Namespace) -> int:
    """Judge the county, and print how the one number came about."""
    from junheng import api

    facts = load_facts(options.path)
    with busy(HELP["judging"]):
        found = api.explain(
            facts,
            options.school,
            options.stage,
            options.indicator,
            standard=options.standard,
            as_of=options.as_of,
            county=options.county,
        )
    with opened(options.output) as stream:
        if options.format == "json":
            stream.write(api.trace_to_json(found) + "\n")
        else:
            api.print_trace(found, console(stream))
    return DONE
