"""Counties with one cell changed, each judged by the real engine as a county of its own, many in one run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import junheng as jh
from counties import facts_of

Row = dict[str, Any]
Changes = dict[tuple[str, str], int]
"""What is added to which (school, column)."""


def changed(schools: Sequence[Row], changes: Changes) -> list[Row]:
    """Return a county's rows with so much more in some cells; an empty cell counts as 0."""
    rows = [dict(row) for row in schools]
    for (school, column), more in changes.items():
        row = next(row for row in rows if row["school_code"] == school)
        row[column] = (row[column] or 0) + more
    return rows


def judged(counties: Sequence[Sequence[Row]], day: dt.date) -> Iterator[jh.Assessment]:
    """Judge lists of rows, each as a county of its own, in one run; a county without schools is left out."""
    rows = [{**row, "county_code": f"{at:06d}"} for at, schools in enumerate(counties) for row in schools]
    return jh.assess_all(facts_of(rows), as_of=day) if rows else iter(())


def outcomes(answer: jh.Assessment) -> dict[tuple[str, str, str], str]:
    """Return every verdict of B1-B7 by what it is about, where it stands, and its indicator."""
    found = {("section", f"{one.stage}:{one.school_code}", ""): one.verdict for one in answer.sections if one.in_sample}
    for stage, whole in answer.stages.items():
        found[("stage", stage, "")] = whole.verdict
        found |= {("spread", stage, id): one.status for id, one in whole.indicators.items()}
    return found | {("resources", "county", ""): answer.resources}
