"""A plan is adopted: money, tasks and aims come of it, the next version carries on, the page tells plan and actual."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from junheng_web.assessment.models import Responsibility
from junheng_web.duties.models import Desk
from junheng_web.funding.checking import beside, gaps_today
from junheng_web.funding.models import Item
from junheng_web.funding.paying import contract_add
from junheng_web.organisation.models import Area, AuditRow
from junheng_web.planning.adopted import page
from junheng_web.planning.adopting import PARTLY, actions_of, open_after, plan_adopt
from junheng_web.planning.assigning import NOBODY, tasks_again
from junheng_web.planning.models import Adoption, Measure, PlanRun, Terms
from junheng_web.planning.services import terms_set
from junheng_web.rectification.models import Issue, IssueStep
from junheng_web.supervision.models import Place, Status, Task
from places import COUNTY
from test_planning import begun, ended

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/planning/"
SAID = {"meeting": "旗长办公会（虚构）", "document": "示政纪〔2026〕3号", "day": dt.date(2026, 2, 1)}


@pytest.fixture
def plan() -> PlanRun:
    """A search of the demonstration's that has ended."""
    return ended(begun())


def adopt(plan: PlanRun, reason: str = "最省") -> Adoption:
    """Adopt a plan as the office does."""
    return plan_adopt(by=acting("office"), plan=plan, reason=reason, **SAID)


def items() -> list[Item]:
    """Return the items that plans wrote, those in force."""
    return list(Item.objects.filter(origin=Item.Origin.PLAN, dropped="").select_related("line__school"))


def test_the_money_of_a_plan_stands_in_the_ledger(plan: PlanRun) -> None:
    """An item for each action that costs something, together what the plan costs, in the column that pays."""
    one = adopt(plan)
    assert len(items()) == sum(1 for action in actions_of(plan) if action["cost"])
    assert sum(item.amount for item in items()) == Decimal(plan.cost) / 100
    assert all(
        measure.item.line.school.code in measure.key for measure in one.measures.select_related("item__line__school")
    )
    assert AuditRow.objects.filter(action="plan.adopt", object_code=str(plan.number)).count() == 1


def test_every_gap_that_it_closes_is_an_issue_that_says_how(plan: PlanRun) -> None:
    """And the items are tied to them."""
    one = adopt(plan)
    aims = {aim.issue_id for measure in one.measures.all() for aim in measure.aims.all()}
    assert aims
    issues = Issue.objects.filter(id__in=aims)
    assert {issue.origin for issue in issues} == {Issue.Origin.GAP}
    notes = IssueStep.objects.filter(issue__in=issues, deed="plan").values_list("note", flat=True)
    assert all(note.startswith("采用达标方案第 1 版：") for note in notes)
    assert {item.issue_id for item in items() if item.issue_id} <= aims
    assert any(item.issue_id for item in items())


def test_a_gap_that_is_only_narrowed_is_no_aim(plan: PlanRun) -> None:
    """The plan brings a school over the floor: its gap to the threshold is still there, and nothing says otherwise."""
    one = adopt(plan)
    still = open_after(plan)
    narrowed = [item for item in items() if item.key in still]
    assert all(PARTLY in item.remark and item.issue is None for item in narrowed)
    ground = next(item for item in narrowed if item.indicator == "B5")
    closed = {aim.issue.key for measure in one.measures.all() for aim in measure.aims.select_related("issue")}
    assert closed
    assert not closed & still
    funded = next(each for each in beside(items(), gaps_today(one.county)).funded if str(each.gap.key) == ground.key)
    assert funded.left == Decimal(str(funded.gap.size)) - ground.quantity > 0


def _lead_everywhere() -> None:
    for row in Responsibility.objects.filter(county__code=COUNTY).order_by("indicator", "id").distinct():
        known = Responsibility.objects.filter(county=row.county, indicator=row.indicator, lead=True)
        if not known.exists():
            row.lead = True
            row.save()


def test_tasks_wait_for_the_office_at_who_leads(plan: PlanRun) -> None:
    """Nothing goes out by itself (P3); where nobody leads there is no task, until the office sets a lead (P2)."""
    Responsibility.objects.filter(county__code=COUNTY).update(lead=False)
    Desk.objects.filter(county__code=COUNTY).delete()
    one = adopt(plan)
    without = one.measures.filter(task=None)
    assert {measure.note for measure in without} == {NOBODY}
    assert page(one)["without"] == without.count() > 0
    _lead_everywhere()
    assert tasks_again(by=acting("office"), adoption=one) == 0
    tasks = Task.objects.filter(origin=Task.Origin.PLAN)
    assert {task.status for task in tasks} == {Status.PROPOSED}
    assert not one.measures.filter(task=None).exists()
    assert not one.measures.filter(note=NOBODY).exists()
    for task in tasks:
        own = Measure.objects.filter(task=task)
        assert {one.action["item"] for one in own} == {task.origin_key.split(":")[0]}
        assert set(Place.objects.filter(task=task).values_list("school__code", flat=True)) == {
            measure.action["school"] or measure.action["to_school"] for measure in own
        }


def dearer(item: str, price: int) -> Terms:
    """Set one price anew, in fen."""
    last = Terms.objects.filter(county__code=COUNTY).first()
    prices = [row | ({"unit_price": price} if row["item"] == item else {}) for row in last.tables["prices"]]
    county = Area.objects.get(code=COUNTY)
    return terms_set(by=acting("office"), county=county, tables={**last.tables, "prices": prices}, note="涨价")


def test_the_next_version_carries_on(plan: PlanRun) -> None:
    """What both do keeps its item and its task; what is gone is dropped with the reason; a contract keeps its item."""
    _lead_everywhere()
    first = adopt(plan)
    before = {measure.key: measure for measure in first.measures.select_related("item")}
    bound = next(item for item in items() if item.deed == "equipment_value")
    contract_add(
        by=acting("office"), item=bound, number="示合 1", party="示例公司", day=dt.date(2026, 3, 1), amount=bound.amount
    )
    terms = dearer("equipment_value", 90)
    second = adopt(ended(begun(terms=terms)), "设备降价")
    after = {measure.key: measure for measure in second.measures.select_related("item")}
    for key in before.keys() & after.keys():
        assert after[key].item_id == before[key].item_id
    in_force = {item.id for item in items()}
    assert {measure.item_id for measure in after.values() if measure.item_id} <= in_force
    for key in before.keys() - after.keys():
        gone = Item.objects.get(id=before[key].item_id)
        assert gone.dropped.startswith("采用达标方案第 2 版") or gone.id == bound.id
    assert bound.id in in_force
    told = page(second)
    assert told["newest"]
    assert not page(first)["newest"]
    noted = [one for one in after.values() if one.item_id == bound.id and one.note] or told["stays"]
    assert noted, "what the contract keeps is told"
    assert all("合同" in one.note for one in noted)


def test_a_plan_that_is_none_and_one_that_holds_are_refused(plan: PlanRun) -> None:
    """Nothing is written then."""
    adopt(plan)
    with pytest.raises(ValidationError, match="现行的第 1 版"):
        adopt(plan)
    plan.outcome = PlanRun.Outcome.INFEASIBLE
    with pytest.raises(ValidationError, match="没有得到方案"):
        adopt(plan)
    assert Adoption.objects.count() == 1


def test_the_office_adopts_on_a_page(as_, plan: PlanRun) -> None:
    """With the meeting and the reason; the leader reads it, and cannot adopt."""
    office, leader = as_("office"), as_("leader")
    assert f"{HERE}plan/{plan.number}/adopt" in office.get(plan.url).content.decode()
    assert '/adopt"' not in leader.get(plan.url).content.decode()
    short = office.post(f"{HERE}plan/{plan.number}/adopt", {"meeting": "", "day": "2026-02-01", "reason": "省"})
    assert short.status_code == 422
    assert "请写哪次会议定的" in short.content.decode()
    sent = {"meeting": "旗长办公会", "document": "", "day": "2026-02-01", "reason": "最省的一个"}
    assert leader.post(f"{HERE}plan/{plan.number}/adopt", sent).status_code == 403
    assert office.post(f"{HERE}plan/{plan.number}/adopt", sent).status_code == 302
    for reader in (office, leader):
        told = reader.get(f"{HERE}adopted/1/").content.decode()
        assert "最省的一个" in told
        assert "现在审定的" in told
    assert "第 1 版" in leader.get(f"{HERE}adopted/").content.decode()
    assert leader.get(f"{HERE}adopted/9/").status_code == 404


def test_plan_and_actual_stand_side_by_side(plan: PlanRun) -> None:
    """What was when the plan was made, what it makes of it, and what is approved today."""
    told = page(adopt(plan))
    rows = [row for row in told["rows"] if row["label"] == "购置教学仪器设备"]
    assert len(rows) > 2
    for row in rows:
        # One school has not said what it has: it is planned from nothing, and the page does not make a number of that.
        assumed = row["measure"].action["assumed_zero"]
        assert (row["before"] == "—") == assumed
        assert assumed or Decimal(row["after"].replace(",", "")) > Decimal(row["before"].replace(",", ""))
    assert Decimal(told["total"]["planned"].replace(",", "")) == Decimal(plan.cost) / 1_000_000
    assert told["total"]["paid"] == "0"
