"""Rosters that cannot be used are refused with place, reason and remedy, and leave nothing half done."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import roster_rows as hand
from junheng import api as jh
from junheng.cli import main
from junheng.rosters.invented import invent
from roster_rows import finished

JUNHENG = Path(sys.executable).with_name("junheng")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented rosters of two leagues."""
    folder = tmp_path_factory.mktemp("made")
    invent(folder, 10 * 52_000, seed=5, threads=1)
    return folder


@pytest.fixture
def rosters(made: Path, tmp_path: Path) -> Path:
    """A copy of them that a test may spoil."""
    shutil.copytree(made, tmp_path / "rosters")
    return tmp_path / "rosters"


def one(rosters: Path, table: str) -> Path:
    """Return the first file of a table."""
    return sorted((rosters / table).rglob("*.parquet"))[0]


def cut(rosters: Path) -> str:
    """Cut a file of pupils short."""
    file = one(rosters, "pupils")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return "可能已损坏"


def spoil(rosters: Path) -> str:
    """Overwrite the middle of a file of pupils: its end still reads."""
    file = sorted((rosters / "pupils").rglob("year=2025/*.parquet"))[0]
    content = bytearray(file.read_bytes())
    content[100 : len(content) // 2] = bytes(len(content) // 2 - 100)
    file.write_bytes(bytes(content))
    return "可能已损坏"


def no_parquet(rosters: Path) -> str:
    """Put a text under the name of a Parquet file."""
    one(rosters, "teachers").write_text("not one", encoding="utf-8")
    return "可能已损坏"


def without_a_year(rosters: Path) -> str:
    """Take one league's year away."""
    shutil.rmtree(sorted((rosters / "pupils").rglob("year=2023"))[0])
    return "缺少这个分区"


def without_a_part(rosters: Path) -> str:
    """Take one league's teachers away."""
    one(rosters, "teachers").unlink()
    return "缺少这个分区"


def wrong_type(rosters: Path) -> str:
    """Grades as times of day."""
    file = one(rosters, "pupils")
    table = pq.ParquetFile(file).read()
    at = table.schema.get_field_index("grade")
    pq.write_table(table.set_column(at, "grade", pa.array([1.5] * len(table))), file)
    return "类型是 DOUBLE，应当是整数"


def without_a_column(rosters: Path) -> str:
    """No stage."""
    file = one(rosters, "teachers")
    pq.write_table(pq.ParquetFile(file).read().drop_columns(["stage"]), file)
    return "「stage」"


def unknown_code(rosters: Path) -> str:
    """A stage that there is not."""
    file = one(rosters, "teachers")
    table = pq.ParquetFile(file).read()
    at = table.schema.get_field_index("stage")
    pq.write_table(table.set_column(at, "stage", pa.array(["小学"] * len(table))), file)
    return "primary"


@pytest.mark.parametrize(
    "spoiled",
    [cut, spoil, no_parquet, without_a_year, without_a_part, wrong_type, without_a_column, unknown_code],
    ids=lambda one: one.__name__,
)
def test_what_is_broken_is_told_and_nothing_is_half_written(
    rosters: Path, tmp_path: Path, spoiled: Callable[[Path], str]
) -> None:
    """A table of facts is there only when the whole run has ended well."""
    told = spoiled(rosters)
    with pytest.raises(jh.Unusable) as refused:
        jh.aggregate(rosters, tmp_path / "out", threads=1)
    assert told in str(refused.value)
    assert finished(tmp_path / "out") == []


def test_what_was_there_stays_when_a_later_run_fails(made: Path, rosters: Path, tmp_path: Path) -> None:
    """The old facts are whole; once the file is back the run ends as if nothing had happened."""
    out = tmp_path / "out"
    first = jh.aggregate(rosters, out, threads=1)
    before = {file: (out / file).read_bytes() for file in sorted(finished(out))}
    broken = one(rosters, "pupils")
    whole = broken.read_bytes()
    cut(rosters)
    with pytest.raises(jh.Unusable):
        jh.aggregate(rosters, out, threads=1)
    assert {file: (out / file).read_bytes() for file in sorted(finished(out))} == before
    broken.write_bytes(whole)
    assert jh.aggregate(rosters, out, threads=1) == first


CELLS = [
    ({"grade": "一年级"}, "第 2 行「grade」 的值 '一年级'：应当是整数"),
    ({"in_zone": "也许"}, "第 2 行「in_zone」 的值 '也许'：应当是 1 或 0"),
    ({"stage": "大学"}, "第 2 行「stage」 的值 '大学'：不在规定的代码之内"),
    ({"pupil_id": ""}, "第 2 行「pupil_id」：没有填"),
    ({"year": "2025.5"}, "第 2 行「year」 的值 '2025.5'：应当是整数"),
]


@pytest.mark.parametrize(("cells", "told"), CELLS)
def test_a_cell_is_told_by_row_and_column(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    """In a CSV file, as its headings stand there."""
    pupils = [{**hand.pupil(1, "A", 1), **cells}, hand.pupil(2, "A", 1)]
    rosters = hand.write(tmp_path / "in", schools=[hand.school("A")], pupils=pupils)
    with pytest.raises(jh.Unusable) as refused:
        jh.aggregate(rosters, tmp_path / "out")
    assert told in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_chinese_headings_and_yes_are_read(tmp_path: Path) -> None:
    """As an office exports them."""
    row = {
        "学生编号": "x1",
        "学校标识码": "A",
        "学段": "primary",
        "年级": "1",
        "班级名称": "一班",
        "学年开始年份": "2025",
    }
    pupils = [{**row, "是否片内": "是", "是否随迁子女": "否"}]
    hand.write(tmp_path / "in", schools=[hand.school("A")], pupils=pupils)
    jh.aggregate(tmp_path / "in", tmp_path / "out", form="csv")
    text = (tmp_path / "out" / "schools.csv").read_text(encoding="utf-8")
    assert jh.load(tmp_path / "out").tables["schools"]["primary_in_zone_pupils"].to_pylist() == [1]
    assert "虚构旗" in text


def test_a_full_disk_is_told(rosters: Path, tmp_path: Path) -> None:
    """No file may grow beyond what the system allows; once it may, the next run ends well."""

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    command = [JUNHENG, "aggregate", rosters, "--output", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=small_files)
    assert done.returncode == 2, done.stderr
    assert "磁盘写满了" in done.stderr
    assert finished(tmp_path / "out") == []
    assert main([str(word) for word in command[1:]]) == 0
    assert finished(tmp_path / "out")


def test_an_output_is_never_written_over_something_else(rosters: Path, tmp_path: Path) -> None:
    """Nor into what was handed in; nor is a year counted that there is not."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(jh.Unusable, match="别的东西"):
        jh.aggregate(rosters, tmp_path / "other")
    with pytest.raises(jh.Unusable, match="名册的文件夹里"):
        jh.aggregate(rosters, rosters / "facts")
    with pytest.raises(jh.Unusable, match="没有这一年"):
        jh.aggregate(rosters, tmp_path / "out", year=1999)
    with pytest.raises(jh.Unusable, match="没有学校"):
        jh.aggregate(hand.write(tmp_path / "bare", pupils=[hand.pupil(1, "A", 1)]), tmp_path / "out")
    with pytest.raises(jh.Unusable, match="写完的数据文件夹"):
        jh.nation(tmp_path / "bare")
