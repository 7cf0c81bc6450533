"""Writes the workbook: the sheets in reading order, each told where the cells of those before it stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from junheng.engine.assess import of_county
from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.output.told import county_told, invented
from junheng.output.workbook import county, inputs, rules, schools, verdicts
from junheng.output.workbook.pen import Pen, Styles

SHEETS = (
    verdicts.EXPLANATION_SHEET,
    verdicts.VERDICT_SHEET,
    rules.SHEET,
    inputs.SHEET,
    county.PASSING_SHEET,
    schools.SHEET,
    county.SPREAD_SHEET,
    verdicts.REQUIREMENT_SHEET,
)


def write_assessment_xlsx(answer: Assessment, facts: Facts, file: Path) -> None:
    """Write one county's answer as a workbook of live formulas; `facts` are those that it was judged from."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file)) as book:
        book.set_properties({"title": county_told(answer), "created": _midnight(answer.as_of)})
        display = answer.rules.standard.display
        styles = Styles(book, display.value_decimals, display.spread_decimals)
        _write(answer, facts, {name: Pen(book, name, styles) for name in SHEETS})


def _write(answer: Assessment, facts: Facts, pens: dict[str, Pen]) -> None:
    notice = invented(facts)
    rows = {row["school_code"]: row for row in _own_rows(answer, facts)}
    rule_sheet = rules.RuleSheet(answer.rules, pens[rules.SHEET])
    input_sheet = inputs.InputSheet(answer, rows, pens[inputs.SHEET])
    school_sheet = schools.SchoolSheet(answer, rule_sheet, input_sheet, pens[schools.SHEET])
    passing_sheet = county.PassingSheet(answer, school_sheet, pens[county.PASSING_SHEET])
    spread_sheet = county.SpreadSheet(answer, rule_sheet, school_sheet, pens[county.SPREAD_SHEET])
    both = pens[verdicts.VERDICT_SHEET], pens[verdicts.REQUIREMENT_SHEET]
    verdict_sheet = verdicts.VerdictSheet(answer, school_sheet, spread_sheet, both)
    verdicts.write_explanation(answer, pens[verdicts.EXPLANATION_SHEET], notice)
    for sheet in (rule_sheet, input_sheet, school_sheet, passing_sheet, spread_sheet, verdict_sheet):
        sheet.write(notice)


def _own_rows(answer: Assessment, facts: Facts) -> list[dict[str, Any]]:
    own = of_county(facts, answer.county_code) if facts.counties else facts
    rows: list[dict[str, Any]] = own.tables["schools"].to_pylist()
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    """Return the day as a time: the file says the day of its rules, so that the same answer is the same file."""
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day, not an instant)
