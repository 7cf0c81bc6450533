"""The sheet 原始数据: the reported cells that the formulas read, a row a school, in the data dictionary's units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from junheng.engine.result import Assessment, Section
from junheng.engine.trace import Working
from junheng.facts.schema import SCHOOLS, STAGES, Column, Kind
from junheng.facts.template import WAN
from junheng.facts.template import heading as handed_in_heading
from junheng.output.told import UNREPORTED
from junheng.output.workbook.pen import Pen
from junheng.standard.model import Rules, Term

SHEET = "原始数据"
HEAD = 2
TEXTS = ("school_code", "school_name", "school_type")
Row = Mapping[str, Any]


class InputSheet:
    """Where each reported number stands. A needed cell without a number says 未报; one not needed is empty."""

    def __init__(self, answer: Assessment, rows: Mapping[str, Row], pen: Pen) -> None:
        self.rules = answer.rules
        self.pen = pen
        self.schools = rows
        self.columns = {name: len(TEXTS) + at for at, name in enumerate(columns(answer.rules))}
        self.lines = {code: HEAD + 1 + at for at, code in enumerate(rows)}
        self.workings = {
            (section.school_code, section.stage, id): Working(
                self.rules, one, section.stage, rows[section.school_code], section
            )
            for section in answer.sections
            for id, one in self.rules.indicators.items()
        }
        self.amounts = self._amounts()

    def cell(self, school: str, column: str) -> str:
        """Return where a school's number stands."""
        return self.pen.cell(self.lines[school], self.columns[column])

    def term(self, school: str, column: Column) -> str:
        """Return a number as a formula reads it, in the unit of the indicator: money stands in 万元."""
        cell = self.cell(school, column.name)
        return f"{cell}*{WAN}" if column.kind is Kind.MONEY else cell

    def known(self, school: str, column: str) -> bool:
        """Whether that cell holds a number."""
        return self.amounts.get((school, column)) is not None

    def working(self, section: Section, indicator: str) -> Working:
        """Return how one value is worked out."""
        return self.workings[section.school_code, section.stage, indicator]

    def write(self, notice: str) -> None:
        """Write the sheet."""
        self.pen.text(0, 0, f"{SHEET}：公式所用的数", "title")
        self.pen.text(
            1, 0, f"空白是该校没有这个学段；“{UNREPORTED}”是应报而没有报，不是 0。改一个数，各页随之重算。", "note"
        )
        self.pen.texts(HEAD, 0, [*(SCHOOLS.column(name).label for name in TEXTS), *self._headings()], "head")
        for code, line in self.lines.items():
            self._write_school(line, code)
        self.pen.widths(16, 34, 19, *[13] * len(self.columns))
        self.pen.finish(HEAD, notice, 2)

    def _headings(self) -> Iterator[str]:
        claims = {term.column(stage).name for stage in STAGES for term in _claims(self.rules)}
        for name in self.columns:
            column = SCHOOLS.column(name)
            heading = handed_in_heading(column)
            yield heading if name not in claims else f"{heading}，按过渡条款计入的"

    def _write_school(self, line: int, code: str) -> None:
        school = self.schools[code]
        self.pen.text(line, 0, code, "code")
        self.pen.text(line, 1, school["school_name"] or "")
        kind = school["school_type"]
        self.pen.text(line, 2, SCHOOLS.column("school_type").choices.get(kind, kind) if kind else UNREPORTED)
        for name, at in self.columns.items():
            amount = self.amounts.get((code, name), "")
            if amount is None or amount == "":
                self.pen.text(line, at, UNREPORTED if amount is None else "", "centre")
            else:
                self.pen.number(line, at, float(amount))

    def _amounts(self) -> dict[tuple[str, str], Fraction | None]:
        """Return every number that a formula reads, None where it is not reported."""
        amounts: dict[tuple[str, str], Fraction | None] = {}
        for (school, stage, _), working in self.workings.items():
            own = [(term.column(stage), amount) for term, amount in working.terms()]
            own += [(one, self.schools[school][one.name]) for one in pupil_columns(working)]
            for column, amount in own:
                amounts[school, column.name] = None if amount is None else Fraction(amount, _scale(column))
        return amounts


def _scale(column: Column) -> int:
    """Return how many smallest units make the unit in which a number is written on the sheet."""
    return column.measure.scale * (WAN if column.kind is Kind.MONEY else 1)


def columns(rules: Rules) -> list[str]:
    """Return the columns that the formulas may read: pupils by stage, then the indicators' terms."""
    pupils = [f"{stage}_pupils" for stage, weight in rules.standard.apportioning.items() if weight]
    terms = [term for one in rules.indicators.values() for term in rules.terms(one)]
    return list(dict.fromkeys([*pupils, *(term.column(stage).name for stage in STAGES for term in terms)]))


def pupil_columns(working: Working) -> list[Column]:
    """Return the columns of the pupils that a value is counted over."""
    return [SCHOOLS.column(f"{stage}_pupils") for stage in dict.fromkeys([working.stage, *working.stages()])]


def _claims(rules: Rules) -> list[Term]:
    return [term for one in rules.indicators.values() for term in rules.terms(one) if term.clause]
