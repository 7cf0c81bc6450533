"""What a form held at a moment, and what has changed since: entries never change, so the past can be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from junheng_web.collection.handing.approving import own_cells, within
from junheng_web.collection.ledger.entries import Entry
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.values import SEPARATOR, Key, column_of, kept_of, shown


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell of a form that holds something else than it did, each value as it is shown."""

    key: Key
    before: str
    after: str

    @property
    def label(self) -> str:
        """What the cell is called; of a list, with its row."""
        row = self.key[1].partition(SEPARATOR)[2]
        return f"第 {int(row)} 行{column_of(self.key).label}" if row.isdecimal() else column_of(self.key).label


def values_at(one: Subject, moment: dt.datetime) -> dict[Key, Entry]:
    """Return the entry that stood in each cell of a form at a moment; what was not reported then is left out."""
    found = Entry.objects.filter(within(one), ledger=one.ledger, write__at__lte=moment).select_related("write")
    last = {entry.key: entry for entry in found.order_by("revision")}
    return {key: entry for key, entry in last.items() if entry.reported}


def between(before: dict[Key, Any], after: dict[Key, Any]) -> list[Changed]:
    """Return what differs between two states of a form, in the order of its cells."""
    told = [
        (key, *(shown(kept_of(held[key]) if key in held else None, key) for held in (before, after)))
        for key in sorted(before.keys() | after.keys())
    ]
    return [Changed(key, old, new) for key, old, new in told if old != new]


def changed_since(one: Subject, moment: dt.datetime) -> list[Changed]:
    """Return what has changed in a form since a moment."""
    now = {cell.key: cell for cell in own_cells(one).filter(reported=True)}
    return between(values_at(one, moment), now)
