"""`junheng assess`: sections, values, spreads, verdicts, gaps and reasons."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from junheng.cli.common import DONE, NOT_PASSED, add_facts, add_output, busy, console, load_facts, opened
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Assessment, Facts


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--county", metavar="CODE", help=HELP["county"])
    which.add_argument("--all", action="store_true", help=HELP["all"])
    add_output(parser, "table", "json")
    parser.add_argument("--strict", action="store_true", help=HELP["strict"])
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help=HELP["engine"])


def run(options: argparse.Namespace) -> int:
    """Judge, print, and tell by the exit status under --strict whether all passed."""
    facts = load_facts(options.path)
    with busy(HELP["judging"]):
        answers = _answers(facts, options)
    verdicts = set()
    with opened(options.output) as stream:
        for one in answers:
            _write(one, options, stream)
            verdicts.add(one.verdict)
    return NOT_PASSED if options.strict and verdicts != {"pass"} else DONE


def _answers(facts: Facts, options: argparse.Namespace) -> Iterator[Assessment]:
    from junheng import api

    how: dict[str, Any] = {"as_of": options.as_of, "engine": options.engine}
    if options.all:
        return api.assess_all(facts, options.standard, **how)
    return iter([api.assess(facts, options.standard, county=options.county, **how)])


def _write(answer: Assessment, options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    if options.all:
        stream.write(api.to_json(answer, indent=False) + "\n")
    elif options.format == "json":
        stream.write(api.to_json(answer) + "\n")
    else:
        api.print_assessment(answer, console(stream))
