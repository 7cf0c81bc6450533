"""B8-B31, SR, VETO and PRE agree with the slow reference on drawn counties, with everything missing somewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import junheng as jh
from junheng.facts.items import ITEMS
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.schema import JUDGEMENTS, LOCATION_CODES, LOCATIONS, SCHOOLS, TABLES, Kind
from reference_requirements import OWN, REQUIREMENTS, County

DAYS = (dt.date(2018, 9, 1), dt.date(2021, 7, 23), dt.date(2021, 9, 1), dt.date(2025, 9, 1))
SIZES = st.sampled_from([0, 1, 12, 45, 46, 50, 51, 99, 100, 1000, 2000, 2001, 2400, 2401, 2500, 2501])
FEW = st.integers(0, 30)
# Amounts near each other, so that shares fall on both sides of their lines, and often exactly on them.
NEAR = st.sampled_from([0, 5, 10, 19, 20, 47, 48, 50, 85, 95, 99, 100, 101, 200])
JUDGED = ("B8", "B9", "B17", "B22", "B25", "B27", "B28", "B29", "B30")


def _or_missing(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values | values | values | values


CELLS: dict[str, st.SearchStrategy[Any]] = {
    "school_type": _or_missing(st.sampled_from(list(OWN))),
    "sponsor_code": _or_missing(st.sampled_from(["7", "7", "10"])),
    "location_code": st.none() | st.sampled_from(list(LOCATION_CODES)),
    "location": _or_missing(st.sampled_from(list(LOCATIONS))),
    "is_boarding": _or_missing(st.booleans()),
    "built_year": _or_missing(st.sampled_from([1990, 2010, 2011, 2016, 2017, 2020])),
    "approved_operating_fund": _or_missing(st.sampled_from([0, 7_200_000, 7_199_999, 9_400_000, 10_000_000])),
    **{f"{stage}_pupils": _or_missing(SIZES) for stage in ("primary", "junior")},
    **{f"{stage}_classes": _or_missing(st.sampled_from([0, 1, 12, 13, 24])) for stage in ("primary", "junior")},
    **{f"{stage}_teachers": _or_missing(FEW) for stage in ("primary", "junior")},
}
COLUMNS = (
    *("migrant_pupils", "certified_teachers", "trained_360h_teachers", "operating_budget", "training_budget"),
    *("graduates", "transfers_in", "transfers_out", "entry_grade7", "deaths"),
    *(f"{stage}_{name}" for stage in ("primary", "junior") for name in ("new_pupils", "new_in_zone_pupils")),
)


@st.composite
def schools(draw: st.DrawFn, code: str) -> dict[str, Any]:
    """Draw one school; a cell that no requirement reads stays empty."""
    row: dict[str, Any] = dict.fromkeys(SCHOOLS.by_name)
    row |= {name: draw(cells) for name, cells in CELLS.items()}
    row |= {name: draw(_or_missing(NEAR)) for name in COLUMNS}
    return row | {"county_code": "1", "school_code": code, "school_name": f"校{code}"}


def _item(kind: Kind, name: str) -> st.SearchStrategy[Any]:
    if kind is Kind.FLAG:
        return _or_missing(st.booleans())
    if kind is Kind.RATIO:
        return _or_missing(st.sampled_from([0, 1499, 1500, 5000, 5001, 6000, 6001]))
    if name.startswith("operating_quota"):
        return _or_missing(st.sampled_from([72_000, 94_000]))
    if name == "special_operating_fund":
        return _or_missing(st.sampled_from([0, 79_999_999, 80_000_000]))
    return _or_missing(st.integers(1, 5) if name.endswith(("level", "years")) else NEAR)


@st.composite
def counties(draw: st.DrawFn) -> County:
    """Draw a county with its classes, rooms, grades and items."""
    codes = [f"{number}" for number in range(draw(st.integers(1, 4)))]
    school = st.sampled_from(codes)
    items = {name: draw(_item(column.kind, name)) for name, column in ITEMS.items()}
    classes = st.fixed_dictionaries(
        {"school_code": school, "stage": st.sampled_from(["primary", "junior"]), "pupils": _or_missing(SIZES)}
    )
    rooms = st.fixed_dictionaries(
        {
            "school_code": school,
            "kind": st.sampled_from(["music", "art"]),
            "area": _or_missing(st.sampled_from([6699, 6700, 7299, 7300, 8999, 9000, 9599, 9600])),
        }
    )
    return County(
        schools=[draw(schools(code)) for code in codes],
        items={name: value for name, value in items.items() if value is not None},
        judged=_grades(draw, codes),
        classes=draw(st.lists(classes, max_size=8)),
        rooms=draw(st.lists(rooms, max_size=10)),
        day=draw(st.sampled_from(DAYS)),
    )


def _grades(draw: st.DrawFn, codes: list[str]) -> list[dict[str, Any]]:
    keys = st.tuples(st.sampled_from(JUDGED), st.sampled_from(["", *codes]))
    chosen = draw(st.lists(keys, max_size=16, unique=True))
    grade = _or_missing(st.sampled_from([*JUDGEMENTS, "met", "good"]))
    return [{"indicator": id, "school_code": code, "judgement": draw(grade)} for id, code in chosen]


def facts_of(county: County) -> Facts:
    """Return a county's rows as the engine reads them."""
    rows = {"schools": county.schools, "judged": county.judged, "classes": county.classes, "rooms": county.rooms}
    tables = {
        name: pa.Table.from_pylist(
            [{column: row.get(column) for column in table.by_name} for row in rows.get(name, [])], arrow_schema(table)
        )
        for name, table in TABLES.items()
    }
    return Facts(tables, items=county.items)


@given(counties())
def test_every_requirement_is_judged_as_the_reference_judges_it(county: County) -> None:
    """Twenty-seven answers a county, none of them by the engine's own arithmetic."""
    answer = jh.assess(facts_of(county), as_of=county.day)
    expected = {id: judge(county) for id, judge in REQUIREMENTS.items()}
    assert {id: one.status for id, one in answer.requirements.items()} == expected


def test_the_reference_knows_every_requirement() -> None:
    """A requirement that is added to the rule book needs its place in the reference."""
    assert set(REQUIREMENTS) == set(jh.load_standard().requirements)
