"""Writes of the room besides imports: one row as somebody types it, and which units read 编制台账."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.models import Reader, Row
from junheng_web.registers.saving import Change, Saved, held, rows_save
from junheng_web.registers.seeing import may_change


@transaction.atomic
def row_save(*, by: Scope, county: Area, name: str, change: Change) -> Saved:
    """Enter one row, or take it out of the register; a conflict stands in what is returned, and nothing was written.

    Raises PermissionDenied where the row is not one's own before and after.
    """
    held(county, name)
    row = Row.objects.of(county).filter(register__name=name, key=change.key).first()
    if not may_change(by, county, name, change.values, row.values if row else None):
        raise PermissionDenied
    return rows_save(by=by, county=county, name=name, changes=[change])


@transaction.atomic
def readers_set(*, by: Scope | None, county: Area, units: Collection[Unit]) -> None:
    """Say which units read the whole county's 编制台账."""
    Reader.objects.of(county).exclude(unit__in=units).delete()
    for unit in units:
        Reader.objects.get_or_create(county=county, unit=unit)
    audit.record(
        "register.readers", by=by, county=county, of=("register", "staffing"), units=[one.code for one in units]
    )
