"""The county's page: verdicts, spreads, what else is not met, and the schools about which there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS, Assessment, Section
from junheng.facts.schema import STAGE_LABELS
from junheng.output.gaps import has_findings
from junheng.output.told import school_told, scope, spread_told, why_outside
from junheng.output.word.paper import LEFT_MM, RIGHT_MM, WIDTH_MM, Paper


def write_county(answer: Assessment, paper: Paper) -> None:
    """Write the county's page."""
    paper.heading("一、总的结论")
    paper.text(f"全县{VERDICT_LABELS[answer.verdict]}。资源配置（{scope(answer)}）{VERDICT_LABELS[answer.resources]}。")
    paper.table(("学段", "学校数", "在校生", "达标学校", "数据齐全", "结论"), _stages(answer), (22, 24, 28, 28, 28, 26))
    paper.heading("二、校际差异系数")
    limits = [f"{STAGE_LABELS[stage]}\n（上限 {_limit(answer, stage)}）" for stage in answer.stages]
    headings = [cell for limit in limits for cell in (limit, "结论")]
    widths = [28, 20] * len(limits)
    rest = WIDTH_MM - LEFT_MM - RIGHT_MM - sum(widths) - 12
    paper.table(("指标", "名称", *headings), _spreads(answer), (12, rest, *widths))
    paper.heading("三、其他要求")
    _write_requirements(answer, paper)
    paper.heading("四、没有问题的学校")
    _write_quiet(answer, paper)


def _stages(answer: Assessment) -> Iterable[tuple[str, ...]]:
    for stage, one in answer.stages.items():
        passed = sum(s.stage == stage and bool(s.in_sample) and s.verdict == "pass" for s in answer.sections)
        seen = answer.coverage[stage]
        told = (f"{one.schools}", f"{one.pupils:,}", f"{passed}", f"{seen.reported}/{seen.expected}")
        yield STAGE_LABELS[stage], *told, VERDICT_LABELS[one.verdict]


def _limit(answer: Assessment, stage: str) -> str:
    return shown(float(answer.rules.spread_limits[stage]), answer.rules.standard.display.spread_decimals)


def _spreads(answer: Assessment) -> Iterable[tuple[str, ...]]:
    decimals = answer.rules.standard.display.spread_decimals
    for id, indicator in answer.rules.indicators.items():
        spreads = [one.indicators[id] for one in answer.stages.values()]
        told = [cell for one in spreads for cell in (spread_told(one, decimals), VERDICT_LABELS[one.status])]
        yield id, indicator.name, *told


def _write_requirements(answer: Assessment, paper: Paper) -> None:
    open = [one for one in answer.requirements.values() if one.status in {"fail", "undetermined"}]
    paper.text(f"共 {len(answer.requirements)} 项，{len(open)} 项不达标或不能判定。")
    for one in open:
        paper.text(f"{one.id}（{VERDICT_LABELS[one.status]}）{one.reason or one.name}。")


def _write_quiet(answer: Assessment, paper: Paper) -> None:
    quiet = [one for one in answer.sections if one.in_sample is not False and not has_findings(answer, one)]
    outside = [one for one in answer.sections if one.in_sample is False]
    paper.text(f"{_listed(quiet)}。" if quiet else "没有。")
    if outside:
        told = "；".join(f"{_named(one)}：{why_outside(answer, one)}" for one in outside)
        paper.text(f"不纳入样本：{told}。")


def _listed(sections: Iterable[Section]) -> str:
    return "、".join(_named(one) for one in sections)


def _named(section: Section) -> str:
    return f"{school_told(section)}（{STAGE_LABELS[section.stage]}）"
