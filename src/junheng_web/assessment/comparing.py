"""What the list of runs says, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from junheng import api as jh
from junheng_web.assessment.models import Run
from junheng_web.assessment.recomputing import assessed, otherwise
from junheng_web.assessment.selectors import Answer, rules_of
from junheng_web.assessment.telling import COUNTY, Judged, address, document, who, word
from junheng_web.organisation.models import Area

FIGURES_SHOWN, CAUSES_SHOWN = 60, 4
MEMBERSHIP = {"in": "纳入样本", "out": "不纳入样本", "unknown": "不知是否纳入"}
WHAT = {
    "county": "全县结论",
    "resources": "资源配置",
    "requirement": "其他要求",
    "stage": "学段结论",
    "spread": "差异系数",
    "sample": "是否纳入样本",
    "section": "学校结论",
    "indicator": "学校指标",
}
DECIMALS = {"spread": "spread_decimals", "indicator": "value_decimals"}


def listed(county: Area, runs: list[Run], *, decides: bool) -> dict[str, Any]:
    """Return what the list of runs shows, the newest first; with `decides`, where each is made official or is not."""
    rows = [_row(county, run) for run in runs]
    return {
        "rows": rows,
        "decides": decides,
        "choose": address(county, "choose"),
        "upload": address(county, "upload"),
    }


def _row(county: Area, run: Run) -> dict[str, Any]:
    last = next(iter(run.declarations.all()), None)
    return {
        "run": run,
        "url": address(county, "overview", run=run.code),
        "number": document(rules_of(run))["number"],
        "decide": address(county, "withdraw" if run.official else "declare", run.code),
        "said": f"{who(last)}{'定' if run.official else '撤销'}" if last else "",
        "note": last.note if last else "",
    }


def chosen(county: Area, before: str, after: str) -> HttpResponse:
    """Lead to the comparison of two runs. Raises Http404 where one was not chosen."""
    if not before or not after:
        raise Http404
    return redirect(address(county, "compare", before, after))


def comparison(before: Judged, after: Judged) -> dict[str, Any]:
    """Return what changed from one run to the other: worked out again with its causes, or else as it was stored."""
    differs = list(dict.fromkeys([*otherwise(before), *otherwise(after)]))
    told = _stored(before, after) if differs else _worked_out(before, after)
    changes = [_change(before, after, one) for one in told["changes"]]
    turned = [one for one in changes if one["turned"]]
    figures = [one for one in changes if not one["turned"]]
    names = {**before.schools, **after.schools}
    return {
        "sides": [
            {"title": title, "judged": one, "url": address(one.county, "overview", run=one.run.code)}
            for title, one in (("先前", before), ("后来", after))
        ],
        "otherwise": differs,
        "swap": address(after.county, "compare", after.run.code, before.run.code),
        "turned": turned,
        "figures": figures[:FIGURES_SHOWN],
        "rest": max(0, len(figures) - FIGURES_SHOWN),
        "rules": [one["message"] for one in told.get("rules", [])],
        "added": [names.get(code, code) for code in told.get("schools_added", [])],
        "gone": [names.get(code, code) for code in told.get("schools_gone", [])],
        "cells": len(told.get("cells", [])),
    }


def _worked_out(before: Judged, after: Judged) -> Answer:
    told: Answer = orjson.loads(jh.comparison_to_json(jh.compare(assessed(before), assessed(after)), indent=None))
    return told


def _stored(before: Judged, after: Judged) -> Answer:
    """Compare the stored answers key by key; causes are not known."""
    old, new = dict(_flat(before.answer)), dict(_flat(after.answer))
    changes = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key, (None, None)), new.get(key, (None, None))
        if was != now:
            what, scope, indicator = key
            pair = {"before": was[0], "after": now[0], "value_before": was[1], "value_after": now[1]}
            changes.append({"what": what, "scope": scope, "indicator": indicator, **pair, "why": []})
    return {"changes": changes}


def _flat(answer: Answer) -> Iterator[tuple[tuple[str, str, str], tuple[str | None, float | None]]]:
    yield ("county", COUNTY, ""), (answer["verdict"], None)
    yield ("resources", COUNTY, ""), (answer["resources"], None)
    for id, one in answer["indicators"].items():
        yield ("requirement", COUNTY, id), (one["status"], one["value"])
    for stage, whole in answer["stages"].items():
        yield ("stage", stage, ""), (whole["verdict"], None)
        for id, spread in whole["indicators"].items():
            yield ("spread", stage, id), (spread["status"], spread["cv"])
    for section in answer["sections"]:
        scope = f"{section['stage']}:{section['school_code']}"
        yield ("section", scope, ""), (section["verdict"], None)
        for id, cell in section["indicators"].items():
            yield ("indicator", scope, id), (cell["status"], cell["value"])


def _change(before: Judged, after: Judged, one: Answer) -> dict[str, Any]:
    names = after if _knows(after, one["scope"]) else before
    why = [cause["message"] for cause in one["why"]]
    return {
        "turned": one["before"] != one["after"],
        "what": WHAT[one["what"]],
        "place": names.place(one["scope"]),
        "indicator": one["indicator"],
        "url": after.page(one["indicator"], one["scope"].partition(":")[0]) if one["indicator"] else "",
        "was": _word(one["before"]),
        "now": _word(one["after"]),
        "value_was": _figure(after, one, one["value_before"]),
        "value_now": _figure(after, one, one["value_after"]),
        "why": why[:CAUSES_SHOWN],
        "more": max(0, len(why) - CAUSES_SHOWN),
    }


def _knows(judged: Judged, scope: str) -> bool:
    return scope.partition(":")[2] in judged.schools


def _word(code: str | None) -> str:
    return "没有" if code is None else MEMBERSHIP.get(code) or word(code)


def _figure(judged: Judged, one: Answer, value: float | None) -> str:
    if value is None:
        return ""
    if one["what"] == "requirement":
        return _requirement_figure(judged.answer["indicators"].get(one["indicator"]), value)
    return jh.shown(value, judged.rules["display"][DECIMALS[one["what"]]])


def _requirement_figure(answer: Answer | None, value: float) -> str:
    """Return the value of a requirement's first part: a count of failing rows, or in the part's unit."""
    part: Answer = answer["parts"][0] if answer else {"counts": False, "unit": ""}
    return f"{value:.0f} {part['unit']}" if part["counts"] else jh.with_unit(value, part["unit"])
