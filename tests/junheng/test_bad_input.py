"""Input as bad as it comes ends in the right facts, or in one clear refusal: what, where, why, what to do."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

import bad_workbooks
import junheng as jh
from bad_workbooks import BOOK, ENTITIES, HEADINGS, RELATIONS, SHEET
from junheng.cli import main

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
HEADER = "学校标识码,小学在校生数\n"
GOOD_ROW = {"school_code": "A", "primary_pupils": 12}


def refused(path: Path) -> str:
    """Return why `path` is refused; every problem says what to do."""
    with pytest.raises(jh.Unusable) as error:
        jh.load(path)
    assert all(problem.remedy and problem.file for problem in error.value.problems)
    return str(error.value)


def rows(facts: jh.Facts, table: str = "schools") -> list[dict[str, Any]]:
    """Return the rows with what is reported in them."""
    return [{k: v for k, v in row.items() if v not in (None, "")} for row in facts.tables[table].to_pylist()]


def csv_file(folder: Path, content: str | bytes, name: str = "schools.csv") -> Path:
    """Write one file of a folder of facts; return the folder."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


@pytest.mark.parametrize(
    "cell",
    [
        *[
            "约100",
            "100人",
            "1,00,0",
            "１２３．５",
            "1e400",
            "NaN",
            "inf",
            "－5",
            "−5",
            "(100)",
            "（100）",
            "50%",
            "是",
            "TRUE",
            "2025-09-01",
            "0x10",
            "1_000",
            "١٢٣",
            "²",
        ],
        *["'12", "十二", ".5", "+", "--5", "12元", "\u200b12", "\ufeff12"],
        *("1 000", "9" * 30, "9" * 100_000),
    ],
)
def test_what_is_no_whole_number_is_refused_at_its_cell(tmp_path: Path, cell: str) -> None:
    """Nothing is guessed from a word, a sign, a unit or an exponent; the sentence stays short."""
    told = refused(csv_file(tmp_path, f'{HEADER}A,1\nB,"{cell}"\n'))
    assert told.startswith("schools.csv 第 3 行「小学在校生数」")
    assert len(told) < 300


@pytest.mark.parametrize(
    "content",
    [
        "学校标识码;小学在校生数\nA;12\n",
        "学校标识码\t小学在校生数\nA\t12\n",
        f"{HEADER}A,12\n".encode("utf-16"),
        "学校标识码\t小学在校生数\r\nA\t12\r\n".encode("utf-16"),
        f"{HEADER}A,12\n".replace("\n", "\r"),
        f"\n\n某旗学校情况表,\n{HEADER}A,12\n合计,12\n",
        f"{HEADER}A,12\n填表人：某某,\n注：以上为九月一日的数,\n",
    ],
)
def test_habits_of_other_programs_are_read(tmp_path: Path, content: str | bytes) -> None:
    """Semicolons, tabs, UTF-16, old line ends, a title above and a total below leave the same school."""
    assert rows(jh.load(csv_file(tmp_path, content))) == [GOOD_ROW]


def test_a_total_below_the_schools_is_no_school_and_is_mentioned(tmp_path: Path) -> None:
    """The row is passed over with a remark that names it, whichever column the word stands in."""
    facts = jh.load(csv_file(tmp_path, "县代码,学校标识码,学校名称,小学在校生数\n1,A,甲,1\n1,B,乙,2\n,,合 计,3\n"))
    assert [row["school_code"] for row in rows(facts)] == ["A", "B"]
    assert [(one.row, one.value) for one in facts.remarks] == [(4, "合 计")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"{HEADER}A\0,12\n", "控制字符"),
        (f'{HEADER}"A\x1b[31m",12\n', "控制字符"),
        (f'{HEADER}"A,12\nB,13\n', "引号没有成对"),
        (f'{HEADER}"A,12\n' + "B,13\n" * 50_000, "引号没有成对"),
        ("学校标识码,小学在校生数,小学在校生数\nA,1,2\n", "列重复"),
        ("\n" * 15 + f"{HEADER}A,12\n", "没有一个认得的列名"),
        ("A,12\nB,13\n", "没有一个认得的列名"),
        ("<html><table><tr><td>学校标识码</td></tr></table></html>", "没有一个认得的列名"),
        (f"{HEADER}A,12\n".encode("utf-16-le"), "没有一个认得的列名"),
        (b"\xff\xfe\x00", "编码"),
        (b"MZ\x90\x00\x03" * 400, "编码|列名"),
    ],
)
def test_a_file_that_cannot_be_taken_apart_is_refused(tmp_path: Path, content: str | bytes, reason: str) -> None:
    """A renamed program, a web page, a lost quote, an invisible character: never half an answer."""
    with pytest.raises(jh.Unusable, match=reason):
        jh.load(csv_file(tmp_path, content))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2025-09-01T00:00:00", dt.date(2025, 9, 1)),
        ("20250901", dt.date(2025, 9, 1)),
        ("２０２５年９月１日", dt.date(2025, 9, 1)),
        ("2025.9.1", dt.date(2025, 9, 1)),
        ("45901", "序号"),
        ("25-9-1", "不是日期"),
        ("2025-13-01", "不是日期"),
        ("2025-9", "不是日期"),
        ("9999-12-31", "不是日期"),
    ],
)
def test_a_counting_date_is_read_or_refused(tmp_path: Path, written: str, kept: Any) -> None:
    """A spreadsheet's serial number is not taken for a date: which of two calendars it counts from is not known."""
    csv_file(tmp_path, "school_code\nA\n")
    folder = csv_file(tmp_path, f"counting_date\n{written}\n", "period.csv")
    if isinstance(kept, str):
        assert kept in refused(folder)
    else:
        assert jh.load(folder).counting_date == kept


@pytest.mark.parametrize("kind", ["folder", "loop", "pipe"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    """A folder, a loop of links and a pipe under a table's name are not waited for."""
    make = {
        "folder": lambda path: path.mkdir(),
        "loop": lambda path: path.symlink_to(path.name),
        "pipe": os.mkfifo,
    }[kind]
    make(tmp_path / "schools.csv")
    assert "不是普通的文件" in refused(tmp_path)
    make(tmp_path / "facts.xlsx")
    assert "不是普通的文件" in refused(tmp_path / "facts.xlsx") or kind != "pipe"


@pytest.mark.parametrize("path", ["x" * 300, "a\0b", "nowhere/at/all.xlsx"])
def test_a_path_that_cannot_be_is_refused(path: str) -> None:
    """Too long for the file system, holding a zero byte, or not there."""
    refused(Path(path))


COLUMNS: dict[str, tuple[Any, Any]] = {
    "dictionary": (pa.array([12, None]).dictionary_encode(), 12),
    "decimal": (pa.array([Decimal("12.00"), None], pa.decimal128(38, 10)), 12),
    "unsigned": (pa.array([12, None], pa.uint64()), 12),
    "single": (pa.array([12.0, None], pa.float32()), 12),
    "large text": (pa.array(["12", None], pa.large_string()), 12),
    "text view": (pa.array(["12", None], pa.string_view()), 12),
    "empty": (pa.nulls(2), None),
    "not a number": (pa.array([float("nan")] * 2), None),
    "too large": (pa.array([2**64 - 1, 1], pa.uint64()), "上限"),
    "infinite": (pa.array([float("inf"), 1.0]), "应当是数字"),
    "enormous": (pa.array([1e300, 5e-324]), "上限"),
    "time": (pa.array([dt.datetime(2025, 9, 1, tzinfo=dt.UTC)] * 2), "应当是数字"),
    "list": (pa.array([[1], [2]]), "不是一格一个数"),
    "nested": (pa.array([{"a": 1}, {"a": 2}]), "不是一格一个数"),
    "map": (pa.array([[("a", 1)], []], pa.map_(pa.string(), pa.int64())), "不是一格一个数"),
    "bytes": (pa.array([b"12", b"\xff"]), "不是一格一个数"),
    "duration": (pa.array([1, 2], pa.duration("s")), "不是一格一个数"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_of_a_parquet_file_is_read_or_refused_by_its_type(tmp_path: Path, kind: str) -> None:
    """Whatever holds one number or text a cell is read exactly; the rest is named, with its heading."""
    column, kept = COLUMNS[kind]
    pq.write_table(pa.table({"school_code": ["A", "B"], "primary_pupils": column}), tmp_path / "schools.parquet")
    if isinstance(kept, str):
        told = refused(tmp_path)
        assert kept in told
        assert "「primary_pupils」" in told
    else:
        assert jh.load(tmp_path).tables["schools"]["primary_pupils"][0].as_py() == kept


def test_a_short_decimal_kept_as_a_single_is_read_as_it_was_typed(tmp_path: Path) -> None:
    """12.34 in 32 bits is 12.34, and a number that has lost digits there is not made up."""
    pq.write_table(pa.table({"teaching_area": pa.array([12.34], pa.float32())}), tmp_path / "schools.parquet")
    assert jh.load(tmp_path).tables["schools"]["teaching_area"][0].as_py() == 1234


def test_a_parquet_file_with_a_heading_twice_is_refused(tmp_path: Path) -> None:
    """Nobody can tell which column counts."""
    table = pa.table(
        [pa.array(["A"]), pa.array([1]), pa.array([2])], ["school_code", "primary_pupils", "primary_pupils"]
    )
    pq.write_table(table, tmp_path / "schools.parquet")
    assert "列重复" in refused(tmp_path)


def read_or_refused(path: Path) -> list[dict[str, Any]] | None:
    """Return the schools at `path`, or None where they are refused."""
    try:
        return rows(jh.load(path))
    except jh.Unusable:
        return None


def test_a_damaged_parquet_file_ends_in_an_answer(tmp_path: Path) -> None:
    """Cut anywhere it is refused; with a byte turned over anywhere it is read or refused, never a traceback."""
    file = tmp_path / "schools.parquet"
    pq.write_table(pa.table({"school_code": ["A", "B"], "primary_pupils": [1, 2]}), file, write_page_checksum=True)
    whole = file.read_bytes()
    right = rows(jh.load(tmp_path))
    ends = []
    for at in range(0, len(whole), 29):
        file.write_bytes(whole[:at])
        assert read_or_refused(tmp_path) is None
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        ends.append(read_or_refused(tmp_path))
    assert right in ends
    assert None in ends


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({BOOK: ("?>", f"?>{ENTITIES}")}, "实体声明"),
        ({RELATIONS: ("?>", f"?>{ENTITIES}")}, "实体声明"),
        ({SHEET: ("?>", f"?>{ENTITIES}")}, "实体声明"),
        ({SHEET: ('r="C2"', 'r="XFD1048576"')}, "XFD 列、第 1,048,576 行"),
        ({SHEET: ('r="C2"', 'r="ZZZZZZZ99999999999"')}, "多得不像填报表"),
        ({SHEET: ("</sheetData>", "</sheet")}, "已损坏"),
        ({BOOK: ('name="', 'nxme="')}, "已损坏"),
        ({BOOK: ("</workbook>", "</work")}, "已损坏"),
        ({RELATIONS: ("Id=", "Ix=")}, "已损坏"),
        ({RELATIONS: None}, "已损坏"),
        ({SHEET: None}, "已损坏"),
        ({BOOK: None}, "没有 xlsx 的内容"),
    ],
)
def test_a_workbook_broken_inside_is_refused(tmp_path: Path, parts: Any, reason: str) -> None:
    """Entities that name each other, a cell at the far corner, parts cut or missing."""
    assert reason in refused(bad_workbooks.changed(tmp_path / "bad.xlsx", parts))


def test_a_workbook_that_unfolds_without_end_is_refused_at_once(tmp_path: Path) -> None:
    """Half a megabyte that means 400: refused by its own table of contents, before anything is unfolded."""
    file = bad_workbooks.bomb(tmp_path / "bomb.xlsx", 400)
    assert file.stat().st_size < 10**6
    begun = time.monotonic()
    assert "展开后有 400 MB" in refused(file)
    assert time.monotonic() - begun < 2


def test_a_byte_turned_over_anywhere_in_a_workbook_never_gives_wrong_facts(tmp_path: Path) -> None:
    """The package's checksums are looked at: the facts are right, or there are none."""
    file = tmp_path / "bad.xlsx"
    whole = bad_workbooks.good(file).read_bytes()
    right = rows(jh.load(file))
    for at in range(0, len(whole), 97):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert read_or_refused(file) in (right, None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xls", "<html><meta charset='utf-8'><table><tr><td>学校标识码</td></tr></table></html>", "网页"),
        ("a.xls", '<?xml version="1.0"?><Workbook/>', "XML"),
        ("a.xls", f"{HEADER}A,12\n", "文本文件"),
        ("a.xlsx", "%PDF-1.7\n%\xe2\xe3", "PDF"),
        ("a.xlsx", "", "文件是空的"),
        ("a.xlsx", "\0\1\2", "认不出来"),
        ("a.xlsb", "PK", "另存为 .xlsx"),
        ("a.ods", "PK", "另存为 .xlsx"),
        ("a.et", "PK", "在 WPS 里另存为"),
        ("schools.csv", f"{HEADER}A,12\n", "放进一个文件夹"),
    ],
)
def test_another_format_under_a_workbooks_name_is_told(tmp_path: Path, name: str, content: str, reason: str) -> None:
    """Systems export web pages and text as .xls: the refusal says what it is."""
    (tmp_path / name).write_bytes(content.encode("utf-8"))
    assert reason in refused(tmp_path / name)


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    """The reason is the password, not damage."""
    whole = bad_workbooks.good(tmp_path / "good.xlsx")
    with whole.open("rb") as plain, (tmp_path / "locked.xlsx").open("wb") as locked:
        OOXMLFile(plain).encrypt("示例", locked)
    assert "密码" in refused(tmp_path / "locked.xlsx")


def old_workbook(file: Path, *, errors: bool) -> Path:
    """Write an .xls: a code as text, a date, and where asked cells that hold errors."""
    book = xlwt.Workbook()
    sheet, period = book.add_sheet("学校"), book.add_sheet("统计时期")
    for at, (heading, cell) in enumerate(zip(HEADINGS, ["0015", "甲", 12, 100.5], strict=True)):
        sheet.write(0, at, heading)
        sheet.write(1, at, cell)
    if errors:
        sheet.write(2, 0, "B")
        sheet.row(2).set_cell_error(2, "#DIV/0!")
    style = xlwt.XFStyle()
    style.num_format_str = "yyyy-mm-dd"
    period.write(0, 0, "统计时点")
    period.write(1, 0, dt.date(2025, 9, 1), style)
    book.save(str(file))
    return file


@pytest.mark.parametrize("suffix", [".xls", ".xlsx"])
def test_an_old_workbook_is_read_whatever_its_name(tmp_path: Path, suffix: str) -> None:
    """Codes keep their zeros, dates are dates."""
    facts = jh.load(old_workbook(tmp_path / f"old{suffix}", errors=False))
    assert rows(facts) == [{"school_code": "0015", "school_name": "甲", "primary_pupils": 12, "teaching_area": 10_050}]
    assert facts.counting_date == dt.date(2025, 9, 1)


def test_an_error_cell_of_an_old_workbook_is_not_taken_for_a_blank(tmp_path: Path) -> None:
    """Row, column and error are named."""
    assert "old.xls 第 3 行「C 列」 的值 '#DIV/0!'" in refused(old_workbook(tmp_path / "old.xls", errors=True))


def test_a_formula_never_worked_out_is_not_taken_for_a_blank(tmp_path: Path) -> None:
    """A program that writes formulas without their results leaves cells whose value nobody knows."""
    book = openpyxl.Workbook()
    book.active.title = "学校"
    book.active.append(HEADINGS)
    book.active.append(["A", "甲", "=1+2", 5])
    book.save(tmp_path / "made.xlsx")
    assert "学校 第 2 行「C 列」：单元格里的公式还没有算出结果" in refused(tmp_path / "made.xlsx")


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_date_cell_is_the_same_day_in_both_calendars(tmp_path: Path, from_1904: bool) -> None:
    """Old Macs count from 1904; the workbook says so."""
    with xlsxwriter.Workbook(str(tmp_path / "d.xlsx"), {"date_1904": from_1904}) as book:
        book.add_worksheet("学校").write_row(0, 0, HEADINGS)
        period = book.add_worksheet("统计时期")
        period.write(0, 0, "统计时点")
        period.write_datetime(1, 0, dt.date(2025, 9, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert jh.load(tmp_path / "d.xlsx").counting_date == dt.date(2025, 9, 1)


@pytest.mark.parametrize(
    ("cell", "form", "reason"),
    [
        (0.5, "0%", "整数"),
        (-100, "#,##0_);(#,##0)", "负数"),
        (dt.time(12), "hh:mm", "应当是数字"),
        (True, "General", "应当是数字"),
    ],
)
def test_how_a_number_is_shown_does_not_change_what_it_is(tmp_path: Path, cell: Any, form: str, reason: str) -> None:
    """Percents, brackets for negatives, times and booleans in a column of pupils."""
    with xlsxwriter.Workbook(str(tmp_path / "shown.xlsx")) as book:
        sheet = book.add_worksheet("学校")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write(1, 0, "A")
        sheet.write(1, 2, cell, book.add_format({"num_format": form}))
    assert reason in refused(tmp_path / "shown.xlsx")


def test_200000_rows_of_nonsense_are_refused_with_every_row_in_reasonable_time(tmp_path: Path) -> None:
    """One problem a row, and no row forgotten."""
    csv_file(tmp_path, HEADER + "".join(f"{number},x\n" for number in range(200_000)))
    begun = time.monotonic()
    with pytest.raises(jh.Unusable) as error:
        jh.load(tmp_path)
    assert len(error.value.problems) == 200_000
    assert time.monotonic() - begun < 60


# Every module is loaded first: the interpreter itself may stand where nobody else may read.
RUN = """
import contextlib, io, os, sys
from junheng.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["check", sys.argv[1]])
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
sys.exit(main(sys.argv[2:]))
"""


def as_nobody(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user without rights: root reads everything, whatever the file says."""
    command = [sys.executable, "-c", RUN, str(SHILI), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A copy of the example that others may read, under folders that others may pass; pytest's own they may not."""
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o755)
        folder = Path(top) / "county" / "facts"
        shutil.copytree(SHILI, folder)
        yield folder


@pytest.mark.parametrize("closed", ["", "schools.csv", "..", "facts.xlsx"])
def test_what_may_not_be_read_is_refused(shared: Path, closed: str) -> None:
    """A folder, a file in it, a workbook, and a folder above: exit 2, in Chinese, without a traceback."""
    path = shared / "facts.xlsx" if closed.endswith(".xlsx") else shared
    if path != shared:
        bad_workbooks.good(path)
    target = shared / closed
    mode = target.stat().st_mode
    target.chmod(0)
    try:
        done = as_nobody("check", str(path))
    finally:
        target.chmod(mode)
    assert done.returncode == 2, done.stderr
    assert "打不开" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_place_that_may_not_be_written_is_refused(shared: Path) -> None:
    """The answer is not lost half-way, and nothing is left behind."""
    before = sorted(path.name for path in shared.iterdir())
    for option in ("--output", "--annotate"):
        done = as_nobody("check", str(shared), option, str(shared / "out.xlsx"))
        assert (done.returncode, "写不进去" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert sorted(path.name for path in shared.iterdir()) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--county", "9", "--output", "out", "--annotate", "out.xlsx"],
        ["check", "--standard", "none", "--output", "out"],
        ["assess", "--county", "9", "--output", "out"],
        ["explain", "--school", "无此校", "--stage", "primary", "--indicator", "B3", "--output", "out"],
    ],
)
def test_a_failed_run_leaves_no_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """Whatever fails, no file is written, and one that stood there stays as it was."""
    monkeypatch.chdir(tmp_path)
    assert main([arguments[0], str(SHILI), *arguments[1:]]) == 2
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out").write_text("before")
    assert main([arguments[0], str(SHILI), *arguments[1:]]) == 2
    assert (tmp_path / "out").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback where the answer finds no room."""
    assert main(["check", str(SHILI), "--output", "/dev/full"]) == 2
    assert "写不进去" in capsys.readouterr().err
