"""The map of the counties that browser tests look at: all of it invented, with names as long as wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from junheng_web.boards.map_views import MAP
from junheng_web.boards.matching import plan
from junheng_web.boards.models import CountyMap
from junheng_web.boards.services import map_keep
from junheng_web.evidence import trials
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope

Stretched = Callable[[str, int], str]
# So many schools stand beside each other on the map.
ROW = 12


def filled(area: Area, scope: Scope, file: str, stretched: Stretched) -> dict[str, Any]:
    """Keep a map where there is none, and bring another one in, of which something is to be looked at."""
    content, name = _content(area, stretched), f"{Path(file).stem}.geojson"
    known = {"source": stretched("自然资源部门提供的标准地图", 200)[:200], "approval": "", "note": ""}
    if not CountyMap.objects.of(area).exists():
        made = plan(area, content, name)
        map_keep(by=scope, county=area, shapes=made.shapes, file=name, digest="", **known)
    told = {"name": name, "chunks": [content], "purpose": MAP.purpose, **known}
    return {"brought_map": trials.trial_begin(by=scope, county=area, **told).code}


def _content(area: Area, stretched: Stretched) -> bytes:
    """Return a map: the county, a town, land that no list knows, and every school."""
    features = [_square(area.name, 0, 0, 1.3), _square(stretched("没有登记的苏木镇", 40), 0.6, 0.6, 0.5)]
    for town in Unit.objects.of(area).filter(kind=Unit.Kind.TOWN)[:1]:
        features.append(_square(town.name, 0.05, 0.05, 0.5))
    for at, school in enumerate(School.objects.of(area).filter(closed=None)):
        place = [0.1 + at % ROW / 10, 0.1 + at // ROW / 10]
        told = {"name": school.name, "code": school.code, "note": "虚构"}
        features.append({"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": place}})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _square(name: str, x: float, y: float, side: float) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, "note": "虚构"}, "geometry": geometry}
