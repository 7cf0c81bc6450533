"""The families of constraints that the document asks of every school: 资源配置, 单校达标.

Seven values reach their thresholds; one of them may be missed, and reaches its floor (85 %). Where not all must pass,
`failed` lets a school off.
"""

from __future__ import annotations

from junheng.planner.case import Section
from junheng.planner.linear import Sum, total
from junheng.planner.terms import whole_most
from junheng.planner.variables import Model


def missing_and_failing(model: Model) -> None:
    """Of a section's indicators at most one (as the rule book says) is missed; of a school given up none besides."""
    case, program = model.case, model.program
    for school, own in case.schools.items():
        if model.ask.failing:
            model.failed[school] = program.variable(1, whole=True)
        most = case.may_miss(school) if model.ask.may_miss else 0
        for section in own if most else ():
            open_ones = [id for id in section.lines if _asks(model, section, id)]
            model.missed.update({(section.key, id): program.variable(1, whole=True) for id in open_ones})
            missed = total(model.missed[section.key, id] for id in open_ones)
            program.keep(missed + most * model.failed.get(school, Sum()), at_most=most)


def thresholds(model: Model) -> None:
    """Each value reaches its threshold, or is the one that is missed."""
    for section in model.case.sections:
        for indicator, line in section.lines.items():
            if _asks(model, section, indicator):
                enough = line.gained(line.threshold)
                off = (enough - _floor(model, section, indicator)) * _missed(model, section, indicator)
                gained = model.gained(section, indicator) + off + _given_up(model, section, indicator, enough)
                model.program.keep(gained, at_least=enough)


def floors(model: Model) -> None:
    """Each value reaches its floor."""
    for section in model.case.sections:
        for indicator in section.lines:
            if _asks(model, section, indicator):
                least = _floor(model, section, indicator)
                gained = model.gained(section, indicator) + _given_up(model, section, indicator, least)
                model.program.keep(gained, at_least=least)


def levels_asked(model: Model) -> None:
    """Each section gains as much as is asked of it besides (what the practice raises for the spreads)."""
    for section in model.case.sections:
        for indicator in section.lines:
            if (more := model.ask.least.get((section.key, indicator))) is not None:
                model.program.keep(model.gained(section, indicator), at_least=more)


def begun_where_needed(model: Model) -> None:
    """Under its floor a thing begins in any case; under its threshold unless it is the one that is missed."""
    for section in model.case.sections:
        for indicator, line in section.lines.items():
            begun = model.begins_with(section.school, indicator)
            if begun is not None and line.gained(line.threshold) > 0:
                missed = _missed(model, section, indicator) if line.gained(line.floor) <= 0 else Sum()
                model.program.keep(begun + missed + model.failed.get(section.school, Sum()), at_least=1)


def _asks(model: Model, section: Section, indicator: str) -> bool:
    """Whether a line asks for anything: things are never taken away, so where there is enough it does not."""
    line = section.lines[indicator]
    return not model.case.rules.indicators[indicator].apportioned or line.gained(line.threshold) > 0


def _floor(model: Model, section: Section, indicator: str) -> int:
    """Return what must be gained to reach the floor; of things nothing is the least."""
    line = section.lines[indicator]
    least = line.gained(line.floor)
    return max(0, least) if model.case.rules.indicators[indicator].apportioned else least


def _missed(model: Model, section: Section, indicator: str) -> Sum:
    return model.missed.get((section.key, indicator), Sum())


def _given_up(model: Model, section: Section, indicator: str, line: int) -> Sum:
    """Return what a line yields by where the school is given up: all that it asks, and what may be lost besides."""
    if section.school not in model.failed:
        return Sum()
    return max(0, line + may_lose(model, section, indicator)) * model.failed[section.school]


def may_lose(model: Model, section: Section, indicator: str) -> int:
    """Return the most of an indicator's resource that can leave a section: teachers as its limits allow, no things."""
    if model.case.rules.indicators[indicator].apportioned:
        return 0
    return min(section.having(model.case.quality(indicator)), may_leave(model, section))


def may_leave(model: Model, section: Section) -> int:
    """Return how many teachers can leave a section at most, as its limits allow."""
    if section.group is None or not model.ask.transfers:
        return 0
    leaving = whole_most(model.case.terms.at_most("transfers_out", section.school)) if model.ask.limits else None
    staff = sum(section.staff.values())
    return staff if leaving is None else min(staff, leaving)
