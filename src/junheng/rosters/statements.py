"""Conditions as SQL over `teachers`. A cell that is not reported makes a condition neither true nor false (null).

A date that is not reported never speaks against somebody: what is dated has been stated beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from junheng.facts.schema import STAGE_LABELS
from junheng.rosters.model import OF_COUNTY, OF_STAGE, Condition, Count, Counting, SchoolReading, Trap

# Why somebody does not count: the number of the condition; these stand for what is asked before all conditions.
COUNTS, NO_SCHOOL, NO_STAGE = 0, 1, 2
FIRST = 3


def standing_statement(counting: Counting, reading: SchoolReading, day: dt.date) -> str:
    """Return the SQL of `standing`: each person under each fact, in which school and stage, and why he does not count.

    `because` is 0 where he counts; the number of the first condition that does not hold; or, where none is known not
    to hold, minus the number of the first that cannot be told.
    """
    asked = [one for one in counting.counts.values() if one.fact not in reading.without]
    return " UNION ALL ".join(_of_count(one, counting, reading, day) for one in asked)


def figures_statement() -> str:
    """Return the SQL of every figure over `standing`: how many count, and of how many it cannot be told."""
    return """SELECT fact, school_code, stage,
            count(CASE WHEN because = 0 THEN 1 END) AS people, count(CASE WHEN because < 0 THEN 1 END) AS unsure
        FROM standing GROUP BY fact, school_code, stage"""


def trap_statement(trap: Trap, day: dt.date, begins: int) -> str:
    """Return the SQL of the people whom a trap is about."""
    if trap.same:
        names = ", ".join(trap.same)
        known = " AND ".join(f"{name} IS NOT NULL" for name in trap.same)
        return f"""SELECT '{trap.id}' AS trap, person_code,
                CASE WHEN person_code = least THEN most ELSE least END AS other
            FROM (SELECT person_code, min(person_code) OVER (PARTITION BY {names}) AS least,
                max(person_code) OVER (PARTITION BY {names}) AS most FROM teachers WHERE {known}) AS here
            WHERE least <> most"""
    where = " AND ".join(f"({test(one, day, begins)})" for one in trap.conditions)
    return f"SELECT '{trap.id}' AS trap, person_code, CAST(NULL AS VARCHAR) AS other FROM teachers WHERE {where}"


def _of_count(count: Count, counting: Counting, reading: SchoolReading, day: dt.date) -> str:
    school = count.school or _school(reading, day)
    own = "CAST(NULL AS VARCHAR)" if count.of == OF_COUNTY else school
    stage = "stage" if count.of == OF_STAGE else "CAST(NULL AS VARCHAR)"
    tests = [] if count.of == OF_COUNTY else [(NO_SCHOOL, f"CASE WHEN {school} IS NOT NULL THEN TRUE END")]
    tests += [(NO_STAGE, "CASE WHEN stage IS NOT NULL THEN TRUE END")] if count.of == OF_STAGE else []
    tests += [(FIRST + at, test(one, day, counting.school_year_begins)) for at, one in enumerate(count.conditions)]
    return f"""SELECT '{count.fact}' AS fact, person_code, {own} AS school_code, {stage} AS stage,
            employer_code, census_school_code, teaching_school_code, {_because(tests)} AS because FROM teachers"""


def _because(tests: list[tuple[int, str]]) -> str:
    wrong = " ".join(f"WHEN NOT ({test}) THEN {number}" for number, test in tests)
    unknown = " ".join(f"WHEN ({test}) IS NULL THEN {-number}" for number, test in tests)
    return f"CASE {wrong} {unknown} ELSE {COUNTS} END"


def _school(reading: SchoolReading, day: dt.date) -> str:
    if not reading.during:
        return reading.school
    # Whose teaching school is not written teaches where he is counted.
    at = f"coalesce({reading.school}, {reading.otherwise})"
    return f"CASE WHEN {_outside(reading.during, day)} THEN {reading.otherwise} ELSE {at} END"


def _outside(during: tuple[str, str], day: dt.date) -> str:
    """Return that a state does not hold on the day: it begins later, or has ended."""
    return f"coalesce({during[0]} > {_date(day)}, FALSE) OR coalesce({during[1]} < {_date(day)}, FALSE)"


def test(one: Condition, day: dt.date, begins: int) -> str:
    """Return a condition as SQL; a state that does not hold on the day is taken as none."""
    if one.any_of:
        return " OR ".join(f"({test(each, day, begins)})" for each in one.any_of)
    said = TESTS[one.test](one, day, begins)
    return f"({said}) OR {_outside(one.during, day)}" if one.during else said


def _among(one: Condition, *_: object) -> str:
    assert isinstance(one.value, Mapping)  # noqa: S101 (the loader reads it for this test)
    no = "NOT " if one.test == "none_of" else ""
    if "" in one.value:
        return f"{one.column} {no}IN ({quoted(one.value[''])})"
    cases = " ".join(f"WHEN '{stage}' THEN {one.column} {no}IN ({quoted(one.value[stage])})" for stage in STAGE_LABELS)
    return f"CASE stage {cases} END"


def _amount(one: Condition, *_: object) -> str:
    return f"{one.column} {'>=' if one.test == 'at_least' else '<='} {one.value}"


def _flag(one: Condition, *_: object) -> str:
    return one.column


def _reported(one: Condition, *_: object) -> str:
    return f"{one.column} IS {'NOT ' if one.value else ''}NULL"


def _differs(one: Condition, *_: object) -> str:
    return f"coalesce({one.column}, {one.value}) <> {one.value}"


def _same(one: Condition, *_: object) -> str:
    return f"coalesce({one.column}, {one.value}) = {one.value}"


def _fits(one: Condition, *_: object) -> str:
    """Return that a code is that of the other column, or one of those that fit it."""
    assert isinstance(one.value, tuple)  # noqa: S101 (the loader reads it for this test)
    other, also = one.value
    cases = " ".join(f"WHEN '{code}' THEN {one.column} IN ({quoted((code, *more))})" for code, more in also.items())
    return f"CASE {other} {cases} ELSE {one.column} = {other} END"


def _by_day(one: Condition, day: dt.date, _: int) -> str:
    return f"coalesce({one.column} <= {_date(day)}, TRUE)"


def _until_day(one: Condition, day: dt.date, _: int) -> str:
    return f"coalesce({one.column} >= {_date(day)}, TRUE)"


def _before_day(one: Condition, day: dt.date, _: int) -> str:
    return f"coalesce({one.column} < {_date(day)}, FALSE)"


def _years_before(one: Condition, day: dt.date, _: int) -> str:
    assert isinstance(one.value, int)  # noqa: S101
    return f"{one.column} <= {_date(years_before(day, one.value))}"


def _last_school_year(one: Condition, day: dt.date, begins: int) -> str:
    first, end = last_school_year(day, begins)
    return f"coalesce({one.column} >= {_date(first)} AND {one.column} < {_date(end)}, FALSE)"


def last_school_year(day: dt.date, begins: int) -> tuple[dt.date, dt.date]:
    """Return the first day of the school year before the one of `day`, and the day after its last."""
    year = day.year if day.month >= begins else day.year - 1
    return dt.date(year - 1, begins, 1), dt.date(year, begins, 1)


def years_before(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years before; of 29 February, the last day of that month."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def quoted(codes: Iterable[str]) -> str:
    """Return codes as a list for SQL; they come from the rule files, whose words are checked when they are loaded."""
    return ", ".join(f"'{code}'" for code in codes)


def _date(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


TESTS: Mapping[str, Callable[[Condition, dt.date, int], str]] = {
    "one_of": _among,
    "none_of": _among,
    "at_least": _amount,
    "at_most": _amount,
    "holds": _flag,
    "reported": _reported,
    "differs_from": _differs,
    "same_as": _same,
    "fits": _fits,
    "by_day": _by_day,
    "until_day": _until_day,
    "before_day": _before_day,
    "years_before": _years_before,
    "last_school_year": _last_school_year,
}
