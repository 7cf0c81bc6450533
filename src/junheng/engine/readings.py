"""What another reading of a disputed point would change: judged beside the answer, never counted in it.

A reading of one requirement brings parts of its own, which SQL judges with the rest. A reading of the whole document
has a named effect: roundings are worked out here, with fractions, for whatever lies near a line; for clauses that
would still be in force the county is judged once more (`assess`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from junheng.engine.display import rounded
from junheng.engine.judging import Judged, joined, own_parts
from junheng.engine.result import Assessment, Change, Measured, ReadingEffect, Section, Spread, worst
from junheng.engine.stages import put_together
from junheng.standard.model import Disputed, Reading, Rules
from junheng.standard.requirements import Requirement

ROUNDINGS = ("round_floor", "round_value")


def with_readings(answer: Assessment, judged: Judged) -> Assessment:
    """Return the answer with every reading that would change something in it, in the document's order."""
    found = [
        *(_rounding(answer, one, reading) for one, reading in answer.rules.standard.readings),
        *(
            _requirement(answer, requirement, one, reading, judged)
            for requirement in answer.rules.requirements.values()
            for one, reading in requirement.readings
        ),
    ]
    return replace(answer, readings=tuple(effect for effect in found if effect.changes))


def with_clauses(answer: Assessment, extended: Assessment) -> Assessment:
    """Return the answer with the reading that transition clauses are still in force, as `extended` was judged."""
    changes = tuple(_differences(answer, extended))
    for one, reading in answer.rules.standard.readings:
        if reading.effect == "clauses_extended" and changes:
            effect = _effect(one, reading, changes, extended.verdict)
            return replace(answer, readings=(effect, *answer.readings))
    return answer


def _effect(one: Disputed, reading: Reading, changes: Sequence[Change], verdict: str) -> ReadingEffect:
    return ReadingEffect(one.question, reading.reading, reading.source, tuple(changes), verdict)


def _requirement(
    answer: Assessment, requirement: Requirement, one: Disputed, reading: Reading, judged: Judged
) -> ReadingEffect:
    """Judge a requirement as the reading asks it: its own parts without those replaced, and the reading's."""
    kept = [part for part in requirement.parts if part.id not in reading.replaces]
    then = joined(own_parts([*kept, *reading.parts], requirement.id, judged))
    now = answer.requirements[requirement.id].status
    statuses = {id: other.status for id, other in answer.requirements.items()} | {requirement.id: then}
    changes = [Change(requirement.id, "county", now, then)] if then != now else []
    return _effect(one, reading, changes, worst([answer.resources, *statuses.values()]))


def _rounding(answer: Assessment, one: Disputed, reading: Reading) -> ReadingEffect:
    """Judge sections and spreads again with rounded figures; another effect changes nothing here."""
    if reading.effect not in ROUNDINGS:
        return _effect(one, reading, [], answer.verdict)
    sections = tuple(_section(answer.rules, section, reading.effect) for section in answer.sections)
    stages = {
        stage: put_together(
            stage, sections, {id: _spread(answer.rules, one, reading.effect) for id, one in was.items()}
        )
        for stage, was in ((stage, one.indicators) for stage, one in answer.stages.items())
    }
    changes = list(_differences(answer, replace(answer, sections=sections, stages=stages)))
    statuses = [other.status for other in answer.requirements.values()]
    return _effect(one, reading, changes, worst([*(stage.verdict for stage in stages.values()), *statuses]))


def _differences(now: Assessment, then: Assessment) -> Iterator[Change]:
    """Yield what two answers on the same facts say otherwise: spreads, sections of the sample, requirements."""
    for stage, one in now.stages.items():
        for id, spread in one.indicators.items():
            yield from _changed(id, stage, spread.status, then.stages[stage].indicators[id].status)
    for section, other in zip(now.sections, then.sections, strict=True):
        if section.in_sample is not False:
            yield from _changed("", f"{section.stage}:{section.school_code}", section.verdict, other.verdict)
    for id, requirement in now.requirements.items():
        yield from _changed(id, "county", requirement.status, then.requirements[id].status)


def _changed(indicator: str, scope: str, now: str, then: str) -> Iterator[Change]:
    if now != then:
        yield Change(indicator, scope, now, then)


def _section(rules: Rules, section: Section, effect: str) -> Section:
    """Return a section with its verdict under a rounding; nothing changes where no value is near a line."""
    if not any(_close(rules, one) for one in section.indicators.values()):
        return section
    statuses = [_status(rules, id, section.stage, one, effect) for id, one in section.indicators.items()]
    return replace(section, verdict=_verdict(statuses, rules.standard.may_miss))


def _close(rules: Rules, one: Measured) -> bool:
    """Whether a value is within one printed step of a line: further off, no rounding can turn it."""
    step = 10.0**-rules.standard.display.value_decimals
    return one.value is not None and any(abs(one.value - line) <= step for line in (one.threshold, one.floor))


def _status(rules: Rules, id: str, stage: str, one: Measured, effect: str) -> str:
    if one.have is None or one.over is None:
        return one.status
    decimals = rules.standard.display.value_decimals
    value, floor = Fraction(one.have, one.over), rules.floor(id, stage)
    value, floor = (rounded(value, decimals), floor) if effect == "round_value" else (value, rounded(floor, decimals))
    return "met" if value >= rules.thresholds[id][stage] else "floor" if value >= floor else "below"


def _verdict(statuses: Sequence[str], may_miss: int) -> str:
    if "below" in statuses or statuses.count("floor") > may_miss:
        return "fail"
    return "undetermined" if "missing" in statuses else "pass"


def _spread(rules: Rules, spread: Spread, effect: str) -> Spread:
    """Return a spread as a form prints it, judged by what is printed."""
    if spread.cv is None or effect != "round_value":
        return spread
    printed = rounded(Fraction(Decimal(repr(spread.cv))), rules.standard.display.spread_decimals)
    return replace(spread, status="pass" if printed <= Fraction(Decimal(repr(spread.cv_limit))) else "fail")


def may_be_eased(rules: Rules, claims: bool, parts: Sequence[Mapping[str, object]]) -> bool:
    """Whether clauses that are not in force could change an answer: something is claimed, or not reached, under one."""
    eased = {(one.id, part.id) for one in rules.requirements.values() for part in one.parts if part.relaxed}
    return claims or any(
        (row["requirement"], row["part"]) in eased and (row["failing"] or row["missing"]) for row in parts
    )
