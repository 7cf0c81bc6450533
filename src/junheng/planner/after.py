"""The facts when a plan has been carried out: made from the actions alone, whatever found them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from junheng.engine.result import Assessment
from junheng.facts.model import Facts
from junheng.facts.plan_schema import DEEDS, TEACHERS
from junheng.facts.schema import MEASURES, SCHOOLS, Kind
from junheng.planner.plan import Action
from junheng.planner.rooms import CLASS_ROOM, Grade, crowded

Row = dict[str, Any]
# What belongs to a teacher and moves with him, counted once a school. One who is hired has a certificate; the training
# of his first years is still to come.
CARRIED = ("certified_teachers", "trained_360h_teachers")
CERTIFIED = CARRIED[:1]


def carried_out(facts: Facts, answer: Assessment, actions: Sequence[Action], *, evenly: bool = True) -> Facts:
    """Return the facts after the actions; `answer` is the one from before, which tells which classes are too large.

    `evenly` also divides the pupils of crowded grades that need no new class for it; else only actions change a class.
    """
    rows: dict[str, Row] = {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}
    for one in actions:
        _carry_out(rows, one)
    tables = {
        **facts.tables,
        "schools": pa.Table.from_pylist(list(rows.values()), facts.tables["schools"].schema),
        "rooms": _with_rooms(facts.tables["rooms"], actions),
        "classes": _divided(facts.tables["classes"], _crowded(facts, answer, actions, evenly=evenly), actions),
    }
    return replace(facts, tables=tables)


def _crowded(facts: Facts, answer: Assessment, actions: Sequence[Action], *, evenly: bool) -> list[Grade]:
    """Return the grades that are divided anew."""
    opened = {(one.school, one.stage) for one in actions if one.item == CLASS_ROOM}
    if not evenly and not opened:
        return []
    return [one for one in crowded(answer, facts) if evenly or (one.school, one.stage) in opened]


def _carry_out(rows: dict[str, Row], one: Action) -> None:
    if one.kind == "transfer":
        _staffed(rows[one.from_school], one, -one.quantity, CARRIED)
        _staffed(rows[one.to_school], one, one.quantity, CARRIED)
    elif one.kind == "hire":
        _staffed(rows[one.school], one, one.quantity, CERTIFIED)
    elif one.kind == "upgrade":
        for name in one.qualities:
            _add(rows[one.school], f"{one.stage}_{name}", one.quantity)
    elif one.item == CLASS_ROOM:
        _add(rows[one.school], f"{one.stage}_classes", one.quantity)
    elif not DEEDS[one.item].room:
        for name in DEEDS[one.item].facts:
            _add(rows[one.school], name, one.quantity * SCHOOLS.column(name).measure.scale)


def _staffed(row: Row, one: Action, number: int, carried: Iterable[str]) -> None:
    for name in (TEACHERS, *one.qualities):
        _add(row, f"{one.stage}_{name}", number)
    for name in carried:
        _add(row, name, number)


def _add(row: Row, column: str, number: int) -> None:
    """Add to a cell; what was not reported stays so."""
    if row[column] is not None:
        row[column] = max(0, row[column] + number)


def _with_rooms(rooms: pa.Table, actions: Sequence[Action]) -> pa.Table:
    scale = MEASURES[Kind.AREA].scale
    new = [
        {"school_code": one.school, "kind": DEEDS[one.item].room, "area": one.area * scale}
        for one in actions
        if DEEDS[one.item].room
        for _ in range(one.quantity)
    ]
    return pa.Table.from_pylist([*rooms.to_pylist(), *new], rooms.schema)


def _divided(classes: pa.Table, grades: Sequence[Grade], actions: Sequence[Action]) -> pa.Table:
    """Return the classes with every crowded grade divided evenly, where its new classes are among the actions."""
    opened = {(one.school, one.stage) for one in actions if one.item == CLASS_ROOM}
    again = {
        (one.school, one.stage, one.grade): one
        for one in grades
        if one.needed == one.classes or (one.school, one.stage) in opened
    }
    kept = [row for row in classes.to_pylist() if (row["school_code"], row["stage"], row["grade"]) not in again]
    return pa.Table.from_pylist([*kept, *(row for one in again.values() for row in even_classes(one))], classes.schema)


def even_classes(grade: Grade) -> list[Row]:
    """Return the classes that a grade takes, its pupils divided evenly."""
    shares = [(at + 1) * grade.pupils // grade.needed - at * grade.pupils // grade.needed for at in range(grade.needed)]
    place = {"school_code": grade.school, "stage": grade.stage, "grade": grade.grade}
    return [
        {**place, "class_name": f"{grade.grade or ''}年级{at}班", "pupils": one} for at, one in enumerate(shares, 1)
    ]
