"""Every school by every indicator of a stage: filtered, sorted and paged, the same for the screen and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junheng import api as jh
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, address, school_name
from junheng_web.common.templatetags.components import STATUSES

ROWS_OF_A_PAGE = 100
WORST_FIRST = {"fail": 0, "undetermined": 1, "pass": 2}


def _lies(status: str) -> Callable[[Answer], bool]:
    return lambda one: any(cell["status"] == status for cell in one["indicators"].values())


# Name in the address: what it is called, which sections it leaves.
FILTERS: Mapping[str, tuple[str, Callable[[Answer], bool]]] = {
    "fail": ("不达标的学校", lambda one: one["in_sample"] is not False and one["verdict"] == "fail"),
    "undetermined": ("不能判定的学校", lambda one: one["in_sample"] is not False and one["verdict"] == "undetermined"),
    "below": ("有指标未达 {floor}", _lies("below")),
    "floor": ("有指标在 {floor}与标准值之间", _lies("floor")),
    "missing": ("有指标未报", _lies("missing")),
    "excluded": ("不纳入样本的", lambda one: one["in_sample"] is False),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asked for: words in the name or code, a filter, a column to sort by, a page."""

    words: str = ""
    status: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read it from an address; what makes no sense is left out."""
        page = query.get("page", "1")
        status = query.get("status", "")
        words, sort = query.get("q", "").strip(), query.get("sort", "")
        return cls(words, status if status in FILTERS else "", sort, max(1, int(page)) if page.isdecimal() else 1)

    def query(self, **other: str) -> str:
        """Return it as the end of an address, with something otherwise."""
        asked = {"q": self.words, "status": self.status, "sort": self.sort, **other}
        return urlencode({key: value for key, value in asked.items() if value})


def grid(judged: Judged, stage: str, asked: Asked) -> dict[str, Any]:
    """Return what the page shows of a stage; as page 0, every school."""
    found = chosen(judged, stage, asked)
    many = ROWS_OF_A_PAGE if asked.page else max(1, len(found))
    pages = max(1, -(-len(found) // many))
    page = min(max(asked.page, 1), pages)
    part = found[(page - 1) * many : page * many]
    return {
        "stage": stage,
        "stage_name": judged.stage(stage),
        "tabs": [(name, judged.url("grid", key), key == stage) for key, name in judged.rules["stages"].items()],
        "asked": asked,
        "filters": [(key, label.format(floor=judged.floor_line)) for key, (label, _) in FILTERS.items()],
        "columns": list(_columns(judged, stage, asked)),
        "sorts": {key: _sort(judged, key, asked) for key in ("name", "pupils", "met", "verdict")},
        "sums": list(_sums(judged, stage)),
        "rows": [_row(judged, one) for one in part],
        "under_threshold": f"达到 {judged.floor_line}，未达标准值",
        "under_floor": f"未达 {judged.floor_line}",
        "count": len(found),
        "total": len(judged.sections(stage)),
        "pages": [(number, _query(judged, asked, page=str(number)), number == page) for number in range(1, pages + 1)],
        "export": _query(judged, asked, format="xlsx"),
        "stays": judged.same,
        "clear": judged.url("grid", stage),
    }


def chosen(judged: Judged, stage: str, asked: Asked) -> list[Answer]:
    """Return the sections that were asked for, in the order that was asked for."""
    found = judged.sections(stage)
    if asked.words:
        found = [one for one in found if asked.words in one["school_name"] or asked.words in one["school_code"]]
    if asked.status:
        found = [one for one in found if FILTERS[asked.status][1](one)]
    key = _key(judged, asked.sort.removeprefix("-"))
    if key is None:
        return found
    # What is missing comes last, whichever way one sorts.
    there = sorted((one for one in found if key(one) is not None), key=key, reverse=asked.sort.startswith("-"))
    return [*there, *(one for one in found if key(one) is None)]


def _key(judged: Judged, column: str) -> Callable[[Answer], Any] | None:
    if column in judged.rules["indicators"]:
        return lambda one: one["indicators"][column]["value"]
    keys: dict[str, Callable[[Answer], Any]] = {
        "name": school_name,
        "pupils": lambda one: one["pupils"],
        "met": lambda one: one["met"],
        "verdict": lambda one: None if one["in_sample"] is False else WORST_FIRST[one["verdict"]],
    }
    return keys.get(column)


def _query(judged: Judged, asked: Asked, **other: str) -> str:
    return f"?{asked.query(**judged.same, **other)}"


def _sort(judged: Judged, column: str, asked: Asked) -> dict[str, str]:
    """Return where a click on a heading leads, and how the column is sorted now."""
    now = {column: "ascending", f"-{column}": "descending"}.get(asked.sort, "none")
    turned = f"-{column}" if now == "ascending" else column
    return {"url": _query(judged, asked, sort=turned), "now": now}


def _columns(judged: Judged, stage: str, asked: Asked) -> Iterator[dict[str, Any]]:
    for id in judged.measured:
        lines = judged.lines(id, stage)
        yield {
            "id": id,
            "name": judged.name(id),
            "line": jh.line_told(lines["threshold"]),
            "floor": jh.line_told(lines["floor"]),
            "url": judged.page(id, stage),
            **{"sort": _sort(judged, id, asked)},
        }


def _sums(judged: Judged, stage: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the whole stage: the spread with its limit, and the mean."""
    spreads = judged.answer["stages"][stage]["indicators"]
    cells = [
        {
            "told": judged.spread(one),
            "limit": judged.limit(one),
            "url": _trace(judged, id, stage),
            **_sign(one["status"]),
        }
        for id, one in spreads.items()
    ]
    yield {"name": "差异系数", "spread": True, "cells": cells}
    yield {"name": "县均值", "cells": [{"told": judged.mean(one["mean"])} for one in spreads.values()]}


def _trace(judged: Judged, id: str, stage: str) -> str:
    return judged.url("trace", id, stage=stage)


def _row(judged: Judged, section: Answer) -> dict[str, Any]:
    code, stage = section["school_code"], section["stage"]
    outside = judged.outside(section)
    return {
        "name": school_name(section),
        "code": code,
        "url": judged.url("school", code),
        "pupils": section["pupils"],
        "cells": [cell(judged, id, one, code, stage) for id, one in section["indicators"].items()],
        "met": section["met"],
        "status": "excluded" if section["in_sample"] is False else section["verdict"],
        "outside": outside,
    }


def cell(judged: Judged, id: str, one: Answer, code: str, stage: str) -> dict[str, Any]:
    """Return a value with its sign, what it lacks, and the way to its trace."""
    return {
        "key": f"{id}-{stage}-{code}",
        "id": id,
        "told": judged.value(one),
        "gap": judged.gap(id, one),
        "borderline": one["borderline"],
        "url": address(judged.county, "trace", id, school=code, stage=stage, **judged.same),
        **_sign(one["status"]),
    }


def _sign(status: str) -> dict[str, str]:
    word, sign, tone = STATUSES[status]
    return {"word": word, "sign": sign, "tone": tone}
