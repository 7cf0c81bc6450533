"""What the pages of the rule book say: of a run, its own copy; without one, the document as it reads today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng import api as jh
from junheng_web.assessment import selectors
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, Unknown, address, document, floor_line, in_force
from junheng_web.organisation.models import Area


def _of(county: Area, judged: Judged | None) -> dict[str, Any]:
    whole = judged.book if judged else selectors.rules_today()
    rules = document(whole)
    return {
        "judged": judged,
        "whole": whole,
        "rules": rules,
        "floor_line": floor_line(rules),
        "rules_url": _url(county, judged, "rules"),
    }


def _url(county: Area, judged: Judged | None, name: str, *args: str) -> str:
    return judged.url(name, *args) if judged else address(county, name, *args)


def book(county: Area, judged: Judged | None) -> dict[str, Any]:
    """Return what the page of the whole document shows."""
    told = _of(county, judged)
    rules, day = told["rules"], judged.answer["as_of"] if judged else ""
    return told | {
        "measured": [
            {
                "id": id,
                "url": _url(county, judged, "rule", id),
                **one,
                "dates": list(_lines(one, rules["stages"], day)),
            }
            for id, one in rules["indicators"].items()
        ],
        "groups": [
            {"title": title, "rows": list(_requirements(county, judged, rules, group))}
            for group, title in rules["groups"].items()
        ],
        "limits": [
            (
                since,
                [
                    (rules["stages"][stage], jh.shown(limit, rules["display"]["spread_decimals"]))
                    for stage, limit in by.items()
                ],
            )
            for since, by in rules["spread_limits"].items()
        ],
        "floor": jh.with_unit(rules["pass_rule"]["floor"], "%"),
        "clauses": [
            {**one, "holds": bool(day) and one["from"] <= day < one["until"]}
            for one in rules["transition_clauses"].values()
        ],
        "disputed": rules["disputed"],
    }


def _requirements(county: Area, judged: Judged | None, rules: Answer, group: str) -> Iterator[dict[str, Any]]:
    for id, one in rules["requirements"].items():
        if one["group"] == group:
            yield {"id": id, "name": one["name"], "clause": one["clause"], "url": _url(county, judged, "rule", id)}


def _lines(one: Answer, stages: Answer, day: str) -> Iterator[dict[str, Any]]:
    """Yield the lines by their date of effect, with the one in force on the day marked."""
    now = in_force({since: since for since in one["lines"]}, day) if day else max(one["lines"])
    for since, by in one["lines"].items():
        told = [
            {
                "stage": name,
                "threshold": jh.line_told(by[stage]["threshold"]),
                "floor": jh.line_told(by[stage]["floor"]),
            }
            for stage, name in stages.items()
        ]
        yield {"since": since, "lines": told, "reference": by["reference"], "now": since == now}


def rule(county: Area, judged: Judged | None, id: str) -> dict[str, Any]:
    """Return what the page of one indicator of the document shows. Raises Unknown."""
    told = _of(county, judged)
    rules, day = told["rules"], judged.answer["as_of"] if judged else ""
    found = {
        "id": id,
        "overlay": [row for row in told["whole"].get("rows", []) if row["indicator"] == id],
        "worked": selectors.worked_cases(rules["id"], id),
    }
    if id in rules["indicators"]:
        one = rules["indicators"][id]
        return (
            told | found | {"rule": one, "terms": _terms(rules, one), "dates": list(_lines(one, rules["stages"], day))}
        )
    if id in rules["requirements"]:
        one = rules["requirements"][id]
        return told | found | {"rule": one, "group": rules["groups"][one["group"]], "parts": list(_parts(one, day))}
    raise Unknown(id)


def _terms(rules: Answer, one: Answer) -> list[dict[str, Any]]:
    """Return the facts of the numerator with their signs; one under a transition clause says which."""
    clauses = rules["transition_clauses"]
    return [
        {
            "sign": "＋" if term["sign"] > 0 else "－",
            "label": " / ".join(dict.fromkeys(term["labels"].values())),
            "clause": clauses[term["clause"]] if term["clause"] else None,
        }
        for term in one["terms"]
    ]


def _parts(one: Answer, day: str) -> Iterator[dict[str, Any]]:
    for part in one["parts"]:
        lines = part["lines_told"]
        now = (in_force({since: since for since in lines}, day) if day else max(lines)) if lines else None
        yield {
            "name": part["name"],
            "dates": [
                {"since": since, "line": line, "reference": part["references"][since], "now": since == now}
                for since, line in lines.items()
            ]
            or [
                {"since": since, "line": "评定", "reference": text, "now": True}
                for since, text in part["references"].items()
            ],
        }
