"""A workbook into a ledger: shown first, then all of it or nothing; the same file again changes nothing."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collected import HERE, PUPILS, SCHOOL, acting, form_of, held, ledger_of, take, type_in
from junheng import api as jh
from junheng_web.collection.exchange.importing import Moved, of_schools, plan, plan_apply
from junheng_web.collection.ledger.gathering import facts_of, unfolded
from junheng_web.collection.models import Cell, Entry, Write
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.trials import trial_expire
from junheng_web.organisation.models import School, SchoolAlias
from odd_workbooks import CORPUS, HEADINGS, READ, ROW, Odd, book, zipped
from places import EXAMPLES

pytestmark = pytest.mark.django_db
IMPORT, EXPORT = f"{HERE}import/", f"{HERE}workbook"


def handed_in(browser: Client, name: str, content: bytes):
    """Hand a file in, and return what it would change: the page that follows, or the one that refuses it."""
    return browser.post(IMPORT, {"file": SimpleUploadedFile(name, content)}, follow=True)


def agreed(browser: Client, page):
    """Agree to what a page shows, and return the answer."""
    return browser.post(f"{page.request['PATH_INFO']}apply", {"agreed": page.context["plan"].digest}, follow=True)


def test_the_corpus_is_large_enough() -> None:
    """At least sixty, each with its own name."""
    assert len(CORPUS) >= 60
    assert len({one.about for one in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("odd", CORPUS, ids=str)
def test_a_file_as_it_comes(as_, odd: Odd) -> None:
    """It is read as it was meant, and changes that alone; or it is refused in words, and changes nothing by no way."""
    browser, before = as_("clerk-03"), cells()
    page = handed_in(browser, odd.name, odd.content())
    text = page.content.decode()
    assert cells() == before
    if odd.holds is None:
        assert page.status_code == 422, text[:2000]
        assert odd.refused in text
        assert all(said_why(page))
        if (shown := page.request["PATH_INFO"]) != IMPORT:
            assert browser.post(f"{shown}apply", {"agreed": ""}).url == shown
            assert cells() == before
        return
    assert page.status_code == 200, said_why(page)
    assert odd.remark in text
    agreed(browser, page)
    assert {name: cells()["schools", SCHOOL, name][0] for name in odd.holds} == odd.holds
    changed = {key for key, value in cells().items() if value != before.get(key)}
    assert changed <= {("schools", SCHOOL, name) for name in odd.holds}


def cells() -> dict[tuple[str, ...], tuple[object, ...]]:
    """Return what every cell of the ledger holds."""
    names = ("table", "row", "column", "integer", "text", "reported")
    return {one[:3]: one[3:] for one in Cell.objects.filter(ledger=ledger_of()).values_list(*names)}


def said_why(page) -> list[str]:
    """Return the problems that a page tells, each with its reason and what to do; else a field's own words."""
    plan = page.context.get("plan")
    problems = page.context.get("problems") or (plan.problems if plan else ())
    told = [f"{one}" if one.reason and one.remedy else "" for one in problems]
    errors = page.context.get("form").errors.values() if page.context.get("form") else ()
    return [*told, *(error for found in errors for error in found)] or [""]


def test_nothing_changes_until_somebody_agrees(as_) -> None:
    """The page shows old and new and where in the file; then it is one write that names file, sheet, row, column."""
    browser, before = as_("clerk-03"), ledger_of().sequence
    content = book([HEADINGS, ROW])
    page = handed_in(browser, "数据.xlsx", content)
    text = page.content.decode()
    for told in ("会改 2 格", "1890", "1888", "学校第 2 行，小学在校生数"):
        assert told in text, told
    assert ledger_of().sequence == before
    assert "改了 2 格" in agreed(browser, page).content.decode()
    write = Write.objects.latest("id")
    assert (write.kind, write.by_name, write.file_name, write.sequence) == (
        "imported",
        "韩小满",
        "数据.xlsx",
        before + 1,
    )
    entry = held(PUPILS).entry
    assert (entry.sheet, entry.file_row, entry.file_column) == ("学校", 2, "小学在校生数")
    file = File.objects.get(digest=write.file_digest)
    assert Link.objects.filter(file=file, object_kind="ledger", object_code="2025:current").exists()


def test_the_same_file_again_changes_nothing(as_) -> None:
    """It says so, and offers nothing to agree to."""
    browser, content = as_("clerk-03"), book([HEADINGS, ROW])
    agreed(browser, handed_in(browser, "数据.xlsx", content))
    before = ledger_of().sequence
    page = handed_in(browser, "数据.xlsx", content)
    assert "没有可导的" in page.content.decode()
    assert "apply" not in page.content.decode()
    agreed(browser, page)
    assert ledger_of().sequence == before


@pytest.mark.parametrize("username", ["office", "clerk-03"])
def test_what_was_exported_is_no_change(as_, username: str) -> None:
    """The whole county's workbook, or the own school's: import(export(x)) = x, cell by cell."""
    browser = as_(username)
    exported = browser.get(EXPORT).content
    tables = unfolded(ledger_of()).tables
    page = handed_in(browser, "导出.xlsx", exported)
    assert page.status_code == 200, [str(one) for one in page.context["plan"].problems]
    assert page.context["plan"].differences == []
    assert page.context["plan"].same > (2000 if username == "office" else 50)
    assert unfolded(ledger_of()).tables == tables


def test_an_empty_ledger_takes_in_what_another_gave_out(tmp_path: Path) -> None:
    """Into a ledger without a cell, all of them: both then hold the same, and are judged the same."""
    import datetime as dt

    from junheng_web.collection.ledger.services import period_open

    one = ledger_of()
    period = period_open(by=None, county=one.county, counting_date=dt.date(2026, 9, 1), standard="national-2017")
    other = period.ledgers.select_related("county", "period").get(basis="current")
    file = tmp_path / "导出.xlsx"
    jh.write_workbook(facts_of(one), file)
    made = plan(acting("office"), other, jh.load(file))
    plan_apply(by=acting("office"), ledger=other, made=made, file=file, name="导出.xlsx")
    tables = {name: rows for name, rows in unfolded(other).tables.items() if rows}
    assert tables == {name: rows for name, rows in unfolded(one).tables.items() if rows}


def test_a_school_gets_its_own_workbook_only(as_) -> None:
    """Not the county's items, and not another school's list."""
    content = as_("clerk-03").get(EXPORT).content
    one = openpyxl.load_workbook(io.BytesIO(content))
    assert {row[2] for row in one["学校"].iter_rows(min_row=2, values_only=True)} == {SCHOOL}
    assert {row[0] for row in one["班级"].iter_rows(min_row=2, values_only=True)} == {SCHOOL}
    assert one["县级数据"].max_row == 1
    assert as_("auditor").get(EXPORT).status_code == 200
    assert as_("auditor").get(IMPORT).status_code == 403


def test_a_school_of_another_name_is_found_by_its_alias(as_) -> None:
    """A name that somebody has confirmed stands for the code."""
    school = School.objects.get(code=SCHOOL)
    SchoolAlias.objects.create(county=school.county, school=school, name="实验小学", kind="short")
    rows = [HEADINGS, ("实验小学", "实验小学", *ROW[2:])]
    browser = as_("clerk-03")
    agreed(browser, handed_in(browser, "数据.xlsx", book(rows)))
    assert held(PUPILS).integer == READ["primary_pupils"]


def rows_of(table: str) -> list[dict[str, object]]:
    """Return a list's rows of the school, as the engine reads them."""
    rows = facts_of(ledger_of()).tables[table].to_pylist()
    return [row for row in rows if row["school_code"] == SCHOOL]


def test_a_list_takes_the_place_of_the_one_before(as_) -> None:
    """Two classes where there were 45: the others are gone, a blank is one; other schools and the rooms stay."""
    classes, rooms = len(facts_of(ledger_of()).tables["classes"]), rows_of("rooms")
    tables = {
        "学校.csv": "学校标识码,小学班数\n1506990006,2\n".encode(),
        "班级.csv": (
            "学校标识码,学段,年级,班级名称,学生数\n1506990006,小学,1,甲班,40\n1506990006,小学,2,乙班,\n".encode()
        ),
    }
    browser = as_("clerk-03")
    agreed(browser, handed_in(browser, "清单.zip", zipped(tables)))
    told = [(row["grade"], row["class_name"], row["pupils"]) for row in rows_of("classes")]
    assert told == [(1, "甲班", 40), (2, "乙班", None)]
    assert len(facts_of(ledger_of()).tables["classes"]) == classes - 45 + 2
    assert rows_of("rooms") == rooms
    assert "没有可导的" in handed_in(browser, "清单.zip", zipped(tables)).content.decode()


def test_one_school_under_two_names_is_told_of(as_) -> None:
    """A row by its code and one by its alias are the same school: which of them counts is not for us to say."""
    school = School.objects.get(code=SCHOOL)
    SchoolAlias.objects.create(county=school.county, school=school, name="实验小学", kind="short")
    page = handed_in(as_("clerk-03"), "数据.xlsx", book([HEADINGS, ROW, ("实验小学", "实验小学", 1, 1)]))
    assert page.status_code == 422
    assert "前面已经有一行" in page.content.decode()


def test_a_form_that_was_handed_in_takes_nothing_in(as_) -> None:
    """Neither on the page that shows nor when somebody agrees to what was shown before."""
    browser = as_("clerk-03")
    page = handed_in(browser, "数据.xlsx", book([HEADINGS, ROW]))
    take("office", "submit")
    assert "已提交，不能再改" in handed_in(browser, "数据.xlsx", book([HEADINGS, ROW])).content.decode()
    agreed(browser, page)
    assert held(PUPILS).integer == 1890


def test_what_changed_meanwhile_is_looked_at_again(as_) -> None:
    """What was agreed to is not what would happen: nothing happens."""
    browser = as_("clerk-03")
    page = handed_in(browser, "数据.xlsx", book([HEADINGS, ROW]))
    type_in("head-03", PUPILS, "1888")
    assert "有人改了数" in agreed(browser, page).content.decode()
    assert held(("schools", SCHOOL, "primary_teachers")).integer == 150


def test_a_change_between_plan_and_write_stops_all_of_it(tmp_path: Path) -> None:
    """Even where it comes at the last moment."""
    file = tmp_path / "数据.xlsx"
    file.write_bytes(book([HEADINGS, ROW]))
    made = plan(acting("clerk-03"), ledger_of(), jh.load(file))
    type_in("head-03", PUPILS, "1801")
    entries = Entry.objects.count()
    with pytest.raises(Moved, match="其中 1 格"):
        plan_apply(by=acting("clerk-03"), ledger=ledger_of(), made=made, file=file, name="数据.xlsx")
    assert Entry.objects.count() == entries
    assert not File.objects.filter(name="数据.xlsx").exists()


def test_a_plan_with_problems_is_never_made_true(tmp_path: Path) -> None:
    """Whoever asks."""
    file = tmp_path / "数据.xlsx"
    file.write_bytes(book([HEADINGS, ("1506999999", "不明小学", 1, 1)]))
    made = plan(acting("office"), ledger_of(), jh.load(file))
    with pytest.raises(PermissionDenied):
        plan_apply(by=acting("office"), ledger=ledger_of(), made=made, file=file, name="数据.xlsx")


def test_a_file_tells_nothing_of_another_s_numbers(as_) -> None:
    """Who asks for another school's row, or the county's items, learns neither what they hold nor if it fits."""
    other = ("1506990001", "示例旗第一小学", held(("schools", "1506990001", "primary_pupils")).integer, 1)
    page = handed_in(as_("clerk-03"), "数据.xlsx", book([HEADINGS, ROW, other]))
    text = page.content.decode()
    assert "示例旗第一小学的数不归您填" in text
    assert {one.subject for one in page.context["plan"].differences} == {SCHOOL}
    assert page.context["plan"].same == 0
    exported = as_("office").get(EXPORT).content
    page = handed_in(as_("clerk-03"), "导出.xlsx", exported)
    assert page.status_code == 422
    assert page.context["plan"].differences == []
    assert "县级数据由办公室导入" in page.content.decode()


def test_a_file_is_its_sender_s_until_it_expires(as_) -> None:
    """Nobody else finds it, no other ledger's page knows it, and after a day it is gone."""
    browser = as_("clerk-03")
    url = handed_in(browser, "数据.xlsx", book([HEADINGS, ROW])).request["PATH_INFO"]
    assert as_("office").get(url).status_code == 404
    assert browser.get(url.replace("current", "census")).status_code == 404
    trial = url.rstrip("/").rsplit("/", 1)[-1]
    assert browser.get(f"{HERE.split('collection')[0]}upload/{trial}/").status_code == 404
    assert browser.get(url).status_code == 200
    import datetime as dt

    from django.utils import timezone

    assert trial_expire(timezone.now() + dt.timedelta(days=2)) >= 1
    assert browser.get(url).status_code == 404


def test_the_example_s_own_workbook_is_what_the_ledger_holds(as_) -> None:
    """The file that is given to everybody says the same as what was brought in from the tables."""
    page = handed_in(as_("office"), "示例旗.xlsx", (EXAMPLES / "shili" / "shili.xlsx").read_bytes())
    assert page.status_code == 200, [str(one) for one in page.context.get("problems") or page.context["plan"].problems]
    assert page.context["plan"].differences == []


def test_schools_of_facts_keep_what_is_theirs() -> None:
    """And lose the county's items."""
    own = of_schools(facts_of(ledger_of()), {SCHOOL})
    assert own.tables["schools"].num_rows == 1
    assert own.items == {}
    assert form_of().name == "示例旗实验小学"
