"""Three-year retention (B23) by linking years: who entered, who is in the last grade, who is elsewhere, who is lost.

Each pupil of the entry grade is one of: stayed (in the last grade of the same school), dead (by the roster of moves),
gone elsewhere (in the last grade of another school, or moved out by the roster), or lost. Who is in a last grade and
did not enter there came in. So both published formulas (B23 and its other reading) follow from counts per school.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from junheng.sql import Session

COUNTS = ("entered", "last", "parted", "gone", "dead")
SCHEMA = pa.schema([("school_code", pa.string()), *((name, pa.int64()) for name in COUNTS)])


def link(session: Session, entered: str, last: str, *, moves: bool) -> pa.Table:
    """Return the counts of each school in `SCHEMA` over the tables `entered`, `last` (and `moves`), by school.

    `gone` and `dead` are of those who parted; without moves nobody is known to be dead.
    """
    session.define(
        "parted",
        f"""SELECT {entered}.pupil_id, {entered}.school_code FROM {entered} LEFT JOIN {last}
            ON {last}.pupil_id = {entered}.pupil_id AND {last}.school_code = {entered}.school_code
            WHERE {last}.pupil_id IS NULL""",
    )
    session.define(
        "elsewhere", f"SELECT DISTINCT {last}.pupil_id FROM {last} JOIN parted ON parted.pupil_id = {last}.pupil_id"
    )
    for name, kind in (("moved_out", "out"), ("died", "death")):
        source = f"SELECT DISTINCT pupil_id FROM moves WHERE kind = '{kind}'" if moves else NOBODY
        session.define(name, source)
    return session.fetch(_counts(entered, last)).cast(SCHEMA)


NOBODY = "SELECT pupil_id FROM elsewhere WHERE FALSE"
PARTED = """
    SELECT parted.school_code, count(*) AS parted,
        count(CASE WHEN died.pupil_id IS NOT NULL THEN 1 END) AS dead,
        count(CASE WHEN died.pupil_id IS NULL
            AND (elsewhere.pupil_id IS NOT NULL OR moved_out.pupil_id IS NOT NULL) THEN 1 END) AS gone
    FROM parted LEFT JOIN elsewhere ON elsewhere.pupil_id = parted.pupil_id
        LEFT JOIN moved_out ON moved_out.pupil_id = parted.pupil_id LEFT JOIN died ON died.pupil_id = parted.pupil_id
    GROUP BY parted.school_code"""


def _counts(entered: str, last: str) -> str:
    return f"""
        SELECT school_code, CAST(sum(entered) AS BIGINT) AS entered, CAST(sum(last) AS BIGINT) AS last,
            CAST(sum(parted) AS BIGINT) AS parted, CAST(sum(gone) AS BIGINT) AS gone, CAST(sum(dead) AS BIGINT) AS dead
        FROM (
            SELECT school_code, count(*) AS entered, 0 AS last, 0 AS parted, 0 AS gone, 0 AS dead
            FROM {entered} GROUP BY school_code
            UNION ALL SELECT school_code, 0, count(*), 0, 0, 0 FROM {last} GROUP BY school_code
            UNION ALL SELECT school_code, 0, 0, parted, gone, dead FROM ({PARTED}) AS those) AS together
        GROUP BY school_code ORDER BY school_code"""


def facts(counts: pa.Table, *, moves: bool) -> pa.Table:
    """Return counts as the columns of `schools` that tell of the cohort."""
    stayed = pc.subtract(counts["entered"], counts["parted"])
    return pa.table(
        {
            "school_code": counts["school_code"],
            "entry_grade7": counts["entered"],
            "graduates": counts["last"],
            "transfers_in": pc.subtract(counts["last"], stayed),
            "transfers_out": counts["gone"],
            "deaths": counts["dead"] if moves else pa.nulls(len(counts), pa.int64()),
        }
    )


def others(sides: Iterable[str]) -> str:
    """Return the SQL of the pupils who stand in one of the cohort's years on one side and not on the other.

    `entered_<side>` and `last_<side>` must be readable for both sides.
    """
    one, other = sides
    found = []
    for name in ("entered", "last"):
        rows = {side: f"SELECT pupil_id, school_code FROM {name}_{side}" for side in (one, other)}
        found += [f"({rows[one]} EXCEPT {rows[other]})", f"({rows[other]} EXCEPT {rows[one]})"]
    together = " UNION ALL ".join(f"SELECT * FROM {each} AS x" for each in found)
    return f"SELECT DISTINCT pupil_id FROM ({together}) AS y"


def of_others(table: str) -> str:
    """Return the SQL of the rows of `table` whose pupils are among the others."""
    return f"""SELECT {table}.pupil_id, {table}.school_code FROM {table}
        JOIN others ON others.pupil_id = {table}.pupil_id"""


def changed(counts: pa.Table, before: pa.Table, after: pa.Table) -> tuple[pa.Table, frozenset[str]]:
    """Return counts in which what some pupils made of them `before` is replaced by what they make `after`.

    Also the schools whose counts are others then. A school of nobody is left out, as in a count from the start; the
    order is not that of one: to put a nation's schools in order would take longer than all else here.
    """
    difference = _summed([_negative(before), after])
    touched = pc.is_in(counts["school_code"], difference["school_code"].combine_chunks())
    replaced = _summed([counts.filter(touched), difference])
    together = pa.concat_tables([counts.filter(pc.invert(touched)), replaced])
    return together, frozenset(difference["school_code"].to_pylist())


def _summed(tables: Sequence[pa.Table]) -> pa.Table:
    """Return the counts of several tables by school, without the schools of which nothing is left."""
    grouped = pa.concat_tables(tables).group_by("school_code").aggregate([(name, "sum") for name in COUNTS])
    summed = pa.table({name: grouped[name if name == "school_code" else f"{name}_sum"] for name in SCHEMA.names})
    some = [pc.not_equal(summed[name], 0) for name in COUNTS]
    return summed.filter(reduce(pc.or_, some))


def _negative(table: pa.Table) -> pa.Table:
    return pa.table({name: table[name] if name == "school_code" else pc.negate(table[name]) for name in SCHEMA.names})
