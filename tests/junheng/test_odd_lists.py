"""Lists as two offices really hand them over: headings, numbers and names in every way; and what is refused, where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from junheng.api import Unusable
from junheng.matching import Key, Sealed, id_number, person_name, seal
from junheng.matching.people import Refused, check_sign
from people_lists import HEADINGS, child, number, write_csv, write_xlsx

KEY = Key(b"one key that both owners of a list hold")
NUMBER = number(1)
ENDS_IN_X = next(one for one in map(number, range(100)) if one.endswith("X"))


def wide(text: str) -> str:
    """Return a text in full-width signs."""
    return "".join(chr(ord(one) + 0xFEE0) for one in text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (NUMBER, NUMBER),
        (f"  {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ", NUMBER),
        (wide(NUMBER), NUMBER),
        (f"'{NUMBER}", NUMBER),
        (f"\u202d{NUMBER}\u202c", NUMBER),
        (ENDS_IN_X.lower(), ENDS_IN_X),
        (ENDS_IN_X.replace("X", "×"), ENDS_IN_X),
        (ENDS_IN_X.replace("X", "Ⅹ"), ENDS_IN_X),
        (f"{NUMBER}43", NUMBER),
        (f"{NUMBER}43B1", NUMBER),
        (f"G{NUMBER}", NUMBER),
        (f"g{NUMBER}", NUMBER),
        ("L99999920140315001X", ""),
        ("", ""),
        ("—", ""),
        ("无", ""),
        ("……", ""),
        ("未填", ""),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    """As people type it, as registers of pupils and certificates of the disabled hold it, and where there is none."""
    assert id_number(typed) == meant


def test_fifteen_digits_become_eighteen() -> None:
    """The century and the last sign are put in."""
    assert id_number("999999800506123") == "99999919800506123" + check_sign("99999919800506123")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("9.99999201403150E+17", "末尾几位丢失了"),
        ("1.5e17", "末尾几位丢失了"),
        ("999999201403150000", "末尾三位是 000"),
        (NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"), "最后一位与前面的数字对不上"),
        (NUMBER[:10] + NUMBER[11] + NUMBER[10] + NUMBER[12:], "对不上|不是日期"),
        (NUMBER[:17], "17 个字"),
        (NUMBER + "1", "19 个字"),
        ("E12345678", "9 个字"),
        ("13800000000", "11 个字"),
        (f"{NUMBER}、{number(2)}", "37 个字"),
        ("99999920141315001" + check_sign("99999920141315001"), "不是日期"),
        ("999999801306123", "不是日期"),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(typed: str, reason: str) -> None:
    """What a spreadsheet spoiled, what was mistyped, what is something else."""
    with pytest.raises(Refused, match=reason):
        id_number(typed)


def test_one_mistyped_digit_is_always_found() -> None:
    """So is a pair that changed places, where the two differ: the last sign was made for that."""
    for at in range(17):
        for digit in "0123456789":
            wrong = NUMBER[:at] + digit + NUMBER[at + 1 :]
            if wrong != NUMBER:
                with pytest.raises(Refused):
                    id_number(wrong)


@pytest.mark.parametrize(
    "typed",
    ["虚构·苏和", "虚构•苏和", "虚构・苏和", "虚构．苏和", " 虚构 苏和 ", "虚构　苏和", "虚构.苏和", "虚构苏\u200b和"],
)
def test_a_name_is_its_letters(typed: str) -> None:
    """Every dot and blank that offices put between the parts of a name."""
    assert person_name(typed) == "虚构苏和"
    assert person_name("ab C") == person_name("ＡＢＣ") == "ABC"
    assert person_name("虚构苏") != person_name("虚构苏和")


def sealed(file: Path, **how: object) -> Sealed:
    """Return a list sealed as it stands."""
    return seal(file, KEY, **how)[0]  # type: ignore[arg-type]


PLAIN = [child(1), child(2), child(3)]


def titled(folder: Path) -> tuple[Path, int]:
    """A title merged over the sheet above the heading, and who filled it in below."""
    file = write_xlsx(
        folder / "a.xlsx", [HEADINGS, *PLAIN, ("合计", 3), ("填表人：某某",)], ["示例旗残疾儿童名单（虚构）"]
    )
    book = openpyxl.load_workbook(file)
    assert book.active is not None
    book.active.merge_cells("A1:D1")
    book.save(file)
    return file, 3


def chinese_csv(folder: Path) -> tuple[Path, int]:
    """CSV in the encoding that offices save by default."""
    file = write_csv(folder / "a.csv", PLAIN)
    file.write_text(file.read_text(encoding="utf-8"), encoding="gb18030")
    return file, 2


def unicode_text(folder: Path) -> tuple[Path, int]:
    """What a spreadsheet calls Unicode text: UTF-16, with tabs."""
    file = write_csv(folder / "a.csv", PLAIN)
    file.write_text(file.read_text(encoding="utf-8").replace(",", "\t"), encoding="utf-16")
    return file, 2


def older_workbook(folder: Path) -> tuple[Path, int]:
    """An .xls, as systems export it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for at, row in enumerate([HEADINGS, *PLAIN]):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.save(str(folder / "a.xls"))
    return folder / "a.xls", 2


def other_headings(folder: Path) -> tuple[Path, int]:
    """Other words in the heading, a star, brackets, blanks, columns that do not matter."""
    heads = ("序号", "学生姓名*", "身份证号码（18 位）", "出生年月日", "苏木 乡镇", "残疾类别", "监护人身份证号")
    rows = [(str(at), *row, "肢体", number(900 + at)) for at, row in enumerate(PLAIN)]
    return write_xlsx(folder / "a.xlsx", rows, heads), 2


def certificates(folder: Path) -> tuple[Path, int]:
    """No column of ID numbers: the certificate's number holds them."""
    rows = [(name, f"{id_number}44", born, township) for name, id_number, born, township in PLAIN]
    return write_xlsx(folder / "a.xlsx", rows, ("残疾人姓名", "残疾人证号", "出生日期", "乡镇")), 2


def several_sheets(folder: Path) -> tuple[Path, int]:
    """A sheet that explains, one that counts, and the list."""
    file = write_xlsx(folder / "a.xlsx", PLAIN)
    book = openpyxl.load_workbook(file)
    book.create_sheet("说明", 0).append(["请填下一张表"])
    book.create_sheet("汇总").append(["乡镇", "人数"])
    book.save(file)
    return file, 2


def short_lines(folder: Path) -> tuple[Path, int]:
    """Blank rows between, and lines that end early."""
    file = folder / "a.csv"
    lines = [",".join(HEADINGS), ",,,", *(",".join(row[:2]) for row in PLAIN), ""]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file, 3


@pytest.mark.parametrize(
    "made",
    [
        titled,
        chinese_csv,
        unicode_text,
        older_workbook,
        other_headings,
        certificates,
        several_sheets,
        short_lines,
    ],
)
def test_an_odd_list_is_read_like_a_plain_one(made: Callable[[Path], tuple[Path, int]], tmp_path: Path) -> None:
    """The same hashes, under the row numbers that people see."""
    file, first = made(tmp_path)
    plain = sealed(write_csv(tmp_path / "plain.csv", PLAIN))
    found = sealed(file)
    assert [row.number for row in found.rows] == [row.number for row in plain.rows]
    assert [row.row for row in found.rows] == [first, first + 1, first + 2]


def test_headings_can_be_pointed_out(tmp_path: Path) -> None:
    """Where nobody could guess them, or where two would do."""
    file = write_csv(tmp_path / "a.csv", PLAIN, ("学生", "证件", "生日", "住址"))
    with pytest.raises(Unusable, match="找不到“身份证号”列"):
        sealed(file)
    columns = {"姓名": "学生", "身份证号": "证件", "出生日期": "生日"}
    assert sealed(file, columns=columns).rows == sealed(write_csv(tmp_path / "b.csv", PLAIN)).rows
    with pytest.raises(Unusable, match="没有这一列"):
        sealed(file, columns={"身份证号": "证件", "姓名": "名字"})
    with pytest.raises(Unusable, match="不认识等号左边的名称"):
        sealed(file, columns={"号码": "证件"})
    two = write_csv(tmp_path / "c.csv", [(*PLAIN[0][:3], NUMBER)], ("姓名", "身份证号", "出生日期", "证件号码"))
    with pytest.raises(Unusable, match="有几列都像“身份证号”"):
        sealed(two)
    assert len(sealed(two, columns={"身份证号": "证件号码"}).rows) == 1


def test_of_two_lists_in_a_workbook_one_is_pointed_out(tmp_path: Path) -> None:
    """Nobody guesses which is meant."""
    file = write_xlsx(tmp_path / "a.xlsx", PLAIN)
    book = openpyxl.load_workbook(file)
    other = book.create_sheet("去年")
    other.append(HEADINGS)
    other.append(child(9))
    book.save(file)
    with pytest.raises(Unusable, match="有几张工作表都像名单：Sheet、去年"):
        sealed(file)
    assert len(sealed(file, sheet="去年").rows) == 1
    with pytest.raises(Unusable, match="没有这张工作表"):
        sealed(file, sheet="前年")


def refused_cells(file: Path) -> list[tuple[int | None, str | None]]:
    """Return where a list's problems are: rows and columns."""
    with pytest.raises(Unusable) as refused:
        sealed(file)
    return [(one.row, one.column) for one in refused.value.problems]


def test_every_cell_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """A number spoiled by the spreadsheet, a wrong date, a row that names nobody; a good row between is no problem."""
    name, good, born, township = child(1)
    rows = [
        (name, int(NUMBER[:17] + "0"), born, township),
        (name, good, "2014-13-45", township),
        (name, good, born, township),
        (name, "", "", township),
        (name, good[:-3] + "000", born, township),
    ]
    cells = refused_cells(write_xlsx(tmp_path / "a.xlsx", rows))
    assert cells == [(2, "身份证号"), (3, "出生日期"), (5, None), (6, "身份证号")]


def test_no_whole_number_of_a_person_stands_in_a_message(tmp_path: Path) -> None:
    """Messages are photographed and sent about."""
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    with pytest.raises(Unusable) as refused:
        sealed(write_csv(tmp_path / "a.csv", [("虚构甲", wrong, "", "")]))
    assert "第 2 行「身份证号」" in str(refused.value)
    assert wrong not in str(refused.value)
    assert "虚构甲" not in str(refused.value)


def test_a_formula_that_failed_is_refused_where_it_is_read(tmp_path: Path) -> None:
    """In a column that nobody reads it does no harm."""
    file = write_xlsx(tmp_path / "a.xlsx", [(*PLAIN[0], "=1/0")], (*HEADINGS, "备注"))
    assert len(sealed(file).rows) == 1
    file = write_xlsx(tmp_path / "b.xlsx", [("虚构甲", "=A2&1", "2014-03-15", "")])
    assert refused_cells(file) == [(2, "B 列")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "找不到"),
        ("a.csv", ",".join(HEADINGS).encode(), "一个人也没有"),
        ("a.csv", b"\xff\xfe\xff\xff", "编码|找不到"),
        ("a.xlsx", b"not a workbook", "不是能读的工作簿"),
        ("a.txt", b"1", "不认识这种文件"),
    ],
)
def test_a_file_that_is_no_list_is_refused(name: str, content: bytes, reason: str, tmp_path: Path) -> None:
    """With what it is instead."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unusable, match=reason):
        sealed(tmp_path / name)


def test_a_folder_or_nothing_is_no_list(tmp_path: Path) -> None:
    """The message names it."""
    for path in (tmp_path, tmp_path / "missing.xlsx"):
        with pytest.raises(Unusable, match=path.name):
            sealed(path)


def test_people_who_stand_twice_are_told(tmp_path: Path) -> None:
    """By their number, or without one by name and birth date; and a birth date that is not that of the number."""
    name, id_number, born, township = child(1)
    rows = [child(1), child(2), child(1), (name, "", born, township), (name, id_number, "2014-12-31", township)]
    remarks = seal(write_csv(tmp_path / "a.csv", rows), KEY)[1]
    told = [(one.row, one.reason) for one in remarks]
    assert told == [
        (6, "出生日期与身份证号里的不同，按这一列的日期"),
        (4, "身份证号与第 2 行相同"),
        (5, "没有身份证号，姓名和出生日期与第 2 行相同"),
        (6, "身份证号与第 2 行相同"),
    ]


def test_a_township_that_stands_over_merged_cells_holds_for_all_of_them(tmp_path: Path) -> None:
    """Typed once, over many rows."""
    rows = [child(1), (*child(2)[:3], None), (*child(3)[:3], None), child(4, township="乙镇")]
    file = write_xlsx(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(file)
    assert book.active is not None
    book.active.merge_cells("D2:D4")
    book.save(file)
    found = sealed(file, groups=("township",))
    assert [row.groups for row in found.rows] == [("沙湾苏木",)] * 3 + [("乙镇",)]


@pytest.mark.parametrize(
    ("township", "reason"),
    [
        (lambda row: row[0], "像姓名"),
        (lambda row: row[1], "像姓名、号码"),
        (lambda _: "沙湾苏木第三嘎查 12 组 103 号院", "详细地址"),
    ],
)
def test_what_is_no_township_does_not_get_into_a_sealed_file(
    township: Callable[[tuple[str, ...]], str], reason: str, tmp_path: Path
) -> None:
    """A column that was pointed out wrongly would carry names or numbers out."""
    rows = [(*row[:3], township(row)) for row in PLAIN]
    with pytest.raises(Unusable, match=reason):
        sealed(write_csv(tmp_path / "a.csv", rows), groups=("township",))


def test_a_township_is_asked_for_where_there_is_none(tmp_path: Path) -> None:
    """And too many kinds of them are none."""
    file = write_csv(tmp_path / "a.csv", [row[:3] for row in PLAIN], HEADINGS[:3])
    with pytest.raises(Unusable, match="没有“乡镇”列"):
        sealed(file, groups=("township",))
    many = [child(at % 60, 2000 + at // 60, f"第{chr(0x4E00 + at)}镇") for at in range(101)]
    with pytest.raises(Unusable, match="101 种写法"):
        sealed(write_csv(tmp_path / "b.csv", many), groups=("township",))
