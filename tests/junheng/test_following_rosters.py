"""A program that stays while rosters come in: after every change the nation is what counting everything anew gives."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.cli import following
from junheng.cli import main as command
from junheng.rosters.invented import invent
from roster_rows import contents
from test_linking_parts import LEAGUES, drawn, written

PUPILS = Path("pupils", "province=15", f"league={LEAGUES[0]}", "year=2025", "rows.parquet")


@pytest.fixture
def rosters(tmp_path: Path) -> Path:
    """Three leagues' rosters, some of whose pupils stand in two of them."""
    return written(tmp_path / "rosters", drawn(0))


def anew(rosters: Path, output: Path) -> tuple[dict[str, bytes], pa.Table]:
    """Count and judge everything from the start."""
    rmtree(output, ignore_errors=True)
    jh.aggregate(rosters, output, duplicates=False)
    return contents(output), jh.nation(output)


def test_after_every_change_it_is_what_all_of_it_counted_anew_gives(rosters: Path, tmp_path: Path) -> None:
    """One league, two, one that is taken away, one that comes back, and nothing at all: files and rows are the same."""
    leagues = drawn(0)
    changes: list[Callable[[], object]] = [
        lambda: written(rosters, {"1501": drawn(1)["1501"]}),
        lambda: written(rosters, {league: drawn(2)[league] for league in LEAGUES[1:]}),
        lambda: [rmtree(one) for one in rosters.glob("*/*/league=1502")],
        lambda: written(rosters, {"1502": leagues["1502"]}),
        lambda: None,
        lambda: written(rosters, {"1501": leagues["1501"]}),
    ]
    with jh.following(rosters, tmp_path / "out") as again:
        for change in (lambda: None, *changes):
            change()
            table = again()
            assert (contents(tmp_path / "out"), table) == anew(rosters, tmp_path / "anew")


def test_what_cannot_be_used_is_told_and_the_next_call_goes_on(rosters: Path, tmp_path: Path) -> None:
    """The facts of before still stand whole while a file is broken."""
    with jh.following(rosters, tmp_path / "out") as again:
        again()
        stood = contents(tmp_path / "out")
        (rosters / PUPILS).write_bytes(b"half of it")
        with pytest.raises(jh.Unusable, match="可能已损坏"):
            again()
        assert contents(tmp_path / "out") == stood
        written(rosters, {"1501": drawn(3)["1501"]})
        table = again()
        assert (contents(tmp_path / "out"), table) == anew(rosters, tmp_path / "anew")


def test_whoever_else_counts_into_the_same_folder_spoils_nothing(rosters: Path, tmp_path: Path) -> None:
    """What stayed in memory is of before; what the other kept and took away is not missed."""
    with jh.following(rosters, tmp_path / "out") as again:
        again()
        written(rosters, {"1501": drawn(4)["1501"]})
        jh.aggregate(rosters, tmp_path / "out")
        written(rosters, {"1502": drawn(5)["1502"]})
        assert again().equals(anew(rosters, tmp_path / "anew")[1])


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Invented rosters of three counties in one league."""
    invent(tmp_path / "made", 3 * 52_000, seed=14)
    return tmp_path / "made"


@pytest.fixture
def stays(made: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command that stays, after its first count."""
    typed = ["aggregate", str(made), "--output", str(tmp_path / "out"), "--follow", str(tmp_path / "counties.csv")]
    program = [sys.executable, "-c", "import sys; from junheng.cli import main; sys.exit(main(sys.argv[1:]))", *typed]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert "3 个县的结论写在" in running.stdout.readline()
            yield running
        finally:
            running.kill()


def test_the_command_stays_and_names_whose_verdict_is_another(
    stays: subprocess.Popen[str], made: Path, tmp_path: Path
) -> None:
    """A county that passed hands in three times its pupils: it is told, the file is anew, Ctrl+C ends it well."""
    assert stays.stdout
    assert stays.stderr
    before = passed(tmp_path / "out")
    (file,) = made.glob("pupils/*/*/year=2025/*.parquet")
    rows = pq.ParquetFile(file).read()
    file.write_bytes(b"half of it")
    assert "数据不能使用" in stays.stderr.readline()
    (first, *_) = sorted(before)
    own = rows.filter(pc.starts_with(rows["school_code"], first))
    pq.write_table(pa.concat_tables([rows, own, own]), file)
    told = stays.stdout.readline()
    assert "3 个县的结论写在" in told
    assert before - passed(tmp_path / "out") == {first}
    assert f"结论变了的：虚构县{first}（资源配置：达标→" in told
    assert told.count("资源配置") == 1
    assert command(["nation", str(tmp_path / "out"), "--output", str(tmp_path / "same.csv")]) == 0
    assert (tmp_path / "same.csv").read_bytes() == (tmp_path / "counties.csv").read_bytes()
    stays.send_signal(signal.SIGINT)
    assert "不再看着名册" in stays.stdout.read()
    assert stays.wait() == 0


def passed(facts: Path) -> set[str]:
    """Return the counties whose resources pass, by the facts as they stand."""
    table = jh.nation(facts)
    return set(table.filter(pc.equal(table["resources"], "pass"))["county_code"].to_pylist())


def test_what_is_still_being_copied_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is one that is the same at two looks; what comes back to what it was is none."""
    monkeypatch.setattr(following, "LOOK_EVERY", 0)
    looks = iter([0, 1, 2, 0, 3, 4, 4, 5])
    following._wait(lambda: next(looks), 0)
    assert next(looks) == 5


@pytest.mark.parametrize("given", [["--lay-out"], ["--engine", "spark"], ["--format", "csv"]])
def test_it_stays_only_by_what_is_on_this_machine(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What else is asked for is refused before anything is read."""
    typed = ["aggregate", str(tmp_path), "--output", str(tmp_path / "out"), "--follow", "counties.csv", *given]
    assert command(typed) == 2
    assert f"不能与{given[0]}一起用" in capsys.readouterr().err
