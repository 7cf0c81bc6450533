"""The peers' job by our own statements: all rosters read at once, nothing kept, checked or written, and their judge.

python bench/nation_lean.py ROSTERS

From `nation_peer` it differs only in who counts: the schools' rows are put together and judged by the same program.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from junheng.rosters.records import linking
from junheng.rosters.records.batch import Batch
from junheng.rosters.records.job import asked_of
from junheng.rosters.records.part import of_schools
from junheng.rosters.records.people import count_people
from junheng.rosters.records.sources import Rosters, find_rosters
from junheng.sql.files import FileSession, Means, open_files
from nation_peer import COHORT, LIMITS, STAFF, judged

SENIOR = "senior_pupils"


def counted(rosters: Path) -> pd.DataFrame:
    """Return a row for each school with its counts."""
    found = _whole(find_rosters(rosters))
    with open_files("duckdb", Means()) as session:
        batch = Batch(found, found.parts, asked_of(found, session, None, {}))
        people = count_people(session, batch)
        own = of_schools(session, people, batch.asked.records)
        cohort = _cohort(session, people)
    schools = pq.read_table(rosters / "schools").to_pandas().set_index("school_code")
    for table in (own["pupil_facts"], own["teacher_facts"], cohort):
        rows = table.to_pandas().set_index("school_code")
        asked = [name for name in rows.columns if name in ASKED]
        schools[asked] = rows[asked].reindex(schools.index)
    schools[COHORT] = schools[COHORT].fillna(0)
    return schools.assign(**{SENIOR: float("nan")}).astype({"teaching_area": float}).reset_index()


ASKED = {*COHORT, *(f"{stage}_{name}" for stage in LIMITS for name in ("pupils", *STAFF))}


def _whole(found: Rosters) -> Rosters:
    """Return the rosters as one part: nobody asks which part a class is of."""
    return replace(found, files=tuple(replace(one, part="") for one in found.files))


def _cohort(session: FileSession, people: dict[str, pa.Table]) -> pa.Table:
    session.register("absent", people["absent"])  # who is in the last grade is still there, from counting
    rows = linking.facts(linking.link(session, people["cohort_years"], "absent", "last", moves=False), moves=False)
    return rows.rename_columns(["school_code", *COHORT, "deaths"])


if __name__ == "__main__":
    json.dump(judged(counted(Path(sys.argv[1]))), sys.stdout)
