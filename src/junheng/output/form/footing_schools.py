"""Footing of the schools' tables: II-1 and III against the rows of II-2, and each row's mark against its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import isclose, sqrt

from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.form.model import Cell, Form, FormFinding, Row, Table
from junheng.output.form.printing import MARKS, printed
from junheng.output.form.schools import COMPOSITE, MEAN, PASSING, PUPILS, RATE, SPREAD, VERDICT
from junheng.standard.model import Rules

# Two ways to add up the same doubles differ by less; the form shows three decimals.
NEAR = 1e-9
REMEDY = "请用批准的数据重新生成申报表，不要在表上改数"
Found = Iterator[FormFinding]


def foot_schools(form: Form, rules: Rules) -> Iterator[FormFinding]:
    """Yield what does not foot on tables II-1, II-2 and III."""
    schools = form.tables["II-2"]
    for row in schools.rows:
        yield from _row(schools, row, rules)
    for stage in STAGES:
        rows = [row for row in schools.rows if row.stage == stage]
        settled = all(one.known for one in form.outside if one.stage == stage)
        yield from _passing(form, rows, stage, rules, settled=settled)
        yield from _spreads(form, rows, stage, rules, settled=settled)
        yield from _counted(schools, rows, stage)


def _value(cell: Cell) -> Fraction | None:
    return Fraction(cell.value) if isinstance(cell.value, int | float | Fraction) else None


def _cells(table: Table, row: Row, rules: Rules) -> dict[str, Cell]:
    return {id: table.cell(row.key, id) for id in rules.indicators}


def _met(cell: Cell, id: str, stage: str, rules: Rules) -> bool | None:
    value = _value(cell)
    return None if value is None else value >= rules.thresholds[id][stage]


def _judged(cells: dict[str, Cell], stage: str, rules: Rules) -> str:
    """Return a row's verdict as its values and the document's rule give it."""
    values = {id: _value(cell) for id, cell in cells.items()}
    below = [id for id, value in values.items() if value is not None and value < rules.thresholds[id][stage]]
    under_floor = [id for id in below if (values[id] or 0) < rules.floor(id, stage)]
    if under_floor or len(below) > rules.standard.may_miss:
        return "fail"
    return "undetermined" if None in values.values() else "pass"


def _row(table: Table, row: Row, rules: Rules) -> Found:
    """A school's mark must follow from its seven values."""
    given, expected = table.cell(row.key, VERDICT), _judged(_cells(table, row, rules), row.stage, rules)
    if given.value != expected:
        name = table.cell(row.key, "name").text
        message = f"表Ⅱ-2 {name}印作“{given.text}”，按各项指标应是“{MARKS[expected]}”"
        yield FormFinding("verdict", "II-2", row.key, VERDICT, message, REMEDY)


def _passing(form: Form, rows: Sequence[Row], stage: str, rules: Rules, *, settled: bool) -> Found:
    """II-1's counts and shares must be those of the rows of II-2, and open while a row may be lacking."""
    table, schools = form.tables["II-1"], form.tables["II-2"]
    counted: dict[str, Callable[[Row], bool | None]] = {
        id: lambda row, id=id: _met(schools.cell(row.key, id), id, stage, rules)  # type: ignore[misc]
        for id in rules.indicators
    }
    counted[COMPOSITE] = lambda row: {"pass": True, "fail": False}.get(str(schools.cell(row.key, VERDICT).value))
    for column, passes in counted.items():
        states = [passes(row) for row in rows]
        expected = None if None in states or not settled else Fraction(sum(bool(one) for one in states))
        share = None if expected is None or not rows else expected / len(rows)
        for kind, whole in ((PASSING, expected), (RATE, share)):
            yield from _same(form, table, (f"{stage}.{kind}", column), whole, "表Ⅱ-2 各行数出来")


def _spreads(form: Form, rows: Sequence[Row], stage: str, rules: Rules, *, settled: bool) -> Found:
    """III's means and spreads must be those of II-2's rows (open while one may be lacking), the composite theirs."""
    table, schools = form.tables["III"], form.tables["II-2"]
    pupils = [_value(schools.cell(row.key, PUPILS)) for row in rows]
    for id in rules.indicators:
        values = [_value(schools.cell(row.key, id)) for row in rows]
        mean, spread = _spread(pupils, values) if settled else (None, None)
        yield from _same(form, table, (f"{stage}.{MEAN}", id), mean, "按表Ⅱ-2 各校算出来")
        yield from _same(form, table, (f"{stage}.{SPREAD}", id), spread, "按表Ⅱ-2 各校算出来")
    spreads = [_value(table.cell(f"{stage}.{SPREAD}", id)) for id in rules.indicators]
    known = [one for one in spreads if one is not None]
    composite = sum(known, Fraction(0)) / len(known) if len(known) == len(spreads) else None
    yield from _same(form, table, (f"{stage}.{SPREAD}", COMPOSITE), composite, "各项差异系数平均")


def _spread(pupils: list[Fraction | None], values: list[Fraction | None]) -> tuple[Fraction | None, float | None]:
    """Return the weighted mean and the weighted spread; none while something is missing, no spread of a mean of 0."""
    pairs = [(p, x) for p, x in zip(pupils, values, strict=True) if p is not None and x is not None]
    if not pairs or len(pairs) < len(pupils):
        return None, None
    whole = sum((p for p, _ in pairs), Fraction(0))
    mean = sum((p * x for p, x in pairs), Fraction(0)) / whole
    if not mean:
        return mean, None
    return mean, sqrt(sum((p * (x - mean) ** 2 for p, x in pairs), Fraction(0)) / whole / mean**2)


def _same(form: Form, table: Table, at: tuple[str, str], expected: Fraction | float | None, how: str) -> Found:
    cell = table.cell(*at)
    given = _value(cell)
    if given is None and expected is None:
        return
    if given is None or expected is None or not isclose(given, expected, rel_tol=NEAR, abs_tol=NEAR):
        stage = STAGE_LABELS[at[0].split(".")[0]]
        heading = {one.key: one.heading for one in table.columns}[at[1]]
        decimals = cell.decimals or 0
        told = MARKS["undetermined"] if expected is None else printed(expected, cell.unit, decimals)
        message = f"{table.title} {stage}“{heading}”是 {cell.text}，{how}是 {told}"
        yield FormFinding(at[0].split(".")[1], table.id, at[0], at[1], message, REMEDY)


def _counted(table: Table, rows: Sequence[Row], stage: str) -> Found:
    """The number of schools below II-2 must be that of its rows."""
    told = next((cell for cell in table.counts if cell.key == stage), None)
    if told is not None and told.value != len(rows):
        message = f"{told.label}印作 {told.text}，表上有 {len(rows)} 行"
        yield FormFinding("counted", "II-2", stage, "counts", message, REMEDY)
