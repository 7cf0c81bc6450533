"""Parts that are read at once come to what each comes to by itself; what is wrong is told of the one it is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from junheng.facts.problems import Unusable
from junheng.rosters.records.model import Asked
from junheng.rosters.records.part import Counted, count_parts
from junheng.rosters.records.run import asked_of
from junheng.rosters.records.sources import Rosters, find_rosters
from junheng.sql.files import Means, open_files
from roster_rows import pupil, school, teacher

TYPES = {"nine_year": frozenset({"primary", "junior"})}
LEAGUES = ("1501", "1502", "1503")


def _rosters(folder: Path, leagues: tuple[str, ...] = LEAGUES, **changed: dict[str, list[dict[str, Any]]]) -> Path:
    """Write three leagues of one school each; in the second a pupil stands twice, a physics teacher teaches primary."""
    for at, league in enumerate(leagues):
        code = f"{league}000001"
        pupils = [pupil(at * 100 + one, code, grade, year) for one, grade, year in _people(at)]
        staff = [teacher(at * 10 + one, code, subject="physics" if at == 1 and one == 2 else "pe") for one in range(4)]
        tables = {"pupils": pupils, "teachers": staff, "schools": [school(code)]}
        for table, rows in {**tables, **changed.get(f"league_{league}", {})}.items():
            for year in {row.get("year") for row in rows}:
                keys = [table, "province=15", f"league={league}", *([f"year={year}"] if year else [])]
                place = folder.joinpath(*keys)
                place.mkdir(parents=True)
                own = [{key: row[key] for key in row if key != "year"} for row in rows if row.get("year") == year]
                pq.write_table(pa.Table.from_pylist(own), place / "rows.parquet")
    return folder


def _people(at: int) -> list[tuple[int, int, int]]:
    entered = [(one, 7, 2023) for one in range(5)]
    now = [(one, 9, 2025) for one in range(at, 5)] + [(50 + one, 1, 2025) for one in range(3 + at)]
    return entered + now + ([(4, 9, 2025)] if at == 1 else [])


def _count(folder: Path, *, at_once: bool) -> dict[str, Counted]:
    """Count every part: all of them at once, or each by itself."""
    rosters = find_rosters(folder)
    with open_files("duckdb", Means(threads=1)) as session:
        asked = asked_of(rosters, session, None, TYPES)
        if at_once:
            return count_parts(session, rosters, rosters.parts, asked)
        return {part: _alone(session, rosters, part, asked) for part in rosters.parts}


def _alone(session: Any, rosters: Rosters, part: str, asked: Asked) -> Counted:
    return count_parts(session, rosters, [part], asked)[part]


def _plain(counted: dict[str, Counted]) -> dict[str, Any]:
    """Return everything as plain values; the pupils of a cohort stand in no order."""
    tables = {
        part: {name: (table.schema, sorted(table.to_pylist(), key=repr)) for name, table in one.tables.items()}
        for part, one in counted.items()
    }
    return {
        part: (tables[part], one.totals, sorted(one.findings, key=lambda one: one.check.id))
        for part, one in counted.items()
    }


@pytest.mark.parametrize("leagues", [LEAGUES, ("01", "02", "3"), ("10", "1000000000000000000", "9")])
def test_at_once_is_as_each_by_itself(leagues: tuple[str, ...], tmp_path: Path) -> None:
    """Also where folders are named in a way that an engine would read otherwise, or with too many digits."""
    _rosters(tmp_path, leagues)
    together = _count(tmp_path, at_once=True)
    assert _plain(together) == _plain(_count(tmp_path, at_once=False))
    assert [one.totals["pupils"] for one in together.values()] == [8, 9, 8]
    assert [one.tables["last"].num_rows for one in together.values()] == [5, 4, 3]


def test_a_check_of_people_finds_those_of_its_own_part(tmp_path: Path) -> None:
    """One teacher of the second league, once."""
    counted = _count(_rosters(tmp_path), at_once=True)
    found = [{one.check.id: one.rows for one in part.findings}["N07"] for part in counted.values()]
    assert found == [0, 1, 0]


def test_files_of_other_types_are_read_by_themselves(tmp_path: Path) -> None:
    """Where one league has texts for ids, the ids of the others stay numbers."""
    code = "1502000001"
    texts = [{**pupil(0, code, grade, year), "pupil_id": f"0{one}"} for one, grade, year in _people(1)]
    counted = _count(_rosters(tmp_path, league_1502={"pupils": texts}), at_once=True)
    kinds = [one.tables["absent"].schema.field("pupil_id").type for one in counted.values()]
    assert kinds == [pa.int64(), pa.string(), pa.int64()]


def test_what_cannot_be_used_is_told_of_its_own_file(tmp_path: Path) -> None:
    """A stage that there is not, in the third league; a file that is cut off, in the second."""
    wrong = [{**pupil(one, "1503000001", grade, year), "stage": "nursery"} for one, grade, year in _people(2)]
    with pytest.raises(Unusable) as told:
        _count(_rosters(tmp_path / "wrong", league_1503={"pupils": wrong}), at_once=True)
    assert "league=1503" in str(told.value)
    _rosters(tmp_path / "cut")
    (file,) = (tmp_path / "cut" / "pupils" / "province=15" / "league=1502" / "year=2025").glob("*")
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(Unusable, match="league=1502"):
        _count(tmp_path / "cut", at_once=True)
