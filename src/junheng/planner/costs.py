"""The objective: what everything costs that is decided, and which column of money pays it."""

from __future__ import annotations

from junheng.facts.plan_schema import DEEDS
from junheng.planner.linear import Sum, total
from junheng.planner.variables import Model


def cost(model: Model, column: str = "") -> Sum:
    """Return what everything costs (fen), or what one column of money pays."""
    case, terms = model.case, model.case.terms
    parts: list[Sum] = []
    for deed in case.deeds("hire", "upgrade", "buy", "build"):
        if column in ("", deed.money):
            parts.append(model.done(deed) * terms.unit_cost(deed.item))
            begun = [one for (_, item), one in model.begun.items() if item == deed.item]
            parts.append(total(begun) * terms.prices[deed.item].fixed)
    if column in ("", DEEDS["transfer"].money):
        parts.append(_transfers(model))
    return total(parts)


def _transfers(model: Model) -> Sum:
    terms = model.case.terms
    if model.arcs:
        return total(arc * terms.transfer_cost(giver[0], taker[0]) for (giver, taker, _), arc in model.arcs.items())
    return total(model.out.values()) * (terms.unit_cost("transfer") if model.out else 0)
