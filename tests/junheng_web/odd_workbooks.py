"""Workbooks as they come from schools: with the habits of offices, damaged, disguised, or of somebody else.

Each case is made anew, says what is to become of it, and names its file as its sender would.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from collected import SCHOOL

CODE, NAME, PUPILS, TEACHERS = "学校标识码", "学校名称", "小学在校生数", "小学专任教师数"
EQUIPMENT, SHEET = "教学仪器设备资产值", "学校"
SCHOOL_NAME, OTHER = "示例旗实验小学", "1506990001"
HEADINGS = (CODE, NAME, PUPILS, TEACHERS)
ROW = (SCHOOL, SCHOOL_NAME, 1888, 151)
READ = {"primary_pupils": 1888, "primary_teachers": 151}
HELD = {"primary_pupils": 1890, "primary_teachers": 150}
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Odd:
    """One file: what it is called, its content, and either why it is refused or what is held afterwards."""

    about: str
    name: str
    content: Callable[[], bytes]
    refused: str = ""
    holds: dict[str, int] | None = None
    remark: str = ""

    def __str__(self) -> str:
        return self.about


def book(rows: Rows, sheet: str = SHEET, change: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a workbook with rows in one sheet; `change` may do more to the book and the sheet."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    own = made.add_worksheet(sheet)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                own.write_string(at, column, value)
            elif value is not None:
                own.write(at, column, value)
    if change:
        change(made, own)
    made.close()
    return out.getvalue()


def old_book(rows: Rows) -> bytes:
    """Return the same as .xls."""
    out, made = io.BytesIO(), xlwt.Workbook()
    sheet = made.add_sheet(SHEET)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    made.save(out)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def table(text: str, encoding: str = "utf-8", name: str = "学校.csv") -> bytes:
    """Return one CSV table as a zip."""
    return zipped({name: text.encode(encoding)})


def with_password() -> bytes:
    """Return a workbook that opens with a password only."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(book([HEADINGS, ROW]))).encrypt("secret", out)
    return out.getvalue()


def without(part: str) -> bytes:
    """Return a workbook in which a part is missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([HEADINGS, ROW]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in set(old.namelist()) - {part}:
            new.writestr(name, old.read(name))
    return out.getvalue()


def changed_by_openpyxl(change: Callable[[Any], None]) -> bytes:
    """Return a workbook that another program has saved again."""
    out, made = io.BytesIO(), openpyxl.load_workbook(io.BytesIO(book([HEADINGS, ROW])))
    change(made[SHEET])
    made.save(out)
    return out.getvalue()


def _cell(value: Any) -> Callable[[], bytes]:
    return lambda: book([HEADINGS, (SCHOOL, SCHOOL_NAME, value, 151)])


def _rows(*rows: Sequence[Any], **more: Any) -> Callable[[], bytes]:
    return lambda: book(rows, **more)


def _hidden(made: Any, sheet: Any) -> None:
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_column(2, 2, None, None, {"hidden": True})


def _titled(made: Any, sheet: Any) -> None:
    sheet.merge_range(0, 0, 0, 3, "示例旗（虚构）学校数据", made.add_format({"bold": True}))


def _formula(made: Any, sheet: Any) -> None:
    sheet.write_formula(1, 2, "=944*2", None, 1888)


def _broken_formula(made: Any, sheet: Any) -> None:
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")


def _another_sheet(made: Any, sheet: Any) -> None:
    made.add_worksheet("我的草稿").write(0, 0, "随手记的")


def _dated(made: Any, sheet: Any) -> None:
    sheet.write_number(1, 2, 45900, made.add_format({"num_format": "yyyy-mm-dd"}))


NUMBER, WHOLE, PASSWORD = "应当是数字", "应当是整数", "密码"
CSV = f"{CODE},{NAME},{PUPILS},{TEACHERS}\n{SCHOOL},{SCHOOL_NAME},1888,151\n"
# What is typed into the cell of the pupils, and what is held afterwards.
TYPED: dict[str, Any] = {
    "text digits": "1888",
    "full-width digits": "１８８８",
    "thousands separated": "1,888",
    "blanks around": "  1888　",
    "a plus sign": "+1888",
    "decimals that are none": "1888.00",
}
NOTHING: dict[str, Any] = {
    "a dash": "—",
    "two dashes": "--",
    "a slash": "/",
    "empty": None,
    "blanks": "   ",
    "未报": "未报",
}
WRONG: dict[str, tuple[Any, str]] = {
    "words": ("许多", NUMBER),
    "a unit behind": ("1888人", NUMBER),
    "an approximation": ("约1888", NUMBER),
    "a negative": (-5, "不能是负数"),
    "half a pupil": (1888.5, WHOLE),
    "far too many": (99999999, "超过了可以受理的上限"),
    "scientific": ("1.8E3", NUMBER),
    "a sum": ("=944*2", NUMBER),
    "misplaced commas": ("18,88", NUMBER),
    "two numbers": ("1888 1890", NUMBER),
}
CORPUS = [
    Odd("as it should be", "数据.xlsx", _rows(HEADINGS, ROW), holds=READ),
    *(Odd(f"pupils: {about}", "数据.xlsx", _cell(value), holds=READ) for about, value in TYPED.items()),
    *(
        Odd(f"nothing reported: {about}", "数据.xlsx", _cell(value), holds={**HELD, "primary_teachers": 151})
        for about, value in NOTHING.items()
    ),
    *(Odd(f"pupils: {about}", "数据.xlsx", _cell(value), refused=why) for about, (value, why) in WRONG.items()),
    Odd("none, or zero", "数据.xlsx", _cell("无"), holds={**HELD, "primary_teachers": 151}, remark="请改填 0"),
    Odd("zero", "数据.xlsx", _cell(0), holds={**READ, "primary_pupils": 0}),
    Odd("a title above", "数据.xlsx", _rows(("",), HEADINGS, ROW, change=_titled), holds=READ),
    Odd("two lines above", "数据.xlsx", _rows(("填表单位：", SCHOOL_NAME), ("",), HEADINGS, ROW), holds=READ),
    Odd("hidden rows and columns", "数据.xlsx", _rows(HEADINGS, ROW, change=_hidden), holds=READ),
    Odd("a formula with its value", "数据.xlsx", _rows(HEADINGS, ROW, change=_formula), holds=READ),
    Odd("a formula that fails", "数据.xlsx", _rows(HEADINGS, ROW, change=_broken_formula), refused="#DIV/0!"),
    Odd("a date among the pupils", "数据.xlsx", _rows(HEADINGS, ROW, change=_dated), refused=NUMBER),
    Odd(
        "a sheet of one's own", "数据.xlsx", _rows(HEADINGS, ROW, change=_another_sheet), holds=READ, remark="我的草稿"
    ),
    Odd("a column of one's own", "数据.xlsx", _rows((*HEADINGS, "备忘"), (*ROW, "x")), holds=READ, remark="备忘"),
    Odd("columns in another order", "数据.xlsx", _rows(HEADINGS[::-1], ROW[::-1]), holds=READ),
    Odd(
        "headings with stars and units",
        "数据.xlsx",
        _rows((CODE, NAME, f"{PUPILS}（人）*", f"{TEACHERS}＊"), ROW),
        holds=READ,
    ),
    Odd("English headings", "数据.xlsx", _rows(("school_code", "school_name", *READ), ROW), holds=READ),
    Odd("the code as a number", "数据.xlsx", _rows(HEADINGS, (int(SCHOOL), *ROW[1:])), holds=READ),
    Odd("empty lines between", "数据.xlsx", _rows(HEADINGS, (), ROW, (), ()), holds=READ),
    Odd("a wide code", "数据.xlsx", _rows(HEADINGS, ("１５０６９９０００６", *ROW[1:])), holds=READ),
    Odd("without its name", "数据.xlsx", _rows((CODE, PUPILS, TEACHERS), (SCHOOL, 1888, 151)), holds=READ),
    Odd("under another name", "数据.xlsx", _rows(HEADINGS, (SCHOOL, "实验小学", 1888, 151)), holds=READ),
    Odd("saved by another program", "数据.xlsx", lambda: changed_by_openpyxl(lambda sheet: None), holds=READ),
    Odd("with a comment", "数据.xlsx", lambda: changed_by_openpyxl(_commented), holds=READ),
    Odd("an old workbook", "数据.xls", lambda: old_book([HEADINGS, ROW]), holds=READ),
    Odd("a name in capitals", "数据.XLSX", _rows(HEADINGS, ROW), holds=READ),
    Odd("a zip of one table", "数据.zip", lambda: table(CSV), holds=READ),
    Odd("a table with a mark of its coding", "数据.zip", lambda: table(CSV, "utf-8-sig"), holds=READ),
    Odd("a table of Chinese Windows", "数据.zip", lambda: table(CSV, "gb18030"), holds=READ),
    Odd("a table with tabs", "数据.zip", lambda: table(CSV.replace(",", "\t")), holds=READ),
    Odd("a table with old line ends", "数据.zip", lambda: table(CSV.replace("\n", "\r\n")), holds=READ),
    Odd("a table under its English name", "数据.zip", lambda: table(CSV, name="schools.csv"), holds=READ),
    Odd(
        "equipment in 万元",
        "数据.xlsx",
        _rows((CODE, f"{EQUIPMENT}（万元）"), (SCHOOL, 12.5)),
        holds={"equipment_value": 12_500_000},
    ),
    Odd(
        "equipment in yuan",
        "数据.xlsx",
        _rows((CODE, f"{EQUIPMENT}（元）"), (SCHOOL, 125000)),
        holds={"equipment_value": 12_500_000},
    ),
    Odd(
        "a school nobody knows",
        "数据.xlsx",
        _rows(HEADINGS, ("1506999999", "不明小学", 1, 1)),
        refused="本县没有这所学校",
    ),
    Odd("no code", "数据.xlsx", _rows(HEADINGS, (None, SCHOOL_NAME, 1, 1)), refused="本县没有这所学校"),
    Odd(
        "a code lost to the spreadsheet",
        "数据.xlsx",
        _rows(HEADINGS, ("1.50699E+09", *ROW[1:])),
        refused="末尾几位丢失",
    ),
    Odd("the same school twice", "数据.xlsx", _rows(HEADINGS, ROW, ROW), refused="与第 2 行相同"),
    Odd("the same column twice", "数据.xlsx", _rows((*HEADINGS, PUPILS), (*ROW, 1)), refused="列重复"),
    Odd("another school's row", "数据.xlsx", _rows(HEADINGS, ROW, (OTHER, "示例旗第一小学", 1, 1)), refused="不归您填"),
    Odd(
        "the county's items",
        "数据.zip",
        lambda: zipped({"学校.csv": CSV.encode(), "县级数据.csv": "项目,数值\n特殊教育学生数,9\n".encode()}),
        refused="县级数据由办公室导入",
    ),
    Odd(
        "a judgement of one's own school",
        "数据.zip",
        lambda: zipped({"学校.csv": CSV.encode(), "评定结果.csv": f"指标,{CODE},评定\nB25,{SCHOOL},达标\n".encode()}),
        refused="评定结果由办公室导入",
    ),
    Odd("no table of schools", "数据.xlsx", _rows(HEADINGS, ROW, sheet="Sheet9x"), refused="没有学校表"),
    Odd(
        "an unknown kind of place",
        "数据.xlsx",
        _rows((CODE, "城乡分类代码"), (SCHOOL, "999")),
        refused="不在规定的代码之内",
    ),
    Odd(
        "perhaps a boarding school",
        "数据.xlsx",
        _rows((CODE, "是否寄宿制"), (SCHOOL, "可能")),
        refused="不在规定的代码之内",
    ),
    Odd("an empty file", "数据.xlsx", lambda: b"", refused="文件是空的"),
    Odd("a truncated workbook", "数据.xlsx", lambda: book([HEADINGS, ROW])[:-900], refused="文件不完整或已损坏"),
    Odd("a workbook under a password", "数据.xlsx", with_password, refused=PASSWORD),
    Odd(
        "a workbook without its list of sheets",
        "数据.xlsx",
        lambda: without("xl/workbook.xml"),
        refused="没有 xlsx 的内容",
    ),
    Odd("a workbook without its sheet", "数据.xlsx", lambda: without("xl/worksheets/sheet1.xml"), refused="内容已损坏"),
    Odd(
        "a page that says it is a workbook",
        "数据.xls",
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        refused="内容其实是网页",
    ),
    Odd("a letter that says it is a workbook", "数据.xlsx", lambda: b"%PDF-1.4\n%%EOF\n", refused="内容其实是PDF 文件"),
    Odd("a workbook of WPS's own", "数据.et", _rows(HEADINGS, ROW), refused="另存为 .xlsx"),
    Odd("a workbook with macros", "数据.xlsm", _rows(HEADINGS, ROW), refused="不收这种文件"),
    Odd("a single table", "数据.csv", CSV.encode, refused="不收这种文件"),
    Odd("a zip that is none", "数据.zip", lambda: b"PK\x03\x04nothing", refused="压缩包"),
    Odd("a zip with a folder", "数据.zip", lambda: zipped({"文件夹/学校.csv": CSV.encode()}), refused="路径"),
    Odd("a zip in a zip", "数据.zip", lambda: zipped({"学校.zip": table(CSV)}), refused="只能放 CSV"),
    Odd("an empty zip", "数据.zip", lambda: zipped({}), refused="压缩包是空的"),
    Odd("a table in no coding", "数据.zip", lambda: zipped({"学校.csv": b"\xff\xfe\x81\x00" * 40}), refused="学校.csv"),
    Odd("a table with a broken quotation", "数据.zip", lambda: table(CSV + '"x'), refused="学校.csv"),
]


def _commented(sheet: Any) -> None:
    sheet["C2"].comment = openpyxl.comments.Comment("核对过", "韩小满")
