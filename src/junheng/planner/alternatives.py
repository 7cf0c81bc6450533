"""Other plans that cost hardly more than the best and do as little as possible of what it does.

A decision of the best plan is an indicator that a section leaves at its floor, a deed at a school, a section that gives
teachers or takes some. An alternative is asked to take as few of these as it can within the cost; then, taking no more
of them, to be as cheap as it can, so that nothing stands in it only to be different.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from junheng.facts.plan_schema import DEEDS
from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.linear import Sum, total
from junheng.planner.model import build
from junheng.planner.search import Found, Search, last
from junheng.planner.steps import Decision, Steps
from junheng.planner.terms import HUNDRED
from junheng.planner.variables import FEN_IN_WAN, Key, Model

# How much more an alternative may cost, as a share of the best.
DEARER = (Fraction(5, 1000), Fraction(2, 100))
EXACT = 1e-6
# An alternative need not be proven the cheapest of its kind further than this.
CHEAP = 1e-3


@dataclass(frozen=True, slots=True)
class Other:
    """A plan within so much of the best (a share): what of the best it does not do, and what it does instead."""

    dearer: Fraction
    found: Found
    dropped: tuple[Decision, ...]
    added: tuple[Decision, ...]


def alternatives(case: Case, best: Found, gap: float = EXACT, dearer: Sequence[Fraction] = DEARER) -> Iterator[Other]:
    """Yield, for each share by which it may be dearer, the plan that takes the fewest of the best plan's decisions."""
    own = decisions(case, best.steps)
    before = 0
    for share in dearer:
        most = floor(best.cost * (1 + share))
        found = _least_alike(case, own, most, gap)
        if found is None:
            continue
        other = decisions(case, found.steps)
        if len(own - other) > before:
            before = len(own - other)
            yield Other(share, found, tuple(sorted(own - other)), tuple(sorted(other - own)))


def decisions(case: Case, steps: Steps) -> frozenset[Decision]:
    """Return what a plan decides, without the amounts."""
    found: set[Decision] = set()
    for giver, taker, _ in steps.moves:
        found |= {("give", *giver, ""), ("take", *taker, "")}
    found |= {("hire", *key, item) for key, item in steps.hired}
    found |= {("upgrade", *key, item) for key, item in steps.raised}
    found |= {(DEEDS[item].kind, school, "", item) for school, item in steps.bought}
    return frozenset(found | _missed(case, steps))


def _missed(case: Case, steps: Steps) -> set[Decision]:
    return {
        ("miss", *one.key, id)
        for one in case.sections
        for id, line in one.lines.items()
        if line.value(steps.gained(case, one, id)) < line.threshold
    }


def _least_alike(case: Case, own: frozenset[Decision], most: int, gap: float) -> Found | None:
    """Return the plan within a cost that takes the fewest of some decisions, and is the cheapest of those."""

    def alike(steps: Steps, _: Sequence[float]) -> int:
        return int(len(own & decisions(case, steps)) * FEN_IN_WAN)

    model, kept = _within(case, own, most)
    cost, model.program.cost = model.program.cost, kept
    other = last(Search(model, all_limits(model), gap, alike).run())
    if other is None:
        return None
    model, kept = _within(case, own, most)
    model.program.keep(kept, at_most=len(own & decisions(case, other.steps)))
    model.program.cost = cost
    found = last(Search(model, all_limits(model), CHEAP).run())
    return found if found is not None and found.cost <= most else None


def _within(case: Case, own: frozenset[Decision], most: int) -> tuple[Model, Sum]:
    """Return the model whose plans cost at most so much (fen), and how many of the decisions are taken in it."""
    model = build(case)
    # Money is rounded up to whole yuan afterwards, once a school.
    rounding = len(case.schools) * HUNDRED if any(deed.unit == "元" for deed in case.bought.values()) else 0
    model.program.keep(model.program.cost, at_most=(most - rounding) / FEN_IN_WAN)
    return model, total(_taken(model, one, most) for one in sorted(own))


def _taken(model: Model, decision: Decision, most: int) -> Sum:
    """Return 1 where a decision is taken, of the model's own variables or a new one."""
    kind, school, stage, what = decision
    if kind == "miss":
        return model.missed.get(((school, stage), what), Sum())
    amount, bound = _amount(model, decision, most)
    taken = model.program.variable(1, whole=True)
    model.program.keep(amount * (1 / bound) - taken, at_most=0)
    return taken


def _amount(model: Model, decision: Decision, most: int) -> tuple[Sum, float]:
    """Return how much is done of a decision, and more than can be done of it within the cost."""
    kind, school, stage, item = decision
    key: Key = (school, stage)
    if kind in ("give", "take"):
        moves = model.out if kind == "give" else model.inn
        unit = model.case.terms.unit_cost("transfer")
        amount = total(moves[key, one] for one in model.kinds if (key, one) in moves)
        everybody = sum(sum(one.staff.values()) for one in model.case.sections)
        return amount, float(min(everybody, most // unit) if unit else everybody) or 1.0
    unit = model.case.terms.unit_cost(item)
    if kind in ("hire", "upgrade"):
        people = model.hired if kind == "hire" else model.raised
        return people[key, item], most / unit if unit else _everybody(model)
    return model.bought[school, item], max(1.0, model.useful.most(school, DEEDS[item], model.useful.highest))


def _everybody(model: Model) -> float:
    """Return more teachers than anybody would hire or raise: ten times those there are."""
    return 10.0 * sum(sum(one.staff.values()) for one in model.case.sections)
