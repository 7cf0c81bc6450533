"""A register's workbook: first what it would change, row by row; then all of it or nothing; the file is not kept."""

from __future__ import annotations

import io

import openpyxl
import pytest

from junheng_web.evidence.models import File
from junheng_web.organisation.models import School, SchoolAlias
from junheng_web.registers.models import Version, Write
from registered import HERE, OTHER, SCHOOL, STAFFING, agreed, book, change, handed_in, put, row_of, somebody

pytestmark = pytest.mark.django_db
NEW = {"person_code": "N1", "person_name": "新人", "census_school_code": SCHOOL, "duty": "在编在岗", "lessons": 12}


def words(page) -> str:
    """Return a page's text."""
    return page.content.decode()


def test_nothing_changes_until_somebody_agrees(as_) -> None:
    """The page shows what is new and what is changed, old and new; then it is one write with file and row."""
    browser, row, versions = as_("clerk-03"), somebody(), Version.objects.count()
    page = handed_in(browser, book(NEW, {"person_code": row.key, "lessons": 2}))
    for told in ("会改 2 行", "新增 1", "改动 1", f"主教学科周课时：{row.values['lessons']} → 2", "新人（N1）"):
        assert told in words(page), told
    assert Version.objects.count() == versions
    assert "改了 2 行" in words(agreed(browser, page))
    write = Write.objects.latest("id")
    assert (write.kind, write.by_name, write.file_name, len(write.file_digest)) == (
        "imported",
        "韩小满",
        "台账.xlsx",
        64,
    )
    version = row_of("N1").version
    assert (version.sheet, version.file_row, version.write) == ("教师台账", 2, write)
    assert not File.objects.filter(name="台账.xlsx").exists()


def test_columns_that_a_file_does_not_have_stay_and_blanks_empty(as_) -> None:
    """A row is handed in whole as far as its columns go."""
    row, browser = somebody(), as_("clerk-03")
    agreed(browser, handed_in(browser, book({"person_code": row.key, "lessons": 1, "note": None})))
    held = row_of(row.key).values
    assert held == {**{name: value for name, value in row.values.items() if name != "note"}, "lessons": 1}


def test_the_same_file_again_changes_nothing(as_) -> None:
    """It says so, and offers nothing to agree to."""
    browser, content = as_("clerk-03"), book(NEW)
    agreed(browser, handed_in(browser, content))
    page = handed_in(browser, content)
    assert "没有可导的" in words(page)
    assert 'name="agreed"' not in words(page)


@pytest.mark.parametrize(("username", "many"), [("office", 984), ("clerk-03", 152)])
def test_what_was_exported_is_no_change(as_, username: str, many: int) -> None:
    """The whole county's people, or the own school's: import(export(x)) = x."""
    browser = as_(username)
    page = handed_in(browser, browser.get(f"{HERE}teachers/workbook").content)
    assert page.status_code == 200, [str(one) for one in page.context["plan"].problems]
    assert (page.context["plan"].differences, page.context["plan"].same) == ([], many)


def test_only_who_says_that_everybody_is_listed_takes_somebody_out(as_) -> None:
    """And only of the schools that the file lists."""
    browser, row = as_("office"), somebody("1506990017")
    content = book({"person_code": row.key, "census_school_code": "1506990017"})
    assert "移出 0" in words(handed_in(browser, content))
    page = handed_in(browser, content, whole="on")
    assert [one.what for one in page.context["plan"].differences] == ["gone", "gone"]
    agreed(browser, page)
    assert row_of(page.context["plan"].differences[0].change.key).gone
    assert not row_of(row.key).gone
    assert not row_of(somebody(SCHOOL).key).gone


def test_a_school_s_name_stands_for_its_code(as_) -> None:
    """Its own, or an alias that somebody has confirmed."""
    school = School.objects.get(code=SCHOOL)
    SchoolAlias.objects.create(county=school.county, school=school, name="实验小学")
    browser = as_("clerk-03")
    named = {"employer_code": "示例旗实验小学", "census_school_code": "实验小学"}
    agreed(browser, handed_in(browser, book({**NEW, **named})))
    held = row_of("N1").values
    assert (held["employer_code"], held["census_school_code"]) == (SCHOOL, SCHOOL)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"person_code": "1.50622E+17"}, "末尾几位丢失"),
        ({"person_code": 150624198001010011}, "末尾几位丢失"),
        ({"person_code": "150624198001010011"}, "身份证号"),
        ({"note": "证件15062419800101001X"}, "身份证号"),
        ({"person_code": "甲/乙"}, "只能用数字、字母和横线"),
        ({"person_code": None}, "没有写工号"),
        ({"census_school_code": "9999"}, "本县没有这所学校"),
        ({"duty": "在家"}, "不在规定的代码之内"),
        ({"census_school_code": OTHER}, "归别的学校管"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_at_its_cell(as_, other: dict[str, object], told: str) -> None:
    """With the row and what to do; nothing of the file goes in."""
    browser = as_("clerk-03")
    page = handed_in(browser, book({**NEW, "person_name": "别人", "person_code": "N2"}, {**NEW, **other}))
    assert page.status_code == 422, words(page)
    assert told in words(page)
    assert "第 3 行" in words(page)
    assert not Version.objects.filter(key="N2").exists()


def test_a_school_cannot_take_over_somebody_of_another(as_) -> None:
    """It learns that the number is another's, and not whose."""
    stranger = somebody(OTHER)
    page = handed_in(as_("clerk-03"), book({**NEW, "person_code": stranger.key}))
    assert "归别的学校管" in words(page)
    assert stranger.values["person_name"] not in words(page)


def test_what_somebody_changed_since_is_shown_again(as_) -> None:
    """What was agreed to is not what would happen: nothing is imported."""
    browser, row = as_("clerk-03"), somebody()
    page = handed_in(browser, book({"person_code": row.key, "lessons": 2}))
    put("office", change(row, lessons=8))
    answer = agreed(browser, page)
    assert "什么也没有导入" in words(answer)
    assert row_of(row.key).values["lessons"] == 8


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("台账.zip", b"PK", "请直接交 .xlsx"),
        ("台账.et", b"x", "另存为 .xlsx"),
        ("台账.xlsx", b"not a workbook", "不是能读的工作簿"),
        ("台账.xlsx", book(NEW, sheet="Sheet1"), "改名为“教师台账”"),
    ],
)
def test_what_is_no_register_is_refused(as_, name: str, content: bytes, told: str) -> None:
    """Before or when it is read, in words."""
    page = handed_in(as_("clerk-03"), content, name)
    assert page.status_code == 422
    assert told in words(page)


def test_a_trial_is_for_its_own_register_and_account(as_) -> None:
    """Neither the other register's page nor another account finds it."""
    page = handed_in(as_("office"), book(NEW))
    code = page.request["PATH_INFO"].rstrip("/").split("/")[-1]
    assert as_("office").get(f"{HERE}teachers/import/{code}/").status_code == 200
    assert as_("office").get(f"{HERE}staffing/import/{code}/").status_code == 404
    assert as_("clerk-03").get(f"{HERE}teachers/import/{code}/").status_code == 404


def test_the_blank_template_says_what_to_do(as_) -> None:
    """With drop-downs, and no one in it."""
    content = as_("clerk-03").get(f"{HERE}teachers/workbook?blank=1").content
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert "身份证" in "".join(str(row[0]) for row in made["说明"].iter_rows(values_only=True))
    assert made["教师台账"].max_row == 2
    assert made["教师台账"].data_validations.count >= 8


def test_posts_come_in_by_the_office_alone(as_) -> None:
    """A school reads its row, and hands in none."""
    labels = {"school_code": "学校标识码", "year": "年份", "approved": "核定编制（人）", "filled": "实有在编（人）"}
    content = book(
        {"school_code": SCHOOL, "year": 2026, "approved": 151, "filled": 149}, sheet="编制台账", headings=labels
    )
    browser = as_("edu-hr-desk")
    page = handed_in(browser, content, register=STAFFING)
    assert "新增 1" in words(page)
    agreed(browser, page)
    assert row_of(f"{SCHOOL}-2026", STAFFING).values["approved"] == 151
    assert handed_in(as_("clerk-03"), content, register=STAFFING).status_code == 403
