"""`junheng assess`: sections, values, spreads, verdicts, gaps and reasons, in the form that is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from junheng.cli.common import (
    DONE,
    NOT_PASSED,
    add_facts,
    add_output,
    busy,
    console,
    load_facts,
    no_workbook_on_the_screen,
    not_over_input,
    opened,
    written,
)
from junheng.cli.words import HELP

if TYPE_CHECKING:
    from junheng.api import Assessment, Facts

TEXTS, FILES = ("table", "json"), ("xlsx", "html", "docx")


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--county", metavar="CODE", help=HELP["county"])
    which.add_argument("--all", action="store_true", help=HELP["all"])
    add_output(parser, *TEXTS, *FILES)
    parser.add_argument("--strict", action="store_true", help=HELP["strict"])
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help=HELP["engine"])


def run(options: argparse.Namespace) -> int:
    """Judge, write, and tell by the exit status under --strict whether all passed."""
    _refuse(options)
    facts = load_facts(options.path)
    verdicts = (
        _write_file(facts, options) if options.format in FILES and options.output else _write_text(facts, options)
    )
    return NOT_PASSED if options.strict and verdicts != {"pass"} else DONE


def _refuse(options: argparse.Namespace) -> None:
    """Refuse what cannot be: a workbook on the screen, every county in one page, writing over what was handed in."""
    from junheng.api import Problem, Unusable

    if options.format in FILES and options.all:
        raise Unusable([Problem("--all", "逐县输出只有 JSON 一种形式", "请去掉 --format，或用 --county 选一个县")])
    no_workbook_on_the_screen(options)
    not_over_input(options.path, options.output)


def _write_file(facts: Facts, options: argparse.Namespace) -> set[str]:
    (answer,) = _answers(facts, options)
    with written(options.output) as file:
        _writers()[options.format](answer, facts, file)
    return {answer.verdict}


def _writers() -> Mapping[str, Callable[[Assessment, Facts, Path], None]]:
    from junheng import api

    return {
        "xlsx": api.write_assessment_xlsx,
        "html": api.write_assessment_html,
        "docx": api.write_assessment_docx,
    }


def _write_text(facts: Facts, options: argparse.Namespace) -> set[str]:
    answers = _answers(facts, options)
    verdicts = set()
    with opened(options.output) as stream:
        for one in answers:
            _write(one, facts, options, stream)
            verdicts.add(one.verdict)
    return verdicts


def _answers(facts: Facts, options: argparse.Namespace) -> Iterator[Assessment]:
    from junheng import api

    how: dict[str, Any] = {"as_of": options.as_of, "engine": options.engine}
    with busy(HELP["judging"]):
        if options.all:
            return api.assess_all(facts, options.standard, **how)
        return iter([api.assess(facts, options.standard, county=options.county, **how)])


def _write(answer: Assessment, facts: Facts, options: argparse.Namespace, stream: TextIO) -> None:
    from junheng import api

    if options.all:
        stream.write(api.to_json(answer, indent=False) + "\n")
    elif options.format == "json":
        stream.write(api.to_json(answer) + "\n")
    elif options.format == "html":
        stream.write(api.to_html(answer, facts))
    else:
        api.print_assessment(answer, console(stream))
