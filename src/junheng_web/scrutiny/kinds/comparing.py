"""Signs from figures beside other figures: last period's, like schools', the line's, the whole county's."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from junheng import api as jh
from junheng.facts.schema import SCHOOLS, STAGE_LABELS, per_stage
from junheng_web.scrutiny.declared import Compared, Declared
from junheng_web.scrutiny.evidence import COUNTY, Evidence, Sign
from junheng_web.scrutiny.kinds.words import figure, like, names, of_school

PERCENT = 100


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
    if peer.middle is None or peer.pupils < of.terms.least_pupils or not peer.middle:
        return False
    more = peer.under * (peer.ratio - peer.middle)
    return more >= compared.least and peer.above(of.terms.deviations, of.terms.away)


def _apart(of: Declared, compared: Compared, peer: jh.Peer, evidence: Evidence) -> Sign:
    middle, code = peer.middle or Fraction(1), peer.school_code
    columns = [name for name in _columns(compared.ratio, peer.like.stage) if evidence.schools[code][name] is not None]
    own, others = (figure(one * compared.times, compared.unit) for one in (peer.ratio, middle))
    told = f"{compared.name} {own}，同类 {peer.alike} 校（{like(peer.like, evidence)}）的中位数 {others}"
    told += f"，是中位数的 {figure(peer.ratio / middle)} 倍"
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
    indicator, near = evidence.answer.rules.indicators[one.indicator], figure(of.terms.margin * PERCENT)
    sides = f"刚过线（高出 {near}% 以内）的 {len(one.above)} 校，刚不到（差 {near}% 以内）的 {len(one.below)} 校"
    times = f"{round(1 / one.chance):,}"
    told = f"{STAGE_LABELS[one.stage]} {indicator.id} {indicator.name}：{sides}；听凭偶然，大约 {times} 次里有一次"
    numbers = (
        ("标准值", figure(one.line, indicator.unit)),
        ("刚过线的学校", names(one.above, evidence)),
        ("刚不到线的学校", names(one.below, evidence) or "没有"),
    )
    value = f"{'、'.join(one.above)}；{'、'.join(one.below)}"
    return Sign(of, COUNTY, f"{one.stage}:{one.indicator}", value, told, None, numbers)


def driving(of: Declared, evidence: Evidence) -> Iterator[Sign]:
    """Yield each unfinished school or small point that makes a large part of a spread over its limit (P11).

    The parts that schools have in a spread are the engine's, in double precision, as they are shown.
    """
    unusual = _unusual(of, evidence)
    for stage, told in evidence.answer.stages.items():
        for id, spread in told.indicators.items():
            for code, share in spread.contributions.items():
                if spread.status == "fail" and share >= of.terms.share and (code, stage) in unusual:
                    yield _driving(of, evidence, (code, stage, id), share, unusual[code, stage])


def _unusual(of: Declared, evidence: Evidence) -> dict[tuple[str, str], str]:
    """Return why a school's figures per pupil are of a special kind, by code and stage."""
    told = {
        (one.finding.school_code or "", stage): one.finding.message
        for one in evidence.found
        for stage in ([one.finding.stage] if one.finding.stage else STAGE_LABELS)
        if one.finding.check.id in of.terms.checks
    }
    for section in evidence.answer.sections:
        row, at = evidence.schools[section.school_code], (section.school_code, section.stage)
        if row["school_type"] == of.terms.school_type and (section.pupils or 0) <= of.terms.most_pupils:
            told[at] = f"教学点只有 {section.pupils} 名学生，刚进样本"
        elif (row["built_year"] or 0) > evidence.answer.as_of.year - of.terms.new_years:
            told.setdefault(at, f"{row['built_year']} 年新建")
    return told


def _driving(of: Declared, evidence: Evidence, at: tuple[str, str, str], share: float, why: str) -> Sign:
    code, stage, id = at
    spread, indicator = evidence.answer.stages[stage].indicators[id], evidence.answer.rules.indicators[id]
    decimals = evidence.answer.rules.standard.display.spread_decimals
    cv, limit = (jh.shown(one, decimals) for one in (spread.cv or 0, spread.cv_limit))
    told = f"{STAGE_LABELS[stage]} {id} {indicator.name}的差异系数 {cv}（上限 {limit}），本校占 {share:.0%}。{why}"
    section = next(one for one in evidence.answer.sections if (one.school_code, one.stage) == (code, stage))
    measured, pupils = section.indicators[id], f"{stage}_pupils"
    have = figure(_exact(measured.have, measured.over), indicator.unit)
    numbers = (of_school(code, pupils, evidence), (indicator.name, have))
    value = f"{section.pupils}；{measured.have}/{measured.over}"
    return Sign(of, code, f"{stage}:{id}", value, told, (SCHOOLS.name, code, pupils), numbers)


def _exact(have: int | None, over: int | None) -> Fraction:
    return Fraction(have or 0, over or 1)
