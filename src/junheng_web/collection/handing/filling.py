"""A form as somebody fills it in: texts come cell by cell, and what others changed goes back with the answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng import api as jh
from junheng_web.collection.handing.approving import may_fill, open_for_entry, own_cells
from junheng_web.collection.ledger.entries import Cell, Write
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Change, Saved, cells_save, locked_ledger, typed_in
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import Key
from junheng_web.organisation.scopes import Scope

Texts = Sequence[tuple[Key, str, int | None]]
"""Cells with what was typed, and the revision that the typist has seen (None: whatever it is)."""

OF_A_VISIT = jh.Problem("", "这是督导查看以后确认的评定", "要改，请到“督导查看”重新确认；与规则得出的不同，要写理由")
OF_THE_CENSUS = jh.Problem("", "统计口径里导入的数不能在网页上改", "数有错，请重新导入；今天的数请填在现状口径")


@transaction.atomic
def form_save(*, by: Scope, one: Subject, texts: Texts, kind: str = Write.Kind.TYPED) -> Saved:
    """Enter texts in a form; `kind` says how they came.

    Raises PermissionDenied, NoSuchForm for a cell of another form, Locked once handed in.
    """
    if not may_fill(by, one):
        raise PermissionDenied
    if strange := [key for key, _, _ in texts if not one.has(key)]:
        raise NoSuchForm(f"{strange[0]} is no cell of {one.kind} {one.code}")
    changes, saved = typed_in(texts)
    held = locked_ledger(one.ledger, by=by, kind=one.kind)
    open_for_entry(one)
    changes = without_fixed(one, changes, saved)
    return cells_save(by=by, ledger=held, changes=changes, saved=saved, kind=kind)


def without_fixed(one: Subject, changes: list[Change], saved: Saved) -> list[Change]:
    """Return the changes but for those of cells that are not typed in; each of these is a problem that says why."""
    locked = fixed_in(one)
    saved.problems.update({change.key: locked[change.key] for change in changes if change.key in locked})
    return [change for change in changes if change.key not in locked]


def fixed_in(one: Subject) -> dict[Key, jh.Problem]:
    """Return the cells of a form that are not typed in, each with why: what the census says, what visits found."""
    census = one.ledger.basis == Ledger.Basis.CENSUS
    found = dict.fromkeys(_written(one, Write.Kind.IMPORTED), OF_THE_CENSUS) if census else {}
    # A grade that stood there already was not written again, but what it rests on was.
    visited = _written(one, Write.Kind.VISITED) if one.kind == Submission.Kind.UNIT else ()
    rows = {(table, row) for table, row, _ in visited}
    return found | {field.key: OF_A_VISIT for field in one.fields if field.key[:2] in rows}


def _written(one: Subject, kind: str) -> frozenset[Key]:
    """Return the cells of a form that hold what was last written in one way."""
    held = own_cells(one).filter(reported=True, entry__write__kind=kind)
    return frozenset(held.values_list("table", "row", "column"))


def changed_since(one: Subject, sequence: int) -> list[Cell]:
    """Return the cells of a form that were written after a place in the ledger's order, with who wrote them."""
    later = own_cells(one).filter(sequence__gt=sequence).select_related("entry__write")
    return [cell for cell in later if one.has(cell.key)]
