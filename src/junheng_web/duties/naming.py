"""How units are written in a document's parts, and what does not agree there: reported, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from junheng_web.duties.book import book_of
from junheng_web.duties.matrix import table_of, unresolved
from junheng_web.duties.models import Bearer, UnitName
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope

Part = UnitName.Part
# Part: names by unit.
Written = Mapping[str, list[UnitName]]


def names(scope: Scope, county: Area) -> dict[str, Any]:
    """Return what the page of names shows: each unit as each part writes it, and what does not agree."""
    units = list(Unit.objects.visible_to(scope).of(county).filter(parent=None).prefetch_related("written"))
    rows = [
        {"unit": unit, "parts": [(part, _in(unit, part)) for part in Part], "notes": _notes(unit)} for unit in units
    ]
    return {"rows": rows, "parts": Part.choices, "irregular": list(irregularities(county, units))}


def _in(unit: Unit, part: str) -> list[UnitName]:
    return [one for one in unit.written.all() if one.part == part]


def _notes(unit: Unit) -> list[str]:
    return list(dict.fromkeys(one.note for one in unit.written.all() if one.note))


def irregularities(county: Area, units: list[Unit]) -> Iterator[tuple[str, list[str]]]:
    """Yield what does not agree among the parts of a county's document: what it is, and where it is so."""
    bearing = set(Bearer.objects.of(county).values_list("unit", flat=True))
    answering = {code for one in table_of(county).values() for code in one.units}
    found = (
        ("有职责，任务分工表没有列", [one.name for one in units if one.id in bearing and one.code not in answering]),
        ("任务分工表列了，没有职责", [one.name for one in units if one.code in answering and one.id not in bearing]),
        ("任务分工表省去了职责里的字头", list(_shortened(units))),
        ("一段职责合写给几个单位", list(_shared(units))),
        ("成员名单里的写法对不上职责里的单位名", list(_otherwise(units))),
        ("任务分工表里认不出是哪个单位", [f"{name}（{row}）" for row, name in unresolved(county, book_of(county))]),
    )
    yield from ((what, where) for what, where in found if where)


def _shortened(units: list[Unit]) -> Iterator[str]:
    for unit in units:
        for short in _in(unit, Part.TASKS):
            longer = [one.name for one in _in(unit, Part.DUTIES) if one.name != short.name]
            if longer and longer[0].endswith(short.name):
                yield f"{longer[0]} → {short.name}"


def _shared(units: list[Unit]) -> Iterator[str]:
    """Yield each name of the duties that stands for several units, with them."""
    by_name: dict[str, list[str]] = {}
    for unit in units:
        for one in _in(unit, Part.DUTIES):
            by_name.setdefault(one.name, []).append(unit.name)
    yield from (f"{name}：{'、'.join(own)}" for name, own in by_name.items() if len(own) > 1)


def _otherwise(units: list[Unit]) -> Iterator[str]:
    """Yield the titles in the list of members that do not begin with what the duties call the unit, or its own name."""
    for unit in units:
        known = [unit.name, *(one.name for one in _in(unit, Part.DUTIES))]
        for title in _in(unit, Part.GROUP):
            if not title.name.startswith(tuple(known)):
                yield f"{title.name}（{'、'.join(dict.fromkeys(known))}）"
