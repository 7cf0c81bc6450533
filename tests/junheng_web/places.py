"""What tests of the platform share: where the examples stand, and the two counties."""

from __future__ import annotations

import csv
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
COUNTY, FOREIGN, LEAGUE = "150699", "150624", "159900"
_ORGANISATION = EXAMPLES / "shili" / "organisation"


def _rows(name: str) -> list[dict[str, str]]:
    with (_ORGANISATION / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def leads() -> dict[str, list[str]]:
    """Return the units that lead in 示例旗, by indicator, as its example sets them."""
    names = {row["code"]: row["name"] for row in _rows("units.csv")}
    return {row["indicator"]: [names[row["lead"]]] for row in _rows("desks.csv") if row["lead"]}
