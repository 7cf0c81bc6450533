"""Meetings, instructions and the calendar: decisions become tasks, minutes are signed, days are counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import acting
from junheng_web.evidence.models import Link
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Event, School
from junheng_web.supervision import calendars, deciding, issuing, services
from junheng_web.supervision.models import Body, Calendar, Instruction, Meeting, Status, Task
from junheng_web.supervision.selectors import tasks_of
from junheng_web.supervision.services import Refused
from places import COUNTY
from supervised import HERE, county, days, post, scan, today, unit, working

pytestmark = pytest.mark.django_db
PLAN = {
    "title": "第二次调度会",
    "day": dt.date(2026, 5, 20),
    "where": "",
    "chair": "组长",
    "present": "各单位",
    "agenda": "一、说进度",
}


def meeting() -> Meeting:
    """Return a meeting."""
    return deciding.meeting_plan(by=acting("office"), county=county(), **PLAN)


def test_a_decision_with_unit_and_day_becomes_a_task() -> None:
    """It is proposed, not assigned; one of words alone is only written down; half of it is refused."""
    one = meeting()
    told = {"by": acting("office"), "meeting": one}
    made = deciding.decision_add(**told, text="报送资金安排", unit=unit(), due=days(9), desk=post())
    assert (made.task.status, made.task.origin, made.task.origin_key) == ("proposed", "meeting", f"{one.code}:1")
    assert made.task not in tasks_of(acting("fin-staff"), county())
    assert deciding.decision_add(**told, text="下次会在下月").task is None
    with pytest.raises(ValidationError, match="责任单位和截止日期都要有"):
        deciding.decision_add(**told, text="谁办没说", due=days(9))
    assert one.decisions.count() == 2


def test_minutes_are_drafted_once_and_go_out_when_signed() -> None:
    """They hold what was decided, and go to the units that have something to do."""
    one = meeting()
    deciding.decision_add(by=acting("office"), meeting=one, text="报送资金安排", unit=unit(), due=dt.date(2026, 6, 1))
    body = Body.objects.of(county()).latest("id")
    minutes = deciding.minutes_draft(by=acting("office"), meeting=one, body=body)
    for words in ("2026年5月20日，组长主持召开第二次调度会", "1. 报送资金安排（财政局负责，2026年6月1日前办结）"):
        assert words in minutes.text
    with pytest.raises(Refused, match="已经拟过了"):
        deciding.minutes_draft(by=acting("office"), meeting=one, body=body)
    heard = Notice.objects.filter(post__code="fin-staff", text__contains=minutes.title)
    issuing.dispatch_review(by=acting("office"), dispatch=minutes)
    assert not heard.exists()
    issuing.dispatch_sign(by=acting("office"), dispatch=minutes, day=dt.date(2026, 5, 21))
    assert heard.count() == 1
    minutes.refresh_from_db()
    assert minutes.number == "示均创纪〔2026〕1号"


def test_a_brief_lists_what_is_open_by_unit_and_by_school(as_) -> None:
    """With what was said last; what is closed is not in it."""
    school = School.objects.get(county__code=COUNTY, name="示例旗第一小学")
    task = working(title="简报里的事", schools=[school])
    services.task_report(by=acting("fin-staff"), task=task, note="最近说的话")
    page = f"{HERE}meetings/{meeting().number}/brief/"
    for by, head in (("unit", "示例旗财政局"), ("school", "示例旗第一小学")):
        text = as_("office").get(f"{page}?by={by}").content.decode()
        assert head in text
        assert "简报里的事" in text
        assert "最近说的话" in text
        assert "核对教师与公务员平均工资口径" not in text


def test_two_people_editing_one_meeting_lose_no_word(as_) -> None:
    """The second sees both texts."""
    one = meeting()
    url = f"{HERE}meetings/{one.number}/edit/"
    sent = {**PLAN, "version": 1}
    assert as_("office").post(url, sent | {"agenda": "先写的议程"}).status_code == 302
    clash = as_("office").post(url, sent | {"agenda": "后写的议程"})
    assert clash.status_code == 409
    assert "先写的议程" in clash.content.decode()
    assert "后写的议程</textarea>" in clash.content.decode()


def test_a_leader_s_instruction_becomes_a_task(as_) -> None:
    """He writes it; the office is told, and the unit hears of it when it is assigned."""
    form = {"leader": post("leader").id, "day": today(), "text": "请抓紧落实", "unit": unit().id, "due": days(5)}
    assert as_("leader").post(f"{HERE}instructions/add/", form).status_code == 302
    made = Instruction.objects.first()
    assert (made.leader_name, made.behalf, made.task.origin) == ("白音仓", False, "instruction")
    assert made.task.status == "proposed"
    assert Notice.objects.filter(post__code="office", text__contains="请抓紧落实").count() == 1
    assert not Notice.objects.filter(post__code="fin-staff", text__contains="请抓紧落实").exists()
    assert Event.objects.filter(kind="instruction.given", object_code=made.code).exists()


def test_the_office_enters_an_instruction_with_its_scan(as_) -> None:
    """Without the scan it is refused, by the form and by the service; with it, it says that it was entered."""
    form = {"leader": post("leader").id, "day": today(), "text": "请财政局说明", "unit": unit().id, "due": days(5)}
    refused = as_("office").post(f"{HERE}instructions/add/", form)
    assert refused.status_code == 422
    assert "请财政局说明" in refused.content.decode()
    told = {"leader": post("leader"), "text": "口头的", "unit": unit(), "due": days(5)}
    with pytest.raises(ValidationError, match="扫描件"):
        deciding.instruction_give(by=acting("office"), county=county(), **told)
    with pytest.raises(PermissionDenied):
        deciding.instruction_give(by=acting("fin-staff"), county=county(), **told)
    assert as_("office").post(f"{HERE}instructions/add/", form | {"scan": scan()}).status_code == 302
    made = Instruction.objects.first()
    assert (made.behalf, made.by_name) == (True, "陈乐平")
    assert Link.objects.filter(object_kind="instruction", object_code=made.code).count() == 1


def test_a_calendar_is_written_in_versions() -> None:
    """The newest counts, the others stay; made from an older one it is refused."""
    told = {"by": acting("office"), "county": county(), "year": 2030}
    first = calendars.calendar_save(**told, rows=[{"name": "自评"}])
    rows = [{"name": "自评", "end": dt.date(2030, 3, 1)}, {"name": " "}]
    second = calendars.calendar_save(**told, rows=rows, version=1, note="通知来了")
    assert (first.version, second.version, calendars.newest(county())) == (1, 2, second)
    assert list(first.milestones.values_list("name", "end")) == [("自评", None)]
    with pytest.raises(ValidationError, match="已经有第 2 版"):
        calendars.calendar_save(**told, rows=rows, version=1)
    with pytest.raises(ValidationError, match="一行也没有"):
        calendars.calendar_save(**told, rows=[{"name": ""}], version=2)
    wrong = [{"name": "公示", "start": dt.date(2030, 5, 2), "end": dt.date(2030, 5, 1)}]
    with pytest.raises(ValidationError, match="“公示”的截止早于开始"):
        calendars.calendar_save(**told, rows=wrong, version=2)


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        (10, 20, "还有 10 天"),
        (-1, 5, "进行中，还有 5 天"),
        (-5, 0, "今天截止"),
        (-9, -1, "已过"),
        (None, 4, "还有 4 天"),
        (4, None, "还有 4 天"),
        (None, None, "日期待定"),
    ],
)
def test_days_are_counted_to_each_milestone(start: int | None, end: int | None, state: str) -> None:
    """Until it begins, then until it ends."""
    day = dt.date(2030, 1, 20)
    at = {name: None if by is None else day + dt.timedelta(by) for name, by in (("start", start), ("end", end))}
    told = {"by": acting("office"), "county": county(), "year": 2031}
    made = calendars.calendar_save(**told, rows=[{"name": "自评", **at}])
    assert [one.state for one in calendars.lines(made, day)] == [state]


def test_the_calendar_is_written_on_its_page(as_) -> None:
    """A wrong line comes back as it was typed; a right one is a new version."""
    last = Calendar.objects.of(county()).first()
    head = {"line-TOTAL_FORMS": 1, "line-INITIAL_FORMS": 0, "year": last.year, "version": last.version}
    line = {"line-0-name": "盟市复核", "line-0-start": "2027-03-02", "line-0-end": "2027-03-01"}
    wrong = as_("office").post(f"{HERE}calendar/edit/", head | line)
    assert wrong.status_code == 422
    assert "截止早于开始" in wrong.content.decode()
    assert 'value="盟市复核"' in wrong.content.decode()
    assert as_("office").post(f"{HERE}calendar/edit/", head | line | {"line-0-end": "2027-03-09"}).status_code == 302
    page = as_("fin-staff").get(f"{HERE}calendar/").content.decode()
    assert f"{last.year} 年度第 {last.version + 1} 版" in page
    assert "盟市复核" in page
    assert as_("fin-staff").get(f"{HERE}calendar/?year={last.year}&version={last.version}").status_code == 200
    assert as_("fin-staff").get(f"{HERE}calendar/?year=1999").status_code == 404


def test_the_demonstration_runs_a_whole_campaign() -> None:
    """A task in every state, a slip that was signed, a meeting, an instruction, all of the invented county."""
    assert set(Task.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Task.objects.values_list("county__invented", flat=True)) == {True}
    assert (Meeting.objects.count(), Instruction.objects.count()) == (1, 1)
