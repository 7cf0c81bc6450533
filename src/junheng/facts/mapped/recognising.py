"""Which form a sheet is: by the form's number, and by the texts that must stand where its mapping says.

A sheet with the number of a form and other texts than its mapping expects is another year's layout: it is refused with
what was expected where and what stands there, and never read in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from junheng.facts.grids import Grid, Spot, address_of, bare, letters_of
from junheng.facts.mapped.model import Field, Mapping, Shape, Term
from junheng.facts.problems import Problem

# Where a form prints its number: in so many rows at the top.
TOP_ROWS = 15
NUMBERED = re.compile(r"表号[::]?(.*)")
# The number of one form may be the beginning of another's.
WHOLE = r"(?<![0-9A-Za-z]){}(?![0-9A-Za-z-])"
ANOTHER = "如果换了新的表样，请按新的表样另做一份对照；如果是填表时改动了，请改回来"
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sheet calls itself: its form's number, or where it prints none its name, and its title."""

    form: str
    title: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """The mapping by which a sheet is read, or why the nearest one does not fit; neither where no mapping knows it."""

    mapping: Mapping | None = None
    problems: tuple[Problem, ...] = ()


def seen(grid: Grid) -> Seen:
    """Return what a sheet calls itself."""
    texts = list(_top(grid))
    title = next((told for _, told in texts), "")
    for at, (_, told) in enumerate(texts):
        if found := NUMBERED.search(bare(told)):
            beside = texts[at + 1][1] if at + 1 < len(texts) else ""
            return Seen((found[1] or bare(beside) or grid.name)[:LONGEST_SHOWN], title)
    return Seen(grid.name, title)


def _top(grid: Grid) -> Iterator[tuple[Spot, str]]:
    """Yield the cells at the top that hold something."""
    for row, line in enumerate(grid.cells[:TOP_ROWS], 1):
        for column, told in enumerate(line, 1):
            if told.strip():
                yield (row, column), told.strip()


def recognise(grid: Grid, mappings: Iterable[Mapping], year: int | None = None) -> Recognised:
    """Return the mapping of the sheet's form whose texts all stand; of several, the first.

    `year` is the one in which the school year begins. Without a fitting mapping, the problems are those of the one
    that comes nearest.
    """
    nearest: list[Problem] | None = None
    for mapping in mappings:
        if not _is_form(grid, mapping):
            continue
        wrong = [*_another_year(grid, mapping, year), *_not_standing(grid, mapping)]
        if not wrong:
            return Recognised(mapping)
        nearest = wrong if nearest is None or len(wrong) < len(nearest) else nearest
    return Recognised(None, tuple(nearest or ()))


def _is_form(grid: Grid, mapping: Mapping) -> bool:
    if mapping.sheet and bare(mapping.sheet) == bare(grid.sheet or grid.name):
        return True
    number = re.compile(WHOLE.format(re.escape(bare(mapping.form))))
    return any(number.search(bare(told)) for told in (grid.sheet or grid.name, *(told for _, told in _top(grid))))


def _another_year(grid: Grid, mapping: Mapping, year: int | None) -> Iterator[Problem]:
    if year is not None and mapping.years and year not in mapping.years:
        known = "、".join(map(str, mapping.years))
        reason = f"“{mapping.form} {mapping.name}”的对照用于 {known} 学年，不是 {year} 学年"
        yield Problem(grid.name, reason, "如果表样没有变，请在对照里加上这个学年；变了，请另做一份")


def _not_standing(grid: Grid, mapping: Mapping) -> Iterator[Problem]:
    for anchor in mapping.anchors:
        if bare(grid.text(*anchor.at)) != bare(anchor.text):
            yield _other(grid, anchor.at, anchor.text, grid.text(*anchor.at))
    for field in mapping.fields:
        for term in field.terms:
            if term.heading and place_of(grid, mapping, term) is None:
                yield _moved(grid, mapping, field, term)


def _other(grid: Grid, at: Spot, expected: str, found: str) -> Problem:
    standing = f"现在是“{_short(found)}”" if found else "现在是空的"
    reason = f"{address_of(at)} 应当是“{_short(expected)}”，{standing}"
    return Problem(grid.name, reason, ANOTHER, at[0] or None, f"{letters_of(at[1])} 列" if at[1] else None, found)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _moved(grid: Grid, mapping: Mapping, field: Field, term: Term) -> Problem:
    expected, elsewhere = "/".join(term.heading), places_of(grid, mapping, term.heading)
    there = "、".join(address_of(one) for one in elsewhere)
    if term.at is None:
        reason = f"找不到“{field.column.label}”的表头“{_short(expected)}”"
        reason = reason if not elsewhere else f"“{field.column.label}”的表头“{_short(expected)}”有好几处：{there}"
        return Problem(grid.name, reason, ANOTHER)
    found = _other(grid, term.at, expected, "/".join(_heading(grid, mapping, term.at)))
    return replace(found, reason=f"{found.reason}；这个表头现在在 {there}") if elsewhere else found


def place_of(grid: Grid, mapping: Mapping, term: Term) -> Spot | None:
    """Return where a term stands; None where its headings do not stand there, or stand nowhere or more than once."""
    if term.at is not None:
        standing = not term.heading or _same(_heading(grid, mapping, term.at), term.heading)
        return term.at if standing else None
    found = places_of(grid, mapping, term.heading)
    return found[0] if len(found) == 1 else None


def places_of(grid: Grid, mapping: Mapping, heading: Sequence[str]) -> list[Spot]:
    """Return every column (or row, by the shape) over which these headings stand; single cells are not looked for."""
    if mapping.shape is Shape.SINGLE:
        return []
    rows = mapping.shape is Shape.ROWS
    spots = [(0, at) if rows else (at, 0) for at in range(1, (grid.width if rows else grid.height) + 1)]
    return [spot for spot in spots if _same(_heading(grid, mapping, spot), heading)]


def heading_at(grid: Grid, head_rows: Spot, head_columns: Spot, spot: Spot) -> tuple[str, ...]:
    """Return the headings of a column, a row or a cell: those beside it, then those over it, each said once.

    They stand in the rows and columns from the first to the last of `head_rows` and `head_columns`.
    """
    row, column = spot
    (first_row, last_row), (first_column, last_column) = head_rows, head_columns
    beside = [grid.text(row, at) for at in range(first_column, last_column + 1) if row and first_column]
    over = [grid.text(at, column) for at in range(first_row, last_row + 1) if column and first_row]
    texts = [told for told in (*beside, *over) if told]
    return tuple(told for at, told in enumerate(texts) if at == 0 or told != texts[at - 1])


def _heading(grid: Grid, mapping: Mapping, spot: Spot) -> tuple[str, ...]:
    return heading_at(grid, mapping.head_rows, mapping.head_columns, spot)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [bare(text) for text in one] == [bare(text) for text in other]
