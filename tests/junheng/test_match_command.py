"""`junheng match` as two offices use it: a key, two sealed lists, what differs, one's own lines, a page to hand in."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from junheng.cli import main, match
from junheng.matching import GROUPS, load_sealed, read_key
from people_lists import child, write_csv, write_xlsx

JUNHENG = Path(sys.executable).with_name("junheng")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with both lists, the key, and both sealed."""
    monkeypatch.chdir(tmp_path)
    write_xlsx(tmp_path / "残联.xlsx", [child(serial) for serial in range(12)])
    write_csv(tmp_path / "学籍.csv", [child(serial) for serial in range(2, 13)], ("学生", "证件", "生日", "所在乡镇"))
    assert main(["match", "key", "--output", "k.key"]) == 0
    columns = ["--columns", "姓名=学生", "身份证号=证件", "出生日期=生日"]
    mine = "match seal 残联.xlsx --key k.key --owner 旗残联 --groups birth_year --output a.sealed"
    theirs = "match seal 学籍.csv --key k.key --owner 旗教育局 --output b.sealed"
    assert main(mine.split()) == 0
    assert main([*theirs.split(), *columns]) == 0
    return tmp_path


def test_from_the_key_to_ones_own_lines(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each step says what it did; counts on the screen, row numbers in the workbook, people in one's own file alone."""
    capsys.readouterr()
    assert main(["match", "seal", "残联.xlsx", "--key", "k.key", "--owner", "旗残联", "--output", "a.sealed"]) == 0
    sealed = capsys.readouterr()
    assert "已密封 12 行" in sealed.out
    assert load_sealed("a.sealed").digest in sealed.out
    assert sealed.err == ""
    assert main(["match", "compare", "a.sealed", "b.sealed", "--output", "差异.xlsx"]) == 0
    shown = capsys.readouterr().out
    assert "两边都有" in shown
    assert "10" in shown
    assert main(["match", "own", "残联.xlsx", "差异.xlsx", "--key", "k.key", "--output", "own.xlsx"]) == 0
    book = openpyxl.load_workbook("own.xlsx").active
    assert book is not None
    rows = list(book.iter_rows(values_only=True))
    assert [row[:3] for row in rows[1:]] == [(str(at + 2), "对方名单里没有", child(at)[0]) for at in (0, 1)]
    assert rows[1][3] == child(0)[1]


def test_the_summary_is_a_paper_with_counts_alone(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As PDF and Word, which the platform takes in, and as JSON; its SHA-256 is told."""
    compare = [*["match", "compare", "a.sealed", "b.sealed", "--output", "d.xlsx", "--date", "2025-09-10", "--summary"]]
    for name, start in (("s.pdf", b"%PDF"), ("s.docx", b"PK"), ("s.json", b"{")):
        capsys.readouterr()
        assert main([*compare, name]) == 0
        content = Path(name).read_bytes()
        assert content.startswith(start)
        assert hashlib.sha256(content).hexdigest() in capsys.readouterr().out
    told = json.loads(Path("s.json").read_text(encoding="utf-8"))
    assert (told["date"], told["both"]) == ("2025-09-10", 10)
    assert [one["only"] for one in told["lists"]] == [2, 1]
    assert [one["sealed_sha256"] for one in told["lists"]] == [load_sealed(f"{one}.sealed").digest for one in "ab"]
    assert told["lists"][0]["groups"]["birth_year"] == {"2014": {"people": "12", "both": "不单列", "only": "少于 5"}}


def test_strict_tells_whether_the_lists_agree(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without it the status is 0, whatever was found."""
    compare = ["--output", "d.xlsx", "--strict"]
    assert main(["match", "compare", "a.sealed", "b.sealed", *compare]) == 1
    write_csv(desk / "same.csv", [child(serial) for serial in range(12)])
    assert main([*["match", "seal", "same.csv", "--key", "k.key", "--output", "c.sealed"]]) == 0
    assert main(["match", "compare", "a.sealed", "c.sealed", *compare]) == 0
    capsys.readouterr()
    assert main(["match", "own", "same.csv", "d.xlsx", "--key", "k.key", "--output", "own.xlsx"]) == 0
    assert "没有要核对的" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("match seal 残联.xlsx --key a.sealed --output c.sealed", "不是钥匙文件"),
        ("match seal 残联.xlsx --key k.key --output 残联.xlsx", "原件不改动"),
        ("match seal 残联.xlsx --key k.key --output k.key", "原件不改动"),
        ("match seal 没有.xlsx --key k.key --output c.sealed", "没有这个文件"),
        ("match key --output k.key", "不会被覆盖"),
        ("match compare a.sealed a.sealed --output d.xlsx", "出自同一份名单"),
        ("match compare a.sealed 残联.xlsx --output d.xlsx", "不是密封文件"),
        ("match compare a.sealed b.sealed --output a.sealed", "原件不改动"),
        ("match compare a.sealed b.sealed --output d.xlsx --summary s.pdf", "没有写对照的日期"),
        ("match own 残联.xlsx a.sealed --key k.key --output d.xlsx", "不是能读的工作簿"),
    ],
)
def test_what_cannot_be_used_is_exit_2_and_leaves_nothing(
    typed: str, told: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what, where and why on stderr; no file is written, none is changed."""
    before = {file: file.read_bytes() for file in desk.iterdir()}
    capsys.readouterr()
    assert main(typed.split()) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""
    assert {file: file.read_bytes() for file in desk.iterdir()} == before


def test_what_was_mistyped_is_exit_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pair without its sign, a summary in a form that there is not, no deed at all."""
    for typed in (
        "match seal 残联.xlsx --key k.key --output c.sealed --columns 证件",
        "match compare a.sealed b.sealed --output d.xlsx --summary s.txt",
        "match",
    ):
        with pytest.raises(SystemExit) as left:
            main(typed.split())
        assert left.value.code == 2
        assert "用法" in capsys.readouterr().err


def test_words_are_read_from_a_pipe_and_not_shown(tmp_path: Path) -> None:
    """They stand in no command line, and so in no history of a shell."""
    words = "沙湾的骆驼在九月里走过三座没有名字的小桥去喝水"
    command = [JUNHENG, "match", "key", "--words", "--output", tmp_path / "k.key"]
    done = subprocess.run(command, input=words + "\n", capture_output=True, text=True, check=True)
    assert words not in done.stdout + done.stderr
    assert read_key(tmp_path / "k.key").fingerprint in done.stdout


def test_groups_are_those_of_the_sealed_file() -> None:
    """The command names them without loading what seals."""
    assert set(match.GROUPS) == set(GROUPS)
