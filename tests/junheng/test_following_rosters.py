"""A program that stays while rosters come in: after every change the nation is what counting everything anew gives."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from threading import Timer

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.cli import following
from junheng.cli import main as command
from junheng.rosters.invented import invent
from junheng.rosters.records.keeping import alone
from junheng.rosters.records.sources import state
from roster_rows import contents, pupil, school, teacher, write
from test_linking_parts import LEAGUES, drawn, written

# Seconds after which a command that stays is ended: whoever reads its lines would wait for ever.
LATE = 120
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


def test_what_has_just_been_seen_is_not_looked_at_again(
    rosters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes to the same, also in the folder in which the program runs, and after a look that was too early."""
    monkeypatch.chdir(rosters)
    here = Path()
    with jh.following(here, tmp_path / "out") as again:
        again(state(here))
        early = state(here)
        pq.write_table(pq.ParquetFile(rosters / PUPILS).read().slice(1), rosters / PUPILS)
        for seen in (early, state(here)):
            table = again(seen)
        assert (contents(tmp_path / "out"), table) == anew(here, tmp_path / "anew")


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


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_whoever_else_counts_into_the_same_folder_spoils_nothing(rosters: Path, tmp_path: Path, form: str) -> None:
    """What stayed in memory is of before: it is believed no more, also where the rosters are again what they were."""
    leagues = drawn(0)
    with jh.following(rosters, tmp_path / "out") as again:
        again()
        for back in (leagues, drawn(5)):
            written(rosters, {"1501": drawn(4)["1501"]})
            jh.aggregate(rosters, tmp_path / "out", form=form)
            if form == "parquet":
                jh.nation(tmp_path / "out")
            written(rosters, {"1501": back["1501"]})
            table = again()
            assert (contents(tmp_path / "out"), table) == anew(rosters, tmp_path / "anew")


def test_two_at_once_are_told_of_each_other(rosters: Path, tmp_path: Path) -> None:
    """The second is refused while the first counts or judges; what is judged already can be read meanwhile."""
    with jh.following(rosters, tmp_path / "out") as again:
        again()
        with alone(tmp_path / "out"):
            for one in (again, lambda: jh.aggregate(rosters, tmp_path / "out"), lambda: judged_anew(tmp_path / "out")):
                with pytest.raises(jh.Unusable, match="别的 junheng 正在用这个文件夹"):
                    one()
            assert len(jh.nation(tmp_path / "out")) == len(LEAGUES)
        stood = contents(tmp_path / "out")
        again()
        assert contents(tmp_path / "out") == stood


def judged_anew(facts: Path) -> pa.Table:
    """Judge by another day's rules: nothing that was kept is of them."""
    return jh.nation(facts, as_of=dt.date(2024, 9, 1))


def test_ids_that_are_texts_are_followed_too(tmp_path: Path) -> None:
    """They have no sieve, and are taken once in a school by the engine."""
    rosters = write(tmp_path / "rosters", **ROSTERS)
    with jh.following(rosters, tmp_path / "out") as again:
        again()
        pupils = [one for one in ROSTERS["pupils"] if one["pupil_id"] != "3"]
        write(tmp_path / "rosters", **{**ROSTERS, "pupils": pupils})
        table = again()
        assert (contents(tmp_path / "out"), table) == anew(rosters, tmp_path / "anew")
        assert table["graduates"].to_pylist() == [4]


ROSTERS = {
    "schools": [school("A", county_code="150699", county_name="虚构旗")],
    "pupils": [pupil(str(id), "A", grade, year) for id in range(5) for grade, year in ((7, 2023), (9, 2025))],
    "teachers": [teacher(1, "A")],
}


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
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # Whoever runs the tests beside something else may have Ctrl+C ignored, and its children with it.
    with subprocess.Popen(program, **pipes, text=True, preexec_fn=_may_be_interrupted) as running:  # noqa: PLW1509
        late = Timer(LATE, running.kill)
        late.start()
        try:
            assert running.stdout
            assert "3 个县的结论写在" in running.stdout.readline()
            yield running
        finally:
            late.cancel()
            running.kill()


def _may_be_interrupted() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_whoever_ends_it_leaves_nothing_half_done(stays: subprocess.Popen[str], tmp_path: Path, how: int) -> None:
    """Ctrl+C, or the system: it says so, ends well, and nothing stands in the folder that is not kept."""
    assert stays.stdout
    stays.send_signal(how)
    assert "不再看着名册" in stays.stdout.read()
    assert stays.wait() == 0
    assert not [*(tmp_path / "out" / ".kept").glob("drafts*"), *(tmp_path / "out" / ".kept").glob(".spill*")]


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


def test_what_could_not_be_done_is_tried_again_although_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, or a table that is open in another program."""
    monkeypatch.setattr(following, "LOOK_EVERY", 0)
    looks = iter(range(100))
    following._wait(lambda: next(looks) and 0, 0, following.TRIED_AGAIN_AFTER)
    assert next(looks) == following.TRIED_AGAIN_AFTER


def test_a_table_that_cannot_be_written_is_told_once(
    rosters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The facts are new, the table is that of before; once it can be written it is, and nobody's verdict is another."""
    file = tmp_path / "not there" / "counties.csv"
    with jh.following(rosters, tmp_path / "out") as again:
        table, problem = following._round(again, file, None, "")
        assert table is None
        assert f"{file} 还是上一次的" in "".join(capsys.readouterr().err.split("\n"))
        assert following._round(again, file, None, problem) == (None, problem)
        assert capsys.readouterr() == ("", "")
        file.parent.mkdir()
        table, problem = following._round(again, file, None, problem)
        assert (table, problem) == (jh.nation(tmp_path / "out"), "")
    assert "3 个县的结论写在" in capsys.readouterr().out


def test_whose_verdicts_are_others_is_told_by_name() -> None:
    """Of all requirements too; counties that are new or gone; of many the first five."""
    columns = ("county_code", "county_name", "resources", "verdict")
    one = pa.table(dict(zip(columns, (["1", "2"], ["甲旗", "乙旗"], ["pass"] * 2, ["pass"] * 2), strict=True)))
    failed = one.set_column(3, "verdict", [["pass", "fail"]])
    assert following._told(None, one) == ""
    assert following._told(one, one) == "各县的结论没有变。"
    assert following._told(one, failed) == "结论变了的：乙旗（全部要求：达标→不达标）。"
    assert following._told(one, one.slice(1)) == "结论变了的：甲旗（不再有）。"
    assert following._told(one.slice(1), one) == "结论变了的：甲旗（新有的，资源配置：达标）。"
    many = pa.concat_tables([one.set_column(0, "county_code", [[f"{at}a", f"{at}b"]]) for at in range(4)])
    assert following._told(one.slice(2), many).endswith(" 等 8 个县。")


def test_a_look_tells_what_has_changed(tmp_path: Path) -> None:
    """A file that is new, gone, or of the same size at another time; what cannot be looked at is no end."""
    file = tmp_path / "rosters" / "pupils" / "a.csv"
    file.parent.mkdir(parents=True)
    seen = [following._look(tmp_path / "rosters")]
    for change in (lambda: file.write_text("1"), lambda: os.utime(file, (1, 1)), file.unlink):
        change()
        seen.append(following._look(tmp_path / "rosters"))
    assert [one != other for one, other in pairwise(seen)] == [True] * 3
    assert seen[0] == seen[3] == following._look(tmp_path / "nowhere")


@pytest.mark.parametrize("where", ["rosters", "out"])
def test_a_table_among_rosters_or_facts_is_refused(
    rosters: Path, tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be taken for a roster, or stand in the place of facts."""
    file = tmp_path / where / "schools.csv"
    assert command(["aggregate", str(rosters), "--output", str(tmp_path / "out"), "--follow", str(file)]) == 2
    assert "的文件夹里" in capsys.readouterr().err
    assert not file.exists()


@pytest.mark.parametrize(
    "given", [["--lay-out"], ["--engine", "spark"], ["--format", "csv"], ["--from-postgres", "service=none"]]
)
def test_it_stays_only_by_what_is_on_this_machine(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What else is asked for is refused before anything is read."""
    typed = ["aggregate", str(tmp_path), "--output", str(tmp_path / "out"), "--follow", "counties.csv", *given]
    assert command(typed) == 2
    assert f"不能与{given[0]}一起用" in capsys.readouterr().err
