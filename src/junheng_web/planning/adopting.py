"""A plan is adopted: money in the funding ledger, tasks for who answers, and what the issues are to reach by it.

The next version carries on: what both plans do keeps its item and its task, what is new is added, what is gone is
dropped with the reason; what a contract binds already stays, and the page says so. Nothing is sent out here (P3): the
tasks wait for the office.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.facts.plan_schema import DEEDS
from junheng_web.collection.models import Period
from junheng_web.funding.models import Item
from junheng_web.funding.services import item_add, item_drop, item_edit
from junheng_web.organisation import audit
from junheng_web.organisation.models import School
from junheng_web.organisation.scopes import Scope
from junheng_web.planning import bundles
from junheng_web.planning.assigning import tasks_propose
from junheng_web.planning.models import Adoption, Aim, Measure, PlanRun
from junheng_web.planning.services import next_number
from junheng_web.rectification.gaps import BELOW, SPREAD, THRESHOLD, Gap, Key, gaps_of
from junheng_web.rectification.models import Issue
from junheng_web.rectification.services import issue_note, issues_raise_of
from junheng_web.rectification.standings import standing_of

Action = dict[str, Any]
PARTLY = "方案只补到达标所需，办完缺口还在"
ADOPTABLE = (PlanRun.Outcome.OPTIMAL, PlanRun.Outcome.FEASIBLE)


@transaction.atomic
def plan_adopt(*, by: Scope, plan: PlanRun, meeting: str, document: str, day: dt.date, reason: str) -> Adoption:
    """Adopt a plan as its county's next version, and write the items, tasks and aims that come of it.

    Raises ValidationError where the search found no plan, or the one that holds is this one.
    """
    if plan.outcome not in ADOPTABLE:
        raise ValidationError("这次求解没有得到方案，不能采用")
    number = next_number(Adoption, plan.county)
    last = Adoption.objects.of(plan.county).first()
    if last is not None and last.plan_id == plan.id:
        raise ValidationError(f"这个方案就是现行的{last}，不用再采用一次")
    told = {"meeting": meeting, "document": document, "day": day, "reason": reason, **audit.signed(by)}
    one = Adoption.objects.create(county=plan.county, number=number, plan=plan, **told)
    measures = _measures(one, last)
    _aims(by, one, measures)
    _items(by, one, measures, last)
    tasks_propose(by=by, adoption=one, measures=measures)
    audit.record("plan.adopt", by=by, county=one.county, of=("plan", str(plan.number)), version=number, meeting=meeting)
    return one


def actions_of(plan: PlanRun) -> list[Action]:
    """Return the actions of a plan as its bundle tells them, none where none was found; money in yuan."""
    actions: list[Action] = json.loads(bundles.part(plan, bundles.PLAN))["actions"] or []
    return actions


def place_of(action: Action) -> str:
    """Return the code of the school that an action changes; of a transfer, the one that gets somebody."""
    return action["school"] or action["to_school"] or ""


def key_of(action: Action) -> str:
    """Return the name under which the next plan's same action is known: what, where, from where, who; not how much."""
    parts = [action["from_school"] or "", *sorted(action["qualities"])]
    rest = hashlib.sha256(":".join(parts).encode()).hexdigest()[:12]
    return ":".join((action["item"], action["stage"] or "", place_of(action)[:60], rest))


def label_of(action: Action) -> str:
    """Return what is done, in words."""
    return DEEDS[action["item"]].label


def _measures(one: Adoption, last: Adoption | None) -> list[Measure]:
    """Write the plan's actions down; one that the version before had has that one's money and task to begin with."""
    before = {each.key: each for each in last.measures.select_related("item", "task")} if last else {}
    found = []
    for action in actions_of(one.plan):
        key = key_of(action)
        known = before.get(key)
        carried = {"item": known.item, "task": known.task} if known else {}
        found.append(Measure.objects.create(county=one.county, adoption=one, key=key, action=action, **carried))
    return found


# --- aims -------------------------------------------------------------------------------------------------------------


def _aims(by: Scope, one: Adoption, measures: list[Measure]) -> None:
    """Raise the issues of the gaps that the plan closes, and say at each by what it is to be closed.

    A plan may bring a school over the floor and leave it below the threshold: that gap stands, and is no aim.
    """
    issues = _issues(by, one, measures)
    for measure in measures:
        own = [issues[str(gap)] for gap in _served(measure.action, issues)]
        Aim.objects.bulk_create(Aim(county=one.county, measure=measure, issue=issue) for issue in own)
        for issue in own:
            issue_note(by=by, issue=issue, note=f"采用达标方案{one}：{told(measure.action)}")


def _issues(by: Scope, one: Adoption, measures: list[Measure]) -> dict[str, Issue]:
    """Return the issues of the gaps that the plan serves, by the gap's key."""
    period = Period.objects.of(one.county).filter(counting_date=one.plan.base.as_of).first()
    if period is None:
        return {}
    gaps = {key: gap for key, gap in _gaps(one.plan).items() if key not in open_after(one.plan)}
    served = [gaps[key] for key in dict.fromkeys(key for each in measures for key in _served(each.action, gaps))]
    issues_raise_of(by=by, period=period, gaps=served)
    open_ones = Issue.objects.of(one.county).filter(origin=Issue.Origin.GAP, key__in=[str(gap.key) for gap in served])
    known = open_ones.exclude(state=Issue.State.DROPPED).select_related("county", "school", "unit", "desk", "period")
    return {issue.key: issue for issue in known}


def _gaps(plan: PlanRun) -> dict[str, Gap]:
    """Return the gaps of the answer from which a plan was searched for, by their keys."""
    return {str(gap.key): gap for gap in gaps_of(standing_of(plan.base))}


def open_after(plan: PlanRun) -> set[str]:
    """Return the keys of what is below a threshold, or over a limit, when a plan is done, as the engine has judged it.

    What a requirement lacks at a school is not among them: its rooms are bought whole or not at all.
    """
    answer = json.loads(bundles.part(plan, bundles.PLAN))["assessment"]
    sections = {
        str(Key(one["school_code"], one["stage"], id, THRESHOLD))
        for one in answer["sections"]
        for id, cell in one["indicators"].items()
        if cell["status"] in BELOW
    }
    spreads = {
        str(Key("", stage, id, SPREAD))
        for stage, whole in answer["stages"].items()
        for id, one in whole["indicators"].items()
        if one["status"] == "fail"
    }
    return sections | spreads


def _served(action: Action, keys: Iterable[str]) -> list[str]:
    """Return those keys of gaps that an action serves: of its school or of the whole stage, of its indicators."""
    places = {place_of(action), ""}
    found = []
    for key in keys:
        school, stage, indicator, _ = key.split(":")
        staged = not action["stage"] or stage in {action["stage"], ""}
        if school in places and staged and indicator in action["serves"]:
            found.append(key)
    return found


# --- money ------------------------------------------------------------------------------------------------------------


def yuan(action: Action) -> Decimal:
    """Return what an action costs, as the plan counts it, in yuan."""
    return Decimal(str(action["cost"])).quantize(Decimal("0.01"))


def told(action: Action) -> str:
    """Return an action in a line: what, how much, from when at the latest."""
    start = f"，最迟 {action['latest_start']} 开始" if action["latest_start"] else ""
    late = "（赶不上下一个统计时点）" if action["too_late"] else ""
    return f"{label_of(action)} {_amount(action)}{start}{late}"


def _amount(action: Action) -> str:
    unit = DEEDS[action["item"]].unit
    return (
        f"{action['quantity']:,} {unit}" if isinstance(action["quantity"], int) else f"{action['quantity']:,.2f} {unit}"
    )


def _items(by: Scope, one: Adoption, measures: list[Measure], last: Adoption | None) -> None:
    """Bring the funding ledger to what the plan says; what cannot be changed any more stays, with why."""
    schools = {school.code: school for school in School.objects.of(one.county)}
    left = _left(one.plan)
    for measure in measures:
        if yuan(measure.action) > 0 and place_of(measure.action) in schools:
            _item(by, one, measure, schools[place_of(measure.action)], left)
    kept = {measure.item_id for measure in measures}
    gone = last.measures.exclude(item=None).exclude(item__in=kept).select_related("item") if last else ()
    for measure in gone:
        _dropped(by, one, measure)


def _left(plan: PlanRun) -> list[str]:
    """Return the keys of the gaps that stand before a plan and still stand when it is done."""
    still = open_after(plan)
    return [key for key in _gaps(plan) if key in still]


def _item(by: Scope, one: Adoption, measure: Measure, school: School, left: list[str]) -> None:
    fields = _fields(measure, left)
    known = measure.item
    if known is not None and not known.dropped:
        try:
            item_edit(by=by, item=known, why=f"采用达标方案{one}：{one.reason}", **fields)
        except ValidationError as why:
            measure.note = "；".join(why.messages)[:400]
    else:
        named = {"origin": Item.Origin.PLAN, "origin_key": f"{one.number}:{measure.key}"[:120]}
        measure.item = item_add(by=by, county=one.county, school=school, **named, **fields)
    measure.save(update_fields=["item", "note"])


def _fields(measure: Measure, left: list[str]) -> dict[str, Any]:
    """Return what the item of a measure says: the issue that it closes, or else a gap that it does not close alone."""
    action = measure.action
    deed = DEEDS[action["item"]]
    aim = measure.aims.select_related("issue__period", "issue__school").first()
    yearly = Decimal(str(action["yearly"]))
    partly = [] if aim else _served(action, left)
    return {
        "column": deed.money,
        "name": deed.label,
        "deed": deed.item,
        "quantity": Decimal(str(action["quantity"])),
        "amount": yuan(action),
        **_aimed(aim, partly),
        "remark": "；".join(filter(None, (f"其中每年 {yearly:,.2f} 元" if yearly else "", PARTLY if partly else ""))),
    }


def _aimed(aim: Aim | None, partly: list[str]) -> dict[str, Any]:
    if aim is None:
        return {"issue": None, "key": partly[0] if partly else ""}
    return {"issue": aim.issue, "key": aim.issue.key, "period": aim.issue.period}


def _dropped(by: Scope, one: Adoption, measure: Measure) -> None:
    """Drop an item that the new plan does without; one with a contract stays and is told on the page."""
    if measure.item is None or measure.item.dropped:
        return
    try:
        item_drop(by=by, item=measure.item, why=f"采用达标方案{one}，不再办这一项：{one.reason}"[:400])
    except ValidationError as why:
        Measure.objects.filter(id=measure.id).update(note=f"{one}不再办，{'；'.join(why.messages)}"[:400])
