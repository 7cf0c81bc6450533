"""The solve loop: relax, lay tangents, solve, lay tangents where a spread is broken, until plan and bound meet.

The bound comes from programs with the exact limits, which tangents only ever make weaker, so it holds. Where a solution
lies just outside a cone, as solutions of outer approximations do, a slightly narrower limit gives the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, inf

from junheng.planner.case import Case
from junheng.planner.cones import Cone, all_limits, cones_of, fixed, tightened
from junheng.planner.limits import Cap, caps
from junheng.planner.linear import Program, Sum
from junheng.planner.model import build
from junheng.planner.narrowing import narrow
from junheng.planner.pairing import NEAR
from junheng.planner.solver import NODES_AT_MOST, Relaxation, Solved, solve
from junheng.planner.steps import Steps, read, values, within
from junheng.planner.variables import FEN_IN_WAN, Ask, Model

ROUNDS = 40
RELAXED_ROUNDS = 25
# So far the tree is searched before anything is known of the means.
FIRST_NODES = 100
# A program of so many variables (some hundred schools) is only searched for what is cheaper than the known plan. In a
# smaller one, to prove that nothing is took up to 25 thousand nodes where to look for the best took one thousand.
LARGE = 4_000
ROUGH, GUESS, MENDED = 0.02, 0.005, 0.001
# Tangents that are farther than so much (in units of the threshold) from the relaxation's solution are left out again.
APART = 0.02
# Bounds nearer to each other than this (relative) are the same: the engine's own accuracy.
SAME = 1e-9
# By how much narrower limits are tried; where a fine gap asks for a plan so near to the best, less is tried too.
NARROWER, LEAST_NARROWER, FINE = (2e-5, 1e-4, 5e-4), 2e-6, 1e-5
TRIES = 3
# To mend a solution's spreads was seen to cost less than this (relative); so much of the gap is left for it.
MENDING = 1e-4
# A spread broken by less than this in the relaxation is left to the whole-number rounds.
LOOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Found:
    """A plan with its cost (fen), exact in itself; whoever gets it checks it again."""

    steps: Steps
    cost: int


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan is cheaper than this (fen)."""

    cost: int


@dataclass(frozen=True, slots=True)
class Impossible:
    """There is no plan: the engine's proof; `exact` tells that it was done again with fractions and holds."""

    exact: bool = False


Told = Found | Bound | Impossible


@dataclass
class Search:
    """One problem being solved; `limits` are those of the spreads that count.

    `price` is what is least, of decisions and variables' values, a million to one unit of the program's cost.
    `kept` are the values of the best plan; `sound` tells whether the plan last offered kept its spreads. `narrowed`
    tells that the program only holds for plans that are cheaper than some plan that was found.
    """

    model: Model
    limits: dict[tuple[str, str], Fraction]
    gap: float
    price: Callable[[Steps, Sequence[float]], int] | None = None
    cones: list[Cone] = field(default_factory=list)
    best: Found | None = None
    bound: float = -inf
    kept: Sequence[float] = ()
    relaxed: Sequence[float] = ()
    sound: bool = False
    narrowed: bool = False
    over: bool = False
    nodes: int = FIRST_NODES

    def run(self) -> Iterator[Told]:
        """Yield bounds and plans, better and better, until they meet; or that there is none."""
        self.cones = self.cones or cones_of(self.model, self.limits)
        if not self._relax():
            yield Impossible()
            return
        yield from self._first()
        for _ in range(ROUNDS):
            if self._ended():
                return
            moved, known = self.bound, self.best
            yield from self._round()
            if not self._ended():
                yield from self._learnt(more=self._found_more(stuck=(moved, known) == (self.bound, self.best)))

    def made_of(self, solution: Sequence[float]) -> Found | None:
        """Return the plan that a solution of the program comes to once spreads are kept exactly; None where none does.

        The solution may be another engine's, that took the spreads as they are.
        """
        self.cones = self.cones or cones_of(self.model, self.limits)
        self._made_plan(solution)
        return self.best

    def _first(self) -> Iterator[Told]:
        """Guess a plan; where it does not meet the bound, learn from it."""
        if self._guess():
            yield self._told()
            yield from self._bounded()
            if not self._met():
                yield from self._learnt(more=self._know())

    def _learnt(self, *, more: bool) -> Iterator[Told]:
        """Yield the bound, and the plan where there is a better one."""
        yield from self._bounded()
        if more:
            yield self._told()

    def _round(self) -> Iterator[Told]:
        """Solve the program as it is, take its bound, and make a plan of what was found."""
        solved = self._solve()
        if solved.infeasible and self.best is None:
            self.over = True
            yield Impossible()
            return
        self._raise(solved)
        yield from self._bounded()
        if not self._met() and self._made_plan(solved.values):
            yield self._told()

    def _bounded(self) -> Iterator[Bound]:
        if self.bound > -inf:
            yield Bound(int(self.bound * FEN_IN_WAN))

    def _found_more(self, *, stuck: bool) -> bool:
        """Learn from the first plan; where nothing moves any more, look for one within narrower limits, or end."""
        if self.best is None or not self.narrowed:
            return self._know()
        if stuck:
            self.over = not self._narrow()
            return not self.over
        return False

    def _made_plan(self, found: Sequence[float]) -> bool:
        if found and not self._fits(found):
            return self._mend(found)
        return self._offer(found) or (self._cut(found, 0) and self._mend(found))

    def _fits(self, found: Sequence[float]) -> bool:
        """Whether whole purchases keep the county's limits where a solution that bought parts of them did."""
        whole = list(found)
        for units in self.model.bought.values():
            for at in units.terms:
                if self.model.program.whole[at]:
                    whole[at] = ceil(found[at] - NEAR)
        return all(cap.what.at(whole) <= cap.most + NEAR for cap in self._most if cap.most is not None)

    @cached_property
    def _most(self) -> list[Cap]:
        return list(caps(self.model)) if self.model.ask.limits else []

    def _guess(self) -> bool:
        """Decide about people first, then about things; whether that made a plan.

        Once it is known who moves and what is missed, things no longer depend on people: two small programs in the
        place of a large one. Where a thing begins wholly, or not at all, in the relaxation, it does so here.
        """
        if not self._relaxed_wholly():
            return False
        program, gap = self.model.program, self._fine(GUESS)
        first = self._people_first(gap)
        if not first.values:
            return False
        decided = {at: round(first.values[at]) for at in self.model.people() if program.whole[at]}
        begun = (at for one in self.model.begun.values() for at in one.terms)
        decided |= {at: round(self.relaxed[at]) for at in begun if self._clear(at, self.relaxed[at])}
        things = fixed(program, decided)
        for units in self.model.bought.values():
            things.whole[next(iter(units.terms))] = False
        return self._made_plan(solve(things, gap=gap, nodes=FIRST_NODES).values)

    def _people_first(self, gap: float) -> Solved:
        """Decide about people; tangents are laid to their own spreads until these hold."""
        solved, own = Solved((), inf, -inf), [cone for cone in self.cones if cone.of_people]
        for _ in range(TRIES):
            solved = solve(self._as_if_things_had_no_spreads(), gap=gap, nodes=FIRST_NODES)
            broken = [cone for cone in own if cone.mean is not None and solved.values and cone.broken(solved.values, 0)]
            for cone in broken:
                cone.cut(self.model, solved.values)
            if not broken:
                break
        return solved

    def _fine(self, rough: float) -> float:
        """Return how near to the best a step is solved: roughly, until the means are narrowed."""
        return self.gap / 4 if self.narrowed else max(self.gap / 4, rough)

    def _as_if_things_had_no_spreads(self) -> Program:
        """Return the program without things' tangents, in which schools buy at least what they do in the relaxation."""
        program = self.model.program.copy()
        program.cuts = [cut for cone in self.cones if cone.of_people for cut in cone.tangents_in(program)]
        for name, units in self.model.bought.items():
            ((at, _),) = units.terms.items()
            begun = self.model.begun.get(name, Sum())
            if all(self._clear(one, self.relaxed[one]) for one in begun.terms):
                program.lower[at] = min(floor(self.relaxed[at] + NEAR), program.upper[at])
        return program

    def _clear(self, at: int, value: float) -> bool:
        return value < NEAR or (value > 1 - NEAR and self.model.program.upper[at] == 1)

    def _solve(self) -> Solved:
        """Solve the program as it is; a large one, where a plan is known, for what is cheaper by what still counts."""
        rough = not self.narrowed and any(cone.mean is not None for cone in self.cones)
        gap, nodes = (ROUGH, self.nodes) if rough else (self._near, NODES_AT_MOST)
        enough = self._enough()
        if self.best is not None and len(self.model.program.lower) >= LARGE:
            solved = solve(self.model.program, gap=gap, nodes=nodes, below=self._aim(self.best), enough=enough)
            if solved.values or solved.infeasible or solved.bound >= enough:
                return solved
        return solve(self.model.program, gap=gap, nodes=nodes, enough=enough)

    def _enough(self) -> float:
        """Return the bound that shows the best plan to be near enough to it: what lies above it need not be known."""
        return self.best.cost * (1 - self.gap) / FEN_IN_WAN if self.best else inf

    @property
    def _near(self) -> float:
        """How near to the best the engine has to come, so that the plan that is made of it is near enough."""
        return max(self.gap / 2, self.gap - MENDING)

    def _aim(self, best: Found) -> float:
        return best.cost * (1 - self._near) / FEN_IN_WAN

    def _raise(self, solved: Solved) -> None:
        """Take a bound; where a plan was known it is about plans that are cheaper by what still counts."""
        bound = min(solved.bound, self._aim(self.best)) if self.best else solved.bound
        if bound > self.bound + SAME * abs(bound):
            self.bound = bound

    def _know(self) -> bool:
        """Narrow the means by what the best plan costs, and guess again; without one, look for longer."""
        if self.best is None:
            self.nodes *= 10
            return False
        narrow(self.model, self.cones, self.best.cost / FEN_IN_WAN)
        self.narrowed = True
        return self._relax() and any(cone.splits for cone in self.cones) and self._guess()

    def _told(self) -> Found:
        assert self.best is not None  # noqa: S101 (said to the type checker; a plan has just been kept)
        return self.best

    def _met(self) -> bool:
        return self.best is not None and self.best.cost - self.bound * FEN_IN_WAN <= self.gap * max(self.best.cost, 1)

    def _ended(self) -> bool:
        return self.over or self._met()

    def _relax(self) -> bool:
        """Lay tangents at the relaxation's solutions; False where even that has none."""
        relaxation = Relaxation(self.model.program)
        for _ in range(RELAXED_ROUNDS):
            solved = relaxation.solve()
            self.relaxed = solved.values
            if solved.infeasible:
                return False
            self._raise(solved)
            if not solved.values or not self._cut(solved.values, LOOSE):
                break
        if self._relaxed_wholly():
            self.model.program.forget_cuts(self.relaxed, APART)
        return True

    def _relaxed_wholly(self) -> bool:
        """Whether the relaxation's solution is of the program as it is: it was found, and no cone came in since."""
        return len(self.relaxed) == len(self.model.program.lower)

    def _cut(self, found: Sequence[float], tolerance: float) -> bool:
        """Lay tangents at every broken spread; whether there was any."""
        broken = [cone for cone in self.cones if found and cone.broken(found, tolerance)]
        for cone in broken:
            cone.cut(self.model, found)
        return bool(broken)

    def _offer(self, found: Sequence[float]) -> bool:
        """Keep a solution if its plan keeps the spreads, exactly, and is cheaper than the best; whether it was kept."""
        if not found:
            return False
        steps, case = read(self.model, found), self.model.case
        self.sound = all(within(values(case, steps, *key), limit) for key, limit in self.limits.items())
        cost = self.price(steps, found) if self.price else steps.cost(case)
        if not self.sound or (self.best is not None and cost >= self.best.cost):
            return False
        self.best, self.kept = Found(steps, cost), found
        return True

    def _mend(self, found: Sequence[float]) -> bool:
        """Keep what a solution decides but for amounts, and look for amounts that keep the spreads."""
        return self._within_narrower({at: round(found[at]) for at in self.model.decided()})

    def _narrow(self) -> bool:
        """Look for a plan within slightly narrower limits; whether one was kept."""
        return self._within_narrower({})

    def _within_narrower(self, decided: Mapping[int, int]) -> bool:
        for by in (LEAST_NARROWER, *NARROWER) if self.gap < FINE else NARROWER:
            if not self._lay(by, decided):
                return False
            for _ in range(TRIES):
                program = fixed(tightened(self.model.program, self.cones, by), decided)
                solved = solve(program, gap=self._fine(MENDED), nodes=FIRST_NODES if decided else NODES_AT_MOST)
                if not solved.values:
                    break
                if self._offer(solved.values):
                    return True
                if self.sound:
                    return False
                if not self._cut(solved.values, -2 * by):
                    break
        return False

    def _lay(self, by: float, decided: Mapping[int, int]) -> bool:
        """Lay tangents where the relaxation of what is not decided leads within narrower limits; False: nowhere."""
        program = fixed(tightened(self.model.program, self.cones, by), decided)
        relaxation = Relaxation(program)
        for _ in range(RELAXED_ROUNDS):
            restated, cuts = self.model.program.restated, len(self.model.program.cuts)
            found = relaxation.solve().values
            if not found or not self._cut(found, -by):
                return bool(found)
            if self.model.program.restated != restated:
                return self._lay(by, decided)
            program.cuts += self.model.program.cuts[cuts:]
        return True


def search(case: Case, *, ask: Ask | None = None, gap: float = 1e-4, spreads: bool = True) -> Iterator[Told]:
    """Solve a case: yield bounds and plans until the relative gap is reached, or that there is none."""
    model = build(case, ask)
    yield from Search(model, all_limits(model) if spreads else {}, gap).run()


def last(told: Iterator[Told]) -> Found | None:
    """Return the last plan of a search, None where there is none."""
    found = None
    for one in told:
        if isinstance(one, Found):
            found = one
    return found
