"""Writes the page: one file with its style, its script, its data, and the library that draws the charts."""

from __future__ import annotations

from pathlib import Path

from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.output.json_text import json_text
from junheng.output.page import parts
from junheng.output.page.charts import spread_chart
from junheng.output.page.html import Markup, tag
from junheng.output.told import county_told, invented

ASSETS = Path(__file__).parents[1] / "assets"
CHARTS_ID = "charts"


def write_assessment_html(answer: Assessment, facts: Facts, file: Path) -> None:
    """Write one county's answer as a page that opens from a disk; `facts` are those that it was judged from."""
    file.write_text(page(answer, facts), encoding="utf-8", newline="\n")


def page(answer: Assessment, facts: Facts) -> str:
    """Return the whole page."""
    body = (
        parts.summary(answer, invented(facts)),
        parts.spreads(answer),
        parts.schools(answer),
        parts.shortfalls(answer),
        parts.requirements(answer),
        parts.reasons(answer),
        parts.unreported(answer),
        parts.footnote(answer),
    )
    charts = tag("script", _data(answer), type="application/json", id=CHARTS_ID)
    scripts = (charts, _script("echarts.simple.min.js"), _script("page.js"))
    return f"<!DOCTYPE html>\n{tag('html', _head(answer), tag('body', tag('main', *body), *scripts), lang='zh-CN')}\n"


def _head(answer: Assessment) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{county_told(answer)} 优质均衡判定"),
        tag("style", Markup(_asset("page.css"))),
    )


def _script(name: str) -> Markup:
    return tag("script", Markup(_asset(name)))


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _data(answer: Assessment) -> Markup:
    """Return the charts by stage as JSON that no text in it can end: every < is written as an escape."""
    charts = {stage: spread_chart(answer, stage) for stage in answer.stages}
    return Markup(json_text(charts, indent=False).replace("<", "\\u003c"))
