"""One person one row: who sees whom, who changes whom, what was there before; nothing that was typed is lost."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from junheng_web.organisation.models import AuditRow, Post, Unit
from junheng_web.registers.models import Reader, Row, Version
from junheng_web.registers.saving import Change
from junheng_web.registers.seeing import may_change, rows_seen
from junheng_web.registers.values import typed
from registered import COLUMNS, HERE, OTHER, SCHOOL, TEACHERS, acting, change, county, put, put_all, row_of, somebody

pytestmark = pytest.mark.django_db
LIST = f"{HERE}teachers/"


def page_of(key: str) -> str:
    """Return a person's page."""
    return f"{LIST}row/{key}/"


def sent(row: Row, **other: str) -> dict[str, str]:
    """Return what a browser sends of a row's form."""
    held = {name: typed(row.values.get(name), column) for name, column in COLUMNS.items() if name != "person_code"}
    return {**held, "revision": str(row.revision), **other}


@pytest.mark.parametrize("username", ["office", "leader", "edu-hr-desk"])
def test_the_office_the_desks_and_the_leader_see_everybody(as_, username: str) -> None:
    """And find them by school, state, name and number."""
    browser = as_(username)
    assert "共 984 条" in browser.get(LIST).content.decode()
    assert "共 152 条" in browser.get(LIST, {"school": SCHOOL}).content.decode()
    contract = browser.get(LIST, {"duty": "contract"}).content.decode()
    assert "共 1 条" in contract
    assert "高若溪" in contract
    assert "共 1 条" in browser.get(LIST, {"q": "sl9002"}).content.decode()


@pytest.mark.parametrize("username", ["clerk-03", "head-03"])
def test_a_school_sees_its_own_people(as_, username: str) -> None:
    """Those whom it employs, counts or has in its classrooms; nobody else, by no address."""
    rows = rows_seen(acting(username), county(), TEACHERS)
    assert {row.values["census_school_code"] for row in rows} == {SCHOOL}
    stranger = somebody(OTHER)
    put_all(change(stranger, teaching_school_code=SCHOOL))
    assert stranger.key in {row.key for row in rows_seen(acting(username), county(), TEACHERS)}
    browser, hidden = as_(username), somebody("1506990005")
    assert browser.get(page_of(stranger.key)).status_code == 200
    assert browser.get(page_of(hidden.key)).status_code == 404
    assert browser.post(page_of(hidden.key), sent(hidden)).status_code == 404
    text = browser.get(LIST, {"school": "1506990005"}).content.decode()
    assert "没有符合条件的人" in text
    assert hidden.values["person_name"] not in browser.get(f"{LIST}traps/").content.decode()
    assert browser.get(f"{LIST}counts/1506990005/").status_code == 404
    assert browser.get(f"{LIST}counts/1506990005/primary_teachers/").status_code == 404


@pytest.mark.parametrize(
    "username", ["fin-staff", "town-shawan", "assessor", "auditor", "area-viewer", "administrator"]
)
def test_nobody_else_sees_a_person(as_, username: str) -> None:
    """Neither the list, nor a person, the counts, the workbook."""
    browser = as_(username)
    for page in ("", f"row/{somebody().key}/", "counts/", f"counts/{SCHOOL}/", "traps/", "workbook", "import/"):
        assert browser.get(f"{LIST}{page}").status_code == 403, page


def test_a_change_is_a_version_and_the_one_before_stays(as_) -> None:
    """The page tells who, when, how, and from what to what; an audit row says that it was done."""
    row = somebody()
    answer = as_("clerk-03").post(page_of(row.key), sent(row, lessons="3", note="代课中"), follow=True)
    assert "已保存" in answer.content.decode()
    assert row_of(row.key).values["lessons"] == 3
    versions = Version.objects.filter(key=row.key).order_by("revision")
    assert [one.values["lessons"] for one in versions] == [row.values["lessons"], 3]
    text = as_("office").get(page_of(row.key)).content.decode()
    for told in ("韩小满", "逐行录入", f"主教学科周课时：{row.values['lessons']} → 3", "教师台账.xlsx（虚构）"):
        assert told in text, told
    assert AuditRow.objects.filter(action="register.save").latest("id").person == "韩小满"
    with pytest.raises(TypeError, match="written once"):
        versions.last().delete()


def test_the_same_again_is_no_change(as_) -> None:
    """Nothing is written, and the page says so."""
    row, versions = somebody(), Version.objects.count()
    assert "没有改动" in as_("clerk-03").post(page_of(row.key), sent(row), follow=True).content.decode()
    assert Version.objects.count() == versions


def test_what_somebody_else_changed_meanwhile_is_shown_beside(as_) -> None:
    """Nothing typed is lost, nothing is run over; saving again is a decision."""
    row = somebody()
    put("office", change(row, lessons=9))
    answer = as_("clerk-03").post(page_of(row.key), sent(row, lessons="5"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "您填的是“5”，台账里现在是“9”" in text
    assert 'value="5"' in text
    assert row_of(row.key).values["lessons"] == 9
    again = sent(row, lessons="5", revision=str(answer.context["revision"]))
    assert as_("clerk-03").post(page_of(row.key), again).status_code == 302
    assert row_of(row.key).values["lessons"] == 5


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"lessons": "很多"}, "应当是数字"),
        ({"arrived": "去年"}, "不是日期"),
        ({"note": "身份证 150624198001010011"}, "台账不存身份证号"),
        ({"person_name": "甲" * 201}, "超过 200 个字"),
    ],
)
def test_what_means_nothing_is_said_at_its_field(as_, wrong: dict[str, str], told: str) -> None:
    """And what was typed stands there still."""
    row, (value,) = somebody(), wrong.values()
    answer = as_("clerk-03").post(page_of(row.key), sent(row, **wrong))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert value in answer.content.decode()
    assert row_of(row.key).revision == row.revision


def test_a_school_changes_only_whom_it_employs_or_counts(as_) -> None:
    """A teacher who comes from elsewhere is seen; nobody is handed over to another school by a school."""
    stranger = somebody(OTHER)
    put_all(change(stranger, teaching_school_code=SCHOOL))
    assert '<form method="post" class="apart">' not in as_("clerk-03").get(page_of(stranger.key)).content.decode()
    assert as_("clerk-03").post(page_of(stranger.key), sent(row_of(stranger.key))).status_code == 403
    with pytest.raises(PermissionDenied):
        put("clerk-03", change(row_of(stranger.key), note="我的"))
    own = somebody()
    away = sent(own, census_school_code=OTHER, employer_code="示例旗第三小学")
    answer = as_("clerk-03").post(page_of(own.key), away)
    assert "调动请办公室办理" in answer.content.decode()
    assert as_("leader").post(page_of(own.key), sent(own)).status_code == 403


def test_somebody_is_taken_out_of_the_register_and_comes_back(as_) -> None:
    """He counts for nothing, his history stays, and saving him again brings him back."""
    row, browser = somebody(), as_("clerk-03")
    browser.post(page_of(row.key), {"gone": "1", "revision": str(row.revision)})
    assert row_of(row.key).gone
    assert row.key not in {one.key for one in rows_seen(acting("office"), county(), TEACHERS)}
    assert "已移出台账" in browser.get(page_of(row.key)).content.decode()
    browser.post(page_of(row.key), sent(row_of(row.key)))
    assert not row_of(row.key).gone
    browser.post(page_of(row.key), {"gone": "1", "revision": "3"})
    browser.post(f"{LIST}add/", {"person_code": row.key, "census_school_code": SCHOOL})
    assert row_of(row.key).values == {"person_code": row.key, "census_school_code": SCHOOL}
    versions = Version.objects.filter(key=row.key).order_by("revision")
    assert [one.gone for one in versions] == [False, True, False, True, False]


def test_somebody_is_added(as_) -> None:
    """With a number; under one that is there already, or in another school, he is not."""
    browser, new = as_("clerk-03"), {"person_code": "N-1", "person_name": "新人", "census_school_code": SCHOOL}
    assert browser.post(f"{LIST}add/", new).status_code == 302
    assert row_of("N-1").values == {**new}
    assert "已经有这一行" in browser.post(f"{LIST}add/", new).content.decode()
    strange = browser.post(f"{LIST}add/", {**new, "person_code": "N-2", "census_school_code": OTHER})
    assert "填成本校" in strange.content.decode()
    taken = browser.post(f"{LIST}add/", {**new, "person_code": somebody(OTHER).key})
    assert "登记在别的学校" in taken.content.decode()
    for code, told in (("", "请填工号"), ("甲/乙", "只能用数字、字母"), ("150624198001010011", "身份证号")):
        assert told in browser.post(f"{LIST}add/", {**new, "person_code": code}).content.decode()


def test_who_is_employed_by_a_unit_is_told_by_its_name(as_) -> None:
    """A name that is known becomes the code; another is kept as it was written."""
    row = somebody()
    for name, kept in (("教体局", "edu"), ("旗少年宫", "旗少年宫")):
        as_("office").post(page_of(row.key), sent(row_of(row.key), employer_code=name))
        assert row_of(row.key).values["employer_code"] == kept
        assert name in as_("office").get(page_of(row.key)).content.decode()


def test_a_person_s_page_tells_what_he_counts_for_today(as_) -> None:
    """In which school, and why not; what he is not at all is not listed, nor anything once he is gone."""
    row = somebody(subject="chinese", backbone="none", degree="bachelor")
    put_all(change(row, training_hours=100))
    told = {one["label"]: one for one in as_("office").get(page_of(row.key)).context["counted"]}
    assert told["小学专任教师数"]["standing"].counts
    assert told["小学专任教师数"]["place"] == "示例旗实验小学"
    assert told["完成360学时培训教师数"]["standing"].because == "培训学时不够"
    assert "小学体育艺术专任教师数" not in told
    put_all(change(row_of(row.key), stage=None))
    told = {one["label"]: one for one in as_("office").get(page_of(row.key)).context["counted"]}
    assert told["专任教师数"]["standing"].because == "没有写任教学段"
    put_all(Change(row.key, {}, gone=True))
    assert as_("office").get(page_of(row.key)).context["counted"] == ()


def test_a_number_without_a_row_is_not_there(as_) -> None:
    """Whoever asks."""
    assert as_("office").get(page_of("nobody")).status_code == 404
    assert put_all(Change("x", {}, gone=True)).rows == []


def test_a_desk_of_a_unit_that_was_not_let_in_sees_nobody(as_) -> None:
    """The office says which units' desks see the registers; taken back, they see them no longer."""
    desk = Post.objects.get(code="edu-hr-desk")
    assert rows_seen(acting("edu-hr-desk"), county(), TEACHERS)
    Post.objects.filter(id=desk.id).update(unit=Unit.objects.of(county()).get(code="fin"))
    Reader.objects.of(county()).filter(unit__code="fin").delete()
    assert rows_seen(acting("edu-hr-desk"), county(), TEACHERS) == []
    assert somebody().values["person_name"] not in as_("edu-hr-desk").get(f"{HERE}teachers/").content.decode()
    assert not may_change(acting("edu-hr-desk"), county(), TEACHERS, somebody().values)
