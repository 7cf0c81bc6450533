"""Totals that a form prints: no school, and equal to the sum of the schools that they stand for, or a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from junheng.facts.mapped.lines import Kind, Line
from junheng.facts.mapped.model import Field, Mapping
from junheng.facts.mapped.values import heading_told, number_of
from junheng.facts.problems import Problem
from junheng.facts.schema import MEASURES

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
    """Yield a finding where a total is another number than the sum, both as they are printed, in the form's unit."""
    stated, printed = _printed(one, total), [_printed(one, school) for school in schools]
    known = [number for number in printed if number is not None]
    if stated is None or 2 * abs(stated - sum(known)) <= Fraction(1, 10 ** _decimals(total.told(one.name))):
        return
    left = f"（{len(printed) - len(known)} 校未报）" if len(known) < len(printed) and not blank_is_zero else ""
    told = [f"{_shown(number)} {one.unit or one.column.unit}".strip() for number in (stated, sum(known, Fraction()))]
    reason = f"{one.column.label}：合计写的是 {told[0]}，各校相加是 {told[1]}{left}"
    spots = total.cells[one.name]
    yield Problem(total.grid.name, reason, REMEDY, spots[0][0], heading_told(spots, ()), total.told(one.name)[0])


def _printed(one: Field, line: Line) -> Fraction | None:
    """Return the number that a line prints, its terms added up; None where one of them is no number."""
    numbers = [number_of(text) for text in line.told(one.name)]
    return None if None in numbers else sum((number for number in numbers if number is not None), Fraction())


def _decimals(texts: Sequence[str]) -> int:
    """Return how many decimals a total is printed with: so many of a sum are compared."""
    return max(len(text.strip().partition(".")[2]) for text in texts)


def _shown(number: Fraction) -> str:
    return format(Decimal(number.numerator) / number.denominator, "f")
