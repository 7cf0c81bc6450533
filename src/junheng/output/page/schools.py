"""The schools on the page: each indicator by colour, and what each school lacks."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.engine.display import shown
from junheng.engine.result import STATUS_LABELS, Assessment, Measured, Section
from junheng.facts.schema import STAGE_LABELS
from junheng.output.by_school import School, by_school
from junheng.output.page.markup import NOTHING, Markup, number, row, table, tag, verdict_cell
from junheng.output.told import NONE, UNREPORTED, labels_told, line_told, school_told

STATUS_MARKS = {"met": "", "floor": "▽", "below": "✗", "missing": ""}
STATES = {"failing": "不达标", "missing": UNREPORTED}


def schools_part(answer: Assessment) -> Markup:
    """Return the heat table: schools by indicators, a table a stage."""
    legend = tag(
        "p",
        *(tag("span", f"{STATUS_MARKS[status]}{label}", class_=f"key {status}") for status, label in _legend()),
        "* 与线相差极小，请人工核对；灰色的学校不进样本。",
        class_="legend",
    )
    stages = (_heat(answer, stage) for stage in answer.stages)
    return tag("section", tag("h2", "各校指标"), legend, *stages, id="schools")


def _legend() -> Iterator[tuple[str, str]]:
    yield from STATUS_LABELS.items()


def _heat(answer: Assessment, stage: str) -> Markup:
    own = [section for section in answer.sections if section.stage == stage]
    if not own:
        return tag("p", f"{STAGE_LABELS[stage]}：没有学校")
    indicators = answer.rules.indicators
    ids = [tag("abbr", id, title=one.name) for id, one in indicators.items()]
    lines = row(
        tag("th", "标准值", scope="row"),
        "",
        *(number(line_told(answer.rules.thresholds[id][stage])) for id in indicators),
        "",
        "",
        class_="lines",
    )
    rows = [lines, *(_heat_row(answer, section) for section in own)]
    return table(f"{STAGE_LABELS[stage]}", ("学校", "在校生", *ids, "达标项", "结论"), rows, "heat")


def _heat_row(answer: Assessment, section: Section) -> Markup:
    decimals = answer.rules.standard.display.value_decimals
    outside = section.in_sample is False
    return row(
        tag("th", school_told(section), scope="row"),
        number("未报" if section.pupils is None else f"{section.pupils:,}"),
        *(_heat_cell(one, decimals, outside=outside) for one in section.indicators.values()),
        number(f"{section.met}/{len(section.indicators)}"),
        tag("td", "不纳入", class_="dim") if outside else verdict_cell(section.verdict),
        class_="outside" if outside else None,
    )


def _heat_cell(one: Measured, decimals: int, *, outside: bool) -> Markup:
    text = "未报" if one.value is None else f"{STATUS_MARKS[one.status]}{shown(one.value, decimals)}"
    star = "*" if one.borderline else ""
    return tag("td", f"{text}{star}", class_="number" if outside else f"number {one.status}")


def gaps_part(answer: Assessment) -> Markup:
    """Return what each school lacks, in buying units, and its share of the spread; then what else it fails in."""
    schools = [school for school in by_school(answer) if school.has_findings]
    rows = [one for school in schools for one in _gap_rows(answer, school)]
    headings = ("学校", "学段", "指标", "本校", "标准值", "85% 线", "到 85% 还差", "到标准值还差", "占本项差异")
    gaps = table("资源配置的缺口", headings, rows) if rows else tag("p", "没有可列的缺口。")
    makes = [one for school in schools for one in _maker_rows(answer, school)]
    made = table("差异系数超过上限，主要由谁造成", ("学校", "学段", "指标", "占本项差异"), makes) if makes else NOTHING
    others = [one for school in schools for one in _shortcoming_rows(school)]
    beside = table("其他要求里没有达到的", ("学校", "指标", "要求", "对象", "情况"), others) if others else NOTHING
    told = "缺口按购买单位取整；一校多学段共用的校舍、场地、设备，是全校要增加的数量。"
    return tag("section", tag("h2", "各校缺口"), tag("p", told), gaps, made, beside, id="gaps")


def _gap_rows(answer: Assessment, school: School) -> Iterator[Markup]:
    for section in school.judged:
        for id, one in section.indicators.items():
            if one.status != "met":
                yield _gap_row(answer, section, id, one)


def _gap_row(answer: Assessment, section: Section, id: str, one: Measured) -> Markup:
    indicator, decimals = answer.rules.indicators[id], answer.rules.standard.display.value_decimals
    share = answer.stages[section.stage].indicators[id].contributions.get(section.school_code)
    about = (school_told(section), STAGE_LABELS[section.stage], f"{id} {indicator.name}")
    if one.value is None:
        return row(*about, tag("td", f"未报：{labels_told(one.missing)}", colspan="6", class_="missing"))
    unit = indicator.measured.unit
    return row(
        *about,
        number(shown(one.value, decimals)),
        number(line_told(one.threshold)),
        number(line_told(one.floor)),
        number(f"{one.gap_to_floor:,} {unit}" if one.gap_to_floor else NONE),
        number(f"{one.gap_to_threshold:,} {unit}"),
        number(NONE if share is None else f"{shown(share * 100, 1)}%"),
    )


def _maker_rows(answer: Assessment, school: School) -> Iterator[Markup]:
    for one in school.makes:
        name = f"{one.indicator} {answer.rules.indicators[one.indicator].name}"
        yield row(school.name, STAGE_LABELS[one.stage], name, number(f"{shown(one.share * 100, 1)}%"))


def _shortcoming_rows(school: School) -> Iterator[Markup]:
    for one in school.shortcomings:
        yield row(school.name, one.indicator, one.part, one.subject or school.name, STATES[one.state])
