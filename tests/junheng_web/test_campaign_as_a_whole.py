"""Across the rooms: a successor takes all of it over by one act; a dissolved group closes what it should, no more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from collected import acting
from junheng_web.config.reactions import REACTIONS
from junheng_web.duties.models import Duty, DutyVersion, Report
from junheng_web.duties.services import Said, report_make
from junheng_web.notices.models import Notice
from junheng_web.organisation import events
from junheng_web.organisation.appointing import post_hand_over_to_new
from junheng_web.organisation.grouping import group_dissolve
from junheng_web.organisation.models import (
    Account,
    Appointment,
    AuditRow,
    Event,
    Group,
    Handled,
    Seat,
)
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.rectification.models import VetoDuty
from junheng_web.rectification.services import issue_raise, issue_send
from junheng_web.rectification.veto_services import duties_set, veto_declare
from junheng_web.supervision import services
from junheng_web.supervision.chain import OPEN, Status, Step, Task
from places import COUNTY
from supervised import assigned, county, days, post, today, unit, working

pytestmark = pytest.mark.django_db
SINCE = dt.date(2026, 1, 1)
PAGES = ("tasks/", "duties/mine/", "rectification/", "rectification/vetoes/", "notices/", "collection/2025/current/")


def successor() -> Scope:
    """Hand the 财政局's post over to somebody new, give him an account, and return his scope."""
    made = post_hand_over_to_new(by=None, post=post(), name="示例继任", day=today(), document="示例文号")
    Account.objects.create_user("next", "x", person=made.person)
    return acting("next")


def recurring() -> Duty:
    """Return a duty of the 财政局 that is reported on each month."""
    duty = Duty.objects.select_related("county").filter(county=county(), units=unit()).first()
    Duty.objects.filter(id=duty.id).update(cadence="month", since=SINCE, why="示例")
    duty.refresh_from_db()
    return duty


def declaring() -> VetoDuty:
    """Let the 财政局 declare on a veto item."""
    told = {"units": [unit()], "cadence": "month", "since": SINCE}
    duties_set(by=acting("office"), county=county(), part="choice", **told)
    return VetoDuty.objects.select_related("county", "unit__county").get(county=county(), part="choice")


def test_succession_moves_everything_and_loses_nothing(as_) -> None:
    """What was open is the successor's to do in every room, and the former holder's no longer; rows keep who did it."""
    task, duty, veto = working(title="交接中的任务"), recurring(), declaring()
    issue = issue_raise(by=acting("office"), county=county(), title="交接中的问题")
    issue_send(by=acting("office"), issue=issue, unit=unit(), desk=None, due=days(10))
    former = acting("fin-staff")
    services.task_report(by=former, task=task, note="前任说的")
    before = {path: as_("fin-staff").get(f"/c/{COUNTY}/{path}") for path in PAGES}
    new = successor()

    for path, page in before.items():
        assert as_("next").get(f"/c/{COUNTY}/{path}").status_code == page.status_code == 200, path
        assert as_("fin-staff").get(f"/c/{COUNTY}/{path}").status_code == 404, path
    for words, path in (("交接中的任务", "tasks/"), ("交接中的问题", "rectification/")):
        assert words in as_("next").get(f"/c/{COUNTY}/{path}").content.decode()
    assert scope_of(former.account, today()).posts == ()
    services.task_report(by=new, task=task, note="继任说的")
    seen = Report.objects.filter(duty=duty, unit=unit(), period="2026-01").last()
    said = Said("done", seen=seen.id if seen else 0)
    report_make(by=new, duty=duty, unit=unit(), period="2026-01", said=said, today=today())
    told = {"span": "2026-01", "nothing": True, "text": ""}
    veto_declare(by=new, duty=veto, today=today(), **told)
    said = task.steps.filter(deed="report").values_list("note", "by_name", "by_post")
    assert list(said) == [("前任说的", "郝建业", "财政局联络员"), ("继任说的", "示例继任", "财政局联络员")]
    assert Report.objects.filter(duty=duty, period="2026-01").last().by_name == "示例继任"


def test_the_successor_is_reminded_and_not_the_former_holder(as_) -> None:
    """Notices hang on the post: what nobody has read is the successor's to read."""
    assigned(title="交接前交办的")
    unread = Notice.objects.filter(post=post(), read_at=None).count()
    successor()
    page = as_("next").get(f"/c/{COUNTY}/notices/").content.decode()
    assert "交接前交办的" in page
    assert page.count("● 未读") + page.count("未读</span>") >= min(unread, 1)
    assert as_("fin-staff").get(f"/c/{COUNTY}/notices/").status_code == 404


def everything(but: set[type[Model]]) -> dict[type[Model], list[Any]]:
    """Return every row of every room, but for some tables."""
    ours = [one for one in apps.get_models() if one.__module__.startswith("junheng_web.") and one not in but]
    return {one: list(one._default_manager.order_by("pk").values()) for one in ours}


def test_dissolution_closes_tasks_duties_and_appointments_and_nothing_else(as_) -> None:
    """Facts, results, issues, papers, registers, files: not a row of them is another; all of it can be read."""
    working(title="撤销时还在办的")
    touched = {Group, Seat, Appointment, AuditRow, Event, Handled, Task, Step, Duty, DutyVersion, Notice}
    events.react(REACTIONS)
    before, closed = everything(touched), set(Task.objects.filter(status=Status.CLOSED).values_list("id", flat=True))
    others = list(Appointment.objects.filter(post__group=None).values())
    group_dissolve(by=acting("office"), group=Group.objects.get(county=county()), day=today(), because="任务完成")
    events.react(REACTIONS)

    own = Task.objects.filter(county=county())
    assert not own.filter(status__in=(Status.PROPOSED, *OPEN)).exists()
    assert closed == set(own.filter(status=Status.CLOSED).values_list("id", flat=True))
    assert not Duty.objects.filter(county=county(), ended=None).exists()
    assert list(Appointment.objects.filter(post__group=None).values()) == others
    after = everything(touched)
    assert [model.__name__ for model in before if before[model] != after[model]] == []
    for username, path in (("fin-staff", "tasks/"), ("office", "organisation/"), ("office", ""), ("head-03", "")):
        assert as_(username).get(f"/c/{COUNTY}/{path}").status_code == 200, path
    assert "撤销时还在办的" in as_("fin-staff").get(f"/c/{COUNTY}/tasks/").content.decode()
