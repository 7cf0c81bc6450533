"""What the board says: everything beside the resources, group by group, with the units that answer for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from junheng_web.assessment import selectors
from junheng_web.assessment.indicators import part_row
from junheng_web.assessment.telling import Judged
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

Answering = dict[str, list[dict[str, Any]]]


def answering(scope: Scope, county: Area) -> Answering:
    """Return the units that answer for each indicator, in the document's order; a lead only where it was set."""
    return {
        id: [{"code": one.unit.code, "name": one.unit.name, "lead": one.lead} for one in rows]
        for id, rows in selectors.responsibilities(scope, county).items()
    }


def board(judged: Judged, who: Answering) -> dict[str, Any]:
    """Return what the page shows."""
    found = judged.answer["indicators"]
    groups = [
        {
            "title": title,
            "rows": [
                _row(judged, id, who)
                for id, rule in judged.rules["requirements"].items()
                if _in(id, rule, group, found)
            ],
        }
        for group, title in judged.rules["groups"].items()
    ]
    counted = Counter(one["status"] for one in found.values())
    order = ("fail", "undetermined", "not_applicable", "pass")
    return {
        "groups": [one for one in groups if one["rows"]],
        "counts": [(status, counted[status]) for status in order if counted[status]],
    }


def _in(id: str, rule: dict[str, Any], group: str, found: dict[str, Any]) -> bool:
    return rule["group"] == group and id in found


def _row(judged: Judged, id: str, who: Answering) -> dict[str, Any]:
    rule, answer = judged.rules["requirements"][id], judged.answer["indicators"][id]
    return {
        "id": id,
        "name": rule["name"],
        "status": answer["status"],
        "parts": [part_row(judged, part, rule) for part in answer["parts"]],
        "units": who.get(id, []),
        "url": judged.page(id),
    }
