"""Three-year retention (B23) by linking years: who entered, who is in the last grade, who is elsewhere, who is lost.

Each pupil of the entry grade is one of: stayed (in the last grade of the same school), dead (by the roster of moves),
gone elsewhere (in the last grade of another school, or moved out by the roster), or lost. Who is in a last grade and
did not enter there came in. So both published formulas (B23 and its other reading) follow from counts per school.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

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
    rows = [_facts(row, moves=moves) for row in counts.to_pylist()]
    names = ("entry_grade7", "graduates", "transfers_in", "transfers_out", "deaths")
    return pa.Table.from_pylist(
        rows, pa.schema([("school_code", pa.string()), *((name, pa.int64()) for name in names)])
    )


def _facts(row: dict[str, int], *, moves: bool) -> dict[str, int | None]:
    return {
        "school_code": row["school_code"],
        "entry_grade7": row["entered"],
        "graduates": row["last"],
        "transfers_in": row["last"] - (row["entered"] - row["parted"]),
        "transfers_out": row["gone"],
        "deaths": row["dead"] if moves else None,
    }


def changed(counts: pa.Table, before: pa.Table, after: pa.Table) -> tuple[pa.Table, frozenset[str]]:
    """Return counts in which what some pupils made of them `before` is replaced by what they make `after`.

    Also the schools whose counts are others then. A school of nobody is left out, as in a count from the start.
    """
    known = {row["school_code"]: row for row in counts.to_pylist()}
    seen: dict[str, list[int]] = {}
    for sign, table in ((-1, before), (1, after)):
        for row in table.to_pylist():
            own = seen.setdefault(row["school_code"], [0] * len(COUNTS))
            for at, name in enumerate(COUNTS):
                own[at] += sign * row[name]
    touched = frozenset(code for code, delta in seen.items() if any(delta))
    for code in touched:
        known[code] = _added(known.get(code), code, seen[code])
    kept = sorted(
        (row for row in known.values() if any(row[name] for name in COUNTS)), key=lambda row: row["school_code"]
    )
    return pa.Table.from_pylist(kept, SCHEMA), touched


def _added(row: dict[str, object] | None, code: str, delta: Sequence[int]) -> dict[str, object]:
    had = row or dict.fromkeys(COUNTS, 0)
    return {"school_code": code} | {name: int(str(had[name])) + more for name, more in zip(COUNTS, delta, strict=True)}
