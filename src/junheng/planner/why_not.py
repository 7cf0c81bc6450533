"""Why a county cannot pass on its terms: each limit is relaxed by itself, as little as it takes, and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from junheng.engine.display import shown
from junheng.facts.plan_schema import LIMITED
from junheng.facts.schema import STAGE_LABELS
from junheng.planner.case import Case
from junheng.planner.cones import all_limits
from junheng.planner.limits import Cap, caps, post
from junheng.planner.linear import Sum, total
from junheng.planner.model import build
from junheng.planner.pairing import NEAR
from junheng.planner.plan import Because
from junheng.planner.search import Found, Search, last, search
from junheng.planner.steps import Steps
from junheng.planner.variables import FEN_IN_WAN, Ask, Model

# The least spread that can be reached is told to three decimals, as the form does.
SPREAD_STEP = Fraction(1, 1000)
WHATEVER = 1.0
NAMED = 5
WAN = 10_000
MONEY = "budget"
# What is said as a share gives way by people.
IN_PEOPLE = ("staff", "exempt", "transfers_share", "transfers_backbone")
# People and m2 are told exactly; of money, a plan with what is told exists, and one with so much less (relative) may.
EXACT, MONEY_GAP = 1e-6, 1e-4


def why_not(case: Case) -> Iterator[Because]:
    """Yield each limit that alone keeps the county from passing, with the least amount by which it must give way."""
    found = False
    for item in dict.fromkeys(cap.item for cap in caps(build(case))):
        because = _relaxed(case, item)
        if because is not None:
            found = True
            yield because
    for because in _spreads(case):
        found = True
        yield because
    if not found:
        yield Because("", _together(case), None)


def _relaxed(case: Case, item: str) -> Because | None:
    """Return by how much one limit must give way so that there is a plan; None where none does."""
    model, own = build(case, Ask(limits=False)), []
    for cap in caps(model):
        if cap.item == item:
            own.append(cap)
        else:
            post(model.program, cap)
    given = _given(model, own, MONEY_GAP if item.startswith(MONEY) else EXACT)
    return None if given is None else _told(case, item, given)


def _given(model: Model, own: Sequence[Cap], gap: float) -> list[tuple[Cap, float]] | None:
    """Return by how much each of the limits of one item is passed at least; None where there is no plan all the same.

    Of a limit that stands alone the amount itself is the least: what is bought or moved has near bounds, a variable
    that only tells what is over has far ones.
    """
    if len(own) == 1 and own[0].least is None and own[0].most is not None:
        found = _least(model, own[0].what, gap)
        return None if found is None else [(own[0], own[0].what.at(found) - own[0].most)]
    slack = [model.program.variable() for _ in own]
    for cap, by in zip(own, slack, strict=True):
        post(model.program, cap, by)
    found = _least(model, total(slack), gap)
    return None if found is None else [(cap, by.at(found)) for cap, by in zip(own, slack, strict=True)]


def _least(model: Model, what: Sum, gap: float) -> Sequence[float] | None:
    """Return the variables' values where something is least; None where there is no plan all the same."""

    def price(_: Steps, found: Sequence[float]) -> int:
        return ceil(what.at(found) * FEN_IN_WAN)

    model.program.cost = what
    solving = Search(model, all_limits(model), gap, price)
    return solving.kept if last(solving.run()) is not None else None


def _told(case: Case, item: str, passed: Sequence[tuple[Cap, float]]) -> Because:
    limit = LIMITED.get(item)
    label, unit = (limit.label, limit.unit) if limit else (item, "")
    given = [(cap, amount) for cap, amount in passed if amount > NEAR]
    amount = sum(one for _, one in given)
    if item.startswith(MONEY):
        yuan = ceil(amount * WAN - NEAR)
        return Because(item, f"{label}不够：还差 {shown(yuan / WAN, 2)} 万元", yuan)
    by = ceil(amount - NEAR)
    schools = [case.names[cap.school] for cap, _ in given if cap.school]
    where = (
        f"（{'、'.join(schools[:NAMED])}{f'等 {len(schools)} 校' if len(schools) > NAMED else ''}）" if schools else ""
    )
    unit = "人" if item in IN_PEOPLE else unit
    return Because(item, f"“{label}”限得太紧{where}：至少要放宽 {by:,} {unit}", by, given[0][0].school if given else "")


def _spreads(case: Case) -> Iterator[Because]:
    """Yield each spread that alone cannot be brought within its limit, with the least that it can be."""
    model = build(case)
    limits = all_limits(model)
    for key, limit in limits.items():
        others = {one: value for one, value in limits.items() if one != key}
        if last(Search(build(case), others, WHATEVER).run()) is None:
            continue
        least = _least_spread(case, limits, key)
        stage, indicator = key
        name = case.rules.indicators[indicator].name
        message = (
            f"{STAGE_LABELS[stage]}“{name}”的差异系数在现有限制之内最低只能降到 {shown(float(least), 3)}，"
            f"高于 {shown(float(limit), 3)}"
        )
        yield Because(f"cv:{stage}:{indicator}", message, float(least - limit))


def _least_spread(case: Case, limits: dict[tuple[str, str], Fraction], key: tuple[str, str]) -> Fraction:
    """Return the least limit, in thousandths, that this spread could be held to."""
    low, high = limits[key], limits[key] + 1
    while not _reachable(case, {**limits, key: high}):
        low, high = high, high * 2
    while high - low > SPREAD_STEP:
        middle = (low + high) / 2
        low, high = (low, middle) if _reachable(case, {**limits, key: middle}) else (middle, high)
    return high


def _reachable(case: Case, limits: dict[tuple[str, str], Fraction]) -> bool:
    return last(Search(build(case), limits, WHATEVER).run()) is not None


def _together(case: Case) -> str:
    free = any(isinstance(one, Found) for one in search(case, ask=Ask(limits=False), gap=WHATEVER))
    if free:
        return "放宽任何一项限制都不够，要同时放宽几项"
    return "就是没有任何限制，按现有的价格项目也达不到：请检查价格表是否缺了项目"
