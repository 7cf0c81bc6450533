"""Why a county does not pass, or cannot be judged yet, in sentences that an officer can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from junheng.engine.display import shown, shown_beside
from junheng.engine.helping import County
from junheng.engine.ranking import Found, rank
from junheng.engine.result import Act, Measured, Reason, RequirementAnswer, Section, Spread, Stage
from junheng.facts.schema import SCHOOLS, STAGE_LABELS
from junheng.standard.model import Indicator, Rules

# Of the schools that make a spread, so many are named, if each makes at least this share of it.
MAKERS_NAMED = 3
MAKES_MUCH = 0.1
HALF = 0.5


def reasons(
    rules: Rules,
    sections: Sequence[Section],
    stages: Mapping[str, Stage],
    requirements: Mapping[str, RequirementAnswer],
) -> tuple[Reason, ...]:
    """Return a reason for whatever is not a pass, what would help most first (see `ranking`)."""
    county = County(rules, sections, stages, requirements)
    found = [
        *(one for stage in stages for one in _spread_reasons(county, stage)),
        *(one for section in sections if section.in_sample is not False for one in _section_reasons(county, section)),
        *_requirement_reasons(county),
    ]
    return rank(found)


def _spread_reasons(county: County, stage: str) -> Iterator[Found]:
    answer = county.stages[stage]
    if all(one.reason == "no_schools" for one in answer.indicators.values()):
        yield Found(Reason("", stage, f"{STAGE_LABELS[stage]}：没有一所可判的学校"), first=True)
        return
    for id, one in answer.indicators.items():
        if one.status != "pass":
            title = f"{STAGE_LABELS[stage]}{county.rules.indicators[id].name}"
            message = f"{title}{_spread_message(county.rules, one)}{_makers(one, county.names)}"
            act = Act("limit") if one.status == "fail" else None
            helps = county.spread_within(stage, id)
            yield Found(Reason(id, stage, message, one.status, act, helps), _to_do(one), _excess(one))


def _to_do(one: Spread) -> int:
    """Return how few schools make half of a spread: where few do, there is little to do."""
    made, schools = 0.0, 0
    for share in sorted(one.contributions.values(), reverse=True):
        if made < HALF:
            made, schools = made + share, schools + 1
    return schools or 1


def _excess(one: Spread) -> float:
    """Return how far a spread is over its limit, as a share of itself: of the least that it can be."""
    least = one.cv_bounds[0] if one.cv_bounds else one.cv
    return max(0.0, 1 - one.cv_limit / least) if least else 0.0


def _spread_message(rules: Rules, one: Spread) -> str:
    decimals = rules.standard.display.spread_decimals
    limit = shown(one.cv_limit, decimals)
    if one.cv is not None:
        return f"的校际差异系数为 {shown_beside(one.cv, one.cv_limit, decimals)}，超过 {limit}"
    if one.cv_bounds is None:
        return "：各校都是 0，差异系数无法计算"
    low, high = one.cv_bounds
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


def _section_reasons(county: County, section: Section) -> Iterator[Found]:
    for id, one in section.indicators.items():
        if one.status == "missing":
            yield _missing(county, section, id, one)
        elif one.status != "met" and section.verdict == "fail":
            yield _lacking(county, section, id, one)
    if section.in_sample is None:
        message = f"{_title(section)}：学校类型或在校生数未报，不知是否纳入样本"
        yield Found(Reason("", _scope(section), message))


def _missing(county: County, section: Section, id: str, one: Measured) -> Found:
    message = f"{_title(section)}：{county.rules.indicators[id].name}缺少{_labels(one.missing)}"
    helps = county.reported(section, one.missing)
    act = Act("reported", columns=one.missing)
    return Found(Reason(id, _scope(section), message, "undetermined", act, helps), max(1, len(one.missing)))


def _lacking(county: County, section: Section, id: str, one: Measured) -> Found:
    indicator = county.rules.indicators[id]
    message = f"{_title(section)}：{indicator.name}{_lack(indicator, one)}"
    verdict = "fail" if section.in_sample else "undetermined"
    to, units = county.nearest_line(section, id)
    act = Act(to, units, indicator.measured.unit)
    line = one.floor if to == "floor" else one.threshold
    helps = county.raised(section, id, units) if section.in_sample else ()
    lack = 1 - (one.value or 0.0) / line
    return Found(Reason(id, _scope(section), message, verdict, act, helps), county.to_mend(section), lack)


def _lack(indicator: Indicator, one: Measured) -> str:
    unit = indicator.measured.unit
    if one.status == "floor":
        return f"未达标准值，还差 {one.gap_to_threshold:,} {unit}"
    return f"不到标准值的85%，还差 {one.gap_to_floor:,} {unit}到85%、{one.gap_to_threshold:,} {unit}到标准值"


def _requirement_reasons(county: County) -> Iterator[Found]:
    for one in county.requirements.values():
        if one.status in {"fail", "undetermined"}:
            act = Act("line" if one.status == "fail" else "reported")
            reason = Reason(one.id, "county", f"{one.id} {one.reason}", one.status, act, county.requirement_met(one))
            open_parts = [part for part in one.parts if part.status == one.status]
            to_do = sum(max(1, part.failing if one.status == "fail" else part.missing) for part in open_parts)
            yield Found(
                reason,
                to_do,
                max(_short(part.value, part.threshold, part.counts) for part in open_parts),
                first=one.group == "veto",
            )


def _short(value: float | None, line: float | None, counts: bool) -> float:
    """Return by which share of its line a figure falls short; 0 where there is no one figure."""
    if value is None or not line or counts:
        return 0.0
    return abs(1 - value / line)


def _scope(section: Section) -> str:
    return f"{section.stage}:{section.school_code}"


def _title(section: Section) -> str:
    return f"{section.school_name or section.school_code}（{STAGE_LABELS[section.stage]}）"


def _labels(columns: Sequence[str]) -> str:
    return "、".join(SCHOOLS.column(name).label for name in columns)
