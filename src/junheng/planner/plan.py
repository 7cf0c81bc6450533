"""The frozen types of a plan, and the actions that decisions come to. Money is in fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil

from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.facts.plan_schema import DEEDS
from junheng.planner.case import Case, Kind
from junheng.planner.steps import Decision, Steps
from junheng.planner.terms import Terms
from junheng.planner.timing import latest_start


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. A transfer has `from_school` and `to_school`, anything else `school`.

    `cost` = quantity * unit_cost + fixed_cost; of it `one_off` is paid once and `yearly` each year. `qualities` are the
    columns of `schools` in which the teacher counts. `assumed` tells that a number was missing and planned from 0.
    `latest_start` is the day on which it must begin to count at the next counting date.
    """

    kind: str
    item: str
    stage: str
    quantity: int
    unit_cost: int
    cost: int
    serves: tuple[str, ...]
    school: str = ""
    from_school: str = ""
    to_school: str = ""
    fixed_cost: int = 0
    one_off: int = 0
    yearly: int = 0
    qualities: tuple[str, ...] = ()
    area: int = 0
    assumed: bool = False
    latest_start: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """A limit that keeps the county from passing; relaxed by `relax_by` (in its own unit) alone, there is a plan.

    `relax_by` is None where relaxing this alone does not help; `at_least` tells that the amount is only a lower bound.
    """

    limit: str
    message: str
    relax_by: int | float | None
    school: str = ""
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more unit of a limit saves (fen), found by solving again."""

    limit: str
    school: str
    message: str
    saves: int


@dataclass(frozen=True, slots=True)
class Point:
    """What it costs at least (fen) that no more than `failing` schools fail, the spreads left aside.

    `cost` is a confirmed plan's, `lower_bound` is proven; `schools` are those that do fail with it.
    """

    failing: int
    cost: int
    lower_bound: int
    actions: tuple[Action, ...] = field(default=(), repr=False)
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan, confirmed as the best is, that costs at most `dearer` (a share) more.

    `dropped` are the decisions of the best plan that it does not take (what, school, stage, indicator or deed), `added`
    those that it takes instead.
    """

    dearer: Fraction
    cost: int
    actions: tuple[Action, ...] = field(repr=False)
    dropped: tuple[Decision, ...]
    added: tuple[Decision, ...]
    assessment: Assessment = field(repr=False)


@dataclass(frozen=True, slots=True)
class InTime:
    """What of a plan can still count at the next counting date: its actions, and the engine's answer on them alone."""

    day: dt.date
    actions: tuple[Action, ...] = field(repr=False)
    cost: int
    failing_schools: int
    assessment: Assessment = field(repr=False)


@dataclass(frozen=True, slots=True)
class Second:
    """What the second engine says of the same county, apart from the first.

    `status` is agrees (no bound lies above a cost), disagrees, alone (the first was not done), time_limit or broken.
    `cost` and `lower_bound` (fen) are its own; `impossible` tells that it proved that there is no plan.
    """

    status: str
    cost: int | None = None
    lower_bound: int | None = None
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to 'what is the cheapest way to pass'.

    `status` is optimal (within the gap asked for), feasible, infeasible or time_limit. `lower_bound` is proven;
    `baseline` is what the practice costs (None where it does not get there). `after` are the facts when all is done,
    `assessment` is the engine's own answer on them. `remaining` are requirements that no money here mends.
    `in_time` is what can still count at the next counting date; `frontier` and `alternatives` stand where asked for.
    `impossible_exactly` tells that 'infeasible' was proved with fractions as well (spreads left aside). `second` is
    what the second engine says, where it was asked.
    """

    status: str
    case: Case = field(repr=False)
    before: Assessment = field(repr=False)
    cost: int | None = None
    lower_bound: int | None = None
    baseline: int | None = None
    actions: tuple[Action, ...] = ()
    failing_schools: int | None = None
    after: Facts | None = field(default=None, repr=False)
    assessment: Assessment | None = field(default=None, repr=False)
    infeasible_because: tuple[Because, ...] | None = None
    impossible_exactly: bool = False
    assumed: tuple[tuple[str, str], ...] = ()
    worth: tuple[Worth, ...] = ()
    unpriced: tuple[str, ...] = ()
    remaining: tuple[str, ...] = ()
    in_time: InTime | None = None
    frontier: tuple[Point, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    second: Second | None = None

    @property
    def relative_gap(self) -> float | None:
        """How far the cost may be from the best, as a share of it."""
        if self.cost is None or self.lower_bound is None:
            return None
        return max(0, self.cost - self.lower_bound) / self.cost if self.cost else 0.0


def actions_of(case: Case, steps: Steps, assumed: tuple[tuple[str, str], ...]) -> tuple[Action, ...]:
    """Return the actions that decisions and what schools lack in any case come to, in the order of the schools."""
    found = [*_transfers(case, steps), *_teachers(case, steps), *_things(case, steps, assumed)]
    found += _unavoidable(case) if steps.rooms else ()
    order = {code: at for at, code in enumerate(case.names)}
    return tuple(sorted(found, key=lambda one: (order.get(one.school or one.to_school, 0), one.stage, one.item)))


def _action(
    case: Case, item: str, quantity: int, serving: tuple[str, ...], *, stage: str = "", fixed: bool = False
) -> Action:
    terms, deed, price = case.terms, DEEDS[item], case.terms.prices[item]
    unit, begun = terms.unit_cost(item), price.fixed if fixed else 0
    return Action(
        kind=deed.kind,
        item=item,
        stage=stage,
        quantity=quantity,
        unit_cost=unit,
        cost=quantity * unit + begun,
        fixed_cost=begun,
        one_off=quantity * price.unit + begun,
        yearly=quantity * price.yearly,
        latest_start=latest_start(case, item),
        serves=serving,
    )


def columns_of(case: Case, kind: Kind) -> tuple[str, ...]:
    """Return the columns of teachers in which one of this kind counts."""
    return tuple(name for name, has in zip(case.qualities, kind, strict=True) if has)


def serves(case: Case, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the indicators that count any of some columns."""
    return tuple(id for name in columns for id in case.serves(name))


def _transfers(case: Case, steps: Steps) -> Iterator[Action]:
    for (giver, taker, kind), number in steps.moves.items():
        columns, unit = columns_of(case, kind), case.terms.transfer_cost(giver[0], taker[0])
        price = case.terms.prices["transfer"]
        yearly = ceil((unit - price.unit) / case.terms.years) if case.terms.years else 0
        yield Action(
            kind="transfer",
            item="transfer",
            stage=taker[1],
            quantity=number,
            unit_cost=unit,
            cost=number * unit,
            one_off=number * price.unit,
            yearly=number * yearly,
            serves=serves(case, columns),
            from_school=giver[0],
            to_school=taker[0],
            qualities=columns,
            latest_start=latest_start(case, "transfer"),
        )


def _teachers(case: Case, steps: Steps) -> Iterator[Action]:
    for ((school, stage), item), number in {**steps.hired, **steps.raised}.items():
        columns = DEEDS[item].facts
        one = _action(case, item, number, serves(case, columns), stage=stage)
        yield replace(one, school=school, qualities=columns)


def _things(case: Case, steps: Steps, assumed: tuple[tuple[str, str], ...]) -> Iterator[Action]:
    for (school, item), number in steps.bought.items():
        fact = DEEDS[item].facts[0]
        one = _action(case, item, number, case.serves(fact), fixed=True)
        yield replace(one, school=school, assumed=(school, fact) in assumed)


def _unavoidable(case: Case) -> Iterator[Action]:
    for school, own in case.shorts.items():
        for short in own:
            if short.item in case.terms.prices:
                one = _action(case, short.item, short.quantity, short.serves, stage=short.stage)
                yield replace(one, school=school, area=short.area)


def unpriced(case: Case) -> tuple[str, ...]:
    """Return what schools need and has no price, so that it cannot be planned: items of deeds."""
    wanted = (one.item for own in case.shorts.values() for one in own)
    return tuple(dict.fromkeys(item for item in wanted if item not in case.terms.prices))


def priced_terms(terms: Terms) -> Mapping[str, str]:
    """Return the source and date of each price, as a reader wants them beside a plan."""
    return {
        item: "，".join(filter(None, [price.source, price.date.isoformat() if price.date else ""]))
        for item, price in terms.prices.items()
    }
