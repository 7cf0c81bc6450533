"""A form as its page shows it: each cell with what it holds, what it held before, and whose word that is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.utils import timezone

from junheng import api as jh
from junheng.facts.schema import MEASURES, Column
from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.approving import may_fill, offered, own_cells, status_of
from junheng_web.collection.handing.checking import Found, previous_of
from junheng_web.collection.handing.deeds import DECIDING, DEEDS
from junheng_web.collection.handing.filling import fixed_in
from junheng_web.collection.handing.proofs import proofs_of
from junheng_web.collection.ledger.addresses import address, effect_address, form_address, then_address
from junheng_web.collection.ledger.entries import Cell, Entry, Write
from junheng_web.collection.ledger.fields import Field, Listed
from junheng_web.collection.ledger.locks import lock_told, refused
from junheng_web.collection.ledger.origins import origin, writer
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Saved
from junheng_web.collection.ledger.subjects import NUMBER_DIGITS, Subject
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.collection.ledger.values import (
    NOTHING,
    SEPARATOR,
    Key,
    choices_of,
    column_of,
    kept_of,
    row_of,
    shown,
    typed,
)
from junheng_web.collection.sealed.marks import spaced
from junheng_web.collection.sealed.seals import unsealed
from junheng_web.collection.shown.asking import asked, asked_name
from junheng_web.collection.shown.chain import chain
from junheng_web.collection.years.carrying import begins_anew
from junheng_web.organisation.scopes import Scope

BLANK_ROWS = 3
SEVERITY = {"error": ("错误", "✗", "red"), "warning": ("警告", "!", "yellow"), "hint": ("提示", "i", "azure")}
STATUS_TONES = {
    "draft": "secondary",
    "submitted": "azure",
    "endorsed": "azure",
    "signed": "azure",
    "reviewed": "yellow",
    "approved": "green",
}
Cells = Mapping[Key, Cell]
Fixed = Mapping[Key, jh.Problem]
PARTS = ("save", "findings", "history", "printed", "sealed", "reply", "confirm", "carried", "workbook")


def form(scope: Scope, one: Subject) -> dict[str, Any]:
    """Return what the page of a form shows."""
    status = status_of(one)
    stopped = refused(one.ledger, scope, one.kind)
    fills = may_fill(scope, one) and status == Submission.Status.DRAFT and not stopped
    deeds = [] if stopped else [deed for deed in offered(scope, one, status) if deed.name != agreeing.CONFIRM]
    now, before, other = cells_shown(one.ledger, one), _before(one), _other(one)
    groups = list(_groups(one, now, before, other))
    return {
        "subject": one,
        "ledger": one.ledger,
        "fills": fills,
        "replies": fills and DECIDING.may(scope, one),
        "status": (Submission.Status(status).label, STATUS_TONES[status]),
        "unsealed": status == Submission.Status.APPROVED and (one.kind, one.code) in unsealed(one.ledger),
        "groups": groups,
        "to_confirm": {group for group, rows in groups if any(row["carried"] for row in rows)},
        "lists": [_list(one, listed, now) for listed in one.lists],
        "asked": asked(_asked_in(one)) if fills else {},
        "deeds": [(deed, form_address(one, "step", deed.name)) for deed in deeds],
        "lock": lock_told(one.ledger),
        "confirming": agreeing.waiting(one, agreeing.CONFIRM) if status in DEEDS[agreeing.CONFIRM].before else [],
        "steps": steps(one),
        "chain": chain(one, status),
        "unconfirmed": sum(carried_on(cell) for cell in now.values()),
        "filled": sum(_filled(now.get(field.key)) for field in one.fields),
        "urls": {name: form_address(one, name) for name in PARTS} | {"effect": effect_address(one)},
        "board_url": address(one.ledger, "board"),
        "other_basis": _basis_label(other_of(one.ledger)),
        "account": scope.account.id,
    }


def _asked_in(one: Subject) -> list[Key]:
    listed = [(each.table, "", column.name) for each in one.lists for column in each.columns]
    return [*(field.key for field in one.fields), *listed]


def _filled(cell: Cell | None) -> bool:
    return bool(cell and cell.reported and not carried_on(cell))


def cells_shown(ledger: Ledger, one: Subject) -> dict[Key, Cell]:
    """Return the cells of a form as a ledger holds them, with who wrote each."""
    found = own_cells(replace(one, ledger=ledger)).select_related("entry__write")
    return {cell.key: cell for cell in found if one.has(cell.key)}


def _before(one: Subject) -> Cells:
    before = previous_of(one.ledger)
    cells = cells_shown(before, one) if before else {}
    return {key: cell for key, cell in cells.items() if not begins_anew(one.period, key)}


def _other(one: Subject) -> Cells:
    other = other_of(one.ledger)
    return cells_shown(other, one) if other else {}


def other_of(ledger: Ledger) -> Ledger | None:
    """Return the period's ledger on the other basis."""
    return ledger.period.ledgers.exclude(id=ledger.id).select_related("county", "period").first()


def _basis_label(ledger: Ledger | None) -> str:
    return ledger.get_basis_display() if ledger else ""


def _groups(one: Subject, now: Cells, before: Cells, other: Cells) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    fixed, day = fixed_in(one), one.period.counting_date
    for group, own in groupby(one.fields, key=lambda field: field.group):
        rows = (_row(field, now.get(field.key), before, other, fixed) for field in own)
        yield group, [{**row, "clock": row["field"].column.clock.span(day)} for row in rows]


def _row(field: Field, cell: Cell | None, before: Cells, other: Cells, fixed: Fixed) -> dict[str, Any]:
    kept = kept_of(cell) if cell else NOTHING
    return {
        "field": field,
        "label": field.label,
        "carried": carried_on(cell),
        "known": _known(cell),
        "unit": field.unit,
        "definition": field.column.definition,
        "indicators": "、".join(field.indicators),
        "control": control(field.key, field.column, cell, field.label) | {"needed": bool(field.indicators)},
        "shown": shown(kept, field.key),
        "before": shown(_kept(before.get(field.key)), field.key),
        "other": shown(_kept(other.get(field.key)), field.key),
        "whose": whose(cell),
        "fixed": fixed[field.key].reason if field.key in fixed else "",
        "key": json.dumps(field.key),
    }


def _kept(cell: Cell | None) -> Any:
    return kept_of(cell) if cell else None


def carried_on(cell: Cell | None) -> bool:
    """Whether a cell holds last year's value, and nobody has said yet that it is still right."""
    return bool(cell and cell.reported and cell.entry.write.kind == Write.Kind.CARRIED)


def _known(cell: Cell | None) -> str:
    """Return from which file a cell's value is known, where the census has it and nobody has said otherwise."""
    return cell.entry.write.file_name if cell and cell.reported and cell.entry.write.kind == Write.Kind.KNOWN else ""


def control(key: Key, column: Column, cell: Cell | None, label: str) -> dict[str, Any]:
    """Return what the page needs for the control of a cell: its key, text, revision and choices."""
    return {
        "key": json.dumps(key),
        "id": cell_id(key),
        "text": typed(kept_of(cell), key) if cell else "",
        "revision": cell.revision if cell else 0,
        "choices": list(choices_of(column).items()),
        "numeric": column.kind in MEASURES,
        "asked": asked_name(key),
        "label": label,
    }


def cell_id(key: Key) -> str:
    """Return the id of a cell's control in the page."""
    return "c-" + "-".join(key).replace(SEPARATOR, "-")


def _list(one: Subject, listed: Listed, now: Cells) -> dict[str, Any]:
    """Return a list's rows, with some blank ones at its end."""
    numbers = sorted(
        {int(key[1].split(SEPARATOR)[1]) for key, cell in now.items() if key[0] == listed.table and cell.reported}
    )
    last = numbers[-1] if numbers else 0
    rows = [_listed_row(one, listed, number, now) for number in [*numbers, *range(last + 1, last + 1 + BLANK_ROWS)]]
    return {
        "label": listed.label,
        "table": listed.table,
        "columns": [(column.label, column.unit, column.definition) for column in listed.columns],
        "indicators": "、".join(listed.indicators),
        "rows": rows,
        "count": len(numbers),
        "unconfirmed": sum(carried_on(cell) for key, cell in now.items() if key[0] == listed.table),
        "known": next((_known(cell) for key, cell in now.items() if key[0] == listed.table and _known(cell)), ""),
    }


def _listed_row(one: Subject, listed: Listed, number: int, now: Cells) -> dict[str, Any]:
    keys = [(listed.table, row_of(one.code, f"{number:0{NUMBER_DIGITS}}"), column.name) for column in listed.columns]
    cells = [
        control(key, column, now.get(key), f"{listed.label}第 {number} 行{column.label}")
        for key, column in zip(keys, listed.columns, strict=True)
    ]
    told = [shown(_kept(now.get(key)), key) for key in keys]
    return {"number": number, "cells": list(zip(cells, told, strict=True))}


def whose(cell: Cell | None) -> str:
    """Return who put there what a cell holds, and when."""
    return writer(cell.entry.write) if cell else ""


def steps(one: Subject) -> list[dict[str, Any]]:
    """Return the steps of a form, the last first: what, by whom, in which post, when, and why."""
    found = (
        Step.objects.filter(submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code)
        .select_related("unit")
        .order_by("-id")
    )
    return [
        {
            "label": f"{DEEDS[step.deed].label}（{step.unit}）" if step.unit else DEEDS[step.deed].label,
            "who": f"{step.by_name}（{step.by_post}）" if step.by_post else step.by_name,
            "at": timezone.localtime(step.at),
            "note": step.note,
            "reasons": [{**reason, "label": _label(reason)} for reason in step.reasons],
            "digest": spaced(step.digest),
        }
        for step in found
    ]


def _label(reason: Mapping[str, str]) -> str:
    try:
        return column_of((reason["table"], reason["row"], reason["column"])).label
    except KeyError:
        return reason.get("column", "")


def saved_told(one: Subject, saved: Saved, changed: Iterable[Cell], sequence: int) -> dict[str, Any]:
    """Return the answer to a save, for the page's script: revisions, problems, conflicts, and what others changed."""
    conflicts = _with_writes(saved.conflicts.values())
    own = {*saved.cells, *saved.conflicts}
    return {
        "sequence": sequence,
        "saved": [{"key": key, "revision": cell.revision} for key, cell in saved.cells.items()],
        "problems": [{"key": key, "reason": one.reason, "remedy": one.remedy} for key, one in saved.problems.items()],
        "remarks": [{"key": key, "reason": one.reason, "remedy": one.remedy} for key, one in saved.remarks.items()],
        "conflicts": [_theirs(cell) for cell in conflicts],
        "changed": [_theirs(cell) for cell in changed if cell.key not in own],
    }


def _with_writes(cells: Iterable[Cell]) -> list[Cell]:
    return list(Cell.objects.filter(id__in=[cell.id for cell in cells]).select_related("entry__write"))


def _theirs(cell: Cell) -> dict[str, Any]:
    kept = kept_of(cell)
    return {
        "key": cell.key,
        "text": typed(kept, cell.key),
        "shown": shown(kept, cell.key) or "（未报）",
        "revision": cell.revision,
        "by": writer(cell.entry.write),
    }


def findings(one: Subject, found: list[Found], *, fills: bool) -> dict[str, Any]:
    """Return what the list of findings shows."""
    rows = [
        {
            "word": SEVERITY[each.finding.severity],
            "label": place_told(each),
            "id": cell_id(each.key),
            "message": each.finding.message,
            "expected": each.finding.expected,
            "remedy": each.finding.remedy,
            "value": each.finding.value or "",
            "check": each.finding.check.id,
            "key": json.dumps(each.key),
            "explained": each.explained,
            "open": each.open,
            "asked": each.asked,
        }
        for each in found
    ]
    told = {"findings": rows, "open": sum(row["open"] for row in rows), "fills": fills}
    return {**told, "explain_url": form_address(one, "explain"), "subject": one}


def place_told(each: Found) -> str:
    """Return what the cell of a finding is called."""
    try:
        return column_of(each.key).label
    except KeyError:
        return each.key[2]


def history(one: Subject, key: Key) -> dict[str, Any]:
    """Return every value that a cell has had, the last first: who, when, in which post, from which file, with proof."""
    table, row, column = key
    found = Entry.objects.filter(ledger=one.ledger, table=table, row=row, column=column)
    entries = list(found.select_related("write", "ledger__county", "source__ledger__period").order_by("-revision"))
    proofs = proofs_of(one.ledger, entries)
    column = column_of(key)
    return {
        "label": column.label,
        "definition": column.definition,
        "clock": column.clock.span(one.period.counting_date),
        "key": json.dumps(key),
        "entries": [{**_entry(one, entry, key), "proofs": proofs.get(entry.id, [])} for entry in entries],
    }


def _entry(one: Subject, entry: Entry, key: Key) -> dict[str, Any]:
    write = entry.write
    return {
        "value": shown(kept_of(entry), key) or "（未报）",
        "by": f"{write.by_name or '系统'}{f'（{write.by_post}）' if write.by_post else ''}",
        "at": timezone.localtime(write.at),
        "how": f"代{write.behalf}录入" if write.behalf else write.get_kind_display(),
        "source": str(entry.source.ledger) if entry.source else "",
        "from": origin(entry),
        "then_url": then_address(one, write.sequence),
    }
