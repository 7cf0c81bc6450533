"""What was carried on from last year is confirmed: the same value again, by whoever says that it is still right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng_web.collection.handing.approving import may_fill, open_for_entry, unconfirmed
from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.saving import Change, cells_save, locked_ledger
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.values import Key, kept_of
from junheng_web.organisation.scopes import Scope


@dataclass(frozen=True, slots=True)
class Which:
    """Which carried cells are meant: one, those of a section or of a list, or every one."""

    key: Key | None = None
    group: str = ""
    listed: str = ""
    every: bool = False

    def means(self, key: Key, groups: Mapping[Key, str]) -> bool:
        """Whether a cell is meant; `groups` says in which section the form's fields stand."""
        in_group = bool(self.group) and groups.get(key) == self.group
        return self.every or key == self.key or in_group or (key not in groups and key[0] == self.listed)


@transaction.atomic
def carried_confirm(*, by: Scope, one: Subject, asked: Which) -> int:
    """Confirm the carried cells of a form that are meant, and return how many there were.

    A cell that somebody has changed meanwhile is none of them. Raises PermissionDenied, Locked once it is handed in.
    """
    if not may_fill(by, one):
        raise PermissionDenied
    held = locked_ledger(one.ledger, by=by, kind=one.kind)
    open_for_entry(one)
    groups = {field.key: field.group for field in one.fields}
    left = [cell for cell in unconfirmed(one).select_related("entry") if asked.means(cell.key, groups)]
    changes = [Change(cell.key, kept_of(cell), source=cell.entry.source_id, confirms=True) for cell in left]
    cells_save(by=by, ledger=held, changes=changes, kind=Write.Kind.CONFIRMED)
    return len(left)
