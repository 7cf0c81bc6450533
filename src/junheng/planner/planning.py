"""A county's plan from beginning to end: prepare, let the worker search, confirm what it finds, answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf

import pyarrow as pa

from junheng.engine.assess import assess_all
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.planner.after import carried_out
from junheng.planner.alternatives import Other
from junheng.planner.beside import asked_beside, compared
from junheng.planner.confirm import Confirmed, Refused, confirmed, failing
from junheng.planner.frontier import Edge
from junheng.planner.plan import Action, Alternative, Because, InTime, Plan, Point, Second, Worth, unpriced
from junheng.planner.prepare import Prepared, prepare
from junheng.planner.process import solving
from junheng.planner.search import Bound, Found, Impossible
from junheng.planner.second import Opinion, require_library
from junheng.planner.terms import terms_of
from junheng.planner.timing import counting_day, late
from junheng.planner.worker import Job, Message, Practice, SecondJob, Within
from junheng.standard.model import Standard

GAP, SECONDS = 1e-4, 120.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: the best confirmed cost and the proven bound, in fen, and the gap between them."""

    best: int | None
    bound: int | None

    @property
    def gap(self) -> float | None:
        """The relative gap, None while either is not known."""
        if self.best is None or self.bound is None:
            return None
        return max(0, self.best - self.bound) / self.best if self.best else 0.0


@dataclass(frozen=True, slots=True)
class How:
    """How a plan is searched for: to which relative gap, for how long, who is told, who may stop it.

    `alternatives` and `points` (of the frontier) ask for more answers, `second` for what the second engine says.
    """

    gap: float = GAP
    seconds: float = SECONDS
    explain: bool = True
    alternatives: bool = False
    points: int = 0
    second: bool = False
    told: Callable[[Progress], None] | None = None
    stop: Callable[[], bool] | None = None


@dataclass(slots=True)
class Heard:
    """What the worker has said so far; a plan stands here only once it is confirmed."""

    prepared: Prepared
    best: Confirmed | None = None
    bound: int | None = None
    baseline: int | None = None
    impossible: bool = False
    impossible_exactly: bool = False
    because: list[Because] = field(default_factory=list)
    worth: list[Worth] = field(default_factory=list)
    others: list[Alternative] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    second: Second | None = None

    def hear(self, message: Message) -> None:
        """Take in one message of the worker; a plan is kept once it is confirmed."""
        match message:
            case Found():
                self.best = confirmed(self.prepared, message)
            case Within(Found() as found):
                self.best = confirmed(self.prepared, found, all_pass=False)
            case Because():
                self.because.append(message)
            case Worth():
                self.worth.append(message)
            case Other():
                self.others.append(_alternative(self.prepared, message))
            case Edge():
                self.points.append(_point(self.prepared, message))
            case _:
                self._note(message)

    def _note(self, message: Message) -> None:
        match message:
            case Practice(cost):
                self.baseline = cost
            case Bound(cost):
                self.bound = max(cost, self.bound or 0)
            case Impossible(exact):
                self.impossible, self.impossible_exactly, self.bound = True, exact, None

    def compare(self, asked: Future[Opinion | None], gap: float) -> None:
        """Take in what the second engine says: a cheaper plan once confirmed, a higher bound unless the two differ."""
        cost = self.best.cost if self.best and not self.impossible else inf
        bound = inf if self.impossible else -inf if self.bound is None else self.bound
        self.second, opinion = compared(asked, gap, cost, bound)
        try:
            # What is cheaper by less than the gap would not be worth the answers that belong to the plan that is known.
            if opinion.found and opinion.found.cost < cost - gap * opinion.found.cost:
                self._replace(confirmed(self.prepared, opinion.found))
        except Refused:
            self.second, opinion = Second("broken"), Opinion()
        if self.second.status == "disagrees":
            self.bound = None
        elif opinion.impossible:
            self.impossible, self.bound = True, None
        elif opinion.bound > bound:
            self.bound = self.second.lower_bound

    def _replace(self, best: Confirmed) -> None:
        """Have another plan for the best; what was said of the one before is of no use."""
        self.best, self.impossible, self.impossible_exactly = best, False, False
        self.because, self.worth, self.others = [], [], []


def plan_county(
    facts: Facts,
    standard: Standard,
    as_of: dt.date | None,
    tables: Mapping[str, pa.Table],
    *,
    budget: int | None = None,
    today: dt.date | None = None,
    how: How | None = None,
) -> Plan:
    """Return the cheapest way in which one county passes, or why there is none.

    `tables` are the planner's own (prices, limits, distances); `budget` (yuan) limits all money; from `today` on (else
    the day of the rules) things can be begun. Every plan in the answer has been confirmed by the exact checker and by
    the engine. Raises `Unusable` for terms or facts with which nothing can be planned, and where the second engine is
    asked for and not installed.
    """
    how = how or How()
    if how.second:
        require_library()
    names = {row["school_code"]: row["school_name"] for row in facts.tables["schools"].to_pylist()}
    empty = {name: arrow_schema(table).empty_table() for name, table in PLAN_TABLES.items()}
    terms = replace(terms_of({**empty, **tables}, names), today=today)
    if budget is not None:
        terms = replace(terms, most={**terms.most, ("budget", ""): Fraction(budget)})
    heard = Heard(prepare(facts, standard, as_of, terms))
    again = SecondJob(heard.prepared.case, how.gap, how.seconds)
    with asked_beside(again, how.stop) if how.second else nullcontext() as second:
        _listen(heard, how)
        if second:
            heard.compare(second, how.gap)
    return answered(heard, how.gap)


def _listen(heard: Heard, how: How) -> None:
    for message in solving(_job(heard.prepared, how), how.seconds, how.stop):
        heard.hear(message)
        if how.told:
            how.told(Progress(heard.best.cost if heard.best else None, heard.bound))


def _job(prepared: Prepared, how: How) -> Job:
    return Job(prepared.case, how.gap, how.explain, how.alternatives, how.points)


def answered(heard: Heard, gap: float) -> Plan:
    """Return the plan that was heard of, near enough to the best where it is within the gap."""
    best, prepared = heard.best, heard.prepared
    plan = Plan(
        status="",
        case=prepared.case,
        before=prepared.answer,
        lower_bound=heard.bound,
        baseline=heard.baseline,
        infeasible_because=tuple(heard.because) if heard.impossible else None,
        impossible_exactly=heard.impossible_exactly,
        assumed=prepared.assumed,
        worth=tuple(heard.worth),
        unpriced=unpriced(prepared.case),
        frontier=tuple(heard.points),
        alternatives=tuple(heard.others),
        second=heard.second,
    )
    if best is not None:
        plan = replace(
            plan,
            cost=best.cost,
            actions=best.actions,
            failing_schools=best.failing_schools,
            after=best.after,
            assessment=best.assessment,
            in_time=in_time(prepared, best.actions),
            remaining=tuple(id for id, one in best.assessment.requirements.items() if one.status in _OPEN),
        )
    return replace(plan, status=_status(heard, plan, gap))


_OPEN = ("fail", "undetermined")


def _alternative(prepared: Prepared, other: Other) -> Alternative:
    held = confirmed(prepared, other.found)
    return Alternative(other.dearer, held.cost, held.actions, other.dropped, other.added, held.assessment)


def _point(prepared: Prepared, edge: Edge) -> Point:
    held = confirmed(prepared, edge.found, all_pass=False, may_fail=edge.failing)
    return Point(edge.failing, held.cost, min(edge.bound, held.cost), held.actions, held.failing)


def in_time(prepared: Prepared, actions: tuple[Action, ...]) -> InTime:
    """Return what of a plan can still count at the next counting date, and what the engine says of that alone."""
    case = prepared.case
    own = tuple(one for one in actions if not late(case, one.latest_start))
    after = carried_out(prepared.facts, prepared.answer, own)
    answer = next(assess_all(after, case.rules.standard, case.rules.day))
    return InTime(counting_day(case), own, sum(one.cost for one in own), len(failing(answer)), answer)


def _status(heard: Heard, plan: Plan, gap: float) -> str:
    if heard.impossible:
        return "infeasible"
    if plan.cost is None:
        return "time_limit"
    near = plan.relative_gap is not None and plan.relative_gap <= gap
    return "optimal" if near else "feasible"
