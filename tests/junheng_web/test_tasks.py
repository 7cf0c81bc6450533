"""Tasks: their chain and who takes which step, what is told to whom, lights, lists, and two people editing one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collected import acting
from junheng_web.evidence.models import Link
from junheng_web.notices.models import Notice
from junheng_web.organisation.contacting import contact_set
from junheng_web.organisation.following import following
from junheng_web.organisation.grouping import group_dissolve, group_found
from junheng_web.organisation.models import Appointment, AuditRow, Event, Group, Person, Post, School
from junheng_web.organisation.selectors import holder_on
from junheng_web.supervision import issuing, services, telling
from junheng_web.supervision.boards import LONGEST, late_list, late_text, lines
from junheng_web.supervision.chain import Deed, Status, Step, Task
from junheng_web.supervision.lights import light, planned
from junheng_web.supervision.papers import Dispatch
from junheng_web.supervision.reactions import group_dissolved
from junheng_web.supervision.selectors import tasks_of
from junheng_web.supervision.services import Refused, Stale
from places import COUNTY
from supervised import HERE, asked, assigned, county, days, drafted, moved, post, proposed, scan, today, unit, working

pytestmark = pytest.mark.django_db


def steps(task: Task) -> list[str]:
    """Return what was done with a task."""
    return list(task.steps.values_list("deed", flat=True))


def told(code: str) -> list[str]:
    """Return what a post was told."""
    return list(Notice.objects.filter(post__code=code).values_list("text", flat=True))


def test_the_whole_chain_is_a_row_each_with_who_and_when() -> None:
    """Proposed, assigned, received, worked on, asked, returned, mended, reviewed, closed."""
    task = asked()
    task = services.task_return(by=acting("office"), task=task, note="缺一张表")
    assert (task.status, task.finished_on) == (Status.WORKING, None)
    services.task_report(by=acting("fin-staff"), task=task, note="补上了", progress=90)
    services.task_ask_to_close(by=acting("fin-staff"), task=task, note="补齐了")
    task = services.task_close(by=acting("office"), task=task, note="看过了")
    chain = ["propose", "assign", "receive", "ask", "return", "report", "ask", "review", "close"]
    assert steps(task) == chain
    assert (task.status, task.closed_on, task.progress) == (Status.CLOSED, today(), 100)
    row = task.steps.get(deed=Deed.REPORT)
    assert (row.by_name, row.by_post, row.progress) == ("郝建业", "财政局联络员", 90)
    audited = AuditRow.objects.filter(object_kind="task", object_code=task.code)
    assert list(audited.order_by("id").values_list("action", flat=True)) == [f"task.{one}" for one in chain]
    events = Event.objects.filter(object_kind="task", object_code=task.code).order_by("id")
    sent = ["proposed", "assign", "receive", "ask", "return", "ask", "close"]
    assert list(events.values_list("kind", flat=True)) == [f"task.{one}" for one in sent]


def test_nobody_but_office_and_leader_sees_a_task_before_it_is_assigned() -> None:
    """And nobody is told of it (P2)."""
    task = proposed()
    seen = {one for one in ("office", "leader", "fin-staff") if task in tasks_of(acting(one), county())}
    assert seen == {"office", "leader"}
    assert [text for text in told("fin-staff") if task.title in text] == []
    services.task_assign(by=acting("office"), task=task)
    assert task in tasks_of(acting("fin-staff"), county())
    assert any(text.startswith("交办") and task.title in text for text in told("fin-staff"))


def test_who_sees_which_task() -> None:
    """Its unit, those that help, its school; no other unit, and neither assessor nor inspector."""
    school = School.objects.get(county__code=COUNTY, name="示例旗实验小学")
    task = assigned(schools=[school], supports=[unit("edu")])
    everybody = ("office", "leader", "auditor", "fin-staff", "edu-hr-desk", "town-shawan", "head-03", "assessor")
    seen = [one for one in everybody if task in tasks_of(acting(one), county())]
    assert seen == ["office", "leader", "auditor", "fin-staff", "edu-hr-desk", "head-03"]


def test_a_school_sees_how_far_a_task_is_and_no_working_paper(as_) -> None:
    """The nodes, not the words with them (P6); its unit reads both."""
    school = School.objects.get(county__code=COUNTY, name="示例旗实验小学")
    task = asked(schools=[school])
    services.task_return(by=acting("office"), task=task, note="还缺两张表")
    pages = {who: as_(who).get(f"{HERE}{task.number}/").content.decode() for who in ("head-03", "fin-staff", "auditor")}
    assert [who for who, page in pages.items() if "还缺两张表" in page] == ["fin-staff", "auditor"]
    assert "签收" in pages["head-03"]


def test_a_step_that_does_not_fit_says_how_the_task_stands() -> None:
    """Nothing is written."""
    task = working()
    before = steps(task)
    for deed, more in ((services.task_receive, {}), (services.task_assign, {}), (services.task_close, {})):
        with pytest.raises(Refused, match="现在是“办理中”，不能"):
            deed(by=acting("office"), task=task, **more)
    assert steps(task) == before


@pytest.mark.parametrize("username", ["town-shawan", "leader", "head-03", "assessor", "auditor"])
def test_a_task_is_worked_on_by_its_own_unit(username: str) -> None:
    """Another unit, a leader, a school take no step; nor does the unit take the office's."""
    task = working()
    for deed in (services.task_report, services.task_ask_to_close, services.task_urge, services.task_stop):
        with pytest.raises(PermissionDenied):
            deed(by=acting(username), task=task, note="不该")
    with pytest.raises(PermissionDenied):
        services.task_stop(by=acting("fin-staff"), task=task, note="不该")


def test_the_office_writes_down_what_a_unit_says_on_paper() -> None:
    """Then the step says that it was entered for the unit; the unit's own does not (P4)."""
    task = services.task_receive(by=acting("office"), task=assigned())
    services.task_report(by=acting("fin-staff"), task=task, note="自己报的")
    assert list(task.steps.filter(deed__in=UNITS_OWN).values_list("deed", "behalf")) == [
        ("receive", True),
        ("report", False),
    ]
    assert not task.steps.get(deed=Deed.ASSIGN).behalf


UNITS_OWN = (Deed.RECEIVE, Deed.REPORT)


def test_a_task_that_is_not_one_s_own_goes_back_with_a_reason() -> None:
    """The office is told, and may send it to another desk."""
    task = assigned()
    with pytest.raises(ValidationError, match="为什么不该由本单位办"):
        services.task_decline(by=acting("fin-staff"), task=task, note=" ")
    task = services.task_decline(by=acting("fin-staff"), task=task, note="该教体局办")
    assert task.status == Status.PROPOSED
    assert any("退回交办" in text for text in told("office"))
    task = services.task_assign(by=acting("office"), task=task, desk=post("edu-hr-desk"))
    assert task.desk.code == "edu-hr-desk"


def test_a_later_day_counts_from_when_the_office_agrees() -> None:
    """Asked for, refused, asked for again, granted; a day that is not later is refused."""
    task = working()
    due = task.due
    with pytest.raises(ValidationError, match="要晚于现在的截止"):
        services.task_postpone(by=acting("fin-staff"), task=task, due=due, note="来不及")
    task = services.task_postpone(by=acting("fin-staff"), task=task, due=days(20), note="来不及")
    assert (task.due, task.asked_due) == (due, days(20))
    task = services.task_refuse(by=acting("office"), task=task, note="抓紧")
    with pytest.raises(Refused, match="没有等着答复的延期申请"):
        services.task_refuse(by=acting("office"), task=task, note="抓紧")
    task = services.task_extend(by=acting("office"), task=task, due=days(20), note="情况属实")
    assert (task.due, task.asked_due) == (days(20), None)
    assert task.steps.get(deed=Deed.EXTEND).note == f"由 {due} 延到 {days(20)}：情况属实"


def test_two_people_editing_one_task_lose_no_word(as_) -> None:
    """The second is shown both texts, with his own still in the form, and may then save it."""
    task = working()
    url = f"{HERE}{task.number}/edit/"
    first, second = as_("office"), as_("office")
    form = first.get(url).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    assert first.post(url, sent | {"demand": "先写的要求"}).status_code == 302
    clash = second.post(url, sent | {"demand": "后写的要求", "deliverable": "一张表"})
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "改过这项任务，您的还没有保存" in page
    assert page.count("后写的要求") == 2
    assert page.count("先写的要求") == 1
    task.refresh_from_db()
    assert (task.demand, task.deliverable) == ("先写的要求", "")
    again = sent | {"demand": "后写的要求", "version": clash.context["form"].data["version"]}
    assert second.post(url, again).status_code == 302
    task.refresh_from_db()
    assert task.demand == "后写的要求"
    assert "“先写的要求”改为“后写的要求”" in task.steps.filter(deed=Deed.EDIT).last().note


def test_a_stale_edit_changes_nothing() -> None:
    """The error holds how the task stands now."""
    task = proposed()
    plan = {"desk": None, "unit": unit(), "indicators": ["B6"], "schools": [], "supports": []}
    now = services.task_edit(by=acting("office"), task=task, version=1, title="新的事项", **plan)
    assert (now.version, list(now.concerns.values_list("indicator", flat=True))) == (2, ["B6"])
    with pytest.raises(Stale) as stale:
        services.task_edit(by=acting("office"), task=task, version=1, title="别的", **plan)
    assert stale.value.task.title == "新的事项"


@pytest.mark.parametrize(
    ("fields", "word", "tone"),
    [
        ({"due": -1}, "逾期 1 天", "red"),
        ({"due": 0}, "今天截止", "yellow"),
        ({"due": 3}, "还有 3 天", "yellow"),
        ({"due": 10, "progress": 100}, "还有 10 天", "green"),
        ({"due": 10, "progress": 17}, "进度落后，还有 10 天", "yellow"),
        ({"due": 10, "progress": 18}, "还有 10 天", "green"),
        ({"due": -1, "finished_on": -1, "status": Status.ASKED}, "按时办完", "green"),
        ({"due": -3, "finished_on": -1, "status": Status.CLOSED}, "晚 2 天办完", "yellow"),
        ({"due": -3, "status": Status.PROPOSED}, "还没有交办", "secondary"),
        ({"due": -3, "status": Status.STOPPED}, "已终止", "secondary"),
    ],
)
def test_a_light_follows_from_plan_and_progress(fields: dict[str, Any], word: str, tone: str) -> None:
    """Ten of 21 days are over: an even pace has reached 47 in a hundred; 30 below it is behind, 29 is not."""
    day = dt.date(2026, 5, 20)
    at = {
        name: day + dt.timedelta(value) if name in ("due", "finished_on") else value for name, value in fields.items()
    }
    one = Task(**{"status": Status.WORKING, "start": day - dt.timedelta(10), **at})
    assert (light(one, day).word, light(one, day).tone) == (word, tone)


def test_an_even_pace_stays_within_its_days() -> None:
    """Before the first day nothing, after the last one all of it; a task of one day is whole once it is over."""
    day = dt.date(2026, 5, 20)
    one = Task(start=day, due=day)
    assert [planned(one, day + dt.timedelta(by)) for by in (-3, 0, 1, 9)] == [0, 0, 100, 100]


def test_the_days_of_the_review_are_not_the_unit_s() -> None:
    """Asked for in time, closed later, it was in time; returned, its own days run again."""
    task = moved(asked(), due=days(0))
    assert not task.late_on(days(5))
    task = services.task_return(by=acting("office"), task=task, note="还缺")
    assert task.late_on(days(1))


def test_the_board_counts_by_unit_in_the_document_s_order() -> None:
    """A desk counts with its unit; what was not assigned, or was stopped, is not counted."""
    before = {
        one.unit.code: (one.sent, one.open, one.late, one.closed, one.on_time) for one in lines(county(), today())
    }
    moved(working(), due=days(-1))
    services.task_close(by=acting("office"), task=asked())
    proposed()
    services.task_stop(by=acting("office"), task=working(), note="不办了")
    after = {one.unit.code: (one.sent, one.open, one.late, one.closed, one.on_time) for one in lines(county(), today())}
    assert [now - was for was, now in zip(before["fin"], after["fin"], strict=True)] == [2, 1, 1, 1, 1]
    assert [one for one in after if after[one] != before[one]] == ["fin"]
    found = [one.unit for one in lines(county(), today())]
    assert found == sorted(found, key=lambda one: (one.place, one.code))
    assert "edu-hr" not in after


def test_comparisons_stay_with_the_office_and_the_leader(as_) -> None:
    """P3: no other role opens the board."""
    everybody = ("office", "leader", "fin-staff", "edu-hr-desk", "town-shawan", "head-03", "auditor", "assessor")
    seen = [one for one in everybody if as_(one).get(f"{HERE}board/").status_code == 200]
    assert seen == ["office", "leader"]


def test_the_text_names_who_is_late_and_nobody_else() -> None:
    """By unit, each with its days; what was asked to be closed is not late."""
    moved(working(title="晚了的事"), due=days(-2))
    moved(asked(title="等审核的事"), due=days(-2))
    text = late_text(*late_list(county(), today()), today())
    assert "示例旗财政局" in text
    assert "晚了的事（财政局联络员）" in text
    assert "逾期2天" in text
    assert "等审核的事" not in text


def test_whom_to_call_stands_on_the_list_of_who_is_late(as_) -> None:
    """The unit's liaison with the telephone, and who takes care of the school that it is about (P16)."""
    school = School.objects.filter(county=county()).first()
    contact_set(by=acting("office"), county=county(), kind="liaison", of=unit(), post=post())
    contact_set(by=acting("office"), county=county(), kind="patron", of=school, post=post("leader"))
    holder, patron = holder_on(post(), today()), holder_on(post("leader"), today())
    Person.objects.filter(id=holder.id).update(phone="0477-123")
    moved(working(title="晚了的事", schools=[school]), due=days(-2))
    moved(working(title="晚了的另一件"), due=days(-3))
    text = late_text(*late_list(county(), today()), today())
    assert text.count(f"示例旗财政局（联络员{holder}）：") == 1
    line = next(one for one in text.splitlines() if "晚了的事" in one)
    assert f"包联：{post('leader')}{patron}" in line
    assert "0477-123" not in text
    page = as_("office").get(f"{HERE}late/").content.decode()
    for words in ("0477-123", holder.name, patron.name, school.name):
        assert words in page, words


def test_a_text_that_would_be_too_long_says_how_many_are_left() -> None:
    """No word is cut in silence."""
    moved(working(title="晚了的事"), due=days(-2))
    (one,) = [one for one in late_list(county(), today())[0] if one.task.title == "晚了的事"]
    assert late_text([one], 3, today()).endswith("另有 3 项，见平台“任务”里逾期的。")
    text = late_text([one] * 900, 100, today())
    assert len(text) <= LONGEST
    told = text.count("晚了的事")
    assert text.endswith(f"另有 {1000 - told} 项，见平台“任务”里逾期的。")
    assert late_text([], 0, today()) == ""


def test_a_list_of_many_asks_as_often_as_one_of_few(as_, django_assert_max_num_queries) -> None:
    """Each of the pages that list tasks, with hundreds of them late."""
    rows = [
        Task(county=county(), number=9000 + at, title="很多", unit=unit(), desk=post(), start=days(-9), due=days(-2))
        for at in range(300)
    ]
    for one in rows:
        one.status = Status.WORKING
    Task.objects.bulk_create(rows)
    office = as_("office")
    for page in ("", "late/", "board/", "?when=late&q=很多"):
        with django_assert_max_num_queries(20):
            assert office.get(f"{HERE}{page}").status_code == 200


def test_a_report_takes_its_evidence_along(as_) -> None:
    """The file is linked to the step, and the page shows both."""
    task = working()
    form = {"report-note": "表在附件里", "report-progress": "30", "report-file": scan()}
    assert as_("fin-staff").post(f"{HERE}{task.number}/report", form).status_code == 302
    step = task.steps.get(deed=Deed.REPORT)
    assert Link.objects.filter(object_kind="task", object_code=step.code).count() == 1
    page = as_("fin-staff").get(f"{HERE}{task.number}/").content.decode()
    assert "表在附件里" in page
    assert "扫描件.pdf" in page


def test_what_was_typed_stays_where_something_is_wrong(as_) -> None:
    """The form comes back as it was sent, with what is wrong."""
    task = working()
    answer = as_("fin-staff").post(f"{HERE}{task.number}/report", {"report-note": "写了很久", "report-progress": "200"})
    assert answer.status_code == 422
    assert "写了很久" in answer.content.decode()
    assert "进度是 0 到 100 之间的整数" in answer.content.decode()
    assert not task.steps.filter(deed=Deed.REPORT).exists()


def test_what_was_typed_is_told_where_the_task_went_on_meanwhile(as_) -> None:
    """Somebody stopped it: the words are shown again to be copied."""
    task = working()
    services.task_stop(by=acting("office"), task=task, note="不办了")
    answer = as_("fin-staff").post(f"{HERE}{task.number}/report", {"report-note": "写了很久"}, follow=True)
    assert "写了很久" in answer.content.decode()
    assert "已终止" in answer.content.decode()


def test_a_successor_takes_over_by_the_appointment_alone() -> None:
    """The task hangs on the post: who held it when it was received stays in its row."""
    task = working()
    Appointment.objects.filter(post=post()).update(end=days(-1))
    person = Person.objects.create(county=county(), name="接任的人")
    account = acting("town-shawan").account
    account.person = person
    account.save()
    Appointment.objects.create(post=post(), person=person, start=today())
    services.task_report(by=acting("town-shawan"), task=task, note="接着办")
    assert list(task.steps.filter(deed__in=UNITS_OWN).values_list("by_name", "by_post")) == [
        ("郝建业", "财政局联络员"),
        ("接任的人", "财政局联络员"),
    ]


def test_dissolving_the_group_ends_open_tasks_and_nothing_else() -> None:
    """What is closed stays closed, and every step stays to be read (P18); handled twice, it is done once."""
    closed = services.task_close(by=acting("office"), task=asked())
    open_, waiting = working(), proposed()
    group_dissolve(by=None, group=Group.objects.get(county=county()), day=today(), because="任务完成")
    event = Event.objects.get(kind="group.dissolved", county=county())
    group_dissolved(event)
    many = Step.objects.count()
    group_dissolved(event)
    for one in (closed, open_, waiting):
        one.refresh_from_db()
    assert [one.status for one in (closed, open_, waiting)] == [Status.CLOSED, Status.STOPPED, Status.STOPPED]
    assert Step.objects.count() == many
    assert steps(open_) == ["propose", "assign", "receive", "stop"]


def test_while_another_group_stands_tasks_go_on() -> None:
    """A 专班 that is dissolved takes nothing of the campaign's along."""
    task = working()
    second = group_found(by=None, county=county(), name="专班", established=days(-10))
    group_dissolve(by=None, group=second, day=today(), because="办完了")
    group_dissolved(Event.objects.get(kind="group.dissolved", county=county()))
    task.refresh_from_db()
    assert task.status == Status.WORKING


def test_whoever_hands_a_post_over_sees_its_tasks() -> None:
    """Those of its desk, those of its unit that name no desk, and what waits for its signature."""

    def told_of(code: str) -> dict[str, str]:
        return {one.label: one.told for one in following(post(code), today())}

    Task.objects.all().update(status=Status.CLOSED)
    Dispatch.objects.all().update(status=Dispatch.Status.SIGNED)
    assert not {"经办的任务", "等签发的发文"} & {*told_of("fin-staff"), *told_of("leader")}
    working()
    assigned(desk=None)
    asked()
    proposed()
    services.task_close(by=acting("office"), task=asked())
    own = told_of("fin-staff")
    assert (own["经办的任务"], own["本单位没有指定经办岗位的任务"]) == ("2 项没有办结", "1 项没有办结")
    slip = drafted()
    issuing.dispatch_review(by=acting("office"), dispatch=slip)
    assert told_of(slip.body.signer.code)["等签发的发文"] == "1 份"


def test_what_cannot_be_is_refused_in_words() -> None:
    """No title, a last day before the first one, a post of another county."""
    with pytest.raises(ValidationError, match="请写事项"):
        proposed(title=" ")
    with pytest.raises(ValidationError, match="早于开始"):
        proposed(due=days(-20))
    foreign = Post.objects.exclude(area__code=COUNTY).first()
    with pytest.raises(ValueError, match="is not of"):
        proposed(desk=foreign)


def test_filters_find_what_they_say(as_) -> None:
    """By word, unit, state, what presses, indicator, origin, and what waits for oneself."""
    late = moved(working(title="晚了的拨款", indicators=["B6"]), due=days(-1))
    other = assigned(title="别的事", unit=unit("town-shawan"), desk=post("town-shawan"))
    found = {
        "q=晚了": [late],
        f"q={other.number}": [other],
        "unit=fin&when=late&q=拨款": [late],
        "status=assigned&q=别的": [other],
        "indicator=B6&q=拨款": [late],
        "origin=issue&q=拨款": [],
    }
    for asked_for, expected in found.items():
        table = as_("office").get(f"{HERE}?{asked_for}").context["table"]
        assert [row.record for row in table.rows if row.record in (late, other)] == expected, asked_for
    mine = as_("fin-staff").get(f"{HERE}?mine=1").context["table"]
    assert late in [row.record for row in mine.rows]
    assert other not in [row.record for row in mine.rows]


def test_five_thousand_tasks_take_few_queries(as_) -> None:
    """The list and the board, whatever there is."""
    base = {"county": county(), "unit": unit(), "desk": post(), "start": days(-5), "status": Status.WORKING}
    many = [Task(number=1000 + at, title=f"任务{at}", due=days(at % 40 - 10), **base) for at in range(5000)]
    Task.objects.bulk_create(many, batch_size=500)
    for page in ("", "?unit=fin&when=late", "?page=70", "board/", "late/"):
        browser = as_("office")
        browser.get(HERE)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(f"{HERE}{page}").status_code == 200
        assert len(queries) <= 20, (page, len(queries))


def test_the_first_page_lists_what_waits_for_one(as_) -> None:
    """The desk's own; nothing for the assessor, who has no tasks at all."""
    task = assigned(title="等联络员签收的事")
    part = as_("fin-staff").get(f"{HERE}mine/").content.decode()
    assert task.title in part
    assert task.title not in as_("town-shawan").get(f"{HERE}mine/").content.decode()
    assert f"{HERE}mine/" in as_("fin-staff").get(f"/c/{COUNTY}/").content.decode()
    assert f"{HERE}mine/" not in as_("assessor").get(f"/c/{COUNTY}/").content.decode()


def test_the_nodes_show_how_far_a_task_is_now() -> None:
    """What was returned is open again from there on."""
    task = asked()
    services.task_return(by=acting("office"), task=task, note="还缺")
    reached = [one["label"] for one in telling.nodes(task.steps.all(), task) if one["step"]]
    assert reached == ["立项", "交办", "签收"]
