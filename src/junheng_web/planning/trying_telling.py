"""What the sandbox shows: the edits, what they come to beside what stands, and scenarios side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from junheng import api as jh
from junheng.facts.plan_schema import DEEDS, PRICED, ROLES
from junheng.facts.schema import MEASURES, SCHOOLS, STAGE_LABELS
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import rules_of
from junheng_web.assessment.telling import NONE, Judged, school_name, word
from junheng_web.common.templatetags.components import STATUSES
from junheng_web.planning.models import Scenario
from junheng_web.planning.telling import wan
from junheng_web.planning.trying import Tried, edits_of, names_of, tried

# Of so many sections every one is shown; of more, those that changed.
MANY = 120
# What the form is called that divides a stage's pupils anew; the page leads to it by this name.
REGROUP = "改了学生数以后重新分班"
Told = dict[str, Any]


def judged_of(scenario: Scenario, one: Tried) -> Judged:
    """Return what a scenario comes to as pages speak of a run; it is none, so nothing leads to it."""
    return Judged(scenario.county, Run(code=""), one.answer, rules_of(scenario.base), pinned=False)


def page(scenario: Scenario) -> Told:
    """Return what the page of a scenario shows."""
    edits = edits_of(scenario)
    now, base = tried(scenario, edits), tried(scenario, [])
    pair = judged_of(scenario, base), judged_of(scenario, now)
    names = names_of(base.assessment.facts)
    undone = list(scenario.edits.filter(place__gt=scenario.head).values_list("edit", flat=True)[:1])
    return {
        "scenario": scenario,
        "edits": [_edit(one, cost, names) for one, cost in zip(edits, now.costs, strict=True)],
        "redo": edit_told(undone[0], names) if undone else "",
        "verdicts": list(_verdicts(*pair)),
        "money": money(now),
        "spreads": list(_spreads(*pair)),
        "columns": [(id, pair[1].name(id)) for id in pair[1].measured],
        "stages": [_stage(*pair, stage) for stage in now.answer["stages"]],
        "requirements": list(_requirements(*pair)),
        "notes": list(_follows(edits, now.assessment)),
    }


def _edit(one: Told, cost: jh.EditCost | None, names: Mapping[str, str]) -> Told:
    priced = one["kind"] == "deed"
    return {
        "told": edit_told(one, names),
        "cost": wan(cost.total) if cost else ("没有价格" if priced else NONE),
        "by": "",
    }


def edit_told(one: Told, names: Mapping[str, str]) -> str:
    """Return an edit in words."""
    place = names.get(one["school"], one["school"])
    match one["kind"]:
        case "deed" if one["item"] == "transfer":
            who = "、".join(ROLES[name] for name in one["qualities"]) or "其他"
            stage, to = STAGE_LABELS[one["stage"]], names.get(one["to_school"], one["to_school"])
            return f"从{place}调 {one['amount']} 名{stage}{who}教师到{to}"
        case "deed":
            deed = DEEDS[one["item"]]
            area = f"，每间 {one['area']} 平方米" if one["area"] else ""
            return f"{place}{STAGE_LABELS.get(one['stage'], '')}{deed.label} {one['amount']:,} {deed.unit}{area}"
        case "value":
            column = SCHOOLS.column(one["item"])
            return f"{place}的{column.label}改为 {_written(one['item'], one['amount'])} {column.unit}"
        case "regroup":
            return f"{place}（{STAGE_LABELS[one['stage']]}）按班额上限重新分班"
        case "merge":
            return f"{place}并入{names.get(one['to_school'], one['to_school'])}"
        case _:
            return f"{PRICED[one['item']]}的单价改为 {jh.shown(one['amount'] / 100, 2)} 元"


def _written(name: str, amount: int) -> str:
    scale = MEASURES[SCHOOLS.column(name).kind].scale
    return f"{amount:,}" if scale == 1 else jh.shown(amount / scale, 2)


def _follows(edits: Sequence[Told], now: jh.Assessment) -> Iterator[str]:
    """Say what edits leave as it was, where a reader might think otherwise: more pupils open no class by themselves."""
    open_: dict[tuple[str, str], None] = {}
    for one in edits:
        stage = one["item"].removesuffix("_pupils")
        if one["kind"] == "value" and stage in STAGE_LABELS:
            open_[one["school"], stage] = None
        elif one["kind"] == "regroup":
            open_.pop((one["school"], one["stage"]), None)
    for school, stage in open_:
        yield from _classes_left(now, school, stage)


def _classes_left(now: jh.Assessment, school: str, stage: str) -> Iterator[str]:
    """Yield what a stage's classes are, and how many there would have to be; nothing of a school that was merged."""
    rows = {one["school_code"]: one for one in now.facts.tables["schools"].to_pylist()}
    if school in rows:
        place = f"{rows[school]['school_name']}（{STAGE_LABELS[stage]}）"
        left = f"{place}改了在校生数，班数（{rows[school][f'{stage}_classes'] or '没有报'}）和各班人数没有跟着改"
        needed = jh.classes_needed(now, school, stage)
        told = (
            f"一个班最多 {needed[1]} 人，至少要 {needed[0]} 个班：用“{REGROUP}”" if needed else "要看班额，请另外改班数"
        )
        yield f"{left}。{told}。"


def money(one: Tried) -> Told:
    """Return what edits cost, and whether something among them has no price."""
    costs = [each for each in one.costs if each]
    sums = {name: wan(sum(getattr(each, name) for each in costs)) for name in ("one_off", "yearly", "total")}
    return {**sums, "priced": bool(costs)}


def _verdicts(before: Judged, after: Judged) -> Iterator[Told]:
    for title, key in (("全县", "verdict"), ("资源配置", "resources")):
        yield {"title": title, "was": before.answer[key], "now": after.answer[key]}
    for stage, whole in after.answer["stages"].items():
        was = before.answer["stages"][stage]["verdict"]
        note = f"达标学校 {passing(before, stage)} → {passing(after, stage)}"
        yield {"title": after.stage(stage), "was": was, "now": whole["verdict"], "note": note}


def passing(judged: Judged, stage: str) -> str:
    """Return how many sections of a stage's sample pass, of how many."""
    sample = [one for one in judged.sections(stage) if one["in_sample"]]
    return f"{sum(one['verdict'] == 'pass' for one in sample)}/{len(sample)}"


def _spreads(before: Judged, after: Judged) -> Iterator[Told]:
    """Yield each stage's spreads, as they were and as they are."""
    for stage, whole in after.answer["stages"].items():
        was = before.answer["stages"][stage]["indicators"]
        cells = [
            {
                "was": before.spread(was[id]),
                "now": after.spread(one),
                "status": one["status"],
                "changed": was[id]["cv"] != one["cv"] or was[id]["status"] != one["status"],
                "turned": was[id]["status"] != one["status"],
                "limit": after.limit(one),
            }
            for id, one in whole["indicators"].items()
        ]
        yield {"stage": after.stage(stage), "cells": cells}


def _stage(before: Judged, after: Judged, stage: str) -> Told:
    """Return every school's values in a stage; of a large county, those of the schools that changed."""
    was = {one["school_code"]: one for one in before.sections(stage)}
    rows = [_section(before, after, was.get(one["school_code"]), one) for one in after.sections(stage)]
    left = [school_name(one) for code, one in was.items() if code not in {row["code"] for row in rows}]
    shown = rows if len(rows) <= MANY else [row for row in rows if row["changed"]]
    changed = sum(row["changed"] for row in rows)
    return {"name": after.stage(stage), "rows": shown, "changed": changed, "all": len(shown) == len(rows), "left": left}


def _section(before: Judged, after: Judged, was: Told | None, one: Told) -> Told:
    cells = [_cell(before, after, id, was, one) for id in one["indicators"]]
    status = "excluded" if one["in_sample"] is False else one["verdict"]
    old = status if was is None else "excluded" if was["in_sample"] is False else was["verdict"]
    pupils = was is None or was["pupils"] != one["pupils"]
    return {
        "name": school_name(one),
        "code": one["school_code"],
        "pupils": one["pupils"],
        "cells": cells,
        "status": status,
        "turned": word(old) if old != status else "",
        "changed": pupils or old != status or any(each["was"] for each in cells),
    }


def _cell(before: Judged, after: Judged, id: str, was: Told | None, one: Told) -> Told:
    now = one["indicators"][id]
    status, sign, tone = STATUSES[now["status"]]
    same = was is not None and was["indicators"][id]["value"] == now["value"]
    old = "" if same else before.value(was["indicators"][id]) if was else NONE
    return {"told": after.value(now), "word": status, "sign": sign, "tone": tone, "was": old}


def _requirements(before: Judged, after: Judged) -> Iterator[Told]:
    """Yield the other indicators whose status or value changed."""
    for id, one in after.answer["indicators"].items():
        was = before.answer["indicators"][id]
        if (was["status"], was["value"]) != (one["status"], one["value"]):
            reason = one["reason"] or ""
            yield {"id": id, "name": after.name(id), "was": was["status"], "now": one["status"], "reason": reason}


# --- side by side -----------------------------------------------------------------------------------------------------


def beside(scenarios: Sequence[Scenario]) -> Told:
    """Return scenarios side by side: verdicts, spreads, changed indicators, cost; each beside where it starts from."""
    first = scenarios[0]
    sides = [(one, tried(one, edits_of(one))) for one in scenarios]
    judged = [judged_of(first, tried(first, [])), *(judged_of(one, found) for one, found in sides)]
    costs = [money(found) for _, found in sides]
    rows = [*_verdict_rows(judged), *_spread_rows(judged), *_requirement_rows(judged)]
    return {
        "scenarios": [{"scenario": one, "edits": _told_edits(one, found)} for one, found in sides],
        "rows": rows,
        "costs": [(label, [one[name] for one in costs]) for name, label in MONEY],
        "same_base": len({one.base_id for one in scenarios}) == 1,
    }


MONEY = (("one_off", "一次性（万元）"), ("yearly", "每年（万元）"), ("total", "计入（万元）"))


def _told_edits(scenario: Scenario, found: Tried) -> list[str]:
    names = names_of(found.assessment.facts) | names_of(tried(scenario, []).assessment.facts)
    return [edit_told(one, names) for one in edits_of(scenario)]


def _row(label: str, cells: list[Told]) -> Told:
    """Return a row of the grid; each cell tells whether it differs from the first."""
    first = cells[0]["told"]
    return {"label": label, "cells": [{**one, "differs": one["told"] != first} for one in cells]}


def _verdict_rows(judged: list[Judged]) -> Iterator[Told]:
    for label, key in (("全县结论", "verdict"), ("资源配置", "resources")):
        yield _row(label, [_status(one.answer[key]) for one in judged])
    for stage in judged[0].answer["stages"]:
        name = judged[0].stage(stage)
        yield _row(f"{name}结论", [_status(one.answer["stages"][stage]["verdict"]) for one in judged])
        yield _row(f"{name}达标学校", [{"told": passing(one, stage), "status": ""} for one in judged])


def _status(status: str) -> Told:
    return {"told": word(status), "status": status}


def _spread_rows(judged: list[Judged]) -> Iterator[Told]:
    for stage, whole in judged[0].answer["stages"].items():
        for id in whole["indicators"]:
            found = [(one, one.answer["stages"][stage]["indicators"][id]) for one in judged]
            cells = [{"told": one.spread(each), "status": each["status"]} for one, each in found]
            yield _row(f"{judged[0].stage(stage)}差异系数 {id} {judged[0].name(id)}", cells)


def _requirement_rows(judged: list[Judged]) -> Iterator[Told]:
    """Yield the other indicators in which one of the scenarios differs."""
    for id in judged[0].answer["indicators"]:
        cells = [_status(one.answer["indicators"][id]["status"]) for one in judged]
        if len({one["told"] for one in cells}) > 1:
            yield _row(f"{id} {judged[0].name(id)}", cells)
