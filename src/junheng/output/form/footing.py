"""Whether the form foots: each table within itself, against the others, and every mark against its numbers.

Everything is worked out anew from what stands on the form, so that a figure that was changed is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.form.footing_requirements import foot_requirements
from junheng.output.form.footing_schools import foot_schools
from junheng.output.form.model import Cell, Form, FormFinding, Row, Table
from junheng.output.form.printing import MARKS, decimal_text, printed
from junheng.standard.model import Rules

RECOMPUTE = "请用批准的数据重新生成申报表，不要在表上改数"
TEXT = "text"


def foot(form: Form, rules: Rules) -> tuple[FormFinding, ...]:
    """Return what does not foot on `form`, table by table, by the rules that the answer was judged by.

    >>> import junheng as jh
    >>> from junheng import papers
    >>> answer = jh.assess(jh.load("examples/shili/facts"))
    >>> papers.foot_form(papers.build_form(answer), answer.rules)
    ()
    """
    return (
        *(one for table in form.tables.values() for one in _texts(table)),
        *_schools_counted(form, rules),
        *_pupils(form),
        *foot_schools(form, rules),
        *foot_requirements(form, rules),
    )


def _texts(table: Table) -> Iterator[FormFinding]:
    """What is printed must be its value, rounded."""
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            for one in cell.every:
                expected = _expected(one)
                if expected is not None and expected != one.text:
                    where = f"{table.title} {_called(row)}“{one.label or column.heading}”"
                    message = f"{where}印作 {one.text}，它的数舍入后是 {expected}"
                    yield FormFinding(TEXT, table.id, row.key, one.key or column.key, message, RECOMPUTE)


def _expected(one: Cell) -> str | None:
    if isinstance(one.value, str):
        return MARKS.get(one.value)
    if one.value is None or one.decimals is None:
        return None
    return printed(one.value, one.unit, one.decimals, one.scale)


def _called(row: Row) -> str:
    return f"第 {row.cells[0].text} 行 " if row.school_code else f"{row.key.split('.')[0]} "


def _number(cell: Cell) -> Fraction | None:
    return Fraction(cell.value) if isinstance(cell.value, int | float | Fraction) else None


def _schools_counted(form: Form, rules: Rules) -> Iterator[FormFinding]:
    """Table I's schools of each type that has a stage must be those that II-2 lists and those that it leaves out."""
    counts = _counts_by_type(form)
    for stage in STAGES:
        own = {kind for kind, one in rules.standard.school_types.items() if stage in one.stages}
        told = [counts[kind] for kind in own & counts.keys()]
        if None in told:
            continue
        listed = sum(row.stage == stage and row.school_type in own for row in form.tables["II-2"].rows)
        left_out = sum(one.stage == stage and one.school_type in own for one in form.outside)
        whole = sum((one for one in told if one is not None), Fraction(0))
        if whole != listed + left_out:
            message = (
                f"表Ⅰ里有{STAGE_LABELS[stage]}的学校共 {decimal_text(whole, 0)} 所，"
                f"表Ⅱ-2 列了 {listed} 所，不纳入的 {left_out} 所"
            )
            yield FormFinding("schools", "I", stage, "value", message, RECOMPUTE)


def _counts_by_type(form: Form) -> dict[str, Fraction | None]:
    """Return table I's numbers of schools by type: the points in the sample come after all points, and are in them."""
    counts: dict[str, Fraction | None] = {}
    for row in form.tables["I"].rows:
        cell = row.cells[-1]
        if cell.source and cell.source.name == "school_type":
            counts.setdefault(cell.source.part, _number(cell))
    return counts


def _pupils(form: Form) -> Iterator[FormFinding]:
    """A stage's pupils on table I are no fewer than those of the schools that II-2 lists."""
    for row in form.tables["I"].rows:
        cell = row.cells[-1]
        if cell.source is None or not cell.source.stage or not cell.source.name.endswith("_pupils"):
            continue
        whole, listed = _number(cell), _listed_pupils(form.tables["II-2"], cell.source.stage)
        if whole is not None and whole < listed:
            message = f"表Ⅰ {row.key} 学生数 {cell.text}，少于表Ⅱ-2 各校之和 {decimal_text(listed, 0)}"
            yield FormFinding("pupils", "I", row.key, "value", message, RECOMPUTE)


def _listed_pupils(table: Table, stage: str) -> Fraction:
    numbers = [_number(table.cell(row.key, "pupils")) for row in table.rows if row.stage == stage]
    return sum((one for one in numbers if one is not None), Fraction(0))
