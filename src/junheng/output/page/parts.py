"""The parts of the page, each a section: verdict, spreads, schools, gaps, requirements, reasons, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, VERDICT_LABELS, Assessment, Measured, Section, Spread
from junheng.facts.schema import STAGE_LABELS
from junheng.output.gaps import gaps, missing
from junheng.output.page.html import Markup, figure, table, tag, words
from junheng.output.told import (
    UNREPORTED,
    county_told,
    figures,
    or_dash,
    school_told,
    scope,
    spread_told,
    why_outside,
)
from junheng.standard.requirements import GROUPS

FIRST_REASONS = 5
NAME = "name"
MARKS = {"met": "", "floor": "▽", "below": "✗", "missing": ""}


def summary(answer: Assessment, notice: str) -> Markup:
    """Return what a leader reads: the verdict, the stages in a line each, the first reasons."""
    standard = answer.rules.standard
    told = (
        tag("h1", county_told(answer)),
        tag("p", notice, class_="notice") if notice else "",
        tag("p", f"{standard.title}（{standard.number}），{answer.as_of} 的规则", class_="quiet"),
        tag("p", "结论：", _badge(answer.verdict), class_="verdict"),
        tag("ul", *_lines(answer), class_="lines"),
        _first_reasons(answer),
    )
    return tag("header", *told)


def _badge(verdict: str) -> Markup:
    return tag("strong", VERDICT_LABELS[verdict], class_=f"badge {verdict}")


def _lines(answer: Assessment) -> Iterator[Markup]:
    yield tag("li", f"资源配置（{scope(answer)}）：", _badge(answer.resources))
    for stage, one in answer.stages.items():
        seen = answer.coverage[stage]
        counted = f"{_schools_told(answer, stage)}，数据齐全 {seen.reported}/{seen.expected} 校"
        told = f" {one.schools} 校 {one.pupils:,} 人，{counted}"
        yield tag("li", f"{STAGE_LABELS[stage]}：", _badge(one.verdict), told)
    statuses = Counter(one.status for one in answer.requirements.values())
    told = "，".join(f"{label} {statuses[status]} 项" for status, label in VERDICT_LABELS.items() if statuses[status])
    yield tag("li", f"其他要求 {len(answer.requirements)} 项：{told}")


def _schools_told(answer: Assessment, stage: str) -> str:
    sample = [one for one in answer.sections if one.stage == stage and one.in_sample is not False]
    counted = Counter(one.verdict for one in sample)
    return "，".join(f"{VERDICT_LABELS[one]} {counted[one]} 校" for one in VERDICT_LABELS if counted[one]) or "没有学校"


def _first_reasons(answer: Assessment) -> Markup:
    if not answer.reasons:
        return Markup()
    first = [tag("li", one.message) for one in answer.reasons[:FIRST_REASONS]]
    more = len(answer.reasons) - FIRST_REASONS
    rest = tag("p", f"另有 {more} 条，见“原因”。", class_="quiet") if more > 0 else ""
    return tag("div", tag("h2", "主要原因"), tag("ol", *first), rest)


def spreads(answer: Assessment) -> Markup:
    """Return each stage's spreads: a chart, and a table with every number of it."""
    shown_stages = [stage for stage in answer.stages if any(one.stage == stage for one in answer.sections)]
    return _section("校际差异系数", *(_stage_spreads(answer, stage) for stage in shown_stages))


def _stage_spreads(answer: Assessment, stage: str) -> Markup:
    one = answer.stages[stage]
    decimals = answer.rules.standard.display.spread_decimals
    label = f"{STAGE_LABELS[stage]}各项差异系数与上限的柱图，数字见下表"
    chart = tag("div", class_="chart", data_stage=stage, role="img", aria_label=label)
    rows = [_spread_row(answer, stage, id, spread) for id, spread in one.indicators.items()]
    composite = figure(or_dash(one.composite_cv, decimals))
    rows.append([words("综合"), words("各项平均，只供参考", NAME), composite, *[words("")] * 5])
    headings = ("指标", "名称", "差异系数", "上限", "结论", "标准值", "县均值", "标准差")
    heading = tag("h3", f"{STAGE_LABELS[stage]}（虚线是上限；灰色是还不能判定，只画可能的最小值）")
    return tag("div", heading, chart, table(headings, rows, f"{STAGE_LABELS[stage]}校际差异系数"), class_="stage")


def _spread_row(answer: Assessment, stage: str, id: str, spread: Spread) -> list[Markup]:
    display = answer.rules.standard.display
    return [
        words(id),
        words(answer.rules.indicators[id].name, NAME),
        figure(spread_told(spread, display.spread_decimals)),
        figure(shown(spread.cv_limit, display.spread_decimals)),
        words(VERDICT_LABELS[spread.status], spread.status),
        figure(shown(float(answer.rules.thresholds[id][stage]), display.value_decimals)),
        figure(or_dash(spread.mean, display.value_decimals)),
        figure(or_dash(spread.sd, display.value_decimals)),
    ]


def schools(answer: Assessment) -> Markup:
    """Return the schools against the indicators, coloured by the line that each value reaches."""
    key = [tag("span", f"{MARKS[one]}{label}", class_=f"key {one}") for one, label in STATUS_LABELS.items()]
    tables = (_stage_schools(answer, stage) for stage in answer.stages)
    return _section("各校七项指标", tag("p", *key, "* 与线相差极小，请人工核对"), *tables)


def _stage_schools(answer: Assessment, stage: str) -> Markup:
    own = [one for one in answer.sections if one.stage == stage]
    headings = ("学校", "在校生", *answer.rules.indicators, "结论", "说明")
    if not own:
        return Markup()
    return table(headings, [_school_row(answer, one) for one in own], f"{STAGE_LABELS[stage]}各校")


def _school_row(answer: Assessment, section: Section) -> Iterator[Markup]:
    outside = section.in_sample is False
    decimals = answer.rules.standard.display.value_decimals
    yield tag("th", school_told(section), scope="row", class_="quiet" if outside else "")
    yield figure(UNREPORTED if section.pupils is None else f"{section.pupils:,}")
    for one in section.indicators.values():
        yield figure(_value(one, decimals), "quiet" if outside else one.status)
    verdict = "outside" if outside else section.verdict
    yield words("不纳入" if outside else VERDICT_LABELS[verdict], verdict)
    yield words(why_outside(answer, section) if outside else f"{section.met}/{len(section.indicators)} 项达到标准值")


def _value(one: Measured, decimals: int) -> str:
    if one.value is None:
        return UNREPORTED
    return f"{MARKS[one.status]}{shown(one.value, decimals)}{'*' if one.borderline else ''}"


def shortfalls(answer: Assessment) -> Markup:
    """Return what each school lacks to its lines, in buying units."""
    rows = [list(_gap_row(answer, *gap)) for gap in gaps(answer)]
    if not rows:
        return _section("缺口", tag("p", "没有未达标准值的指标。"))
    headings = ("学校", "学段", "指标", "名称", "现值", "标准值", "差多少到 85%", "差多少到标准值")
    told = tag("p", "按购买单位向上取整；一贯制等学校的校舍、设备缺口是全校要增加的数量。", class_="quiet")
    return _section("缺口", told, table(headings, rows, f"未达标准值的 {len(rows)} 处"))


def _gap_row(answer: Assessment, section: Section, id: str, one: Measured) -> Iterator[Markup]:
    decimals = answer.rules.standard.display.value_decimals
    unit = answer.rules.indicators[id].measured.unit
    yield tag("th", school_told(section), scope="row")
    yield words(STAGE_LABELS[section.stage])
    yield words(id)
    yield words(answer.rules.indicators[id].name, NAME)
    yield figure(_value(one, decimals), one.status)
    yield figure(shown(one.threshold, decimals))
    yield figure(f"{one.gap_to_floor:,} {unit}" if one.gap_to_floor else "已到")
    yield figure(f"{one.gap_to_threshold:,} {unit}")


def requirements(answer: Assessment) -> Markup:
    """Return what is asked beside the resources, part by part."""
    rows = [
        [
            words(one.id if at == 0 else ""),
            words(GROUPS[one.group] if at == 0 else ""),
            words(one.name if len(one.parts) == 1 else part.name, NAME),
            *(figure(text) for text in figures(part)),
            words(VERDICT_LABELS[part.status], part.status),
        ]
        for one in answer.requirements.values()
        for at, part in enumerate(one.parts)
    ]
    headings = ("指标", "类别", "要求", "数值", "标准", "结论")
    return _section("其他要求", table(headings, rows, "政府保障、教育质量、社会认可、一票否决、资格审核"))


def reasons(answer: Assessment) -> Markup:
    """Return every reason."""
    items = [tag("li", one.message) for one in answer.reasons]
    return _section(f"原因（{len(items)} 条）", tag("ol", *items) if items else tag("p", "全部达标。"))


def unreported(answer: Assessment) -> Markup:
    """Return the cells that are still to be filled in, and the requirements that cannot be judged yet."""
    cells = [
        tag("li", f"{school_told(one)}（{STAGE_LABELS[one.stage]}）：{'、'.join(labels)}")
        for one, labels in missing(answer)
    ]
    open = [one for one in answer.requirements.values() if one.status == "undetermined"]
    cells += [tag("li", f"{one.id} {one.reason or one.name}") for one in open]
    told = tag("ul", *cells) if cells else tag("p", "判定所需的数据齐全。")
    return _section("还缺的数据", told)


def footnote(answer: Assessment) -> Markup:
    """Return how the numbers were judged and rounded."""
    display = answer.rules.standard.display
    told = (
        f"判定用未舍入的数；显示时指标值保留 {display.value_decimals} 位小数，差异系数 {display.spread_decimals} 位。"
        f"规则手册 {answer.rules.standard.id}，引擎版本 {answer.engine}。"
    )
    return tag("footer", tag("p", told))


def _section(heading: str, *children: str) -> Markup:
    return tag("section", tag("h2", heading), *children)
