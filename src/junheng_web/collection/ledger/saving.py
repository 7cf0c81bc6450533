"""Entering: cells are written in one transaction, in an order; what somebody else changed meanwhile is not run over."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from junheng import api as jh
from junheng_web.collection.ledger.entries import Cell, Entry, Write
from junheng_web.collection.ledger.locks import refused
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.values import Kept, Key, kept_of, read
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope

BATCH = 1000
CURRENT = ("entry", "revision", "reported", "integer", "text", "sequence")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a value stood."""

    sheet: str = ""
    row: int | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to stand in a cell; `revision` is the one that whoever changes it has seen (None: it does not matter).

    `source` is the id of an entry elsewhere that it repeats. One that `confirms` is written though the value stays.
    """

    key: Key
    kept: Kept
    revision: int | None = None
    place: Place = Place()
    source: int | None = None
    confirms: bool = False


@dataclass(slots=True)
class Saved:
    """What came of it: the cells as they are now, the text that means nothing, the cells that others had changed."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    problems: dict[Key, jh.Problem] = field(default_factory=dict)
    remarks: dict[Key, jh.Problem] = field(default_factory=dict)
    conflicts: dict[Key, Cell] = field(default_factory=dict)
    write: Write | None = None


class Locked(Exception):
    """The form, or the period, takes nothing in: its reason is for the reader."""


def typed_in(texts: Iterable[tuple[Key, str, int | None]]) -> tuple[list[Change], Saved]:
    """Return the changes that typed texts ask for; what means nothing stands in the result that is begun."""
    changes, saved = [], Saved()
    for key, text, revision in texts:
        found = read(key, text)
        if found.problem is not None:
            saved.problems[key] = found.problem
            continue
        if found.remark is not None:
            saved.remarks[key] = found.remark
        changes.append(Change(key, found.kept, revision))
    return changes, saved


def held_ledger(ledger: Ledger) -> Ledger:
    """Return the ledger as it is now, held until the transaction ends: whoever writes to it waits."""
    return Ledger.objects.select_for_update().select_related("county", "period").get(id=ledger.id)


def locked_ledger(ledger: Ledger, *, by: Scope | None = None, kind: str = "") -> Ledger:
    """Return the ledger, held, for somebody who writes to a form of this kind. Raises Locked where nothing is taken."""
    held = held_ledger(ledger)
    if why := refused(held, by, kind):
        raise Locked(why)
    return held


def thawed_ledger(ledger: Ledger) -> Ledger:
    """Return the ledger, held, for what changes no number: papers come in late. Raises Locked in a frozen period."""
    held = held_ledger(ledger)
    if held.period.frozen:
        raise Locked(refused(held, None))
    return held


@transaction.atomic
def cells_save(
    *,
    by: Scope | None,
    ledger: Ledger,
    changes: Sequence[Change],
    saved: Saved | None = None,
    kind: str = Write.Kind.TYPED,
    file: tuple[str, str] = ("", ""),
    behalf: str = "",
) -> Saved:
    """Write changes and return what came of each; the same value again is no change. Raises Locked.

    A cell that was changed since the typist saw it is left as it is, unless both wrote the same.
    """
    saved, held = saved or Saved(), locked_ledger(ledger, by=by)
    # Of two changes of one cell the last one counts.
    asked = {one.key: one for one in changes}
    current = current_cells(held, list(asked))
    new = [one for one in asked.values() if _is_new(one, current.get(one.key), saved)]
    if new:
        saved.write = _write(by, held, kind, file, behalf)
        saved.cells.update(_put(held, saved.write, new, current))
        audit.record(
            "cells.save", by=by, county=held.county, of=("ledger", str(held.id)), write=saved.write.code, cells=len(new)
        )
    return saved


def current_cells(ledger: Ledger, keys: Sequence[Key]) -> dict[Key, Cell]:
    """Return the cells that there are of these keys; many keys are read by table."""
    wanted, found = set(keys), {}
    rows = {row for _, row, _ in wanted}
    cells = Cell.objects.filter(ledger=ledger, table__in={table for table, _, _ in wanted})
    columns = {column for _, _, column in wanted}
    if len(rows) <= BATCH // 2:
        cells = cells.filter(row__in=rows)
    elif len(columns) <= BATCH // 2:
        cells = cells.filter(column__in=columns)
    for cell in cells:
        if cell.key in wanted:
            found[cell.key] = cell
    return found


def _is_new(change: Change, cell: Cell | None, saved: Saved) -> bool:
    if cell is None:
        return change.kept.reported
    if kept_of(cell) == change.kept and not change.confirms:
        saved.cells[change.key] = cell
        return False
    if change.revision is not None and change.revision != cell.revision:
        saved.conflicts[change.key] = cell
        return False
    return True


def _write(by: Scope | None, ledger: Ledger, kind: str, file: tuple[str, str], behalf: str) -> Write:
    ledger.sequence, ledger.head = ledger.sequence + 1, secrets.token_hex(12)
    ledger.save(update_fields=["sequence", "head"])
    named = {"file_name": file[0][:200], "file_digest": file[1], "behalf": behalf}
    known = {"county": ledger.county, "ledger": ledger, "sequence": ledger.sequence, "code": ledger.head, "kind": kind}
    return Write.objects.create(**known, **named, **audit.signed(by))


def _put(ledger: Ledger, write: Write, new: Sequence[Change], current: dict[Key, Cell]) -> dict[Key, Cell]:
    """Add the entries, and let each cell hold its last one."""
    entries = Entry.objects.bulk_create([_entry(ledger, write, one, current.get(one.key)) for one in new], BATCH)
    cells = [
        Cell(entry=one, sequence=write.sequence, county=ledger.county, ledger=ledger, **_held(one)) for one in entries
    ]
    unique = ("ledger", "table", "row", "column")
    Cell.objects.bulk_create(cells, BATCH, update_conflicts=True, unique_fields=unique, update_fields=CURRENT)
    return {one.key: one for one in cells}


def _held(entry: Entry) -> dict[str, object]:
    names = ("table", "row", "column", "revision", "reported", "integer", "text")
    return {name: getattr(entry, name) for name in names}


def _entry(ledger: Ledger, write: Write, change: Change, cell: Cell | None) -> Entry:
    table, row, column = change.key
    held = {"reported": change.kept.reported, "integer": change.kept.integer, "text": change.kept.text}
    revision = cell.revision + 1 if cell else 1
    place = {"sheet": change.place.sheet, "file_row": change.place.row, "file_column": change.place.column}
    own = {"county": ledger.county, "ledger": ledger, "write": write, "table": table, "row": row, "column": column}
    return Entry(**own, revision=revision, **held, **place, source_id=change.source)
