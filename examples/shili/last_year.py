"""Makes the facts of 示例旗 one school year before, from this year's: all invented, as they are.

    python examples/shili/last_year.py       # writes examples/shili/last-year, the same bytes every time

A county that works at it for a year: a year ago most schools had less of everything, and the two that were equipped all
at once stood out even more. One school has been opened since. Only what an office keeps of a year is there: schools,
the county's items, the period; classes, rooms and grades are not.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

SEED = 20240901
Row = dict[str, str]
YEAR = {"school_year": "2024-2025", "counting_date": "2024-09-01"}
# Opened since.
NEW = "1506990018"
# What every school had of this year's figures, at least and at most; people are counted, things measured.
PEOPLE = {"above_required_teachers": (0.86, 1.0), "backbone_teachers": (0.8, 1.0), "pe_arts_teachers": (0.82, 1.0)}
THINGS = {"teaching_area": (0.97, 1.0), "equipment_value": (0.72, 0.92), "multimedia_rooms": (0.85, 1.0)}
# The two that were new then had what they have now.
EQUIPPED = {"1506990003", "1506990007"}
ITEMS = {"basic_certified_years": "8", "basic_primary_cv": "0.438", "basic_junior_cv": "0.371"}


def rows(name: str) -> list[Row]:
    """Return this year's rows of a table."""
    with (Path(__file__).parent / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def schools() -> Iterator[Row]:
    """Yield the schools that there were, with what they had."""
    luck = random.Random(SEED)
    for row in rows("schools"):
        drawn = {column: luck.uniform(*shares) for column, shares in {**PEOPLE, **THINGS}.items()}
        if row["school_code"] != NEW:
            yield {column: _then(row, column, value, drawn) for column, value in row.items()}


def _then(row: Row, column: str, value: str, drawn: dict[str, float]) -> str:
    name = column.removeprefix("primary_").removeprefix("junior_")
    if name not in drawn or not value or (column == "equipment_value" and row["school_code"] in EQUIPPED):
        return value
    had = float(value) * drawn[name]
    return f"{had:.2f}" if "." in value else str(round(had))


def county() -> Iterator[Row]:
    """Yield the county's items, those of the even development as they were reported then."""
    yield from ({**row, "value": ITEMS.get(row["item"], row["value"])} for row in rows("county"))


def period() -> Iterator[Row]:
    """Yield the period."""
    yield from ({**row, **YEAR} for row in rows("period"))


def write(folder: Path) -> None:
    """Write each table as UTF-8 CSV into `folder`/last-year."""
    target = folder / "last-year"
    target.mkdir(parents=True, exist_ok=True)
    for name, made in {"schools": schools(), "county": county(), "period": period()}.items():
        own = list(made)
        with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(own[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)


if __name__ == "__main__":
    write(Path(__file__).parent)
