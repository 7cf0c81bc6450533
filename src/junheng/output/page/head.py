"""The head of the page, for a leader: the verdicts, the first reasons, the spreads against their limits."""

from __future__ import annotations

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Reason, Spread
from junheng.facts.schema import STAGE_LABELS
from junheng.output.advice import helps_told
from junheng.output.page.chart import charted, place, reached
from junheng.output.page.markup import NOTHING, Markup, bullets, join, number, row, table, tag, verdict_cell
from junheng.output.told import county_told, line_told, or_dash, scope, spread_told

FIRST_REASONS = 6


def verdict_part(answer: Assessment, notice: str) -> Markup:
    """Return what a leader reads in two minutes: the verdicts, and the first reasons."""
    standard = answer.rules.standard
    about = f"{standard.full_title}，{answer.as_of} 的规则"
    cards = [
        _card("全县结论", answer.verdict, "资源配置和其他要求都达标，才是达标"),
        _card(f"资源配置（{scope(answer)}）", answer.resources, "各学段都达标，才是达标"),
        *(_stage_card(answer, stage) for stage in answer.stages),
    ]
    return tag(
        "header",
        tag("h1", county_told(answer)),
        tag("p", about, class_="about"),
        tag("p", notice, class_="notice") if notice else NOTHING,
        tag("div", *cards, class_="cards"),
        _first_reasons(answer),
    )


def _card(title: str, verdict: str, told: str) -> Markup:
    label = tag("strong", VERDICT_LABELS[verdict])
    return tag("div", tag("span", title), label, tag("small", told), class_=f"card {verdict}")


def _stage_card(answer: Assessment, stage: str) -> Markup:
    one, seen = answer.stages[stage], answer.coverage[stage]
    sample = [section for section in answer.sections if section.stage == stage and section.in_sample]
    passing = sum(section.verdict == "pass" for section in sample)
    over = sum(spread.status == "fail" for spread in one.indicators.values())
    told = f"{passing}/{len(sample)} 校达标；差异系数超限 {over} 项；数据齐全 {seen.reported}/{seen.expected} 校"
    return _card(STAGE_LABELS[stage], one.verdict, told)


def _first_reasons(answer: Assessment) -> Markup:
    if not answer.reasons:
        return NOTHING
    more = len(answer.reasons) - FIRST_REASONS
    items = [_first(answer, reason) for reason in answer.reasons[:FIRST_REASONS]]
    rest = tag("p", f"另有 {more} 条，见", tag("a", "全部原因", href="#reasons")) if more > 0 else NOTHING
    return tag("section", tag("h2", "首先要办的"), bullets(items), rest, class_="first")


def _first(answer: Assessment, reason: Reason) -> Markup:
    helps = helps_told(answer, reason)
    return join([reason.message, tag("small", f"→ {helps}", class_="helps") if helps else NOTHING])


def contents() -> Markup:
    """Return links to the parts."""
    titles = {
        "spreads": "校际差异",
        "schools": "各校指标",
        "gaps": "各校缺口",
        "requirements": "其他要求",
        "reasons": "全部原因",
        "coverage": "数据齐全程度",
        "sources": "依据",
    }
    return tag("nav", *(tag("a", title, href=f"#{id}") for id, title in titles.items()))


def spreads_part(answer: Assessment) -> Markup:
    """Return each stage's spreads against their limits, and how many schools reach each line: chart and table."""
    stages = (join([_spread_stage(answer, stage), _reached(answer, stage)]) for stage in charted(answer))
    without = (tag("p", f"{STAGE_LABELS[stage]}：没有学校") for stage in answer.stages if stage not in charted(answer))
    return tag("section", tag("h2", "校际差异系数"), *stages, *without, id="spreads")


def _spread_stage(answer: Assessment, stage: str) -> Markup:
    one, display = answer.stages[stage], answer.rules.standard.display
    rows = [_spread_row(answer, stage, id, spread) for id, spread in one.indicators.items()]
    composite = or_dash(one.composite_cv, display.spread_decimals)
    last = row("综合", f"{len(one.indicators)} 项平均，只供参考", *[""] * 3, number(composite), "", "", class_="dim")
    headings = ("指标", "名称", "标准值", "县均值", "标准差", "差异系数", "上限", "结论")
    told = table(f"{STAGE_LABELS[stage]}：差异系数", headings, [*rows, last])
    return join([place(answer, stage, "spread"), told])


def _spread_row(answer: Assessment, stage: str, id: str, spread: Spread) -> Markup:
    display = answer.rules.standard.display
    return row(
        id,
        answer.rules.indicators[id].name,
        number(line_told(answer.rules.thresholds[id][stage])),
        number(or_dash(spread.mean, display.value_decimals)),
        number(or_dash(spread.sd, display.value_decimals)),
        number(spread_told(spread, display.spread_decimals)),
        number(shown(spread.cv_limit, display.spread_decimals)),
        verdict_cell(spread.status),
    )


def _reached(answer: Assessment, stage: str) -> Markup:
    counts = reached(answer, stage)
    rows = [row(id, *(number(count) for count in one.values())) for id, one in counts.items()]
    keys = (tag("th", label, scope="col", class_=status) for status, label in STATUS_LABELS.items())
    told = table(f"{STAGE_LABELS[stage]}：各项达到的学校数", ("指标", *keys), rows)
    return tag("div", told, place(answer, stage, "reached"), class_="pair")
