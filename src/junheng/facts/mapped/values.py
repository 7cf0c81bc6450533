"""One field of every line as the engine's typed, whole-number column; each wrong cell is a problem at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.cells import BLANKS, FULL_WIDTH_TABLE, NUMBER, THOUSANDS, Converted, Place, convert
from junheng.facts.grids import Spot, address_of
from junheng.facts.mapped.lines import Line
from junheng.facts.mapped.model import Field
from junheng.facts.mapped.units import ratio_of
from junheng.facts.problems import Problem
from junheng.facts.schema import MEASURES, Column

# A heading in the lineage of a number; the cell's address comes first, and is never cut off.
LONGEST_HEADING = 80
TENS = {10**power for power in range(7)}
TOO_LARGE = ("几处相加超过了可以受理的上限", "请核对单位和加到一起的各处")


@dataclass(slots=True)
class Values:
    """A field's value in each line, null where it is not reported."""

    values: pa.Array
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def heading_told(spots: Sequence[Spot], headings: Sequence[str]) -> str:
    """Return the cells of a value with the headings over them, as its lineage keeps them: `E7 在校生/小学`."""
    return f"{'+'.join(map(address_of, spots))} {'/'.join(headings)}".strip()[:LONGEST_HEADING]


def values_of(one: Field, lines: Sequence[Line], blank_is_zero: bool) -> Values:
    """Return what a field says in each line, in the smallest unit of the data dictionary.

    Its terms are added up; where one is not reported, the sum is not. A blank is not reported, unless the form prints
    zero as blank.
    """
    found = [_term(one, lines, at, blank_is_zero) for at in range(len(one.terms))]
    total = found[0].values
    for term in found[1:]:
        total = pc.add(total, term.values)
    problems = [problem for term in found for problem in term.problems]
    problems += _too_large(one, lines, total) if len(found) > 1 else []
    return Values(total, problems, [remark for term in found for remark in term.remarks])


def _term(one: Field, lines: Sequence[Line], at: int, blank_is_zero: bool) -> Values:
    spots = [line.cells[one.name][at] for line in lines]
    texts = [line.grid.own(*spot) for line, spot in zip(lines, spots, strict=True)]
    numeric = one.column.kind in MEASURES
    asked = ["0" if numeric and blank_is_zero and text in BLANKS else text for text in texts]
    got = _converted(one, asked, numeric)
    faulty = [_fault(line, spot) for line, spot, text in zip(lines, spots, texts, strict=True) if not text]
    placed = [_placed(problem, one.column, lines, spots, texts) for problem in got.problems]
    remarks = [_placed(remark, one.column, lines, spots, texts) for remark in got.remarks]
    if lines:
        remarks += _rounded(one, asked, lines[0])
    return Values(got.values, [*placed, *(fault for fault in faulty if fault)], remarks)


def _converted(one: Field, texts: Sequence[str], numeric: bool) -> Converted:
    """Return the texts as the engine keeps them; rows of its problems count the lines."""
    ratio = ratio_of(one.column, one.unit)
    whole = ratio.denominator == 1 and ratio.numerator in TENS
    factor, told = (int(ratio), list(texts)) if whole else (1, [_scaled(text, one, ratio) for text in texts])
    place = Place("", one.column.label, list(range(len(texts))), factor if numeric else 1, one.unit)
    return convert(pa.array(told, pa.string()), one.column, place)


def number_of(text: str) -> Fraction | None:
    """Return the number that a text is, in whatever width and with thousands apart; None for anything else."""
    narrow = text.translate(FULL_WIDTH_TABLE).strip()
    plain = narrow.replace(",", "") if re.match(THOUSANDS, narrow) else narrow
    return Fraction(plain) if re.match(NUMBER, plain) else None


def _scaled(text: str, one: Field, ratio: Fraction) -> str:
    """Return a number in the written unit, to the nearest smallest unit, half of one up; what is no number stays."""
    number = number_of(text)
    if number is None:
        return text
    exact = number * ratio * one.column.measure.scale
    nearest = (abs(exact) * 2 + 1) // 2 * (1 if exact >= 0 else -1)
    return format(Decimal(nearest).scaleb(-one.column.measure.decimals), "f")


def _rounded(one: Field, texts: Sequence[str], line: Line) -> Iterator[Problem]:
    ratio = ratio_of(one.column, one.unit)
    numbers = [number_of(text) for text in texts if ratio.denominator > 1]
    scale = one.column.measure.scale if numbers else 1
    count = sum((number * ratio * scale).denominator > 1 for number in numbers if number is not None)
    if count:
        reason = f"{one.column.label}由{one.unit}换算成{one.column.unit}除不尽，有 {count} 处四舍五入到最小单位"
        yield Problem(line.grid.name, reason, f"请核对换算的结果；要分毫不差，请改用{one.column.unit}填写")


def _placed(
    problem: Problem, column: Column, lines: Sequence[Line], spots: Sequence[Spot], texts: Sequence[str]
) -> Problem:
    """Return a problem at the cell where it stands, with what was written there."""
    at = problem.row or 0
    heading = f"{address_of(spots[at])} {column.label}"
    return replace(problem, file=lines[at].grid.name, row=spots[at][0], column=heading, value=texts[at])


def _fault(line: Line, spot: Spot) -> Problem | None:
    fault = line.grid.faults.get(spot)
    return fault and replace(fault, file=line.grid.name, column=address_of(spot))


def _too_large(one: Field, lines: Sequence[Line], total: pa.Array) -> Iterator[Problem]:
    most = one.column.measure.maximum * one.column.measure.scale
    for line, value in zip(lines, total.to_pylist(), strict=True):
        if value is not None and value > most:
            spot = line.cells[one.name][0]
            yield Problem(line.grid.name, *TOO_LARGE, spot[0], heading_told(line.cells[one.name], [one.column.label]))
