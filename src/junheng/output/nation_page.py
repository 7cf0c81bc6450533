"""A nation's table as one HTML page that stands alone: pass rates, spreads, what fails most, every county in order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.charts.drawing import AMBER, BLUE, FAINT, GREEN, LINE, RED, Box, Drawing, Words, as_svg
from junheng.output.charts.drawing import Path as Line
from junheng.output.nation import Province, Row, most_failed, percent, provinces, retention
from junheng.output.page.markup import NOTHING, Markup, number, row, table, tag, verdict_cell
from junheng.standard.load import load_standard
from junheng.standard.model import Rules

ASSETS = Path(__file__).with_name("assets")
# Nothing is loaded, from anywhere, and nothing runs.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
INVENTED, NOTICE = "虚构", "数据是虚构的，仅供演示"
# The classes of a histogram, and where its last one begins.
STEP, STEPS = 0.05, 16
VERDICTS = ("pass", "fail", "undetermined")
COLOURS = {"pass": GREEN, "fail": RED, "undetermined": AMBER}


def nation_to_html(nation: pa.Table) -> str:
    """Return what `jh.nation` gives as an HTML page."""
    about = {key.decode(): value.decode() for key, value in (nation.schema.metadata or {}).items()}
    rules = load_standard(about["standard"]).on(dt.date.fromisoformat(about["as_of"]))
    rows = nation.to_pylist()
    title = f"{len(rows):,} 个县的义务教育优质均衡判定"
    top = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="junheng"),
        tag("title", title),
        tag("style", _style()),
    )
    body = tag("body", _head(title, rows, rules), tag("main", *_parts(rows, rules)), tag("footer", "由 junheng 生成。"))
    return f"<!doctype html>\n{tag('html', top, body, lang='zh-CN')}\n"


@cache
def _style() -> Markup:
    own = "svg { max-width: 100%; height: auto; } .small { display: grid; grid-gap: 12px;"
    own += " grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); } .wide svg { max-width: none; }"
    return Markup((ASSETS / "page.css").read_text(encoding="utf-8") + own)


def _head(title: str, rows: Sequence[Row], rules: Rules) -> Markup:
    invented = any(INVENTED in (one["county_name"] or "") for one in rows)
    return tag(
        "header",
        tag("h1", title),
        tag("p", f"{rules.standard.full_title}，{rules.day} 的规则。名册里没有的数按未报。", class_="about"),
        tag("p", NOTICE, class_="notice") if invented else NOTHING,
        tag("div", *_cards(rows), class_="cards"),
    )


def _cards(rows: Sequence[Row]) -> Iterator[Markup]:
    counted = Counter(one["resources"] for one in rows)
    for verdict in VERDICTS:
        share = percent(100 * counted[verdict] / max(1, len(rows)))
        yield _card(f"资源配置{VERDICT_LABELS[verdict]}", f"{counted[verdict]:,} 县", share, verdict)
    kept = retention(rows)
    entered = sum(one["entered"] or 0 for one in rows)
    yield _card("初中三年巩固率（连接学年）", percent(kept), f"入学 {entered:,} 人，死亡未扣除", None)


def _card(label: str, figure: str, more: str, verdict: str | None) -> Markup:
    inside = tag("span", label), tag("strong", figure), tag("small", more)
    return tag("div", *inside, class_=f"card {verdict}" if verdict else "card")


def _parts(rows: Sequence[Row], rules: Rules) -> Iterator[Markup]:
    own = provinces(rows)
    yield tag(
        "section",
        tag("h2", "各省"),
        tag("figure", tag("div", _svg(_shares(own)), class_="scroll wide")),
        _province_table(own),
    )
    charts = (tag("figure", _svg(_histogram(rows, rules, id, stage))) for stage in STAGES for id in rules.indicators)
    yield tag("section", tag("h2", "差异系数的分布"), tag("div", *charts, class_="small"))
    yield tag("section", tag("h2", "什么最难"), _failed_table(rows, rules), _unmet_table(rows, rules))
    yield tag("section", tag("h2", "各县"), _county_table(rows, rules))


def _svg(drawing: Drawing) -> Markup:
    return Markup(as_svg(drawing))


def _shares(own: Sequence[Province]) -> Drawing:
    """Draw how the counties of each province divide by verdict."""
    bar, left, whole = 24, 90, 620
    drawing = Drawing(left + whole + 110, bar * len(own) + 40, "各省资源配置达标的县所占的比例")
    for at, verdict in enumerate(VERDICTS):
        drawing.add(Box(left + 110 * at, 6, 14, 14, COLOURS[verdict]))
        drawing.add(Words(left + 20 + 110 * at, 18, VERDICT_LABELS[verdict]))
    for at, one in enumerate(own):
        y, x = 34 + bar * at, float(left)
        drawing.add(Words(left - 8, y + 14, one.name, anchor="end"))
        for verdict, counties in zip(VERDICTS, (one.passed, one.failed, one.undetermined), strict=True):
            width = whole * counties / one.counties
            drawing.add(Box(x, y, width, bar - 6, COLOURS[verdict]))
            x += width
        drawing.add(Words(left + whole + 8, y + 14, f"{percent(one.share)}，{one.counties} 县", 13, colour=FAINT))
    return drawing


def _province_table(own: Sequence[Province]) -> Markup:
    rows = (
        row(
            one.name,
            *(number(f"{each:,}") for each in (one.counties, one.passed)),
            number(percent(one.share)),
            *(number(f"{each:,}") for each in (one.failed, one.undetermined)),
            number(percent(one.retention)),
        )
        for one in own
    )
    headings = ("省份", "县", "资源达标", "比例", "不达标", "不能判定", "巩固率")
    return table("按达标比例排列；巩固率是连得上的占入学人数的比例", headings, rows)


def _histogram(rows: Iterable[Row], rules: Rules, id: str, stage: str) -> Drawing:
    """Draw how many counties have which spread, and its limit."""
    limit = float(rules.spread_limits[stage])
    values = [value for one in rows if (value := one[f"{stage}_{id}_cv"]) is not None]
    counted = Counter(min(STEPS - 1, int(value / STEP)) for value in values)
    title = f"{STAGE_LABELS[stage]} {id}：{sum(value > limit for value in values):,} 县超过 {shown(limit, 2)}"
    drawing, width, high = Drawing(330, 170, title), 18, 100
    most = max(counted.values(), default=1)
    drawing.add(Words(10, 18, title, 13, bold=True))
    for at in range(STEPS):
        tall = high * counted[at] / most
        over = at * STEP >= limit
        drawing.add(Box(20 + width * at, 140 - tall, width - 2, tall, RED if over else BLUE))
    drawing.add(Line(((18, 140), (22 + width * STEPS, 140)), LINE))
    mark = 20 + width * limit / STEP
    drawing.add(Line(((mark, 30), (mark, 140)), RED, 1.5, dashed=True))
    for at in range(0, STEPS + 1, 4):
        drawing.add(Words(20 + width * at, 158, shown(at * STEP, 1), 12, "middle", FAINT))
    return drawing


def _failed_table(rows: Sequence[Row], rules: Rules) -> Markup:
    names = rules.standard.indicators
    lines = (
        row(
            id,
            STAGE_LABELS[stage],
            names[id].name,
            number(f"{counties:,}"),
            number(percent(100 * counties / len(rows))),
        )
        for id, stage, counties in most_failed(rows, rules.standard)
    )
    told = list(lines) or [row("没有县超过上限", "", "", "", "")]
    return table("差异系数超过上限的县", ("指标", "学段", "名称", "县", "占全部"), told)


def _unmet_table(rows: Sequence[Row], rules: Rules) -> Markup:
    """Return the other requirements that counties fail for certain; what is not reported makes nobody fail."""
    failed = Counter(id for one in rows for id in rules.requirements if one[id] == "fail")
    lines = [
        row(id, rules.requirements[id].name, number(f"{counties:,}"), number(percent(100 * counties / len(rows))))
        for id, counties in failed.most_common()
    ]
    told = lines or [row("没有", "", "", "")]
    return table("其余要求不达标的县（数没有报齐的不算）", ("要求", "名称", "县", "占全部"), told)


def _county_table(rows: Iterable[Row], rules: Rules) -> Markup:
    lines = (_county(place, one, rules) for place, one in enumerate(sorted(rows, key=_rank), 1))
    headings = ("位次", "县代码", "县", "资源配置", "小学达标", "初中达标", "差异系数超限", "巩固率")
    return table("先看结论，再看达标学校所占的比例", headings, lines)


def _rank(one: Row) -> tuple[int, float, str]:
    sections = sum(one[f"{stage}_sections"] for stage in STAGES)
    passed = sum(one[f"{stage}_passed"] for stage in STAGES)
    order = ("pass", "undetermined", "fail")
    return order.index(one["resources"]), -passed / sections if sections else 0.0, one["county_code"]


def _county(place: int, one: Row, rules: Rules) -> Markup:
    over = [
        f"{STAGE_LABELS[stage]}{id}"
        for stage in STAGES
        for id in rules.indicators
        if one[f"{stage}_{id}_status"] == "fail"
    ]
    schools = (number(f"{one[f'{stage}_passed']}/{one[f'{stage}_sections']}") for stage in STAGES)
    kept = number(percent(retention([one])))
    cells = (one["county_code"], one["county_name"] or "", verdict_cell(one["resources"]))
    return row(number(place), *cells, *schools, "、".join(over) or "无", kept)
