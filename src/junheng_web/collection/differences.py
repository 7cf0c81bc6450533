"""Where the two bases of a period differ: what was counted and locked, what is so today, and whose word that is."""

from __future__ import annotations

from typing import Any

from junheng_web.collection.addresses import form_address
from junheng_web.collection.entries import Cell
from junheng_web.collection.gathering import unfolded
from junheng_web.collection.periods import Ledger, Period
from junheng_web.collection.saving import current_cells
from junheng_web.collection.subjects import Subject, subjects, visible
from junheng_web.collection.telling import whose
from junheng_web.collection.values import Key, column_of, keep, shown
from junheng_web.organisation.scopes import Scope

SHOWN = 500


def differences(scope: Scope, period: Period) -> dict[str, Any]:
    """Return the cells of the forms that one may see in which the bases differ, in the order of the forms."""
    ledgers = {one.basis: one for one in period.ledgers.select_related("county", "period")}
    census, current = ledgers[Ledger.Basis.CENSUS], ledgers[Ledger.Basis.CURRENT]
    held = [_held(one) for one in (census, current)]
    found = [
        (one, key)
        for one in subjects(current)
        if visible(scope, one)
        for key in (field.key for field in one.fields)
        if held[0].get(key) != held[1].get(key)
    ]
    listed = found[:SHOWN]
    cells = current_cells(current, [key for _, key in listed])
    written = Cell.objects.filter(id__in=[cell.id for cell in cells.values()]).select_related("entry__write")
    whose_word = {cell.key: whose(cell) for cell in written}
    return {
        "period": period,
        "rows": [_row(one, key, *held, whose_word) for one, key in listed],
        "more": max(0, len(found) - SHOWN),
        "count": len(found),
    }


def _held(ledger: Ledger) -> dict[Key, Any]:
    tables = unfolded(ledger).tables
    return {
        (table, row, column): value
        for table, rows in tables.items()
        for row, cells in rows.items()
        for column, value in cells.items()
    }


def _row(
    one: Subject, key: Key, census: dict[Key, Any], current: dict[Key, Any], whose_word: dict[Key, str]
) -> dict[str, Any]:
    told = [shown(keep(held.get(key), column_of(key)), key) for held in (census, current)]
    return {
        "subject": one,
        "url": form_address(one, "form"),
        "label": column_of(key).label,
        "census": told[0],
        "current": told[1],
        "whose": whose_word.get(key, ""),
    }
