"""Rosters in PostgreSQL come to the facts that the same rosters in files come to; on a cluster of our own."""

from __future__ import annotations

import io
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.facts.problems import Unusable
from junheng.nationwide import bring
from junheng.rosters.invented import invent
from roster_rows import contents

TYPES = {pa.int64(): "bigint", pa.int32(): "integer", pa.bool_(): "boolean", pa.string(): "text"}


@pytest.fixture
def database(postgres: str) -> str:
    """The same cluster without a table."""
    with psycopg.connect(postgres) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres


def _store(database: str, name: str, rows: pa.Table) -> None:
    """Store rows as a table, its columns of the types that they have."""
    columns = ", ".join(f'"{one.name}" {TYPES.get(one.type, "numeric")}' for one in rows.schema)
    cells = io.BytesIO()
    texts = [one.name for one in rows.schema if pa.types.is_dictionary(one.type)]
    for one in texts:
        rows = rows.set_column(rows.schema.get_field_index(one), one, rows[one].cast(pa.string()))
    pacsv.write_csv(rows, cells)
    with psycopg.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{name}" ({columns})')
        with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT csv, HEADER)') as copy:
            copy.write(cells.getvalue())


def _rows(rosters: Path, name: str) -> pa.Table:
    """Return a table of invented rosters with the columns that its folders name."""
    found = []
    for file in sorted((rosters / name).rglob("*.parquet")):
        keys = dict(part.split("=") for part in file.parts if "=" in part)
        rows = pq.ParquetFile(file).read()
        for key, value in keys.items():
            rows = rows.append_column(key, pa.repeat(pa.scalar(int(value)), len(rows)))
        found.append(rows)
    return pa.concat_tables(found, promote_options="permissive")


@pytest.fixture
def made(database: str, tmp_path: Path) -> Path:
    """Invented rosters of nine counties in two leagues, a tenth of their pupils, as files and in the database."""
    rosters = tmp_path / "made"
    invent(rosters, 9 * 52_000, seed=7, threads=1)
    for file in (rosters / "pupils").rglob("*.parquet"):
        rows = pq.ParquetFile(file).read()
        pq.write_table(rows.filter(pc.equal(pc.bit_wise_and(rows["pupil_id"], 7), 0)), file)
    for name in ("pupils", "teachers", "schools", "rooms"):
        _store(database, name, _rows(rosters, name))
    return rosters


def _facts(output: Path) -> dict[str, bytes]:
    return {name: told for name, told in contents(output).items() if name != "manifest.json"}


def test_the_same_rosters_come_to_the_same(database: str, made: Path, tmp_path: Path) -> None:
    """Facts to the last byte, and every county's row; brought again nothing is counted, changed only its league."""
    bring(database, tmp_path / "brought")
    jh.aggregate(tmp_path / "brought", tmp_path / "out")
    jh.aggregate(made, tmp_path / "plain")
    assert _facts(tmp_path / "out") == _facts(tmp_path / "plain")
    rows = jh.nation(tmp_path / "out")
    assert rows.equals(jh.nation(tmp_path / "plain"))
    assert len(rows) == 9

    assert _counted(database, tmp_path) == []
    with psycopg.connect(database) as connection:
        connection.execute(
            "DELETE FROM pupils WHERE year = 2025 AND school_code = (SELECT min(school_code) FROM schools)"
        )
    assert len(_counted(database, tmp_path)) == 1


def _counted(database: str, folder: Path) -> list[str]:
    """Bring and count once more; return what was said of counting."""
    heard: list[str] = []
    bring(database, folder / "brought")
    jh.aggregate(folder / "brought", folder / "out", told=lambda doing, *_: heard.append(doing))
    return [one for one in heard if one == "数名册"]


def test_only_the_columns_of_the_data_dictionary_leave_the_database(database: str, tmp_path: Path) -> None:
    """Under their labels too; a text may hold commas, quotes and lines, and an empty cell is not an empty text."""
    pupils = {
        "学生编号": ["015", "016", "017"],
        "姓名": ["甲", "乙", "丙"],
        "school_code": ["1506990001"] * 3,
        "stage": ["primary"] * 3,
        "grade": [1, 1, 2],
        "class_name": ['一,"班"', "一\n班", None],
        "year": [2025] * 3,
        "in_zone": [True, False, None],
        "migrant": [False] * 3,
    }
    _store(database, "pupils", pa.table(pupils))
    _store(database, "schools", pa.table({"school_code": ["1506990001"], "county_code": ["150699"]}))
    files = bring(database, tmp_path / "brought")
    assert sorted(str(file.relative_to(tmp_path / "brought")) for file in files) == [
        "pupils/year=2025/rows.parquet",
        "schools/rows.csv",
    ]
    (file,) = (tmp_path / "brought").rglob("*.parquet")
    rows = pq.ParquetFile(file).read().sort_by("学生编号").to_pydict()
    assert rows == {name: cells for name, cells in pupils.items() if name not in ("姓名", "year")}


def test_what_cannot_be_read_is_told_and_changes_nothing(database: str, tmp_path: Path) -> None:
    """No server, no right to read, a row that no folder can hold, a folder of somebody else's."""
    _store(database, "pupils", pa.table({"pupil_id": [1], "year": pa.array([2025], pa.int64())}))
    folder = tmp_path / "brought"
    bring(database, folder)
    before = contents(folder)
    with pytest.raises(Unusable, match="连不上数据库"):
        bring("postgresql://nobody@127.0.0.1:1/none", folder)
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO pupils VALUES (2, NULL)")
    with pytest.raises(Unusable, match="没有year"):
        bring(database, folder)
    with psycopg.connect(database) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA public TO reader")
    with pytest.raises(Unusable, match="读不出来"):
        bring(database.replace("junheng@", "reader@"), folder)
    assert contents(folder) == before
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Unusable, match="别的东西"):
        bring(database, tmp_path / "own")
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["letter.txt"]
