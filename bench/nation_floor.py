"""The floor of a nation's job: DuckDB only reading and summing the columns that are needed, of the same files.

python bench/nation_floor.py ROSTERS
"""

from __future__ import annotations

import sys

import duckdb

PUPILS = """SELECT count(*), count(school_code), count(stage), sum(grade), count(class_name), sum(in_zone::INT),
    sum(migrant::INT) FROM read_parquet('{}/pupils/**/*.parquet', hive_partitioning = true) WHERE year = 2025"""
COHORT = """SELECT sum(hash(pupil_id) % 2), count(school_code)
    FROM read_parquet('{}/pupils/**/*.parquet', hive_partitioning = true) WHERE year = {} AND grade = {}"""
TEACHERS = """SELECT count(school_code), count(stage), count(qualification), sum(backbone::INT), count(subject),
    sum(certified::INT), sum(training_hours) FROM read_parquet('{}/teachers/**/*.parquet')"""


def main() -> None:
    """Read and sum."""
    folder = sys.argv[1]
    statements = PUPILS.format(folder), COHORT.format(folder, 2023, 7), COHORT.format(folder, 2025, 9)
    for statement in (*statements, TEACHERS.format(folder)):
        print(duckdb.sql(statement).fetchall())


if __name__ == "__main__":
    main()
