"""Where the limits alone contradict each other, fractions prove it; nothing that is possible is ever refuted."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from junheng.planner.linear import Program
from junheng.planner.model import build
from junheng.planner.proof import contradicted, exact, impossible_exactly
from junheng.planner.search import Impossible, last, search
from junheng.planner.solver import ray
from junheng.planner.variables import Ask
from junheng.planner.worker import Job, work
from planned import THOROUGH, codes, county, limits, prepared

# Counties whose limits contradict each other, and counties that have a plan; one more has none because of a spread.
IMPOSSIBLE, POSSIBLE, ONLY_BY_SPREAD = (0, 3, 5, 7, 8), (1, 2, 4, 6), 56


def program_of(rows: list[tuple[list[int], int]], upper: float) -> Program:
    """Return a program over two variables: each row is at least its bound."""
    program = Program()
    one, other = program.variable(upper), program.variable(upper)
    for (a, b), least in rows:
        program.keep(a * one + b * other, at_least=least)
    return program


def test_a_contradiction_by_hand() -> None:
    """Of x + y >= 5 with both at most 2: the row by itself; with both at most 3 it is possible."""
    assert contradicted(program_of([([1, 1], 5)], 2), [Fraction(1)])
    assert not contradicted(program_of([([1, 1], 5)], 3), [Fraction(1)])
    assert not contradicted(program_of([([1, 1], 4)], 2), [Fraction(1)])


def test_two_rows_contradict_only_together() -> None:
    """Of x - y >= 1 and y - x >= 0, without bounds above: only where each counts as much as the other."""
    program = program_of([([1, -1], 1), ([-1, 1], 0)], float("inf"))
    assert contradicted(program, [Fraction(1), Fraction(1)])
    assert not contradicted(program, [Fraction(2), Fraction(1)])
    assert not contradicted(program, [Fraction(1), Fraction(0)])
    assert ray(program)


def test_a_factor_that_asks_for_a_bound_that_is_not_there_proves_nothing() -> None:
    """A row has no upper bound: minus one times it says nothing."""
    assert not contradicted(program_of([([1, 1], 5)], 2), [Fraction(-1)])


def test_only_what_stands_for_a_fraction_is_exact() -> None:
    """Tenths and fen are; a third is not, nor is what has no end."""
    assert exact(0.4) == Fraction(2, 5)
    assert exact(1234.567891) == Fraction(1234567891, 10**6)
    assert exact(1 / 3) is None
    assert exact(float("inf")) is None


@pytest.mark.parametrize("seed", range(300) if THOROUGH else IMPOSSIBLE + POSSIBLE)
def test_what_is_proved_is_impossible(seed: int) -> None:
    """What fractions refute, the search finds no plan for; these are refuted, and where there is a plan none is."""
    facts = county(seed)
    case = prepared(facts, limits=limits(seed, codes(facts))).case
    proved = impossible_exactly(case)
    if not THOROUGH:
        assert proved == (seed in IMPOSSIBLE)
    assert not (proved and last(search(case, gap=1.0)))


@pytest.mark.parametrize("seed", POSSIBLE)
def test_no_factors_refute_what_is_possible(seed: int) -> None:
    """Drawn at random, and taken from another county's contradiction: a possible program is never contradicted."""
    facts = county(seed)
    program = build(prepared(facts, limits=limits(seed, codes(facts))).case, Ask(round_money=False)).program
    luck = random.Random(seed)
    assert ray(program) == ()
    for _ in range(20):
        factors = [Fraction(luck.randint(0, 3) * (1 if row[1] > float("-inf") else -1)) for row in program.rows]
        assert not contradicted(program, factors)


def test_the_worker_says_whether_it_is_proved() -> None:
    """Only where it is: in a county of each sort."""
    for seed, told in ((IMPOSSIBLE[0], True), (ONLY_BY_SPREAD, False)):
        facts = county(seed)
        case = prepared(facts, limits=limits(seed, codes(facts))).case
        first = next(one for one in work(Job(case, 1e-2, explain=False)) if isinstance(one, Impossible))
        assert first.exact == told
