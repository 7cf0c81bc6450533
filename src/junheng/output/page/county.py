"""The rest of the page, for a clerk: the other requirements, every reason, what is missing, the sources."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.engine.result import Assessment, PartAnswer, Section
from junheng.facts.schema import STAGE_LABELS
from junheng.output.advice import helps_told, unasked_told, warnings_told
from junheng.output.page.markup import NOTHING, Markup, bullets, join, number, row, table, tag, verdict_cell
from junheng.output.told import figures, labels_told, readings_told, school_told, targets_told, why_outside
from junheng.standard.requirements import GROUPS


def requirements_part(answer: Assessment) -> Markup:
    """Return B8 and onwards, group by group."""
    headings = ("指标", "要求", "数值", "标准", "结论", "说明")
    rows = [one for group, title in GROUPS.items() for one in _group_rows(answer, group, title, len(headings))]
    targets = [*targets_told(answer)]
    beside = join([tag("h3", "本县目标"), bullets(targets)]) if targets else NOTHING
    told = table("政府保障、教育质量、社会认可、一票否决、资格审核", headings, rows)
    return tag("section", tag("h2", "其他要求"), told, beside, id="requirements")


def _group_rows(answer: Assessment, group: str, title: str, width: int) -> Iterator[Markup]:
    ids = [id for id, one in answer.requirements.items() if one.group == group]
    if ids:
        yield row(tag("th", title, colspan=str(width), scope="rowgroup"), class_="group")
    for id in ids:
        yield from _requirement_rows(answer, id)


def _requirement_rows(answer: Assessment, id: str) -> Iterator[Markup]:
    one = answer.requirements[id]
    for at, part in enumerate(one.parts):
        name = one.name if len(one.parts) == 1 else part.name
        yield _part_row(id if at == 0 else "", name, part)


def _part_row(id: str, name: str, part: PartAnswer) -> Markup:
    value, line = figures(part)
    return row(id, name, number(value), number(line), verdict_cell(part.status), part.reason)


def reasons_part(answer: Assessment) -> Markup:
    """Return every reason, and which readings of disputed points would turn something."""
    reasons = [row(one.indicator, one.message, helps_told(answer, one)) for one in answer.reasons]
    title = f"{len(reasons)} 条，最有用的在前"
    told = table(title, ("指标", "原因", "做到这一条"), reasons) if reasons else tag("p", "没有：全部达标。")
    readings = [*readings_told(answer)]
    others = join([tag("h3", "换一种读法，结论会变"), bullets(readings)]) if readings else NOTHING
    return tag("section", tag("h2", "全部原因"), told, others, id="reasons")


def coverage_part(answer: Assessment) -> Markup:
    """Return how much of the sample is reported, which cells are missing, and who is not in the sample."""
    rows = [
        row(STAGE_LABELS[stage], number(one.expected), number(one.reported), number(one.possible))
        for stage, one in answer.coverage.items()
    ]
    counts = table("样本", ("学段", "应报学校", "各项齐全", "尚不知是否纳入"), rows, "narrow")
    missing = [one for section in answer.sections for one in _missing(section)]
    cells = table("还没有报的", ("学校", "学段", "缺少"), missing) if missing else tag("p", "没有缺项。")
    outside = [one for one in answer.sections if one.in_sample is False]
    left_out = [row(school_told(one), STAGE_LABELS[one.stage], why_outside(answer, one)) for one in outside]
    others = table("不纳入样本的", ("学校", "学段", "原因"), left_out) if left_out else NOTHING
    unasked = tag("p", f"{unasked_told(answer)}。") if unasked_told(answer) else NOTHING
    periods = join([tag("h3", "时期提醒"), bullets(warnings_told(answer))]) if answer.warnings else NOTHING
    return tag("section", tag("h2", "数据齐全程度"), counts, cells, others, unasked, periods, id="coverage")


def _missing(section: Section) -> Iterator[Markup]:
    columns = dict.fromkeys(column for one in section.indicators.values() for column in one.missing)
    if columns and section.in_sample is not False:
        yield row(school_told(section), STAGE_LABELS[section.stage], labels_told([*columns]))


def sources_part(answer: Assessment, sources: list[str]) -> Markup:
    """Return what all this rests on: the document, each line's clause, the facts, the engine."""
    standard = answer.rules.standard
    rows = []
    for id, one in answer.rules.indicators.items():
        day = max(date for date in one.references if date <= answer.as_of)
        rows.append(row(id, one.name, one.definition, f"{one.references[day]}（自 {day} 起）"))
    rows += [row(id, one.name, one.definition, one.clause) for id, one in answer.rules.requirements.items()]
    facts = "；".join(sources) or "数据没有写明来源"
    told = [
        f"标准：{standard.title}（{standard.number}），{standard.issuer}。{standard.source}",
        f"数据来源：{facts}",
        f"规则日期 {answer.as_of}，引擎版本 {answer.engine}。判定用未舍入的数，显示时才四舍五入。",
    ]
    clauses = table("每项指标的定义和依据", ("指标", "名称", "怎么算", "依据"), rows, "sources")
    return tag("section", tag("h2", "依据"), bullets(told), clauses, id="sources")
