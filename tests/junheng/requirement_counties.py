"""Counties drawn to find mistakes in B8-B31, SR, VETO and PRE: amounts on and beside the lines, cells missing.

Three moods: a careless county has not reported a third of its cells, a tidy one has reported every cell, and a hollow
one has schools but no pupils in the compulsory stages. Without the tidy ones nearly everything would be undetermined.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from junheng.facts.items import ITEMS
from junheng.facts.model import Facts, arrow_schema
from junheng.facts.schema import JUDGEMENTS, LOCATION_CODES, LOCATIONS, SCHOOLS, TABLES, Kind
from reference_requirements import OWN, County, pupils

Row = dict[str, Any]
DAYS = (dt.date(2018, 9, 1), dt.date(2021, 7, 23), dt.date(2021, 9, 1), dt.date(2025, 9, 1))
STAGES = ("primary", "junior")
SIZES = (0, 1, 12, 45, 46, 50, 51, 99, 100, 1000, 2000, 2001, 2400, 2401, 2500, 2501, 1400, 1600)
CLASS_SIZES = (44, 45, 45, 46, 50, 50, 51)
AREAS = (6699, 6700, 7299, 7300, 8999, 9000, 9600, 9600, 9599, 9600)
# Amounts near each other, so that shares fall on both sides of their lines, and often exactly on them.
NEAR = (0, 5, 10, 19, 20, 47, 48, 50, 85, 95, 99, 100, 101, 200)
JUDGED = ("B8", "B9", "B17", "B22", "B25", "B27", "B28", "B29", "B30")
CELLS: dict[str, tuple[Any, ...]] = {
    "school_type": (*OWN, "nine_year", "twelve_year"),
    "sponsor_code": ("7", "7", "10"),
    "location": tuple(LOCATIONS),
    "is_boarding": (False, False, True),
    "built_year": (1990, 2010, 2011, 2016, 2017, 2020),
    "approved_operating_fund": (0, 7_200_000, 7_199_999, 9_400_000, 10_000_000),
    **{f"{stage}_classes": (0, 1, 12, 13, 24) for stage in STAGES},
    **{f"{stage}_teachers": (10, 20, 10) for stage in STAGES},
    **dict.fromkeys(("certified_teachers", "trained_360h_teachers"), (10, 20, 20, 40, 19, 9)),
    "operating_budget": (100, 200, 101, 0),
    "training_budget": (5, 10, 4, 20),
    **dict.fromkeys(("graduates", "entry_grade7"), (100, 95, 94, 0)),
    **dict.fromkeys(("transfers_in", "transfers_out", "deaths"), (0, 0, 1, 5)),
    **{f"{stage}_new_pupils": (100, 20, 0) for stage in STAGES},
    **{f"{stage}_new_in_zone_pupils": (100, 20, 19, 95, 94) for stage in STAGES},
    "migrant_pupils": NEAR,
}


class Drawer:
    """Draws the rows of one county in its mood, with any source of choices: Hypothesis, or a seeded generator."""

    def __init__(self, pick: Any) -> None:
        self.pick = pick
        self.mood = pick(["careless", "tidy", "careless", "tidy", "hollow"])

    def maybe(self, values: Any) -> Any:
        """Return one of `values`; in a careless county, one time in three, None."""
        return None if self.mood == "careless" and self.pick(range(3)) == 2 else self.pick(values)

    def county(self) -> County:
        """Return the county: its schools, items, grades, classes and rooms."""
        schools = [self._school(str(number)) for number in range(self.pick([1, 1, 2, 4]))]
        return County(
            schools=schools,
            items=self._items(),
            judged=self._grades([school["school_code"] for school in schools]),
            classes=[row for school in schools for stage in STAGES for row in self._classes(school, stage)],
            rooms=[row for school in schools for row in self._rooms(school)],
            day=self.pick(DAYS),
        )

    def _school(self, code: str) -> Row:
        """Return one school; a cell that no requirement reads stays empty."""
        row: Row = dict.fromkeys(SCHOOLS.by_name)
        row |= {name: self.maybe(values) for name, values in CELLS.items()}
        row["location_code"] = self.pick([None, *LOCATION_CODES])
        for stage in STAGES:
            sizes = SIZES if stage in OWN.get(row["school_type"], STAGES) else (0, 0, 12)
            row[f"{stage}_pupils"] = 0 if self.mood == "hollow" else self.maybe(sizes)
        return row | {"county_code": "1", "school_code": code, "school_name": f"校{code}"}

    def _items(self) -> dict[str, Any]:
        drawn = {name: self.maybe(_amounts(column.kind, name)) for name, column in ITEMS.items()}
        return {name: value for name, value in drawn.items() if value is not None}

    def _classes(self, school: Row, stage: str) -> list[Row]:
        here = {"school_code": school["school_code"], "stage": stage}
        if not pupils(school, stage):
            return [{**here, "pupils": 60}] if self.pick(range(12)) == 11 else []
        least = 0 if self.mood == "careless" else 1
        return [{**here, "pupils": self.maybe(CLASS_SIZES)} for _ in range(self.pick([least, 1, 1, 2]))]

    def _rooms(self, school: Row) -> list[Row]:
        return [
            {"school_code": school["school_code"], "kind": kind, "area": self.maybe(AREAS)}
            for kind in ("music", "art")
            for _ in range(self.pick([2, 3, 4, 1] if self.mood != "careless" else [0, 1, 2]))
        ]

    def _grades(self, codes: list[str]) -> list[Row]:
        """Return grades of the county, or of each school; a careless county has forgotten some."""
        if self.mood == "hollow":
            return []
        rows = []
        for id in JUDGED:
            keys = self.pick([[""], codes, ["", codes[0]]])
            kept = [key for key in keys if self.mood == "tidy" or self.pick(range(2))]
            grades = self.pick([["met", "good"], list(JUDGEMENTS)])
            rows += [{"indicator": id, "school_code": key, "judgement": self.maybe(grades)} for key in kept]
        return rows


def _amounts(kind: Kind, name: str) -> tuple[Any, ...]:
    """Return what an item may be."""
    if kind is Kind.FLAG:
        return (False, False, False, True) if name.startswith("veto") else (False, True)
    if kind is Kind.RATIO:
        return (0, 1499, 1499, 1499, 1500) if name.startswith("monitoring") else (5000, 5001, 6000, 6001)
    if name.startswith("operating_quota"):
        return (72_000, 94_000)
    if name == "special_operating_fund":
        return (0, 79_999_999, 80_000_000)
    return (3, 3, 4, 3, 2) if name.endswith(("level", "years")) else NEAR


@st.composite
def counties(draw: st.DrawFn) -> County:
    """Draw a county with its classes, rooms, grades and items, by Hypothesis."""
    return Drawer(lambda values: draw(st.sampled_from(values))).county()


def seeded_counties(seed: int, number: int) -> list[County]:
    """Draw so many counties, the same for the same seed."""
    pick = random.Random(seed).choice
    return [Drawer(pick).county() for _ in range(number)]


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
