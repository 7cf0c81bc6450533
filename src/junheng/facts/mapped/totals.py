"""Totals that a form prints: no school, and equal to the sum of the schools that they stand for, or a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from junheng.facts.mapped.lines import Kind, Line
from junheng.facts.mapped.model import Field, Mapping
from junheng.facts.mapped.values import heading_told, values_of
from junheng.facts.problems import Problem
from junheng.facts.schema import MEASURES
from junheng.facts.writers import plain

REMEDY = "请核对是不是漏了学校，或有的数填错了；核对以后也可以照样导入"


def sums_remarked(mapping: Mapping, lines: Sequence[Line]) -> Iterator[Problem]:
    """Yield each total of a sheet that is not the sum of its schools; a subtotal's are those since the one before."""
    for one in (field for field in mapping.fields if field.column.kind in MEASURES):
        for total, schools in _totals(lines):
            yield from _unequal(one, total, schools, mapping.blank_is_zero)


def _totals(lines: Sequence[Line]) -> Iterator[tuple[Line, list[Line]]]:
    """Yield each total with the schools that it stands for."""
    every = [line for line in lines if line.kind is Kind.SCHOOL]
    since: list[Line] = []
    for line in lines:
        if line.kind is Kind.SCHOOL:
            since.append(line)
        elif line.kind is Kind.TOTAL:
            yield line, every
        else:
            yield line, since
            since = []


def _unequal(one: Field, total: Line, schools: Sequence[Line], blank_is_zero: bool) -> Iterator[Problem]:
    printed = values_of(one, [total], False)
    if printed.problems or printed.values[0].as_py() is None:
        return
    reported = values_of(one, schools, blank_is_zero).values.to_pylist()
    known = [value for value in reported if value is not None]
    stated, added = printed.values[0].as_py(), sum(known)
    if stated != added:
        left = f"（{len(reported) - len(known)} 校未报）" if len(known) < len(reported) else ""
        shown = [f"{plain(value, one.column)} {one.column.unit}".strip() for value in (stated, added)]
        reason = f"{one.column.label}：合计写的是 {shown[0]}，各校相加是 {shown[1]}{left}"
        spots = total.cells[one.name]
        yield Problem(total.grid.name, reason, REMEDY, spots[0][0], heading_told(spots, ()), total.told(one.name)[0])
