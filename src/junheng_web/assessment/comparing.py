"""What the list of runs says, and what changed between two of them, or between two moments of a ledger, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from junheng import api as jh
from junheng_web.assessment import then, whose
from junheng_web.assessment.models import Run
from junheng_web.assessment.recomputing import assessed, otherwise
from junheng_web.assessment.selectors import Answer, rules_of
from junheng_web.assessment.telling import COUNTY, Judged, address, document, who, word
from junheng_web.collection.ledger.moments import Moment
from junheng_web.collection.models import Ledger, Submission
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
Said = Mapping[tuple[str, ...], tuple[whose.Whose, str]]
"""Of a changed cell whose word it is, and where its form stands on the page."""
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
    told = _stored(before, after) if differs else _told(jh.compare(assessed(before), assessed(after)))
    moments = [then.of_snapshot(one.run.snapshot) for one in (before, after)]
    changed_rules = before.run.rules.digest != after.run.rules.digest or before.run.engine != after.run.engine
    return {
        "sides": [
            {"title": title, "judged": one, "url": address(one.county, "overview", run=one.run.code)}
            for title, one in (("先前", before), ("后来", after))
        ],
        "otherwise": differs,
        "swap": address(after.county, "compare", after.run.code, before.run.code),
        **_shown(before, after, told, moments, changed_rules=changed_rules),
    }


def between(before: Moment, after: Moment, of: str) -> dict[str, Any]:
    """Return what changed in a ledger between two of its moments."""
    pair = [then.stood(one, of) for one in (before, after)]
    ledger = after.ledger
    page = {"ledger": ledger, "sides": [{**then.placed(one), "url": _then_url(one, of)} for one in (before, after)]}
    if pair[0] is None or pair[1] is None:
        return page
    judged = [then.judged_then(ledger, one) for one in pair if one]
    told = _told(jh.compare(pair[0].assessment, pair[1].assessment))
    for side, one in zip(page["sides"], judged, strict=True):
        side["verdict"] = one.answer["verdict"]
    return page | _shown(judged[0], judged[1], told, [before, after], changed_rules=False)


def between_url(ledger: Ledger, since: str, until: str, of: str) -> str:
    """Return the address of what changed between two moments; the last one is now where it is empty."""
    query = {"from": since, "to": until, "of": of}
    return address(ledger.county, "between", ledger.period.code, ledger.basis, **query)


def _then_url(moment: Moment, of: str) -> str:
    return then.url(moment.ledger, then.named(moment), of=of)


def _shown(
    before: Judged, after: Judged, told: Answer, moments: list[Moment | None], *, changed_rules: bool
) -> dict[str, Any]:
    """Return what both pages show of a comparison: what turned, mere figures, and whose entries are behind them."""
    names = {**before.schools, **after.schools}
    cells, both = told.get("cells", []), (told.get("schools_added", []), told.get("schools_gone", []))
    first = {one["scope"].partition(":")[2] for one in told["changes"] if one["turned"]}
    by = whose.behind(after.county, moments[0], moments[1], cells, names, first)
    said = {row["key"]: (row["now_by"], form["anchor"]) for form in by["forms"] for row in form["cells"]}
    there = {form["anchor"] for form in by["forms"]}
    changes = [_change(before, after, one, said, there) for one in told["changes"]]
    turned = [one for one in changes if one["turned"]]
    figures = [one for one in changes if not one["turned"]]
    return {
        "turned": turned,
        "figures": figures[:FIGURES_SHOWN],
        "rest": max(0, len(figures) - FIGURES_SHOWN),
        "rules": [one["message"] for one in told.get("rules", [])],
        "apart": _apart(told, changed_data=bool(cells or any(both)), changed_rules=changed_rules),
        "added": [names.get(code, code) for code in both[0]],
        "gone": [names.get(code, code) for code in both[1]],
        "cells": len(cells),
        "whose": by,
    }


def _apart(told: Answer, *, changed_data: bool, changed_rules: bool) -> str:
    """Say whether the numbers changed, or what they are held against."""
    if not told["changes"]:
        return ""
    changed_rules = changed_rules or any(cause["kind"] == "rule" for one in told["changes"] for cause in one["why"])
    if changed_rules:
        return "数据和标准都变了；各处的原因里分别注明。" if changed_data else "数没变，标准变了。"
    return "标准没变，变的是数据。" if changed_data else ""


def _told(comparison: jh.Comparison) -> Answer:
    told: Answer = orjson.loads(jh.comparison_to_json(comparison, indent=None))
    return told


def _stored(before: Judged, after: Judged) -> Answer:
    """Compare the stored answers key by key; causes are not known, but what differs in the facts is."""
    old, new = dict(_flat(before.answer)), dict(_flat(after.answer))
    changes = []
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key, (None, None)), new.get(key, (None, None))
        if was != now:
            what, scope, indicator = key
            pair = {"before": was[0], "after": now[0], "value_before": was[1], "value_after": now[1]}
            turned = {"turned": was[0] != now[0], "why": []}
            changes.append({"what": what, "scope": scope, "indicator": indicator, **pair, **turned})
    return _facts_compared(before, after) | {"changes": changes}


def _facts_compared(before: Judged, after: Judged) -> Answer:
    """Return what differs in the facts of two runs; by which rules they are judged for it does not matter."""
    try:
        told = _told(jh.compare(assessed(before), assessed(after)))
    except jh.Unusable:
        return {}
    return {name: told[name] for name in ("cells", "schools_added", "schools_gone")}


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


def _change(before: Judged, after: Judged, one: Answer, said: Said, there: set[str]) -> dict[str, Any]:
    names = after if _knows(after, one["scope"]) else before
    why = one["why"]
    return {
        "turned": one["turned"],
        "what": WHAT[one["what"]],
        "place": names.place(one["scope"]),
        "indicator": one["indicator"],
        "url": after.page(one["indicator"], one["scope"].partition(":")[0]) if _leads(after, one) else "",
        "was": _word(one["before"]),
        "now": _word(one["after"]),
        "value_was": _figure(after, one, one["value_before"]),
        "value_now": _figure(after, one, one["value_after"]),
        "why": [_cause(cause, said, there) for cause in why[:CAUSES_SHOWN]],
        "more": max(0, len(why) - CAUSES_SHOWN),
    }


def _cause(cause: Answer, said: Said, there: set[str]) -> dict[str, Any]:
    """Return a cause with who entered what is behind it, and where its form's changed cells stand on the page."""
    by, at = said.get(whose.key_of(cause["cell"]), ({}, "")) if cause["cell"] else ({}, "")
    own = whose.anchor(Submission.Kind.SCHOOL, cause["school_code"])
    return {
        "message": cause["message"],
        "rule": cause["kind"] == "rule",
        "by": by["entry"]["who"] if "entry" in by else "",
        "at": at or (own if own in there else ""),
    }


def _leads(judged: Judged, one: Answer) -> bool:
    """Whether there is a page of a run to lead to: a moment is none."""
    return bool(one["indicator"] and judged.run.code)


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
