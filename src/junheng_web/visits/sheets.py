"""A visit as a workbook: one row a point, to be filled in where there is no line, and what that would change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from junheng import api as jh
from junheng.facts.readers import load_table
from junheng.facts.schema import Column, Kind, Table
from junheng.standard.grading import FINDINGS
from junheng_web.visits.models import Observation, Visit
from junheng_web.visits.rubrics import Key, points_of
from junheng_web.visits.services import Held, held_of, problem_of

# The columns in which something is written; the others name the point.
WRITTEN = tuple(Observation.Column.values)
SHEET = Table(
    "visit",
    "督导查看",
    (
        Column("visit", "查看编号"),
        Column("requirement", "指标编号"),
        Column("point", "观测点编号"),
        Column("text", "观测点"),
        Column("looked", "怎么看"),
        Column("finding", Observation.Column.FINDING.label, Kind.CODE, choices=FINDINGS),
        Column("reason", Observation.Column.REASON.label),
        Column("remark", Observation.Column.REMARK.label),
    ),
    key=("visit", "requirement", "point"),
)
EXPLANATION = (
    "怎么填这次督导查看",
    "1. 一行一个观测点。前五列说明看什么，请不要改；列名和工作表名也请不要改。",
    "2. “情况”从下拉列表里选；选“不适用”的，要写理由。现场记录可以不写。",
    "3. 没有看的留空。导入时空白格不改动已经记下的。",
    "4. 填好以后在这次查看的页面上“导入工作簿”，先看会改什么，再确认；照片、文件都不要求。",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell of the workbook would change; `revision` is what stood there when it was looked at."""

    key: Key
    point: str
    column: str
    old: str
    new: str
    text: str
    revision: int


@dataclass(slots=True)
class Plan:
    """What a workbook would change of a visit, or why it cannot be used."""

    changes: list[Change] = field(default_factory=list)
    problems: list[jh.Problem] = field(default_factory=list)
    same: int = 0

    @property
    def sent(self) -> list[tuple[Key, str, int]]:
        """What is sent back when somebody agrees."""
        return [(one.key, one.text, one.revision) for one in self.changes]


def workbook_of(visit: Visit) -> bytes:
    """Return a visit's workbook with what stands there now."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "visit.xlsx"
        jh.write_table(SHEET, list(_rows(visit)), file, EXPLANATION)
        return file.read_bytes()


def _rows(visit: Visit) -> Iterator[dict[str, Any]]:
    held = held_of(visit)
    for one, _, points in points_of(visit):
        for point in points:
            named = {"visit": visit.code, "requirement": one.id, "point": point.id}
            told = {"text": point.text, "looked": point.looked}
            yield {**named, **told, **{name: _told(held, (one.id, point.id, name)) or None for name in WRITTEN}}


def _told(held: Held, key: Key) -> str:
    return held[key].text if key in held else ""


def plan_of(visit: Visit, content: bytes, name: str) -> Plan:
    """Return what a workbook would change: blanks change nothing. Raises Unusable where it cannot be read at all."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"visit{Path(name).suffix.lower()}"
        file.write_bytes(content)
        loaded = load_table(file, SHEET)
    made, held, points = Plan(), held_of(visit), _points(visit)
    for at, row in enumerate(loaded.rows.to_pylist()):
        place = jh.Problem(name, "", "", loaded.origin.rows[at])
        if why := _misplaced(visit, row, points):
            made.problems.append(_said(place, *why))
        else:
            _compare(made, row, points, held, place)
    return made


def _points(visit: Visit) -> dict[tuple[str, str], str]:
    return {(one.id, point.id): point.text for one, _, points in points_of(visit) for point in points}


def _said(place: jh.Problem, column: str, reason: str, remedy: str, value: str | None = None) -> jh.Problem:
    return jh.Problem(place.file, reason, remedy, place.row, SHEET.column(column).label, value)


def _misplaced(visit: Visit, row: dict[str, Any], points: dict[tuple[str, str], str]) -> tuple[str, ...]:
    """Return why a row is none of this visit's: column, reason, remedy, value."""
    if row["visit"] != visit.code:
        return "visit", f"不是这次查看（{visit.code}）的", "请用从这次查看的页面上下载的工作簿", row["visit"] or ""
    if (row["requirement"], row["point"]) not in points:
        told = f"{row['requirement'] or ''} {row['point'] or ''}".strip()
        return "point", "这次查看没有这个观测点", "请把前五列改回下载时的样子", told
    return ()


def _compare(
    made: Plan, row: dict[str, Any], points: dict[tuple[str, str], str], held: Held, place: jh.Problem
) -> None:
    for column in WRITTEN:
        key, text = (row["requirement"], row["point"], column), (row[column] or "").strip()
        was = _told(held, key)
        if not text or text == was:
            made.same += bool(text)
        elif why := problem_of(key, text):
            made.problems.append(_said(place, column, why, "请改正以后再导入"))
        else:
            label, revision = SHEET.column(column).label, held[key].revision if key in held else 0
            point, told = f"{key[0]} {points[key[:2]]}", (FINDINGS.get(was, was), FINDINGS.get(text, text))
            made.changes.append(Change(key, point, label, *told, text, revision))
