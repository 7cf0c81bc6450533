"""The map on a sheet: shapes become paths and marks in whole pixels. No coordinate leaves the house (P25)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from junheng_web.boards.geojson import MILLIONTH, Point, Ring, bounds
from junheng_web.boards.matching import COUNTY, SCHOOL, TOWN, Shape

WIDTH, EDGE, TALLEST, SHORTEST = 1000, 40, 1400, 320
MARK, APART = 13, 28
# Where a mark may stand that would lie on another: on wider and wider circles around its place.
TURNS, CIRCLES = 12, 6
LETTER, LINE, LONGEST_NAME = 14, 18, 14


@dataclass(frozen=True, slots=True)
class Area:
    """A county or town: its outline, and where its name stands; the county's own name stands above the map."""

    kind: str
    name: str
    path: str
    x: int
    y: int


@dataclass(slots=True)
class Mark:
    """A school: its number in the table, its status, where its mark stands, where it is, and where its name stands."""

    number: int
    name: str
    status: str
    x: int
    y: int
    at: tuple[int, int]
    label: tuple[int, int, str] | None = None

    @property
    def moved(self) -> bool:
        """Whether it stands beside its place, because another one is there."""
        return (self.x, self.y) != self.at


@dataclass(slots=True)
class Sheet:
    """A map to be drawn."""

    height: int
    areas: list[Area] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    width: int = WIDTH


class _Scale:
    """Where a place lies on the sheet: north on top, a degree of longitude as short as it is there."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        rings = ([(x, y) for x, y in ring] for one in shapes for ring in one["rings"])
        self.west, south, east, self.north = bounds(rings)
        self.narrow = math.cos(math.radians((south + self.north) / 2 / MILLIONTH))
        across, down = max(1.0, (east - self.west) * self.narrow), max(1, self.north - south)
        self.by = min((WIDTH - 2 * EDGE) / across, (TALLEST - 2 * EDGE) / down)
        self.left = round((WIDTH - across * self.by) / 2)
        self.height = max(SHORTEST, round(down * self.by) + 2 * EDGE)
        self.top = round((self.height - down * self.by) / 2)

    def at(self, point: Sequence[int]) -> Point:
        x, y = point
        return self.left + round((x - self.west) * self.narrow * self.by), self.top + round((self.north - y) * self.by)


def sheet(shapes: Sequence[Shape], schools: dict[str, tuple[int, str, str]]) -> Sheet:
    """Return the map of some shapes; `schools` says of each school's code its number, name and status."""
    scale = _Scale(shapes)
    made = Sheet(scale.height)
    areas = sorted((one for one in shapes if one["kind"] != SCHOOL), key=lambda one: one["kind"] == COUNTY)
    made.areas = [_area(one, scale) for one in areas]
    for one in shapes:
        if one["kind"] == SCHOOL and one["code"] in schools:
            made.marks.append(_mark(scale.at(one["rings"][0][0]), *schools[one["code"]], made.marks))
    _label(made)
    return made


def _area(one: Shape, scale: _Scale) -> Area:
    rings = [_thinned([scale.at(point) for point in ring]) for ring in one["rings"]]
    path = "".join("M" + "L".join(f"{x},{y}" for x, y in ring) + "Z" for ring in rings)
    x, y = _middle(max(rings, key=lambda ring: abs(_doubled(ring))))
    name = one["name"] if len(one["name"]) <= LONGEST_NAME else f"{one['name'][: LONGEST_NAME - 1]}…"
    return Area(one["kind"] if one["kind"] in (COUNTY, TOWN) else TOWN, name, path, x, y)


def _thinned(ring: Ring) -> Ring:
    """Leave out points that fall on the pixel before them."""
    return [point for at, point in enumerate(ring) if at == 0 or point != ring[at - 1]]


def _doubled(ring: Ring) -> int:
    return sum(x * ring[at - 1][1] - ring[at - 1][0] * y for at, (x, y) in enumerate(ring))


def _middle(ring: Ring) -> Point:
    return round(sum(x for x, _ in ring) / len(ring)), round(sum(y for _, y in ring) / len(ring))


def _mark(place: Point, number: int, name: str, status: str, others: Iterable[Mark]) -> Mark:
    taken = [(one.x, one.y) for one in others]
    x, y = next((spot for spot in _around(place) if _free(spot, taken)), place)
    return Mark(number, name, status, x, y, place)


def _around(place: Point) -> Iterator[Point]:
    x, y = place
    yield place
    for circle in range(1, CIRCLES + 1):
        for turn in range(TURNS):
            angle = 2 * math.pi * turn / TURNS
            yield round(x + circle * APART * math.cos(angle)), round(y + circle * APART * math.sin(angle))


def _free(spot: Point, taken: Iterable[Point]) -> bool:
    inside = MARK < spot[0] < WIDTH - MARK
    return inside and all(math.dist(spot, other) >= APART for other in taken)


def _label(made: Sheet) -> None:
    """Put each name right or left of its mark where there is room; one without room stands in the table alone."""
    taken = [(one.x - MARK, one.y - MARK, one.x + MARK, one.y + MARK) for one in made.marks]
    taken += [_box(one.x - len(one.name) * 10, one.y, len(one.name) * 20) for one in made.areas if one.kind == TOWN]
    for mark in made.marks:
        long = len(mark.name) * LETTER
        right, left = mark.x + MARK + 4, mark.x - MARK - 4
        for x, begin, anchor in ((right, right, "start"), (left, left - long, "end")):
            box = _box(begin, mark.y, long)
            if box[0] > 0 and box[2] < WIDTH and not any(_meet(box, other) for other in taken):
                mark.label = (x, mark.y + 5, anchor)
                taken.append(box)
                break


def _box(x: int, y: int, long: int) -> tuple[int, int, int, int]:
    return x, y - LINE // 2, x + long, y + LINE // 2


def _meet(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return bool(one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])
