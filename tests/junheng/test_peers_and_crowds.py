"""A school beside those like it, and how many stand just above a line: exact, on both sides of each edge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng import api as jh
from junheng.facts.model import arrow_schema
from junheng.facts.schema import SCHOOLS, TABLES
from junheng.quality.crowding import tail
from junheng.quality.peers import median

DAY = dt.date(2025, 9, 1)
EQUIPMENT = jh.Ratio(("equipment_value",), ("primary_pupils", "junior_pupils", "senior_pupils"))
TEACHERS = jh.Ratio(("teachers",), ("pupils",))
SIX, HALF = Fraction(6), Fraction(1, 2)


def facts_of(rows: Iterable[dict[str, Any]]) -> jh.Facts:
    """Return schools of one county, each a primary school in the country unless it says otherwise."""
    own = {"county_code": "1", "county_name": "甲县", "school_type": "primary", "location_code": "210"}
    blank = dict.fromkeys(SCHOOLS.by_name)
    made = [{**blank, **own, "school_code": f"{at:03}", "school_name": f"校{at}", **row} for at, row in enumerate(rows)]
    tables = {name: arrow_schema(TABLES[name]).empty_table() for name in TABLES}
    return jh.Facts({**tables, SCHOOLS.name: pa.Table.from_pylist(made, schema=arrow_schema(SCHOOLS))})


def found(rows: Iterable[dict[str, Any]], ratio: jh.Ratio = EQUIPMENT, **more: Any) -> dict[str, jh.Peer]:
    """Return what is found of each school, by code; a school with two stages by code and stage."""
    peers = jh.peers(facts_of(rows), ratio, **{"sizes": (200, 1000), "least": 4, **more})
    return {one.school_code + (one.like.stage or ""): one for one in peers}


def equipped(*yuan: int, **more: Any) -> list[dict[str, Any]]:
    """Return schools of 100 pupils with so many yuan of equipment for each."""
    return [{"primary_pupils": 100, "equipment_value": one * 100 * 100, **more} for one in yuan]


def test_a_school_is_above_by_deviations_and_by_share_both_exactly() -> None:
    """Median 2000, deviation 10: six robust deviations are 88.956; half as much again is 3000."""
    rows = equipped(1980, 1990, 2000, 2000, 2010, 3000)
    last = found(rows)["005"]
    assert (last.ratio, last.middle, last.deviation, last.alike) == (3000, 2000, 10, 6)
    assert not last.above(SIX, HALF)
    assert found([*rows[:-1], *equipped(3001)])["005"].above(SIX, HALF)
    assert last.above(SIX, Fraction(499, 1000))


def test_the_deviations_decide_where_schools_differ_much() -> None:
    """Median 2000, deviation 500: six robust deviations are 4447.8, so that 6447 is not above and 6448 is."""
    rows = equipped(1000, 1500, 2000, 2000, 2500)
    assert not found([*rows, *equipped(6447)])["005"].above(SIX, HALF)
    assert found([*rows, *equipped(6448)])["005"].above(SIX, HALF)


def test_like_schools_are_of_one_type_size_and_kind_of_place() -> None:
    """The narrowest likeness that has enough schools is taken: place and size, then size, then type alone."""
    here, town = equipped(1, 2, 3, 4), equipped(5, 6, 7, location_code="121")
    large = [{"primary_pupils": 500, "equipment_value": 1}]
    told = found([*here, *town, *large, *equipped(9, school_type="teaching_point")])
    assert (told["000"].like, told["000"].alike) == (jh.Like("primary", None, None, 200, "rural"), 4)
    assert (told["004"].like, told["004"].alike) == (jh.Like("primary", None, None, 200), 7)
    assert (told["007"].like, told["007"].alike) == (jh.Like("primary", None), 8)
    assert (told["008"].middle, told["008"].alike) == (None, 1)
    assert not told["008"].above(Fraction(0), Fraction(0))


@pytest.mark.parametrize(
    ("pupils", "bounds"), [(199, (None, 200)), (200, (200, 1000)), (999, (200, 1000)), (1000, (1000, None))]
)
def test_a_size_begins_at_its_number(pupils: int, bounds: tuple[int | None, int | None]) -> None:
    """The number itself belongs to the larger size."""
    rows = [{"primary_pupils": pupils, "equipment_value": 100}] * 4
    assert {(one.like.least, one.like.below) for one in found(rows).values()} == {bounds}


def test_what_is_reported_by_stage_is_compared_by_stage() -> None:
    """A nine-year school twice, by the pupils of each stage; what it does not report is not compared."""
    row = {"school_type": "nine_year", "primary_pupils": 100, "primary_teachers": 7, "junior_pupils": 50}
    told = found([row] * 4, TEACHERS)
    assert {key: one.ratio for key, one in told.items()} == {f"00{at}primary": Fraction(7, 100) for at in range(4)}
    assert told["000primary"].like.stage == "primary"


def test_what_is_not_reported_is_not_compared() -> None:
    """Neither the school nor its figure among the others; a stage that the type does not have need not be reported."""
    told = found(
        [
            *equipped(1, 2, 3, 4),
            {"primary_pupils": 100},
            {"equipment_value": 1},
            {"primary_pupils": 0, "equipment_value": 1},
        ]
    )
    assert set(told) == {"000", "001", "002", "003"}


@given(st.lists(st.integers(1, 10**6), min_size=4, max_size=4), st.integers(2, 9))
def test_schools_that_are_equal_are_never_apart(one: list[int], many: int) -> None:
    """Whatever their figures."""
    row = {"primary_pupils": one[0], "equipment_value": one[1], "primary_teachers": one[2]}
    for ratio in (EQUIPMENT, TEACHERS):
        assert not [peer for peer in found([row] * many, ratio).values() if peer.above(Fraction(0), Fraction(0))]


@given(st.lists(st.fractions(), min_size=1, max_size=9))
def test_as_many_are_under_the_median_as_over_it(values: list[Fraction]) -> None:
    """Of any numbers."""
    middle = median(values)
    assert sum(one < middle for one in values) <= len(values) / 2
    assert sum(one > middle for one in values) <= len(values) / 2


def test_there_is_no_median_of_nothing() -> None:
    """It is refused, not invented."""
    with pytest.raises(ValueError, match="no values"):
        median([])


def test_the_tail_of_the_binomial_distribution_is_exact() -> None:
    """Ten heads of ten, nine or ten, none or more; both tails together are everything."""
    assert (tail(10, 10), tail(10, 9), tail(10, 0), tail(0, 0)) == (Fraction(1, 1024), Fraction(11, 1024), 1, 1)
    assert all(tail(n, k) + tail(n, n - k + 1) == 1 for n in range(1, 12) for k in range(1, n + 1))


def crowd(*rooms: int, margin: Fraction = Fraction(1, 100)) -> list[jh.Crowd]:
    """Return the crowds at the line of B7 (2.3 rooms for a hundred pupils) of schools of 10,000 pupils."""
    rows = [{"primary_pupils": 10_000, "multimedia_rooms": one} for one in rooms]
    answer = jh.assess(facts_of(rows), as_of=DAY)
    return [one for one in jh.crowds(answer, margin) if one.indicator == "B7"]


def test_a_crowd_counts_both_sides_within_the_margin_and_the_line_itself_above() -> None:
    """230 rooms are the line; 1 % are 2.3 rooms: 228 to 232 are near, 227 and 233 are not."""
    (one,) = crowd(227, 228, 229, 230, 231, 232, 233)
    assert (one.stage, one.line) == ("primary", Fraction(23, 10))
    assert (one.above, one.below) == (("003", "004", "005"), ("001", "002"))
    assert one.chance == Fraction(1, 2)


def test_ten_above_and_none_below_is_one_chance_in_a_thousand() -> None:
    """One below makes it eleven times as likely; far from the line there is no crowd at all."""
    assert crowd(*[231] * 10)[0].chance == Fraction(1, 1024)
    assert crowd(*[231] * 10, 229)[0].chance == Fraction(12, 2048)
    assert crowd(*[400] * 10) == []


def test_schools_outside_the_sample_are_in_no_crowd() -> None:
    """A teaching point of 49 pupils is not judged."""
    row = {"school_type": "teaching_point", "primary_pupils": 49, "equipment_value": 49 * 2000 * 100}
    answer = jh.assess(facts_of([row, {**row, "primary_pupils": 50, "equipment_value": 50 * 2000 * 100}]), as_of=DAY)
    assert [one.above for one in jh.crowds(answer) if one.indicator == "B6"] == [("001",)]
