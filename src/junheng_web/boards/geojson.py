"""Reads a county's GeoJSON and says of every feature that cannot be used where it is, why, and what to do.

Coordinates become whole millionths of a degree: a map at rest holds no float, as no figure does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from junheng.api import Problem

LARGEST, MOST_FEATURES, MOST_POINTS = 5 * 2**20, 2_000, 200_000
MILLIONTH = 1_000_000
# Within what a county of China lies, in degrees (west, south, east, north), and how far one reaches at most.
CHINA, ANYWHERE, WIDEST = (73, 3, 136, 54), (-180, -90, 180, 90), 12
# The systems in which a longitude and a latitude are written; their differences are smaller than a mark on the map.
SYSTEMS = ("CRS84", "4326", "4490", "4610", "4214")
NAMES, CODES = ("name", "名称", "NAME", "Name"), ("code", "代码", "学校标识码")
Point = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its place in the file, its name and code, and its rings; a point has one ring of one point."""

    row: int
    name: str
    code: str
    rings: list[Ring]

    @property
    def is_point(self) -> bool:
        """Whether it is a point."""
        return len(self.rings) == 1 and len(self.rings[0]) == 1


@dataclass(slots=True)
class Read:
    """What a file holds, and every reason why it cannot be used."""

    features: list[Feature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Bad(ValueError):
    """A feature that cannot be used: why, and what to do."""


def read(content: bytes, name: str, *, invented: bool = False) -> Read:
    """Return what a file holds. An invented county lies nowhere: its coordinates need not be in China."""
    found = Read()
    if len(content) > LARGEST:
        found.problems.append(Problem(name, f"超过 {LARGEST // 2**20} MB", "请把边界简化（抽稀）以后再交"))
        return found
    try:
        told = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        found.problems.append(Problem(name, "不是完整的 JSON", "请从地图软件另存为 GeoJSON（UTF-8）"))
        return found
    found.problems.extend(_whole(told, name))
    if not found.problems:
        _features(told["features"], name, CHINA if not invented else ANYWHERE, found)
    return found


def _whole(told: Any, name: str) -> Iterator[Problem]:
    """Yield what is wrong with the file as a whole."""
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(told, dict) or told.get("type") != "FeatureCollection" or not isinstance(features, list):
        yield Problem(
            name, "不是 GeoJSON 的 FeatureCollection", "请从地图软件另存为 GeoJSON，一个文件放全县的边界和学校"
        )
        return
    if not features:
        yield Problem(name, "一个图形也没有", "请核对导出时选的图层")
    if len(features) > MOST_FEATURES:
        yield Problem(name, f"有 {len(features)} 个图形，最多 {MOST_FEATURES} 个", "请只留县界、苏木镇界和学校")
    system = str(told.get("crs", "CRS84"))
    if not any(one in system for one in SYSTEMS):
        yield Problem(name, "坐标系不是经纬度", "请转成经纬度（CGCS2000 或 WGS84）以后再交", column="crs")


def _features(features: Sequence[Any], name: str, within: tuple[int, ...], found: Read) -> None:
    points = 0
    for row, one in enumerate(features, start=1):
        try:
            feature = _feature(row, one, within)
        except _Bad as bad:
            reason, remedy = bad.args
            found.problems.append(Problem(name, reason, remedy, row=row, value=_named(one, NAMES) or None))
        else:
            points += sum(len(ring) for ring in feature.rings)
            found.features.append(feature)
    if points > MOST_POINTS:
        found.problems.append(Problem(name, f"有 {points:,} 个坐标点，最多 {MOST_POINTS:,} 个", "请把边界简化（抽稀）"))
    if found.features and max(_reach(found.features)) > WIDEST * MILLIONTH:
        found.problems.append(
            Problem(name, f"从一头到另一头超过 {WIDEST} 度，不像一个县", "请核对是不是有一个坐标写错了")
        )


def _reach(features: Sequence[Feature]) -> tuple[int, int]:
    west, south, east, north = bounds(ring for one in features for ring in one.rings)
    return east - west, north - south


def bounds(rings: Iterator[Ring]) -> tuple[int, int, int, int]:
    """Return within what some rings lie: west, south, east, north."""
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _feature(row: int, one: Any, within: tuple[int, ...]) -> Feature:
    geometry = one.get("geometry") if isinstance(one, dict) else None
    if not isinstance(geometry, dict):
        raise _Bad("没有图形", "请补上，或删去这一个")
    name, code = _named(one, NAMES), _named(one, CODES)
    if not name and not code:
        raise _Bad("没有名称，也没有代码", "请在属性里写 name（苏木镇或学校的名称），或 code（学校标识码）")
    return Feature(row, name, code, _rings(geometry, within))


def _named(one: Any, keys: Sequence[str]) -> str:
    told = one.get("properties") if isinstance(one, dict) else None
    if not isinstance(told, Mapping):
        return ""
    return next((str(told[key]).strip()[:120] for key in keys if told.get(key) not in (None, "")), "")


def _rings(geometry: Mapping[str, Any], within: tuple[int, ...]) -> list[Ring]:
    kind, told = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        return [[_point(told, within)]]
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Bad(f"图形是 {kind}", "学校用点（Point），县和苏木镇用面（Polygon、MultiPolygon）")
    polygons = [told] if kind == "Polygon" else told
    if not isinstance(polygons, list) or not polygons or not all(isinstance(one, list) and one for one in polygons):
        raise _Bad("面里没有坐标", "请补上，或删去这一个")
    return [_ring(ring, within) for polygon in polygons for ring in polygon]


def _ring(told: Any, within: tuple[int, ...]) -> Ring:
    if not isinstance(told, list) or len(told) < 4:
        raise _Bad("边界少于 4 个点，围不成面", "请核对这一个面的边界")
    ring = [_point(one, within) for one in told]
    if ring[0] != ring[-1]:
        raise _Bad("边界没有闭合：第一个点和最后一个点不同", "请在地图软件里闭合以后再导出")
    if not sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring)):
        raise _Bad("边界的面积是 0", "请核对这一个面的边界")
    return ring


def _point(told: Any, within: tuple[int, ...]) -> Point:
    if not isinstance(told, list) or len(told) < 2 or not all(_is_number(one) for one in told[:2]):
        raise _Bad("有一个坐标不是两个数", "请核对这一个图形的坐标")
    x, y = told[:2]
    west, south, east, north = within
    if west <= x <= east and south <= y <= north:
        return round(x * MILLIONTH), round(y * MILLIONTH)
    if west <= y <= east and south <= x <= north:
        raise _Bad(f"坐标 {x:g}, {y:g} 的经度和纬度写反了", "GeoJSON 先写经度，再写纬度")
    if max(abs(x), abs(y)) > 180:
        raise _Bad(f"坐标 {x:g}, {y:g} 不是经纬度", "请转成经纬度（CGCS2000 或 WGS84）以后再交")
    raise _Bad(f"坐标 {x:g}, {y:g} 不在国内", "请核对坐标")


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool)
