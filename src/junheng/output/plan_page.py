"""A plan as one HTML page for a leader, that stands alone: what it costs, how sure, who does what, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from junheng.engine.result import Assessment
from junheng.output import plan_told as told
from junheng.output.charts.plan import plan_chart
from junheng.output.page.markup import NOTHING, Child, Markup, bullets, number, row, table, tag
from junheng.output.told import county_told
from junheng.planner.plan import Plan

ASSETS = Path(__file__).with_name("assets")
# Nothing is loaded, from anywhere, and nothing runs.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
COLOURS = {"optimal": "pass", "feasible": "undetermined", "infeasible": "fail", "time_limit": "undetermined"}


def plan_to_html(plan: Plan) -> str:
    """Return a plan as an HTML page."""
    title = f"{county_told(plan.before)} 达标方案"
    top = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content="junheng"),
        tag("title", title),
        tag("style", _style()),
    )
    body = tag(
        "body", _head(plan, title), tag("main", *_parts(plan)), tag("footer", f"由 junheng 生成。{told.invented(plan)}")
    )
    return f"<!doctype html>\n{tag('html', top, body, lang='zh-CN')}\n"


def write_plan_html(plan: Plan, file: Path) -> None:
    """Write a plan as an HTML page."""
    file.write_text(plan_to_html(plan), encoding="utf-8")


@cache
def _style() -> Markup:
    return Markup((ASSETS / "page.css").read_text(encoding="utf-8") + (ASSETS / "plan.css").read_text(encoding="utf-8"))


def _head(plan: Plan, title: str) -> Markup:
    standard, notice = plan.before.rules.standard, told.invented(plan)
    return tag(
        "header",
        tag("h1", title),
        tag("p", f"{standard.full_title}，{plan.before.as_of} 的规则", class_="about"),
        tag("p", notice, class_="notice") if notice else NOTHING,
        tag("div", *_cards(plan), class_="cards"),
        tag("p", told.failing(plan), class_="failing") if plan.failing_schools else NOTHING,
        bullets(one.message for one in plan.infeasible_because) if plan.infeasible_because else NOTHING,
    )


def _cards(plan: Plan) -> Iterator[Markup]:
    colour = COLOURS[plan.status]
    if plan.cost is None:
        yield _card("方案", "没有", told.status_told(plan), colour)
        return
    yield _card("经费（万元）", told.wan(plan.cost), told.compared(plan), colour)
    yield _card("离最省还差", _gap(plan), told.proven(plan) or told.status_told(plan), colour)
    everybody = len(plan.case.schools)
    before, after = (_passing(one) for one in (plan.before, plan.assessment))
    yield _card(
        "达标学校",
        f"{before} → {after}",
        f"共 {everybody} 所进入样本；办之前和办之后",
        "pass" if after == everybody else "fail",
    )
    if plan.in_time is not None:
        late = plan.in_time.failing_schools > 0
        yield _card(
            "今年还来得及", told.wan(plan.in_time.cost), told.in_time_told(plan), "undetermined" if late else "pass"
        )


def _gap(plan: Plan) -> str:
    if plan.status in ("optimal", "infeasible"):
        return {"optimal": "已证明", "infeasible": "办不到"}[plan.status]
    return "未知" if plan.relative_gap is None else told.percent(plan.relative_gap)


def _passing(answer: Assessment | None) -> int:
    sections = [one for one in answer.sections if one.in_sample] if answer else []
    failing = {one.school_code for one in sections if one.verdict != "pass"}
    return len({one.school_code for one in sections} - failing)


def _card(title: str, large: str, small: str, colour: str) -> Markup:
    return tag("div", tag("span", title), tag("strong", large), tag("small", small), class_=f"card {colour}")


def _parts(plan: Plan) -> Iterator[Markup]:
    if plan.actions:
        yield _section("办什么", _items(plan))
        yield _section("各校要办的事", _tasks(plan))
        yield _section("往哪里去", _chart(plan, "moves"))
        yield _section("差异系数", _chart(plan, "spreads"))
    yield from _more(plan)
    if plan.unpriced:
        yield _section("价格表没有、因此没有列入的", tag("p", told.unpriced(plan)))
    if left := told.left(plan):
        yield _section("花钱解决不了、要另外办的", bullets(left.split("；")))
    if second := told.second_told(plan):
        yield _section("两个求解器", tag("p", second))
    notes = [f"价格来源：{told.price_sources(plan)}", told.BY_ROSTER]
    yield _section("说明", bullets([*notes, "每个方案都按金额、限制、标准值逐条核对过，并按办完以后的数重新判定过。"]))


def _more(plan: Plan) -> Iterator[Markup]:
    """Yield what was asked for besides: what limits are worth, other plans, the frontier."""
    if plan.worth:
        yield _section("限制和要求值多少", bullets(one.message for one in plan.worth))
    if plan.alternatives:
        yield _section(
            "差不多一样省的另一种办法", bullets(told.alternative_told(plan, one) for one in plan.alternatives)
        )
    if plan.frontier:
        points = bullets(told.point_told(plan, one) for one in plan.frontier)
        chart = _chart(plan, "frontier") if plan.cost is not None else NOTHING
        yield _section("花多少钱，几所学校达标（不管差异系数）", chart, points)


def _section(title: str, *children: Child) -> Markup:
    return tag("section", tag("h2", title), *children)


def _chart(plan: Plan, which: str) -> Markup:
    return tag("figure", Markup(plan_chart(plan, which).svg()), class_="drawing")


def _items(plan: Plan) -> Markup:
    headings = ("事项", "数量", "校数", "一次性（万元）", "每年（万元）", "计入（万元）", "出自", "最迟开始")
    return table("按事项", headings, (_item(one) for one in told.items(plan)))


def _item(one: told.Item) -> Markup:
    money = (number(told.wan(fen)) for fen in (one.one_off, one.yearly, one.cost))
    return row(one.label, number(one.amount), number(one.schools), *money, one.column, _latest(one.latest, one.late))


def _tasks(plan: Plan) -> Markup:
    rows: Iterable[Markup] = (
        row(
            tag("th", one.name, scope="row"),
            one.now,
            one.deeds,
            number(told.wan(one.cost)),
            _latest(one.latest, one.late),
        )
        for one in told.tasks(plan)
    )
    return table("按学校", ("学校", "现在", "要办的事", "计入（万元）", "最先要开始"), rows)


def _latest(month: str, late: bool) -> Markup:
    return tag("td", f"{month} 赶不上" if late else month, class_="undetermined" if late else None)
