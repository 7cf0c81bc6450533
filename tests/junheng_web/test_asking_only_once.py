"""What an import has brought into the census is not asked for again: it stands in the present form, from which file."""

from __future__ import annotations

from pathlib import Path

import pytest

from collected import SCHOOL, acting
from junheng import api as jh
from junheng_web.collection.exchange.importing import plan, plan_apply
from junheng_web.collection.handing.approving import DEEDS, step_take, unconfirmed
from junheng_web.collection.handing.confirming_carried import Which, carried_confirm
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.models import Cell, Write
from next_year import NEXT, cell, form, ledger, opened
from odd_workbooks import CODE, book

pytestmark = pytest.mark.django_db
PUPILS, AREA = ("schools", SCHOOL, "primary_pupils"), ("schools", SCHOOL, "teaching_area")
HEADINGS = (CODE, "小学在校生数", "教学及辅助用房面积")


@pytest.fixture(autouse=True)
def _next_year(db, settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"
    opened()


def counted(
    tmp_path: Path, *rows: tuple[object, ...], headings=HEADINGS, sheet: str = "学校", name: str = "教基统计.xlsx"
):
    """Bring a workbook into the census, as the office, and return what was saved there."""
    file = tmp_path / name
    file.write_bytes(book((headings, *(rows or ((SCHOOL, 1888, 15000.5),))), sheet))
    made = plan(acting("office"), ledger("census"), jh.load(file))
    assert made.problems == []
    return plan_apply(by=acting("office"), ledger=ledger("census"), made=made, file=file, name=name)


def test_what_is_counted_stands_in_the_present_form(tmp_path) -> None:
    """With the census' entry as its lineage, from which file; nobody has to confirm it."""
    counted(tmp_path)
    one = cell(PUPILS)
    assert (one.integer, one.entry.write.kind, one.entry.write.file_name) == (1888, Write.Kind.KNOWN, "教基统计.xlsx")
    assert one.entry.source.ledger == ledger("census")
    assert PUPILS not in {each.key for each in unconfirmed(form(SCHOOL))}


def test_it_takes_the_place_of_last_year_s_value_that_nobody_confirmed(tmp_path) -> None:
    """Even where the number is the same: it waits for nobody any more."""
    last = cell(AREA)
    assert last.entry.write.kind == Write.Kind.CARRIED
    counted(tmp_path, (SCHOOL, 1888, last.integer / 100))
    assert (cell(AREA).integer, cell(AREA).entry.write.kind) == (last.integer, Write.Kind.KNOWN)


def test_what_somebody_said_of_today_stays(tmp_path) -> None:
    """Typed, or confirmed: the two bases may differ."""
    form_save(by=acting("clerk-03"), one=form(SCHOOL), texts=[(PUPILS, "1901", None)])
    carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=Which(key=AREA))
    before = cell(AREA)
    counted(tmp_path)
    assert (cell(PUPILS).integer, cell(PUPILS).entry.write.kind) == (1901, Write.Kind.TYPED)
    assert cell(AREA).entry == before.entry


def test_a_later_import_is_followed_until_somebody_says_otherwise(tmp_path) -> None:
    """The census is put right, and what was known from it goes along; then the clerk types, and it does not."""
    counted(tmp_path)
    counted(tmp_path, (SCHOOL, 1890, 15000.5), name="教基统计-更正.xlsx")
    assert (cell(PUPILS).integer, cell(PUPILS).entry.write.file_name) == (1890, "教基统计-更正.xlsx")
    form_save(by=acting("clerk-03"), one=form(SCHOOL), texts=[(PUPILS, "1895", None)])
    counted(tmp_path, (SCHOOL, 1891, 15000.5), name="教基统计-三.xlsx")
    assert cell(PUPILS).integer == 1895


def test_a_form_that_is_handed_in_is_left_as_it_is(tmp_path) -> None:
    """What was signed for does not change under the signature."""
    carried_confirm(by=acting("clerk-03"), one=form(SCHOOL), asked=Which(every=True))
    form_save(by=acting("clerk-03"), one=form(SCHOOL), texts=[(PUPILS, "", None)])
    step_take(by=acting("clerk-03"), one=form(SCHOOL), deed=DEEDS["submit"])
    counted(tmp_path)
    assert cell(PUPILS) is None


def test_a_list_is_known_as_a_whole(tmp_path) -> None:
    """The census' classes take the place of the ones that were proposed from last year, rows and all."""
    rows = [(SCHOOL, "小学", grade, f"{grade}年级1班", 40) for grade in (1, 2)]
    headings = (CODE, "学段", "年级", "班级名称", "学生数")
    file = tmp_path / "both.xlsx"
    file.write_bytes(_two_sheets((HEADINGS, (SCHOOL, 1888, 15000.5)), (headings, *rows)))
    made = plan(acting("office"), ledger("census"), jh.load(file))
    plan_apply(by=acting("office"), ledger=ledger("census"), made=made, file=file, name="both.xlsx")
    listed = Cell.objects.filter(ledger=ledger(), table="classes", row__startswith=SCHOOL, reported=True)
    assert sorted(listed.filter(column="grade").values_list("row", "integer")) == [
        (f"{SCHOOL}|0001", 1),
        (f"{SCHOOL}|0002", 2),
    ]
    assert set(listed.values_list("entry__write__kind", flat=True)) == {Write.Kind.KNOWN}
    others = Cell.objects.filter(ledger=ledger(), table="classes", row__startswith="1506990001", reported=True)
    assert set(others.values_list("entry__write__kind", flat=True)) == {Write.Kind.CARRIED}


def test_a_list_that_somebody_has_touched_is_theirs(tmp_path) -> None:
    """One typed cell keeps the whole list from being mixed with another."""
    key = ("classes", f"{SCHOOL}|0001", "pupils")
    form_save(by=acting("clerk-03"), one=form(SCHOOL), texts=[(key, "39", None)])
    before = Cell.objects.filter(ledger=ledger(), table="classes", row__startswith=SCHOOL, reported=True).count()
    rows = [(SCHOOL, "小学", 1, "一年级1班", 40)]
    file = tmp_path / "both.xlsx"
    file.write_bytes(
        _two_sheets((HEADINGS, (SCHOOL, 1888, 15000.5)), ((CODE, "学段", "年级", "班级名称", "学生数"), *rows))
    )
    made = plan(acting("office"), ledger("census"), jh.load(file))
    plan_apply(by=acting("office"), ledger=ledger("census"), made=made, file=file, name="both.xlsx")
    assert (
        Cell.objects.filter(ledger=ledger(), table="classes", row__startswith=SCHOOL, reported=True).count() == before
    )
    assert cell(key).integer == 39


def _two_sheets(schools, classes) -> bytes:
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        for name, rows in (("学校", schools), ("班级", classes)):
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def test_an_import_into_the_present_tells_the_census_nothing(tmp_path) -> None:
    """Only what was counted is known."""
    file = tmp_path / "现状.xlsx"
    file.write_bytes(book((HEADINGS, (SCHOOL, 1888, 15000.5))))
    made = plan(acting("office"), ledger(), jh.load(file))
    plan_apply(by=acting("office"), ledger=ledger(), made=made, file=file, name="现状.xlsx")
    assert not Cell.objects.filter(ledger=ledger("census")).exists()
    assert cell(PUPILS).entry.write.kind == Write.Kind.IMPORTED


def test_the_form_does_not_ask_for_it_and_lets_it_be_opened(as_, tmp_path) -> None:
    """It says from which file it is known; what is not counted is asked for as ever."""
    counted(tmp_path)
    page = as_("clerk-03").get(f"{NEXT}school/{SCHOOL}/")
    rows = {row["field"].key[2]: row for _, group in page.context["groups"] for row in group}
    assert rows["primary_pupils"]["known"] == "教基统计.xlsx"
    assert not rows["primary_teachers"]["known"]
    text = page.content.decode()
    assert text.count("统计口径里已有（教基统计.xlsx），不用再填") == 2
    assert text.count('<details class="known">') == 2
