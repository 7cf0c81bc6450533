"""Invented rosters of any size, the same for the same seed: for tests and benchmarks. Nothing in them is true.

    python -m junheng.rosters.invented FOLDER --pupils 1500000 --seed 1

Every school's name says 虚构. The rows are made by DuckDB from hashes of their places, a league (地市) at a time, and
stand in Parquet files by province, league and year. Pupils keep their id over the years; of each hundred, a few move to
another school, mostly of their county, and a few are found nowhere. About every other county is well equipped.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from junheng.standard.load import load_standard

YEAR, YEARS = 2025, (2023, 2025)
PUPILS_OF_A_COUNTY = 52_000
COUNTIES_OF_A_LEAGUE = 8
PROVINCES: tuple[int, ...] = (
    11,
    12,
    13,
    14,
    15,
    21,
    22,
    23,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    41,
    42,
    43,
    44,
    45,
    46,
    50,
    51,
    52,
    53,
    54,
    61,
)
PROVINCES += (62, 63, 64, 65)
ROWS_OF_A_GROUP = 122_880

# Counties stand in leagues of eight, leagues in provinces of very different size.
COUNTIES = f"""
    SELECT county, league, province,
        printf('%02d%02d%02d', province, league_of_province, county % 8 + 1) AS county_code,
        hash(county, $seed, 'good') % 100 < 55 AS good
    FROM (SELECT range AS county, range // {COUNTIES_OF_A_LEAGUE} AS league FROM range($counties)) AS numbered
    JOIN (SELECT league, province, row_number() OVER (PARTITION BY province ORDER BY league) AS league_of_province
        FROM (SELECT range AS league, ($provinces)[1 + (range * range + 3 * range) % len($provinces)] AS province
            FROM range(($counties - 1) // {COUNTIES_OF_A_LEAGUE} + 1)) AS placed) AS leagues USING (league)"""

# About 70 schools a county; the first ones are of every type, so that no county lacks a stage.
SCHOOLS = """
    SELECT *, printf('%s%04d', county_code, school + 1) AS school_code,
        CASE WHEN of_type < 58 THEN 'primary' WHEN of_type < 64 THEN 'teaching_point' WHEN of_type < 86 THEN 'junior'
             WHEN of_type < 98 THEN 'nine_year' ELSE 'special' END AS school_type,
        CASE WHEN of_type < 64 OR of_type BETWEEN 86 AND 97 THEN 6 ELSE 0 END AS primary_grades,
        CASE WHEN of_type BETWEEN 64 AND 97 THEN 3 ELSE 0 END AS junior_grades,
        CASE WHEN of_type BETWEEN 58 AND 63 THEN 1 WHEN of_type < 64 THEN 1 + drawn % 5 ELSE 3 + drawn % 6 END AS wide,
        CASE WHEN of_type BETWEEN 58 AND 63 THEN 4 + drawn % 8 ELSE 33 + drawn % 8 END AS size
    FROM (SELECT *, CASE WHEN school < 5 THEN [0, 70, 60, 90, 20][school + 1]
            ELSE (hash(county, school, $seed, 'type') % 99)::BIGINT END AS of_type,
            (hash(county, school, $seed) % 1000)::BIGINT AS drawn
        FROM counties CROSS JOIN (SELECT range AS school FROM range(70)) AS numbers) AS typed"""

# Who leaves a junior school goes to the next one of the county, or (one in ten) to one far away.
PARTNERS = """
    SELECT own.school_code, near.school_code AS near, far.school_code AS far
    FROM ranked AS own
    JOIN ranked AS near ON near.county = own.county AND near.of_county = (own.of_county + 1) % own.in_county
    JOIN ranked AS far ON far.rank = (own.rank + 997) % own.in_all"""
RANKED = """
    SELECT school_code, county, row_number() OVER (ORDER BY school_code) - 1 AS rank, count(*) OVER () AS in_all,
        row_number() OVER (PARTITION BY county ORDER BY school_code) - 1 AS of_county,
        count(*) OVER (PARTITION BY county) AS in_county
    FROM places WHERE junior_grades > 0"""

# A class of a cohort keeps its number of places over the years.
CLASSES = """
    SELECT places.*, stage, grade, class, year, year - grade AS cohort,
        (size + (hash(county, school, year - grade, class, $seed) % 6)::BIGINT)::BIGINT AS heads
    FROM places
    CROSS JOIN (SELECT unnest($years) AS year) AS years
    CROSS JOIN (SELECT range AS grade, CASE WHEN range < 7 THEN 'primary' ELSE 'junior' END AS stage
        FROM range(1, 10)) AS grades
    CROSS JOIN (SELECT range + 1 AS class FROM range(8)) AS wide
    WHERE class <= places.wide AND grade <= CASE WHEN stage = 'primary' THEN primary_grades ELSE 6 + junior_grades END
        AND (stage = 'junior' OR primary_grades > 0)
    ORDER BY school_code, year, grade, class"""

# Every place of a class is a pupil; `fate` is drawn once for all years.
PUPILS = """
    SELECT (hash(school_code, cohort, class, slot, $seed) >> 1)::BIGINT AS pupil_id, * EXCLUDE (fate),
        CASE WHEN stage = 'primary' OR year < $last OR grade = 7 OR fate >= 50 THEN 'here'
             WHEN fate < 8 THEN 'gone' WHEN fate < 13 THEN 'far' ELSE 'near' END AS fate
    FROM (SELECT *, hash(school_code, cohort, class, slot, 'fate', $seed) % 1000 AS fate
        FROM (SELECT *, unnest(range(heads)) AS slot FROM classes WHERE league = $league AND year = $year) AS places)
        AS drawn"""

# The same for those who come from elsewhere: only the classes of schools whose partners stand in this league.
COMING = """
    SELECT (hash(classes.school_code, cohort, class, slot, $seed) >> 1)::BIGINT AS pupil_id,
        CASE WHEN fate < 13 THEN far ELSE near END AS school_code, stage, grade, class, year, slot, classes.county
    FROM (SELECT *, hash(school_code, cohort, class, slot, 'fate', $seed) % 1000 AS fate
        FROM (SELECT classes.*, near, far, unnest(range(heads)) AS slot FROM classes
            JOIN partners ON partners.school_code = classes.school_code
            WHERE year = $year AND year = $last AND grade IN (8, 9)
                AND (near IN (FROM own_schools) OR far IN (FROM own_schools))) AS places) AS classes
    WHERE fate BETWEEN 8 AND 49 AND CASE WHEN fate < 13 THEN far ELSE near END IN (FROM own_schools)"""

ROW_OF_A_PUPIL = """pupil_id, school_code, stage, grade::BIGINT AS grade, class::VARCHAR AS class_name,
    hash(pupil_id, 'zone') % 1000 >= CASE WHEN hash(county, 'zone') % 3 = 0 THEN 20 ELSE 0 END AS in_zone,
    hash(pupil_id, 'migrant') % 100 < 8 AS migrant"""

# Well equipped counties stand a fifth to a half above every line; others lie around it, some far apart.
TEACHERS = """
    SELECT (hash(school_code, stage, number, 'teacher', $seed) >> 1)::BIGINT AS teacher_id, school_code, stage,
        CASE WHEN number < above THEN 'bachelor' WHEN stage = 'junior' THEN 'associate' ELSE 'secondary' END
            AS qualification,
        number < backbone AS backbone,
        CASE WHEN people - number <= artists THEN ['pe', 'music', 'fine_arts', 'art'][1 + number % 4]
             ELSE ['chinese', 'mathematics', 'english'][1 + number % 3] END AS subject,
        hash(school_code, stage, number, 'certified') % 1000
            >= CASE WHEN hash(county, 'certified') % 4 = 0 THEN 4 ELSE 0 END AS certified,
        (360 + hash(school_code, number, 'hours') % 90
            - CASE WHEN hash(county, 'hours') % 4 = 0 AND number = 0 THEN 40 ELSE 0 END)::BIGINT AS training_hours
    FROM (SELECT *, unnest(range(people::BIGINT)) AS number
        FROM (SELECT *, $B2_junior * heads * luck // 1000000 + 1 AS backbone,
                CASE WHEN stage = 'junior' THEN $B1_junior ELSE $B1_primary END * heads * luck // 1000000 + 1 AS above,
                $B3_junior * heads * luck // 1000000 + 1 AS artists
            FROM staffed WHERE league = $league) AS counted) AS teachers"""
STAFFED = """
    SELECT *, CASE WHEN stage = 'junior' THEN 9 ELSE 7 END * heads * luck // 10000 + 3 AS people
    FROM (SELECT school_code, county, league, stage, sum(heads)::BIGINT AS heads,
            any_value(CASE WHEN good THEN 120 + drawn % 30 ELSE 85 + drawn % 60 END) AS luck
        FROM classes WHERE year = $last GROUP BY school_code, county, league, stage) AS grouped
    ORDER BY school_code, stage"""

ROOMS = """
    SELECT school_code, kind, 96 + 4 * (drawn % 5) AS area
    FROM places CROSS JOIN (SELECT unnest(['music', 'art']) AS kind) AS kinds
        CROSS JOIN (SELECT range AS room FROM range(6)) AS rooms
    WHERE league = $league AND of_type < 98 AND room <= wide * (primary_grades + junior_grades) // 12"""

ROW_OF_A_SCHOOL = """
    SELECT county_code, '虚构县' || county_code AS county_name, school_code, '虚构学校' || school_code AS school_name,
        school_type, CASE WHEN drawn % 20 = 0 THEN '10' ELSE '7' END AS sponsor_code,
        ['111', '121', '210', '220'][1 + drawn % 4] AS location_code, drawn % 9 = 0 AS is_boarding, 2001 AS built_year,
        ($B4_junior * weighted * luck / 10000)::DECIMAL(18, 2) AS teaching_area,
        0::DECIMAL(18, 2) AS indoor_sports_area,
        ($B5_junior * weighted * luck / 10000)::DECIMAL(18, 2) AS sports_ground_area,
        ($B6_junior * weighted * luck / 10000)::DECIMAL(18, 2) AS equipment_value,
        ($B7_junior * weighted * luck // 1000000 + 1)::BIGINT AS multimedia_rooms,
        (1000 * weighted)::DECIMAL(18, 2) AS operating_budget, (60 * weighted)::DECIMAL(18, 2) AS training_budget
    FROM (SELECT places.*, coalesce(heads, 0) AS weighted,
            CASE WHEN good THEN 112 + drawn % 30 ELSE 70 + drawn * drawn // 4000 END AS luck
        FROM places LEFT JOIN (SELECT school_code, sum(heads)::BIGINT AS heads FROM staffed GROUP BY school_code)
            AS counted USING (school_code)) AS equipped
    WHERE league = $league ORDER BY school_code"""


@dataclass(frozen=True, slots=True)
class Invented:
    """How much was made: pupils of each year, teachers, schools, counties, leagues."""

    pupils: dict[int, int]
    teachers: int
    schools: int
    counties: int
    leagues: int


def invent(
    folder: str | Path,
    pupils: int,
    seed: int = 1,
    years: tuple[int, ...] = YEARS,
    *,
    leagues: bool = True,
    threads: int = 2,
    told: Callable[[int, int], None] | None = None,
) -> Invented:
    """Write invented rosters of about `pupils` pupils a year into `folder`, and return how much it is.

    Files stand by province, league and year, or without `leagues` by province and year. `told` hears how many leagues
    of how many are made.
    """
    counties = max(1, round(pupils / PUPILS_OF_A_COUNTY))
    with duckdb.connect(config={"threads": threads}) as made:
        _plan(made, counties, seed, years)
        placed = made.execute("SELECT DISTINCT league, province, county_code[3:4] FROM counties ORDER BY 1").fetchall()
        for done, (league, province, code) in enumerate(placed):
            if told:
                told(done, len(placed))
            part = f"province={province}/league={province}{code}" if leagues else f"province={province}"
            _write_league(made, Path(folder), part, league, seed, years, league if not leagues else None)
        return _told(made, years, counties, len(placed))


def _plan(made: duckdb.DuckDBPyConnection, counties: int, seed: int, years: tuple[int, ...]) -> None:
    values = {"seed": seed, "counties": counties, "provinces": list(PROVINCES), "years": list(years), "last": years[-1]}
    named = {"counties": COUNTIES, "places": SCHOOLS, "ranked": RANKED, "partners": PARTNERS, "classes": CLASSES}
    for name, statement in {**named, "staffed": STAFFED}.items():
        made.execute(f"CREATE TEMP TABLE {name} AS {_filled(statement, values)}")


def _filled(statement: str, values: Mapping[str, object]) -> str:
    """Return a statement with its numbers in it; COPY takes no parameters."""
    return re.sub(r"\$(\w+)", lambda found: str(values[found[1]]), statement)


def _lines(year: int) -> dict[str, int]:
    """Return the thresholds of the rule book in hundredths: what schools have is a part or a multiple of them."""
    rules = load_standard().on(dt.date(year, 9, 1))
    return {f"{id}_{stage}": int(line * 100) for id, own in rules.thresholds.items() for stage, line in own.items()}


def _write_league(
    made: duckdb.DuckDBPyConnection,
    folder: Path,
    part: str,
    league: int,
    seed: int,
    years: tuple[int, ...],
    number: int | None,
) -> None:
    name = "rows.parquet" if number is None else f"rows-{number:04d}.parquet"
    values = {"league": league, "seed": seed, **_lines(years[-1])}
    made.execute(
        "CREATE OR REPLACE TEMP TABLE own_schools AS SELECT school_code FROM places WHERE league = ?", [league]
    )
    for year in years:
        at = folder / "pupils" / part / f"year={year}" / name
        _write(made, _pupils_statement(), at, values | {"year": year, "last": years[-1]})
    for table, statement in (("teachers", TEACHERS), ("rooms", ROOMS), ("schools", ROW_OF_A_SCHOOL)):
        _write(made, statement, folder / table / part / name, values)


def _pupils_statement() -> str:
    return f"""SELECT {ROW_OF_A_PUPIL} FROM ({PUPILS}) AS own WHERE fate = 'here'
        UNION ALL SELECT {ROW_OF_A_PUPIL} FROM ({COMING}) AS coming"""


def _write(made: duckdb.DuckDBPyConnection, statement: str, file: Path, values: dict[str, int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    target = str(file).replace("'", "''")
    how = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_OF_A_GROUP}"
    made.execute(f"COPY ({_filled(statement, values)}) TO '{target}' ({how})")


def _told(made: duckdb.DuckDBPyConnection, years: tuple[int, ...], counties: int, leagues: int) -> Invented:
    def number(statement: str) -> int:
        return int((made.execute(statement).fetchone() or [0])[0] or 0)

    heads = {year: number(f"SELECT sum(heads) FROM classes WHERE year = {year}") for year in years}
    return Invented(
        heads, number("SELECT sum(people) FROM staffed"), number("SELECT count(*) FROM places"), counties, leagues
    )


def main() -> None:
    """Make rosters from the command line."""
    parser = argparse.ArgumentParser(description="写出虚构的学生、教师、教室、学校名册（仅供测试和测速）")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pupils", type=int, default=1_500_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(invent(options.folder, options.pupils, options.seed))


if __name__ == "__main__":
    main()
