"""Duties of units: the office edits, assigns and ends them with a history; who sees what, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from junheng_web.config.reactions import REACTIONS
from junheng_web.duties.assigning import duties_assign
from junheng_web.duties.models import Bearer, Duty, Report
from junheng_web.duties.reactions import group_dissolved
from junheng_web.duties.services import Asked, Stale, content, duty_edit, duty_end
from junheng_web.organisation.events import react
from junheng_web.organisation.following import following
from junheng_web.organisation.grouping import group_dissolve
from junheng_web.organisation.models import Account, Area, AuditRow, Event, Group, Post, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from places import COUNTY

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)
DUTIES = f"/c/{COUNTY}/duties/"


def county() -> Area:
    return Area.objects.get(code=COUNTY)


def scope(name: str = "office") -> Scope:
    return scope_of(Account.objects.get(username=name), TODAY)


def of_unit(code: str) -> Duty:
    """Return the first printed duty of a unit of the demonstration."""
    return Duty.objects.select_related("county").filter(county__code=COUNTY, units__code=code).first()


def asked(duty: Duty, **more: object) -> Asked:
    told = {name: getattr(content(duty), name) for name in Asked.__dataclass_fields__}
    return Asked(**told | more)


def sent(duty: Duty, **more: object) -> dict[str, object]:
    """Return what the page of a change sends when nothing was changed but this."""
    told = content(duty)
    since = told.since.isoformat() if told.since else ""
    form = {name: getattr(told, name) for name in ("text", "cadence", "due_days", "why", "elsewhere")}
    form |= {"indicators": list(told.indicators), "since": since, "revision": duty.revision, "why_changed": ""}
    return form | more


def test_an_edit_keeps_the_printed_text_and_the_history() -> None:
    """What it said before stands there with who changed it and why; the page marks it."""
    duty = of_unit("dev")
    changed = duty_edit(by=scope(), duty=duty, asked=asked(duty, text="改过的职责。"), why="会议定的", revision=1)
    assert (changed.text, changed.printed, changed.edited, changed.revision) == ("改过的职责。", duty.text, True, 2)
    told = [(one.revision, one.told["text"], one.why, one.by_name) for one in changed.versions.all()]
    assert told == [(2, "改过的职责。", "会议定的", "陈乐平"), (1, duty.text, "", "")]
    row = AuditRow.objects.filter(action="duty.edit").last()
    assert (row.object_kind, row.object_code, row.detail["why"]) == ("duty", str(duty.number), "会议定的")


def test_the_same_again_is_no_change() -> None:
    """No version, no audit row."""
    duty, rows = of_unit("dev"), AuditRow.objects.count()
    duty_edit(by=scope(), duty=duty, asked=asked(duty), why="", revision=1)
    assert (Duty.objects.get(id=duty.id).revision, AuditRow.objects.count()) == (1, rows)


@pytest.mark.parametrize(
    ("more", "why", "told"),
    [
        ({"text": " "}, "会议定的", "请写职责的内容"),
        ({"text": "字" * 1001}, "会议定的", "不超过 1000 个字"),
        ({"text": "改过的。"}, " ", "要写明为什么改"),
        ({"cadence": "month", "since": TODAY}, "", "要写明为什么要报"),
        ({"cadence": "month", "why": "有用"}, "", "从哪天起报"),
    ],
)
def test_an_edit_that_lacks_something_says_what(more: dict[str, object], why: str, told: str) -> None:
    """And nothing is written."""
    duty = of_unit("dev")
    with pytest.raises(ValidationError, match=told):
        duty_edit(by=scope(), duty=duty, asked=asked(duty, **more), why=why, revision=1)
    assert Duty.objects.get(id=duty.id).revision == 1


def test_two_people_editing_one_duty_lose_no_word(as_) -> None:
    """The second is told, sees what stands now beside what was typed, and may save again."""
    duty, office = of_unit("dev"), as_("office")
    page = f"{DUTIES}duty/{duty.number}/edit/"
    second = sent(duty, text="第二个人写的。", why_changed="第二")
    office.post(page, sent(duty, text="第一个人写的。", why_changed="第一"))
    answer = office.post(page, second)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "第一个人写的。" in text
    assert "第二个人写的。" in text
    assert "陈乐平改了这条职责" in text
    again = answer.context["form"].data["revision"]
    assert office.post(page, second | {"revision": again}).status_code == 302
    assert Duty.objects.get(id=duty.id).text == "第二个人写的。"
    with pytest.raises(Stale):
        duty_edit(by=scope(), duty=duty, asked=asked(duty, text="第三。"), why="第三", revision=1)


def test_what_was_wrong_is_told_and_stays_in_the_form(as_) -> None:
    """422, the reason, and what was typed."""
    duty = of_unit("dev")
    answer = as_("office").post(f"{DUTIES}duty/{duty.number}/edit/", sent(duty, text="写了一半", cadence="quarter"))
    assert answer.status_code == 422
    assert "要各单位定期报，就要写明为什么要报" in answer.content.decode()
    assert "写了一半" in answer.content.decode()


def test_the_office_assigns_several_duties_to_several_units_at_once(as_) -> None:
    """A line each; marked as assigned, under the paragraph that all of them share, and each bears each."""
    towns = ["town-qingliu", "town-baiquan", "town-shawan"]
    told = {"units": towns, "text": "第一件。\n\n第二件。\n", "source": "三月调度会", "due_days": 5}
    assert as_("office").post(f"{DUTIES}add/", told).status_code == 302
    made = Duty.objects.filter(county=county(), source="三月调度会")
    assert [(one.text, one.heading, one.assigned, one.printed) for one in made] == [
        ("第一件。", "各苏木镇", True, ""),
        ("第二件。", "各苏木镇", True, ""),
    ]
    assert Bearer.objects.filter(duty__in=made).count() == 6
    page = as_("town-shawan").get(f"{DUTIES}mine/").content.decode()
    assert page.count("办公室增派") >= 2


def test_a_duty_of_one_town_does_not_come_under_the_shared_paragraph() -> None:
    """It stands under the town's own name."""
    town = Unit.objects.get(county=county(), code="town-baiquan")
    duties_assign(by=scope(), county=county(), units=[town], asked=[Asked("只这个镇办。")], source="")
    assert Duty.objects.get(text="只这个镇办。").heading == "白泉镇"


def test_nothing_is_assigned_where_one_line_is_wrong() -> None:
    """All or none."""
    town = Unit.objects.get(county=county(), code="town-baiquan")
    lines = [Asked("好的一条。"), Asked("字" * 1001)]
    with pytest.raises(ValidationError):
        duties_assign(by=scope(), county=county(), units=[town], asked=lines, source="")
    assert not Duty.objects.filter(text="好的一条。").exists()


def test_a_duty_that_has_ended_asks_nothing_and_stays_readable(as_) -> None:
    """What was reported stays; what was late is late no more."""
    duty, office = of_unit("fin"), as_("office")
    assert any(one["duty"] == duty for one in office.get(f"{DUTIES}unit/fin/").context["told"]["due"])
    reported = Report.objects.filter(duty=duty).count()
    answer = office.post(f"{DUTIES}duty/{duty.number}/end", {"day": "2025-01-01", "why": "并到别的工作", "revision": 1})
    assert answer.status_code == 302
    told = office.get(f"{DUTIES}unit/fin/").context["told"]
    assert not [one for one in told["due"] if one["duty"] == duty]
    assert Report.objects.filter(duty=duty).count() == reported > 0
    assert "并到别的工作" in office.get(f"{DUTIES}duty/{duty.number}/").content.decode()
    with pytest.raises(ValidationError, match="已经停止"):
        duty_end(by=scope(), duty=duty, day=TODAY, why="再停", revision=2)


def test_an_end_without_a_reason_is_refused_and_the_page_says_so(as_) -> None:
    """The duty goes on."""
    duty = of_unit("fin")
    answer = as_("office").post(f"{DUTIES}duty/{duty.number}/end", {"day": "2026-03-02", "why": "", "revision": 1})
    assert answer.status_code == 422
    assert "请写停止的原因" in answer.content.decode()
    assert Duty.objects.get(id=duty.id).ended is None


def test_dissolving_the_group_ends_its_duties_once_and_nothing_else() -> None:
    """Reports are asked no more; duties, reports and rows stay. Handled twice, it comes to the same."""
    group, bank = Group.objects.get(county=county()), Area.objects.get(code="150624")
    ended = of_unit("dev")
    duty_end(by=scope(), duty=ended, day=TODAY, why="早停了", revision=1)
    group_dissolve(by=scope(), group=group, day=dt.date(2026, 3, 31), because="任务完成")
    react(REACTIONS)
    group_dissolved(Event.objects.get(kind="group.dissolved"))
    own = Duty.objects.of(county())
    assert set(own.exclude(id=ended.id).values_list("ended", "ended_because")) == {
        (dt.date(2026, 4, 1), f"“{group.name}”已撤销")
    }
    assert Duty.objects.get(id=ended.id).ended == TODAY
    assert set(own.values_list("revision", flat=True)) == {2}
    assert not Duty.objects.of(bank).exclude(ended=None).exists()
    assert Report.objects.of(county()).exists()


def test_while_another_group_stands_duties_go_on() -> None:
    """What is asked does not end with one of two groups."""
    group = Group.objects.get(county=county())
    Group.objects.create(county=county(), code="second", name="另一个工作组")
    group_dissolve(by=scope(), group=group, day=dt.date(2026, 3, 31), because="任务完成")
    react(REACTIONS)
    assert not Duty.objects.of(county()).exclude(ended=None).exists()


def test_a_post_is_followed_by_its_units_duties() -> None:
    """Whoever hands it over sees how many; a post that does no unit's work is followed by none."""
    posts = {one.code: one for one in Post.objects.filter(area=county())}
    (own,) = [one for one in following(posts["fin-staff"], TODAY) if one.label == "单位职责"]
    assert own.told == "财政局的 2 条"
    assert not [one for one in following(posts["leader"], TODAY) if one.label == "单位职责"]


def test_a_unit_begins_with_its_duties(as_) -> None:
    """A unit's and a town's first page; the office's is the overview, as before."""
    for name in ("fin-staff", "town-shawan"):
        assert as_(name).get("/")["Location"] == f"{DUTIES}mine/"
    assert as_("office").get("/")["Location"] == f"/c/{COUNTY}/"


def test_a_unit_that_no_row_lists_does_not_meet_an_empty_page(as_) -> None:
    """The towns find the shared paragraph, what is due, and that the table does not list them."""
    page = as_("town-shawan").get(f"{DUTIES}mine/")
    (part,) = page.context["parts"]
    assert [duty.heading for duty in part["duties"]] == ["各苏木镇", "各苏木镇", "沙湾苏木"]
    assert part["rows"] == []
    assert "任务分工表没有列这个单位" in page.content.decode()


def test_somebody_without_a_unit_is_told_what_to_do(as_) -> None:
    """No page is empty without a word."""
    Post.objects.filter(code="fin-staff").update(unit=None)
    assert "请管理员把您的岗位登记到单位里" in as_("fin-staff").get(f"{DUTIES}mine/").content.decode()


def test_filters_keep_what_they_name(as_) -> None:
    """By unit and by indicator; what is not there is said to be not there."""
    office = as_("office")
    own = office.get(f"{DUTIES}?unit=fin").context["sections"]
    assert [one["heading"] for one in own] == ["财政局"]
    tied = office.get(f"{DUTIES}?indicator=B23").context["sections"]
    assert [duty.text[:4] for one in tied for duty in one["duties"]] == ["劝返辍学"]
    assert "没有这样的职责" in office.get(f"{DUTIES}?indicator=B31").content.decode()


@pytest.mark.parametrize("page", ["", "mine/", "reports/", "unit/edu/", "matrix/", "matrix/printed/", "names/"])
def test_pages_ask_the_database_a_bounded_number_of_times(as_, django_assert_max_num_queries, page: str) -> None:
    """However many duties and reports there are: none of them asks for one of its own."""
    office, units = as_("office"), list(Unit.objects.filter(county=county(), parent=None))
    lines = [Asked(f"第 {at} 条。", ("B4",), "month", dt.date(2025, 1, 1), why="有用") for at in range(30)]
    duties_assign(by=scope(), county=county(), units=units, asked=lines, source="")
    with django_assert_max_num_queries(20):
        assert office.get(f"{DUTIES}{page}").status_code == 200


@pytest.mark.parametrize("name", ["fin-staff", "leader", "assessor", "auditor", "edu-hr-desk"])
def test_only_the_office_changes_duties(as_, name: str) -> None:
    """403 for everybody else, by every way, and nothing is changed."""
    duty, browser = of_unit("fin"), as_(name)
    pages = (f"{DUTIES}add/", f"{DUTIES}duty/{duty.number}/edit/", f"{DUTIES}duty/{duty.number}/end")
    others = (f"{DUTIES}take", f"{DUTIES}names/set", f"{DUTIES}names/withdraw", f"{DUTIES}matrix/set/B1/")
    assert {browser.post(page, {"text": "x"}).status_code for page in (*pages, *others)} == {403}
    assert Duty.objects.get(id=duty.id).revision == 1


def test_what_is_not_there_is_not_found(as_) -> None:
    """A duty, a unit, a desk taken for a unit, an indicator."""
    office = as_("office")
    places = ("duty/9999/", "unit/nothing/", "unit/edu-hr/", "matrix/set/B99/", "duty/9999/report/fin/2026-01/")
    assert {office.get(f"{DUTIES}{place}").status_code for place in places} == {404}
    assert office.post(f"{DUTIES}take").status_code == 404


def test_names_of_units_are_said_and_taken_back(as_) -> None:
    """Each with an audit row; the same again changes nothing."""
    office, unit = as_("office"), Unit.objects.get(county=county(), code="fin")
    told = {"unit": "fin", "part": "tasks", "name": "旗财政", "note": "口头常这样叫"}
    for _ in range(2):
        assert office.post(f"{DUTIES}names/set", told).status_code == 302
    (name,) = unit.written.filter(part="tasks")
    assert (name.name, name.note) == ("旗财政", "口头常这样叫")
    assert AuditRow.objects.filter(action="unit_name.set", object_code="fin", detail__name="旗财政").count() == 1
    assert office.post(f"{DUTIES}names/set", told | {"name": ""}).status_code == 422
    assert office.post(f"{DUTIES}names/withdraw", {"name": "x"}).status_code == 404
    office.post(f"{DUTIES}names/withdraw", {"name": name.id})
    assert not unit.written.filter(part="tasks").exists()
