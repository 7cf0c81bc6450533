"""Table I: what the county is. What statistics hold is counted; what the county itself knows is as it was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from junheng.engine.result import Assessment
from junheng.facts.schema import SCHOOLS
from junheng.output.form.basics import CountyBasics
from junheng.output.form.layout import Basic, Layout, SchoolsCell
from junheng.output.form.model import Cell, Column, Row, Source, Table
from junheng.output.form.printing import figure, printed, words

SchoolRow = Mapping[str, Any]


def given(basic: Basic, basics: CountyBasics, open: str) -> Cell:
    """Return what the county wrote, or a cell that is still open."""
    source = Source("basics", basic.key)
    value = basics.values.get(basic.key)
    state, text = ("open", open) if value is None else ("known", printed(value, basic.unit, basic.decimals))
    return Cell(text, value, state, basic.key, basic.label, basic.unit, basic.decimals, source=source)


def county_table(answer: Assessment, schools: Sequence[SchoolRow], basics: CountyBasics, layout: Layout) -> Table:
    """Return table I: one row for each of its columns, as a page that stands upright has room for."""
    rows = tuple(
        Row(
            one.code,
            (words(one.code), words(one.group), words(_label(one)), _cell(one, answer, schools, basics, layout)),
        )
        for one in layout.county
    )
    columns = (
        Column("code", "", "栏号", 10),
        Column("group", "", "类别", 28),
        Column("label", "", "项目", 50),
        Column("value", "", "数值", 26),
    )
    return Table("I", layout.titles["I"], columns, rows, (layout.notes["I"],))


def _label(one: SchoolsCell) -> str:
    return f"{one.label}（{one.unit}）" if one.unit else one.label


def _cell(
    one: SchoolsCell, answer: Assessment, schools: Sequence[SchoolRow], basics: CountyBasics, layout: Layout
) -> Cell:
    if one.basics:
        return given(layout.basics[one.basics], basics, layout.open)
    if one.schools:
        return _schools(one, answer, schools)
    return _total(one, answer, schools)


def _schools(one: SchoolsCell, answer: Assessment, schools: Sequence[SchoolRow]) -> Cell:
    """Return how many schools there are of a type; not known while a school's type is not reported."""
    lacking = _named(school for school in schools if school["school_type"] is None)
    own = {school["school_code"] for school in schools if school["school_type"] == one.schools}
    if one.in_sample:
        sections = [section for section in answer.sections if section.school_code in own]
        lacking += tuple(section.school_name for section in sections if section.in_sample is None)
        own = {section.school_code for section in sections if section.in_sample}
    source = Source("fact", "school_type", part=one.schools)
    return _counted(len(own), lacking, one, source)


def _total(one: SchoolsCell, answer: Assessment, schools: Sequence[SchoolRow]) -> Cell:
    """Return what the schools of a stage report together; not known while one of them has not reported."""
    types = answer.rules.standard.school_types
    own = [school for school in schools if _has(school, one.stage, types)]
    lacking = _named(school for school in own if school[one.total] is None)
    scale = SCHOOLS.column(one.total).measure.scale
    value = Fraction(sum(school[one.total] or 0 for school in own), scale)
    return _counted(value, lacking, one, Source("fact", one.total, stage=one.stage))


def _has(school: SchoolRow, stage: str, types: Mapping[str, Any]) -> bool:
    """Whether a school has a stage by its type, by pupils of it (attached classes), or may have it."""
    kind = types.get(school["school_type"] or "")
    return kind is None or stage in kind.stages or bool(school[f"{stage}_pupils"] and kind.stages)


def _counted(value: int | Fraction, lacking: tuple[str, ...], one: SchoolsCell, source: Source) -> Cell:
    cell = figure(None if lacking else value, one.unit, 0, source, key=one.code, label=one.label)
    return replace(cell, lacking=lacking)


def _named(schools: Iterable[SchoolRow]) -> tuple[str, ...]:
    return tuple(school["school_name"] or school["school_code"] for school in schools)
