"""The table of indicators and units: who answers for what, as printed or as the office set it; who leads, which desk.

A lead is never inferred: it is empty until the office sets it (P2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.assessment.models import Responsibility
from junheng_web.duties.book import Book, Row, book_of
from junheng_web.duties.models import Desk, UnitName
from junheng_web.duties.services import Stale, held
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope


@dataclass(frozen=True, slots=True)
class Set:
    """What is set for an indicator: the codes of its units in order, of the lead (or ""), and of the desk in each."""

    units: tuple[str, ...] = ()
    lead: str = ""
    desks: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """What tells this from another one."""
        return hashlib.sha256(repr((self.units, self.lead, sorted(self.desks))).encode()).hexdigest()[:16]


def table_of(county: Area) -> dict[str, Set]:
    """Return what is set for each indicator of a county that is resolved through a scope."""
    desks: dict[str, list[tuple[str, str]]] = {}
    for indicator, unit, desk in Desk.objects.of(county).values_list("indicator", "unit__code", "desk__code"):
        desks.setdefault(indicator, []).append((unit, desk))
    units: dict[str, list[tuple[str, bool]]] = {}
    rows = Responsibility.objects.of(county).order_by("indicator", "place", "id")
    for indicator, unit, lead in rows.values_list("indicator", "unit__code", "lead"):
        units.setdefault(indicator, []).append((unit, lead))
    return {
        indicator: Set(
            tuple(unit for unit, _ in own),
            next((unit for unit, lead in own if lead), ""),
            tuple(sorted(desks.get(indicator, []))),
        )
        for indicator, own in units.items()
    }


@transaction.atomic
def indicator_set(*, by: Scope | None, county: Area, indicator: str, asked: Set, seen: str | None = None) -> bool:
    """Set who answers for an indicator, who leads and at which desks, and return whether something changed.

    `seen` is the digest of what was read. Raises LookupError for no such indicator or unit, Stale where another change
    came first, ValidationError where the lead does not answer or a desk is of another unit.
    """
    row = book_of(county).row(indicator)
    held(county)
    current = table_of(county).get(indicator, Set())
    if seen is not None and seen != current.digest:
        raise Stale("您打开以后，别人改了这一项的分工；您选的还在下面，请对照着再存一次")
    if asked.digest == current.digest:
        return False
    units = _units(county, asked)
    _put(county, indicator, asked, units)
    told = {"units": list(asked.units), "lead": asked.lead, "desks": dict(asked.desks)}
    audit.record(
        "responsibility.set", by=by, county=county, of=("indicator", row.indicator), was=list(current.units), **told
    )
    return True


def _units(county: Area, asked: Set) -> Mapping[str, Unit]:
    """Return the units and desks that are asked for, by code. Raises LookupError and ValidationError."""
    found = {one.code: one for one in Unit.objects.of(county).select_related("parent")}
    wanted = [*asked.units, *(desk for _, desk in asked.desks)]
    if strange := [code for code in wanted if code not in found]:
        raise LookupError(f"{county.code} has no unit {strange[0]}")
    if asked.lead and asked.lead not in asked.units:
        raise ValidationError("牵头单位要在责任部门里；请先把它勾上")
    for unit, desk in asked.desks:
        if unit not in asked.units or found[desk].parent_id != found[unit].id:
            raise ValidationError(f"{found[desk].name}不是这一项责任部门里的股室；请重新选经办股室")
    return found


def _put(county: Area, indicator: str, asked: Set, units: Mapping[str, Unit]) -> None:
    own = Responsibility.objects.of(county).filter(indicator=indicator)
    own.exclude(unit__code__in=asked.units).delete()
    for place, code in enumerate(asked.units, 1):
        told = {"place": place, "lead": code == asked.lead}
        Responsibility.objects.update_or_create(county=county, indicator=indicator, unit=units[code], defaults=told)
    Desk.objects.of(county).filter(indicator=indicator).delete()
    for unit, desk in asked.desks:
        Desk.objects.create(county=county, indicator=indicator, unit=units[unit], desk=units[desk])


# What a cell of the table says.
LEAD, SUPPORTS, ANSWERS = "牵头", "配合", "责任"


def grid(scope: Scope, county: Area, only: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of the table shows: a row for each indicator, a column for each unit in the printed order.

    `only` may name a unit and an indicator; a unit that answers for nothing has a column of its own all the same.
    """
    book, told = book_of(county), table_of(county)
    every = list(Unit.objects.visible_to(scope).of(county))
    names = {one.code: one.name for one in every}
    columns = [one for one in every if one.parent_id is None and only.get("unit") in ("", None, one.code)]
    if not only.get("unit"):
        used = {code for one in told.values() for code in one.units}
        columns = [one for one in columns if one.code in used]
    printed = printed_units(county)
    rows = [
        line(row, told.get(row.indicator, Set()), columns, names, printed)
        for row in book.rows
        if only.get("indicator") in ("", None, row.indicator)
    ]
    if only.get("unit"):
        rows = [row for row in rows if any(cell["word"] for cell in row["cells"])]
    return {"book": book, "columns": columns, "rows": rows, "led": sum(bool(one.lead) for one in told.values())}


def line(
    row: Row, own: Set, columns: Iterable[Unit], names: Mapping[str, str], printed: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return one row of the table: its words, and in each column what the unit is for it."""
    desks = dict(own.desks)
    as_printed = {code for name in row.printed for code in printed.get(name, ())}
    cells = [
        {
            "unit": unit,
            "word": word_of(own, unit.code),
            "desk": names.get(desks.get(unit.code, ""), ""),
            "added": bool(row.printed) and unit.code in own.units and unit.code not in as_printed,
            "removed": unit.code in as_printed and unit.code not in own.units,
        }
        for unit in columns
    ]
    return {"row": row, "set": own, "cells": cells, "lead": names.get(own.lead, "")}


def word_of(own: Set, unit: str) -> str:
    """Return what a unit is for an indicator: lead or support where the office set a lead, else one that answers."""
    if unit not in own.units:
        return ""
    return (LEAD if unit == own.lead else SUPPORTS) if own.lead else ANSWERS


def printed_units(county: Area) -> dict[str, list[str]]:
    """Return which units the table of tasks means by each way of writing them."""
    found: dict[str, list[str]] = {}
    names = UnitName.objects.of(county).filter(part=UnitName.Part.TASKS)
    for name, code in names.order_by("unit__place", "unit__code").values_list("name", "unit__code"):
        found.setdefault(name, []).append(code)
    return found


def paper(county: Area) -> dict[str, Any]:
    """Return the table as 附件2 lays it out: group, words, units as printed, and what the office has changed since."""
    book, told = book_of(county), table_of(county)
    names, printed = dict(Unit.objects.of(county).values_list("code", "name")), printed_units(county)
    rows = [_paper_row(row, told.get(row.indicator, Set()), names, printed) for row in book.rows]
    return {"book": book, "groups": _grouped(rows), "rows": rows}


def _paper_row(row: Row, own: Set, names: Mapping[str, str], printed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    written = {codes[0]: name for name, codes in printed.items() if len(codes) == 1}
    now = [written.get(code, names[code]) for code in own.units]
    changed = bool(row.printed) and sorted(now) != sorted(row.printed)
    return {
        "row": row,
        "units": now if changed or not row.printed else list(row.printed),
        "changed": changed,
        "lead": written.get(own.lead, names.get(own.lead, "")),
    }


def _grouped(rows: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the rows under what stands left of them; what is printed twice in a row stands once."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for one in rows:
        if not found or found[-1][0] != one["row"].group:
            found.append((one["row"].group, []))
        found[-1][1].append(one)
    return found


def unresolved(county: Area, book: Book) -> list[tuple[str, str]]:
    """Return the names in the printed table by which no unit of the county is known, each with its row: not guessed."""
    known = printed_units(county)
    return [(row.indicator, name) for row in book.rows for name in row.printed if name not in known]
