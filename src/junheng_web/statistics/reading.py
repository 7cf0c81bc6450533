"""A workbook by the county's mappings, and the schools in it by their codes and names; whom nobody knows is asked."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from junheng import api as jh
from junheng.facts.grids import Grid
from junheng.facts.mapped.reading import MappedBook, read_sheets
from junheng.facts.model import Origin
from junheng.facts.schema import SCHOOLS
from junheng.facts.workbook import read_grids
from junheng_web.collection.models import Period
from junheng_web.evidence.trial_reading import unfold
from junheng_web.evidence.trials import Trial
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.naming import names_of
from junheng_web.statistics.selectors import forms_of

PURPOSE = "statistics"
# What a zip may hold: a workbook for each school of a large county.
ENDINGS, MOST_BOOKS = (".xlsx", ".xls"), 1000
# With the 31 signs of a sheet's name it fits where the lineage of a number keeps it.
LONGEST_BOOK = 28
NEAR = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """A school of a file that nobody knows: how it is called there, where, and whose names come near."""

    text: str
    name: str
    place: jh.Problem
    near: tuple[str, ...] = ()


def read(trial: Trial, county: Area, year: int | None) -> MappedBook:
    """Return what the county's mappings read of a workbook. Raises Unusable under the name that its sender knows."""
    return read_sheets(grids_of(trial), forms_of(county), year)


def grids_of(trial: Trial) -> list[Grid]:
    """Return the sheets of a workbook, or of the many in a zip: a school each, as some systems hand them out.

    Raises Unusable under the names that their sender knows.
    """
    try:
        return _zipped(trial.file) if trial.file.suffix == ".zip" else read_grids(trial.file)
    except jh.Unusable as error:
        named = [replace(one, file=trial.name if one.file == trial.file.name else one.file) for one in error.problems]
        raise jh.Unusable(named) from None


def _zipped(file: Path) -> list[Grid]:
    """Return the sheets of every workbook in a zip, each called by its workbook's name as well."""
    with tempfile.TemporaryDirectory() as folder:
        unfold(file, Path(folder), ENDINGS, MOST_BOOKS)
        books = sorted(Path(folder).iterdir())
        return [_of_book(book, grid) for book in books for grid in read_grids(book)]


def _of_book(book: Path, grid: Grid) -> Grid:
    return replace(grid, name=f"{book.stem[:LONGEST_BOOK]}/{grid.name}", sheet=grid.name)


def year_of(period: Period) -> int:
    """Return the year in which a period's school year begins."""
    return int(period.school_year.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Known:
    """The county's schools on a day: codes, and what else means one of them."""

    codes: Mapping[str, str]
    names: Mapping[str, str]

    def code(self, text: str) -> str:
        """Return the code of the school that a text means, or nothing."""
        return text if text in self.codes else self.names.get(text, "")


def known_on(county: Area, day: dt.date) -> Known:
    """Return a county's schools on a day. A name that two of them bear means neither."""
    standing = School.objects.of(county).on(day).select_related("county")
    return Known({one.code: one.name for one in standing}, names_of(standing))


def resolved(known: Known, facts: jh.Facts, left_out: Collection[str]) -> tuple[jh.Facts, list[Unknown]]:
    """Return facts with each school under its code, and the schools that nobody knows.

    These, and those that somebody said are not to be brought in (`left_out`), are left out of the facts.
    """
    schools, origin = facts.tables[SCHOOLS.name], facts.origins.get(SCHOOLS.name)
    if origin is None:
        return facts, []
    rows = schools.select(["school_code", "school_name"]).to_pylist()
    codes = [known.code(row["school_code"]) for row in rows]
    unknown = [
        _unknown(known, row, origin.of(at, "school_code", ""))
        for at, row in enumerate(rows)
        if not codes[at] and row["school_code"] not in left_out
    ]
    kept = [at for at, row in enumerate(rows) if codes[at] and row["school_code"] not in left_out]
    return _of_rows(facts, kept, [codes[at] for at in kept], origin), unknown


def _unknown(known: Known, row: Mapping[str, str], place: tuple[str, int, str]) -> Unknown:
    sheet, number, cell = place
    name = row["school_name"] or row["school_code"]
    told = jh.Problem(
        sheet, "不知道这是本县哪所学校", "请在“这些是哪所学校”里说明一次", number, cell, row["school_code"]
    )
    near = get_close_matches(name, known.names, NEAR)
    return Unknown(row["school_code"], name, told, tuple(dict.fromkeys(known.names[one] for one in near)))


def _of_rows(facts: jh.Facts, kept: list[int], codes: list[str], origin: Origin) -> jh.Facts:
    """Return the facts of some rows of the schools' table, under these codes, each with where it stood."""
    table = facts.tables[SCHOOLS.name].take(pa.array(kept, pa.int64()))
    at = table.schema.get_field_index("school_code")
    table = table.set_column(at, table.schema.field(at), pa.array(codes, pa.string()))
    new = {before: after for after, before in enumerate(kept)}
    cells = {(new[row], name): place for (row, name), place in origin.cells.items() if row in new}
    origins = {SCHOOLS.name: Origin(origin.file, tuple(origin.rows[row] for row in kept), {}, cells)}
    return replace(facts, tables={**facts.tables, SCHOOLS.name: table}, origins=origins)


def unread(book: MappedBook) -> list[tuple[str, object]]:
    """Return the sheets that no mapping knows, with what they call themselves."""
    return [(one.name, one.seen) for one in book.sheets if one.mapping is None]


def problems_of(book: MappedBook) -> Iterable[jh.Problem]:
    """Yield what is wrong in the cells of the forms that are read."""
    return (problem for part in book.parts for problem in part.problems)
