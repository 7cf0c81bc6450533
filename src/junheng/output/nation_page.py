"""A nation's table as one HTML page that stands alone: pass rates, spreads, what fails most, every county in order."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.output.charts.drawing import Drawing, as_svg
from junheng.output.nation import PROVINCES, Province, Row, percent, provinces, retention
from junheng.output.nation_charts import VERDICTS, histogram, shares_chart
from junheng.output.nation_figures import (
    ELSEWHERE,
    QUARTERS,
    Item,
    Spreads,
    by_province,
    invented_told,
    items,
    over,
    province_of,
    ranked,
    spreads,
    unplaced,
)
from junheng.output.page.markup import NOTHING, Markup, join, number, row, table, tag, verdict_cell
from junheng.standard.load import load_standard
from junheng.standard.model import Rules

ASSETS = Path(__file__).with_name("assets")
# Nothing is loaded, from anywhere, and nothing runs: the filter is the style sheet's.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLES = ("page.css", "nation.css")
# What stands on the page, by the part's id.
CONTENTS = {
    "provinces": "各省",
    "spreads": "差异系数的分布",
    "hardest": "什么最难",
    "table": "全国的表",
    "counties": "各县",
}
HARDEST = 10


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
        tag("style", _style(), _filter_style()),
    )
    body = tag(
        "body",
        _head(title, rows, rules),
        tag("nav", *(tag("a", words, href=f"#{id}") for id, words in CONTENTS.items())),
        tag("main", *_parts(rows, rules)),
        tag("footer", f"由 junheng 生成。{invented_told(rows)}"),
    )
    return f"<!doctype html>\n{tag('html', top, body, lang='zh-CN')}\n"


@cache
def _style() -> Markup:
    return Markup("".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLES))


@cache
def _filter_style() -> Markup:
    """Return what hides the other provinces' counties where one is chosen: no script, so that it works everywhere."""
    chosen = (
        f"#{_class(code)}:checked ~ .scroll tbody tr:not(.{_class(code)}) {{ display: none; }}"
        for code in (*PROVINCES, "")
    )
    return Markup("\n".join(chosen))


def _class(code: str) -> str:
    return f"p-{code or 'other'}"


def _head(title: str, rows: Sequence[Row], rules: Rules) -> Markup:
    invented = invented_told(rows)
    return tag(
        "header",
        tag("h1", title),
        tag("p", f"{rules.standard.full_title}，{rules.day} 的规则。名册里没有的数按未报。", class_="about"),
        tag("p", invented, class_="notice") if invented else NOTHING,
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
    own, lie, every = provinces(rows), list(spreads(rows, rules)), items(rows, rules)
    chart = tag("figure", tag("div", _svg(shares_chart(own)), class_="scroll wide"))
    yield _part("provinces", chart, _province_table(own))
    yield _part("spreads", tag("div", *_histograms(lie, rules), class_="small"), _spread_table(lie, rules))
    yield _part("hardest", _hardest(every, len(rows)))
    national = _item_table("每一项有多少县判得出、达标、不达标、不能判定", every)
    yield _part("table", national, *_tables_of_provinces(rows, rules))
    yield _part("counties", *_counties(rows, rules))


def _part(id: str, *inside: Markup) -> Markup:
    return tag("section", tag("h2", CONTENTS[id]), *inside, id=id)


def _svg(drawing: Drawing) -> Markup:
    return Markup(as_svg(drawing))


def _province_table(own: Sequence[Province]) -> Markup:
    rows = (
        row(
            tag("td", one.name, class_="item"),
            *(number(f"{each:,}") for each in (one.counties, one.passed)),
            number(percent(one.share)),
            *(number(f"{each:,}") for each in (one.failed, one.undetermined)),
            number(percent(one.retention)),
        )
        for one in own
    )
    headings = ("省份", "县", "资源达标", "比例", "不达标", "不能判定", "巩固率")
    told = "按达标比例排列，比例是达标的县占全部县（不能判定的也算在全部里）；巩固率是连得上的占入学人数的比例"
    return table(told, headings, rows)


def _histograms(lie: Sequence[Spreads], rules: Rules) -> Iterator[Markup]:
    for one in lie:
        yield tag("figure", _svg(histogram(one, float(rules.spread_limits[one.stage]))))


def _spread_table(lie: Sequence[Spreads], rules: Rules) -> Markup:
    decimals = rules.standard.display.spread_decimals
    lines = (
        row(
            tag("td", f"{STAGE_LABELS[one.stage]} {one.id}", class_="item"),
            rules.standard.indicators[one.id].name,
            number(f"{len(one.values):,}"),
            *(number("—" if at is None else shown(at, decimals)) for at in map(one.at, (0, *QUARTERS, 1))),
            number(shown(float(rules.spread_limits[one.stage]), decimals)),
            number(f"{one.over:,}"),
        )
        for one in lie
    )
    headings = ("指标", "名称", "有数的县", "最小", "四分之一", "一半", "四分之三", "最大", "上限", "超限的县")
    return table("差异系数：有四分之一、一半、四分之三的县不超过多少（都是某个县的数，不插值）", headings, lines)


def _hardest(every: Sequence[Item], counties: int) -> Markup:
    failing = sorted((one for one in every if one.counties["fail"]), key=lambda one: -one.counties["fail"])
    lines = [
        row(
            _id(one),
            one.name,
            number(f"{one.counties['fail']:,}"),
            number(percent(100 * one.counties["fail"] / counties)),
        )
        for one in failing[:HARDEST]
    ]
    told = f"不达标的县最多的 {HARDEST} 项（数没有报齐、不能判定的不算）"
    return table(told, ("指标", "名称", "不达标的县", "占全部"), lines or [row("没有", "", "", "")])


def _id(one: Item) -> Markup:
    return tag("td", f"{STAGE_LABELS[one.stage]} {one.id} 差异系数" if one.stage else one.id, class_="item")


def _item_table(told: str, every: Sequence[Item]) -> Markup:
    headings = ("指标", "名称", "判得出", "达标", "占判得出的", "不达标", "不能判定", "不适用")
    return table(told, headings, map(_item_row, every))


def _item_row(one: Item) -> Markup:
    numbers = [
        number(f"{many:,}")
        for many in (one.judged, *(one.counties[status] for status in (*VERDICTS, "not_applicable")))
    ]
    return row(_id(one), one.name, *numbers[:2], number(percent(one.share)), *numbers[2:])


def _tables_of_provinces(rows: Sequence[Row], rules: Rules) -> Iterator[Markup]:
    """Yield the same table of each province, folded away."""
    own = by_province(rows)
    if len(own) < 2:
        return
    yield tag("h3", "各省的同一张表")
    for code, counties in own.items():
        name = _province_name(code)
        inside = _item_table(f"{name} {len(counties):,} 个县", items(counties, rules))
        yield tag("details", tag("summary", f"{name}（{len(counties):,} 县）"), inside)


def _province_name(code: str) -> str:
    return PROVINCES.get(code, ELSEWHERE)


def _counties(rows: Sequence[Row], rules: Rules) -> Iterator[Markup]:
    order = (
        "按资源配置（B1～B7）排，不打分：达标的县并列第一；不达标的先看达标学校所占的比例，再看超限的差异系数有几个，"
        "都相同的并列。不能判定的县不排位次，单列在后。"
    ).replace("B1～B7", _measured(rules))
    yield tag("p", order)
    placed, rest = ranked(rows, rules), unplaced(rows)
    headings = ("县代码", "县", "资源配置", "小学达标", "初中达标", "差异系数超限", "巩固率")
    shown_ranked = (_county(one.row, rules, number(one.place)) for one in placed)
    inside = [table(f"有结论的 {len(placed):,} 个县", ("位次", *headings), shown_ranked)]
    if rest:
        inside.append(table(f"不能判定的 {len(rest):,} 个县", headings, (_county(one, rules) for one in rest)))
    yield tag("div", *_choices(by_province(rows)), *inside, class_="filtered", role="group", aria_label="按省筛选")


def _measured(rules: Rules) -> str:
    ids = [*rules.indicators]
    return f"{ids[0]}～{ids[-1]}"


def _choices(own: Mapping[str, Sequence[Row]]) -> Iterator[Markup]:
    """Yield a button for each province, and one for all; one province needs none."""
    if len(own) < 2:
        return
    yield _choice("p-every", f"全部 {sum(map(len, own.values())):,}", checked="")
    for code, rows in own.items():
        yield _choice(_class(code), f"{_province_name(code)} {len(rows):,}")


def _choice(id: str, words: str, checked: str | None = None) -> Markup:
    button = tag("input", type="radio", name="province", id=id, checked=checked)
    return join((button, tag("label", words, for_=id)))


def _county(one: Row, rules: Rules, *first: Markup) -> Markup:
    failing = [f"{STAGE_LABELS[stage]}{id}" for stage, id in over(one, rules)]
    schools = (number(f"{one[f'{stage}_passed']}/{one[f'{stage}_sections']}") for stage in STAGES)
    kept = number(percent(retention([one])))
    cells = (one["county_code"], one["county_name"] or "", verdict_cell(one["resources"]))
    return row(*first, *cells, *schools, "、".join(failing) or "无", kept, class_=_class(province_of(one)))
