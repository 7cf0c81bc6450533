"""An issue from a gap: raised once, sent by the office alone, closed by values in two steps, open when one falls."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from collected import acting, form_of
from junheng_web.assessment.services import run_withdraw
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS as FORM_DEEDS
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import AuditRow, Unit
from junheng_web.rectification.deeds import DEEDS
from junheng_web.rectification.following import task_of
from junheng_web.rectification.judging import state_after
from junheng_web.rectification.models import Issue
from junheng_web.rectification.proposing import day_before_census
from junheng_web.rectification.selectors import issues_of, offered
from junheng_web.rectification.services import Moved, issue_raise, issue_take, issues_raise_of
from junheng_web.supervision.models import Status
from junheng_web.supervision.services import task_ask_to_close, task_receive
from rectified import count, county, enter, forget_the_demonstration, gap, gaps, period, raised, react, sent

pytestmark = pytest.mark.django_db
SCHOOL = "1506990004"
PE_ARTS = ("schools", SCHOOL, "primary_pe_arts_teachers")
ENOUGH, TOO_FEW = "60", "1"
State, Reached = Issue.State, Issue.Reached


@pytest.fixture(autouse=True)
def _fresh(db) -> None:
    """The demonstration has raised its gaps already."""
    forget_the_demonstration()


def fresh(issue: Issue) -> Issue:
    return Issue.objects.select_related("county", "school", "period", "unit", "desk").get(id=issue.id)


def test_a_gap_becomes_one_issue_however_often_it_is_raised() -> None:
    """It holds the gap's key and nothing of the run that found it."""
    issue, again = raised("B3", SCHOOL), raised("B3", SCHOOL)
    assert issue.id == again.id
    key = (issue.period.code, issue.school.code, issue.stage, issue.indicator, issue.target)
    assert key == ("2025", SCHOOL, "primary", "B3", "threshold")
    assert "还差 2 人" in issue.title
    assert (issue.state, issue.census) == (State.FOUND, Reached.UNMET)
    assert {field.related_model.__name__ for field in Issue._meta.fields if field.is_relation} == {
        *("Area", "Period", "School", "Unit")
    }


def test_the_rule_raises_every_gap_once() -> None:
    """A second time there is nothing new."""
    first = issues_raise_of(by=acting("office"), period=period(), gaps=gaps())
    assert len(first) == len(gaps()) > 10
    assert issues_raise_of(by=acting("office"), period=period(), gaps=gaps()) == []


def test_a_veto_is_never_an_issue_of_a_gap() -> None:
    """It has a register of its own."""
    assert not [one for one in gaps() if one.key.indicator == "VETO"]


def test_nobody_but_the_office_hears_of_it_before_the_office_sends_it() -> None:
    """What the system proposes stays a working paper (P3); no unit is told, none sees it."""
    issue = raised("B3", SCHOOL)
    before = Notice.objects.count()
    Issue.objects.filter(id=issue.id).update(unit=Unit.objects.get(county=county(), code="fin"))
    assert not issues_of(acting("fin-staff"), county()).filter(id=issue.id).exists()
    with pytest.raises(PermissionDenied):
        sent_by(issue, "fin-staff")
    other = raised("B14")
    Issue.objects.filter(id=other.id).update(unit=Unit.objects.get(county=county(), code="fin"))
    issue_take(by=acting("office"), issue=fresh(other), deed=DEEDS["drop"], note="立错了")
    assert not issues_of(acting("fin-staff"), county()).filter(id=other.id).exists()
    assert Notice.objects.count() == before
    sent(issue, "fin")
    assert issues_of(acting("fin-staff"), county()).filter(id=issue.id).exists()
    assert told_of(issue) == {"fin-head", "fin-staff"}
    assert (task_of(issue).unit.code, task_of(issue).status) == ("fin", Status.ASSIGNED)


def told_of(issue: Issue) -> set[str]:
    """Return the posts that were told of an issue's task."""
    return {one.post.code for one in Notice.objects.filter(url=task_of(issue).url)}


def sent_by(issue: Issue, username: str) -> None:
    from junheng_web.rectification.services import issue_send
    from moments import TOMORROW

    unit = Unit.objects.get(county=county(), code="fin")
    issue_send(by=acting(username), issue=issue, unit=unit, desk=None, due=TOMORROW)


def test_a_desk_is_told_where_one_is_named_and_must_be_of_the_unit() -> None:
    """The desk answers; a desk of another unit is refused."""
    issue = sent(raised("B3", SCHOOL), "edu", "edu-hr")
    assert told_of(issue) == {"edu-hr-desk"}
    assert task_of(issue).desk.code == "edu-hr-desk"
    assert [one.name for one in offered(acting("edu-hr-desk"), issue)] == ["start", "apply"]
    with pytest.raises(ValidationError):
        sent(issue, "fin", "edu-hr")


def test_a_new_present_value_and_then_the_census_close_it_in_two_steps() -> None:
    """现状到位 by an approved value, 入统销号 by the official census; a draft does nothing."""
    issue = sent(raised("B3", SCHOOL))
    react()
    enter(PE_ARTS, ENOUGH)
    assert fresh(issue).state == State.ASSIGNED
    react()
    assert (fresh(issue).state, fresh(issue).present) == (State.REVIEW, Reached.MET)
    enter(PE_ARTS, ENOUGH, "census")
    react()
    assert fresh(issue).state == State.REVIEW
    count()
    react()
    assert (fresh(issue).state, fresh(issue).census) == (State.CLOSED, Reached.MET)
    assert fresh(issue).closed_on is not None
    assert task_of(issue).status == Status.CLOSED
    assert [step.deed for step in issue.steps.all()] == ["raise", "send", "present", "census"]


def closed() -> Issue:
    """Return an issue that values have closed."""
    issue = sent(raised("B3", SCHOOL))
    enter(PE_ARTS, ENOUGH)
    enter(PE_ARTS, ENOUGH, "census")
    count()
    react()
    return fresh(issue)


def test_a_value_that_falls_opens_it_again() -> None:
    """Whether it was closed or only in order at present; nobody has to notice."""
    issue = closed()
    enter(PE_ARTS, TOO_FEW)
    react()
    assert (fresh(issue).state, issue.steps.last().deed) == (State.REOPENED, "fell")
    assert task_of(issue).status == Status.WORKING
    enter(PE_ARTS, ENOUGH)
    react()
    assert fresh(issue).state == State.CLOSED


def test_an_approval_that_is_withdrawn_takes_its_step_back() -> None:
    """The value is not official any more, so neither is what it closed."""
    issue = sent(raised("B3", SCHOOL))
    enter(PE_ARTS, ENOUGH)
    react()
    one = form_of(SCHOOL)
    step_take(by=acting("office"), one=one, deed=FORM_DEEDS["withdraw"], note="再核")
    react()
    assert (fresh(issue).state, issue.steps.last().deed) == (State.REOPENED, "fell")


def test_a_census_that_is_official_no_longer_takes_its_step_back() -> None:
    """The issue waits for the census again: its present value is still in order."""
    issue, run = sent(raised("B3", SCHOOL)), None
    enter(PE_ARTS, ENOUGH)
    enter(PE_ARTS, ENOUGH, "census")
    run = count()
    react()
    run_withdraw(by=acting("office"), run=run, note="错了")
    react()
    assert fresh(issue).state == State.REVIEW


def test_reactions_are_idempotent_and_reconciling_says_the_same() -> None:
    """Whatever happened, in whatever order it was heard: asking again moves nothing, and asking late ends alike."""
    ends = [told_after(react), told_after(lambda: call_command("reconcile", verbosity=0))]
    assert ends[0] == ends[1]
    assert {state for state, _, _ in ends[0]} == {State.FOUND, State.CLOSED, State.REOPENED, State.REVIEW}


def told_after(hear) -> list[tuple[str, str, str]]:
    """Live through closures and a fall, hearing of it in one way; return where every issue is, and undo it all."""
    from django.db import transaction

    with transaction.atomic():
        issues = issues_raise_of(by=acting("office"), period=period(), gaps=gaps())
        enter(PE_ARTS, ENOUGH)
        enter(PE_ARTS, ENOUGH, "census")
        other = ("schools", "1506990002", "primary_backbone_teachers")
        enter(other, ENOUGH)
        hear()
        count()
        hear()
        enter(other, TOO_FEW)
        third = ("schools", "1506990012", "primary_backbone_teachers")
        enter(third, ENOUGH)
        hear()
        told = [(one.state, one.present, one.census) for one in map(fresh, issues)]
        steps = sum(one.steps.count() for one in issues)
        react()
        call_command("reconcile", verbosity=0)
        assert [(one.state, one.present, one.census) for one in map(fresh, issues)] == told
        assert sum(one.steps.count() for one in issues) == steps
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("state", [one for one in State if one != State.DROPPED])
@pytest.mark.parametrize("present", Reached)
@pytest.mark.parametrize("census", Reached)
def test_only_values_end_an_issue_and_what_is_not_known_ends_nothing(state: str, present: str, census: str) -> None:
    """The whole table: closed needs a census that meets it, review a present value that does."""
    after = state_after(state, present, census)
    assert (after == State.CLOSED) == (census == Reached.MET and present != Reached.UNMET)
    assert (after == State.REVIEW) == (present == Reached.MET and census != Reached.MET)
    assert state_after(after, present, census) == after


def test_nobody_can_close_an_issue_of_a_gap_by_word() -> None:
    """Neither the unit nor the office; it can be taken back as raised in error, which is no closure."""
    issue = sent(raised("B3", SCHOOL))
    issue_take(by=acting("fin-staff"), issue=issue, deed=DEEDS["apply"], note="已到岗")
    assert [one.name for one in offered(acting("office"), fresh(issue))] == ["return", "drop"]
    with pytest.raises(Moved):
        issue_take(by=acting("office"), issue=issue, deed=DEEDS["close"])


def test_an_issue_by_hand_goes_from_hand_to_hand() -> None:
    """发现, 交办, 整改中, 申请销号, 复核, 销号, 重新打开, each a row with who and in which post."""
    office, unit = acting("office"), acting("fin-staff")
    issue = sent(issue_raise(by=office, county=county(), title="示例：资金没有拨付"))
    for who, deed, note in (
        (unit, "start", ""),
        (unit, "apply", "已拨付"),
        (office, "return", "缺凭证"),
        (unit, "apply", "凭证已交"),
        (office, "review", "看了凭证"),
        (office, "close", ""),
        (office, "reopen", "又欠拨"),
    ):
        issue_take(by=who, issue=issue, deed=DEEDS[deed], note=note, seen=fresh(issue).state)
    rows = list(issue.steps.values_list("state", "by_post"))
    assert [state for state, _ in rows] == [
        *(State.FOUND, State.ASSIGNED, State.WORKING, State.APPLIED, State.WORKING, State.APPLIED),
        *(State.REVIEW, State.CLOSED, State.REOPENED),
    ]
    assert {post for _, post in rows} == {"创建办主任", "财政局联络员"}
    assert AuditRow.objects.filter(object_kind="issue", object_code=issue.code).count() == len(rows)


def test_what_must_be_said_is_asked_for_and_what_moved_is_told() -> None:
    """An application says what was done; one who saw another state hears so, and nothing is written."""
    issue = sent(issue_raise(by=acting("office"), county=county(), title="示例"))
    with pytest.raises(ValidationError):
        issue_take(by=acting("fin-staff"), issue=issue, deed=DEEDS["apply"])
    issue_take(by=acting("fin-staff"), issue=issue, deed=DEEDS["start"])
    with pytest.raises(Moved):
        issue_take(by=acting("fin-staff"), issue=issue, deed=DEEDS["apply"], note="好了", seen=State.ASSIGNED)
    with pytest.raises(PermissionDenied):
        issue_take(by=acting("edu-hr-desk"), issue=issue, deed=DEEDS["apply"], note="好了")


def test_a_gap_that_was_taken_back_can_be_raised_again() -> None:
    """Under a number of its own."""
    issue = raised("B3", SCHOOL)
    issue_take(by=acting("office"), issue=issue, deed=DEEDS["drop"], note="立错了")
    assert raised("B3", SCHOOL).number == issue.number + 1


def test_a_gap_says_where_and_how_much() -> None:
    """In an officer's words, from the rule book."""
    one = gap("B3", SCHOOL)
    assert one.title == "示例旗第四小学（小学） B3 每百名学生拥有体育、艺术（美术、音乐）专任教师数：还差 2 人"


def test_a_unit_says_it_once_on_the_task_or_on_the_issue() -> None:
    """Signed for, handed in, sent back on the task: the issue goes along; and the other way round."""
    unit, office = acting("fin-staff"), acting("office")
    issue = sent(issue_raise(by=office, county=county(), title="示例"))
    task_receive(by=unit, task=task_of(issue))
    react()
    assert fresh(issue).state == State.WORKING
    task_ask_to_close(by=unit, task=task_of(issue), note="办好了")
    react()
    assert fresh(issue).state == State.APPLIED
    assert "办好了" in issue.steps.last().note
    issue_take(by=office, issue=fresh(issue), deed=DEEDS["return"], note="缺凭证")
    assert task_of(issue).status == Status.WORKING
    issue_take(by=unit, issue=fresh(issue), deed=DEEDS["apply"], note="凭证已交")
    assert task_of(issue).status == Status.ASKED
    react()
    assert fresh(issue).state == State.APPLIED


def test_an_issue_that_is_sent_anew_keeps_its_task() -> None:
    """Another unit, another day: the same task, with what stood there before in its chain."""
    issue = sent(raised("B3", SCHOOL), "fin")
    first = task_of(issue)
    sent(issue, "edu", "edu-hr")
    assert (task_of(issue).id, task_of(issue).unit.code) == (first.id, "edu")
    assert fresh(issue).state == State.ASSIGNED


@pytest.mark.parametrize(
    ("today", "due"), [("2025-10-01", "2026-08-31"), ("2026-08-31", "2026-08-31"), ("2026-11-26", "2027-08-31")]
)
def test_the_day_that_is_proposed_is_the_last_before_a_census_to_come(today: str, due: str) -> None:
    """What is done after it counts a year later; a day that is past is never proposed."""
    day = day_before_census(period(), dt.date.fromisoformat(today))
    assert day.isoformat() == due


def test_what_is_not_sent_is_nobody_s_to_be_late_with() -> None:
    """Neither is what waits for the census."""
    issue = Issue(state=State.FOUND, due=dt.date(2020, 1, 1))
    late = {state for state in State if Issue(state=state, due=issue.due).late_on(dt.date(2020, 1, 2))}
    assert late == {State.ASSIGNED, State.WORKING, State.APPLIED, State.REOPENED}
    assert not Issue(state=State.WORKING, due=issue.due).late_on(issue.due)
