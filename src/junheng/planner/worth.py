"""What limits cost: one more unit of each that binds, each spread by itself, the margin; confirmed by solving again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from junheng.engine.display import shown
from junheng.facts.plan_schema import LIMITED
from junheng.facts.schema import STAGE_LABELS
from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.limits import Cap, caps
from junheng.planner.model import build
from junheng.planner.pairing import NEAR
from junheng.planner.plan import Worth
from junheng.planner.search import Search, last, search
from junheng.planner.steps import Steps, read, values, within
from junheng.planner.terms import HUNDRED
from junheng.planner.variables import Ask, Model

# So many limits are tried; a county has more only where every school's land binds.
TRIED = 12
FEN_IN_WAN = 10_000 * HUNDRED


def worths(case: Case, model: Model, found: Sequence[float], cost: int, gap: float) -> Iterator[Worth]:
    """Yield what each binding limit and spread, the 6 of 7 and the margin are worth."""
    yield from _limits(case, model, found, cost, gap)
    yield from _spreads(case, model, found, cost, gap)
    yield from _choice(case, cost, gap)
    yield from _margin(case, cost, gap)


def _limits(case: Case, model: Model, found: Sequence[float], cost: int, gap: float) -> Iterator[Worth]:
    binding = [cap for cap in caps(model) if cap.most is not None and cap.what.at(found) > cap.most - 1 + NEAR]
    own = [cap for cap in binding if (cap.item, cap.school) in case.terms.most]
    for cap in own[:TRIED]:
        limit = case.terms.most[cap.item, cap.school]
        terms = replace(case.terms, most={**case.terms.most, (cap.item, cap.school): limit + 1})
        better = last(search(case.on(terms), gap=gap))
        if better is not None and better.cost < cost:
            yield Worth(cap.item, cap.school, _told(case, cap, cost - better.cost), cost - better.cost)


def _told(case: Case, cap: Cap, saves: int) -> str:
    limit = LIMITED[cap.item]
    where = f"{case.names[cap.school]}的" if cap.school else ""
    return f"{where}“{limit.label}”再放宽 1 {limit.unit}，可省 {shown(saves / FEN_IN_WAN, 2)} 万元"


def _spreads(case: Case, model: Model, found: Sequence[float], cost: int, gap: float) -> Iterator[Worth]:
    """A spread costs what is saved where it alone is left out."""
    limits = all_limits(model)
    steps = read(model, found)
    for (stage, indicator), limit in limits.items():
        if not _near_limit(case, steps, stage, indicator, limit):
            continue
        others = {key: value for key, value in limits.items() if key != (stage, indicator)}
        better = last(Search(build(case), others, gap).run())
        if better is not None and better.cost < cost:
            name = case.rules.indicators[indicator].name
            saves = cost - better.cost
            told = f"{STAGE_LABELS[stage]}“{name}”的差异系数要求，花费 {shown(saves / FEN_IN_WAN, 2)} 万元"
            yield Worth(f"cv:{stage}:{indicator}", "", told, saves)


def _near_limit(case: Case, steps: Steps, stage: str, indicator: str, limit: Fraction) -> bool:
    return not within(values(case, steps, stage, indicator), limit * Fraction(99, 100))


def _choice(case: Case, cost: int, gap: float) -> Iterator[Worth]:
    """Letting each school leave one indicator at its floor saves what forcing all of them would add."""
    dearer = last(search(case, ask=Ask(may_miss=False), gap=gap))
    if dearer is not None and dearer.cost > cost:
        saves = dearer.cost - cost
        told = f"每校允许一项只达到 85%，已省 {shown(saves / FEN_IN_WAN, 2)} 万元"
        yield Worth("missed", "", told, saves)


def _margin(case: Case, cost: int, gap: float) -> Iterator[Worth]:
    """The margin over the lines costs what is saved without it."""
    share = case.terms.at_least("margin") or Fraction(0)
    better = last(search(case.without_margin(), gap=gap)) if share else None
    if better is not None and better.cost < cost:
        saves = cost - better.cost
        told = f"比标准值多 {shown(float(share), 0)}% 的余量，花费 {shown(saves / FEN_IN_WAN, 2)} 万元"
        yield Worth("margin", "", told, saves)
