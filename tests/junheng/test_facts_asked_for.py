"""A form asks a school, and the county, for what the rules in force read, and for nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS
from junheng.standard.needed import county_needs, judged_needs, list_needs, school_needs

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAY = dt.date(2025, 9, 1)
CLAUSES_IN_FORCE = dt.date(2021, 9, 1)
# Who a school is, whatever it is judged by.
IDENTITY = {"county_code", "county_name", "school_code", "school_name", "school_type", "parent_school_code"}


@pytest.fixture(scope="module")
def standard() -> jh.Standard:
    return jh.load_standard("national-2017")


def only_what_is_asked(facts: jh.Facts, rules, *, without: str = "") -> jh.Facts:
    """Return the facts with every cell emptied that no form asks for, and one column that forms ask for as well."""
    rows = []
    for row in facts.tables["schools"].to_pylist():
        kept = IDENTITY | set(school_needs(rules, row["school_type"])) - {without}
        rows.append({name: value if name in kept else None for name, value in row.items()})
    schools = pa.Table.from_pylist(rows, schema=facts.tables["schools"].schema)
    items = {name: value for name, value in facts.items.items() if name in county_needs(rules)}
    return replace(facts, tables={**facts.tables, "schools": schools}, items=items)


def judged(facts: jh.Facts) -> dict[str, object]:
    answer = jh.assess(facts, as_of=DAY)
    sections = [
        (one.school_code, one.stage, one.verdict, one.indicators)
        for one in answer.sections
        if one.in_sample is not False
    ]
    return {"sections": sections, "requirements": dict(answer.requirements)}


def test_what_is_asked_for_is_enough(standard: jh.Standard) -> None:
    """Emptying whatever no form asks for turns no value of a school that counts, no verdict and no status."""
    facts = jh.load(SHILI)
    assert judged(only_what_is_asked(facts, standard.on(DAY))) == judged(facts)


def test_every_column_that_is_asked_for_is_read(standard: jh.Standard) -> None:
    """Emptying one of them turns something, or it is a column that only some conditions read."""
    facts = jh.load(SHILI)
    rules, whole = standard.on(DAY), judged(facts)
    asked = {name for one in SCHOOLS.column("school_type").choices for name in school_needs(rules, one)}
    idle = {name for name in asked if judged(only_what_is_asked(facts, rules, without=name)) == whole}
    assert idle == set()


def test_a_school_is_asked_for_its_own_stages_only(standard: jh.Standard) -> None:
    """A primary school has no graduates of grade 9; a combined one is asked for both, and for its senior pupils."""
    rules = standard.on(DAY)
    assert not [name for name in school_needs(rules, "primary") if name.startswith("junior_") or name == "graduates"]
    assert not [name for name in school_needs(rules, "junior") if name.startswith("primary_")]
    assert {"primary_pupils", "junior_pupils", "senior_pupils", "graduates"} <= set(school_needs(rules, "twelve_year"))
    assert "senior_pupils" not in school_needs(rules, "nine_year")


def test_a_clause_asks_only_while_it_is_in_force(standard: jh.Standard) -> None:
    """Visiting teachers, halls rented outside and the year of building counted until October 2022."""
    then, now = (set(school_needs(standard.on(day), "primary")) for day in (CLAUSES_IN_FORCE, DAY))
    assert then - now == {
        "dense_city_core",
        "built_year",
        "migrant_pupils",
        "primary_visiting_pe_arts_teachers",
        "extra_sports_area",
    }
    assert now <= then


def test_lists_items_and_judgements(standard: jh.Standard) -> None:
    """Rooms for B10 and classes for B12, of every school that has stages; a special school hands in neither."""
    rules = standard.on(DAY)
    assert list_needs(rules, "nine_year") == {"rooms": ("B10",), "classes": ("B12",)}
    assert list_needs(rules, "special") == {}
    assert set(county_needs(rules)) <= set(ITEMS)
    assert county_needs(rules)["operating_quota_primary"] == ("B13",)
    assert judged_needs(rules) == ("B8", "B9", "B17", "B22", "B25", "B27", "B28", "B29", "B30")
