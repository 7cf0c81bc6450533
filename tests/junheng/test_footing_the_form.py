"""A figure on the application form that was changed is found, with what it should be; nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import junheng as jh
from junheng import papers

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
Changed = Callable[[papers.Cell], papers.Cell]


@pytest.fixture(scope="module")
def answer() -> jh.Assessment:
    """The example county's answer."""
    return jh.assess(jh.load(SHILI))


def with_cell(form: papers.Form, table: str, row: str, column: str, change: Changed) -> papers.Form:
    """Return the form with one cell changed; a figure within a cell is named after a point."""
    own = form.tables[table]
    column, _, field = column.partition(".")
    at = [one.key for one in own.columns].index(column)

    def cell(old: papers.Cell) -> papers.Cell:
        if not field:
            return change(old)
        return replace(old, fields=tuple(change(one) if one.key == field else one for one in old.fields))

    rows = tuple(
        replace(one, cells=tuple(cell(old) if at == place else old for place, old in enumerate(one.cells)))
        if one.key == row
        else one
        for one in own.rows
    )
    return replace(form, tables={**form.tables, table: replace(own, rows=rows)})


def number(value: float, text: str) -> Changed:
    """Return what puts another number, printed so, into a cell."""
    given = Fraction(value) if isinstance(value, int) else value
    return lambda old: replace(old, value=given, text=text)


def mark(value: str, text: str) -> Changed:
    """Return what puts another mark into a cell."""
    return lambda old: replace(old, value=value, text=text)


CASES = {
    "a text that is not its number": (
        "II-2",
        "primary:1506990001",
        "B1",
        lambda old: replace(old, text="9.99"),
        "text",
    ),
    "schools of a type": ("I", "L9", "value", number(16, "16"), "schools"),
    "fewer pupils than the schools have": ("I", "L19", "value", number(11000, "11000"), "pupils"),
    "schools that reach a line": ("II-1", "primary.passing", "B2", number(19, "19"), "passing"),
    "a share of schools": ("II-1", "primary.rate", "B3", number(0.5, "50.0"), "rate"),
    "schools that pass": ("II-1", "primary.passing", "composite", number(18, "18"), "passing"),
    "a mark": ("II-2", "primary:1506990006", "verdict", mark("pass", "是"), "verdict"),
    "a mean": ("III", "primary.mean", "B6", number(3171.0, "3171.00"), "mean"),
    "a spread": ("III", "primary.cv", "B6", number(0.499, "0.499"), "cv"),
    "the mean of the spreads": ("III", "primary.cv", "composite", number(0.25, "0.250"), "cv"),
    "a share beside its numbers": ("IV", "B18", "told.rate", number(0.15, "15.0"), "follows"),
    "a number beside its share": ("IV", "B16", "told.done", number(1403, "1403"), "follows"),
    "a sum": ("IV", "B22", "told.both", number(1251, "1251"), "follows"),
    "a retention beside its numbers": ("V", "B23", "told.into", number(137, "137"), "follows"),
    "a mark that its figures do not allow": ("IV", "B12", "verdict", mark("pass", "是"), "mark"),
    "a mark that its figures do not ask": ("IV", "B18", "verdict", mark("fail", "否"), "mark"),
    "more content than asked": ("VI", "计", "L3", number(900, "900"), "no_more"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_changed_is_found(answer: jh.Assessment, case: str) -> None:
    """The finding names the table, says what is wrong in Chinese, and what to do."""
    table, row, column, change, check = CASES[case]
    form = papers.build_form(answer)
    if table == "VI":
        form = with_cell(form, "VI", "计", "L2", number(800, "800"))
    assert papers.foot_form(form, answer.rules) == ()
    found = papers.foot_form(with_cell(form, table, row, column, change), answer.rules)
    assert check in {one.check for one in found}
    assert all(one.table and one.message and one.remedy for one in found)


def test_a_school_left_out_is_found(answer: jh.Assessment) -> None:
    """A row that is gone from II-2 is missed by table I, II-1, III and the count below."""
    form = papers.build_form(answer)
    own = form.tables["II-2"]
    fewer = replace(own, rows=own.rows[1:])
    found = papers.foot_form(replace(form, tables={**form.tables, "II-2": fewer}), answer.rules)
    assert {"schools", "passing", "mean", "counted"} <= {one.check for one in found}
    assert any("表Ⅰ里有小学的学校共 22 所，表Ⅱ-2 列了 19 所，不纳入的 2 所" in one.message for one in found)


def test_a_finding_says_what_it_should_be(answer: jh.Assessment) -> None:
    """With both numbers as they would be printed."""
    form = with_cell(papers.build_form(answer), "IV", "B18", "told.rate", number(0.15, "15.0"))
    (found,) = papers.foot_form(form, answer.rules)
    assert found.message == "表Ⅳ　政府保障程度 B18 “占符合条件教师的比例”是 15.0，按旁边的数应是 11.2"
