"""What changed between two states, why, and by whose entries: form by form, with who signed; and who a trace names."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from collected import PUPILS, SCHOOL, TEACHERS, acting, approve, form_of, ledger_of, take, type_in
from handed_in import workbook
from junheng import api as jh
from junheng_web.assessment import comparing, then
from junheng_web.assessment.live import approved_run
from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_make, snapshot_keep
from junheng_web.assessment.telling import judged
from junheng_web.assessment.tracing import trace
from junheng_web.collection.exchange import importing
from junheng_web.collection.handing.approving import DEEDS, step_take
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.gathering import facts_of
from junheng_web.collection.ledger.moments import Moment, moment_at, moment_named
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.services import owner_set
from junheng_web.collection.ledger.subjects import subject
from junheng_web.collection.ledger.values import Kept
from junheng_web.organisation.models import Unit
from places import COUNTY

pytestmark = pytest.mark.django_db
OTHER = "1506990001"
SPORTS = ("schools", SCHOOL, "sports_ground_area")


def now() -> Moment:
    """Return the ledger's moment now."""
    return moment_at(ledger_of(), timezone.now())


def frozen() -> Run:
    """Judge what is approved."""
    return approved_run(by=acting("office"), ledger=ledger_of())


def compared(before: Run, after: Run) -> dict[str, Any]:
    """Return what the page of two runs shows."""
    county = ledger_of().county
    return comparing.comparison(*(judged(acting("office"), county, one.code) for one in (before, after)))


def cell_of(told: dict[str, Any], label: str) -> dict[str, Any]:
    """Return the one changed cell with a label."""
    (found,) = [row for form in told["whose"]["forms"] for row in form["cells"] if row["label"] == label]
    return found


def test_a_changed_verdict_names_the_cell_and_who_typed_it() -> None:
    """The ground grows, the school passes: old and new value, who entered each, and where the form stands."""
    before = now()
    type_in("clerk-03", SPORTS, "16000")
    told = comparing.between(before, now(), then.LIVE)
    (turned,) = [one for one in told["turned"] if (one["indicator"], one["what"]) == ("B5", "学校指标")]
    assert turned["now"] == "达标"
    (cause,) = turned["why"]
    assert "10281.95 → 16000" in cause["message"]
    assert "韩小满" in cause["by"]
    assert cause["at"] == f"form-school-{SCHOOL}"
    cell = cell_of(told, "运动场地面积")
    assert cell["was_by"]["entry"]["file"] == "示例旗.xlsx（虚构）"
    assert "韩小满" in cell["now_by"]["entry"]["who"]
    assert told["apart"] == "标准没变，变的是数据。"


def test_backwards_it_says_the_same_the_other_way_round() -> None:
    """Old and new change places, and so do those who entered them."""
    before = now()
    type_in("clerk-03", SPORTS, "16000")
    after = now()
    there, back = comparing.between(before, after, then.LIVE), comparing.between(after, before, then.LIVE)
    one, other = (cell_of(told, "运动场地面积") for told in (there, back))
    assert (one["was"], one["now"]) == (other["now"], other["was"])
    assert (one["was_by"], one["now_by"]) == (other["now_by"], other["was_by"])
    assert {(each["place"], each["was"], each["now"]) for each in there["turned"]} == {
        (each["place"], each["now"], each["was"]) for each in back["turned"]
    }


def test_two_runs_name_who_signed_and_approved() -> None:
    """Withdrawn, changed, handed in again: the withdrawal, and the new way from clerk to office."""
    approve()
    before = frozen()
    take("office", "withdraw", note="不可外传的说明")
    type_in("clerk-03", PUPILS, "1880")
    approve()
    told = compared(before, frozen())
    (form,) = told["whose"]["forms"]
    assert [step["label"] for step in form["steps"]] == ["撤销审定", "提交", "签字", "审核通过", "审定"]
    assert ["韩小满" in step["who"] for step in form["steps"]] == [False, True, False, False, False]
    assert "不可外传的说明" not in str(told)
    cell = cell_of(told, "小学在校生数")
    assert (cell["was"], cell["now"]) == ("1890", "1880")


def test_what_was_returned_on_the_way_is_not_told(as_) -> None:
    """Comments that came with a return are working papers: assessors read the page, and not them."""
    approve()
    before = frozen()
    take("office", "withdraw", note="再核")
    take("clerk-03", "submit")
    take("head-03", "return", note="不可外传的说明")
    type_in("clerk-03", PUPILS, "1880")
    approve()
    url = f"/c/{COUNTY}/runs/{before.code}/against/{frozen().code}/"
    page = as_("assessor").get(url).content.decode()
    assert "不可外传的说明" not in page
    assert "退回" not in page
    assert "审定：陈乐平" in page


def test_a_number_that_came_by_approval_alone_says_so() -> None:
    """Nobody entered anything in between: it was there, and its form was approved."""
    approve()
    before = frozen()
    office = acting("office")
    other = subject(ledger_of(), "school", OTHER)
    for deed in ("submit", "sign", "review", "approve"):
        step_take(by=office, one=other, deed=DEEDS[deed], note="纸件")
    told = compared(before, frozen())
    (form,) = told["whose"]["forms"]
    cell = next(row for row in form["cells"] if row["label"] == "小学在校生数")
    assert (cell["was"], cell["was_by"]) == (None, {"said": "填了，那时没有审定"})
    assert cell["now_by"]["entry"]["file"] == "示例旗.xlsx（虚构）"
    assert [step["label"] for step in form["steps"]] == ["提交", "签字", "审核通过", "审定"]


def test_an_item_of_the_county_is_its_unit_s_word() -> None:
    """Grouped under the unit that owned it at the time."""
    finance = Unit.objects.get(county__code=COUNTY, code="fin")
    owner_set(by=acting("office"), period=ledger_of().period, item="special_operating_fund", unit=finance)
    before = now()
    one = subject(ledger_of(), "unit", "fin")
    form_save(by=acting("fin-staff"), one=one, texts=[(("county", "special_operating_fund", "value"), "600000", None)])
    told = comparing.between(before, now(), then.LIVE)
    (form,) = told["whose"]["forms"]
    assert (form["name"], form["anchor"]) == (finance.name, "form-unit-fin")
    assert "郝建业" in form["cells"][0]["now_by"]["entry"]["who"]
    (turned,) = [each for each in told["turned"] if each["indicator"] == "B14"]
    assert turned["why"][0]["at"] == "form-unit-fin"


def test_behind_an_upload_nobody_s_entry_stands() -> None:
    """One side was uploaded: that is said, and the other side still names who entered it."""
    approve()
    official = Run.objects.get(county__code=COUNTY, snapshot__ledger=None)
    told = compared(official, frozen())
    assert told["whose"]["uploaded"]
    cells = [row for form in told["whose"]["forms"] for row in form["cells"]]
    assert {row["was_by"].get("said") for row in cells} == {"上传的数据，没有逐格记录"}


def test_the_numbers_stayed_and_the_rules_changed(as_) -> None:
    """The same facts by the rules of another day: no number changed, and no form is named."""
    run = Run.objects.select_related("county", "snapshot").get(county__code=COUNTY)
    day = dt.date(2021, 9, 1)
    earlier = run_make(by=None, county=run.county, snapshot=run.snapshot, standard="national-2017", as_of=day)
    told = compared(earlier, run)
    assert told["apart"] == "数没变，标准变了。"
    assert told["whose"]["forms"] == []
    assert any(cause["rule"] for one in told["turned"] for cause in one["why"])
    assert (
        "数没变，标准变了"
        in as_("assessor").get(f"/c/{COUNTY}/runs/{earlier.code}/against/{run.code}/").content.decode()
    )


def test_both_changed_is_told_apart() -> None:
    """Another day's rules and another number."""
    run = Run.objects.select_related("county", "snapshot").get(county__code=COUNTY)
    type_in("clerk-03", PUPILS, "1880")
    snapshot = snapshot_keep(by=None, county=run.county, facts=facts_of(ledger_of()), label="另一份")
    day = dt.date(2021, 9, 1)
    earlier = run_make(by=None, county=run.county, snapshot=snapshot, standard="national-2017", as_of=day)
    assert compared(earlier, run)["apart"].startswith("数据和标准都变了")


def test_runs_of_two_engines_still_say_which_numbers_changed() -> None:
    """The causes of each change are not known then, but whose numbers are others is."""
    approve()
    before = frozen()
    take("office", "withdraw", note="再核")
    type_in("clerk-03", PUPILS, "1880")
    approve()
    after = frozen()
    Run.objects.filter(id=before.id).update(engine=1)
    told = compared(before, after)
    assert told["otherwise"]
    assert "韩小满" in cell_of(told, "小学在校生数")["now_by"]["entry"]["who"]
    assert told["apart"].startswith("数据和标准都变了")


def test_a_list_names_who_handed_it_in_last() -> None:
    """Rows of a list are told together; whoever changed the list last is named."""
    before = now()
    change = Change(("classes", f"{SCHOOL}|0001", "pupils"), Kept(reported=True, integer=44))
    cells_save(by=acting("head-03"), ledger=ledger_of(), changes=[change])
    told = comparing.between(before, now(), then.LIVE)
    (form,) = told["whose"]["forms"]
    assert "罗思齐" in form["cells"][0]["now_by"]["entry"]["who"]


def imported(ledger: Ledger) -> None:
    """Bring in the example's workbook with one number changed, as the office does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "示例旗.xlsx"
        file.write_bytes(workbook().read())
        facts = jh.load(file)
        importing.plan_apply(
            by=acting("office"),
            ledger=ledger,
            made=importing.plan(acting("office"), ledger, facts),
            file=file,
            name="报表.xlsx",
        )


def test_an_imported_cell_leads_to_its_file(as_) -> None:
    """File, sheet, row and column stand in the trace; the file is a click away for the office, and for nobody else."""
    type_in("clerk-03", TEACHERS, "1")
    type_in("clerk-03", PUPILS, "1")
    imported(ledger_of())
    approve()
    run = frozen()
    told = trace(judged(acting("office"), run.county, run.code), "B1", SCHOOL, "primary")["trace"]
    (pupils,) = [one["whose"] for one in told["inputs"] if one["column"] == "primary_pupils"]
    assert pupils["file"] == "报表.xlsx"
    assert "行，" in pupils["place"]
    url = f"/c/{COUNTY}/trace/B1/?school={SCHOOL}&stage=primary&run={run.code}"
    file = f"/c/{COUNTY}/files/{pupils['digest']}/"
    assert f'href="{file}"' in as_("office").get(url).content.decode()
    assert as_("office").get(file).status_code == 200
    seen = as_("assessor").get(url).content.decode()
    assert "报表.xlsx" in seen
    assert file not in seen
    assert as_("assessor").get(file).status_code == 404


def test_a_trace_of_the_county_names_the_unit_s_people() -> None:
    """An item: who entered it, and who signed the unit's form."""
    office = acting("office")
    one = subject(ledger_of(), "unit", "office")
    form_save(by=office, one=one, texts=[(("county", "special_operating_fund", "value"), "600000", None)])
    for deed in ("submit", "sign", "review", "approve"):
        step_take(by=office, one=one, deed=DEEDS[deed], note="纸件")
    run = frozen()
    page = trace(judged(office, run.county, run.code), "B14", "", "")
    inputs = [cell for part in page["trace"]["parts"] for cell in part["inputs"]]
    assert {cell["column"]: "陈乐平" in cell["whose"]["who"] for cell in inputs} == {
        "special_operating_fund": True,
        "special_pupils": False,
    }
    (form,) = page["approved_by"]
    assert [label for label, _ in form["steps"]] == ["提交", "签字", "审核通过", "审定"]


@pytest.mark.parametrize(("table", "id"), [("classes", "B12"), ("rooms", "B10")])
def test_a_trace_of_a_list_names_who_filled_it_in(table: str, id: str) -> None:
    """A class or a room: who changed the school's list last."""
    column = {"classes": "pupils", "rooms": "area"}[table]
    change = Change((table, f"{SCHOOL}|0001", column), Kept(reported=True, integer=46))
    cells_save(by=acting("head-03"), ledger=ledger_of(), changes=[change])
    approve()
    run = frozen()
    page = trace(judged(acting("office"), run.county, run.code), id, SCHOOL, "")
    rows = [row for part in page["trace"]["parts"] for row in part["rows"] if row["school_code"] == SCHOOL]
    assert rows
    assert all("罗思齐" in row["whose"]["who"] for row in rows)


def test_a_grade_names_who_entered_it(as_) -> None:
    """What judges said of a school came with a file; the trace says which."""
    approve()
    run = frozen()
    page = trace(judged(acting("office"), run.county, run.code), "B28", SCHOOL, "")
    (grade,) = [one for one in page["grades"] if one["school_code"] == SCHOOL]
    assert grade["whose"]["file"] == "示例旗.xlsx（虚构）"
    url = f"/c/{COUNTY}/trace/B28/?school={SCHOOL}&run={run.code}"
    assert "示例旗.xlsx（虚构）" in as_("assessor").get(url).content.decode()


def test_the_page_between_two_days(as_) -> None:
    """Leads from one day to another, in whichever order they are given, and says what is wrong with a day."""
    office, url = as_("office"), f"/c/{COUNTY}/between/2025/current/"
    first = timezone.localtime(now().at).isoformat()
    type_in("clerk-03", PUPILS, "1880")
    page = office.get(url, {"from": first}).content.decode()
    assert "1890" in page
    assert "韩小满" in page
    assert office.get(url, {"from": "", "to": first}).content.decode().count("韩小满") == page.count("韩小满")
    assert office.get(url, {"from": "2025-02-31"}).status_code == 422
    assert "结果没有变化" in office.get(url, {"from": "2", "to": "2"}).content.decode()
    assert moment_named(ledger_of(), "2", timezone.now()).sequence == 2
    assert form_of().code == SCHOOL
