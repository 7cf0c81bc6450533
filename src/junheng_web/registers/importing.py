"""A workbook into a register: first what it would change, row by row; then all of it or nothing.

A row is handed in whole: a blank cell empties what was there. A column that the file does not have is left as it is,
and so is a row that it does not list, unless whoever hands it in says that it lists everybody of its schools.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng import api as jh
from junheng.facts.schema import Table
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.models import Register, Row, Write
from junheng_web.registers.saving import Change, Moved, Saved, rows_save
from junheng_web.registers.seeing import codes_by_name, may_change, place_names, school_names
from junheng_web.registers.values import EMPLOYER, SCHOOLS, Values, kept, key_of, refused, shown, table_of

NEW, CHANGED, GONE = "new", "changed", "gone"
WORDS = {NEW: "新增", CHANGED: "改动", GONE: "移出"}
OTHERS = "这一行归别的学校管，您不能改"
Cells = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that a file would change: how, and each cell with its label, what it holds and what it would hold."""

    what: str
    change: Change
    title: str
    cells: Cells


@dataclass(slots=True)
class Plan:
    """What a file comes to: the rows that it would change, how many stay, and what cannot be taken in."""

    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    problems: list[jh.Problem] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows there are of each kind, in words."""
        return [(word, sum(one.what == what for one in self.differences)) for what, word in WORDS.items()]

    @property
    def digest(self) -> str:
        """What tells this plan from another one: what would be written where, and over which revision."""
        told = [
            (one.change.key, one.change.revision, one.change.gone, sorted(one.change.values.items()))
            for one in self.differences
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def read(name: str, file: Path, as_named: str) -> jh.Loaded:
    """Return a register's rows in a file. Raises Unusable, in which the file bears the name that its sender knows."""
    try:
        return jh.load_register(file, name)
    except jh.Unusable as error:
        told = [replace(one, file=as_named) if one.file == file.name else one for one in error.problems]
        raise jh.Unusable(told) from None


def plan(scope: Scope | None, county: Area, name: str, loaded: jh.Loaded, *, whole: bool = False) -> Plan:
    """Return what a file would change in a register, for whoever hands it in (None: the platform itself)."""
    made, table = Plan(), table_of(name)
    current = {row.key: row for row in Row.objects.of(county).filter(register__name=name)}
    known, places, names = school_names(county), place_names(county), codes_by_name(county)
    listed: dict[str, Values] = {}
    for at, row in enumerate(loaded.rows.to_pylist()):
        place = _Place(loaded, at)
        values = _coded(name, kept(row), names)
        made.problems += _problems(table, name, values, known, place)
        key = key_of(table, values)
        if key in listed:
            made.problems.append(place.problem("与前面的一行是同一行", "请只留一行", table.key[0]))
        listed[key] = values = _merged(table, values, current.get(key), loaded)
        change = Change(key, values, False, None, place.sheet, place.row)
        _compare(scope, county, name, made, change, current.get(key), places)
    if whole:
        _left_over(scope, county, name, made, current, listed)
    return made


class _Place:
    """Where a row of a file stands."""

    def __init__(self, loaded: jh.Loaded, at: int) -> None:
        self.sheet, self.row = loaded.origin.file, loaded.origin.rows[at]
        self.headings = loaded.origin.headings

    def problem(self, reason: str, remedy: str, column: str = "", value: str | None = None) -> jh.Problem:
        """Return a problem at this row, under the heading of a column."""
        return jh.Problem(self.sheet, reason, remedy, self.row, self.headings.get(column), value)


def _coded(name: str, values: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the values with a school's or unit's name replaced by its code."""
    coded = (*SCHOOLS[name], EMPLOYER)
    return {column: names.get(value, value) if column in coded else value for column, value in values.items()}


def _merged(table: Table, values: dict[str, Any], row: Row | None, loaded: jh.Loaded) -> Values:
    """Return the values, with those of the columns that the file does not have as they are."""
    if row is None or row.gone:
        return values
    untouched = {name for name in table.by_name if name not in loaded.origin.headings}
    return {**{name: value for name, value in row.values.items() if name in untouched}, **values}


def _problems(table: Table, name: str, values: Values, known: Mapping[str, str], place: _Place) -> Iterator[jh.Problem]:
    for column in table.columns:
        value = values.get(column.name)
        if column.name in table.key and value is None:
            yield place.problem(f"没有写{column.label}", f"请补填{column.label}，一行才认得出是谁", column.name)
        if problem := refused(column, value):
            yield replace(
                problem, file=place.sheet, row=place.row, column=place.headings.get(column.name, column.label)
            )
        if column.name in SCHOOLS[name] and value is not None and value not in known:
            remedy = "请核对学校标识码；新学校请办公室先在学校名册里登记"
            yield place.problem("本县没有这所学校", remedy, column.name, str(value))


def _compare(
    scope: Scope | None,
    county: Area,
    name: str,
    made: Plan,
    change: Change,
    row: Row | None,
    schools: Mapping[str, str],
) -> None:
    standing = row.values if row and not row.gone else None
    if scope is not None and not may_change(scope, county, name, change.values, row.values if row else None):
        remedy = "请只留本校的人；调动请办公室办理"
        made.problems.append(jh.Problem(change.sheet, OTHERS, remedy, change.file_row))
    elif standing == change.values:
        made.same += 1
    else:
        seen = replace(change, revision=row.revision if row else 0)
        made.differences.append(_difference(name, seen, standing, schools))


def _difference(
    name: str, change: Change, before: Values | None, schools: Mapping[str, str] | None = None
) -> Difference:
    table, after = table_of(name), {} if change.gone else change.values
    what = GONE if change.gone else NEW if before is None else CHANGED
    return Difference(
        what, change, title_of(name, change.values, schools), cells_between(table, before or {}, after, schools)
    )


def cells_between(table: Table, before: Values, after: Values, schools: Mapping[str, str] | None = None) -> Cells:
    """Return the cells in which two states of a row differ: label, before, after."""
    return tuple(
        (column.label, shown(before.get(column.name), column, schools), shown(after.get(column.name), column, schools))
        for column in table.columns
        if before.get(column.name) != after.get(column.name)
    )


def title_of(name: str, values: Values, schools: Mapping[str, str] | None = None) -> str:
    """Return what a row is called: a person by name and number, a school's posts by their year."""
    if name == Register.Name.TEACHERS:
        return f"{values.get('person_name', '（没有写姓名）')}（{values.get('person_code', '')}）"
    code = str(values.get("school_code", ""))
    return f"{(schools or {}).get(code, code)} {values.get('year', '')} 年"


def _left_over(
    scope: Scope | None, county: Area, name: str, made: Plan, current: Mapping[str, Row], listed: Mapping[str, Values]
) -> None:
    """Put down that the rows are gone which the file does not list, of the schools that it lists."""
    column = SCHOOLS[name][0]
    schools = {values.get(column) for values in listed.values()} - {None}
    for key, row in current.items():
        own = scope is None or may_change(scope, county, name, row.values)
        if own and key not in listed and not row.gone and row.values.get(column) in schools:
            made.differences.append(_difference(name, Change(key, row.values, True, row.revision), row.values))


@transaction.atomic
def plan_apply(*, by: Scope, county: Area, name: str, made: Plan, file: Path, as_named: str) -> Saved:
    """Make every change of a plan in one transaction, or none. The file itself is not kept: it holds people.

    Raises PermissionDenied where the plan has problems, Moved where somebody changed one of its rows since.
    """
    if made.problems:
        raise PermissionDenied
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    changes = [one.change for one in made.differences]
    saved = rows_save(
        by=by, county=county, name=name, changes=changes, kind=Write.Kind.IMPORTED, file=(as_named, digest)
    )
    if saved.conflicts:
        raise Moved(f"在您看的时候，有人改了其中 {len(saved.conflicts)} 行；什么也没有导入，请再看一遍会改什么")
    return saved
