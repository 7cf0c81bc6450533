"""What the counties of `made_counties` have of the campaign: groups, posts, tasks, slips, duties. All invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils import timezone

import handed_in
import made_dossier
import made_funding
import made_issues
import made_map
import made_reports
from junheng_web.assessment.models import Responsibility
from junheng_web.duties.assigning import duties_assign
from junheng_web.duties.clause_sheet import workbook as clauses_workbook
from junheng_web.duties.clause_views import CLAUSES
from junheng_web.duties.exchanging import workbook as duties_workbook
from junheng_web.duties.matrix import Set, indicator_set, table_of
from junheng_web.duties.matrix_views import TABLE as TABLE_OF_TASKS
from junheng_web.duties.models import Duty
from junheng_web.duties.services import Asked as DutyAsked
from junheng_web.duties.services import Said, duty_edit, report_make, unit_name_set
from junheng_web.evidence import trials
from junheng_web.notices.models import Mail, Notice
from junheng_web.notices.robot_services import robot_set
from junheng_web.organisation.appointing import post_hand_over_to_new
from junheng_web.organisation.contacting import contact_set
from junheng_web.organisation.grouping import group_dissolve, group_found, seat_put
from junheng_web.organisation.models import (
    Area,
    Group,
    Post,
    School,
    Seat,
    Unit,
)
from junheng_web.organisation.roles import Role
from junheng_web.organisation.school_services import school_move
from junheng_web.organisation.scopes import Scope
from junheng_web.organisation.staffing import post_add, unit_add
from junheng_web.supervision import deciding, issuing
from junheng_web.supervision import services as tasks
from junheng_web.supervision.calendars import calendar_save
from junheng_web.supervision.models import Task

START, MONTH, LAST = dt.date(2025, 3, 1), dt.date(2025, 10, 1), dt.date(2026, 6, 30)
# The smallest file that is told to be a PDF.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
Known = dict[str, Any]
# Who sits at the head of a group, and of its office: they read what few others do.
SEATED = {Seat.Kind.HEAD: Role.LEADER, Seat.Kind.OFFICE_HEAD: Role.OFFICE}


def stretched(words: str, length: int) -> str:
    """Return words repeated up to a length, with a word at the end that says that they are invented."""
    end = "（虚构）"
    return (words * length)[: length - len(end)] + end


def campaign(area: Area, scope: Scope, school: str, name: str) -> Known:
    """Fill a county with a campaign and return what its pages are about."""
    known = _organised(area, scope, school) | made_issues.filled(area, scope, school, name, PDF, stretched)
    known |= made_funding.filled(area, scope, school, name, PDF, stretched)
    known |= _supervised(area, scope, school) | _dutied(area, scope, Path(name).stem)
    known |= made_map.filled(area, scope, name, stretched)
    known |= made_reports.filled(area, scope, stretched)
    return known | made_dossier.filled(area, scope, name, stretched)


def _organised(area: Area, scope: Scope, code: str) -> Known:
    """Let a group stand and one be dissolved, a post change hands, a school move, and contacts be set."""
    unit = Unit.objects.of(area).filter(parent=None).first()
    desk = unit_add(by=scope, county=area, name=stretched("人事师资股", 30), parent=unit)
    group = Group.objects.of(area).filter(dissolved=None).first() or _group(area, scope, unit, "创建工作领导小组")
    gone = group_dissolve(by=scope, group=_group(area, scope, unit, "专班"), day=LAST, because=stretched("已办结", 120))
    post = post_add(by=scope, county=area, name=stretched("联络员", 60), role=Role.UNIT_STAFF, unit=unit)
    for name, day in (("前任", START), ("继任", LAST)):
        document = stretched("任免文件", 60)
        post_hand_over_to_new(by=scope, post=post, name=stretched(name, 24), day=day, document=document)
    school = School.objects.get(county=area, code=code)
    town = unit_add(by=scope, county=area, name=stretched("沙湾苏木", 30), kind=Unit.Kind.TOWN)
    school_move(by=scope, school=school, town=town, day=dt.date(2026, 9, 1))
    contact_set(by=scope, county=area, kind="patron", of=school, post=post)
    contact_set(by=scope, county=area, kind="liaison", of=unit, post=post)
    known = {"group": group.code, "group_gone": gone.code, "post_held": post.code, "school_here": code}
    holds = {"person_held": post.appointments.first().person_id, "person_signing": scope.account.person_id}
    return {**known, "unit_of_desks": desk.parent.code, **holds}


def _group(area: Area, scope: Scope, unit: Unit, name: str) -> Group:
    """Found a group with a seat of each kind."""
    told = {"name": stretched(name, 60), "document": stretched("成员名单", 80), "established": START}
    group = group_found(by=scope, county=area, rules=stretched("由接任同志自然接续，", 200), office=unit, **told)
    posts = Post.objects.filter(area=area, school=None)
    others = iter(posts.exclude(role__in=SEATED.values()))
    for place, kind in enumerate(Seat.Kind, start=1):
        post = posts.filter(role=SEATED[kind]).first() if kind in SEATED else next(others)
        seat_put(by=scope, group=group, place=place, kind=kind, title=stretched("局长", 30), post=post, start=START)
    seat_put(by=scope, group=group, place=len(Seat.Kind) + 1, kind=Seat.Kind.MEMBER, unit=unit, start=START)
    return group


def _supervised(area: Area, scope: Scope, code: str) -> Known:
    """Let a task be late, one be asked to be closed, one be new; a slip go out, one wait; a meeting; an instruction."""
    today = timezone.localdate()
    unit = Unit.objects.filter(county=area).order_by("-place").first()
    post = Post.objects.filter(area=area, role=Role.UNIT_STAFF).first()
    words = stretched("把缺口逐校列清楚，按期办结", 150)
    plan = {"unit": unit, "start": today - dt.timedelta(30), "title": words, "demand": stretched(words, 800)}
    about = {"indicators": ["B1", "B20"], "schools": [School.objects.get(county=area, code=code)]}
    told = {"by": scope, "county": area, "supports": list(Unit.objects.filter(county=area)[:6]), **plan, **about}
    late, asked, new = (tasks.task_propose(due=today + dt.timedelta(days), **told) for days in (-9, 5, 40))
    for one in (late, asked):
        tasks.task_receive(by=scope, task=tasks.task_assign(by=scope, task=one))
        tasks.task_report(by=scope, task=one, note=stretched("还在走程序", 400), progress=30)
    tasks.task_postpone(by=scope, task=late, due=today + dt.timedelta(20), note=stretched("资金没有到位", 200))
    tasks.task_ask_to_close(by=scope, task=asked, note=stretched("办完了", 200))
    known = {"task_late": late.number, "task_asked": asked.number, "task_new": new.number, "task": new.number}
    return known | _dispatched(area, scope, late) | _met(area, scope, unit, post)


def _dispatched(area: Area, scope: Scope, task: Task) -> Known:
    """Let one slip be signed, on paper, and another wait for it; let a robot be there."""
    signer = Post.objects.filter(area=area, role=Role.LEADER).first()
    name = stretched("示例自治县义务教育优质均衡发展创建工作领导小组办公室", 60)
    body = issuing.body_set(by=scope, county=area, name=name, pattern="示例均创督〔{year}〕{n}号", signer=signer)
    told = {"kind": "slip", "body": body, "title": stretched("关于抓紧办理的督办单", 120), "tasks": [task]}
    told |= {"text": stretched("请抓紧办理，按期反馈。", 900), "units": [task.unit], "reply_by": timezone.localdate()}
    one, two = (
        issuing.dispatch_review(by=scope, dispatch=issuing.dispatch_draft(by=scope, county=area, **told))
        for _ in range(2)
    )
    scan = handed_in.named("签发件.pdf", PDF)
    issuing.dispatch_sign(by=scope, dispatch=one, day=timezone.localdate(), signer="示例", scan=scan)
    robot = {
        "kind": "dingtalk",
        "name": stretched("创建工作群", 60),
        "url": "https://oapi.dingtalk.com/robot",
        "secret": "x",
    }
    made = robot_set(by=scope, county=area, used=True, **robot)
    _mailed(area, task)
    return {"signed_slip": one.place, "reviewed_slip": two.place, "dispatch": two.place, "robot": made.id}


def _mailed(area: Area, task: Task) -> None:
    """Let reminders be on their way by e-mail, and one have failed."""
    for at, status in enumerate(Mail.Status):
        told = {
            "key": f"mail-{at}",
            "text": f"还有 3 天截止：{task.title}",
            "post": Post.objects.filter(area=area).first(),
        }
        notice = Notice.objects.create(county=area, **told)
        error = stretched("邮件服务器不收这个地址", 120) if status == Mail.Status.FAILED else ""
        Mail.objects.create(county=area, notice=notice, to="liaison@example.cn", status=status, error=error)


def _met(area: Area, scope: Scope, unit: Unit, desk: Post) -> Known:
    """Hold a meeting, enter an instruction, write a calendar in two versions."""
    today, words = timezone.localdate(), stretched("把缺教师的学校逐校列清", 150)
    told = {
        "title": stretched("创建工作调度会", 80),
        "where": stretched("政府会议室", 60),
        "chair": stretched("示例", 40),
    }
    plan = {**told, "day": today, "present": words, "agenda": words}
    meeting = deciding.meeting_plan(by=scope, county=area, **plan)
    deciding.decision_add(by=scope, meeting=meeting, text=words, unit=unit, due=today, desk=desk)
    leader = Post.objects.filter(area=area, role=Role.LEADER).first()
    given = {
        "leader": leader,
        "text": words,
        "unit": unit,
        "due": today,
        "scan": handed_in.named("批示.pdf", PDF + b"%"),
    }
    deciding.instruction_give(by=scope, county=area, **given)
    rows = [{"name": stretched("自评", 80), "end": today, "owner": unit, "materials": words}]
    for version in range(2):
        calendar_save(by=scope, county=area, year=2030, rows=rows, version=version, note=stretched("通知来了", 120))
    return {"meeting": meeting.number, "year": 2030}


def _dutied(area: Area, scope: Scope, name: str) -> Known:
    """Assign a unit a duty that recurs, change it, report on it; set a lead and a desk; bring in another table."""
    unit = Responsibility.objects.filter(county=area, indicator="B4").order_by("place")[0].unit
    desk = unit.desks.first() or Unit.objects.create(
        county=area,
        code=f"{unit.code}-desk",
        name=stretched("教学仪器设备与教育信息化管理股", 30),
        parent=unit,
        place=90,
    )
    told = {"why": stretched("按月看进度，好排下一步", 100), "elsewhere": stretched("经费统计里报过", 100)}
    asked = DutyAsked(
        stretched("配合有关部门做好学校项目建设的协调和督促，", 400), ("B4", "B5"), "month", MONTH, **told
    )
    duties_assign(by=scope, county=area, units=[unit], asked=[asked], source=stretched("领导小组会议纪要", 100))
    duty = Duty.objects.select_related("county").filter(county=area).latest("number")
    why = stretched("会议上又定了一次", 100)
    clauses = clauses_workbook(area)
    duty = duty_edit(by=scope, duty=duty, asked=replace(asked, due_days=10), why=why, revision=1)
    said = Said("not", stretched("两处用地没有谈妥，", 300), stretched("来函", 60))
    month = f"{MONTH:%Y-%m}"
    report_make(by=scope, duty=duty, unit=unit, period=month, said=said, today=timezone.localdate())
    unit_name_set(by=scope, county=area, unit=unit, part="tasks", name=stretched("人力资源和社会保障局", 60), note=why)
    current = table_of(area)["B4"]
    indicator_set(by=scope, county=area, indicator="B4", asked=Set(current.units, "", ((unit.code, desk.code),)))
    content = duties_workbook(area)
    indicator_set(by=scope, county=area, indicator="B4", asked=Set(current.units, unit.code, ((unit.code, desk.code),)))
    Post.objects.filter(area=area, role=Role.OFFICE, unit=None).update(unit=unit)
    trial = trials.trial_begin(
        by=scope, county=area, name=f"{name}.xlsx", chunks=[content], purpose=TABLE_OF_TASKS.purpose
    )
    told = {"county": area, "name": f"{name}.xlsx", "chunks": [clauses], "purpose": CLAUSES.purpose}
    brought = {"brought_table": trial.code, "brought_duties": trials.trial_begin(by=scope, **told).code}
    return {"bearing": unit.code, "duty": duty.number, "month": month, **brought}
