"""What in the rosters deserves a second look: each kind of check is one function that yields SQL.

A statement gives one row for each thing found: the part, the school, who or what, and of how many rows it is. Nothing
here says that anybody did wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.rosters.records.model import Asked, RecordCheck, Records
from junheng.rosters.records.schema import PEOPLE
from junheng.rosters.records.statements import checked
from junheng.rosters.statements import quoted
from junheng.sql import Session

# So many of the things found are named; all are counted.
SAMPLES = 5
# The part of what compares all parts.
WHOLE = 0
COUNTED = {"pupils": ("class_counts", "pupils"), "teachers": ("staff_counts", "people")}
# Which stages a type of school has is told once, by the standard.
TypeStages = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What a check found: how many rows, and a few of them as school and subject, in order."""

    check: RecordCheck
    rows: int
    samples: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, as it is written down."""
        told = {name: getattr(self.check, name) for name in ("id", "table", "means", "remedy")}
        named = [{"school_code": school, "subject": subject} for school, subject in self.samples]
        return told | {"rows": self.rows, "samples": named}


def _unknown_school(check: RecordCheck, _: Records, __: TypeStages) -> str:
    source, heads = COUNTED[check.table]
    return f"""SELECT {source}.part, {source}.school_code, '' AS subject, {heads} AS found FROM {source}
        LEFT JOIN school_rows ON {_of_school(source)} WHERE school_rows.school_code IS NULL"""


def _of_school(source: str) -> str:
    return f"school_rows.part = {source}.part AND school_rows.school_code = {source}.school_code"


def _impossible_grade(_: RecordCheck, records: Records, __: TypeStages) -> str:
    within = " ".join(
        f"WHEN '{stage}' THEN grade BETWEEN {one.first} AND {one.last}" for stage, one in records.stages.items()
    )
    return f"""SELECT part, school_code, {_class()} AS subject, pupils AS found FROM class_counts
        WHERE NOT CASE stage {within} END"""


def _class_size(check: RecordCheck, _: Records, __: TypeStages) -> str:
    return f"""SELECT part, school_code, {_class()} AS subject, pupils AS found FROM class_counts
        WHERE pupils >= {check.at_least} AND class_name IS NOT NULL"""


def _class() -> str:
    return "stage || ' ' || coalesce(CAST(grade AS VARCHAR), '') || ' ' || coalesce(class_name, '')"


def _foreign_stage(check: RecordCheck, _: Records, types: TypeStages) -> str:
    source, heads = COUNTED[check.table]
    cases = " ".join(f"WHEN '{name}' THEN stage IN ({quoted(sorted(own) or [''])})" for name, own in types.items())
    return f"""SELECT {source}.part, {source}.school_code, stage AS subject, {heads} AS found FROM {source}
        JOIN school_rows ON {_of_school(source)}
        WHERE stage <> 'kindergarten' AND NOT CASE school_type {cases} END"""


def _rows(check: RecordCheck, _: Records, __: TypeStages) -> str:
    key = PEOPLE[check.table].key[0]
    return f"""SELECT part, school_code, CAST({key} AS VARCHAR) AS subject, 1 AS found FROM {check.table}
        WHERE {checked(check)}"""


def _unreported(check: RecordCheck, _: Records, __: TypeStages) -> str:
    source, heads = COUNTED[check.table]
    stages = "stage IN ('primary', 'junior')"
    return f"""SELECT part, school_code, stage AS subject, {heads} - {check.mark}_known AS found FROM {source}
        WHERE {heads} > {check.mark}_known AND {stages}"""


KINDS: Mapping[str, Callable[[RecordCheck, Records, TypeStages], str]] = {
    "unknown_school": _unknown_school,
    "impossible_grade": _impossible_grade,
    "class_size": _class_size,
    "foreign_stage": _foreign_stage,
    "rows": _rows,
    "unreported": _unreported,
}


def find(
    session: Session, checks: Iterable[RecordCheck], asked: Asked, parts: Sequence[int]
) -> dict[int, tuple[RecordFinding, ...]]:
    """Return what the checks of single parts found in each of them; those that compare parts are `twice`."""
    return _found(session, [(one, KINDS[one.kind](one, asked.records, asked.types)) for one in checks], parts)


def _found(
    session: Session, statements: Sequence[tuple[RecordCheck, str]], parts: Sequence[int]
) -> dict[int, tuple[RecordFinding, ...]]:
    """Return the findings of several checks by part, asked all at once: a statement costs more than the question."""
    if not statements:
        return {}
    columns = "part, school_code, subject, CAST(found AS BIGINT) AS found"
    asked = (f"SELECT '{one.id}' AS id, {columns} FROM ({sql}) AS {one.id}_rows" for one, sql in statements)
    session.define("found_rows", " UNION ALL ".join(asked))
    totals = {(row["part"], row["id"]): row["rows"] for row in session.fetch(TOTALS).to_pylist()}
    samples: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for row in session.fetch(NAMED).to_pylist() if totals else ():
        samples.setdefault((row["part"], row["id"]), []).append((row["school_code"], row["subject"]))
    return {
        part: tuple(
            RecordFinding(one, totals.get((part, one.id), 0), tuple(samples.get((part, one.id), ())))
            for one, _ in statements
        )
        for part in parts
    }


TOTALS = "SELECT part, id, CAST(sum(found) AS BIGINT) AS rows FROM found_rows GROUP BY part, id"
NAMED = f"""SELECT part, id, school_code, subject
    FROM (SELECT part, id, school_code, subject,
            row_number() OVER (PARTITION BY part, id ORDER BY school_code, subject) AS number
        FROM (SELECT DISTINCT part, id, school_code, subject FROM found_rows) AS distinct_rows) AS numbered
    WHERE number <= {SAMPLES} ORDER BY part, id, school_code, subject"""


def find_twice(
    session: Session, checks: Iterable[RecordCheck], table: str, where: str = "TRUE"
) -> tuple[RecordFinding, ...]:
    """Return who stands more than once in `table`, within a school, across a county's schools, across counties.

    `county_of` (school_code, county_code) must be readable; everything is compared with everything.
    """
    key = PEOPLE[table].key[0]
    session.define(
        f"{table}_twice",
        f"""SELECT all_rows.{key}, all_rows.school_code, county_of.county_code
            FROM (SELECT {key}, school_code FROM {table} WHERE {where}) AS all_rows
            JOIN (SELECT {key} FROM {table} WHERE {where} GROUP BY {key} HAVING count(*) > 1) AS doubled
                ON doubled.{key} = all_rows.{key}
            LEFT JOIN county_of ON county_of.school_code = all_rows.school_code""",
    )
    asked = [(one, _twice(one, key)) for one in checks if one.table == table]
    return _found(session, asked, [WHOLE]).get(WHOLE, ())


def _twice(check: RecordCheck, key: str) -> str:
    held = {
        "school": "rows > schools",
        "county": "schools > 1 AND counties < schools",
        "nation": "counties > 1",
    }[check.where]
    return f"""SELECT {WHOLE} AS part, first_school AS school_code, CAST({key} AS VARCHAR) AS subject, 1 AS found
        FROM (SELECT {key}, min(school_code) AS first_school, count(*) AS rows,
                count(DISTINCT school_code) AS schools, count(DISTINCT county_code) AS counties
            FROM {check.table}_twice GROUP BY {key}) AS people WHERE {held}"""


def together(findings: Iterable[RecordFinding]) -> tuple[RecordFinding, ...]:
    """Return the findings of several parts, put together by check."""
    by_check: dict[str, list[RecordFinding]] = {}
    for one in findings:
        by_check.setdefault(one.check.id, []).append(one)
    return tuple(
        RecordFinding(own[0].check, sum(one.rows for one in own), _first(own)) for _, own in sorted(by_check.items())
    )


def _first(findings: Iterable[RecordFinding]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(sample for one in findings for sample in one.samples)[:SAMPLES])


def to_rows(findings: Iterable[RecordFinding]) -> list[dict[str, Any]]:
    """Return findings as plain values that `from_rows` reads back."""
    return [{"id": one.check.id, "rows": one.rows, "samples": [list(two) for two in one.samples]} for one in findings]


def from_rows(rows: Iterable[Mapping[str, Any]], checks: Mapping[str, RecordCheck]) -> tuple[RecordFinding, ...]:
    """Return the findings that `to_rows` kept."""
    return tuple(
        RecordFinding(checks[row["id"]], row["rows"], tuple((school, subject) for school, subject in row["samples"]))
        for row in rows
    )
