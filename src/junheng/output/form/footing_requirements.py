"""Footing of tables IV, V and VI: shares and sums against the figures beside them, marks against their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import isclose

from junheng.output.form.layout import Field, load_layout
from junheng.output.form.model import Cell, Form, FormFinding, Row, Table
from junheng.output.form.printing import printed
from junheng.output.form.requirements import signed_sum
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Requirement

NEAR = 1e-9
REMEDY = "请核对数据后重新生成申报表，不要在表上改数"
SHARE_REMEDY = "请核对分子、分母各是多少，改数据后重新生成"


def foot_requirements(form: Form, rules: Rules) -> Iterator[FormFinding]:
    """Yield what does not foot on tables IV, V and VI."""
    layout = load_layout(rules.standard)
    for id, asked in layout.requirements.items():
        table = form.tables[id]
        for name, fields in asked.rows.items():
            row = table.row(name)
            cells = {one.key: one for one in table.cell(name, "told").fields}
            yield from _follow(table, row, fields, cells)
            yield from _mark(table, row, fields, cells, rules)
    table = form.tables["VI"]
    for row, (_, fields) in zip(table.rows, layout.survey.rows, strict=True):
        cells = {column.key: cell for column, cell in zip(table.columns, row.cells, strict=True)}
        yield from _follow(table, row, fields, cells)
        yield from _no_more(table, row, cells)


def _follow(table: Table, row: Row, fields: Sequence[Field], cells: Mapping[str, Cell]) -> Iterator[FormFinding]:
    """What is printed as a share or a sum of figures must be that."""
    for one in fields:
        expected = _expected(one, cells)
        cell = cells[one.key]
        given = cell.value
        if expected is None or not isinstance(given, int | float | Fraction):
            continue
        if not isclose(given, expected, rel_tol=NEAR, abs_tol=NEAR):
            told = printed(expected, one.unit, cell.decimals or 0, one.scale)
            message = f"{table.title} {_called(row)}“{cell.label}”是 {cell.text}，按旁边的数应是 {told}"
            yield FormFinding("follows", table.id, row.key, one.key, message, SHARE_REMEDY)


def _called(row: Row) -> str:
    return f"{row.key} "


def _expected(one: Field, cells: Mapping[str, Cell]) -> Fraction | None:
    needed = [cells[key.removeprefix("-")].value for key in (*one.sum, *one.top, *one.bottom)]
    if not needed or not all(isinstance(value, int | Fraction) for value in needed):
        return None
    if one.sum:
        return signed_sum(one.sum, cells)
    over = signed_sum(one.bottom, cells)
    return signed_sum(one.top, cells) / over if over else None


def _no_more(table: Table, row: Row, cells: Mapping[str, Cell]) -> Iterator[FormFinding]:
    """Of what was handed out no more comes back, and of that no more is content."""
    for more, less in (("L1", "L2"), ("L2", "L3"), ("L5", "L6")):
        whole, part = cells[more], cells[less]
        if isinstance(whole.value, Fraction) and isinstance(part.value, Fraction) and part.value > whole.value:
            message = f"{table.title} {row.key}“{part.label}”{part.text} 多于“{whole.label}”{whole.text}"
            yield FormFinding("no_more", table.id, row.key, less, message, "请核对两个数")


def _mark(
    table: Table, row: Row, fields: Sequence[Field], cells: Mapping[str, Cell], rules: Rules
) -> Iterator[FormFinding]:
    """A row that is marked as met must have no figure on the wrong side of its line; one that has is not met."""
    given = table.cell(row.key, "verdict")
    requirement = rules.requirements[row.key]
    wrong = [cells[one.key] for one in fields if _wrong(one, cells[one.key], requirement, rules)]
    if wrong and given.value != "fail":
        told = "；".join(f"{one.label} {one.text}" for one in wrong)
        message = f"{table.title} {row.key} 印作“{given.text}”，但{told}，没有达到要求"
        yield FormFinding("mark", table.id, row.key, "verdict", message, REMEDY)
    elif given.value == "fail" and not wrong and _whole(fields, cells, requirement):
        message = f"{table.title} {row.key} 印作“{given.text}”，但各项数都达到要求"
        yield FormFinding("mark", table.id, row.key, "verdict", message, REMEDY)


def _wrong(one: Field, cell: Cell, requirement: Requirement, rules: Rules) -> bool:
    """Whether a figure that is held against a line is on its wrong side."""
    if cell.value is None or isinstance(cell.value, str):
        return False
    if one.way == "failing":
        return bool(cell.value)
    if one.way != "value":
        return False
    part = next(part for part in requirement.parts if part.id == one.name)
    line = part.line(rules.day)
    return line is not None and not _reaches(part, cell.value, line)


def _reaches(part: Part, value: float | Fraction, line: Fraction) -> bool:
    if part.relation == "at_least":
        return value >= float(line)
    return value <= float(line) if part.relation == "at_most" else value < float(line)


def _whole(fields: Sequence[Field], cells: Mapping[str, Cell], requirement: Requirement) -> bool:
    """Whether every part of a requirement stands on the form as a known figure, so that the mark follows from them.

    How many schools fall short may be unknown and the mark certain: one falls short, of another nothing is known.
    """
    known = {one.name for one in fields if one.way in {"value", "failing"} and cells[one.key].value is not None}
    return {part.id for part in requirement.parts} <= known
