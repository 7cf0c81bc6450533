"""Writes the map of 示例旗, which lies nowhere: invented shapes on the open sea, where no county is.

python examples/shili/make_map.py

The town boundaries meet in the same points; each school stands in its town, those of none in the county's seat.
"""

from __future__ import annotations

import csv
import json
import math
import random
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
NOTE = "虚构数据，仅供演示；坐标在大海上，哪里也不是"
SEED, BENDS = 20260301, 9
# Corners of the invented county, in degrees, and the areas between them.
CORNERS = {
    "a": (0.00, 0.50), "b": (0.35, 0.85), "c": (0.80, 0.90), "d": (1.20, 0.60),
    "e": (1.10, 0.15), "f": (0.60, 0.00), "g": (0.15, 0.12), "m": (0.48, 0.72), "n": (0.92, 0.40), "o": (0.36, 0.24),
}  # fmt: skip
AREAS = {
    "青柳镇": "abcmoga", "白泉镇": "cdenmc", "沙湾苏木": "efgone", "示例旗城区": "mnom",
}  # fmt: skip
OUTLINE = "abcdefga"
TOWNS = {"town-qingliu": "青柳镇", "town-baiquan": "白泉镇", "town-shawan": "沙湾苏木", "": "示例旗城区"}


def line(start: str, end: str) -> list[tuple[float, float]]:
    """Return a crooked line between two corners, the same one in both directions."""
    first, last = sorted((start, end))
    chance = random.Random(f"{SEED}{first}{last}")
    (x, y), (to_x, to_y) = CORNERS[first], CORNERS[last]
    points = [CORNERS[first]]
    for at in range(1, BENDS):
        along = at / BENDS
        off = (chance.random() - 0.5) * 0.05 * math.sin(math.pi * along)
        points.append((round(x + (to_x - x) * along + off, 4), round(y + (to_y - y) * along - off, 4)))
    points.append(CORNERS[last])
    return points if first == start else points[::-1]


def ring(corners: str) -> list[tuple[float, float]]:
    """Return a closed ring through some corners."""
    sides = [line(*pair) for pair in pairwise(corners)]
    return [point for side in sides for point in side[:-1]] + [sides[0][0]]


def inside(point: tuple[float, float], within: list[tuple[float, float]]) -> bool:
    """Whether a point lies within a ring."""
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in pairwise(within):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def spot(
    within: list[tuple[float, float]], taken: list[tuple[float, float]], chance: random.Random
) -> tuple[float, float]:
    """Return a point within a ring, away from those that are taken as far as chance allows."""
    tried = []
    while len(tried) < 40:
        point = (round(chance.uniform(0, 1.2), 4), round(chance.uniform(0, 0.9), 4))
        if inside(point, within):
            tried.append(point)
    return max(tried, key=lambda one: min((math.dist(one, other) for other in taken), default=1))


def feature(name: str, kind: str, coordinates: object, **more: str) -> dict[str, object]:
    """Return a feature of a GeoJSON."""
    told = {"name": name, **more, "note": NOTE}
    return {"type": "Feature", "properties": told, "geometry": {"type": kind, "coordinates": coordinates}}


def main() -> None:
    """Write the file."""
    rings = {name: ring(corners) for name, corners in AREAS.items()}
    features = [feature("示例旗", "Polygon", [ring(OUTLINE)])]
    features += [feature(name, "Polygon", [one]) for name, one in rings.items()]
    with (HERE / "organisation" / "schools.csv").open(encoding="utf-8", newline="") as text:
        towns = {row["school_code"]: row["town"] for row in csv.DictReader(text)}
    chance, taken = random.Random(SEED), []
    with (HERE / "facts" / "schools.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            point = spot(rings[TOWNS[towns.get(row["school_code"], "")]], taken, chance)
            taken.append(point)
            features.append(feature(row["school_name"], "Point", point, code=row["school_code"]))
    told = {"type": "FeatureCollection", "note": NOTE, "features": features}
    (HERE / "map").mkdir(exist_ok=True)
    text = json.dumps(told, ensure_ascii=False, indent=None, separators=(",", ":")).replace(
        '{"type":"Feature"', '\n{"type":"Feature"'
    )
    (HERE / "map" / "map.geojson").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
