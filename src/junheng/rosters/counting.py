"""The counts of a register of teachers, each with the people behind it: who counts, who does not, and why (P10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

import pyarrow as pa

from junheng.facts.problems import unusable
from junheng.facts.schema import STAGES
from junheng.rosters.load import load_counting, load_traps
from junheng.rosters.model import OF_COUNTY, OF_SCHOOL, OF_STAGE, Condition, Count, Counting, SchoolReading, Trap
from junheng.rosters.schema import TEACHERS
from junheng.rosters.statements import (
    FIRST,
    NO_SCHOOL,
    NO_STAGE,
    figures_statement,
    quoted,
    standing_statement,
    trap_statement,
)
from junheng.sql import Session, open_session

BEFORE = {NO_SCHOOL: "没有写计在哪所学校", NO_STAGE: "没有写任教学段"}
ELSEWHERE = "计在别的学校"
MOVING = "moving"


@dataclass(frozen=True, slots=True)
class RosterCount:
    """One figure: of a school's column or (no school) of a county's item, how many count, of how many is unsure.

    `column` is the fact's name in the data dictionary, `primary_teachers` for a stage.
    """

    school_code: str | None
    column: str
    indicator: str
    people: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to one figure: `counts` is None where it cannot be told; `because` says why he does not.

    `near` is true unless he is no such person at all (no backbone teacher, among the backbone teachers).
    """

    person_code: str
    school_code: str | None
    column: str
    counts: bool | None
    because: str
    near: bool


@dataclass(frozen=True, slots=True)
class Suspect:
    """A person whose row is worth a second look, and the other row where it is about two."""

    trap: Trap
    person_code: str
    other: str | None


def reading_named(id: str = "") -> SchoolReading:
    """Return a reading of whose school a person counts in; the one in force without an id. Raises `Unusable`."""
    counting = load_counting()
    if not id:
        return counting.in_force
    if id not in counting.readings:
        told = "、".join(f"{one.id}（{one.reading}）" for one in counting.readings.values())
        raise unusable("reading", f"没有 {id!r} 这种读法", f"请改为其中之一：{told}", id)
    return counting.readings[id]


def school_readings() -> tuple[SchoolReading, ...]:
    """Return the readings of which school a person counts in, in the order of the file."""
    return tuple(load_counting().readings.values())


def counted_columns() -> tuple[str, ...]:
    """Return the columns of schools, then the county's items, that a register of teachers gives, in order."""
    counts = load_counting().counts.values()
    staged = [f"{stage}_{one.fact}" for stage in STAGES for one in counts if one.of == OF_STAGE]
    return (*staged, *(one.fact for of in (OF_SCHOOL, OF_COUNTY) for one in counts if one.of == of))


def count_teachers(
    teachers: pa.Table, *, as_of: dt.date, reading: str = "", engine: str = "duckdb"
) -> tuple[RosterCount, ...]:
    """Return every figure that a register gives on a day, by school and column; a school of nobody has none.

    Raises `Unusable` for a reading that there is not.

    >>> import datetime as dt
    >>> import junheng as jh
    >>> teachers = jh.load_register("examples/shili/registers/teachers.csv").rows
    >>> found = jh.count_teachers(teachers, as_of=dt.date(2025, 9, 1))
    >>> [one.people for one in found if one.school_code == "1506990006" and one.column == "primary_backbone_teachers"]
    [27]
    """
    counting, chosen = load_counting(), reading_named(reading)
    with open_session(engine) as session:
        _define(session, teachers, counting, chosen, as_of)
        rows = session.fetch(figures_statement()).to_pylist()
    found = [_figure(row, counting) for row in rows if _is_figure(row, counting)]
    return tuple(sorted(found, key=lambda one: (one.school_code or "", one.column)))


def people_counted(
    teachers: pa.Table,
    *,
    as_of: dt.date,
    reading: str = "",
    school: str | None = None,
    facts: Collection[str] = (),
    engine: str = "duckdb",
) -> tuple[Standing, ...]:
    """Return how each person stands to each figure, by column and person; of a school, everybody who belongs to it.

    Somebody belongs to a school who is employed, counted or teaching there: who counts in another one is told so.
    `facts` narrows the counts (`teachers`, without a stage).
    """
    counting, chosen = load_counting(), reading_named(reading)
    with open_session(engine) as session:
        _define(session, teachers, counting, chosen, as_of)
        asked = [one.fact for one in counting.counts.values() if school is None or one.of != OF_COUNTY]
        rows = session.fetch(f"SELECT * FROM standing{_where(school, set(facts or asked) & set(asked))}").to_pylist()
    found = [_standing(row, counting, school) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.column, one.person_code)))


def people_moving(teachers: pa.Table, *, as_of: dt.date, engine: str = "duckdb") -> tuple[Standing, ...]:
    """Return whether each person may go to another school on a day, and why not (P23), by column and person.

    The column is `primary_moving` for a stage. Where a condition cannot be told, `counts` is None.
    """
    told = load_counting()
    asked = Count(MOVING, "", OF_STAGE, told.moving)
    counting = replace(told, counts={MOVING: asked})
    with open_session(engine) as session:
        _define(session, teachers, counting, counting.in_force, as_of)
        rows = session.fetch("SELECT * FROM standing").to_pylist()
    found = [_standing(row, counting, None) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.column, one.person_code)))


def find_traps(teachers: pa.Table, *, as_of: dt.date, engine: str = "duckdb") -> tuple[Suspect, ...]:
    """Return the rows that are worth a second look, trap by trap (P11): nothing here says that anybody did wrong."""
    traps, begins = {one.id: one for one in load_traps()}, load_counting().school_year_begins
    with open_session(engine) as session:
        session.register("teachers", teachers)
        rows = [row for one in traps.values() for row in session.fetch(trap_statement(one, as_of, begins)).to_pylist()]
    ordered = sorted(rows, key=lambda row: (row["trap"], row["person_code"]))
    return tuple(Suspect(traps[row["trap"]], row["person_code"], row["other"]) for row in ordered)


def _define(session: Session, teachers: pa.Table, counting: Counting, reading: SchoolReading, day: dt.date) -> None:
    session.register("teachers", teachers)
    session.define("standing", standing_statement(counting, reading, day))


def _where(school: str | None, facts: Collection[str]) -> str:
    asked = [f"fact IN ({quoted(sorted(facts) or [''])})"]
    if school is not None:
        own = ("school_code", "employer_code", "census_school_code", "teaching_school_code")
        code = school.replace("'", "''")
        asked.append("(" + " OR ".join(f"{name} = '{code}'" for name in own) + ")")
    return f" WHERE {' AND '.join(asked)}"


def _is_figure(row: dict[str, object], counting: Counting) -> bool:
    """Whether a row of figures has the school and stage that its fact is counted for."""
    of = counting.counts[str(row["fact"])].of
    return (of == OF_COUNTY or row["school_code"] is not None) and (of != OF_STAGE or row["stage"] is not None)


def _figure(row: dict[str, object], counting: Counting) -> RosterCount:
    indicator = counting.counts[str(row["fact"])].indicator
    return RosterCount(row["school_code"], _column(row), indicator, row["people"], row["unsure"])  # type: ignore[arg-type]


def _column(row: dict[str, object]) -> str:
    return f"{row['stage']}_{row['fact']}" if row["stage"] else str(row["fact"])


def _standing(row: dict[str, object], counting: Counting, school: str | None) -> Standing:
    because = int(str(row["because"]))
    told = _told(row, because, counting) if because else ""
    counts = None if because < 0 else because == 0
    if school is not None and row["school_code"] not in (None, school):
        counts, told = False, ELSEWHERE
    near = because < FIRST or not _condition(row, because, counting).defines
    return Standing(str(row["person_code"]), row["school_code"], _column(row), counts, told, near)  # type: ignore[arg-type]


def _condition(row: dict[str, object], number: int, counting: Counting) -> Condition:
    return counting.counts[str(row["fact"])].conditions[abs(number) - FIRST]


def _told(row: dict[str, object], number: int, counting: Counting) -> str:
    """Return why in words; where it cannot be told, what would have to be known."""
    if abs(number) in BEFORE:
        return BEFORE[abs(number)]
    condition = _condition(row, number, counting)
    if number > 0 or not condition.column:
        return condition.says
    return f"没有写{TEACHERS.column(condition.column).label}"
