"""`junheng form`: the national application form of one county, with what does not foot and what is still open."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

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
    from junheng.api import Assessment
    from junheng.papers import Form

FILES = ("docx", "xlsx")


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    parser.add_argument("--basics", metavar="FILE", type=Path, help=HELP["basics"])
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    add_output(parser, "table", "json", *FILES)
    parser.add_argument("--strict", action="store_true", help=HELP["strict_form"])


def run(options: argparse.Namespace) -> int:
    """Judge the county, write its form, and tell by the exit status under --strict whether it is whole."""
    from junheng import api, papers

    no_workbook_on_the_screen(options)
    not_over_input(options.path, options.output)
    basics = papers.load_basics(options.basics, options.standard) if options.basics else papers.CountyBasics()
    facts = load_facts(options.path)
    with busy(HELP["judging"]):
        answer = api.assess(facts, options.standard, as_of=options.as_of, county=options.county)
        form = papers.build_form(answer, basics)
    _write(form, answer, options)
    whole = not form.open and not papers.foot_form(form, answer.rules)
    return NOT_PASSED if options.strict and not whole else DONE


def _write(form: Form, answer: Assessment, options: argparse.Namespace) -> None:
    from junheng import papers

    if options.format in FILES:
        with written(options.output) as file:
            {"docx": papers.write_form_docx, "xlsx": papers.write_form_xlsx}[options.format](form, file)
        return
    with opened(options.output) as stream:
        if options.format == "json":
            stream.write(papers.form_to_json(form, answer.rules) + "\n")
        else:
            papers.print_form(form, answer.rules, console(stream))
