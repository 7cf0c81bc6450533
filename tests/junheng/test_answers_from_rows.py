"""What Python makes of the pipeline's rows: answers as the golden cases write them, and spreads without a database."""

from __future__ import annotations

import json
from fractions import Fraction
from math import inf, nextafter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import golden
import reference
import remembered
from given_rows import rows_of_cases
from junheng.engine import spread
from junheng.engine.county import answer
from junheng.output.answer import as_dict


def test_every_golden_case_comes_out_of_its_rows() -> None:
    """The answer that is put together of a case's rows is as the case writes it, and as it is remembered."""
    known = json.loads(remembered.FILE.read_text(encoding="utf-8"))["answers"]
    for case, rules, rows, facts in rows_of_cases():
        told = as_dict(answer(case.county, "", rules, rows, facts))
        assert golden.differences(case, told) == []
        ((name, digest),) = remembered.digests({case.county: told}).items()
        assert known[name] == digest, name


VALUES = st.sampled_from([Fraction(0), Fraction(1), Fraction(3), Fraction(1, 3), Fraction(45, 100), Fraction(7, 2)])
PUPILS = st.sampled_from([1, 2, 50, 55, 100, 145, 300]) | st.integers(1, 500)
CERTAIN = st.sampled_from([True, True, True, False])
MEMBER = st.builds(spread.Member, PUPILS, st.none() | VALUES | VALUES | VALUES, CERTAIN)
# Without pupils nothing can be counted for each of them.
NOT_COUNTED = st.builds(spread.Member, st.none(), st.none(), CERTAIN)
MEMBERS = st.lists(MEMBER | MEMBER | MEMBER | NOT_COUNTED, max_size=5)


# Nothing anywhere but where it is not known.
@example([spread.Member(100, Fraction(0)), spread.Member(50, None)])
@given(MEMBERS)
def test_exact_bounds_are_those_of_the_reference(members: list[spread.Member]) -> None:
    """Lowest and highest CV squared, whichever of the uncertain sections are in the sample."""
    sections = [
        reference.Section(str(at), "primary", one.pupils, True if one.certain else None, None,
                          {"B1": one.value}, {}, {}, 0, "pass")
        for at, one in enumerate(members)
    ]  # fmt: skip
    wanted = reference.spread(sections, "primary", "B1")
    found = spread.exact_bounds(members)
    if wanted.reason in ("mean_zero", "no_schools"):
        assert not found.defined
    else:
        assert (found.lowest, found.highest) == (wanted.low, wanted.high)


def test_of_ten_uncertain_sections_every_sample_is_tried_and_of_eleven_none() -> None:
    """Beyond ten nothing is claimed: any spread is possible."""
    same = [spread.Member(100, Fraction(1), certain=False)] * spread.POSSIBLE_AT_MOST
    assert spread.exact_bounds(same) == spread.Bounds(Fraction(0), Fraction(0))
    assert spread.exact_bounds([*same, same[0]]) == spread.Bounds(Fraction(0), None)


@pytest.mark.parametrize(
    ("squared", "doubtful"),
    [(None, False), (0.25, True), (0.25 * (1 + 9e-10), True), (0.25 * (1 - 9e-10), True), (0.25 * (1 + 2e-9), False),
     (0.25 * (1 - 2e-9), False), (0.0, False), (0.5, False)],
)  # fmt: skip
def test_a_double_proves_nothing_near_the_limit(squared: float | None, doubtful: bool) -> None:
    """Within a billionth of 0.50 squared the decision is made with fractions."""
    assert spread.doubtful(squared, Fraction(1, 2)) is doubtful


@pytest.mark.parametrize(
    ("lowest", "highest", "status"),
    [("1/4", "1/4", "pass"), ("251/1000", "251/1000", "fail"), ("0", "1/4", "pass"), ("1/4", None, "undetermined"),
     ("1/4", "251/1000", "undetermined"), ("251/1000", None, "fail")],
)  # fmt: skip
def test_bounds_decide_only_on_one_side_of_the_limit(lowest: str, highest: str | None, status: str) -> None:
    """On the limit is within it."""
    assert spread.status(Fraction(lowest), None if highest is None else Fraction(highest), Fraction(1, 2)) == status


@given(
    st.integers(1, 99),
    st.sampled_from([0.0, 0.5, 1 - 2e-9, 1 - 5e-10, 1.0, 1 + 5e-10, 1 + 2e-9, 3.0]),
    st.integers(-1, 1),
)
def test_a_double_is_held_against_a_limit_as_the_fraction_that_it_is(hundredths: int, times: float, apart: int) -> None:
    """Far from the limit, near it, on it and a last digit beside it."""
    limit = Fraction(hundredths, 100)
    squared = float(limit * limit) * times
    squared = nextafter(squared, inf * apart) if apart and squared else squared
    exactly = "fail" if Fraction(squared) > limit * limit else "pass"
    assert spread.status(squared, squared, limit) == exactly
