"""What another reading of a disputed point would change: judged beside the answer, never counted in it.

A reading of one requirement brings parts of its own, which SQL judges with the rest; so it does the parts that past
transition clauses would ease. A reading of the whole document has a named effect: roundings are worked out here, with
fractions, for whatever lies near a line. Only a county that claims what counts in B1-B7 under a past clause is judged
once more (`assess`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from junheng.engine.asked import eased_id
from junheng.engine.display import rounded
from junheng.engine.judging import RELATION, Judged, joined, own_parts
from junheng.engine.result import (
    Assessment,
    Change,
    Measured,
    PartAnswer,
    ReadingEffect,
    RequirementAnswer,
    Section,
    Spread,
    worst,
)
from junheng.engine.stages import put_together
from junheng.standard.model import Disputed, Reading, Rules
from junheng.standard.requirements import Part, Requirement

OF_PERCENT = 2


def with_readings(answer: Assessment, judged: Judged) -> Assessment:
    """Return the answer with every reading that would change something in it, in the document's order."""
    found = [
        *(EFFECTS[reading.effect](answer, one, reading, judged) for one, reading in answer.rules.standard.readings),
        *(
            _requirements(answer, one, reading, {requirement.id: _parts_then(requirement, reading)}, judged)
            for requirement in answer.rules.requirements.values()
            for one, reading in requirement.readings
        ),
    ]
    return replace(answer, readings=tuple(effect for effect in found if effect.changes))


def with_clauses(answer: Assessment, extended: Assessment) -> Assessment:
    """Return the answer with the reading that transition clauses are still in force, as `extended` was judged."""
    others = {effect.question: effect for effect in answer.readings}
    changes = tuple(_differences(answer, extended))
    for one, reading in answer.rules.standard.readings:
        if reading.effect == "clauses_extended" and changes:
            others[one.question] = _effect(one, reading, changes, extended.verdict)
    return replace(answer, readings=tuple(others.values()))


def _effect(one: Disputed, reading: Reading, changes: Sequence[Change], verdict: str) -> ReadingEffect:
    return ReadingEffect(one.question, reading.reading, reading.source, tuple(changes), verdict)


def _parts_then(requirement: Requirement, reading: Reading) -> list[str]:
    """Return what a reading asks of a requirement: its own parts without those replaced, and the reading's."""
    return [*(part.id for part in requirement.parts if part.id not in reading.replaces), *_ids(reading.parts)]


def _ids(parts: Sequence[Part]) -> list[str]:
    return [part.id for part in parts]


def _requirements(
    answer: Assessment, one: Disputed, reading: Reading, asked: Mapping[str, Sequence[str]], judged: Judged
) -> ReadingEffect:
    """Judge the requirements in `asked` by the parts that stand there."""
    now = {id: other.status for id, other in answer.requirements.items()}
    then = now | {id: joined(part.status for part in own_parts(parts, id, judged)) for id, parts in asked.items()}
    changes = [Change(id, "county", now[id], then[id]) for id in now if then[id] != now[id]]
    return _effect(one, reading, changes, worst([answer.resources, *then.values()]))


def _clauses(answer: Assessment, one: Disputed, reading: Reading, judged: Judged) -> ReadingEffect:
    """Judge by eased parts wherever past clauses would ease one."""
    asked = {
        requirement.id: [
            eased_id(id) if (requirement.id, eased_id(id)) in judged else id for id in _ids(requirement.parts)
        ]
        for requirement in answer.rules.requirements.values()
    }
    return _requirements(answer, one, reading, asked, judged)


def _rounding(answer: Assessment, one: Disputed, reading: Reading, judged: Judged) -> ReadingEffect:
    """Judge sections, spreads and, where it is figures that are rounded, shares again."""
    sections = tuple(_section(answer.rules, section, reading.effect) for section in answer.sections)
    stages = {
        stage: put_together(
            stage, sections, {id: _spread(answer.rules, one, reading.effect) for id, one in was.items()}
        )
        for stage, was in ((stage, one.indicators) for stage, one in answer.stages.items())
    }
    requirements = {
        id: replace(other, status=_printed_status(answer.rules, other)) if reading.effect == "round_value" else other
        for id, other in answer.requirements.items()
    }
    then = replace(answer, sections=sections, stages=stages, requirements=requirements)
    verdicts = [*(stage.verdict for stage in stages.values()), *(other.status for other in requirements.values())]
    return _effect(one, reading, tuple(_differences(answer, then)), worst(verdicts))


EFFECTS: Mapping[str, Callable[[Assessment, Disputed, Reading, Judged], ReadingEffect]] = {
    "round_floor": _rounding,
    "round_value": _rounding,
    "clauses_extended": _clauses,
}


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
    step = 10.0**-rules.standard.display.value_decimals
    if not any(_close(one, step) for one in section.indicators.values()):
        return section
    statuses = [_status(rules, id, section.stage, one, effect) for id, one in section.indicators.items()]
    return replace(section, verdict=_verdict(statuses, rules.standard.may_miss))


def _close(one: Measured, step: float) -> bool:
    """Whether a value is within one printed step of a line: further off, no rounding can turn it."""
    return one.value is not None and (abs(one.value - one.threshold) <= step or abs(one.value - one.floor) <= step)


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


def _printed_status(rules: Rules, answer: RequirementAnswer) -> str:
    """Return a requirement's status by the figures that a form prints."""
    parts = {part.id: part for part in rules.requirements[answer.id].parts}
    return joined(_printed_part(rules, parts[one.id], one) for one in answer.parts)


def _printed_part(rules: Rules, part: Part, one: PartAnswer) -> str:
    decimals, line = rules.standard.display.form_decimals.get(part.unit), part.line(rules.day)
    if one.counts or one.value is None or decimals is None or line is None:
        return one.status
    digits = decimals + (OF_PERCENT if part.unit == "%" else 0)
    printed = rounded(Fraction(Decimal(repr(one.value))), digits)
    return "pass" if RELATION[part.relation](printed, line) else "fail"
