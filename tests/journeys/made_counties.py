"""Counties that browser tests look at, made inside the platform (`Site.made`): full, empty, with the longest names.

All of it is invented, and every page says so.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

import handed_in
import leagued
import scanned
import walked
from junheng import api as jh
from junheng.facts.mapped.load import mapping_from
from junheng.facts.mapped.recognising import seen
from junheng.facts.schema import MEASURES, TABLES, Kind
from junheng.facts.workbook import read_grids
from junheng_web.assessment.models import Responsibility, Run
from junheng_web.assessment.services import run_declare, run_make, snapshot_keep
from junheng_web.assessment.snapshots import open_facts
from junheng_web.assessment.upload_judging import standard_of, try_now_or_later
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.locking import ledger_lock
from junheng_web.collection.ledger.services import arrangement_set, due_set
from junheng_web.collection.ledger.subjects import subject
from junheng_web.collection.models import Ledger, Period
from junheng_web.collection.reminding.log import reminder_log
from junheng_web.collection.sealed.sealing import form_seal
from junheng_web.collection.shown.differences import difference_at, difference_explain
from junheng_web.collection.years.opening import Asked, SchoolAsked, year_draft_save
from junheng_web.evidence import trials
from junheng_web.evidence.services import file_add
from junheng_web.home.demonstration import collect
from junheng_web.home.help import ORDER
from junheng_web.organisation import jobs
from junheng_web.organisation.models import (
    Account,
    Appointment,
    Area,
    Job,
    Person,
    Post,
    Publication,
    School,
    Unit,
)
from junheng_web.organisation.naming import alias_confirm
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.planning.adopting import plan_adopt
from junheng_web.planning.models import PlanRun, Sample
from junheng_web.planning.services import edit_add, plan_begin, scenario_make, terms_set
from junheng_web.planning.terms import terms_at
from junheng_web.registers.exchange_views import EXPLANATION
from junheng_web.registers.exchange_views import PURPOSE as REGISTER
from junheng_web.registers.saving import Change, rows_save
from junheng_web.registers.values import key_of, read_back
from junheng_web.scrutiny.selectors import cases
from junheng_web.scrutiny.services import sign_verify
from junheng_web.statistics import reading
from junheng_web.statistics.services import forms_see, mapping_save
from junheng_web.visits.confirming import grade_confirm, seen_of
from junheng_web.visits.models import Visit
from junheng_web.visits.results import items_of, ledger_of
from junheng_web.visits.rubrics import items_at, keys_of
from junheng_web.visits.services import (
    assignment_set,
    finding_correct,
    observations_note,
    reply_add,
    visit_finish,
    visit_open,
)
from made_campaign import PDF, START, Known, campaign, stretched
from made_imports import brought, brought_late
from places import COUNTY, EXAMPLES

REGISTERS = jh.REGISTERS
EMPTY, LONGEST, SECOND = "150698", "150697", "150696"
SCHOOLS, TIMES = 60, 20
TAKES_ONLY_POST = 405
# Who opens a page, where several roles may: the office sees most of it.
ROLES = (Role.OFFICE, *(role for role in Role if role != Role.OFFICE))


def full(password: str) -> Known:
    """Fill what the demonstration leaves empty, and return what its pages are about."""
    del password
    area = Area.objects.get(code=COUNTY)
    held = Appointment.objects.order_by("-post__code").filter(person__account__demonstration=True)
    accounts = {one.post.role: one.person.account.username for one in held.select_related("post", "person__account")}
    office = Account.objects.get(username="office")
    known = _filled(area, office, "示例佐证.pdf", "第二次核对") | _published()
    return {**known, "area_code": area.parent.code, "accounts": {**accounts, "office": "office"}}


def _published() -> Known:
    one = Publication.objects.select_related("area").get()
    parts = [row["part"] for row in one.tables["parts"]]
    return {"published_in": one.area.code, "publication": one.code, "parts": parts}


def empty(password: str) -> Known:
    """Make a county in which nothing has happened yet."""
    area = _area(EMPTY, "示例空旗（虚构）")
    return {"county": EMPTY, "code": "0", "manual": [*ORDER], "accounts": _accounts(area, password, str)}


def longest(password: str) -> Known:
    """Make a county whose every name is as long as names get, with many and large schools."""
    area = _area(LONGEST, stretched("示例少数民族自治县级市", 28))
    facts = _large(area)
    for row in facts.tables["schools"].to_pylist():
        told = {"name": row["school_name"], "school_type": row["school_type"]}
        School.objects.get_or_create(county=area, code=row["school_code"], defaults=told)
    _units(area)
    collect(area, facts)
    label = stretched("二〇二五年秋季学期第一次全面核对", 60)
    snapshot = snapshot_keep(by=None, county=area, facts=facts, label=label, invented=True)
    run_declare(by=None, run=run_make(by=None, county=area, snapshot=snapshot, standard="national-2017"))
    accounts = _accounts(area, password, lambda name: stretched(name, 24))
    office = Account.objects.get(username=accounts[Role.OFFICE])
    file = f"{stretched('关于教学仪器设备采购验收的情况说明', 60)}.pdf"
    return {**_filled(area, office, file, stretched("第二次核对", 60)), "accounts": accounts}


def second(password: str) -> Known:
    """Make a county with two schools and somebody who works there."""
    area = _area(SECOND, "虚构旗（虚构）")
    facts = _facts(area, 2, lambda name: f"虚构{name}")
    snapshot = snapshot_keep(by=None, county=area, facts=facts, label="虚构", invented=True)
    run_declare(by=None, run=run_make(by=None, county=area, snapshot=snapshot, standard="national-2017"))
    return {"county": area.code, "accounts": _accounts(area, password, str)}


def league(password: str) -> Known:
    """Make a league of many counties with the longest names, every ninth of them without an official run."""
    code, many = "159700", 99
    area = leagued.league(code, many, named=lambda at: stretched(f"示例第{at}少数民族自治县级市", 28))
    own = [one for at, one in enumerate(area.below.order_by("code")) if at % 9]
    for one in own:
        leagued.run_in(one)
    viewer = leagued.viewer(area, "league-viewer")
    viewer.set_password(password)
    viewer.save()
    return {"code": code, "counties": many, "failing": len(own), "viewer": viewer.username}


def _area(code: str, name: str) -> Area:
    known = {"name": name, "kind": Area.Kind.COUNTY, "invented": True}
    return Area.objects.get_or_create(code=code, defaults=known)[0]


def _accounts(area: Area, password: str, named: Callable[[str], str]) -> dict[str, str]:
    """Make somebody for each role that opens pages, and return the names to sign in with."""
    for role in ROLES:
        post = Post.objects.create(area=area, code=role, name=named(role.label), role=role)
        person = Person.objects.create(county=area, name=named("示例"))
        Appointment.objects.create(post=post, person=person, start=START)
        Account.objects.create_user(f"{area.code}-{role}", password, person=person)
    return {role.value: f"{area.code}-{role}" for role in ROLES}


def _units(area: Area) -> None:
    for place in range(8):
        name = stretched(f"第{place + 1}人力资源和社会保障教育体育局", 30)
        unit = Unit.objects.create(county=area, code=f"unit-{place}", name=name, full_name=name, place=place)
        for number in range(1, 32):
            if number % 4 == place % 4:
                Responsibility.objects.create(county=area, indicator=f"B{number}", unit=unit, place=place)


def _large(area: Area) -> jh.Facts:
    return _facts(area, SCHOOLS, lambda name: stretched(f"{name}第一中心寄宿制", 40), TIMES)


def _facts(area: Area, schools: int, named: Callable[[str], str], times: int = 1) -> jh.Facts:
    """Return the example's schools over and over, with names as wanted and every count, area and sum many times."""
    tables = dict(jh.load(handed_in.TABLES).tables)
    rows = tables["schools"].to_pylist()
    more = []
    for number in range(schools):
        row = {name: _times(name, value, times) for name, value in rows[number % len(rows)].items()}
        own = {"county_code": area.code, "county_name": area.name, "parent_school_code": None}
        code = f"{area.code}{number:04}"
        more.append({**row, **own, "school_code": code, "school_name": named(f"{row['school_name']}{number}")})
    tables["schools"] = pa.Table.from_pylist(more, schema=tables["schools"].schema)
    return jh.Facts(tables)


def _times(name: str, value: Any, times: int) -> Any:
    kind = TABLES["schools"].column(name).kind
    larger = kind in (Kind.COUNT, Kind.AREA, Kind.MONEY) and value and not name.endswith("_grades")
    return value * times if larger and value * times <= MEASURES[kind].maximum * MEASURES[kind].scale else value


def _filled(area: Area, office: Account, file: str, label: str) -> Known:
    """Fill a county that has a run with everything else that pages are about."""
    scope = scope_of(office, timezone.localdate())
    run = Run.objects.filter(county=area, declarations__official=True).latest("id")
    again = _changed_run(area, scope, run, label)
    known = {"county": area.code, "manual": [*ORDER], "before": run.code, "after": again.code}
    school = School.objects.filter(county=area).order_by("code")[2].code
    digest = file_add(by=scope, county=area, name=file, chunks=[PDF], of=("school", school))[0].digest
    known |= {"code": school, "digest": digest, "number": _job(area, office), "trial": _trial(area, scope, file)}
    known |= _collected(area, scope, school, file) | _registered(area, scope, school, file)
    known |= _visited(area, scope, school) | _statistics(area, scope, Path(file).stem)
    return known | _planned(area, scope, run, file) | campaign(area, scope, school, file)


def _planned(area: Area, scope: Scope, run: Run, file: str) -> Known:
    """Search for a plan on the example's terms, let another search go on, and try what can be tried."""
    name, tables = stretched(Path(file).stem, 80)[:80], terms_at(EXAMPLES / "shili" / "facts")
    told = {row["item"]: row for row in tables["limits"] if not row.get("school_code")}
    codes = {row["school_code"] for row in open_facts(run.snapshot.digest).tables["schools"].to_pylist()}
    tables["limits"] = [*told.values(), *(row for row in tables["limits"] if row.get("school_code") in codes)]
    terms = terms_set(by=scope, county=area, tables=tables, note=stretched("询价以后改", 200)[:200])
    begins = {"base": run, "terms": terms, "begins": dt.date(2026, 1, 15)}
    how = {"seconds": 20, "gap": 100, "points": 5, "alternatives": True}
    plan = plan_begin(by=scope, county=area, name=name, how=how, **begins)
    while jobs.run_next():
        pass
    adoption = _adopted(scope, run, tables, name)
    going = plan_begin(by=scope, county=area, name=name, how=how, **begins)
    Job.objects.filter(id=going.job_id).update(status=Job.Status.RUNNING, done=9, total=20, doing="已有方案，正在证明")
    for at, best in enumerate((9_000_000_00, 7_000_000_00, 6_500_000_00)):
        known = {"attempt": 0, "milliseconds": 3000 * at, "best": best, "bound": 6_000_000_00 + at * 10_000_000}
        Sample.objects.create(county=area, plan=going, **known)
    scenario = scenario_make(by=scope, county=area, name=name, base=run, terms=terms, shared="readers")
    first, second = sorted(codes)[:2]
    edits = (
        jh.Edit("deed", "equipment_value", first, amount=10_000),
        jh.Edit("value", "primary_pupils", second, amount=100),
        jh.Edit("merge", school=first, to_school=second),
    )
    for at, edit in enumerate(edits):
        edit_add(by=scope, scenario=scenario, edit=edit, seen=at)
    return {"plan": plan.number, "plan_going": going.number, "scenario": scenario.number, "adoption": adoption}


def _adopted(scope: Scope, run: Run, tables: dict[str, Any], name: str) -> int:
    """Adopt what is found without any limit, with as long words as there are."""
    terms = terms_set(by=scope, county=run.county, tables={**tables, "limits": [], "distances": []}, note="不设限制")
    how = {"seconds": 60, "gap": 10_000, "points": 0, "alternatives": False}
    begins = {"base": run, "terms": terms, "begins": dt.date(2026, 1, 15)}
    begun = plan_begin(by=scope, county=run.county, name=name, how=how, **begins)
    while jobs.run_next():
        pass
    plan = PlanRun.objects.select_related("county", "base__snapshot", "base__rules").get(id=begun.id)
    said = {"meeting": stretched("旗长办公会", 120)[:120], "document": stretched("示政纪", 120)[:120]}
    reason = stretched("花钱最少，学校来得及", 400)[:400]
    return plan_adopt(by=scope, plan=plan, day=dt.date(2026, 2, 1), reason=reason, **said).number


def _collected(area: Area, scope: Scope, code: str, file: str) -> Known:
    """Let some forms be on their way, one with reasons, and bring in a file that would change some cells."""
    ledger = Ledger.objects.select_related("county", "period").get(county=area, basis="current")
    due_set(by=scope, ledger=ledger, day=dt.date(2026, 10, 15))
    returned, approved = (subject(ledger, "school", one) for one in (code, f"{code[:-1]}{(int(code[-1]) + 1) % 10}"))
    key = ("schools", code, "primary_pupils")
    form_save(by=scope, one=returned, texts=[(key, "1", None)])
    for name in ("submit", "sign", "review", "approve"):
        step_take(by=scope, one=approved, deed=DEEDS[name])
    step_take(by=scope, one=returned, deed=DEEDS["submit"])
    for one in (approved, returned):
        about = {"original": stretched("县档案馆三号柜", 60), "note": stretched("两份原件之一", 60)}
        form_seal(by=scope, one=one, file=scanned.scan(one), formed_on=dt.date(2026, 9, 20), **about)
    entry_prove(by=scope, one=returned, key=key, file=handed_in.named(file, PDF), note=stretched("第三页", 40))
    found = difference_at(scope, ledger.period, key)
    told = {"text": stretched("九月二十日之后新转入的学生", 120), "file": handed_in.named(file, PDF)}
    difference_explain(by=scope, one=found, **told)
    reasons = [{"table": "schools", "row": code, "column": "primary_pupils", "text": stretched("与花名册差三十人", 60)}]
    step_take(by=scope, one=returned, deed=DEEDS["return"], note=stretched("两处要改", 60), reasons=reasons)
    census = ledger.period.ledgers.get(basis="census")
    ledger_lock(by=scope, ledger=census, level="others", note=stretched("统计时点的数已导入并核对", 60))
    form_save(by=scope, one=returned, texts=[(("schools", code, "primary_classes"), "1", None)])
    _arranged(area, ledger)
    reminder_log(by=scope, one=returned, how="telephone", text=stretched("与填报人通话，明天上午交", 120))
    renamed = SchoolAsked("renamed", code, "2026-09-01", other=stretched("更名以后的第一中心寄宿制学校", 60))
    year_draft_save(by=scope, county=area, asked=Asked("2026-09-01", "national-2017", schools=(renamed,)))
    told = {"period": ledger.period.code, "basis": ledger.basis, "kind": "school"}
    told |= {"signed": _looked_into(ledger, scope), "brought": brought(ledger, scope, file)}
    told |= {"brought_late": brought_late(ledger, scope, file)}
    return {**told, "approved": approved.code, "unit": "office"}


def _arranged(area: Area, ledger: Ledger) -> None:
    """Let another unit confirm one of the office's items, on terms as long as terms get."""
    item = item_of(subject(ledger, "unit", "office").fields[0])
    second = Unit.objects.filter(county=area).exclude(code="office").first()
    terms = stretched("含年终绩效", 200)
    arrangement_set(by=None, period=ledger.period, item=item, reviewer=None, second=second, terms=terms)


def _registered(area: Area, scope: Scope, code: str, file: str) -> Known:
    """Write down two people and the posts of a school, one of the people worth a second look; bring in both again."""
    name = stretched("乌云其木格萨仁", 24)
    of = {"employer_code": code, "census_school_code": code, "teaching_school_code": code, "stage": "primary"}
    known = {**of, "duty": "on_duty", "subject": "sports", "lessons": 0, "note": stretched("工作调动情况说明", 60)}
    people = [{**known, "person_code": f"JS-{at}", "person_name": name, "birth_year": 1980} for at in (1, 2)]
    posts = {"school_code": code, "approved": 60000, "filled": 50000, "lost": 900, "hired": 100, "contract": 9000}
    years = [{**posts, "year": year} for year in (2024, 2025)]
    keys = {}
    for register, rows in (("teachers", people), ("staffing", years)):
        table = REGISTERS[register]
        changes = [Change(key_of(table, row), row) for row in rows]
        rows_save(by=scope, county=area, name=register, changes=changes)
        keys[register] = changes[0].key
    again = [{**one, "lessons": 12, "person_code": f"JS-{at}"} for at, one in enumerate(people, 2)]
    more = {"person": keys["teachers"], "post": keys["staffing"], "school_of_people": code}
    brought = {"brought_people": ("teachers", again), "brought_posts": ("staffing", [{**years[0], "approved": 1}])}
    return {**more, **{name: _brought_register(area, scope, file, *one) for name, one in brought.items()}}


def _brought_register(area: Area, scope: Scope, name: str, register: str, rows: list[dict[str, Any]]) -> str:
    """Bring in rows of a register as a workbook that says that it lists everybody."""
    table, known = REGISTERS[register], {"purpose": REGISTER, "register": register, "whole": True}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.xlsx"
        jh.write_table(table, [read_back(table, row) for row in rows], file, EXPLANATION)
        content = file.read_bytes()
    return trials.trial_begin(by=scope, county=area, name=f"{Path(name).stem}.xlsx", chunks=[content], **known).code


def _visited(area: Area, scope: Scope, code: str) -> Known:
    """Let a school be visited, with a correction and a reply, once more without an end, and the county's offices."""
    period = Period.objects.select_related("county").get(county=area)
    school = School.objects.get(county=area, code=code)
    post = Post.objects.filter(area=area, role=Role.INSPECTOR).earliest("id")
    assignment_set(by=scope, county=area, school=school, post=post)
    one, going_on, offices = (_visit(scope, period, post, at) for at in (school, school, None))
    one = visit_finish(by=scope, visit=one, date=one.date, today=timezone.localdate())
    corrected = {"at": ("B28", "moral"), "finding": "none", "reason": stretched("学校今年新建，", 120)}
    finding_correct(by=scope, visit=one, why=stretched("把另一所学校的情况记到了这里", 120), **corrected)
    reply_add(by=scope, visit=one, text=stretched("已按意见整改，请再来看", 200))
    told = {"grade": "poor", "reason": stretched("两所学校没有看完，先按较差定", 120), "today": timezone.localdate()}
    seen = seen_of(ledger_of(period), items_of(period, {"B28"})["B28"])
    grade_confirm(by=scope, period=period, requirement="B28", seen=seen, **told)
    return {"visit": going_on.number, "finished": one.number, "offices": offices.number}


def _visit(scope: Scope, period: Period, post: Post, school: School | None) -> Visit:
    items = items_at(period, "school" if school else "county")
    visit = visit_open(by=scope, period=period, school=school, post=post, date=dt.date(2025, 10, 20), items=items)
    told = {"finding": "failed", "remark": stretched("问题清单没有整改记录", 120), "reason": ""}
    texts = [(key, told[key[2]], None) for key in sorted(keys_of(visit))]
    observations_note(by=scope, visit=visit, texts=texts)
    return visit


def _looked_into(ledger: Ledger, scope: Scope) -> str:
    """Let the last sign of the first school be verified, with as long a note as there is, and return its code."""
    first = next(one for one in cases(scope, ledger) if one.school)
    note = stretched("合同、验收单和账都看过，数没有错", 400)
    sign_verify(by=scope, ledger=ledger, sign=first.signs[-1].sign, note=note)
    return first.school


def _statistics(area: Area, scope: Scope, name: str) -> Known:
    """Save a mapping, and bring in a workbook with its form, one that nobody mapped, and a school nobody knows."""
    title = f"{name}（虚构）"
    content = _forms(area, title)
    told = {"purpose": reading.PURPOSE, "ledger": ["2025", "census"]}
    trial = trials.trial_begin(by=scope, county=area, name=f"{name}.xlsx", chunks=[content], **told)
    known, other = read_grids(trial.file)
    row = mapping_save(by=scope, county=area, form=mapping_from(_mapping(title), title))
    forms_see(by=scope, county=area, file=trial.name, seen=[(other.name, seen(other)), (known.name, seen(known))])
    school = School.objects.filter(county=area).latest("code")
    alias_confirm(by=scope, school=school, name=stretched("曾用名称", 60))
    return {"mapping": row.code, "forms": trial.code}


def _mapping(title: str) -> dict[str, Any]:
    """Return the mapping of the form that `_forms` writes."""
    terms = {"school_code": "A", "school_name": "B", "primary_pupils": "C", "equipment_value": "D"}
    return {
        "form": "虚构基1",
        "name": title,
        "shape": "rows",
        "head": {"rows": "3-4"},
        "begins": "5",
        "anchors": [{"at": "A1", "text": title}],
        "fields": [{"column": column, "terms": [{"at": at}]} for column, at in terms.items()],
    }


def _forms(area: Area, title: str) -> bytes:
    """Return a workbook with two sheets; totals, merged headings, and names that nobody has heard of."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.merge_range("A1:D1", title)
        for at, told in enumerate(("表号：虚构基1", "制表机关：虚构")):
            sheet.write(1, at, told)
        sheet.merge_range("A3:A4", "学校标识码")
        sheet.merge_range("B3:B4", "学校名称")
        sheet.merge_range("C3:D3", "在校生和设备")
        sheet.write_row(3, 2, ["小学在校生", "仪器设备值（元）"])
        rows = list(School.objects.filter(county=area).order_by("code").values_list("code", "name"))
        for at, (code, name) in enumerate([*rows, ("0", stretched("没有听说过的学校", 40))], 4):
            sheet.write_row(at, 0, [code, name, 100 + at, 20000 + at])
        sheet.write_row(len(rows) + 5, 0, ["合计", "", 1, 2])
        other = book.add_worksheet("别的")
        other.write_column(0, 0, [title, "表号：虚构基2", 1, 2, 3])
    return out.getvalue()


def _changed_run(area: Area, scope: Scope, run: Run, label: str) -> Run:
    """Judge the same schools with some of them changed."""
    tables = dict(open_facts(run.snapshot.digest).tables)
    rows = tables["schools"].to_pylist()
    for row in rows[::5]:
        row["equipment_value"] = (row["equipment_value"] or 0) // 2
    tables["schools"] = pa.Table.from_pylist(rows[1:], schema=tables["schools"].schema)
    snapshot = snapshot_keep(by=scope, county=area, facts=jh.Facts(tables), label=label, invented=True)
    return run_make(by=scope, county=area, snapshot=snapshot, standard="national-2017")


def _job(area: Area, office: Account) -> int:
    known = {"status": Job.Status.RUNNING, "done": 30, "total": 120, "doing": "正在核对第 30 所学校"}
    return Job.objects.create(kind="none", county=area, by_account=office.id, **known).id


def _trial(area: Area, scope: Scope, name: str) -> str:
    """Try the county's own schools, some of them with faults."""
    official = Run.objects.filter(county=area, declarations__official=True).latest("id")
    facts = open_facts(official.snapshot.digest)
    with tempfile.TemporaryDirectory() as folder:
        jh.write_csv(facts, Path(folder) / "facts")
        files = {file.name: file.read_bytes() for file in (Path(folder) / "facts").glob("*.csv")}
    content = handed_in.zipped(files).read()
    standard = standard_of(scope, area)
    trial = trials.trial_begin(
        by=scope, county=area, name=f"{Path(name).stem}.zip", chunks=[content], as_of="", standard=standard
    )
    try_now_or_later(trial, by=scope, county=area)
    return trial.code


def urls() -> list[dict[str, Any]]:
    """Return every URL that answers GET: its name, route, and a role that may see it."""
    browser = Client()
    browser.force_login(Account.objects.get(username="office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    every = [one for one in walked.urls(get_resolver()) if not one.route.startswith("api/")]
    asked = [one for one in every if browser.get(one.at(COUNTY)).status_code != TAKES_ONLY_POST]
    return [{"name": one.name, "route": one.route, "role": _opens(one)} for one in asked]


def _opens(one: walked.Url) -> str | None:
    """Return who opens a page: of an area above counties, whoever has a post there."""
    return Role.AREA_VIEWER.value if one.of_an_area else _role(one.permission)


def _role(permission: str | None) -> str | None:
    roles = PERMISSIONS.get(permission or "", frozenset(Role))
    return next((role.value for role in ROLES if role in roles), None)
