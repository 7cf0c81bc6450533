"""The map with what the assessment says of each school, and the same as a table."""

from __future__ import annotations

from typing import Any

from junheng_web.assessment.telling import Judged, judged
from junheng_web.boards import drawing, selectors
from junheng_web.boards.models import CountyMap
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.scopes import Scope

# A school with two stages is marked with what most needs a look.
WORST = ("fail", "undetermined", "pass", "excluded")
WORDS = {"fail": "不达标", "undetermined": "不能判定", "pass": "达标", "excluded": "不纳入样本，或没有评估"}
Told = dict[str, Any]


def map_told(scope: Scope, county: Area) -> Told:
    """Return what the page of the map shows: the drawing where the reader may see it, and the table in any case."""
    run, standing = judged(scope, county), selectors.map_of(scope, county)
    rows = _rows(scope, county, run)
    kept_back = bool(standing and not standing.approval and selectors.from_outside(scope, county))
    drawn = None if standing is None or kept_back else drawn_of(standing.shapes, rows)
    known = {mark.number for mark in drawn.marks} if drawn else set()
    for row in rows:
        row["drawn"] = row["number"] in known
    told = {"judged": run, "map": standing, "kept_back": kept_back, "sheet": drawn, "rows": rows}
    return told | {"legend": [(status, WORDS[status]) for status in WORST]}


def drawn_of(shapes: list[dict[str, Any]], rows: list[Told]) -> drawing.Sheet:
    """Return the drawing of some shapes, each school with the number that it has in the table."""
    return drawing.sheet(shapes, {row["code"]: (row["number"], row["name"], row["status"]) for row in rows})


def _rows(scope: Scope, county: Area, run: Judged | None) -> list[Told]:
    """Return a row for each school that stands, in the order of the roll, with its verdict in each stage."""
    sections: dict[str, list[Told]] = {}
    for one in run.answer["sections"] if run else ():
        status = "excluded" if one["in_sample"] is False else one["verdict"]
        told = {"stage": run.stage(one["stage"]), "status": status} if run else {}
        sections.setdefault(one["school_code"], []).append(told)
    schools = School.objects.visible_to(scope).of(county).filter(closed=None).select_related("town")
    return [
        {
            "number": number,
            "code": one.code,
            "name": one.name,
            "town": one.town,
            "sections": sections.get(one.code, []),
            "status": _worst(sections.get(one.code, [])),
            "url": run.url("school", one.code) if run and one.code in run.schools else "",
        }
        for number, one in enumerate(schools, start=1)
    ]


def _worst(sections: list[Told]) -> str:
    own = {one["status"] for one in sections}
    return next((status for status in WORST if status in own), WORST[-1])


def preview(scope: Scope, county: Area, shapes: list[dict[str, Any]]) -> drawing.Sheet | None:
    """Return the drawing of shapes that are not kept yet."""
    return drawn_of(shapes, _rows(scope, county, judged(scope, county))) if shapes else None


def versions(scope: Scope, county: Area) -> list[CountyMap]:
    """Return every version of the map, the newest first, without its shapes."""
    return list(CountyMap.objects.visible_to(scope).of(county).defer("shapes"))
