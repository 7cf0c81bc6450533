"""Counties drawn to find mistakes: every kind of school, cells missing, values on and beside the lines."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from junheng.facts.model import Facts, arrow_schema
from junheng.facts.schema import LOCATION_CODES, LOCATIONS, SCHOOLS, TABLES
from reference import OWN, THRESHOLDS

Row = dict[str, Any]
# Each seed gives hundreds of counties that are judged in one run: the cheapest way to thousands of them.
SEEDS = range(40 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 4)
SIZES = (0, 1, 12, 49, 50, 51, 99, 100, 100, 200, 300, 500, 1000, 2000, 20_000, 200_000)
PEOPLE = ("above_required_teachers", "backbone_teachers", "pe_arts_teachers")
THINGS = ("teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value", "multimedia_rooms")
LARGEST = {"equipment_value": 10**13, "multimedia_rooms": 200_000}
IN_FORCE = ("B1", "B2", "B3")


class Drawer:
    """Draws cells with any source of choices: Hypothesis, or a seeded generator."""

    def __init__(self, pick: Any) -> None:
        self.pick = pick

    def maybe(self, values: Sequence[Any], missing: int = 9) -> Any:
        """Return one of `values`, or, one time in `missing` + 1, None."""
        return self.pick([None] + list(values) * max(1, missing // max(1, len(values)) + 1))

    def county(self, code: str, most: int, least: int = 0) -> list[Row]:
        """Draw the schools of one county."""
        tidy = self.pick([True, True, False])
        return [self.school(code, str(number), tidy) for number in range(self.pick(range(least, most + 1)))]

    def school(self, county: str, code: str, tidy: bool) -> Row:
        """Draw one school; a tidy one has reported everything that it should have."""
        row: Row = dict.fromkeys(SCHOOLS.by_name)
        kind = self.pick([*OWN, "primary", "primary", "junior", "junior", "nine_year"])
        row |= {"county_code": county, "county_name": f"县{county}", "school_code": code, "school_name": f"校{code}"}
        row["school_type"] = kind if tidy else self.pick([kind] * 12 + [None])
        row["sponsor_code"] = self.pick(["7", "10"])
        row["location_code"] = self.pick([None, *LOCATION_CODES])
        row["location"] = self.pick([None, *LOCATIONS])
        row["dense_city_core"] = self.pick([None, True, False])
        row["parent_school_code"] = self.pick([None, None, "0"])
        for stage in ("primary", "junior", "senior"):
            row[f"{stage}_pupils"] = self._pupils(kind, stage, tidy)
        self._people(row, tidy)
        self._things(row, tidy)
        return row

    def _pupils(self, kind: str, stage: str, tidy: bool) -> int | None:
        if stage in OWN[kind]:
            return self.pick(SIZES[1:]) if tidy else self.maybe(SIZES, 20)
        return self.pick([None] * 8 + [0, 40, 100])

    def _people(self, row: Row, tidy: bool) -> None:
        for stage in ("primary", "junior"):
            for id, name in zip(IN_FORCE, PEOPLE, strict=True):
                amount = self._near(id, stage, row[f"{stage}_pupils"] or 100, 100, 1)
                row[f"{stage}_{name}"] = min(200_000, amount) if tidy else self.maybe([min(200_000, amount), 0], 12)
            row[f"{stage}_visiting_pe_arts_teachers"] = self.pick([None, 0, 1, 3])

    def _things(self, row: Row, tidy: bool) -> None:
        heads = sum(row[f"{stage}_pupils"] or 0 for stage in ("primary", "junior", "senior")) or 100
        stage = "primary" if row["primary_pupils"] else "junior"
        for id, name in (
            ("B4", "teaching_area"),
            ("B5", "sports_ground_area"),
            ("B6", "equipment_value"),
            ("B7", "multimedia_rooms"),
        ):
            amount = self._near(id, stage, heads, 100 if id == "B7" else 1, 1 if id == "B7" else 100)
            most = LARGEST.get(name, 10**11)
            row[name] = min(most, amount) if tidy else self.maybe([min(most, amount), 0, most], 12)
        row["indoor_sports_area"] = self.pick(
            [0, 0, row["teaching_area"] and row["teaching_area"] // 20, 0 if tidy else None]
        )
        row["extra_sports_area"] = self.pick([None, 0, 12_345])

    def _near(self, id: str, stage: str, heads: int, per: int, scale: int) -> int:
        """Return an amount on, beside or well over an indicator's threshold or floor, for so many pupils."""
        line = THRESHOLDS[id][0 if stage == "primary" else 1] * self.pick([1, 1, 2, 4]) * self.pick([100, 85, 120, 300])
        exact = line * heads * scale / per / 100
        return max(0, -(-exact.numerator // exact.denominator) + self.pick([0, 0, -1, 1]))


@st.composite
def drawn_schools(draw: st.DrawFn, counties: int = 4, most: int = 6, least: int = 0) -> list[Row]:
    """Draw the schools of a few counties, by Hypothesis."""
    drawer = Drawer(lambda values: draw(st.sampled_from(list(values))))
    return [row for number in range(draw(st.integers(1, counties))) for row in drawer.county(str(number), most, least)]


def seeded_schools(seed: int, counties: int, most: int = 8) -> list[Row]:
    """Draw the schools of so many counties, the same for the same seed."""
    drawer = Drawer(random.Random(seed).choice)
    return [row for number in range(counties) for row in drawer.county(f"{number:04d}", most)]


def facts_of(schools: list[Row]) -> Facts:
    """Return rows of schools as the engine reads them."""
    tables = {name: arrow_schema(table).empty_table() for name, table in TABLES.items()}
    return Facts(tables | {"schools": pa.Table.from_pylist(schools, arrow_schema(SCHOOLS))})


def by_county(schools: list[Row]) -> dict[str, list[Row]]:
    """Return the schools of each county."""
    return {
        code: [row for row in schools if row["county_code"] == code] for code in {row["county_code"] for row in schools}
    }
