"""How spreads, schools and requirements went from one school year to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from junheng import api as jh
from junheng_web.assessment import charts
from junheng_web.assessment.points import BASES, KINDS, Point
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import NONE, Judged, Unknown, address, figures, school_name
from junheng_web.common.templatetags.components import STATUSES
from junheng_web.organisation.models import Area

ROWS_OF_A_PAGE = 100
QUALIFICATION = "qualification"
Cell = dict[str, Any]
EMPTY: Cell = {"told": NONE, "sign": "", "word": "", "tone": ""}


def _framed(county: Area, found: list[Point], basis: str, name: str, *args: str) -> dict[str, Any]:
    """Return what every page of trends shows: the years, of which kind each is, and the other basis."""
    return {
        "points": [{"label": one.label, "kind": KINDS[one.kind], "url": one.url} for one in found],
        "known": sum(one.judged is not None for one in found),
        "bases": [(label, address(county, name, *args, basis=key), key == basis) for key, label in BASES],
        "drafts": any(one.kind in {"live", "approved"} for one in found),
        "runs_url": address(county, "runs"),
    }


def county(of: Area, found: list[Point], basis: str) -> dict[str, Any]:
    """Return what the page of the county's trends shows."""
    told = _framed(of, found, basis, "trends")
    if not told["known"]:
        return told
    newest = _newest(found)
    return told | {
        "verdicts": [_status(one, lambda judged: judged.answer["verdict"]) for one in found],
        "stages": [_stage(newest, found, stage, basis) for stage in newest.answer["stages"]],
        "groups": [
            {"title": title, "rows": rows, "qualification": group == QUALIFICATION}
            for group, title in newest.rules["groups"].items()
            if (rows := list(_requirements(newest, found, group, basis)))
        ],
    }


def _newest(found: list[Point]) -> Judged:
    return next(one.judged for one in reversed(found) if one.judged)


def _status(one: Point, status: Callable[[Judged], str | None]) -> str:
    """Return a status of a point; nothing in a gap, or where the point does not speak of it."""
    try:
        return (one.judged and status(one.judged)) or ""
    except KeyError:
        return ""


def _cell(one: Point, of: Callable[[Judged], Answer], told: Callable[[Judged, Answer], str]) -> Cell:
    """Return a figure of a point with its status; empty in a gap, or where the point does not speak of it."""
    try:
        answer = one.judged and of(one.judged)
    except (KeyError, Unknown, StopIteration):
        answer = None
    if one.judged is None or answer is None:
        return EMPTY
    word, sign, tone = STATUSES[answer["status"]]
    return {"told": told(one.judged, answer), "word": word, "sign": sign, "tone": tone}


def _stage(newest: Judged, found: list[Point], stage: str, basis: str) -> dict[str, Any]:
    rows = [
        {
            "id": id,
            "name": newest.name(id),
            "url": address(newest.county, "trend_stage", id, stage, basis=basis),
            "cells": [_cell(one, lambda judged, id=id: _spread(judged, stage, id), Judged.spread) for one in found],
        }
        for id in newest.measured
    ]
    spreads = {f"{row['id']} {row['name']}": _cvs(found, stage, row["id"]) for row in rows}
    return {
        "key": stage,
        "name": newest.stage(stage),
        "limit": newest.limit(next(iter(newest.answer["stages"][stage]["indicators"].values()))),
        "verdicts": [_status(one, lambda judged: judged.answer["stages"][stage]["verdict"]) for one in found],
        "passing": [_passing(one, stage) for one in found],
        "composite": [_composite(one, stage) for one in found],
        "rows": rows,
        "chart": charts.lines([one.label for one in found], spreads, _limits(found, stage, newest.measured[0])),
    }


def _spread(judged: Judged, stage: str, id: str) -> Answer:
    spread: Answer = judged.answer["stages"][stage]["indicators"][id]
    return spread


def _cvs(found: list[Point], stage: str, id: str) -> list[float | None]:
    return [_number(one, lambda judged: _spread(judged, stage, id)["cv"]) for one in found]


def _limits(found: list[Point], stage: str, id: str) -> list[float | None]:
    return [_number(one, lambda judged: _spread(judged, stage, id)["cv_limit"]) for one in found]


def _number(one: Point, of: Callable[[Judged], float | None]) -> float | None:
    """Return a number of a point for a chart, None in a gap."""
    try:
        value = of(one.judged) if one.judged else None
    except KeyError:
        return None
    return None if value is None else round(value, 4)


def _passing(one: Point, stage: str) -> str:
    """Return how many schools of the sample pass."""
    if one.judged is None or stage not in one.judged.answer["stages"]:
        return NONE
    sample = [section for section in one.judged.sections(stage) if section["in_sample"]]
    return f"{sum(section['verdict'] == 'pass' for section in sample)}/{len(sample)}"


def _composite(one: Point, stage: str) -> str:
    value = _number(one, lambda judged: judged.answer["stages"][stage]["composite_cv"])
    return NONE if value is None or one.judged is None else jh.shown(value, _decimals(one.judged))


def _decimals(judged: Judged) -> int:
    decimals: int = judged.rules["display"]["spread_decimals"]
    return decimals


def _requirements(newest: Judged, found: list[Point], group: str, basis: str) -> Iterator[dict[str, Any]]:
    for id, rule in newest.rules["requirements"].items():
        if rule["group"] == group and id in newest.answer["indicators"]:
            url = address(newest.county, "trend", id, basis=basis)
            parts = _parts(newest, found, id)
            yield {"id": id, "name": rule["name"], "url": url, "cells": _wholes(found, id), "parts": parts}


def _wholes(found: list[Point], id: str) -> list[Cell]:
    return [_cell(one, lambda judged: judged.answer["indicators"][id], lambda _, answer: "") for one in found]


def _parts(newest: Judged, found: list[Point], id: str) -> list[dict[str, Any]]:
    """Return the conditions of a requirement, each with its figure in every year."""
    return [
        {
            "name": part["name"],
            "line": figures(part)[1],
            "cells": [
                _cell(one, lambda judged, at=part["id"]: _part(judged, id, at), lambda _, part: figures(part)[0])
                for one in found
            ],
        }
        for part in newest.answer["indicators"][id]["parts"]
    ]


def _part(judged: Judged, id: str, part: str) -> Answer:
    found: Answer = next(one for one in judged.answer["indicators"][id]["parts"] if one["id"] == part)
    return found


def requirement(of: Area, found: list[Point], basis: str, id: str) -> dict[str, Any]:
    """Return what the page of one of the other requirements' trend shows. Raises Unknown."""
    told = _framed(of, found, basis, "trend", id)
    if not told["known"]:
        return told
    newest = _newest(found)
    if id not in newest.answer["indicators"]:
        raise Unknown(id)
    named = {"id": id, "name": newest.name(id), "page_url": newest.page(id)}
    return told | named | {"cells": _wholes(found, id), "parts": _parts(newest, found, id)}


def indicator(of: Area, found: list[Point], basis: str, id: str, stage: str, page: int) -> dict[str, Any]:
    """Return what the page of an indicator's trend in a stage shows; as page 0, every school. Raises Unknown."""
    told = _framed(of, found, basis, "trend_stage", id, stage)
    if not told["known"]:
        return told
    newest = _newest(found)
    if id not in newest.rules["indicators"] or stage not in newest.rules["stages"]:
        raise Unknown(id)
    rows = _schools(newest, found, id, stage)
    many = ROWS_OF_A_PAGE if page else max(1, len(rows))
    pages = max(1, -(-len(rows) // many))
    at = min(max(page, 1), pages)
    return told | {
        "id": id,
        "name": newest.name(id),
        "unit": newest.indicator(id)["unit"],
        "stage": newest.stage(stage),
        "page_url": newest.page(id, stage),
        "tabs": [
            (name, address(of, "trend_stage", id, key, basis=basis), key == stage)
            for key, name in newest.rules["stages"].items()
        ],
        "spreads": [_cell(one, lambda judged: _spread(judged, stage, id), Judged.spread) for one in found],
        "means": [_mean(one, stage, id) for one in found],
        "met": [_met(one, stage, id) for one in found],
        "chart": charts.lines(
            [one.label for one in found], {f"{id} 差异系数": _cvs(found, stage, id)}, _limits(found, stage, id)
        ),
        "rows": rows[(at - 1) * many : at * many],
        "pages": [(number, f"?basis={basis}&page={number}", number == at) for number in range(1, pages + 1)],
    }


def _mean(one: Point, stage: str, id: str) -> str:
    return one.judged.mean(_spread(one.judged, stage, id)["mean"]) if one.judged else NONE


def _met(one: Point, stage: str, id: str) -> str:
    """Return how many schools of the sample reach the threshold."""
    if one.judged is None:
        return NONE
    sample = [section for section in one.judged.sections(stage) if section["in_sample"]]
    return f"{sum(section['indicators'][id]['status'] == 'met' for section in sample)}/{len(sample)}"


def _schools(newest: Judged, found: list[Point], id: str, stage: str) -> list[dict[str, Any]]:
    """Return the schools' values year by year: in the order of the newest year, those that are no more at the end."""
    by_year = [_by_school(one, stage) for one in found]
    names = {code: school_name(section) for sections in reversed(by_year) for code, section in sections.items()}
    return [_row(newest, found, by_year, code, name, id) for code, name in names.items()]


def _by_school(one: Point, stage: str) -> dict[str, Answer]:
    if one.judged is None or stage not in one.judged.rules["stages"]:
        return {}
    return {section["school_code"]: section for section in one.judged.sections(stage)}


def _row(
    newest: Judged, found: list[Point], by_year: list[dict[str, Answer]], code: str, name: str, id: str
) -> dict[str, Any]:
    cells = [
        _cell(one, lambda _, own=own: own[code]["indicators"][id], Judged.value)
        for one, own in zip(found, by_year, strict=True)
    ]
    values = [own[code]["indicators"][id]["value"] for own in by_year if code in own and id in own[code]["indicators"]]
    return {
        "name": name,
        "url": newest.url("school", code) if code in newest.schools and newest.run.code else "",
        "cells": cells,
        "change": _change(newest, values),
    }


def _change(newest: Judged, values: list[float | None]) -> str:
    """Return by how much the last value is another than the one before it."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    if known[-1] == known[-2]:
        return "没变"
    told = jh.shown(abs(known[-1] - known[-2]), newest.rules["display"]["value_decimals"])
    return f"{'＋' if known[-1] >= known[-2] else '－'}{told}"


def school(found: list[Point], code: str) -> dict[str, Any]:
    """Return what a school's page shows of the years: its verdicts and values, stage by stage."""
    if sum(one.judged is not None for one in found) < 2:
        return {"years": [], "year_count": len(found)}
    newest = _newest(found)
    stages = [stage for stage in newest.rules["stages"] if any(code in _by_school(one, stage) for one in found)]
    return {
        "years": [{"label": one.label, "kind": KINDS[one.kind], "url": one.url} for one in found],
        "year_stages": [_of_school(newest, found, code, stage) for stage in stages],
    }


def _of_school(newest: Judged, found: list[Point], code: str, stage: str) -> dict[str, Any]:
    by_year = [_by_school(one, stage) for one in found]
    return {
        "name": newest.stage(stage),
        "verdicts": [own[code]["verdict"] if code in own else "" for own in by_year],
        "rows": [{"id": id, **_row(newest, found, by_year, code, newest.name(id), id)} for id in newest.measured],
    }
