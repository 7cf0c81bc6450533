"""The families of constraints about things: what is bought and built, and where it begins."""

from __future__ import annotations

from fractions import Fraction

from junheng.facts.plan_schema import Deed
from junheng.facts.schema import SCHOOLS
from junheng.facts.schema import Kind as ColumnKind
from junheng.planner.linear import Sum
from junheng.planner.variables import Model

THOUSAND = 1000


def purchases(model: Model) -> None:
    """What a school buys or builds belongs to all its stages; a fixed price is paid where it begins at all."""
    case, program = model.case, model.program
    for school in case.schools:
        for deed in dict.fromkeys(case.bought.values()):
            money = SCHOOLS.column(deed.facts[0]).kind is ColumnKind.MONEY
            scale = THOUSAND if money else 1
            units = program.variable(whole=not money)
            model.bought[school, deed.item] = units * scale
            if case.terms.prices[deed.item].fixed:
                model.begun[school, deed.item] = program.variable(1, whole=True)
                model.begins[school, deed.item] = len(program.rows)
                program.keep(units - model.begun[school, deed.item], at_most=0)
            _at_most_useful(model, school, deed)


def reach_up_to(model: Model, stage: str, indicator: str, level: Fraction) -> None:
    """Let schools buy as much as brings them to a level of an indicator in a stage, where more is of no use."""
    model.levels[stage, indicator] = level
    deed = model.case.bought.get(indicator)
    if deed is not None:
        for school in dict.fromkeys(one.school for one in model.case.stages[stage]):
            _at_most_useful(model, school, deed)


def _at_most_useful(model: Model, school: str, deed: Deed) -> None:
    """No more is bought than is useful, and nothing without beginning: units <= most * begun."""
    name, program = (school, deed.item), model.program
    ((at, scale),) = model.bought[name].terms.items()
    most = model.useful.most(school, deed, model.levels) / scale
    program.bound(Sum({at: 1.0}), upper=most)
    if name in model.begun:
        program.restate(model.begins[name], Sum({at: 1.0}) - most * model.begun[name], at_most=0)
