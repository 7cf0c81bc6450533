"""Pupils who stand in several parts, or twice: linked at once, linked again by difference, and one by one by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from roster_rows import Row, contents, pupil, school, teacher

LEAGUES = ("1501", "1502", "1503")
CODES = tuple(f"{league}000001" for league in LEAGUES)
ENTERED, LAST = (2023, 7), (2025, 9)
COHORT = ("entry_grade7", "graduates", "transfers_in", "transfers_out")
# Of so many pupils in so many rows some stand in two schools, in two leagues' rosters, or twice in one.
PUPILS, ROWS = 12, 14
# Each pupil of this year's first grade keeps his school one that has pupils at all.
FIRST = [pupil(1000 + at, code, grade) for at, code in enumerate(CODES) for grade in (1, 7)]


def drawn(seed: int) -> dict[str, list[Row]]:
    """Return each league's pupils of the cohort, some of them of the other leagues' schools."""
    chance = random.Random(seed)
    rows = {
        league: [
            pupil(chance.randrange(PUPILS), chance.choice([own, own, *CODES]), grade, year)
            for year, grade in (chance.choice((ENTERED, LAST)) for _ in range(ROWS))
        ]
        for league, own in zip(LEAGUES, CODES, strict=True)
    }
    for at, league in enumerate(LEAGUES):
        kept = [pupil(500 + at, CODES[at], grade, year) for year, grade in (ENTERED, LAST)]
        rows[league] += [*kept, *(one for one in FIRST if one["school_code"] == CODES[at])]
    return rows


def written(folder: Path, leagues: Mapping[str, Sequence[Row]]) -> Path:
    """Write the rosters of some leagues, over what stood there."""
    for at, (league, pupils) in enumerate(leagues.items()):
        code = f"{league}000001"
        home = school(code, county_code=f"{league}99", county_name=f"虚构旗{league}")
        write_rows(folder / "schools" / "province=15" / f"league={league}", [home])
        write_rows(folder / "teachers" / "province=15" / f"league={league}", [teacher(at, code)])
        for year in (2023, 2025):
            own = [{key: one[key] for key in one if key != "year"} for one in pupils if one["year"] == year]
            write_rows(folder / "pupils" / "province=15" / f"league={league}" / f"year={year}", own)
    return folder


def write_rows(place: Path, rows: Sequence[Row]) -> None:
    """Write rows as the one Parquet file of a folder."""
    place.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist([dict(one) for one in rows]), place / "rows.parquet")


def by_hand(leagues: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, int]]:
    """Count the cohort one by one: in a league's roster a pupil stands once in a school, in two leagues' twice."""

    def stood(when: tuple[int, int]) -> list[tuple[int, str]]:
        own = (
            {(one["pupil_id"], one["school_code"]) for one in rows if one_of(one, when)} for rows in leagues.values()
        )
        return [pair for pairs in own for pair in sorted(pairs)]

    def one_of(one: Row, when: tuple[int, int]) -> bool:
        return (one["year"], one["grade"]) == when

    began, ended = stood(ENTERED), stood(LAST)
    parted = [pair for pair in began if pair not in ended]
    somewhere = {id for id, _ in ended}
    gone = Counter(code for id, code in parted if id in somewhere)
    left, entered, last = (Counter(code for _, code in pairs) for pairs in (parted, began, ended))
    return {
        code: dict(
            zip(COHORT, (entered[code], last[code], last[code] - entered[code] + left[code], gone[code]), strict=True)
        )
        for code in CODES
    }


def told(output: Path) -> dict[str, dict[str, int]]:
    """Return what the facts say of each school's cohort."""
    rows = [row for file in output.rglob("schools.parquet") for row in pq.ParquetFile(file).read().to_pylist()]
    return {row["school_code"]: {name: row[name] for name in COHORT} for row in rows}


@pytest.mark.parametrize("seed", range(0, 12, 2))
def test_linking_at_once_again_and_by_hand_is_the_same(seed: int, tmp_path: Path) -> None:
    """Two leagues' rosters are others the next time, so that a pupil may be twice where he was once."""
    first, second = drawn(seed), drawn(seed + 1)
    now = {**second, "1502": first["1502"]}
    rosters, out = written(tmp_path / "rosters", first), tmp_path / "out"
    jh.aggregate(rosters, out, duplicates=False)
    assert told(out) == by_hand(first)
    jh.aggregate(written(rosters, now), out, duplicates=False)
    assert told(out) == by_hand(now)
    jh.aggregate(rosters, tmp_path / "fresh", duplicates=False)
    assert contents(out) == contents(tmp_path / "fresh")


def test_who_is_listed_by_another_league_too_is_counted_again(tmp_path: Path) -> None:
    """The same pupil of the same school, by a second roster from now on: nobody is others, and one more entered."""
    first = {league: [one for one in drawn(0)[league] if one["pupil_id"] >= PUPILS] for league in LEAGUES}
    lost = pupil(1, CODES[0], 7, 2023)
    first["1501"].append(lost)
    now = {league: [*rows, *([lost] if league == "1502" else [])] for league, rows in first.items()}
    # Something of the first league's is another as well, so that both are compared.
    now["1501"].append(pupil(2, CODES[0], 7, 2023))
    rosters, out = written(tmp_path / "rosters", first), tmp_path / "out"
    jh.aggregate(rosters, out, duplicates=False)
    jh.aggregate(written(rosters, now), out, duplicates=False)
    assert told(out) == by_hand(now)
    assert told(out)[CODES[0]] == {"entry_grade7": 4, "graduates": 1, "transfers_in": 0, "transfers_out": 0}
