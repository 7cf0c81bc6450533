"""A ledger's cells as the facts that the engine reads: in memory, and brought up to date by what was written since.

A process keeps the last few ledgers unfolded. Whether one is still current is told by the ledger's `head`, and what
was written since by the cells' sequence; a ledger whose history is another one (a backup was restored) is read anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyarrow as pa

from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.model import arrow_schema
from junheng.facts.schema import COUNTY, JUDGED, PERIOD, SCHOOLS, TABLES
from junheng.facts.writers import plain
from junheng_web.collection.ledger.entries import Cell, Entry, Write
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.values import NOTHING, SEPARATOR, Kept, Key, column_of, value_of
from junheng_web.organisation.schools import schools_on

KEPT, KEPT_BACK = 4, 2
# Up to so many rows are asked for by name.
FEW_ROWS = 500
NAMES = ("table", "row", "column", "reported", "integer", "text")
# Which columns of a table its row's name holds, in order.
IN_THE_NAME: Mapping[str, tuple[str, ...]] = {JUDGED.name: ("school_code", "indicator")}
Rows = dict[str, dict[str, Any]]
_unfolded: OrderedDict[int, Unfolded] = OrderedDict()
_lock = threading.Lock()


@dataclass(slots=True)
class Unfolded:
    """A ledger's cells by table, row and column, as of a sequence; only what is reported is there."""

    head: str
    sequence: int
    tables: dict[str, Rows] = field(default_factory=lambda: {name: {} for name in TABLES})

    def put(self, key: Key, kept: Kept) -> None:
        """Take in what a cell holds."""
        table, row, column = key
        value = value_of(kept, column_of(key))
        cells = self.tables[table].setdefault(row, {})
        if value is None:
            cells.pop(column, None)
        else:
            cells[column] = value
        if not cells:
            del self.tables[table][row]


def unfolded(ledger: Ledger) -> Unfolded:
    """Return a ledger's cells as they are now. What it returns is not to be changed."""
    ledger.refresh_from_db(fields=["sequence", "head"])
    with _lock:
        known = _unfolded.get(ledger.id)
        if known is None or known.head != ledger.head:
            known = _read(ledger, known if known and _continues(ledger, known) else None)
            _unfolded[ledger.id] = known
        _unfolded.move_to_end(ledger.id)
        while len(_unfolded) > KEPT:
            _unfolded.popitem(last=False)
        return known


def _continues(ledger: Ledger, known: Unfolded) -> bool:
    """Whether what is known is an earlier state of this very ledger."""
    return Write.objects.filter(ledger=ledger, sequence=known.sequence, code=known.head).exists()


def _read(ledger: Ledger, known: Unfolded | None) -> Unfolded:
    now = Unfolded(ledger.head, ledger.sequence)
    since = 0
    if known is not None:
        now.tables, since = {name: dict(rows) for name, rows in known.tables.items()}, known.sequence
    changed = Cell.objects.filter(ledger=ledger, sequence__gt=since, sequence__lte=ledger.sequence)
    for table, row, column, reported, integer, text in changed.values_list(*NAMES).iterator(chunk_size=5000):
        # A row that an earlier state shares is copied before it is changed.
        now.tables[table][row] = dict(now.tables[table].get(row, {}))
        now.put((table, row, column), Kept(reported, integer, text) if reported else NOTHING)
    return now


@lru_cache(maxsize=KEPT_BACK)
def unfolded_at(ledger: Ledger, sequence: int, head: str) -> Unfolded:
    """Return a ledger's cells as they were after the write with this number and code: what came later is taken back.

    What did not change since is shared with the cells as they are now, and none of it is to be changed.
    """
    now = unfolded(ledger)
    then = Unfolded(head, sequence, {name: dict(rows) for name, rows in now.tables.items()})
    later = set(Cell.objects.filter(ledger=ledger, sequence__gt=sequence).values_list("table", "row", "column"))
    for table, row, column in later:
        then.tables[table][row] = dict(then.tables[table].get(row, {}))
        then.put((table, row, column), NOTHING)
    for table, row, column, *held in _entries_until(ledger, sequence, {row for _, row, _ in later}):
        if (table, row, column) in later:
            then.put((table, row, column), Kept(*held))
    return then


def _entries_until(ledger: Ledger, sequence: int, rows: Collection[str]) -> Iterator[tuple[Any, ...]]:
    """Yield what was put into the cells of some rows up to a write, in order; of many rows, into every cell."""
    if not rows:
        return
    found = Entry.objects.filter(ledger=ledger, write__sequence__lte=sequence)
    if len(rows) <= FEW_ROWS:
        found = found.filter(row__in=rows)
    yield from found.order_by("id").values_list(*NAMES).iterator(chunk_size=5000)


def facts_of(ledger: Ledger, only: Collection[str] | None = None, items: Collection[str] | None = None) -> jh.Facts:
    """Return a ledger's facts, drafts and all; or the cells alone of the schools in `only` and of the `items`.

    Every school that stands on the counting date has its row: what nobody handed in is not reported.
    """
    return facts_from(ledger, unfolded(ledger).tables, only, items)


def facts_from(
    ledger: Ledger,
    tables: Mapping[str, Rows],
    only: Collection[str] | None = None,
    items: Collection[str] | None = None,
    standing: Collection[str] | None = None,
) -> jh.Facts:
    """Return the facts that some cells make, see `facts_of`; of the schools in `standing` where they are given."""
    made = {name: _listed(name, tables[name], only, items) for name in TABLES if name not in _OWN}
    county_rows, known = _county(tables[COUNTY.name], items)
    own = {
        SCHOOLS.name: _schools(ledger, tables[SCHOOLS.name], only, standing),
        COUNTY.name: county_rows,
        PERIOD.name: _period(ledger),
    }
    arrow = {name: pa.Table.from_pylist({**made, **own}[name], schema=arrow_schema(TABLES[name])) for name in TABLES}
    return jh.Facts(arrow, str(ledger), known)


def cells_of_schools(ledger: Ledger, codes: Collection[str]) -> Mapping[str, Rows]:
    """Return the cells of some schools alone, by table and row, read without unfolding the ledger."""
    own = Unfolded("", 0)
    for table, row, column, *held in Cell.objects.filter(ledger=ledger, school__in=codes).values_list(*NAMES):
        own.put((table, row, column), Kept(*held))
    return own.tables


_OWN = (SCHOOLS.name, COUNTY.name, PERIOD.name)


def _schools(
    ledger: Ledger, cells: Rows, only: Collection[str] | None, standing: Collection[str] | None
) -> list[dict[str, Any]]:
    county = ledger.county
    return [
        {
            **(cells.get(code, {}) if only is None or code in only else {}),
            "county_code": county.code,
            "county_name": county.name,
            "school_code": code,
            "school_name": name,
            "school_type": type or None,
        }
        for code, name, type in schools_of(ledger, standing)
    ]


def schools_of(ledger: Ledger, among: Collection[str] | None = None) -> tuple[tuple[str, str, str], ...]:
    """Return code, name and type of every school that stands on a ledger's counting date, in the order of codes."""
    standing = schools_on(ledger.county, ledger.period.counting_date, among)
    return tuple((one.code, one.name, one.school_type) for one in standing)


def _listed(
    name: str, cells: Rows, only: Collection[str] | None, items: Collection[str] | None
) -> list[dict[str, Any]]:
    """Return a list's rows in the order of their names; a row of no school is the county's, owned as an item is."""
    found = []
    for row in sorted(cells):
        school, *rest = row.split(SEPARATOR)
        among = only if school else items
        if among is not None and (school or row) not in among:
            continue
        named = dict(zip(IN_THE_NAME.get(name, ("school_code",)), (school, *rest), strict=False))
        found.append({**cells[row], **named})
    return found


def _county(cells: Rows, items: Collection[str] | None) -> tuple[list[dict[str, Any]], dict[str, int | bool]]:
    known = {
        item: cells[item]["value"]
        for item in ITEMS
        if "value" in cells.get(item, {}) and (items is None or item in items)
    }
    return [{"item": item, "value": plain(value, ITEMS[item])} for item, value in known.items()], known


def _period(ledger: Ledger) -> list[dict[str, Any]]:
    period = ledger.period
    told = {"school_year": period.school_year, "counting_date": period.counting_date, "basis": ledger.basis}
    return [{**told, "source": "填报"}]
