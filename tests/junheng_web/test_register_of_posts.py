"""编制台账: the units that the office lets in see one table, a school its own row; signs show their reasoning."""

from __future__ import annotations

import pytest

from junheng_web.organisation.models import Account, Unit
from junheng_web.registers.models import Reader
from registered import HERE, OTHER, SCHOOL, STAFFING, Change, county, in_post, put, put_all, row_of

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}staffing/"


def row(year: int, school: str = SCHOOL, **told: int) -> Change:
    """Return a school's year."""
    return Change(f"{school}-{year}", {"school_code": school, "year": year, **told})


@pytest.mark.parametrize("unit", ["staffing", "hr", "edu"])
def test_the_units_that_were_let_in_see_the_same_table(as_, unit: str) -> None:
    """Every school's row, to be read and not to be changed."""
    browser = as_(in_post(unit))
    page = browser.get(PAGE)
    assert len(page.context["rows"]) == 28
    assert "导入编制台账" not in page.content.decode()
    key = f"{OTHER}-2025"
    assert browser.get(f"{PAGE}row/{key}/").status_code == 200
    assert browser.post(f"{PAGE}row/{key}/", {}).status_code == 403
    assert browser.get(f"{PAGE}import/").status_code == 403
    assert browser.get(f"{HERE}teachers/").status_code == 403


def test_another_unit_is_told_how_to_see_it(as_) -> None:
    """And finds no row by its address, nor in a workbook."""
    browser = as_("fin-staff")
    text = browser.get(PAGE).content.decode()
    assert "没有开放给您的单位" in text
    assert "示例旗第一小学" not in text
    assert browser.get(f"{PAGE}row/{SCHOOL}-2025/").status_code == 404
    content = browser.get(f"{PAGE}workbook").content
    assert b"PK" in content[:2]
    import io

    import openpyxl

    assert openpyxl.load_workbook(io.BytesIO(content))["编制台账"].max_row <= 2


def test_the_office_says_which_units_see_it(as_) -> None:
    """Letting one in or out counts at the next click."""
    office = as_("office")
    assert office.post(f"{PAGE}readers/", {"units": ["fin"]}).status_code == 302
    assert [one.unit.code for one in Reader.objects.all()] == ["fin"]
    assert len(as_("fin-staff").get(PAGE).context["rows"]) == 28
    assert "没有开放给您的单位" in as_(in_post("hr")).get(PAGE).content.decode()
    assert as_("edu-hr-desk").get(f"{PAGE}readers/").status_code == 403


def test_a_desk_reads_with_its_unit(as_) -> None:
    """A post in a unit below one that was let in sees what that one sees."""
    name = in_post("staffing", "below")
    staffing = Unit.objects.of(county()).get(code="staffing")
    Unit.objects.create(county=county(), code="below", name="事业股", parent=staffing)
    post = Account.objects.get(username=name).person.appointments.get().post
    post.unit = Unit.objects.get(code="below")
    post.save()
    assert len(as_(name).get(PAGE).context["rows"]) == 28


def test_a_school_sees_its_own_row(as_) -> None:
    """And no other's, by no address."""
    browser = as_("clerk-03")
    page = browser.get(PAGE)
    assert [one["key"] for one in page.context["rows"]] == [f"{SCHOOL}-2025"]
    assert browser.get(f"{PAGE}row/{SCHOOL}-2025/").status_code == 200
    assert browser.get(f"{PAGE}row/{OTHER}-2025/").status_code == 404
    assert browser.post(f"{PAGE}row/{SCHOOL}-2025/", {"approved": "999"}).status_code == 403


def test_vacancies_are_worked_out_and_years_are_told_apart(as_) -> None:
    """Of what is not reported there is no number; more people than posts are over."""
    put_all(row(2026, approved=50, filled=47), row(2026, OTHER, approved=10, filled=12), name=STAFFING)
    put_all(row(2026, "1506990005", approved=9), name=STAFFING)
    page = as_("office").get(PAGE)
    assert page.context["years"] == [2026, 2025, 2024, 2023]
    assert [one["vacant"] for one in page.context["rows"]] == [None, 3, -2]
    assert "超 2" in page.content.decode()
    assert page.context["totals"]["approved"] == 69
    assert len(as_("office").get(PAGE, {"year": "2024"}).context["rows"]) == 28


def test_signs_show_what_they_rest_on(as_) -> None:
    """And say that they are no verdict."""
    put_all(row(2027, approved=50, filled=47, contract=2, contract_years=3), name=STAFFING)
    text = as_("office").get(PAGE).content.decode()
    assert "空编 3 个，同时聘用编外教师 2 人，最长的已聘 3 年" in text
    assert "不是结论" in text


def test_a_row_is_typed_in_and_has_a_history(as_) -> None:
    """By the office or a desk."""
    browser = as_("edu-hr-desk")
    sent = {"school_code": SCHOOL, "year": "2026", "approved": "150"}
    assert browser.post(f"{PAGE}add/", sent).status_code == 302
    held = row_of(f"{SCHOOL}-2026", STAFFING)
    browser.post(f"{PAGE}row/{held.key}/", {"approved": "152", "revision": "1"})
    text = browser.get(f"{PAGE}row/{held.key}/").content.decode()
    assert "核定编制：150 → 152" in text
    assert "苏日娜" in text
    assert put("office", row(2026, approved=152), STAFFING).rows == []
