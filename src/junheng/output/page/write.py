"""Puts the page together: its parts, its own style and script, the chart library and the charts' data, all inside."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.output.page import county, head, schools
from junheng.output.page.chart import chart_data
from junheng.output.page.markup import Markup, tag
from junheng.output.told import county_told, invented, sources

ASSETS = Path(__file__).parents[1] / "assets"
# Nothing is loaded, from anywhere: the browser itself refuses.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def to_html(answer: Assessment, facts: Facts) -> str:
    """Return one county's answer as an HTML page; `facts` are those that it was judged from."""
    title = f"{county_told(answer)} 义务教育优质均衡判定"
    top = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="junheng"),
        tag("title", title),
        tag("style", _asset("page.css")),
    )
    return f"<!doctype html>\n{tag('html', top, _body(answer, facts), lang='zh-CN')}\n"


def write_assessment_html(answer: Assessment, facts: Facts, file: Path) -> None:
    """Write one county's answer as an HTML page, as `to_html` returns it."""
    file.write_text(to_html(answer, facts), encoding="utf-8")


def _body(answer: Assessment, facts: Facts) -> Markup:
    notice = invented(facts)
    return tag(
        "body",
        head.verdict_part(answer, notice),
        head.contents(),
        tag(
            "main",
            head.spreads_part(answer),
            schools.schools_part(answer),
            schools.gaps_part(answer),
            county.requirements_part(answer),
            county.reasons_part(answer),
            county.coverage_part(answer),
            county.sources_part(answer, sources(facts)),
        ),
        tag("footer", f"由 junheng 生成。{notice}"),
        chart_data(answer),
        tag("script", _asset("echarts/echarts.simple.min.js")),
        tag("script", _asset("page.js")),
    )


@cache
def _asset(name: str) -> Markup:
    """Return a file of ours, or of the chart library, as it stands."""
    return Markup((ASSETS / name).read_text(encoding="utf-8"))
