"""Whose entries are behind what changed between two states: form by form, with who entered, signed and approved it.

A state is a moment of a ledger; None is an upload, behind which nobody's entries stand. Words that came with a return
are working papers, and are not told here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from junheng.facts.schema import CLASSES, COUNTY, JUDGED, ROOMS
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import who
from junheng_web.collection.handing.approving import DEEDS
from junheng_web.collection.ledger.entries import Entry
from junheng_web.collection.ledger.lineage import entries_at, lists_at, steps_until
from junheng_web.collection.ledger.moments import Moment, owners_at
from junheng_web.collection.ledger.origins import origin
from junheng_web.collection.ledger.values import Key, row_of
from junheng_web.collection.models import Submission
from junheng_web.organisation.models import Area, Unit

CELLS_SHOWN = 400
LISTS = (CLASSES.name, ROOMS.name)
UPLOADED = {"said": "上传的数据，没有逐格记录"}
UNKNOWN = {"said": "学校名册"}
UNUSED = {"said": "填了，那时没有审定"}
Whose = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries behind some cells at a moment: of single cells, and the last one in each list."""

    moment: Moment | None
    single: Mapping[Key, Entry] = field(default_factory=dict)
    lists: Mapping[tuple[str, str], Entry] = field(default_factory=dict)

    def of(self, cell: Answer, reported: str | None) -> Whose:
        """Return whose word a cell is; of what was entered, but not approved, only that: it is a working paper."""
        if self.moment is None:
            return UPLOADED
        place = _place(cell)
        entry = self.lists.get(place) if len(place) == 2 else self.single.get(place)
        if entry is None:
            return {} if reported is None else UNKNOWN
        if reported is None and entry.reported and cell["table"] not in LISTS:
            return UNUSED
        return {"entry": origin(entry)}


def _place(cell: Answer) -> Any:
    """Return the cell's key, or of a list its table and school."""
    table, school, name = cell["table"], cell["school_code"], cell["name"]
    if table in LISTS:
        return table, school
    if table == COUNTY.name:
        return table, name, "value"
    return (table, row_of(school, name), "judgement") if table == JUDGED.name else (table, school, name)


def _entries(moment: Moment | None, cells: Iterable[Answer]) -> Entries:
    if moment is None:
        return Entries(None)
    places = {_place(cell) for cell in cells}
    single, lists = ({one for one in places if len(one) == size} for size in (3, 2))
    return Entries(
        moment,
        entries_at(moment.ledger, moment.sequence, single) if single else {},
        lists_at(moment.ledger, moment.sequence, lists) if lists else {},
    )


def behind(
    county: Area,
    before: Moment | None,
    after: Moment | None,
    cells: list[Answer],
    names: Mapping[str, str],
    first: Collection[str] = (),
) -> dict[str, Any]:
    """Return the changed cells by form, those of the schools in `first` first, with whose word each is and was."""
    units = dict(Unit.objects.of(county).values_list("code", "name"))
    owned = owners_at(after or before) if after or before else {}
    ordered = sorted(cells, key=lambda cell: cell["school_code"] not in first)
    shown = ordered[:CELLS_SHOWN]
    sides = _entries(before, shown), _entries(after, shown)
    forms: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in shown:
        forms.setdefault(_form(cell, owned), []).append(_row(cell, *sides))
    told = [
        {
            "anchor": anchor(kind, code),
            "name": names.get(code, code) if kind == Submission.Kind.SCHOOL else units.get(code, "办公室"),
            "cells": rows,
            "steps": _steps(kind, code, before, after),
        }
        for (kind, code), rows in forms.items()
    ]
    return {"forms": told, "rest": len(cells) - len(shown), "uploaded": before is None or after is None}


def _form(cell: Answer, owned: Mapping[str, str]) -> tuple[str, str]:
    if cell["school_code"]:
        return Submission.Kind.SCHOOL.value, cell["school_code"]
    item = cell["name"] if cell["table"] == COUNTY.name else row_of("", cell["name"])
    return Submission.Kind.UNIT.value, owned.get(item, "")


def anchor(kind: str, code: str) -> str:
    """Return where on the page a form's changed cells stand."""
    return f"form-{kind}-{code}"


def _row(cell: Answer, before: Entries, after: Entries) -> dict[str, Any]:
    return {
        "key": key_of(cell),
        "label": cell["label"],
        "was": cell["before"],
        "now": cell["after"],
        "was_by": {} if cell["table"] in LISTS and cell["before"] is None else before.of(cell, cell["before"]),
        "now_by": after.of(cell, cell["after"]),
    }


def key_of(cell: Answer) -> tuple[str, ...]:
    """Return what tells a changed cell from the others."""
    return tuple(cell[name] for name in ("table", "school_code", "name", "label"))


def _steps(kind: str, code: str, before: Moment | None, after: Moment | None) -> list[dict[str, Any]]:
    """Return the steps that brought a form to where it was after; of one ledger, also what took an approval back."""
    if after is None:
        return []
    same = before is not None and before.ledger.id == after.ledger.id
    steps = steps_until(after.ledger, kind, code, after.at, since=before.at if before and same else None)
    return [{"label": DEEDS[step.deed].label, "who": who(step), "at": step.at} for step in steps]
