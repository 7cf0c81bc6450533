"""What the charts show, as plain values with every figure already worded; `assets/page.js` draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, Assessment
from junheng.facts.schema import STAGE_LABELS
from junheng.output.json_text import json_text
from junheng.output.page.markup import Markup, tag
from junheng.output.told import spread_told

DATA = "charts"


def charted(answer: Assessment) -> list[str]:
    """Return the stages that have schools to be drawn."""
    return [stage for stage in answer.stages if any(section.stage == stage for section in answer.sections)]


def place(answer: Assessment, stage: str, kind: str) -> Markup:
    """Return where a chart is drawn. It stays hidden where nothing draws it: the table below says the same."""
    title = KINDS[kind](answer, stage)["title"]
    drawn = tag("div", class_="chart", role="img", aria_label=title)
    return tag("figure", tag("figcaption", title), drawn, id=f"chart-{stage}-{kind}", hidden="hidden")


def chart_data(answer: Assessment) -> Markup:
    """Return the charts' data as an element that is never run."""
    told = {stage: {kind: of(answer, stage) for kind, of in KINDS.items()} for stage in charted(answer)}
    # A name may hold a tag; within a script element only "<" could end it.
    return tag(
        "script", Markup(json_text(told, indent=False).replace("<", "\\u003c")), type="application/json", id=DATA
    )


def _spreads(answer: Assessment, stage: str) -> dict[str, Any]:
    decimals = answer.rules.standard.display.spread_decimals
    spreads = answer.stages[stage].indicators
    limit = answer.rules.spread_limits[stage]
    return {
        "title": f"{STAGE_LABELS[stage]}：各项差异系数与上限 {shown(float(limit), decimals)}",
        "ids": [*spreads],
        "limit": float(limit),
        "bars": [
            {"cv": one.cv, "bounds": one.cv_bounds, "told": spread_told(one, decimals), "status": one.status}
            for one in spreads.values()
        ],
    }


def _reached(answer: Assessment, stage: str) -> dict[str, Any]:
    counts = reached(answer, stage)
    return {
        "title": f"{STAGE_LABELS[stage]}：各项达到的学校数",
        "ids": [*counts],
        "series": [
            {"status": status, "name": label, "counts": [one[status] for one in counts.values()]}
            for status, label in STATUS_LABELS.items()
        ],
    }


def reached(answer: Assessment, stage: str) -> dict[str, dict[str, int]]:
    """Return how many sections of the sample have each status, by indicator."""
    sample = [section for section in answer.sections if section.stage == stage and section.in_sample]
    return {
        id: {status: sum(one.indicators[id].status == status for one in sample) for status in STATUS_LABELS}
        for id in answer.rules.indicators
    }


KINDS: Mapping[str, Callable[[Assessment, str], dict[str, Any]]] = {"spread": _spreads, "reached": _reached}
