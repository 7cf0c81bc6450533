"""Teachers who take no part in an exchange, by the register: limits that the planner already knows (P23).

The register only tightens: a school gets a row where more stay than the terms say already. A row that somebody wrote
for a school is left alone; one that came of the register is written anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from junheng import api as jh
from junheng_web.organisation.models import Area
from junheng_web.planning.terms import Rows
from junheng_web.registers.models import Register
from junheng_web.registers.seeing import rows_of
from junheng_web.registers.values import arrow_of, table_of

ITEM, MARK, HUNDRED = "exempt", "按教师台账", 100
REGISTER = Register.Name.TEACHERS
Staying = Mapping[str, Mapping[str, int]]


def staying(county: Area, day: dt.date) -> Staying:
    """Return how many teachers of each school of the register may not be moved on a day, by the reason."""
    rows = [row.values for row in rows_of(county, REGISTER)]
    return jh.teachers_staying(arrow_of(table_of(REGISTER), rows), as_of=day) if rows else {}


def tightened(tables: Rows, stay: Staying, schools: Mapping[str, str], day: dt.date) -> Rows:
    """Return terms with the numbers of the register, for the schools that the plan knows."""
    kept = [row for row in tables.get("limits", []) if not _of_register(row)]
    said = {row.get("school_code", ""): row.get("at_least", 0) for row in kept if row["item"] == ITEM}
    least = said.get("", 0)
    asked = {school: why for school, why in stay.items() if school in schools and school not in said}
    more = [_row(school, why, day) for school, why in asked.items() if sum(why.values()) * HUNDRED > least]
    return {**tables, "limits": [*kept, *more]}


def of_register(tables: Rows) -> list[dict[str, Any]]:
    """Return the rows that came of the register."""
    return [row for row in tables.get("limits", []) if _of_register(row)]


def _of_register(row: Mapping[str, Any]) -> bool:
    return row["item"] == ITEM and str(row.get("note", "")).startswith(MARK)


def _row(school: str, why: Mapping[str, int], day: dt.date) -> dict[str, Any]:
    reasons = "、".join(f"{reason} {number} 人" for reason, number in why.items())
    number = sum(why.values()) * HUNDRED
    return {"item": ITEM, "school_code": school, "at_least": number, "note": f"{MARK}（{day}）：{reasons}"}
