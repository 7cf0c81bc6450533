"""Workbooks as Chinese offices send them are read, the template is filled in and read back, bad ones are refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import junheng as jh
from junheng.facts.items import ITEMS, ITEMS_BY_LABEL
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.readers import load
from junheng.facts.schema import MEASURES, TABLES, Kind, Table
from junheng.facts.template import heading, write_template, write_workbook
from junheng.facts.writers import plain, write_csv, write_parquet

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"


def book(tmp_path: Path, sheets: dict[str, list[list[Any]]], name: str = "facts.xlsx") -> Path:
    """Write a workbook of plain cells and return its path; a text that begins with = is a formula."""
    file = tmp_path / name
    with xlsxwriter.Workbook(str(file)) as made:
        for sheet, rows in sheets.items():
            page = made.add_worksheet(sheet)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _put(page, at, column, cell, made.add_format({"num_format": "yyyy-mm-dd"}))
    return file


def _put(page: Any, row: int, column: int, cell: Any, date_format: Any) -> None:
    if isinstance(cell, str) and cell.startswith("="):
        page.write_formula(row, column, cell, None, "#DIV/0!")
    elif isinstance(cell, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), date_format)
    else:
        page.write(row, column, cell)


def test_the_template_is_read_as_no_data_at_all(tmp_path: Path) -> None:
    """Its example rows are never read, and its explaining sheet is no remark."""
    write_template(tmp_path / "t.xlsx")
    facts = load(tmp_path / "t.xlsx")
    assert all(len(table) == 0 for table in facts.tables.values())
    assert facts.remarks == ()


def test_the_template_has_a_sheet_for_every_table_and_a_unit_in_every_heading(tmp_path: Path) -> None:
    """Every column of the data dictionary stands in it under its label, with the unit in which it is typed."""
    write_template(tmp_path / "t.xlsx")
    made = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx"))
    assert made.sheet_names == ["说明", *(table.label for table in TABLES.values())]
    for table in TABLES.values():
        header, example = made.get_sheet_by_name(table.label).to_python()[:2]
        assert header == [heading(column) for column in table.columns]
        assert "示例行" in example[0]
    assert heading(TABLES["schools"].column("equipment_value")) == "教学仪器设备资产值（万元）"


def test_the_template_lists_every_item_of_the_county_for_its_value_only(tmp_path: Path) -> None:
    """Filled in, an item is read under its label and unit; those left blank are not reported, without a remark."""
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["县级数据"]
    listed = {sheet.cell(row, 1).value: row for row in range(3, sheet.max_row + 1)}
    assert [text.split("（")[0] for text in listed] == [item.label for item in ITEMS.values()]
    sheet.cell(listed["特殊教育公用经费（元）"], 2).value = 12_345.67
    sheet.cell(listed["违规择校"], 2).value = "否"
    book.save(tmp_path / "filled.xlsx")
    facts = load(tmp_path / "filled.xlsx")
    assert facts.items == {"special_operating_fund": 1_234_567, "veto_school_choice": False}
    assert (len(facts.tables["county"]), facts.remarks) == (2, ())


def test_money_of_the_county_may_be_typed_in_wan_yuan(tmp_path: Path) -> None:
    """The unit in brackets counts; another kind of unit, or an item twice, is not guessed at."""
    made = book(tmp_path, {"学校": [["学校标识码"]], "县级数据": [["项目", "数值"], ["特殊教育公用经费（万元）", 1.5]]})
    assert load(made).items == {"special_operating_fund": 1_500_000}
    twice = [["项目", "数值"], ["特殊教育公用经费（元）", 1], ["special_operating_fund", 2]]
    with pytest.raises(jh.Unusable, match="前面已经填过"):
        load(book(tmp_path, {"学校": [["学校标识码"]], "县级数据": twice}))


def test_every_drop_down_is_short_enough_for_a_spreadsheet(tmp_path: Path) -> None:
    """A list typed into a rule may have 255 characters; a longer one is dropped by the programs in silence."""
    write_template(tmp_path / "t.xlsx")
    made = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rules = [rule for sheet in made for rule in sheet.data_validations.dataValidation]
    choices = [one for table in TABLES.values() for one in table.columns if one.choices or one.kind is Kind.FLAG]
    flags = [item for item in ITEMS.values() if item.kind is Kind.FLAG]
    assert len(rules) == len(choices) + len(flags)
    assert all(rule.type == "list" and len(rule.formula1) <= 255 for rule in rules)


def test_the_example_county_survives_the_workbook(tmp_path: Path) -> None:
    """Writing the example as a workbook and reading it back changes no cell."""
    facts = load(SHILI)
    write_workbook(facts, tmp_path / "shili.xlsx")
    again = load(tmp_path / "shili.xlsx")
    assert all(again.tables[name].equals(facts.tables[name]) for name in TABLES)


def test_sheets_that_are_filled_in_are_locked_against_slips(tmp_path: Path) -> None:
    """Headings and the codes of rows that stand there are locked, what is filled in is not, and no password asks."""
    write_workbook(load(SHILI), tmp_path / "shili.xlsx")
    write_template(tmp_path / "blank.xlsx")
    for name, rows in (("shili.xlsx", True), ("blank.xlsx", False)):
        made = openpyxl.load_workbook(tmp_path / name)
        for table in TABLES.values():
            sheet = made[table.label]
            assert (sheet.protection.sheet, sheet.protection.password) == (True, None), table.label
            assert all(cell.protection.locked for cell in sheet[1]), table.label
            assert not any(cell.protection.locked for cell in sheet[2]) or rows, table.label
    made = openpyxl.load_workbook(tmp_path / "shili.xlsx")
    schools = list(TABLES["schools"].by_name)
    locked = {schools[cell.column - 1] for cell in made["学校"][2] if cell.value is not None and cell.protection.locked}
    assert locked == {"county_code", "county_name", "school_code", "school_name"}
    # Cells that are filled in take it from their column: so do those below them that are still empty.
    assert not any(cell.protection.locked for cell in made["班级"][2] if cell.value is not None)


MOST_ROWS = 6
# Texts that spreadsheets like to make something else of, and that must stay what they are.
TEXTS = (
    "=1+1",
    "+86",
    "-x",
    "@SUM(A1)",
    "'引号",
    "http://示例",
    "0015",
    "1e5x",
    "两\n行",
    "a\tb",
    "_x0041_",
    '双"引号',
    "a,b;c",
    "𬭎校",
)


def _cells(kind: Kind, choices: list[str]) -> st.SearchStrategy[Any]:
    """Return what a column may hold: anything that the reader accepts, or not reported."""
    text = st.text("示例校甲乙ABC019", min_size=1, max_size=8).map(lambda words: f"名{words}")
    kinds: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: st.sampled_from(TEXTS) | text,
        Kind.CODE: st.sampled_from(choices or [""]),
        Kind.FLAG: st.booleans(),
        Kind.DATE: st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    }
    if kind in MEASURES:
        top = MEASURES[kind].maximum * MEASURES[kind].scale
        least = -top if MEASURES[kind].signed else 0
        return st.none() | st.sampled_from([least, 0, 1, top - 1, top]) | st.integers(least, top)
    return st.none() | kinds[kind]


@st.composite
def any_facts(draw: st.DrawFn, tables: tuple[str, ...] = tuple(TABLES)) -> Facts:
    """Draw a few rows of some of the tables, keys told apart; the others are empty."""
    drawn = {name: draw(_rows(table)) if name in tables else [] for name, table in TABLES.items()}
    made = {name: _table(rows, arrow_schema(TABLES[name])) for name, rows in drawn.items()}
    return Facts(made, items=_items_of(made["county"]))


@st.composite
def _rows(draw: st.DrawFn, table: Table) -> list[dict[str, Any]]:
    rows = []
    for number in range(draw(st.integers(0, MOST_ROWS))):
        row = {one.name: draw(_cells(one.kind, list(one.choices))) for one in table.columns}
        keys = {name: draw(st.sampled_from(["", "00", "键"])) + str(number) for name in table.key}
        rows.append({**row, **keys, **(_item(draw, number) if table.name == "county" else {})})
    return rows


def _item(draw: st.DrawFn, number: int) -> dict[str, str]:
    """Return a county item of every kind in turn, under its name or its label, with a value as it is typed."""
    item = draw(st.sampled_from(list(ITEMS.values())[number::MOST_ROWS]))
    value = draw(_cells(item.kind, []).filter(lambda one: one is not None))
    names = [item.name, item.label, f"{item.label}（{item.unit}）" if item.unit else item.label]
    return {"item": draw(st.sampled_from(names)), "value": plain(value, item) or None}


def _items_of(county: Any) -> dict[str, Any]:
    """Return what the county table's values mean, read one by one."""
    found = {}
    for row in county.to_pylist():
        item = ITEMS.get(row["item"]) or ITEMS_BY_LABEL[row["item"].split("（")[0]]
        if row["value"] is not None:
            scale = item.measure.scale if item.kind in MEASURES else 1
            found[item.name] = row["value"] == "1" if item.kind is Kind.FLAG else int(Fraction(row["value"]) * scale)
    return found


def _table(rows: list[dict[str, Any]], schema: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_pylist([row for row in rows if any(value is not None for value in row.values())], schema)


# The schools table, with four columns of every five, makes most of the work: it is drawn apart from the small ones.
SMALL = tuple(name for name in TABLES if name != "schools")


def assert_reads_back(facts: Facts, folder: Path) -> None:
    """Every form gives the same tables and items, and the reader asks about nothing."""
    write_csv(facts, folder / "csv")
    write_parquet(facts, folder / "parquet")
    write_workbook(facts, folder / "facts.xlsx")
    for again in (load(folder / "csv"), load(folder / "parquet"), load(folder / "facts.xlsx")):
        assert {name: table.to_pylist() for name, table in again.tables.items()} == {
            name: table.to_pylist() for name, table in facts.tables.items()
        }
        assert dict(again.items) == dict(facts.items)
        assert again.remarks == ()


# Many rows to a workbook and fewer workbooks: it is cells that differ, and files that take the time.
FEWER = settings(max_examples=settings().max_examples // 3)


@FEWER
@given(any_facts(("schools",)))
def test_schools_that_are_written_are_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, facts: Facts
) -> None:
    """import(export(x)) = x, for CSV and for the workbook, for every column and its largest values."""
    assert_reads_back(facts, tmp_path_factory.mktemp("round"))


@FEWER
@given(any_facts(SMALL))
def test_other_tables_that_are_written_are_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, facts: Facts
) -> None:
    """The same for the period, lists, judgements and the county's items of every kind."""
    assert_reads_back(facts, tmp_path_factory.mktemp("round"))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_a_text(tmp_path: Path, text: str) -> None:
    """No formula, link, number or escape is made of it, in either form."""
    row = {"county_code": "1", "school_code": "A", "school_name": text}
    facts = Facts(
        {
            **{name: arrow_schema(one).empty_table() for name, one in TABLES.items()},
            "schools": _table([row], arrow_schema(TABLES["schools"])),
        }
    )
    assert_reads_back(facts, tmp_path)


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("小学在校生数（人）", "３００", 300),
        ("小学在校生数", "1,234", 1234),
        ("小学在校生数", "１，２３４", 1234),
        ("小学在校生数 *", " 300\u3000", 300),
        ("小学在校生数", "—", None),
        ("小学在校生数", "/", None),
        ("小学在校生数", "未报", None),
        ("教学仪器设备资产值（万元）", "12.345678", 12_345_678),
        ("教学仪器设备资产值（元）", "12.34", 1234),
        ("教学仪器设备资产值(万元)", "1", 10**6),
        ("教学及辅助用房面积（㎡）", "12,345.60", 1_234_560),
        ("是否寄宿制", "是 ", True),
        ("建成年份（年）", "1998", 1998),
    ],
)
def test_habits_of_offices_are_read(tmp_path: Path, column: str, written: str, kept: Any) -> None:
    """Full-width digits, separators, dashes for blanks, units in headings, 万元: each means what its writer meant."""
    (tmp_path / "schools.csv").write_text(f'学校名称,{column}\n甲,"{written}"\n', encoding="utf-8")
    facts = load(tmp_path)
    values = [value for name, value in facts.tables["schools"].to_pylist()[0].items() if name != "school_name"]
    assert [value for value in values if value not in (None, "")] == ([] if kept is None else [kept])
    assert facts.remarks == ()


def test_none_in_words_is_read_as_not_reported_with_a_question(tmp_path: Path) -> None:
    """无 may mean 0: the reader does not guess, it asks."""
    (tmp_path / "schools.csv").write_text("school_code,multimedia_rooms\nA,无\n", encoding="utf-8")
    facts = load(tmp_path)
    assert facts.tables["schools"]["multimedia_rooms"][0].as_py() is None
    (remark,) = facts.remarks
    assert (remark.row, remark.column, remark.value) == (2, "multimedia_rooms", "无")
    assert "填 0" in remark.remedy


def test_a_file_saved_in_gb18030_is_read(tmp_path: Path) -> None:
    """What an old office computer calls CSV."""
    (tmp_path / "学校.csv").write_bytes("学校名称,小学在校生数\n㭎木小学,12\n".encode("gb18030"))
    assert load(tmp_path).tables["schools"]["school_name"][0].as_py() == "㭎木小学"


def test_a_title_above_the_header_is_passed_over(tmp_path: Path) -> None:
    """A merged title and a date line above the header do not hide it, and row numbers stay the file's."""
    rows = [["示例旗学校基本情况"], ["2025年9月"], ["学校标识码", "小学在校生数（人）"], ["A", 12], ["B", "x"]]
    with pytest.raises(jh.Unusable) as refused:
        load(book(tmp_path, {"学校": rows}))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column, problem.value) == (5, "小学在校生数（人）", "x")


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ("=1/0", "小学在校生数", "公式错误"),
        (dt.date(2025, 9, 1), "小学在校生数", "应当是数字"),
        (1.5e17, "学校标识码", "表格软件"),
        (True, "小学在校生数", "应当是数字"),
        (-3, "小学在校生数", "负数"),
        (3.5, "小学在校生数", "整数"),
        (1e300, "小学在校生数", "应当是数字"),
        (12.3456789, "教学仪器设备资产值（万元）", "6 位小数"),
        (10_000_000.01, "教学仪器设备资产值（万元）", "上限 10,000,000 万元"),
    ],
)
def test_a_wrong_cell_of_a_workbook_is_named(tmp_path: Path, cell: Any, column: str, reason: str) -> None:
    """Sheet, row, reason and remedy; a formula's error is not taken for a blank."""
    file = book(tmp_path, {"学校": [["县代码", column], ["1", cell]]})
    with pytest.raises(jh.Unusable) as refused:
        load(file)
    problem = refused.value.problems[0]
    assert (problem.file, problem.row) == ("学校", 2)
    assert reason in problem.reason
    assert problem.remedy


def test_numbers_typed_as_codes_stay_whole(tmp_path: Path) -> None:
    """A ten-digit code that the spreadsheet keeps as a number is read without a point."""
    facts = load(book(tmp_path, {"学校": [["学校标识码", "举办者类型"], [1506990001, 7]]}))
    row = facts.tables["schools"].to_pylist()[0]
    assert (row["school_code"], row["sponsor_code"]) == ("1506990001", "7")


def test_two_sheets_for_one_table_are_refused(tmp_path: Path) -> None:
    """The Chinese and the English name mean the same table."""
    rows = [["学校标识码"], ["A"]]
    with pytest.raises(jh.Unusable, match="同一张表"):
        load(book(tmp_path, {"学校": rows, "schools": rows}))


def test_a_workbook_without_a_schools_sheet_is_refused(tmp_path: Path) -> None:
    """And the sheets that it has are remarks, not tables."""
    with pytest.raises(jh.Unusable, match="没有学校表"):
        load(book(tmp_path, {"Sheet1": [["随便"]]}))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"", "不是能读的工作簿"),
        ("a.xlsx", b"MZ\x90\x00" * 500, "不是能读的工作簿"),
        ("a.xls", b"not a workbook", "不是能读的工作簿"),
        ("a.et", b"anything", "WPS"),
        ("a.pdf", b"%PDF", "不认识这种文件"),
        ("noext", b"x", "不认识这种文件"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """Empty, renamed or foreign files end in one clear sentence."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(jh.Unusable, match=reason):
        load(tmp_path / name)


def test_a_truncated_workbook_is_refused_wherever_it_was_cut(tmp_path: Path) -> None:
    """No length of a broken download gives a traceback or half an answer."""
    whole = book(tmp_path, {"学校": [["学校标识码"], ["A"]]}).read_bytes()
    cut = tmp_path / "cut.xlsx"
    for length in range(0, len(whole) - 1, max(1, len(whole) // 40)):
        cut.write_bytes(whole[:length])
        with pytest.raises(jh.Unusable):
            load(cut)
