"""What the register of teachers comes to, beside what the two ledgers of a period hold, and who makes the difference.

Nobody names the people behind the number of a census. So a difference is told by those whom it may be about: who counts
on one day and not on the other, who belongs to the school and does not count, who counts and is somewhere else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from junheng import api as jh
from junheng.facts.schema import COUNTY, SCHOOLS
from junheng_web.collection.handing.approving import may_fill, status_of
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.entries import Cell, Write
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.saving import Locked, Saved, current_cells
from junheng_web.collection.ledger.subjects import Subject, subject, subjects
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import Key, column_of
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.models import Register, Row
from junheng_web.registers.seeing import rows_of
from junheng_web.registers.values import Values, arrow_of, table_of

TEACHERS = Register.Name.TEACHERS
SIGN = 12
Figures = Mapping[tuple[str | None, str], jh.RosterCount]


@dataclass(frozen=True, slots=True)
class Line:
    """One number: what the register gives on the counting date and today, beside the census and the present ledger.

    A number is None where it was not reported, or, of the register, where nobody is written down. `revision` is that
    of the present ledger's cell.
    """

    key: Key
    label: str
    indicator: str
    then: int | None
    now: int | None
    unsure: int
    census: int | None
    current: int | None
    revision: int

    @property
    def differs(self) -> bool:
        """Whether the register and the census differ on the counting date."""
        return self.then is not None and self.then != self.census

    @property
    def fills(self) -> bool:
        """Whether today's count would change the present ledger: it is known, and another one."""
        return self.now is not None and not self.unsure and self.now != self.current


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody behind a figure: how he stands to it on the counting date and today, and what else may matter."""

    row: Row
    then: jh.Standing | None
    now: jh.Standing | None
    remarks: tuple[str, ...]


def newest_period(county: Area) -> Period | None:
    """Return the period that was opened last."""
    return Period.objects.of(county).select_related("county").first()


def ledgers_of(period: Period) -> dict[str, Ledger]:
    """Return a period's ledgers by basis."""
    return {one.basis: one for one in period.ledgers.select_related("county", "period")}


def figures_of(county: Area, day: dt.date, reading: str = "") -> Figures:
    """Return every figure of a county's register on a day, by school and column."""
    table = arrow_of(table_of(TEACHERS), (row.values for row in rows_of(county, TEACHERS)))
    return {(one.school_code, one.column): one for one in jh.count_teachers(table, as_of=day, reading=reading)}


def doubles(county: Area, day: dt.date) -> list[tuple[str, str]]:
    """Return who may be one person under two codes (P11) and counts in several schools: a person's sign, a school.

    The sign is a hash of name and year of birth: it tells people apart, and names nobody.
    """
    people = {row.key: row.values for row in rows_of(county, TEACHERS)}
    table = arrow_of(table_of(TEACHERS), people.values())
    pairs = [one for one in jh.find_traps(table, as_of=day) if one.other]
    alike = {code for one in pairs for code in (one.person_code, one.other)}
    standing = jh.people_counted(table, as_of=day, facts=("teachers",)) if alike else ()
    signs = {values["person_code"]: _sign(values) for values in people.values()}
    counted = {(signs[one.person_code], one.school_code) for one in standing if one.counts and one.person_code in alike}
    return sorted((person, school) for person, school in counted if school)


def _sign(values: Values) -> str:
    told = f"{values.get('person_name')}|{values.get('birth_year')}"
    return hashlib.sha256(told.encode()).hexdigest()[:SIGN]


@dataclass(frozen=True, slots=True)
class Beside:
    """A county's register on two days beside the two ledgers of a period."""

    period: Period
    then: Figures
    now: Figures
    ledgers: Mapping[str, Ledger]

    def silent(self) -> list[str]:
        """Return the names of the schools whose people nobody has written down."""
        counted = {school for school, _ in self.now}
        forms = subjects(self.ledgers[Ledger.Basis.CURRENT])
        return [one.name for one in forms if one.kind == Submission.Kind.SCHOOL and one.code not in counted]

    def lines(self, one: Subject) -> list[Line]:
        """Return the numbers of a form that a register gives."""
        return self.lines_of([one])[0]

    def lines_of(self, forms: Iterable[Subject]) -> list[list[Line]]:
        """Return the numbers of several forms, each form's by itself, with as many queries as for one."""
        asked = [sorted({field.key for field in one.fields if _counted(field.key)}, key=_order) for one in forms]
        keys = [key for own in asked for key in own]
        cells = {basis: current_cells(ledger, keys) for basis, ledger in self.ledgers.items()}
        return [[self._line(key, _of(key), cells) for key in own] for own in asked]

    def _line(self, key: Key, of: tuple[str | None, str], cells: Mapping[str, Mapping[Key, Cell]]) -> Line:
        census, current = (cells[basis].get(key) for basis in (Ledger.Basis.CENSUS, Ledger.Basis.CURRENT))
        then, now = self.then.get(of), self.now.get(of)
        return Line(
            key,
            column_of(key).label,
            (then or now).indicator if then or now else "",
            then.people if then else None,
            now.people if now else None,
            now.unsure if now else 0,
            _held(census),
            _held(current),
            current.revision if current else 0,
        )


def beside(period: Period, today: dt.date, reading: str = "") -> Beside:
    """Return a county's register beside the ledgers of a period."""
    then, now = (figures_of(period.county, day, reading) for day in (period.counting_date, today))
    return Beside(period, then, now, ledgers_of(period))


def _counted(key: Key) -> bool:
    table, row, column = key
    return (column if table == SCHOOLS.name else row if table == COUNTY.name else "") in jh.counted_columns()


def _of(key: Key) -> tuple[str | None, str]:
    table, row, column = key
    return (row, column) if table == SCHOOLS.name else (None, row)


def _order(key: Key) -> int:
    return jh.counted_columns().index(_of(key)[1])


def _held(cell: Cell | None) -> int | None:
    return cell.integer if cell and cell.reported else None


@dataclass(frozen=True, slots=True)
class Belonging:
    """Everybody who belongs to a school, with how each stands to every figure on the counting date and today."""

    rows: Mapping[str, Row]
    then: tuple[jh.Standing, ...]
    now: tuple[jh.Standing, ...]

    def to(self, column: str) -> list[Person]:
        """Return everybody with how he stands to one figure, by number."""
        then, now = ({one.person_code: one for one in day if _about(one, column)} for day in (self.then, self.now))
        codes = sorted({*then, *now})
        return [
            Person(self.rows[code], then.get(code), now.get(code), _remarks(self.rows[code].values)) for code in codes
        ]


def belonging(period: Period, today: dt.date, school: str, reading: str = "") -> Belonging:
    """Return everybody who belongs to a school, as its own pages tell of them."""
    rows = {row.key: row for row in rows_of(period.county, TEACHERS)}
    table = arrow_of(table_of(TEACHERS), (row.values for row in rows.values()))
    days = (period.counting_date, today)
    then, now = (jh.people_counted(table, as_of=day, reading=reading, school=school) for day in days)
    return Belonging(rows, then, now)


def _about(one: jh.Standing, column: str) -> bool:
    """Whether a standing is to a column; of somebody whose stage is not written, to either stage's."""
    return one.column == column or (one.school_code is not None and column.partition("_")[2] == one.column)


def _remarks(values: Values) -> tuple[str, ...]:
    """Return what of a row may explain why it is counted elsewhere: another school, a state that is not the usual."""
    table = table_of(TEACHERS)
    moved = values.get("teaching_school_code") not in (None, values.get("census_school_code"))
    duty = table.column("duty").choices.get(values.get("duty", ""), "") if values.get("duty") != "on_duty" else ""
    return tuple(filter(None, ("实际在别的学校任教" if moved else "", duty)))


def explained(everybody: Iterable[Person]) -> list[Person]:
    """Return those whom a difference may be about: the days differ, or something speaks for or against counting."""
    return [one for one in everybody if _stands_out(one)]


def _stands_out(one: Person) -> bool:
    then, now = (standing and standing.counts for standing in (one.then, one.now))
    near = any(standing and standing.near for standing in (one.then, one.now))
    return near and (then != now or then is not True or bool(one.remarks))


def form_of(period: Period, school: str) -> Subject:
    """Return a school's form in the present ledger. Raises NoSuchForm."""
    return subject(ledgers_of(period)[Ledger.Basis.CURRENT], Submission.Kind.SCHOOL, school)


def school_forms(period: Period) -> list[Subject]:
    """Return the schools' forms in the present ledger."""
    forms = subjects(ledgers_of(period)[Ledger.Basis.CURRENT])
    return [one for one in forms if one.kind == Submission.Kind.SCHOOL]


def county_forms(period: Period) -> list[Subject]:
    """Return the forms in the present ledger that hold an item of the county's which the register gives."""
    forms = subjects(ledgers_of(period)[Ledger.Basis.CURRENT])
    return [one for one in forms if one.kind == Submission.Kind.UNIT and any(_counted(each.key) for each in one.fields)]


def fillable(scope: Scope, one: Subject) -> bool:
    """Whether one may put the register's counts into a form now."""
    return may_fill(scope, one) and status_of(one) == Submission.Status.DRAFT and not one.period.frozen


def seal_of(lines: Iterable[Line]) -> str:
    """Return what was shown to whoever agrees to it: each number that would be written, over which revision."""
    return json.dumps([[*line.key, line.now, line.revision] for line in lines if line.fills])


def counts_fill(*, by: Scope, one: Subject, now: Beside, seen: str) -> Saved:
    """Put today's counts into a form of the present ledger; the ledger's history says that they came of the register.

    Raises PermissionDenied, and Locked where the form is handed in, a county's register lacks schools, or what was
    seen is no longer so.
    """
    if not fillable(by, one):
        raise PermissionDenied if not may_fill(by, one) else Locked("这份表已经提交，不能再填；要改，请先退回或收回")
    if one.kind == Submission.Kind.UNIT and now.silent():
        raise Locked(f"还有 {len(now.silent())} 所学校没有台账，全县的数会偏少；什么也没有填")
    lines = [line for line in now.lines(one) if line.fills]
    if seal_of(lines) != seen:
        raise Locked("在您看的时候，台账或填报表里的数变了；什么也没有填，请再看一遍")
    texts = [(line.key, str(line.now), line.revision) for line in lines]
    return form_save(by=by, one=one, texts=texts, kind=Write.Kind.REGISTER)
