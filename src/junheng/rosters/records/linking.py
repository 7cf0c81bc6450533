"""Three-year retention (B23) by linking years: who entered, who is in the last grade, who is elsewhere, who is lost.

Each pupil of the entry grade is one of: stayed (in the last grade of the same school), dead (by the roster of moves),
gone elsewhere (in the last grade of another school, or moved out by the roster), or lost. Who is in a last grade and
did not enter there came in. So both published formulas (B23 and its other reading) follow from counts per school.

Who stayed is found within each part (`OF_COHORT`), and only the few others are looked for in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from junheng.sql import Session

# Of each part, what is linked over all of them.
LINKED = ("absent", "last")
COUNTS = ("entered", "last", "parted", "gone", "dead")
SCHEMA = pa.schema([("school_code", pa.string()), *((name, pa.int64()) for name in COUNTS)])


# What is kept of a part's cohort beside its `last` grade, as SQL over that and its pupils who `entered`. Who is found
# in the last grade of the same school has stayed, wherever else he may stand: over the nation only the others, who are
# absent as far as their part tells, are looked for in the last grades of all parts.
OF_COHORT: Mapping[str, str] = {
    "absent": """SELECT part, pupil_id, school_code FROM entered WHERE NOT EXISTS (SELECT 1 FROM last
        WHERE last.pupil_id = entered.pupil_id AND last.school_code = entered.school_code
            AND last.part = entered.part)""",
    "cohort_years": """SELECT part, school_code, CAST(sum(entered) AS BIGINT) AS entered,
            CAST(sum(last) AS BIGINT) AS last
        FROM (SELECT part, school_code, count(*) AS entered, 0 AS last FROM entered GROUP BY part, school_code
            UNION ALL SELECT part, school_code, 0, count(*) FROM last GROUP BY part, school_code) AS years
        GROUP BY part, school_code""",
}
# Everything that is kept of a part's cohort, by name.
COHORT_TABLES = ("last", *OF_COHORT)


def link(session: Session, years: pa.Table, absent: str, last: str, *, moves: bool) -> pa.Table:
    """Return the counts of each school in `SCHEMA` over the tables `absent` and `last` of all parts (and `moves`).

    `years` are their `cohort_years`. `gone` and `dead` are of those who parted: the absent who are not
    in the last grade of their school by another part either. Without moves nobody is known to be dead.
    """
    session.define("missed", f"SELECT DISTINCT pupil_id FROM {absent}")
    session.define(
        "found",
        f"SELECT {last}.pupil_id, {last}.school_code FROM {last} JOIN missed ON missed.pupil_id = {last}.pupil_id",
    )
    session.define(
        "parted",
        f"""SELECT {absent}.pupil_id, {absent}.school_code FROM {absent} LEFT JOIN found
            ON found.pupil_id = {absent}.pupil_id AND found.school_code = {absent}.school_code
            WHERE found.pupil_id IS NULL""",
    )
    session.define("elsewhere", "SELECT DISTINCT pupil_id FROM found")
    for name, kind in (("moved_out", "out"), ("died", "death")):
        source = f"SELECT DISTINCT pupil_id FROM moves WHERE kind = '{kind}'" if moves else NOBODY
        session.define(name, source)
    return _summed([_wide(years), _wide(session.fetch(PARTED))])


NOBODY = "SELECT pupil_id FROM elsewhere WHERE FALSE"
PARTED = """
    SELECT parted.school_code, count(*) AS parted,
        count(CASE WHEN died.pupil_id IS NOT NULL THEN 1 END) AS dead,
        count(CASE WHEN died.pupil_id IS NULL
            AND (elsewhere.pupil_id IS NOT NULL OR moved_out.pupil_id IS NOT NULL) THEN 1 END) AS gone
    FROM parted LEFT JOIN elsewhere ON elsewhere.pupil_id = parted.pupil_id
        LEFT JOIN moved_out ON moved_out.pupil_id = parted.pupil_id LEFT JOIN died ON died.pupil_id = parted.pupil_id
    GROUP BY parted.school_code"""


def _wide(counts: pa.Table) -> pa.Table:
    """Return some counts in `SCHEMA`; those that are not among them are 0."""
    nothing = pa.repeat(pa.scalar(0, pa.int64()), len(counts))
    return pa.table({name: counts[name] if name in counts.column_names else nothing for name in SCHEMA.names}).cast(
        SCHEMA
    )


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
    """Return the SQL of the pupils who are absent, or in the last grade, on one side and not on the other.

    `absent_<side>` and `last_<side>` must be readable for both sides. Who stands twice on one side and once on the
    other is another there too.
    """
    one, other = sides
    rows = [
        f"SELECT '{name}' AS linked, pupil_id, school_code, {sign} AS times FROM {name}_{side}"
        for name in LINKED
        for side, sign in ((one, 1), (other, -1))
    ]
    return f"""SELECT DISTINCT pupil_id FROM (
            SELECT pupil_id FROM ({" UNION ALL ".join(rows)}) AS both_sides
            GROUP BY linked, pupil_id, school_code HAVING sum(times) <> 0) AS others"""


def of_others(table: str) -> str:
    """Return the SQL of the rows of `table` whose pupils are among the others."""
    return f"""SELECT {table}.pupil_id, {table}.school_code FROM {table}
        JOIN others ON others.pupil_id = {table}.pupil_id"""


def changed(counts: pa.Table, before: pa.Table, after: pa.Table) -> tuple[pa.Table, frozenset[str]]:
    """Return counts in which what some pupils made of them `before` is replaced by what they make `after`.

    Also the schools whose counts are others then. A school of nobody is left out, as in a count from the start; in
    neither do schools stand in an order: to put a nation's into one would take longer than all else here.
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
