"""Whose each feature of a map is: the county's, a town's, a school's, by code, name or confirmed alias."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from junheng.api import Problem
from junheng_web.boards.geojson import Feature, Point, Read, Ring, read
from junheng_web.duties.models import UnitName
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.naming import names_of

COUNTY, TOWN, SCHOOL, LAND = "county", "town", "school", "land"
Shape = dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What a file comes to: the map's shapes, why it cannot be used, and what somebody should look at."""

    shapes: list[Shape] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""
        return hashlib.sha256(orjson.dumps(self.shapes)).hexdigest()[:24]

    def of(self, kind: str) -> list[Shape]:
        """Return the shapes of a kind."""
        return [one for one in self.shapes if one["kind"] == kind]


def plan(county: Area, content: bytes, name: str) -> Plan:
    """Return what a file comes to in a county. What names nothing that is known is told, and a point of it left out."""
    found = read(content, name, invented=county.invented)
    made = Plan(problems=found.problems)
    if not made.problems:
        _match(county, found, name, made)
    return made


def _match(county: Area, found: Read, name: str, made: Plan) -> None:
    schools, towns = _schools(county), _towns(county)
    for one in found.features:
        shape = _point(one, schools) if one.is_point else _area(one, county, towns)
        if shape is None:
            made.remarks.append(_unknown(one, name))
        else:
            made.shapes.append(shape)
    made.problems.extend(_twice(made, name))
    if not made.shapes:
        made.problems.append(Problem(name, "没有一个图形认得出来", "请核对名称：要与学校名册、苏木镇的名称相同"))
    made.remarks.extend(_away(made, name))
    made.remarks.extend(_lacking(county, made, name))


def _schools(county: Area) -> dict[str, School]:
    """Return the schools that stand, by code and by every name that means one of them."""
    every = School.objects.of(county).filter(closed=None).select_related("county")
    by_code = {one.code: one for one in every}
    return {name: by_code[code] for name, code in names_of(every).items()} | by_code


def _towns(county: Area) -> dict[str, Unit]:
    """Return the towns by code, by both names where they have two, and by how documents write them."""
    towns = list(Unit.objects.of(county).filter(kind=Unit.Kind.TOWN))
    by_id = {one.id: one for one in towns}
    written = UnitName.objects.of(county).filter(unit__in=towns)
    found = {one.name: by_id[one.unit_id] for one in written}
    for town in towns:
        found |= {known: town for known in (town.full_name, town.name, town.code) if known}
    return found


def _point(one: Feature, schools: dict[str, School]) -> Shape | None:
    school = schools.get(one.code) or schools.get(one.name)
    return school and {"kind": SCHOOL, "code": school.code, "name": school.name, "rings": one.rings}


def _area(one: Feature, county: Area, towns: dict[str, Unit]) -> Shape | None:
    """Return the shape of the county, a town, or land that is no town of the list, which is drawn with its own name."""
    if county.code == one.code or one.name in (county.name, county.name.partition("（")[0]):
        return {"kind": COUNTY, "code": county.code, "name": county.name, "rings": one.rings}
    town = towns.get(one.code) or towns.get(one.name)
    if town is None:
        return {"kind": LAND, "code": "", "name": one.name, "rings": one.rings} if one.name else None
    return {"kind": TOWN, "code": town.code, "name": town.name, "rings": one.rings}


def _unknown(one: Feature, name: str) -> Problem:
    remedy = "请核对校名，或在属性里写 code（学校标识码）；别的写法可以先确认为别名"
    return Problem(name, "学校名册里没有这所学校，图上不画", remedy, row=one.row, value=one.name or one.code)


def _twice(made: Plan, name: str) -> Iterator[Problem]:
    counted = Counter((one["kind"], one["code"]) for one in made.shapes if one["code"])
    for (kind, code), many in counted.items():
        if many > 1:
            told = next(one["name"] for one in made.shapes if (one["kind"], one["code"]) == (kind, code))
            yield Problem(name, f"有 {many} 个图形都是“{told}”", "请只留一个；几块合成一个 MultiPolygon", value=told)


def _away(made: Plan, name: str) -> Iterator[Problem]:
    """Yield what is drawn though it may be wrong: schools outside every area, areas that are no town of the list."""
    for one in made.of(LAND):
        yield Problem(name, "苏木镇里没有这一个，只画边界", "要与苏木镇对上，请核对名称", value=one["name"])
    areas = [ring for one in made.shapes if one["kind"] != SCHOOL for ring in one["rings"]]
    for one in made.of(SCHOOL) if areas else ():
        if not any(inside(one["rings"][0][0], ring) for ring in areas):
            yield Problem(name, "这所学校的点在边界以外", "请核对坐标", value=one["name"])


def _lacking(county: Area, made: Plan, name: str) -> Iterator[Problem]:
    drawn = {one["code"] for one in made.of(SCHOOL)}
    left = School.objects.of(county).filter(closed=None).exclude(code__in=drawn)
    if left:
        names = "、".join(one.name for one in left[:5])
        more = f"等 {len(left)} 所" if len(left) > 5 else ""
        yield Problem(name, f"图上没有：{names}{more}", "要画出来，请在文件里加上它们的点；不加也可以用")


def inside(point: Point, ring: Ring) -> bool:
    """Whether a point lies within a ring: a line from it crosses the ring an odd number of times."""
    x, y = point
    within = False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            within = not within
    return within
