"""The risk page: what is planted stands on top, what was verified stays verified, and who may not see it does not."""

from __future__ import annotations

import datetime as dt
import json
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from collected import acting, approve, form_of, ledger_of, take, type_in
from junheng_web.collection.exchange.importing import changes_of
from junheng_web.collection.handing.approving import DEEDS, step_take
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.saving import cells_save
from junheng_web.collection.ledger.services import due_set, period_open
from junheng_web.collection.ledger.subjects import subject
from junheng_web.collection.models import Ledger, Write
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Event, Person, Post, School
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.registers.saving import Change
from junheng_web.scrutiny import looking
from junheng_web.scrutiny.evidence import Sign
from junheng_web.scrutiny.models import Verified
from junheng_web.scrutiny.selectors import case_of, cases
from junheng_web.scrutiny.services import Changed, sign_verify
from places import COUNTY, FOREIGN
from registered import OTHER, put_all, somebody
from scrutinised import DAY, facts_of, honest
from test_walls_of_urls import account_of

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/scrutiny/2025/current/"
# The demonstration's new school, equipped at once, and the point whose rooms do not fit its floor.
NEW, POINT = "1506990003", "1506990018"
PLANTED = "0007"


@pytest.fixture
def made() -> tuple[Scope, Ledger]:
    """A county of thirty honest schools, collected for two years, and its office."""
    county = Area.objects.create(code="150695", name="示例丙旗（虚构）", kind=Area.Kind.COUNTY, invented=True)
    person = Person.objects.create(county=county, name="示例")
    post = Post.objects.create(area=county, code="office", name="办公室", role=Role.OFFICE)
    Appointment.objects.create(post=post, person=person, start=dt.date(2025, 3, 1))
    scope = scope_of(Account.objects.create_user("made-office", "x", person=person), timezone.localdate())
    rows = honest(7, 30)
    for row in facts_of(rows).tables["schools"].to_pylist():
        School.objects.create(
            county=county, code=row["school_code"], name=row["school_name"], school_type=row["school_type"]
        )
    for day in (DAY.replace(year=DAY.year - 1), DAY):
        period = period_open(by=None, county=county, counting_date=day, standard="national-2017")
        ledger = period.ledgers.select_related("county", "period").get(basis="current")
        cells_save(
            by=None, ledger=ledger, changes=list(changes_of(ledger, facts_of(rows), [])), kind=Write.Kind.IMPORTED
        )
    return scope, ledger


def enter(scope: Scope, ledger: Ledger, code: str, column: str, text: str) -> None:
    """Enter a number in a school's form."""
    form_save(by=scope, one=subject(ledger, "school", code), texts=[(("schools", code, column), text, None)])


def value(ledger: Ledger, code: str, column: str) -> int:
    """Return the number that a school has reported."""
    return looking.unfolded(ledger).tables["schools"][code][column]


def test_what_is_planted_stands_on_top(made) -> None:
    """A school with twice its backbone teachers and four times its equipment, written on the last day, before all."""
    scope, ledger = made
    assert cases(scope, ledger) == []
    due_set(by=scope, ledger=ledger, day=timezone.localdate())
    backbone, yuan = (value(ledger, PLANTED, name) for name in ("primary_backbone_teachers", "equipment_value"))
    enter(scope, ledger, PLANTED, "primary_backbone_teachers", str(2 * backbone + 4))
    enter(scope, ledger, PLANTED, "equipment_value", str(4 * yuan / 10**6))
    enter(scope, ledger, "0001", "multimedia_rooms", "1")
    first, *_ = cases(scope, ledger)
    assert first.school == PLANTED
    assert {one.sign.of.id for one in first.open} >= {"R12", "R13", "R21", "R41"}


def test_a_late_edit_counts_only_together_with_another_sign(made) -> None:
    """P6: alone it is not there; when the other was looked into, it is gone again."""
    scope, ledger = made
    due_set(by=scope, ledger=ledger, day=timezone.localdate())
    teachers = value(ledger, "0001", "primary_teachers")
    enter(scope, ledger, "0001", "primary_teachers", str(teachers + 1))
    assert case_of(scope, ledger, "0001").signs == ()
    enter(scope, ledger, "0001", "primary_backbone_teachers", str(teachers))
    assert {one.sign.of.id for one in case_of(scope, ledger, "0001").open} == {"R12", "R21", "R41"}
    for one in case_of(scope, ledger, "0001").open:
        if not one.sign.of.with_another:
            sign_verify(by=scope, ledger=ledger, sign=one.sign, note="看了认定文件")
    assert case_of(scope, ledger, "0001").open == ()


def test_an_edit_before_or_after_the_last_day_is_no_late_edit(made) -> None:
    """The day ends at 24:00 at the county's clock."""
    scope, ledger = made
    enter(scope, ledger, "0001", "primary_backbone_teachers", str(value(ledger, "0001", "primary_teachers")))
    today = timezone.localdate()
    for day, late in ((today - dt.timedelta(days=1), False), (today, True), (today + dt.timedelta(days=2), False)):
        due_set(by=scope, ledger=ledger, day=day)
        ledger.refresh_from_db()
        assert ("R41" in {one.sign.of.id for one in case_of(scope, ledger, "0001").open}) is late


def test_a_returned_number_that_comes_back_just_good_enough_is_told(made) -> None:
    """From the return's own reasons and the cell's history; the reason stands in the sentence."""
    scope, ledger = made
    one = subject(ledger, "school", "0001")
    pupils = value(ledger, "0001", "primary_pupils")
    line = -(-pupils * 23 // 1000)
    enter(scope, ledger, "0001", "multimedia_rooms", str(line - 1))
    step_take(by=scope, one=one, deed=DEEDS["submit"])
    reason = {"table": "schools", "row": "0001", "column": "multimedia_rooms", "text": "到校只数到一半"}
    step_take(by=scope, one=one, deed=DEEDS["return"], note="请核对", reasons=[reason])
    assert case_of(scope, ledger, "0001").signs == ()
    enter(scope, ledger, "0001", "multimedia_rooms", str(line))
    (sign,) = [each.sign for each in case_of(scope, ledger, "0001").signs]
    assert sign.of.id == "R71"
    assert f"退回时是 {line - 1} 间（退回时说：到校只数到一半），改为 {line} 间" in sign.told


def test_a_county_that_did_not_change_is_not_looked_at_again() -> None:
    """A cell, a deadline, a step and an explanation each make it look anew."""
    ledger = ledger_of()
    first = looking.looked(ledger)
    assert looking.looked(ledger) is first
    type_in("clerk-03", ("schools", "1506990006", "multimedia_rooms"), "1")
    second = looking.looked(ledger)
    assert second is not first
    due_set(by=acting("office"), ledger=ledger, day=timezone.localdate())
    third = looking.looked(ledger_of())
    assert third is not second
    take("clerk-03", "submit")
    assert looking.looked(ledger_of()) is not third


def test_a_verified_sign_comes_back_when_its_value_changes(as_) -> None:
    """It stays verified for what was looked at, by name; another figure is another question."""
    office, page = as_("office"), f"{HERE}{NEW}/"
    (sign,) = [one.sign for one in case_of(acting("office"), ledger_of(), NEW).open if one.sign.of.id == "R21"]
    told = {"sign": "R21", "mark": sign.mark, "seen": sign.value, "note": "2023 年新建，合同和验收单都在"}
    answer = office.post(f"{page}verify", told, follow=True).content.decode()
    assert "已核实：2023 年新建，合同和验收单都在" in answer
    assert "陈乐平" in answer
    assert "R21" not in {one.sign.of.id for one in case_of(acting("office"), ledger_of(), NEW).open}
    form_save(by=acting("office"), one=form_of(NEW), texts=[(("schools", NEW, "equipment_value"), "800", None)])
    assert "R21" in {one.sign.of.id for one in case_of(acting("office"), ledger_of(), NEW).open}


def test_a_sign_is_taken_up_again_with_a_reason(as_) -> None:
    """The last word counts; both stay written down."""
    scope, ledger = acting("office"), ledger_of()
    sign = case_of(scope, ledger, NEW).open[0].sign
    sign_verify(by=scope, ledger=ledger, sign=sign, note="看了合同")
    told = {"sign": sign.of.id, "mark": sign.mark, "seen": sign.value, "note": "合同金额对不上", "deed": "reopen"}
    assert "已改回待核实" in as_("office").post(f"{HERE}{NEW}/verify", told, follow=True).content.decode()
    assert sign in [one.sign for one in case_of(scope, ledger, NEW).open]
    assert list(Verified.objects.values_list("holds", flat=True)) == [True, False]


def test_nothing_is_verified_without_a_word_or_for_a_value_that_is_gone(as_) -> None:
    """What was typed is not lost in silence: the page says why."""
    scope, ledger = acting("office"), ledger_of()
    sign = case_of(scope, ledger, NEW).open[0].sign
    with pytest.raises(ValidationError, match="写明核实了什么"):
        sign_verify(by=scope, ledger=ledger, sign=sign, note=" ")
    with pytest.raises(Changed, match="刚刚被改过"):
        sign_verify(by=scope, ledger=ledger, sign=sign, note="看了", seen="别的数")
    told = {"sign": sign.of.id, "mark": sign.mark, "seen": "别的数", "note": "看了"}
    assert "刚刚被改过" in as_("office").post(f"{HERE}{NEW}/verify", told, follow=True).content.decode()
    assert "请写说明" in as_("office").post(f"{HERE}{NEW}/verify", {**told, "note": ""}, follow=True).content.decode()
    gone = {**told, "mark": "nothing"}
    assert "已经没有了" in as_("office").post(f"{HERE}{NEW}/verify", gone, follow=True).content.decode()
    assert not Verified.objects.exists()


def test_verifying_is_audited_without_the_note_and_announces_nothing() -> None:
    """Who did it is for the audit; what was written is the office's working paper. No official state changes."""
    scope, ledger = acting("office"), ledger_of()
    events = Event.objects.count()
    sign_verify(by=scope, ledger=ledger, sign=case_of(scope, ledger, NEW).open[0].sign, note="只给办公室看的话")
    row = AuditRow.objects.latest("id")
    assert (row.action, row.person) == ("sign.verify", "陈乐平")
    assert "只给办公室看的话" not in json.dumps(row.detail, ensure_ascii=False)
    assert Event.objects.count() == events


def test_a_sign_keeps_nobody_from_handing_in(as_) -> None:
    """The school at which signs stand hands in, and is approved, as any other."""
    due_set(by=acting("office"), ledger=ledger_of(), day=timezone.localdate())
    type_in("clerk-03", ("schools", "1506990006", "primary_backbone_teachers"), "70")
    assert case_of(acting("office"), ledger_of(), "1506990006").open
    assert approve().status == "approved"


@pytest.mark.parametrize("role", Role)
def test_only_the_office_and_the_leader_see_signs(as_, role: Role) -> None:
    """P6: no assessor, auditor, unit, desk or school; neither the pages, nor the file, nor a line of the menu."""
    browser = as_(account_of(role))
    seen = role in {Role.OFFICE, Role.LEADER}
    assert (role in PERMISSIONS["scrutiny.view"]) is seen
    for page in (f"/c/{COUNTY}/scrutiny/", HERE, f"{HERE}{NEW}/", f"{HERE}workbook"):
        assert browser.get(page).status_code == (200 if seen else 403), page
    assert browser.post(f"{HERE}{NEW}/verify", {}).status_code == {Role.OFFICE: 302}.get(role, 403)
    assert ("风险提示" in [one.label for one in browser.get(f"/c/{COUNTY}/rules/").context["menu"]]) is seen


def test_signs_stand_in_no_page_or_file_of_others(as_) -> None:
    """The school's own form, its findings, the printed form and the assessor's pages say nothing of them."""
    scope, ledger = acting("office"), ledger_of()
    due_set(by=scope, ledger=ledger, day=timezone.localdate())
    type_in("clerk-03", ("schools", "1506990006", "primary_backbone_teachers"), "70")
    for one in case_of(scope, ledger, "1506990006").open:
        sign_verify(by=scope, ledger=ledger, sign=one.sign, note="内部看过的话")
    form = f"/c/{COUNTY}/collection/2025/current/school/1506990006/"
    pages = {
        "clerk-03": (form, f"{form}findings", f"{form}printed", f"/c/{COUNTY}/collection/"),
        "assessor": (f"/c/{COUNTY}/", f"/c/{COUNTY}/schools/1506990006/", f"/c/{COUNTY}/runs/", f"/c/{COUNTY}/files/"),
        "auditor": (form, f"/c/{COUNTY}/"),
    }
    for username, addresses in pages.items():
        for page in addresses:
            text = as_(username).get(page).content.decode()
            assert [
                word for word in ("内部看过的话", "风险", "迹象", "截止前改过", "远高于同类学校") if word in text
            ] == [], page


def test_another_county_s_signs_are_not_there(as_, made) -> None:
    """Neither by address, nor by verifying one of its signs."""
    for county in (FOREIGN, "150695"):
        assert as_("office").get(f"/c/{county}/scrutiny/2025/current/").status_code == 404
        assert as_("office").post(f"/c/{county}/scrutiny/2025/current/0001/verify", {}).status_code == 404


def test_what_there_is_not_is_not_found(as_) -> None:
    """A period, a basis, a school that nobody has."""
    for page in ("1999/current/", "2025/nothing/", "2025/current/0/"):
        assert as_("office").get(f"/c/{COUNTY}/scrutiny/{page}").status_code == 404


def test_the_page_says_that_it_is_no_verdict_and_narrows_down(as_) -> None:
    """Each sign stands with what may be in order; filters leave out the rest and say when nothing is left."""
    office = as_("office")
    text = office.get(HERE).content.decode()
    assert "工作底稿，不是结论" in text
    assert text.count("这不是结论。可能的正常原因：") == text.count("list-group-item")
    shown = [row["code"] for row in office.get(HERE).context["rows"]]
    assert shown[:2] == [NEW, POINT]
    assert [row["code"] for row in office.get(f"{HERE}?sign=R61").context["rows"]] == [POINT]
    assert [row["code"] for row in office.get(f"{HERE}?q=黄花").context["rows"]] == [POINT]
    assert [row["code"] for row in office.get(f"{HERE}?look=next").context["rows"]] == [NEW, POINT]
    assert "没有符合条件的迹象" in office.get(f"{HERE}?state=done").content.decode()
    assert [row["code"] for row in office.get(f"{HERE}?sign=nothing&state=x&page=9").context["rows"]] == shown


def test_a_school_s_page_has_the_numbers_and_leads_to_the_cell(as_) -> None:
    """What is said is beside what was reported; the history and the form are one click away."""
    text = as_("leader").get(f"{HERE}{NEW}/").content.decode()
    for told in ("远高于同类学校", "教学仪器设备资产值", "756.323233 万元", "一校带大全县差异", "看什么"):
        assert told in text
    history = f"/c/{COUNTY}/collection/2025/current/school/{NEW}/history?key="
    assert history in text
    address = text.split(f'href="{history}')[1].split('"')[0]
    assert as_("leader").get(history + address).status_code == 200
    assert "<textarea" not in text
    assert "<textarea" in as_("office").get(f"{HERE}{NEW}/").content.decode()


def test_the_workbook_says_that_it_is_a_working_paper(as_) -> None:
    """At its head, on every printed page and in its name; the filter of the page holds."""
    answer = as_("office").get(f"{HERE}workbook?sign=R61")
    assert "%E5%B7%A5%E4%BD%9C%E5%BA%95%E7%A8%BF" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0].startswith("工作底稿：示例旗（虚构）")
    assert "数据虚构" in rows[0][0]
    assert "不对外提供" in rows[1][0]
    assert "工作底稿" in sheet.oddHeader.center.text
    assert [row[:4] for row in rows[4:]] == [(POINT, "黄花嘎查教学点", "先看", "专用教室与用房面积不合")]


def test_a_county_without_a_period_or_schools_is_told_so(as_, made) -> None:
    """An empty page says what the next step is."""
    from django.test import Client

    scope, ledger = made
    office = Client()
    office.force_login(scope.account, backend="junheng_web.organisation.backends.AccountBackend")
    assert "没有查出迹象" in office.get("/c/150695/scrutiny/").content.decode()
    School.objects.of(ledger.county).update(closed=DAY)
    assert "没有查出迹象" in office.get("/c/150695/scrutiny/").content.decode()
    empty = Area.objects.create(code="150694", name="示例空旗（虚构）", kind=Area.Kind.COUNTY, invented=True)
    Post.objects.filter(area=ledger.county).update(area=empty)
    assert "还没有开始填报" in office.get("/c/150694/scrutiny/").content.decode()


def test_one_person_under_two_codes_in_two_schools_is_a_sign() -> None:
    """The register of teachers tells: a sign stands at both schools, names nobody, and goes when one of them leaves."""
    before, values = doubled(), somebody().values
    twin = {**values, "person_code": "SL9999", "census_school_code": OTHER, "teaching_school_code": OTHER}
    put_all(Change("SL9999", twin))
    new = [one for one in doubled() if one not in before]
    assert {one.school for one in new} == {values["census_school_code"], OTHER}
    assert all("名专任教师同时算在别的学校" in one.told for one in new)
    assert all(values["person_name"] not in f"{one.told}{one.basis}" for one in new)
    put_all(Change("SL9999", {**twin, "duty": "off_duty"}, revision=1))
    assert doubled() == before


def doubled() -> list[Sign]:
    """Return the example's signs that a teacher is counted in two schools."""
    return [one for one in looking.looked(ledger_of()).signs if one.of.id == "R51"]
