"""Why a county does not pass, or cannot be judged yet, in sentences that an officer can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from junheng.engine.display import shown, shown_beside
from junheng.engine.result import Reason, RequirementAnswer, Section, Spread, Stage
from junheng.facts.schema import SCHOOLS, STAGE_LABELS
from junheng.standard.model import Indicator, Rules


def reasons(rules: Rules, sections: Sequence[Section], stages: Mapping[str, Stage]) -> tuple[Reason, ...]:
    """Return a reason for each school and spread that is not a pass: failures first, then what is undetermined."""
    names = {section.school_code: section.school_name or section.school_code for section in sections}
    found = [
        *(one for stage in stages for one in _spread_reasons(rules, stage, stages[stage], names)),
        *(one for section in sections if section.in_sample is not False for one in _section_reasons(rules, section)),
    ]
    return tuple(reason for verdict in ("fail", "undetermined") for level, reason in found if level == verdict)


def requirement_reasons(requirements: Mapping[str, RequirementAnswer]) -> tuple[Reason, ...]:
    """Return a reason for each requirement that is not met: the veto items, then failures, then what is open."""
    order = {"fail": 1, "undetermined": 2}
    open_ones = [one for one in requirements.values() if one.status in order]
    open_ones.sort(key=lambda one: 0 if (one.group, one.status) == ("veto", "fail") else order[one.status])
    return tuple(Reason(one.id, "county", f"{one.id} {one.reason}") for one in open_ones)


Found = tuple[str, Reason]

# Of the schools that make a spread, so many are named, if each makes at least this share of it.
MAKERS_NAMED = 3
MAKES_MUCH = 0.1


def _spread_reasons(rules: Rules, stage: str, answer: Stage, names: Mapping[str, str]) -> Iterator[Found]:
    if all(one.reason == "no_schools" for one in answer.indicators.values()):
        yield "undetermined", Reason("", stage, f"{STAGE_LABELS[stage]}：没有一所可判的学校")
        return
    for id, one in answer.indicators.items():
        if one.status != "pass":
            title = f"{STAGE_LABELS[stage]}{rules.indicators[id].name}"
            yield one.status, Reason(id, stage, f"{title}{_spread_message(rules, one)}{_makers(one, names)}")


def _spread_message(rules: Rules, one: Spread) -> str:
    decimals = rules.standard.display.spread_decimals
    limit = shown(one.cv_limit, decimals)
    if one.reason == "mean_zero":
        return "：各校都是 0，差异系数无法计算"
    if one.cv is not None:
        return f"的校际差异系数为 {shown_beside(one.cv, one.cv_limit, decimals)}，超过 {limit}"
    low, high = one.cv_bounds or (0.0, None)
    between = f"{shown(low, decimals)} 至{'无上限' if high is None else ' ' + shown(high, decimals)}"
    what = "必定超过" if one.status == "fail" else "补齐数据后才能判定是否超过"
    return f"的校际差异系数可能是 {between}，{what} {limit}"


def _makers(one: Spread, names: Mapping[str, str]) -> str:
    """Name the schools that make most of a spread: where to act first."""
    named = "、".join(f"{names[code]}（{share:.0%}）" for code, share in makers(one).items())
    return f"；差异主要来自{named}" if named else ""


def makers(one: Spread) -> Mapping[str, float]:
    """Return the schools that make most of a spread, with the share of each, the largest first."""
    most = sorted(one.contributions.items(), key=lambda pair: -pair[1])[:MAKERS_NAMED]
    return {code: share for code, share in most if share >= MAKES_MUCH}


def _section_reasons(rules: Rules, section: Section) -> Iterator[Found]:
    if section.verdict == "pass" and section.in_sample:
        return
    scope = f"{section.stage}:{section.school_code}"
    level = "fail" if section.verdict == "fail" and section.in_sample else "undetermined"
    for id, one in section.indicators.items():
        message = ""
        if one.status == "missing":
            message = f"缺少{_labels(one.missing)}"
        elif one.status != "met" and section.verdict == "fail":
            message = _lack(rules.indicators[id], one.status, one.gap_to_threshold, one.gap_to_floor)
        if message:
            kind = level if one.status != "missing" else "undetermined"
            yield kind, Reason(id, scope, f"{_title(section)}：{rules.indicators[id].name}{message}")
    if section.in_sample is None:
        yield "undetermined", Reason("", scope, f"{_title(section)}：学校类型或在校生数未报，不知是否纳入样本")


def _lack(indicator: Indicator, status: str, to_threshold: int | None, to_floor: int | None) -> str:
    unit = indicator.measured.unit
    if status == "floor":
        return f"未达标准值，还差 {to_threshold:,} {unit}"
    return f"不到标准值的85%，还差 {to_floor:,} {unit}到85%、{to_threshold:,} {unit}到标准值"


def _title(section: Section) -> str:
    return f"{section.school_name or section.school_code}（{STAGE_LABELS[section.stage]}）"


def _labels(columns: Sequence[str]) -> str:
    return "、".join(SCHOOLS.column(name).label for name in columns)
