"""A sheet's schools, one line each, whichever way they stand; totals and notes are told apart from them."""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from enum import StrEnum

from junheng.facts.cells import BLANKS
from junheng.facts.grids import Grid, Spot, bare
from junheng.facts.mapped.model import NAMING, Field, Mapping, Shape
from junheng.facts.mapped.recognising import place_of
from junheng.facts.problems import Problem
from junheng.facts.sheets import NO_DATA, TOTAL

SUBTOTAL = re.compile(r"小\s*计[:：]?$")
# What stands under the headings of a printed form where other columns have their numbers.
LETTERED = re.compile(r"[甲乙丙丁戊己庚辛壬癸]")
PASSED_OVER = ("没有读这一行（列），它像是栏次，或表下的说明", "如果是数据，请改掉它的第一格")


class Kind(StrEnum):
    """What a line is."""

    SCHOOL = "school"
    TOTAL = "total"
    SUBTOTAL = "subtotal"


@dataclass(frozen=True, slots=True)
class Line:
    """One school, or one total: of each field, the cells that are added up."""

    grid: Grid
    kind: Kind
    cells: Pairs[str, list[Spot]]

    def told(self, name: str) -> list[str]:
        """Return what stands in a field's cells; nothing for a field that the form does not have."""
        return [self.grid.own(*spot) for spot in self.cells.get(name, [])]

    @property
    def school(self) -> str:
        """What names the school: its code, or where the form prints none, its name."""
        return next((text for name in NAMING for text in self.told(name) if text and text not in BLANKS), "")


@dataclass(slots=True)
class Lines:
    """What a sheet holds: its schools and totals, what makes it unusable, what is only worth a remark."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


def lines_of(grid: Grid, mapping: Mapping) -> Lines:
    """Return the lines of a sheet whose headings stand as the mapping says."""
    found, places = Lines(), {one.name: _places(grid, mapping, one) for one in mapping.fields}
    for number in _numbers(grid, mapping):
        cells = {name: [(row or number, column or number) for row, column in spots] for name, spots in places.items()}
        line = Line(grid, Kind.SCHOOL, cells)
        _sort(line, mapping, _first(grid, mapping, number), found)
    if not any(one.kind is Kind.SCHOOL for one in found.lines) and not found.problems:
        found.problems.append(Problem(grid.name, "里面没有一所学校", "请核对数据从哪里开始，学校写在哪里"))
    return found


def _numbers(grid: Grid, mapping: Mapping) -> range:
    """Return the rows, or columns, that may hold a school; of a sheet that is one school, a single one."""
    if mapping.shape is Shape.SINGLE:
        return range(1)
    return range(mapping.begins, (grid.height if mapping.shape is Shape.ROWS else grid.width) + 1)


def _places(grid: Grid, mapping: Mapping, one: Field) -> list[Spot]:
    return [place for term in one.terms if (place := place_of(grid, mapping, term))]


def _first(grid: Grid, mapping: Mapping, number: int) -> str:
    """Return the first text of a row; a column begins with headings, which say nothing of it."""
    line = grid.cells[number - 1] if mapping.shape is Shape.ROWS else ()
    return next((told.strip() for told in line if told.strip()), "")


def _sort(line: Line, mapping: Mapping, first: str, found: Lines) -> None:
    """Put a line where it belongs: among the schools and totals, the problems, the remarks, or nowhere."""
    names = (line.school or first, *line.told("school_name"))
    total = next((bare(name) for name in names if TOTAL.match(bare(name))), "")
    if total and not mapping.of_county:
        kind = Kind.SUBTOTAL if SUBTOTAL.search(total) else Kind.TOTAL
        found.lines.append(Line(line.grid, kind, line.cells))
    elif NO_DATA.match(line.school or first) or LETTERED.fullmatch(line.school):
        found.remarks.append(_at(line, *PASSED_OVER, line.school or first))
    elif line.school or mapping.of_county:
        found.lines.append(line)
    elif any(text not in BLANKS for one in mapping.fields for text in line.told(one.name)):
        found.problems.append(_at(line, "有数，没有写是哪所学校", "请补上学校标识码或名称；不是学校的请删去", None))


def _at(line: Line, reason: str, remedy: str, value: str | None) -> Problem:
    row = min((row for spots in line.cells.values() for row, _ in spots), default=None)
    return Problem(line.grid.name, reason, remedy, row, value=value)
