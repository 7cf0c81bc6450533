"""The peers' job by our own statements: all rosters read at once, nothing kept, checked or written, and their judge.

python bench/nation_lean.py ROSTERS

From `nation_peer` it differs only in who counts: the schools' rows are put together and judged by the same program.
What nobody asks for is pruned by the engine, as the peers' engines do.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from junheng.rosters.records import linking
from junheng.rosters.records.load import load_records
from junheng.rosters.records.reading import read_people
from junheng.rosters.records.sources import find_rosters
from junheng.rosters.records.statements import (
    classes_statement,
    cohort_statement,
    pupils_statement,
    staff_statement,
    teachers_statement,
)
from junheng.sql.files import FileSession, Means, open_files
from nation_peer import COHORT, ENTERED, LIMITS, STAFF, YEAR, judged

SENIOR = "senior_pupils"
# As Polars counts them, though B1-B7 do not ask for all of it.
HEADS = [f"{stage}_{name}" for stage in LIMITS for name in ("pupils", "classes", "in_zone_pupils")]
PEOPLE = [f"{stage}_{name}" for stage in LIMITS for name in STAFF] + ["certified_teachers", "trained_360h_teachers"]


def counted(rosters: Path) -> pd.DataFrame:
    """Return a row for each school with its counts."""
    found = find_rosters(rosters)
    with open_files("duckdb", Means()) as session:
        for name in ("pupils", "teachers"):
            read_people(session, name, [one for one in found.files if one.table == name])
        told = [_facts(session), _staff(session), _cohort(session)]
        session.read("schools", [one.file for one in found.files if one.table == "schools"])
        schools = session.fetch("SELECT * FROM schools").to_pandas().set_index("school_code")
    for rows in told:
        schools[list(rows.columns)] = rows.reindex(schools.index)
    schools[COHORT] = schools[COHORT].fillna(0)
    return schools.assign(**{SENIOR: float("nan")}).astype({"teaching_area": float}).reset_index()


def _facts(session: FileSession) -> pd.DataFrame:
    records = load_records()
    session.view("class_counts", classes_statement(records, YEAR))
    return _rows(session, HEADS, pupils_statement(records))


def _staff(session: FileSession) -> pd.DataFrame:
    records = load_records()
    session.view("staff_counts", staff_statement(records))
    return _rows(session, PEOPLE, teachers_statement(records))


def _rows(session: FileSession, columns: list[str], statement: str) -> pd.DataFrame:
    asked = session.fetch(f"SELECT school_code, {', '.join(columns)} FROM ({statement}) AS facts")
    return asked.to_pandas().set_index("school_code")


def _cohort(session: FileSession) -> pd.DataFrame:
    records = load_records()
    for name, year, grade in (("entered", ENTERED, records.linked.entry), ("last", YEAR, records.linked.last)):
        session.register(name, session.fetch(cohort_statement(records, year, grade, distinct=False)))
    session.register("absent", session.fetch(linking.OF_COHORT["absent"]))
    years = session.fetch(linking.OF_COHORT["cohort_years"])
    rows = linking.facts(linking.link(session, years, "absent", "last", moves=False), moves=False)
    return rows.rename_columns(["school_code", *COHORT, "deaths"]).to_pandas().set_index("school_code")[COHORT]


if __name__ == "__main__":
    json.dump(judged(counted(Path(sys.argv[1]))), sys.stdout)
