"""The ledger as a workbook in 附件3's shape: out, back in, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from collected import acting
from funded import HERE, SCHOOL, WHY, clear, county, item, school, wan
from handed_in import named
from junheng_web.funding import sheets, tables
from junheng_web.funding.bringing import Plan, plan, plan_apply
from junheng_web.funding.calling import MARK
from junheng_web.funding.models import Item
from junheng_web.funding.services import item_drop, line_edit
from junheng_web.organisation.models import School
from junheng_web.organisation.naming import alias_confirm

pytestmark = pytest.mark.django_db
Change = Callable[[openpyxl.Workbook], None]
NAME, EQUIPMENT, WORKS, OTHER, TOTAL = "B", "E", "G", "H", "I"
FIRST = 4
OTHER_SCHOOL = "1506990004"


def out() -> openpyxl.Workbook:
    """Return the table as an office's spreadsheet shows it: formulas, and what stands in them."""
    return openpyxl.load_workbook(io.BytesIO(written()))


def written() -> bytes:
    return sheets.workbook(tables.table(acting("office"), county()), county())


def back(folder: Path, change: Change | None = None, *, items: bool = True) -> Plan:
    """Return what a file would change: the ledger's own, changed by hand; sums that were typed are values."""
    book = openpyxl.load_workbook(io.BytesIO(written()), data_only=True)
    if not items:
        del book[sheets.ITEMS]
    if change:
        change(book)
    file = folder / "明细表.xlsx"
    book.save(file)
    return plan(county(), tables.table(acting("office"), county()), file)


def told() -> list[tuple]:
    """Return what the ledger holds, row by row and item by item."""
    rows = tables.table(acting("office"), county()).rows
    return [
        (str(row.line), dict(row.texts), dict(row.sums), [sheets.item_cells(one)[1:] for one in row.items])
        for row in rows
    ]


def row_of(book: openpyxl.Workbook, name: str) -> int:
    """Return where a row of the table stands."""
    sheet = book[sheets.SHEET]
    return next(at for at in range(FIRST, sheet.max_row + 1) if sheet[f"{NAME}{at}"].value == name)


def put(name: str, **cells: object) -> Change:
    """Put values into a row by the letters of its columns, and let the totals follow."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[sheets.SHEET]
        at, last = row_of(book, name), row_of(book, sheets.BELOW)
        for letter, value in cells.items():
            sheet[f"{letter}{at}"] = value
        for row in range(FIRST, last):
            sheet[f"{TOTAL}{row}"] = sum(
                Decimal(str(sheet[f"{one}{row}"].value or 0)) for one in (EQUIPMENT, WORKS, OTHER)
            )
        for letter in (EQUIPMENT, WORKS, OTHER, TOTAL):
            sheet[f"{letter}{last}"] = sum(
                Decimal(str(sheet[f"{letter}{row}"].value or 0)) for row in range(FIRST, last)
            )

    return change


def test_it_has_the_shape_of_the_table_with_live_sums() -> None:
    """Title, unit, headings in order, a row for each school, sums as formulas over what stands there."""
    sheet = out()[sheets.SHEET]
    assert sheet["A1"].value == "创建资金明细表"
    assert [cell.value for cell in sheet[3]] == list(sheets.HEADINGS)
    last = sheet.max_row
    assert sheet[f"{NAME}{last}"].value == "合计"
    assert sheet[f"{TOTAL}{FIRST}"].value == f"=SUM({EQUIPMENT}{FIRST},{WORKS}{FIRST},{OTHER}{FIRST})"
    assert sheet[f"{EQUIPMENT}{last}"].value == f"=SUM({EQUIPMENT}{FIRST}:{EQUIPMENT}{last - 1})"


@pytest.mark.parametrize("items", [True, False])
@pytest.mark.parametrize("name", ["合计", "合 计", " 合计："])
def test_a_row_that_is_called_as_the_totals_are_is_a_row(tmp_path: Path, name: str, items: bool) -> None:
    """The number in front tells it from them: it is read with its items, and so is what stands below it."""
    clear()
    item("3", school=None, place=name, column="other")
    item("4")
    made = back(tmp_path, items=items)
    assert (made.problems, made.changes, made.same) == ([], [], 2)


@pytest.mark.parametrize("items", [True, False])
@pytest.mark.parametrize("called", ["name", "code", "alias", "mark"])
def test_a_row_that_is_called_as_a_school_is_stays_no_school_s(tmp_path: Path, called: str, items: bool) -> None:
    """By its name, its code, another name of it, or the mark itself; the school's own row beside it is another."""
    clear()
    alias = "示例旗六小（虚构）"
    alias_confirm(by=acting("office"), school=school(), name=alias)
    name = {"name": str(school()), "code": SCHOOL, "alias": alias, "mark": f"食堂{MARK}"}[called]
    item("3", school=None, place=name, column="other", name="示例活动")
    item("4")
    written = [out()[sheets.SHEET][f"{NAME}{at}"].value for at in (FIRST, FIRST + 1)]
    assert sorted(written) == sorted([f"{name}{MARK}", str(school())])
    made = back(tmp_path, items=items)
    assert (made.problems, made.changes, made.same) == ([], [], 2)
    before = told()
    made = back(tmp_path, put(f"{name}{MARK}", H=5), items=False)
    plan_apply(by=acting("office"), county=county(), made=made, file="明细表.xlsx")
    assert [(row[0], row[2].get("other")) for row in told()] == [
        (row[0], wan("5") if row[0] == name and row[2].get("other") else row[2].get("other")) for row in before
    ]


def test_a_school_that_shares_its_name_is_called_by_its_code(tmp_path: Path) -> None:
    """Two that stand under one name: neither is taken for the other, nor for a row that is no school's."""
    clear()
    School.objects.filter(code=OTHER_SCHOOL).update(name=str(school()))
    item("3")
    item("4", school=school(OTHER_SCHOOL))
    made = back(tmp_path)
    assert (made.problems, made.changes, made.same) == ([], [], 2)
    assert {one.value for one in out()[sheets.SHEET][NAME][FIRST - 1 : FIRST + 1]} == {SCHOOL, OTHER_SCHOOL}


@pytest.mark.parametrize("items", [True, False])
def test_a_sum_of_several_may_be_more_than_one_item_may(tmp_path: Path, items: bool) -> None:
    """Across a row and down a column, to the fen."""
    clear()
    for name in ("一期", "二期", "三期"):
        item("9999999.999999", name=name)
    made = back(tmp_path, items=items)
    assert (made.problems, made.changes, made.same) == ([], [], 1)
    with pytest.raises(ValidationError, match="一笔最多 10,000,000 万元"):
        item("10000000.000001")


@pytest.mark.parametrize(
    ("sum_", "said"),
    [(10_000_001, "一个项目最多 10,000,000 万元"), (1_000_000_001, "太大了，最多 1,000,000,000")],
)
def test_a_sum_that_cannot_be_is_refused_with_its_limit(tmp_path: Path, sum_: int, said: str) -> None:
    """As one item, and as a sum that a spreadsheet no longer keeps to the fen."""
    clear()
    item("1")
    made = back(tmp_path, put(str(school()), E=sum_), items=False)
    assert made.problems
    assert all(said in one.reason or "太大了" in one.reason for one in made.problems), made.problems
    assert said in made.problems[0].reason


def test_money_under_the_totals_is_not_left_out_unseen(tmp_path: Path) -> None:
    """A row without a number that is called 合计 ends the table; what follows is told of, and notes are not."""
    clear()
    item("3", school=None, place="合计", column="other")
    item("4", school=None, place="排在后面的")
    lost = back(tmp_path, cell(sheets.SHEET, f"A{FIRST}", None))
    assert ["写在合计行下面，没有算进去" in one.reason for one in lost.problems].count(True) == 2
    assert back(tmp_path, lambda book: book[sheets.SHEET].append([None, "注：示例"])).problems == []


@pytest.mark.parametrize("items", [True, False])
def test_read_back_it_changes_nothing(tmp_path: Path, items: bool) -> None:
    """With the items behind it, and as the table alone."""
    assert len(told()) > 5
    made = back(tmp_path, items=items)
    assert (made.problems, made.changes) == ([], [])
    assert made.same == len(told())


def test_read_into_an_empty_ledger_it_makes_the_same(tmp_path: Path) -> None:
    """Rows, texts, sums and items, to the fen; what was typed stays as it was typed."""
    item("0.000001", name="一分钱")
    item("12345.678901", column="other", name="很多钱", school=None, place="全旗")
    item("7", column="works", name="修屋顶", remark="说明，带逗号")
    line_edit(by=acting("office"), line=item("1").line, texts={"remark": "备注"}, why=WHY)
    content, before = written(), sorted(map(repr, told()))
    (tmp_path / "明细表.xlsx").write_bytes(content)
    clear()
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for row in range(2, book[sheets.ITEMS].max_row + 1):
        book[sheets.ITEMS][f"A{row}"] = None
    file = tmp_path / "无编号.xlsx"
    book.save(file)
    made = plan(county(), tables.table(acting("office"), county()), file)
    assert made.problems == []
    plan_apply(by=acting("office"), county=county(), made=made, file="明细表.xlsx")
    assert sorted(map(repr, told())) == before


def test_a_sum_that_was_changed_changes_its_one_item(tmp_path: Path) -> None:
    """And a text becomes the row's own; whoever reads its trail sees the file."""
    clear()
    one = item("20", name="更新计算机")
    made = back(tmp_path, put(str(school()), E=21.5, D="缺计算机 60 台"), items=False)
    assert [(one.before, one.after) for one in made.changes] == [
        ("20 万元", "21.5 万元"),
        ("（自动）更新计算机", "缺计算机 60 台"),
    ]
    plan_apply(by=acting("office"), county=county(), made=made, file="明细表.xlsx")
    one.refresh_from_db()
    assert one.amount == wan("21.5")
    assert "导入 明细表.xlsx" in one.steps.last().note


def test_a_new_row_of_a_table_alone_makes_its_items(tmp_path: Path) -> None:
    """One for each column with money, named by the cell beside it; a school by any name that it has."""
    clear()
    item("1")

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[sheets.SHEET]
        sheet.insert_rows(FIRST)
        for letter, value in zip("BDEFGHI", ("1506990009", "缺电钢琴 4 台", 8, "外墙维修", 13.2, 1, 22.2), strict=True):
            sheet[f"{letter}{FIRST}"] = value
        put(str(school()))(book)

    made = back(tmp_path, change, items=False)
    assert made.problems == []
    plan_apply(by=acting("office"), county=county(), made=made, file="明细表.xlsx")
    found = Item.objects.filter(line__school__code="1506990009", dropped="")
    assert [(one.column, one.name, one.amount, one.origin) for one in found] == [
        ("equipment", "缺电钢琴 4 台", wan("8"), "file"),
        ("works", "外墙维修", wan("13.2"), "file"),
        ("other", "导入的明细表没有写内容", wan("1"), "file"),
    ]


def off(letter: str, by: float) -> Change:
    """Let a total say more than its rows come to."""

    def change(book: openpyxl.Workbook) -> None:
        sheet = book[sheets.SHEET]
        cell = sheet[f"{letter}{row_of(book, sheets.BELOW)}"]
        cell.value = float(cell.value) + by

    return change


def cell(sheet: str, address: str, value: object) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][address] = value

    return change


@pytest.mark.parametrize(
    ("change", "items", "said"),
    [
        (off(EQUIPMENT, 0.01), True, "“设备”一栏各行加起来"),
        (off(TOTAL, -1), True, "“合计”一栏各行加起来"),
        (cell(sheets.SHEET, f"{TOTAL}{FIRST}", 1), True, "合计写的是 1"),
        (cell(sheets.SHEET, f"{EQUIPMENT}{FIRST}", "二十"), True, "不是一个数"),
        (cell(sheets.SHEET, f"{EQUIPMENT}{FIRST}", 1.0000001), True, "太细了"),
        (cell(sheets.SHEET, "B3", "学校"), True, "找不到表头"),
        (cell(sheets.ITEMS, "A1", "号"), True, "第一行的列名变了"),
        (cell(sheets.ITEMS, "A2", "Z9999"), True, "没有这个编号"),
        (cell(sheets.ITEMS, "C2", "差旅"), True, "不是列出的一种"),
        (cell(sheets.ITEMS, "H2", 1), True, "加起来是"),
        (cell(sheets.ITEMS, "B2", "示例旗第二小学"), True, "不能改到别的行"),
        (cell(sheets.ITEMS, "J2", "没有的局"), True, "没有这个单位"),
    ],
)
def test_what_does_not_add_up_is_refused_with_where_and_how_much(tmp_path, change, items, said) -> None:
    """And nothing would be changed."""
    made = back(tmp_path, change, items=items)
    assert made.changes == [] or made.problems
    assert any(said in one.reason for one in made.problems), [one.reason for one in made.problems]
    assert all(one.remedy for one in made.problems)


def test_a_column_of_several_items_is_not_changed_by_its_sum(tmp_path: Path) -> None:
    """It says how many there are, and what to do."""
    clear()
    item("2")
    item("3", name="另一样")
    made = back(tmp_path, put(str(school()), E=6), items=False)
    assert [one.reason for one in made.problems] == ["这一栏现在是 2 个项目，共 5 万元"]


def test_an_import_is_whole_or_nothing(tmp_path: Path) -> None:
    """A change that the ledger refuses takes the others with it."""
    clear()
    one, other = item("2"), item("3", column="works", name="修屋顶")
    made = back(tmp_path, put(str(school()), E=4, G=5), items=False)
    assert len(made.changes) == 2
    item_drop(by=acting("office"), item=other, why=WHY)
    with pytest.raises((ValidationError, ValueError)):
        plan_apply(by=acting("office"), county=county(), made=made, file="明细表.xlsx")
    one.refresh_from_db()
    assert one.amount == wan("2")


def test_the_pages_take_it_in_after_showing_it(as_, settings, tmp_path) -> None:
    """A dry run, then the consent to exactly that; a ledger that moved meanwhile asks again."""
    settings.FILES = tmp_path / "files"
    clear()
    item("2")
    office = as_("office")
    sent = office.get(f"{HERE}workbook")
    assert "attachment" in sent["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(sent.content), data_only=True)
    del book[sheets.ITEMS]
    put(str(school()), E=2.5)(book)
    content = io.BytesIO()
    book.save(content)
    shown = office.post(f"{HERE}import/", {"file": named("明细表.xlsx", content.getvalue())}, follow=True)
    assert "会改 1 处" in shown.content.decode()
    apply, agreed = f"{shown.request['PATH_INFO']}apply", shown.context["plan"].digest
    late = item("9", column="works", name="刚登记的")
    assert "什么也没有导入" in office.post(apply, {"agreed": agreed}, follow=True).content.decode()
    item_drop(by=acting("office"), item=late, why=WHY)
    assert "已导入：改了 1 处" in office.post(apply, {"agreed": agreed}, follow=True).content.decode()
    assert Item.objects.get(line__school__code=SCHOOL, dropped="", column="equipment").amount == wan("2.5")
    broken = office.post(f"{HERE}import/", {"file": named("x.xlsx", b"PK nothing")}, follow=True)
    assert broken.status_code == 422
