"""The sums of a table, both ways and against what is stated; typed sums; and the seed's own table."""

from __future__ import annotations

import csv
import os
import random
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from junheng_web.funding.amounts import quantity_of, wan_of, wan_told, yuan_of_wan
from junheng_web.funding.footing import COLUMNS, TOTAL, Row, foot
from places import EXAMPLES

LEDGERS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 400
LARGEST = 10**13


def generated(luck: random.Random) -> list[dict[str, int]]:
    """Return a ledger in whole fen: rows with some columns empty, sums from a fen to the largest there is."""
    rows = []
    for _ in range(luck.randrange(0, 40)):
        columns = [one for one in COLUMNS if luck.random() < 0.7]
        rows.append({one: luck.randrange(1, 10 ** luck.randrange(1, 14)) for one in columns})
    return rows


def told(row: dict[str, int]) -> Row:
    return Row({name: Decimal(fen) / 100 for name, fen in row.items()})


def test_the_totals_are_those_of_whole_fen() -> None:
    """Ten thousand ledgers, added up again in integers, column by column and row by row."""
    luck = random.Random(20261126)
    for _ in range(LEDGERS):
        rows = generated(luck)
        footing = foot(told(row) for row in rows)
        down = {name: sum(row.get(name, 0) for row in rows) for name in COLUMNS}
        assert {name: int(value * 100) for name, value in footing.down.items()} == down
        assert int(footing.total * 100) == int(footing.across * 100) == sum(sum(row.values()) for row in rows)
        assert footing.agrees


def test_a_stated_total_that_is_off_by_a_fen_is_found() -> None:
    """In a row, below a column, below all; each by how much."""
    rows = [{"equipment": 1_000_000, "other": 1}, {"works": 7}]
    fen, good = Decimal("0.01"), [told(row) for row in rows]
    assert not foot([Row(good[0].cells, good[0].total + fen), good[1]]).agrees
    assert foot([Row(good[0].cells, good[0].total + fen), good[1]]).rows_off == (0,)
    footing = foot(good)
    exact = Row(footing.down, footing.total)
    assert foot(good, exact).agrees
    one_more = {**footing.down, "works": footing.down["works"] + fen}
    assert foot(good, Row(one_more, footing.total)).off["works"] == fen
    assert foot(good, Row(footing.down, footing.total - fen)).off[TOTAL] == -fen


@given(st.integers(min_value=0, max_value=LARGEST))
def test_a_sum_is_typed_and_shown_without_loss(fen: int) -> None:
    """What is shown in 万元, typed again, is the same fen; with separators, wide signs and the unit as well."""
    yuan = Decimal(fen) / 100
    for text in (wan_told(yuan), f" {wan_of(yuan)} ", f"{wan_told(yuan)}万元"):
        assert yuan_of_wan(text) == yuan
    assert "E" not in wan_told(yuan)


@pytest.mark.parametrize("text", ["", "十二", "-1", "1.2.3", "0.0000001", "10000001", "1e5", "nan"])
def test_what_is_no_sum_is_refused_and_never_rounded(text: str) -> None:
    """With the text, and an example."""
    with pytest.raises(ValidationError):
        yuan_of_wan(text)


def test_wide_signs_are_read() -> None:
    """As Chinese input makes them."""
    assert yuan_of_wan("１，０２０．５") == Decimal(10_205_000)
    assert quantity_of("1,350.5") == Decimal("1350.5")


def test_the_seed_s_table_adds_up_as_far_as_it_can_be_read(as_) -> None:
    """Each legible row across; the printed totals across; what the illegible rows would have to hold is said."""
    with (EXAMPLES / "otog" / "funding.csv").open(encoding="utf-8", newline="") as file:
        *rows, printed = list(csv.DictReader(file))
    numbers = [
        [Decimal(row[name] or 0) for name in ("equipment_wan", "renovation_wan", "other_wan", "total_wan")]
        for row in rows
    ]
    assert all(sum(row[:3]) == row[3] for row in numbers)
    legible = [sum(column) for column in zip(*numbers, strict=True)]
    context = as_("office").get("/published/150624/otog/funding/").context
    assert [Decimal(one) for one in context["legible"]] == legible
    stated = [Decimal(printed[name]) for name in ("equipment_wan", "renovation_wan", "other_wan", "total_wan")]
    assert [Decimal(one) for one in context["left"]] == [
        one - other for one, other in zip(stated, legible, strict=True)
    ]
    assert (context["across"], context["read"]) == (True, 6)
    assert all(one > 0 for one in stated)
