"""`junheng form`: the application form of one county, what does not foot, what is open; its report and its notice."""

from __future__ import annotations

import argparse
import sys
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

# What each paper can be written as; the first is the default.
PAPERS = {"form": ("table", "json", "docx", "xlsx", "pdf"), "report": ("docx", "pdf"), "notice": ("docx", "pdf")}


def add(parser: argparse.ArgumentParser) -> None:
    """Say what may be typed."""
    add_facts(parser)
    parser.add_argument("--paper", choices=tuple(PAPERS), default="form", help=HELP["paper"])
    parser.add_argument("--basics", metavar="FILE", type=Path, help=HELP["basics"])
    parser.add_argument("--text", metavar="FILE", type=Path, help=HELP["paper_text"])
    parser.add_argument("--county", metavar="CODE", help=HELP["county"])
    add_output(parser, "table", "json", "docx", "xlsx", "pdf")
    parser.add_argument("--strict", action="store_true", help=HELP["strict_form"])


def run(options: argparse.Namespace) -> int:
    """Judge the county, write its form, and tell by the exit status under --strict whether it is whole."""
    from junheng import api, papers

    _refuse(options)
    no_workbook_on_the_screen(options)
    not_over_input(options.path, options.output)
    basics = papers.load_basics(options.basics, options.standard) if options.basics else papers.CountyBasics()
    facts = load_facts(options.path)
    with busy(HELP["judging"]):
        answer = api.assess(facts, options.standard, as_of=options.as_of, county=options.county)
        form = papers.build_form(answer, basics)
    if options.paper == "form":
        _write(form, answer, options)
    else:
        _write_paper(form, answer, options)
    whole = not form.open and not papers.foot_form(form, answer.rules)
    return NOT_PASSED if options.strict and not whole else DONE


def _refuse(options: argparse.Namespace) -> None:
    """Refuse a paper in a form that it has not: a report is no table."""
    from junheng.api import Problem, Unusable

    possible = PAPERS[options.paper]
    if options.format not in possible:
        told = f"可以写成：{'、'.join(possible)}，请用 --format 选一种"
        raise Unusable([Problem("--format", "这种文件写不成这种形式", told, value=options.format)])


def _text(file: Path) -> str:
    from junheng.api import Problem, Unusable

    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "请检查文件是否存在，并另存为 UTF-8 的文本"
        raise Unusable([Problem(str(file), f"文件读不出来（{error}）", remedy)]) from error


def _write_paper(form: Form, answer: Assessment, options: argparse.Namespace) -> None:
    """Write the county's report or notice from the default text; what people have to write is marked in it."""
    from junheng import papers

    text = _text(options.text) if options.text else papers.default_text(options.paper)
    filled = papers.fill(text, papers.report_figures(answer, form))
    for key in filled.unknown:
        print(f"提示：没有“{key}”这个数，原样留在文中", file=sys.stderr)
    paper = papers.OfficialPaper(filled.title, filled.blocks, notice=form.invented)
    write = {"docx": papers.write_paper_docx, "pdf": papers.write_paper_pdf}[options.format]
    with written(options.output) as file:
        write(paper, file)


def _write(form: Form, answer: Assessment, options: argparse.Namespace) -> None:
    from junheng import papers

    writers = {"docx": papers.write_form_docx, "xlsx": papers.write_form_xlsx, "pdf": papers.write_form_pdf}
    if options.format in writers:
        with written(options.output) as file:
            writers[options.format](form, file)
        return
    with opened(options.output) as stream:
        if options.format == "json":
            stream.write(papers.form_to_json(form, answer.rules) + "\n")
        else:
            papers.print_form(form, answer.rules, console(stream))
