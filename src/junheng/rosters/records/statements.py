"""Rosters to counts as SQL: pupils by class, teachers by school and stage, the cohort that retention follows.

Everything is a count of rows, so that parts of the rosters can be counted apart and the counts put together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from junheng.facts.schema import SCHOOLS, STAGES, Kind
from junheng.rosters.model import OF_STAGE, Condition
from junheng.rosters.records.load import load_record_checks
from junheng.rosters.records.model import RecordCheck, RecordCount, Records
from junheng.rosters.records.schema import PEOPLE
from junheng.rosters.statements import quoted, test

# A row each: of a class, of the staff of a school's stage, of a school.
CLASS = ("part", "school_code", "stage", "grade", "class_name")
STAFF = CLASS[:3]
SCHOOL = CLASS[:2]
# What classes and staffs are grouped by is looked at in the groups.
GROUPS = CLASS[1:]
# The counts of a stage's new pupils stand beside those of all its pupils under the same names.
ENTRY = "entering_"
# Conditions over rosters ask for no day.
NO_DAY = dt.date(1, 1, 1)
# What the rosters give of the years of a cohort; without a roster of moves nobody knows of deaths.
DEATHS = "deaths"
LINKED = ("entry_grade7", "graduates", "transfers_in", "transfers_out", DEATHS)


def condition(one: Condition) -> str:
    """Return what is asked of a row, as SQL: true, false, or null where the cell is not reported."""
    return test(one, NO_DAY, 1)


def _marks(records: Records, table: str) -> str:
    """Return, for each mark, how many rows have it and of how many it is known."""
    asked = ((name, condition(one)) for name, one in records.marks[table].items())
    marks = (f", count(nullif({sql}, FALSE)) AS {name}, count({sql}) AS {name}_known" for name, sql in asked)
    odd = (f", count(CASE WHEN {sql} THEN 1 END) AS {name}" for name, sql in odd_rows(table).items())
    return "".join([*marks, *odd])


def odd_rows(table: str) -> dict[str, str]:
    """Return what is asked of each row on the way, in one pass: cells that mean nothing, and checks of single rows."""
    own = {one.name: one for one in PEOPLE[table].columns if one.name not in GROUPS}
    codes = {name: f"{name} NOT IN ({quoted(one.choices)})" for name, one in own.items() if one.choices}
    counts = {name: f"{name} < 0" for name, one in own.items() if one.kind is Kind.COUNT and name != "year"}
    rows = {one.id: checked(one) for one in load_record_checks() if one.kind == "rows" and one.table == table}
    return {f"wrong_{name}": sql for name, sql in {**codes, **counts}.items()} | rows


def checked(one: RecordCheck) -> str:
    """Return what a check asks of a single row, as SQL."""
    return " AND ".join(f"({condition(each)})" for each in one.conditions)


def in_order(statement: str, keys: Sequence[str]) -> str:
    """Return a statement whose rows stand in the order of some columns: asked for last, and only of what is kept."""
    return f"{statement} ORDER BY {', '.join(keys)}"


def classes_statement(records: Records, year: int) -> str:
    """Return the SQL of `class_counts`: the pupils of each class in a year."""
    return f"""SELECT {", ".join(CLASS)}, count(*) AS pupils{_marks(records, "pupils")}
        FROM pupils WHERE year = {year} GROUP BY {", ".join(CLASS)}"""


def staff_statement(records: Records) -> str:
    """Return the SQL of `staff_counts`: the teachers of each school and stage."""
    return f"""SELECT {", ".join(STAFF)}, count(*) AS people{_marks(records, "teachers")}
        FROM teachers GROUP BY {", ".join(STAFF)}"""


def cohort_statement(records: Records, year: int, grade: int, *, distinct: bool = True) -> str:
    """Return the SQL of a year's pupils in one grade of the linked stage; who stands twice in a school is one pupil.

    Not `distinct` is sooner there, and the same where nobody stands twice.
    """
    return f"""SELECT {"DISTINCT " if distinct else ""}part, pupil_id, school_code FROM pupils
        WHERE year = {year} AND stage = '{records.linked.stage}' AND grade = {grade}"""


def pupils_statement(records: Records) -> str:
    """Return the SQL of `pupil_facts` over `class_counts`: what the pupils give of each school."""
    stages = ", ".join(f"{_heads(stage)} AS {stage}_pupils" for stage in records.stages)
    return f"""SELECT part, school_code, {stages}, {", ".join(_of_stages())}{_facts(records, "pupils", "pupils")}
        FROM ({_by_stage(records)}) AS stage_counts GROUP BY {", ".join(SCHOOL)}"""


def _by_stage(records: Records) -> str:
    """Return the SQL of the grades summed by school and stage: what is asked of few rows costs little to ask."""
    entering = " OR ".join(f"stage = '{stage}' AND grade = {one.entry}" for stage, one in records.stages.items())
    asked = _asked(records)
    sums = [f"{_sum(name, 'TRUE')} AS {name}" for name in (*asked, "classes", "nameless")]
    sums += [f"{_sum(name, entering)} AS {ENTRY}{name}" for name in asked]
    # Grades are counted in rows of their own: an engine that is asked for the different ones cannot leave that out.
    return f"""SELECT part, school_code, stage, count(grade) AS grades, {", ".join(sums)}
        FROM ({_by_grade(records)}) AS grade_counts GROUP BY part, school_code, stage"""


def _by_grade(records: Records) -> str:
    sums = ", ".join(f"{_sum(name, 'TRUE')} AS {name}" for name in _asked(records))
    return f"""SELECT part, school_code, stage, grade, {sums}, count(*) AS classes,
            count(CASE WHEN class_name IS NULL THEN 1 END) AS nameless
        FROM class_counts GROUP BY part, school_code, stage, grade"""


def _asked(records: Records) -> list[str]:
    return ["pupils", *(name for mark in records.marks["pupils"] for name in (mark, f"{mark}_known"))]


def _heads(stage: str) -> str:
    return _sum("pupils", f"stage = '{stage}'")


def _of_stages() -> Iterator[str]:
    """Yield how many classes and grades a stage has; classes are not known where a pupil's is not."""
    for stage in STAGES:
        own = f"stage = '{stage}'"
        yield f"CASE WHEN {_sum('nameless', own)} = 0 THEN {_sum('classes', own)} END AS {stage}_classes"
        yield f"{_sum('grades', own)} AS {stage}_grades"


def teachers_statement(records: Records) -> str:
    """Return the SQL of `teacher_facts` over `staff_counts`: what the teachers give of each school."""
    counts = _facts(records, "teachers", "people")
    return f"""SELECT part, school_code{counts} FROM staff_counts GROUP BY {", ".join(SCHOOL)}"""


def _facts(records: Records, table: str, heads: str) -> str:
    found = (pair for one in records.counts if one.table == table for pair in _columns(records, one, heads))
    return "".join(f", {sql} AS {name}" for name, sql in found)


def _columns(records: Records, one: RecordCount, heads: str) -> Iterator[tuple[str, str]]:
    """Yield a fact's columns of `schools` with their SQL: null where of somebody it is not known whether he counts."""
    if one.of == OF_STAGE:
        for stage in STAGES:
            whose = ENTRY if one.entry else ""
            yield f"{stage}_{one.fact}", _known(one.mark, heads, f"stage = '{stage}'", whose)
    else:
        yield one.fact, _known(one.mark, heads, f"stage IN ({quoted(STAGES)})")


def _known(mark: str, heads: str, where: str, whose: str = "") -> str:
    if not mark:
        return _sum(f"{whose}{heads}", where)
    unsure = f"{whose}{heads} - {whose}{mark}_known"
    return f"CASE WHEN {_sum(unsure, where)} = 0 THEN {_sum(f'{whose}{mark}', where)} END"


def _sum(amount: str, where: str) -> str:
    return f"CAST(sum(CASE WHEN {where} THEN {amount} ELSE 0 END) AS BIGINT)"


def schools_statement(records: Records, given: Collection[str], *, cohort: bool) -> str:
    """Return the SQL of the facts' `schools`: the roster's own cells, and counts in the place of those that they give.

    `given` are the rosters that there are; without one, what the roster of schools says of its counts stands.
    """
    counted = dict.fromkeys(pupil_columns(records), "counted") if "pupils" in given else {}
    counted |= dict.fromkeys(teacher_columns(records), "staffed") if "teachers" in given else {}
    known = LINKED if "moves" in given else [name for name in LINKED if name != DEATHS]
    counted |= dict.fromkeys(known, "linked") if cohort else {}
    columns = ", ".join(_column(column.name, counted) for column in SCHOOLS.columns)
    return f"""SELECT own.part, {columns} FROM school_rows AS own
        LEFT JOIN pupil_facts AS counted ON counted.part = own.part AND counted.school_code = own.school_code
        LEFT JOIN teacher_facts AS staffed ON staffed.part = own.part AND staffed.school_code = own.school_code
        LEFT JOIN link_rows AS linked ON linked.school_code = own.school_code
        ORDER BY own.part, own.county_code, own.school_code"""


def _column(name: str, counted: dict[str, str]) -> str:
    source = counted.get(name)
    if source is None:
        return f"own.{name}"
    if name in ("senior_pupils", "kindergarten_pupils"):
        # A roster of compulsory education lists nobody else; that is not the same as nobody.
        return f"coalesce(nullif({source}.{name}, 0), own.{name}) AS {name}"
    if source != "linked":
        return f"{source}.{name}"
    # Who has pupils of the stage and none in the cohort has no cohort: nobody entered, nobody left.
    return f"CASE WHEN counted.junior_pupils > 0 THEN coalesce(linked.{name}, 0) ELSE linked.{name} END AS {name}"


def pupil_columns(records: Records) -> list[str]:
    """Return the columns of `schools` that the pupils give."""
    own = [f"{stage}_{name}" for stage in STAGES for name in ("classes", "grades")]
    return [*(f"{stage}_pupils" for stage in records.stages), *own, *_counted(records, "pupils")]


def teacher_columns(records: Records) -> list[str]:
    """Return the columns of `schools` that the teachers give."""
    return _counted(records, "teachers")


def _counted(records: Records, table: str) -> list[str]:
    return [name for one in records.counts if one.table == table for name, _ in _columns(records, one, "pupils")]
