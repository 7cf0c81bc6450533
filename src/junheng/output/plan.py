"""A plan as the contract's JSON, with the JSON Schema that it keeps, and as tables for a leader's page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from junheng.engine.display import shown
from junheng.facts.plan_schema import DEEDS, MONEY_COLUMNS, PRICED, ROLES
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, Kind
from junheng.output.answer import as_dict
from junheng.output.json_text import json_text
from junheng.output.told import school_told
from junheng.planner.plan import Action, Plan, priced_terms

SCHEMA = Path(__file__).with_name("plan.schema.json")
PRACTICE = "each school buys what it lacks"
STATUSES = {
    "optimal": "已证明没有更省的",
    "feasible": "时间到，还可能有更省的",
    "infeasible": "在现有限制之内办不到",
    "time_limit": "时间到，还没有找到方案",
}
FEN, WAN = 100, 1_000_000


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `plan_to_json`."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def plan_to_json(plan: Plan, *, indent: bool = True) -> str:
    """Return the plan as JSON text; money is in yuan. Without `indent` it is one line."""
    return json_text(plan_as_dict(plan), indent=indent)


def plan_as_dict(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain values, with the contract's keys."""
    because = plan.infeasible_because
    return {
        "status": plan.status,
        "county": {"code": plan.before.county_code, "name": plan.before.county_name},
        "standard": plan.before.rules.standard.id,
        "as_of": plan.before.as_of.isoformat(),
        "cost": _yuan(plan.cost),
        "lower_bound": _yuan(plan.lower_bound),
        "relative_gap": plan.relative_gap,
        "baseline": {"name": PRACTICE, "cost": _yuan(plan.baseline)},
        "actions": None if plan.cost is None else [_action(one) for one in plan.actions],
        "failing_schools": plan.failing_schools,
        "after": None if plan.after is None else {"schools": _rows(plan.after.tables["schools"])},
        "assessment": None if plan.assessment is None else as_dict(plan.assessment),
        "infeasible_because": None if because is None else [_because(one) for one in because],
        "assumed": [{"school": school, "column": column} for school, column in plan.assumed],
        "worth": [
            {"limit": one.limit, "school": one.school, "message": one.message, "saves": _yuan(one.saves)}
            for one in plan.worth
        ],
        "remaining": list(plan.remaining),
        "unpriced": list(plan.unpriced),
        "prices": priced_terms(plan.case.terms),
    }


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / FEN


def _because(one: Any) -> dict[str, Any]:
    return {"limit": one.limit, "school": one.school, "message": one.message, "relax_by": one.relax_by}


def _action(one: Action) -> dict[str, Any]:
    money = {name: _yuan(getattr(one, name)) for name in ("unit_cost", "fixed_cost", "cost", "one_off", "yearly")}
    return {
        "kind": one.kind,
        "from_school": one.from_school or None,
        "to_school": one.to_school or None,
        "school": one.school or None,
        "stage": one.stage or None,
        "item": one.item,
        "quantity": one.quantity,
        **money,
        "serves": list(one.serves),
        "qualities": list(one.qualities),
        "assumed_zero": one.assumed,
        "latest_start": None if one.latest_start is None else one.latest_start.isoformat(),
    }


def _rows(schools: pa.Table) -> list[dict[str, Any]]:
    """Return the schools in the data dictionary's written units."""
    return [{name: _written(name, value) for name, value in row.items()} for row in schools.to_pylist()]


def _written(name: str, value: Any) -> Any:
    column = SCHOOLS.column(name)
    return value / column.measure.scale if value is not None and column.kind in (Kind.AREA, Kind.MONEY) else value


def print_plan(plan: Plan, console: Console) -> None:
    """Print what it costs and how sure that is, then what is done, school by school, then what limits are worth."""
    console.print(_headline(plan))
    for because in plan.infeasible_because or ():
        console.print(Text(f"  · {because.message}", style="yellow"))
    if plan.actions:
        console.print(_summary(plan))
        console.print(Text("\n各校要办的事", style="bold"))
        for line in school_lines(plan):
            console.print(line)
    for text in _rest(plan):
        console.print(text)


def _headline(plan: Plan) -> Text:
    text = Text(f"{plan.before.county_name or plan.before.county_code or '（未写县名）'}  ", style="bold")
    text.append(f"达标方案（{plan.before.rules.standard.id}，{plan.before.as_of} 的规则）\n", style="not bold")
    text.append(f"{STATUSES[plan.status]}\n", style="green" if plan.status == "optimal" else "yellow")
    if plan.cost is not None and plan.status == "infeasible":
        text.append(f"限额之内最好的方案，经费 {_wan(plan.cost)} 万元", style="bold")
    elif plan.cost is not None:
        text.append(f"经费 {_wan(plan.cost)} 万元", style="bold")
        text.append(_compared(plan), style="not bold")
    if plan.relative_gap is not None and plan.status != "infeasible":
        text.append(
            f"\n任何方案至少要 {_wan(plan.lower_bound or 0)} 万元，差距不超过 {_percent(plan.relative_gap)}",
            style="not bold",
        )
    if plan.failing_schools:
        text.append(f"\n仍有 {plan.failing_schools} 所学校不达标：{_failing(plan)}", style="bold red")
    return text


def _failing(plan: Plan) -> str:
    sections = plan.assessment.sections if plan.assessment else ()
    return "、".join(dict.fromkeys(school_told(one) for one in sections if one.in_sample and one.verdict != "pass"))


def _compared(plan: Plan) -> str:
    if plan.baseline is None:
        return "；各校缺什么买什么的做法达不到"
    saved = plan.baseline - (plan.cost or 0)
    return f"；各校缺什么买什么要 {_wan(plan.baseline)} 万元，{'省' if saved >= 0 else '多'} {_wan(abs(saved))} 万元"


def _wan(fen: int) -> str:
    return shown(fen / WAN, 2)


def _percent(share: float) -> str:
    return f"{shown(share * 100, 2)}%"


def _summary(plan: Plan) -> Table:
    table = Table(
        title="\n办什么",
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("事项")
    for heading in ("数量", "校数", "一次性（万元）", "每年（万元）", "计入（万元）"):
        table.add_column(heading, justify="right")
    table.add_column("出自")
    table.add_column("最迟开始")
    for item in dict.fromkeys(one.item for one in sorted(plan.actions, key=lambda one: list(DEEDS).index(one.item))):
        own = [one for one in plan.actions if one.item == item]
        schools = {one.school or one.to_school for one in own}
        table.add_row(
            DEEDS[item].label,
            f"{sum(one.quantity for one in own):,} {DEEDS[item].unit}",
            str(len(schools)),
            *(_wan(sum(getattr(one, name) for one in own)) for name in ("one_off", "yearly", "cost")),
            MONEY_COLUMNS[DEEDS[item].money],
            _latest(plan, own[0]),
        )
    return table


def _latest(plan: Plan, one: Action) -> Text:
    """Return by when it must begin to count at the next counting date, and whether that day has passed (P23)."""
    day = one.latest_start
    late = day is not None and day < plan.before.as_of
    return Text(f"{day:%Y-%m}{'，已赶不上' if late else ''}" if day else "", style="yellow" if late else "")


def school_lines(plan: Plan) -> Iterator[str]:
    """Yield one line for each school with something to do, in words."""
    names = plan.case.names
    for code, name in names.items():
        own = [one for one in plan.actions if code in (one.school, one.from_school, one.to_school)]
        if own:
            yield f"  {name}：{'；'.join(action_told(one, code, names) for one in own)}"


def action_told(one: Action, school: str, names: Any) -> str:
    """Return what an action means for one of its schools, in words."""
    stage = STAGE_LABELS.get(one.stage, "")
    if one.kind == "transfer":
        roles = "、".join(ROLES[name] for name in one.qualities)
        who = f"{stage}{roles or '其他'}教师 {one.quantity} 人"
        return (
            f"调出{who}到{names[one.to_school]}"
            if school == one.from_school
            else f"从{names[one.from_school]}调入{who}"
        )
    deed = DEEDS[one.item]
    amount = f"{shown(one.quantity / 10_000, 2)} 万元" if deed.unit == "元" else f"{one.quantity:,} {deed.unit}"
    assumed = "（原数未报，按 0 起算）" if one.assumed else ""
    return f"{stage}{deed.label} {amount}{assumed}，{'、'.join(one.serves)}"


def _rest(plan: Plan) -> Iterator[Text]:
    if plan.worth:
        yield Text("\n限制和要求值多少", style="bold")
        yield from (Text(f"  · {one.message}") for one in plan.worth)
    if plan.unpriced:
        yield Text(f"\n价格表没有、因此没有列入的：{'、'.join(PRICED[item] for item in plan.unpriced)}", style="yellow")
    if plan.remaining and plan.assessment is not None:
        answers = plan.assessment.requirements
        told = "；".join(f"{id} {answers[id].reason}" for id in plan.remaining)
        yield Text(f"\n花钱解决不了、要另外办的：{told}", style="yellow")
    sources = list(dict.fromkeys(filter(None, priced_terms(plan.case.terms).values())))
    yield Text(f"\n价格来源：{'；'.join(sources)}", style="dim")
    yield Text("教师的学历、骨干、学科只有各自的人数，谁兼有几项按比例推算；调动以学校教师名册为准。", style="dim")
