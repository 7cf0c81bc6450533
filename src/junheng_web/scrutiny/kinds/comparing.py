"""Signs from figures beside other figures: last period's, like schools', the line's, the whole county's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from junheng import api as jh
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, per_stage
from junheng_web.scrutiny.declared import Compared, Declared
from junheng_web.scrutiny.evidence import COUNTY, Evidence, Sign
from junheng_web.scrutiny.kinds.words import figure, like, names, of_school

PERCENT, LISTED = 100, 60


def found(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield what the core's own checks found that is worth a look: change against last period, jumps (P11, P12)."""
    for one in evidence.found:
        finding, code = one.finding, one.finding.school_code or ""
        if finding.check.id not in of.terms.checks or code not in evidence.schools:
            continue
        told = f"{finding.message}{f'。学校说明：{one.said}' if one.said else ''}"
        value = f"{finding.value or ''}：{finding.message}"
        yield Sign(of, code, f"{finding.check.id}:{finding.column}", value, told, one.key)


def apart(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield where a school has far more per pupil than the schools like it: robust z-score and share, both exact."""
    for compared in of.terms.ratios:
        for peer in evidence.peers(of, compared.ratio):
            if _far(of, compared, peer):
                yield _apart(of, compared, peer, evidence)


def _far(of: Declared, compared: Compared, peer: jh.Peer) -> bool:
    """Whether a school is far above, and by enough of what is counted: one teacher more makes nobody suspicious."""
    if peer.middle is None or peer.pupils < of.terms.least_pupils:
        return False
    more = peer.under * (peer.ratio - peer.middle)
    return more >= compared.least and peer.above(of.terms.deviations, of.terms.away)


def _apart(of: Declared, compared: Compared, peer: jh.Peer, evidence: Evidence) -> Sign:
    middle, code = peer.middle or Fraction(0), peer.school_code
    columns = [name for name in _columns(compared.ratio, peer.like.stage) if evidence.schools[code][name] is not None]
    own, others = (figure(one * compared.times, compared.unit) for one in (peer.ratio, middle))
    told = f"{compared.name} {own}，同类 {peer.alike} 校（{like(peer.like, evidence)}）的中位数 {others}"
    told += f"，是中位数的 {figure(peer.ratio / middle)} 倍" if middle else ""
    value = "；".join(f"{name}={evidence.schools[code][name]}" for name in columns)
    numbers = (*(of_school(code, name, evidence) for name in columns), ("同类的中位数", others))
    key = (SCHOOLS.name, code, columns[0])
    return Sign(of, code, columns[0], value, told, key, numbers)


def _columns(ratio: jh.Ratio, stage: str | None) -> list[str]:
    return [f"{stage}_{name}" if per_stage(name) else name for name in (*ratio.over, *ratio.under)]


def crowded(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each line just above which far more schools stand than just below it, by the exact binomial tail."""
    for one in jh.crowds(evidence.answer, of.terms.margin):
        if one.chance <= of.terms.chance:
            yield _crowded(of, one, evidence)


def _crowded(of: Declared, one: jh.Crowd, evidence: Evidence) -> Sign:
    indicator, near = evidence.answer.rules.indicators[one.indicator], f"{float(of.terms.margin * PERCENT):g}"
    sides = f"刚过线（高出 {near}% 以内）的 {len(one.above)} 校，刚不到（差 {near}% 以内）的 {len(one.below)} 校"
    times = f"{round(1 / one.chance):,}"
    told = f"{STAGE_LABELS[one.stage]} {indicator.id} {indicator.name}：{sides}；听凭偶然，大约 {times} 次里才有一次"
    numbers = (
        ("标准值", figure(one.line, indicator.unit)),
        ("刚过线的学校", names(one.above, evidence, LISTED)),
        ("刚不到线的学校", names(one.below, evidence, LISTED) or "没有"),
    )
    value = f"{'、'.join(one.above)}；{'、'.join(one.below)}"
    return Sign(of, COUNTY, f"{one.stage}:{one.indicator}", value, told, None, numbers)


def driving(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each unfinished school or small point that makes a large part of spreads over their limit (P11).

    The parts that schools have in a spread are the engine's, in double precision, as they are shown.
    """
    for (code, stage), why in sorted(_unusual(of, evidence).items()):
        driven = {
            id: spread.contributions[code]
            for id, spread in evidence.answer.stages[stage].indicators.items()
            if spread.status == "fail" and spread.contributions.get(code, 0) >= of.terms.share
        }
        if driven:
            yield _driving(of, evidence, (code, stage), driven, why)


def _unusual(of: Declared, evidence: Evidence) -> dict[tuple[str, str], str]:
    """Return why a school's figures per pupil are of a special kind, by code and stage, of those in the sample."""
    findings = [one.finding for one in evidence.found if one.finding.check.id in of.terms.checks]
    checked = {(one.school_code, stage): one.message for one in findings for stage in _stages(one)}
    told = {}
    for section in (one for one in evidence.answer.sections if one.in_sample):
        at = section.school_code, section.stage
        if why := checked.get(at) or _by_nature(of, section, evidence):
            told[at] = why
    return told


def _stages(finding: jh.Finding) -> Iterable[str]:
    return [finding.stage] if finding.stage else STAGE_LABELS


def _by_nature(of: Declared, section: jh.Section, evidence: Evidence) -> str:
    """Return, in words, that a school is a small point or was built lately; nothing where it is neither."""
    row, year = evidence.schools[section.school_code], evidence.answer.as_of.year
    if row["school_type"] == of.terms.school_type and (section.pupils or 0) <= of.terms.most_pupils:
        return f"教学点只有 {section.pupils} 名学生，刚进样本"
    return f"{row['built_year']} 年新建" if year - of.terms.new_years < (row["built_year"] or 0) <= year else ""


def _driving(of: Declared, evidence: Evidence, at: tuple[str, str], driven: Mapping[str, float], why: str) -> Sign:
    code, stage = at
    section = next(one for one in evidence.answer.sections if (one.school_code, one.stage) == at)
    spreads = "、".join(_spread(evidence, stage, id, share) for id, share in driven.items())
    told = f"{STAGE_LABELS[stage]}差异系数超过上限，本校占了一大块：{spreads}。{why}"
    pupils, values = f"{stage}_pupils", {id: section.indicators[id] for id in driven}
    figures = (_value(evidence, id, Fraction(one.have or 0, one.over or 1)) for id, one in values.items())
    basis = "；".join([str(section.pupils), *(f"{id} {one.have}/{one.over}" for id, one in values.items())])
    numbers = (of_school(code, pupils, evidence), *figures)
    return Sign(of, code, stage, basis, told, (SCHOOLS.name, code, pupils), numbers)


def _value(evidence: Evidence, id: str, value: Fraction) -> tuple[str, str]:
    indicator = evidence.answer.rules.indicators[id]
    return indicator.name, figure(value, indicator.unit)


def _spread(evidence: Evidence, stage: str, id: str, share: float) -> str:
    """Return a spread in words, and how much of it is the school's part."""
    spread, rules = evidence.answer.stages[stage].indicators[id], evidence.answer.rules
    cv, limit = (jh.shown(one, rules.standard.display.spread_decimals) for one in (spread.cv or 0, spread.cv_limit))
    return f"{id} {rules.indicators[id].name}（差异系数 {cv}，上限 {limit}）占 {share:.0%}"
