"""A workbook, or a zip of tables, into a ledger: first what it would change, cell by cell; then all of it or nothing.

Blank cells of a file change nothing: a school that hands in half of its numbers takes nothing away from the others.
Only a list (classes, rooms) is handed in whole, and takes the place of the one before. Where a file says what it was
made from (`bases`), what others have entered since is not set back: see `_compare`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng import api as jh
from junheng.facts.headings import read_item
from junheng.facts.items import ITEMS
from junheng.facts.schema import CLASSES, COUNTY, JUDGED, ROOMS, SCHOOLS, TABLES, Column
from junheng_web.collection.exchange.bases import Base
from junheng_web.collection.exchange.foreseeing import Foreseen
from junheng_web.collection.handing.approving import may_fill
from junheng_web.collection.ledger.entries import Cell, Entry, Write
from junheng_web.collection.ledger.gathering import unfolded_at
from junheng_web.collection.ledger.knowing import census_known
from junheng_web.collection.ledger.locks import refused
from junheng_web.collection.ledger.origins import writer
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change, Place, Saved, cells_save, current_cells, locked_ledger
from junheng_web.collection.ledger.subjects import MOST_ROWS, NUMBER_DIGITS, Subject, subjects
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import (
    NOTHING,
    SEPARATOR,
    Kept,
    Key,
    column_of,
    keep,
    kept_of,
    row_of,
    shown,
    subject_of,
)
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import School
from junheng_web.organisation.naming import names_of
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# What the workbooks that were imported belong to.
KIND = "ledger"
# A school's name and type stand with the school, and are not entered; a note belongs to the paper it stands on.
NOT_ENTERED = {"county_code", "county_name", "school_code", "school_name", "school_type", "note", "indicator", "item"}
LISTED = (CLASSES.name, ROOMS.name)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that a file would change: from what to what, and where in the file."""

    change: Change
    before: str
    after: str
    column: Column
    subject: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that the file and somebody else have both changed since the file was made; `now` says who, and when.

    `token` names what was shown, so that a choice holds for that alone.
    """

    difference: Difference
    base: str
    now: str

    @property
    def token(self) -> str:
        """What tells this conflict from every other one, of another revision or another text in the file."""
        return _digest([_told(self.difference)])


@dataclass(slots=True)
class Plan:
    """What a file comes to: what it would change, what it says of schools that nobody knows, what is locked.

    `conflicts` change nothing until somebody chooses (`chosen`); `newer` counts the cells that others changed since the
    file was made and the file did not. Without a `base` neither can be told.
    `found` is what the checks would newly find, where somebody has looked for that already.
    """

    differences: list[Difference] = field(default_factory=list)
    same: int = 0
    problems: list[jh.Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    newer: int = 0
    found: list[Foreseen] | None = None

    @property
    def digest(self) -> str:
        """What tells this plan from another one: what would be written or chosen where, and over which revision."""
        choices = [one.token for one in self.conflicts]
        return _digest([*map(_told, self.differences), *choices])

    @property
    def asked(self) -> list[Difference]:
        """Whatever the file may come to change."""
        return [*self.differences, *(one.difference for one in self.conflicts)]


def _told(one: Difference) -> tuple[Key, int | None, Kept]:
    return one.change.key, one.change.revision, one.change.kept


def _digest(told: list[Any]) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


def chosen(made: Plan, tokens: Collection[str]) -> Plan:
    """Return the plan in which the file's value is taken in the conflicts that `tokens` name, and in no other one."""
    taken = [one.difference for one in made.conflicts if one.token in tokens]
    return replace(made, differences=[*made.differences, *taken], conflicts=[])


def plan(scope: Scope, ledger: Ledger, *parts: jh.Facts, base: Base | None = None) -> Plan:
    """Return what the facts of a file would change in a ledger, for whoever hands them in.

    A file of several forms comes in parts; what two of them say of one cell must be the same. `base` is the place in
    this ledger's order from which the file was made.
    Of what is not one's own nothing is told but that it is not: neither what it holds, nor whether it would change.
    """
    forms = {one.code: one for one in subjects(ledger) if one.kind == Submission.Kind.SCHOOL}
    made, own = Plan(), list[Change]()
    strange: dict[str, jh.Problem] = {}
    if why := refused(ledger, scope, Submission.Kind.SCHOOL):
        made.problems.append(jh.Problem(str(ledger), why, "解锁以后再导入；这份文件不用改"))
    changes = [change for facts in parts for change in changes_of(ledger, facts, made.problems)]
    for change in _once(changes, made.problems):
        if problem := _not_own(scope, ledger, forms, change):
            strange.setdefault(problem.reason, problem)
        else:
            own.append(change)
    _compare(ledger, own, made, base)
    made.problems += [*strange.values(), *_handed_in(ledger, made), *_counted(scope, ledger, made)]
    return made


def _once(changes: list[Change], problems: list[jh.Problem]) -> Iterator[Change]:
    """Yield each cell's change once, and add to `problems` where a file says two things of a cell."""
    first: dict[Key, Change] = {}
    for change in changes:
        before = first.setdefault(change.key, change)
        if before is change:
            yield change
        elif before.kept != change.kept:
            place, other = change.place, before.place
            reason = f"与{other.sheet}第 {other.row} 行“{other.column}”是同一项，数不一样"
            remedy = "请核对哪一个对，改成一样的"
            value = shown(change.kept, change.key)
            problems.append(jh.Problem(place.sheet, reason, remedy, place.row, place.column, value))


def _not_own(scope: Scope, ledger: Ledger, forms: dict[str, Subject], change: Change) -> jh.Problem | None:
    """Return why one may not write a cell: it is another's, the county's, or what judges alone say."""
    if Role.OFFICE in scope.roles_in(ledger.county):
        return None
    place, code = change.place, subject_of(change.key)
    if change.key[0] == JUDGED.name:
        return jh.Problem(place.sheet, "评定结果由办公室导入", "请删去这张表，或交办公室", place.row)
    if not code:
        return jh.Problem(place.sheet, "县级数据由办公室导入", "请删去这张表，或交办公室", place.row)
    if not may_fill(scope, forms[code]):
        return jh.Problem(place.sheet, f"{forms[code].name}的数不归您填", "请只留本校的行", place.row)
    return None


def _compare(ledger: Ledger, changes: list[Change], made: Plan, base: Base | None) -> None:
    """Put down what would change, and count what would not.

    Of the cells that somebody has changed since the file was made, those that the file left as they were keep their
    newer value; those that it changed too are conflicts, unless the cell holds again what it held then.
    """
    current = current_cells(ledger, [one.key for one in changes])
    then = _then(ledger, base, current)
    both: list[tuple[Difference, Cell]] = []
    for change in changes:
        cell = current.get(change.key)
        held = kept_of(cell) if cell else NOTHING
        if held == change.kept:
            made.same += 1
        elif cell is None or then.get(change.key, held) == held:
            made.differences.append(_difference(change, cell))
        elif then[change.key] == change.kept:
            made.newer += 1
        else:
            both.append((_difference(change, cell), cell))
    made.conflicts += _conflicts(both, then)


def _difference(change: Change, cell: Cell | None) -> Difference:
    before, after = shown(kept_of(cell) if cell else NOTHING, change.key), shown(change.kept, change.key)
    seen = replace(change, revision=cell.revision if cell else 0)
    return Difference(seen, before, after, column_of(change.key), subject_of(change.key))


def _then(ledger: Ledger, base: Base | None, current: Mapping[Key, Cell]) -> dict[Key, Kept]:
    """Return what the cells that were written since `base` held then."""
    moved = [key for key, cell in current.items() if cell.sequence > base.sequence] if base else []
    if base is None or not moved:
        return {}
    tables = unfolded_at(ledger, base.sequence, base.code).tables
    return {key: keep(tables[key[0]].get(key[1], {}).get(key[2]), column_of(key)) for key in moved}


def _conflicts(both: list[tuple[Difference, Cell]], then: Mapping[Key, Kept]) -> Iterator[Conflict]:
    entries = [cell.entry_id for _, cell in both]
    writers = {one.id: writer(one.write) for one in Entry.objects.filter(id__in=entries).select_related("write")}
    for one, cell in both:
        yield Conflict(one, shown(then[cell.key], cell.key), writers[cell.entry_id])


def _handed_in(ledger: Ledger, made: Plan) -> Iterator[jh.Problem]:
    """Yield the forms, schools' and units', that were handed in and would change."""
    away = ledger.submissions.exclude(status=Submission.Status.DRAFT).values_list("kind", "subject", "status")
    states = {(kind, code): status for kind, code, status in away}
    every = subjects(ledger) if states else []
    forms = {name: one for one in every for name in (one.items if one.kind == Submission.Kind.UNIT else (one.code,))}
    changed = ((forms.get(one.subject or one.change.key[1]), one.change.place) for one in reversed(made.asked))
    places = {(form.kind, form.code): (form, place) for form, place in changed if form}
    for form, place in (places[one] for one in places if one in states):
        reason = f"{form.name}的表{Submission.Status(states[form.kind, form.code]).label}，不能再改"
        yield jh.Problem(place.sheet, reason, "请先退回或收回", place.row)


def _counted(scope: Scope, ledger: Ledger, made: Plan) -> Iterator[jh.Problem]:
    """Yield the schools whose imported census somebody besides the office would change (P1)."""
    if ledger.basis != Ledger.Basis.CENSUS or Role.OFFICE in scope.roles_in(ledger.county):
        return
    cells = current_cells(ledger, [one.change.key for one in made.asked]).values()
    ids = {cell.id: cell.key for cell in cells if cell.reported}
    imported = Cell.objects.filter(id__in=ids, entry__write__kind=Write.Kind.IMPORTED).values_list("id", flat=True)
    keys = {ids[one] for one in imported}
    for one in made.asked:
        if one.change.key in keys:
            place = one.change.place
            yield jh.Problem(
                place.sheet,
                "统计口径里已导入的数由办公室改",
                "请删去这一格，或请办公室重新导入",
                place.row,
                place.column,
            )


def changes_of(ledger: Ledger, facts: jh.Facts, problems: list[jh.Problem]) -> Iterator[Change]:
    """Yield what facts put into which cell, and add to `problems` the rows of schools that nobody knows."""
    known = {one.code for one in subjects(ledger) if one.kind == Submission.Kind.SCHOOL}
    names = names_of(School.objects.of(ledger.county).on(ledger.period.counting_date).select_related("county"))
    for name in (SCHOOLS.name, CLASSES.name, ROOMS.name, JUDGED.name):
        counted: dict[str, int] = {}
        yield from _of_table(name, facts, known, names, problems, counted)
        if name in LISTED:
            yield from _left_over(ledger, name, counted)
    yield from _of_county(facts)


def _left_over(ledger: Ledger, name: str, counted: dict[str, int]) -> Iterator[Change]:
    """Yield that the rows of a list are empty which a school's new list no longer has."""
    for cell in Cell.objects.filter(ledger=ledger, table=name, reported=True):
        code, number = cell.row.split(SEPARATOR)
        if code in counted and int(number) > counted[code]:
            yield Change(cell.key, NOTHING, None, Place(TABLES[name].label))


def _of_table(
    name: str,
    facts: jh.Facts,
    known: set[str],
    names: dict[str, str],
    problems: list[jh.Problem],
    counted: dict[str, int],
) -> Iterator[Change]:
    """Yield what a table puts into which cell; `counted` tells afterwards how many rows each school has there.

    A list is handed in whole: a blank in it empties the cell. Anywhere else a blank changes nothing.
    """
    table, origin = TABLES[name], facts.origins.get(name)
    columns = [column for column in table.columns if column.name not in NOT_ENTERED]
    for at, row in enumerate(facts.tables[name].to_pylist()):
        code = names.get(row["school_code"] or "", row["school_code"] or "")
        place = replace(Place(*origin.of(at, "school_code", "")), column="") if origin else Place(table.label, at + 1)
        counted[code] = counted.get(code, 0) + 1
        if problem := _strange(name, code, known, counted[code], place):
            problems.append(problem)
            continue
        own = _row_name(name, code, row, counted[code])
        for column in columns if name in LISTED else (one for one in columns if row[one.name] is not None):
            stood = origin.of(at, column.name, column.label) if origin else (place.sheet, place.row, column.label)
            yield Change((name, own, column.name), keep(row[column.name], column), None, Place(*stood))


def _strange(name: str, code: str, known: set[str], number: int, place: Place) -> jh.Problem | None:
    """Return why a row cannot be taken in: of a school that nobody knows, there twice, or in a list without end."""
    if code not in known:
        return None if name == JUDGED.name and not code else _unknown(place, code)
    if name == SCHOOLS.name and number > 1:
        return _twice(place, code)
    if name in LISTED and number > MOST_ROWS:
        return jh.Problem(place.sheet, f"一所学校最多 {MOST_ROWS:,} 行", "请核对是不是粘贴了别的表", place.row)
    return None


def _row_name(name: str, code: str, row: dict[str, object], number: int) -> str:
    if name in LISTED:
        return row_of(code, f"{number:0{NUMBER_DIGITS}}")
    return row_of(code, row["indicator"]) if name == JUDGED.name else code


def _unknown(place: Place, code: str) -> jh.Problem:
    remedy = "请核对学校标识码；新学校请办公室先在学校名册里登记"
    return jh.Problem(place.sheet, "本县没有这所学校", remedy, place.row, "学校标识码", code or None)


def _twice(place: Place, code: str) -> jh.Problem:
    reason = "这所学校前面已经有一行，一行写代码、一行写别名也是同一所"
    return jh.Problem(place.sheet, reason, "请只留一行", place.row, "学校标识码", code)


def _of_county(facts: jh.Facts) -> Iterator[Change]:
    origin = facts.origins.get(COUNTY.name)
    for at, row in enumerate(facts.tables[COUNTY.name].to_pylist()):
        heading = read_item(row["item"] or "")
        if heading is None or heading.column.name not in facts.items:
            continue
        item = heading.column.name
        place = Place(*origin.of(at, "item", row["item"])) if origin else Place()
        yield Change((COUNTY.name, item, "value"), keep(facts.items[item], ITEMS[item]), None, place)


@transaction.atomic
def plan_apply(*, by: Scope, ledger: Ledger, made: Plan, file: Path, name: str) -> Saved:
    """Make every change of a plan and keep its file, in one transaction, or neither; conflicts are left as they are.

    Raises Locked, PermissionDenied where the plan has problems, and Moved where somebody changed one of its cells
    since it was shown: what was agreed to is not what would happen.
    """
    if made.problems:
        raise PermissionDenied
    held = locked_ledger(ledger, by=by, kind=Submission.Kind.SCHOOL)
    of = (KIND, f"{held.period.code}:{held.basis}")
    kept, _ = file_add(by=by, county=held.county, name=name, chunks=[file.read_bytes()], of=of)
    changes = [one.change for one in made.differences]
    saved = cells_save(by=by, ledger=held, changes=changes, kind=Write.Kind.IMPORTED, file=(name, kept.digest))
    if saved.conflicts:
        raise Moved(f"在您看的时候，有人改了其中 {len(saved.conflicts)} 格；什么也没有导入，请再看一遍会改什么")
    census_known(by=by, census=held, cells=saved.cells, file=(name, kept.digest))
    return saved


class Moved(Exception):
    """Somebody changed a cell since the plan was made; its words are for the reader."""


def of_schools(facts: jh.Facts, codes: Collection[str]) -> jh.Facts:
    """Return the facts of some schools alone, without what is the county's or the judges' to say."""
    wanted = pa.array(codes, pa.string())
    tables = {
        name: table.filter(pc.is_in(table["school_code"], wanted)) if "school_code" in table.schema.names else table
        for name, table in facts.tables.items()
    }
    others = {name: facts.tables[name].slice(0, 0) for name in (COUNTY.name, JUDGED.name)}
    return replace(facts, tables={**tables, **others}, items={})
