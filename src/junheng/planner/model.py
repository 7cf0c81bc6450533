"""The planning problem as mathematics, at one glance: variables, the families of constraints, the cost.

The spreads are a family of their own (`cones`): each comes into the program only where it would be broken.
"""

from __future__ import annotations

from junheng.planner.case import Case
from junheng.planner.costs import cost
from junheng.planner.limits import caps, post
from junheng.planner.lines import begun_where_needed, floors, levels_asked, missing_and_failing, thresholds
from junheng.planner.teachers import exchange, new_classes_have_teachers, raising, staffing
from junheng.planner.things import purchases
from junheng.planner.variables import FEN_IN_WAN, Ask, Model

FAMILIES = (
    exchange,
    staffing,
    raising,
    new_classes_have_teachers,
    purchases,
    missing_and_failing,
    thresholds,
    floors,
    begun_where_needed,
    levels_asked,
)


def build(case: Case, ask: Ask | None = None) -> Model:
    """Return the model of a case: the variables, every family of constraints but the spreads, and the cost."""
    model = Model(case, ask or Ask())
    for family in FAMILIES:
        family(model)
    if model.ask.limits:
        for cap in caps(model):
            post(model.program, cap)
    model.program.cost = cost(model) * (1 / FEN_IN_WAN)
    return model
