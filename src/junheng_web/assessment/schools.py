"""What the page of one school says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng import api as jh
from junheng_web.assessment import adding
from junheng_web.assessment.grid import cell
from junheng_web.assessment.overview import reason
from junheng_web.assessment.recomputing import assessed, otherwise
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, Unknown

OPEN = {"fail", "undetermined"}
STATES = {"failing": "fail", "missing": "missing"}


def school(judged: Judged, code: str) -> dict[str, Any]:
    """Return what a school's page shows. Raises Unknown."""
    if code not in judged.schools:
        raise Unknown(code)
    changed = otherwise(judged)
    return {
        "name": judged.schools[code],
        "code": code,
        "sections": in_sections(judged, code),
        "reasons": [{**reason(judged, one), "school_url": ""} for one in judged.answer["reasons"] if _about(one, code)],
        "otherwise": changed,
        "adding": adding.of_school(judged, code),
        "open_rows": [] if changed else list(_open_rows(judged, code)),
        **_beside(judged, code),
    }


def in_sections(judged: Judged, code: str) -> list[dict[str, Any]]:
    """Return what a page shows of each stage of a school; nothing of a school that has none."""
    return [_section(judged, one) for one in judged.answer["sections"] if one["school_code"] == code]


def _about(one: Answer, code: str) -> bool:
    return bool(one["scope"].partition(":")[2] == code)


def _section(judged: Judged, one: Answer) -> dict[str, Any]:
    stage = one["stage"]
    columns = dict.fromkeys(column for each in one["indicators"].values() for column in each["missing"])
    return {
        "stage": judged.stage(stage),
        "grid": judged.url("grid", stage),
        "pupils": one["pupils"],
        "met": one["met"],
        "of": len(one["indicators"]),
        "may_miss": judged.rules["pass_rule"]["may_miss"],
        "status": "excluded" if one["in_sample"] is False else one["verdict"],
        "outside": judged.outside(one),
        "missing": jh.labels_told([*columns]) if columns else "",
        "rows": [_row(judged, one, id) for id in one["indicators"]],
    }


def _row(judged: Judged, section: Answer, id: str) -> dict[str, Any]:
    one, stage, code = section["indicators"][id], section["stage"], section["school_code"]
    share = judged.answer["stages"][stage]["indicators"][id]["contributions"].get(code)
    return {
        **cell(judged, id, one, code, stage),
        "name": judged.name(id),
        "status": one["status"],
        "threshold": jh.line_told(one["threshold"]),
        "floor": jh.line_told(one["floor"]),
        "share": "" if share is None else f"{jh.shown(share * 100, 1)}%",
        "page": judged.page(id, stage),
        "unit": judged.indicator(id)["unit"],
    }


def _open_rows(judged: Judged, code: str) -> Iterator[dict[str, Any]]:
    """Yield what the school does not meet of the other requirements: those parts that are not met as a whole."""
    for id, requirement in assessed(judged).requirements.items():
        for part in requirement.parts:
            for row in part.open_rows if part.status in OPEN else ():
                if row.school_code == code:
                    yield {
                        "id": id,
                        "name": part.name,
                        "subject": row.subject,
                        "status": STATES.get(row.state, "undetermined"),
                        "url": judged.url("trace", id, school=code),
                    }


def _beside(judged: Judged, code: str) -> dict[str, Any]:
    """Return the schools before and after it in the order of the facts."""
    codes = [*judged.schools]
    at = codes.index(code)
    found = {"before": codes[at - 1] if at else None, "after": codes[at + 1] if at + 1 < len(codes) else None}
    return {
        key: None if other is None else {"name": judged.schools[other], "url": judged.url("school", other)}
        for key, other in found.items()
    }
