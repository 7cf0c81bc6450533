"""Searches for a plan from the form to the result: terms, progress, stopping, what is kept, who sees it."""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from collected import acting
from handed_in import named
from junheng import api as jh
from junheng_web.assessment.selectors import latest_run
from junheng_web.config.backups import lost
from junheng_web.notices.models import Notice
from junheng_web.organisation import jobs
from junheng_web.organisation.models import Area, AuditRow, Job
from junheng_web.planning import bundles, telling
from junheng_web.planning.models import PlanRun, Sample, Terms
from junheng_web.planning.services import plan_begin, terms_set
from junheng_web.planning.terms import INVENTED, terms_in, workbook
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/planning/"
HOW = {"seconds": 120, "gap": 100, "points": 0, "alternatives": False}


def begun(**how: object) -> PlanRun:
    """Begin a search of the demonstration's, from its official run and its terms."""
    scope, county = acting("office"), Area.objects.get(code=COUNTY)
    terms = how.pop("terms", None) or Terms.objects.of(county).first()
    told = {"base": latest_run(scope, county), "terms": terms, "begins": dt.date(2026, 1, 15)}
    return plan_begin(by=scope, county=county, name="示例方案", **told, how={**HOW, **how})


def ended(plan: PlanRun) -> PlanRun:
    """Let a worker do what waits."""
    assert jobs.run_next()
    return PlanRun.objects.select_related("county", "job", "base__snapshot", "base__rules", "terms").get(id=plan.id)


def form_of(page: str) -> dict[str, str]:
    """Return what a page's form of terms would send as it stands."""
    import lxml.html

    form = next(one for one in lxml.html.fromstring(page).forms if one.method == "POST" and "note" in one.fields)
    return {name: value or "" for name, value in form.form_values()}


def in_order(tables: dict[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    """Return tables whatever the order of their rows and keys."""
    return {name: sorted(json.dumps(row, sort_keys=True) for row in rows) for name, rows in tables.items()}


# --- terms


def test_the_form_shows_what_holds_and_keeps_it(as_) -> None:
    """Sent as it stands it changes nothing: no new version."""
    page = as_("office").get(f"{HERE}terms").content.decode()
    before = Terms.objects.get(county__code=COUNTY)
    sent = form_of(page)
    assert sent["price-hire-yearly_price"] == "92000"
    assert sent["price-hire-source"] == "虚构价格"
    assert "虚构的，仅供演示" in page
    answer = as_("office").post(f"{HERE}terms", sent)
    assert answer.status_code == 302
    assert Terms.objects.get(county__code=COUNTY).tables == before.tables


def test_a_changed_price_is_a_new_version(as_) -> None:
    """With who, when and why; the version before stays."""
    sent = form_of(as_("office").get(f"{HERE}terms").content.decode())
    sent |= {"price-hire-unit_price": "3500.50", "limit-hires-at_most": "30", "note": "询价以后改"}
    sent |= {"own-3-item": "land", "own-3-school_code": "1506990001", "own-3-at_most": "80", "own-3-note": "踏勘"}
    assert as_("office").post(f"{HERE}terms", sent).status_code == 302
    new, old = Terms.objects.filter(county__code=COUNTY)
    prices = {row["item"]: row for row in new.tables["prices"]}
    assert prices["hire"]["unit_price"] == 350_050
    assert {row["item"]: row for row in old.tables["prices"]}["hire"]["unit_price"] == 300_000
    limits = [row for row in new.tables["limits"] if row["item"] in ("hires", "land")]
    assert {"item": "land", "school_code": "1506990001", "at_most": 8000, "note": "踏勘"} in limits
    assert next(row for row in limits if row["item"] == "hires")["at_most"] == 3000
    assert new.tables["distances"] == old.tables["distances"]
    assert (new.number, new.note, new.by_name) == (2, "询价以后改", str(acting("office").account))
    assert AuditRow.objects.filter(action="terms.set", object_code="2").count() == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"price-hire-source": ""}, "没有写价格来源"),
        ({"price-hire-unit_price": "多"}, "请填数字"),
        ({"limit-season-at_least": "10", "limit-season-at_most": "4"}, "在末一个月之后"),
        ({"own-0-item": "land", "own-0-school_code": "0"}, "请在列出的里面选"),
    ],
)
def test_what_the_planner_refuses_is_refused_at_its_cell(as_, wrong: dict[str, str], told: str) -> None:
    """Nothing is saved, and all that was typed stands there still."""
    sent = form_of(as_("office").get(f"{HERE}terms").content.decode()) | {"price-backbone-source": "刚写的"} | wrong
    answer = as_("office").post(f"{HERE}terms", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "刚写的" in page
    assert Terms.objects.filter(county__code=COUNTY).count() == 1


def test_the_workbook_read_back_is_the_terms(as_) -> None:
    """Out and in again: the same rows; handed in, they are the next version only where something differs."""
    tables = Terms.objects.get(county__code=COUNTY).tables
    content = workbook(tables)
    read = terms_in(content, ".xlsx")
    assert in_order(read) == in_order(tables)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["价格"]
    sheet.cell(2, 2).value = 4000
    out = io.BytesIO()
    book.save(out)
    answer = as_("office").post(f"{HERE}terms/import", {"file": named("价格.xlsx", out.getvalue())})
    assert answer.status_code == 302, answer.content.decode()
    new = Terms.objects.filter(county__code=COUNTY).first()
    assert (new.number, new.tables["prices"][0]["unit_price"]) == (2, 400_000)


def test_a_wrong_workbook_says_where(as_) -> None:
    """A price without a source, a limit on a school that is not there: each with its row."""
    tables = json.loads(json.dumps(Terms.objects.get(county__code=COUNTY).tables))
    del tables["prices"][0]["source"]
    tables["limits"].append({"item": "land", "school_code": "999", "at_most": 100})
    answer = as_("office").post(f"{HERE}terms/import", {"file": named("价格.xlsx", workbook(tables))})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "没有写价格来源" in page
    assert "学校表里没有这个代码" in page
    assert Terms.objects.filter(county__code=COUNTY).count() == 1


def test_without_prices_no_search_begins() -> None:
    """Nobody waits for one that cannot be made."""
    empty = Terms.objects.create(county=Area.objects.get(code=COUNTY), number=9, tables={"prices": []})
    with pytest.raises(ValidationError, match="还没有价格"):
        begun(terms=empty)
    assert not PlanRun.objects.exists()


# --- a search


def test_a_search_from_the_form_to_the_page(as_) -> None:
    """Begun, done by a worker, told to who began it, shown with proof; what is downloaded is what was stored."""
    office = as_("office")
    page = office.get(f"{HERE}add").content.decode()
    assert "虚构价格，仅供演示" in page
    base = latest_run(acting("office"), Area.objects.get(code=COUNTY)).code
    sent = {"name": "示例方案", "base": base, "begins": "2026-01-15", "seconds": 120, "gap": 100, "points": 5}
    answer = office.post(f"{HERE}add", {**sent, "alternatives": "on"})
    assert answer.status_code == 302
    waiting = office.get(answer.url).content.decode()
    assert "排队" in waiting
    plan = ended(PlanRun.objects.get())
    assert plan.outcome == "optimal"
    assert Sample.objects.filter(plan=plan).count() > 1
    found = office.get(plan.url).content.decode()
    for told in (
        "已证明",
        telling.wan(plan.cost),
        "往哪里去",
        "限制和要求值多少",
        "另一种办法",
        "几所学校达标",
        "教师交流名额",
    ):
        assert told in found, told
    assert Notice.objects.filter(url=plan.url, account=acting("office").account).count() == 1
    told = zipfile.ZipFile(io.BytesIO(office.get(f"{plan.url}proof").content))
    assert json.loads(told.read("plan.json"))["status"] == "optimal"
    assert json.loads(told.read("run.json"))["snapshot"] == plan.base.snapshot.digest
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{plan.url}workbook").content))
    assert len(book.sheetnames) >= 3
    assert list(lost()) == []


def test_the_proof_can_be_judged_again(as_) -> None:
    """From the files of the zip alone: the same plan is found, within the gap, by the same core."""
    plan = ended(begun())
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(bundles.whole(plan))).extractall(folder)
        again = jh.plan(jh.load(Path(folder) / "facts"), today=plan.begins, explain=False)
    assert abs(again.cost - plan.cost) <= plan.cost * 2e-4
    assert again.assessment.resources == "pass"


def test_by_when_it_must_begin(as_) -> None:
    """Each thing's latest start, what comes too late, and the verdict of what is in time."""
    plan = ended(begun())
    page = as_("leader").get(f"{plan.url}calendar").content.decode()
    found = bundles.told_of(plan.digest)
    assert found["in_time"]["day"] == "2026-09-01"
    assert "2026-09-01" in page
    assert "赶不上" in page
    for one in found["in_time"]["schools"]:
        assert one in page


def test_what_cannot_be_says_what_to_relax(as_) -> None:
    """In plain words, with the limit and by how much."""
    tables = json.loads(json.dumps(Terms.objects.get(county__code=COUNTY).tables))
    tables["limits"].append({"item": "budget", "at_most": 10_000_00})
    county = Area.objects.get(code=COUNTY)
    plan = ended(begun(terms=terms_set(by=acting("office"), county=county, tables=tables)))
    assert plan.outcome == "infeasible"
    page = as_("office").get(plan.url).content.decode()
    assert "为什么办不到" in page
    assert "放宽" in page
    assert as_("office").get(f"{plan.url}calendar").status_code == 200
    assert "这次求解没有得到方案" in as_("office").get(f"{plan.url}rotation/").content.decode()


def test_one_that_waits_is_stopped_at_once(as_) -> None:
    """There is nothing to keep, and the page says so."""
    plan = begun()
    assert as_("office").post(f"{plan.url}stop").status_code == 302
    page = as_("office").get(plan.url).content.decode()
    assert "停下时还没有找到方案" in page


def test_a_result_is_never_searched_for_again() -> None:
    """A worker that was killed between storing and ending leaves a result; the next one finds it there."""
    plan = ended(begun())
    Job.objects.filter(id=plan.job_id).update(
        status="running", lease_until=timezone.now() - dt.timedelta(1), attempts=1
    )
    before = Sample.objects.filter(plan=plan).count()
    again = ended(plan)
    assert (again.digest, again.ended_at, again.job.status) == (plan.digest, plan.ended_at, "done")
    assert Sample.objects.filter(plan=plan).count() == before


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"status": "running", "lease_until": "past", "attempts": 1}, "没有回音"),
        ({"status": "running", "lease_until": "next", "attempts": 2}, "中断过，正在从头再算（第 2 次）"),
        ({"status": "waiting", "attempts": 0}, "排队"),
        ({"status": "interrupted", "attempts": 3, "error": "几次都中断了"}, "几次都中断了"),
        ({"status": "failed", "attempts": 1, "error": "没有价格"}, "没有价格"),
    ],
)
def test_the_page_says_how_a_search_stands(as_, known: dict[str, object], told: str) -> None:
    """Also where its worker is gone."""
    plan = begun()
    when = {"past": -1, "next": 1}.get(str(known.get("lease_until")), 0)
    if when:
        known = {**known, "lease_until": timezone.now() + dt.timedelta(minutes=when)}
    ends = {"ended_at": timezone.now()} if known["status"] in ("interrupted", "failed") else {}
    Job.objects.filter(id=plan.job_id).update(**known, **ends)
    assert told in as_("office").get(plan.url).content.decode()


def test_progress_is_asked_for_and_ends(as_) -> None:
    """While it goes, the part alone; when it has ended, the page is to be read anew."""
    plan, office = begun(), as_("office")
    assert "排队" in office.get(plan.url, headers={"HX-Request": "true"}).content.decode()
    ended(plan)
    assert office.get(plan.url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_who_sees_and_who_makes(as_) -> None:
    """The leader sees results and makes none; units, schools and assessors see nothing."""
    plan = begun()
    assert as_("leader").get(plan.url).status_code == 200
    assert as_("leader").get(f"{HERE}add").status_code == 403
    assert as_("leader").post(f"{plan.url}stop").status_code == 403
    for name in ("fin-staff", "head-03", "assessor", "auditor"):
        assert as_(name).get(plan.url).status_code == 403


def test_invented_prices_say_so() -> None:
    """The demonstration's terms are known as invented by what stands in them."""
    tables = Terms.objects.get(county__code=COUNTY).tables
    assert INVENTED in tables["prices"][0]["source"]
    assert telling.terms_told(Terms.objects.get(county__code=COUNTY))["invented"]
