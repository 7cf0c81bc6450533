"""A workbook of statistics forms as facts, by the mappings that know them; what none knows is listed, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from junheng.facts.grids import Grid
from junheng.facts.items import ITEMS
from junheng.facts.mapped.lines import Kind, Line, Lines, lines_of
from junheng.facts.mapped.model import NAMING, Mapping
from junheng.facts.mapped.recognising import Seen, recognise, seen
from junheng.facts.mapped.totals import sums_remarked
from junheng.facts.mapped.values import Values, heading_told, values_of
from junheng.facts.model import ARROW_TYPES, Facts, Origin, arrow_schema
from junheng.facts.problems import Problem
from junheng.facts.schema import COUNTY, SCHOOLS, TABLES
from junheng.facts.workbook import read_grids

NOT_MAPPED = ("尚未建立对照", "请办公室在“统计工作簿”里用这张表建立对照；不需要的表可以不管")


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What became of one sheet (`number` is its place in the workbook, from 0): read by a mapping, or not, and why."""

    number: int
    name: str
    seen: Seen
    mapping: Mapping | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What one mapping made of its sheets. `facts` holds nothing of a sheet that has `problems`: all of it or none."""

    mapping: Mapping
    facts: Facts
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedBook:
    """What was read of a workbook, form by form, and what became of each of its sheets that holds something."""

    parts: tuple[Part, ...]
    sheets: tuple[SheetRead, ...]


@dataclass(slots=True)
class _Taken:
    """What the sheets of one mapping hold."""

    lines: list[Lines] = field(default_factory=list)

    @property
    def schools(self) -> list[Line]:
        return [line for one in self.lines for line in one.lines if line.kind is Kind.SCHOOL]


def read_mapped(file: Path, mappings: Sequence[Mapping], year: int | None = None) -> MappedBook:
    """Read the forms in a workbook that mappings know; `year` is the one in which the school year begins.

    Raises `Unusable` for a workbook that cannot be opened. What a cell cannot mean stands in `Part.problems`.
    """
    return read_sheets(read_grids(file), mappings, year)


def read_sheets(grids: Iterable[Grid], mappings: Sequence[Mapping], year: int | None = None) -> MappedBook:
    """Read sheets, see `read_mapped`."""
    sheets: list[SheetRead] = []
    taken: dict[int, _Taken] = {}
    filled = ((at, one) for at, one in enumerate(grids) if any(told.strip() for line in one.cells for told in line))
    for number, grid in filled:
        known = recognise(grid, mappings, year)
        unknown = () if known.mapping else known.problems or (Problem(grid.name, *NOT_MAPPED),)
        sheets.append(SheetRead(number, grid.name, seen(grid), known.mapping, unknown))
        if known.mapping:
            at = mappings.index(known.mapping)
            taken.setdefault(at, _Taken()).lines.append(lines_of(grid, known.mapping))
    return MappedBook(tuple(_part(mappings[at], one) for at, one in taken.items()), tuple(sheets))


def _part(mapping: Mapping, taken: _Taken) -> Part:
    lines = taken.schools
    values = {one.name: values_of(one, lines, mapping.blank_is_zero) for one in mapping.fields}
    problems = [problem for one in taken.lines for problem in one.problems]
    problems += [problem for one in values.values() for problem in one.problems]
    problems += _twice(lines, values) if not mapping.of_county else []
    remarks = [remark for one in taken.lines for remark in one.remarks]
    remarks += [remark for one in values.values() for remark in one.remarks]
    remarks += [remark for one in taken.lines for remark in sums_remarked(mapping, one.lines)]
    if problems:
        return Part(mapping, _facts(mapping, [], {}, remarks), tuple(problems))
    return Part(mapping, _facts(mapping, lines, values, remarks))


def _names(values: dict[str, Values], lines: Sequence[Line]) -> list[str]:
    """Return what names each line's school: its code as it was read, or its name."""
    codes = values["school_code"].values.to_pylist() if "school_code" in values else [None] * len(lines)
    return [code or line.school for code, line in zip(codes, lines, strict=True)]


def _twice(lines: Sequence[Line], values: dict[str, Values]) -> list[Problem]:
    """Return a problem for each school that one form tells of twice."""
    first: dict[str, Line] = {}
    found = []
    for name, line in zip(_names(values, lines), lines, strict=True):
        if name in first:
            where = f"{first[name].grid.name}第 {_row(first[name])} 行"
            reason = f"这所学校前面已经有了（{where}）"
            found.append(Problem(line.grid.name, reason, "请只留一处", _row(line), value=name))
        first.setdefault(name, line)
    return found


def _row(line: Line) -> int:
    return min(row for spots in line.cells.values() for row, _ in spots)


def _facts(mapping: Mapping, lines: Sequence[Line], values: dict[str, Values], remarks: Sequence[Problem]) -> Facts:
    tables = {name: arrow_schema(table).empty_table() for name, table in TABLES.items()}
    if mapping.of_county:
        return _of_county(tables, lines, values, remarks)
    columns = {name: one.values for name, one in values.items()} | {"school_code": pa.array(_names(values, lines))}
    empty = {"county_code": pa.array([""] * len(lines), pa.string())}
    arrays = [
        (columns | empty).get(one.name, pa.nulls(len(lines), ARROW_TYPES[one.kind])).cast(ARROW_TYPES[one.kind])
        for one in SCHOOLS.columns
    ]
    tables[SCHOOLS.name] = pa.Table.from_arrays(arrays, schema=arrow_schema(SCHOOLS))
    cells = {(at, name): _spot(line, mapping, name) for name in values for at, line in enumerate(lines)}
    naming = next((name for name in NAMING if name in values), "")
    cells |= {(at, NAMING[0]): _spot(line, mapping, naming) for at, line in enumerate(lines)}
    origin = Origin("", tuple(_row(line) for line in lines), {}, cells)
    return Facts(tables, remarks=tuple(remarks), origins={SCHOOLS.name: origin})


def _of_county(
    tables: dict[str, pa.Table], lines: Sequence[Line], values: dict[str, Values], remarks: Sequence[Problem]
) -> Facts:
    found = {name: one.values[0].as_py() for name, one in values.items() if lines and one.values[0].is_valid}
    rows = [{"item": ITEMS[name].label, "value": " + ".join(lines[0].told(name))} for name in found]
    tables[COUNTY.name] = pa.Table.from_pylist(rows, schema=arrow_schema(COUNTY))
    spots = [lines[0].cells[name][0] for name in found]
    cells = {(at, "item"): (lines[0].grid.name, spot[0], heading_told([spot], ())) for at, spot in enumerate(spots)}
    origin = Origin("", tuple(row for row, _ in spots), {}, cells)
    return Facts(tables, items=found, remarks=tuple(remarks), origins={COUNTY.name: origin})


def _spot(line: Line, mapping: Mapping, name: str) -> tuple[str, int, str]:
    """Return where a value stood: the sheet, the row of its (first) cell, and the cells with their headings."""
    spots = line.cells[name]
    terms = next(one.terms for one in mapping.fields if one.name == name)
    return line.grid.name, spots[0][0], heading_told(spots, [text for term in terms for text in term.heading])
