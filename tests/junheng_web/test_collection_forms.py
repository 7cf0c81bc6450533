"""A form asks each school for what its type is judged by, and a unit for what it owns: each number once."""

from __future__ import annotations

import datetime as dt

import pytest

from collected import FORM, HERE, PUPILS, SCHOOL, acting, form_of, ledger_of, type_in
from junheng.facts.items import ITEMS
from junheng_web.collection.ledger.fields import county_form
from junheng_web.collection.ledger.services import owner_set, period_open
from junheng_web.collection.ledger.subjects import NoSuchForm, subject, subjects, visible
from junheng_web.collection.models import Ledger, Period
from junheng_web.organisation.models import Area, AuditRow, Event, School, Unit
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db


def test_every_school_and_every_owner_has_a_form() -> None:
    """Those that stand on the counting date, and the office for whatever no unit was given."""
    every = subjects(ledger_of())
    assert [one.code for one in every if one.kind == "school"] == list(
        School.objects.filter(county__code=COUNTY).order_by("code").values_list("code", flat=True)
    )
    assert [one.code for one in every if one.kind == "unit"] == ["office"]
    school = School.objects.get(code=SCHOOL)
    School.objects.filter(id=school.id).update(closed=dt.date(2025, 8, 31))
    assert SCHOOL not in [one.code for one in subjects(ledger_of())]


def test_no_number_is_asked_for_twice() -> None:
    """Whoever owns what: every cell stands in one form, and every item of the rules in some form."""
    county = Area.objects.get(code=COUNTY)
    finance = Unit.objects.get(county=county, code="fin")
    for item in ("special_operating_fund", "|B9"):
        owner_set(by=None, period=ledger_of().period, item=item, unit=finance)
    every = [field.key for one in subjects(ledger_of()) for field in one.fields]
    assert len(every) == len(set(every))
    assert {field.key for field in county_form(ledger_of().period)} <= set(every)
    own = form_of("fin", kind="unit")
    assert [field.key[1] for field in own.fields] == ["|B9", "special_operating_fund"]
    assert own.name == "财政局"
    owner_set(by=None, period=ledger_of().period, item="special_operating_fund", unit=None)
    assert len(form_of("fin", kind="unit").fields) == 1


def test_an_item_says_its_unit_and_the_indicators_that_read_it() -> None:
    """Schools type money in 万元, the county's items in 元, as the workbook has it."""
    school = {field.key[2]: field for field in form_of().fields}
    assert school["equipment_value"].unit == "万元"
    assert school["equipment_value"].indicators == ("B6",)
    assert school["primary_pupils"].unit == "人"
    county = {field.key[1]: field for field in county_form(ledger_of().period)}
    assert county["special_operating_fund"].unit == "元"
    assert all(name in ITEMS or name.startswith("|B") for name in county)
    # Nothing is judged by it; the application form prints it.
    assert county["allotted_rural_places"].indicators == ("B21",)


def test_a_form_has_its_own_cells_and_its_lists_rows() -> None:
    """And none of another school's; a list's row is named by four digits."""
    one = form_of()
    assert one.has(("schools", SCHOOL, "primary_pupils"))
    assert one.has(("classes", f"{SCHOOL}|0001", "pupils"))
    assert one.has(("rooms", f"{SCHOOL}|0200", "area"))
    for key in (
        ("schools", "1506990001", "primary_pupils"),
        ("schools", SCHOOL, "junior_pupils"),
        ("classes", "1506990001|0001", "pupils"),
        ("classes", f"{SCHOOL}|1", "pupils"),
        ("classes", f"{SCHOOL}|000x", "pupils"),
        ("classes", f"{SCHOOL}|0001", "school_code"),
        ("county", "special_pupils", "value"),
    ):
        assert not one.has(key), key


def test_who_sees_which_form() -> None:
    """A school its own, a unit its own; leader, office, desks and auditors all."""
    own, other, units = form_of(), form_of("1506990001"), form_of("office", kind="unit")
    assert [visible(acting("clerk-03"), one) for one in (own, other, units)] == [True, False, False]
    assert [visible(acting("fin-staff"), one) for one in (own, units)] == [False, False]
    for username in ("leader", "office", "edu-hr-desk", "auditor"):
        assert all(visible(acting(username), one) for one in (own, other, units)), username
    assert not visible(acting("town-shawan"), own)


def test_a_form_that_is_not_one_s_own_is_not_there(as_) -> None:
    """No page of it, whatever the address."""
    other = FORM.replace(SCHOOL, "1506990001")
    for part in ("", "findings", "printed", "workbook", 'history?key=["schools","1506990001","primary_pupils"]'):
        assert as_("clerk-03").get(FORM + part.replace("1506990001", SCHOOL)).status_code == 200, part
        assert as_("clerk-03").get(other + part).status_code == 404, part
    with pytest.raises(NoSuchForm):
        subject(ledger_of(), "school", "0")


def test_a_period_is_opened_once(as_) -> None:
    """With a ledger for each basis; opening it again changes nothing."""
    county = Area.objects.get(code=FOREIGN)
    period = period_open(by=None, county=county, counting_date=dt.date(2026, 9, 1), standard="national-2017")
    assert (period.code, period.school_year) == ("2026", "2026-2027")
    assert period_open(by=None, county=county, counting_date=dt.date(2026, 9, 1), standard="otog") == period
    assert sorted(Ledger.objects.filter(period=period).values_list("basis", flat=True)) == ["census", "current"]
    assert Event.objects.filter(kind="period.opened", county=county).count() == 1


def test_a_county_s_first_period_is_opened_on_one_page(as_) -> None:
    """By the office and nobody else; a day that is none comes back with what to write."""
    page = f"/c/{COUNTY}/collection/open/"
    assert as_("clerk-03").get(page).status_code == 403
    wrong = as_("office").post(page, {"counting_date": "九月", "standard": "national-2017"})
    assert wrong.status_code == 422
    assert "2026-09-01" in wrong.content.decode()
    Period.objects.filter(county__code=COUNTY).update(county=Area.objects.get(code=FOREIGN))
    answer = as_("office").post(page, {"counting_date": "2026-09-01", "standard": "national-2017"})
    assert answer.url == f"/c/{COUNTY}/collection/2026/current/"
    assert Period.objects.filter(county__code=COUNTY, code="2026").count() == 1
    assert AuditRow.objects.filter(action="period.open", object_code="2026").count() == 1


def test_the_board_lists_what_one_may_see(as_) -> None:
    """The office every form and who is late; a clerk the own one alone."""
    office = as_("office").get(HERE).content.decode()
    assert "还没有提交的有 31 家" in office
    clerk = as_("clerk-03").get(HERE).content.decode()
    assert "示例旗实验小学" in clerk
    assert "示例旗第一小学" not in clerk
    assert "催办" not in clerk


def test_a_due_date_stands_on_the_board(as_) -> None:
    """Until the office takes it back."""
    assert as_("clerk-03").post(f"{HERE}due", {"day": "2099-10-15"}).status_code == 403
    as_("office").post(f"{HERE}due", {"day": "2099-10-15"})
    page = as_("office").get(HERE).content.decode()
    assert "截止 2099-10-15 24:00" in page
    assert "请在 2099-10-15 24:00 前提交" in page
    as_("office").post(f"{HERE}due", {"day": ""})
    assert "截止 2099" not in as_("office").get(HERE).content.decode()
    assert as_("office").post(f"{HERE}due", {"day": "明天"}).status_code == 422


def test_the_differences_of_the_bases_name_who_made_them(as_) -> None:
    """None at first; then the cell with both values and its author, for those who may see the form."""
    page = f"/c/{COUNTY}/collection/2025/differences/"
    assert "两种口径完全一样" in as_("office").get(page).content.decode()
    type_in("clerk-03", PUPILS, "1800")
    type_in("office", ("schools", "1506990001", "primary_teachers"), "", code="1506990001")
    office, clerk = (as_(username).get(page).content.decode() for username in ("office", "clerk-03"))
    for told in ("2 格不同", "1890", "1800", "韩小满", "示例旗第一小学", "未报"):
        assert told in office, told
    assert "1 格不同" in clerk
    assert "示例旗第一小学" not in clerk
    assert as_("office").get(page.replace("2025", "1999")).status_code == 404


def test_the_office_gives_items_to_units_on_a_page(as_) -> None:
    """Each to one; what it takes back is its own again; what is no item or no unit changes nothing."""
    page, browser = f"/c/{COUNTY}/collection/2025/owners/", as_("office")
    assert as_("fin-staff").get(page).status_code == 403
    asked = {"special_operating_fund": "fin", "special_pupils": "edu", "nothing": "fin", "survey_valid": "no-unit"}
    assert "已改派 2 项" in browser.post(page, asked, follow=True).content.decode()
    assert [field.key[1] for field in form_of("fin", kind="unit").fields] == ["special_operating_fund"]
    assert 'value="fin" selected' in browser.get(page).content.decode()
    assert "没有改动" in browser.post(page, asked, follow=True).content.decode()
    browser.post(page, {"special_operating_fund": ""})
    with pytest.raises(NoSuchForm):
        form_of("fin", kind="unit")
    fin = as_("fin-staff")
    assert "没有要您填的表" in fin.get(HERE).content.decode()
    browser.post(page, {"special_operating_fund": "fin"})
    assert "财政局" in fin.get(HERE).content.decode()
    assert fin.get(f"{HERE}unit/fin/").status_code == 200
    assert fin.get(f"{HERE}unit/edu/").status_code == 404
