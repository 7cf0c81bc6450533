"""The campaign of the demonstration: tasks in every state, a slip, a meeting, an instruction, a calendar; all invented.

The days of the tasks are counted from the day on which it is loaded, so that there is always something to do.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from junheng_web.organisation.models import Account, Area, Post, School, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.supervision import calendars, deciding, drafting, issuing, services
from junheng_web.supervision.models import Body, Calendar, Dispatch, Task

Row = Mapping[str, str]
YEAR = 2027
BODIES = (("示均创督〔{year}〕{n}号", "leader"), ("示均创纪〔{year}〕{n}号", "office"))


def load(county: Area, folder: Path) -> None:
    """Make the campaign of the tables in the folder. Loading it again changes nothing."""
    if Task.objects.of(county).exists() or Calendar.objects.of(county).exists():
        return
    with_scopes = _Cast(county)
    made: dict[str, Task] = {}
    for row in _rows(folder / "tasks.csv"):
        made[row["key"]] = _task(with_scopes, row, made)
    _calendar(with_scopes, _rows(folder / "calendar.csv"))
    _bodies(with_scopes)
    _slip(with_scopes, made["equip"])
    _meeting(with_scopes)
    _instruction(with_scopes)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


class _Cast:
    """Who acts in the demonstration, and what of the county they act on."""

    def __init__(self, county: Area) -> None:
        self.county, self.today = county, timezone.localdate()
        self.units = {one.code: one for one in Unit.objects.of(county)}
        self.posts = {one.code: one for one in Post.objects.filter(area=county)}
        self.schools = {one.name: one for one in School.objects.of(county)}
        self.office, self.leader = self.scope("office"), self.scope("leader")

    def scope(self, post: str) -> Scope:
        return scope_of(Account.objects.get(username=post), self.today)

    def day(self, days: str) -> dt.date:
        return self.today + dt.timedelta(int(days))


def _many(text: str) -> list[str]:
    return [one for one in text.split(";") if one]


def _task(cast: _Cast, row: Row, made: Mapping[str, Task]) -> Task:
    """Propose a task, and take it as far as its row says."""
    plain = {name: row[name] for name in ("level", "title", "demand", "deliverable")}
    plan = {"unit": cast.units[row["unit"]], "start": cast.day(row["start"]), "due": cast.day(row["due"])}
    about = {
        "indicators": _many(row["indicators"]),
        "schools": [cast.schools[name] for name in _many(row["schools"])],
        "supports": [cast.units[code] for code in _many(row["supports"])],
        "parent": made.get(row["parent"]),
        "desk": cast.posts.get(row["desk"]),
    }
    task = services.task_propose(by=cast.office, county=cast.county, **plain, **plan, **about)
    return task if row["state"] == "proposed" else _sent(cast, task, row)


def _sent(cast: _Cast, task: Task, row: Row) -> Task:
    task = services.task_assign(by=cast.office, task=task)
    state = row["state"]
    by = cast.scope(row["desk"]) if row["desk"] else cast.office
    if state == "assigned":
        return task
    if state == "declined":
        return services.task_decline(by=by, task=task, note="宣传页由教体局统一印制，苏木负责发放")
    if state == "stopped":
        return services.task_stop(by=cast.office, task=task, note="为给单位减负，画册不再编")
    services.task_receive(by=by, task=task)
    services.task_report(by=by, task=task, note=row["said"], progress=int(row["progress"]))
    after: Mapping[str, Callable[[], Any]] = {
        "late": lambda: services.task_urge(by=cast.office, task=task, note="电话问过，说下周能办完"),
        "asked": lambda: services.task_ask_to_close(by=by, task=task, note="前三季度核对完毕"),
        "closed": lambda: _closed(cast, by, task),
        "returned": lambda: _returned(cast, by, task),
        "postponed": lambda: services.task_postpone(
            by=by, task=task, due=task.due + dt.timedelta(10), note="两所学校的人在外培训"
        ),
    }
    after.get(state, lambda: None)()
    return task


def _closed(cast: _Cast, by: Scope, task: Task) -> None:
    services.task_ask_to_close(by=by, task=task, note="会签的表已经交了")
    services.task_close(by=cast.office, task=task, note="看过会签的表")


def _returned(cast: _Cast, by: Scope, task: Task) -> None:
    services.task_ask_to_close(by=by, task=task, note="入户核查做完了")
    services.task_return(by=cast.office, task=task, note="还差两个嘎查的核查情况，补上再报")


def _calendar(cast: _Cast, rows: list[Row]) -> None:
    told = [
        {
            "name": row["name"],
            "materials": row["materials"],
            "start": dt.date.fromisoformat(row["start"]) if row["start"] else None,
            "end": dt.date.fromisoformat(row["end"]) if row["end"] else None,
            "owner": cast.units.get(row["owner"]),
        }
        for row in rows
    ]
    calendars.calendar_save(by=cast.office, county=cast.county, year=YEAR, rows=told, note="虚构，仅供演示")


def _bodies(cast: _Cast) -> None:
    name = "示例旗义务教育优质均衡发展创建工作领导小组办公室"
    for pattern, signer in BODIES:
        told = {"name": name, "pattern": pattern, "signer": cast.posts[signer]}
        issuing.body_set(by=cast.office, county=cast.county, **told)


def _slip(cast: _Cast, task: Task) -> None:
    """Draft, review and sign a slip about a task that is late."""
    task = Task.objects.select_related("county", "unit").get(id=task.id)
    body = Body.objects.of(cast.county).earliest("id")
    told = {"title": drafting.slip_title([task]), "text": drafting.slip_text([task], cast.today)}
    about = {"units": [task.unit], "tasks": [task], "reply_by": cast.day("5")}
    kind = Dispatch.Kind.SLIP
    slip = issuing.dispatch_draft(by=cast.office, county=cast.county, kind=kind, body=body, **told, **about)
    issuing.dispatch_review(by=cast.office, dispatch=slip, note="情况属实")
    issuing.dispatch_sign(by=cast.leader, dispatch=slip, day=cast.today)


def _meeting(cast: _Cast) -> None:
    """Hold a meeting whose decisions become tasks, and draft its minutes."""
    told = {
        "title": "创建工作第一次调度会",
        "day": cast.day("-4"),
        "where": "政府三楼会议室",
        "chair": "白音仓",
        "present": "领导小组成员单位联络员（虚构）",
        "agenda": "一、各单位说没有办结的任务\n二、定下一步的事",
    }
    meeting = deciding.meeting_plan(by=cast.office, county=cast.county, **told)
    plan = {"unit": cast.units["edu-hr"], "desk": cast.posts["edu-hr-desk"], "due": cast.day("15")}
    deciding.decision_add(by=cast.office, meeting=meeting, text="把缺教师的学校逐校列清，报编办研究", **plan)
    deciding.decision_add(by=cast.office, meeting=meeting, text="调度会每两周开一次，只说没有办结的事")
    deciding.minutes_draft(by=cast.office, meeting=meeting, body=Body.objects.of(cast.county).latest("id"))


def _instruction(cast: _Cast) -> None:
    """Let the leader write an instruction, which the office has still to assign."""
    told = {"text": "请财政局把仪器设备更新资金的到账时间报我", "unit": cast.units["fin"], "due": cast.day("7")}
    own = {"leader": cast.posts["leader"], "desk": cast.posts["fin-staff"], "day": cast.day("-1")}
    deciding.instruction_give(by=cast.leader, county=cast.county, **own, **told)
