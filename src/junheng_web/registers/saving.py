"""Entering rows: in one transaction, in an order; what somebody else changed meanwhile is not run over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.models import Register, Row, Version, Write
from junheng_web.registers.values import Values

BATCH = 1000
CURRENT = ("version", "revision", "gone", "values")


@dataclass(frozen=True, slots=True)
class Change:
    """What a row is to hold; `revision` is the one that whoever changes it has seen (0: none; None: any)."""

    key: str
    values: Values
    gone: bool = False
    revision: int | None = None
    sheet: str = ""
    file_row: int | None = None


@dataclass(slots=True)
class Saved:
    """What came of it: the rows that were written, and those that somebody else had changed."""

    rows: list[Row] = field(default_factory=list)
    conflicts: list[Row] = field(default_factory=list)
    write: Write | None = None


class Moved(Exception):
    """Somebody changed a row since it was shown; its words are for the reader."""


@transaction.atomic
def rows_save(
    *,
    by: Scope | None,
    county: Area,
    name: str,
    changes: Sequence[Change],
    kind: str = Write.Kind.TYPED,
    file: tuple[str, str] = ("", ""),
) -> Saved:
    """Write rows and return what came of it: with one conflict nothing is written; the same again is no change."""
    register = held(county, name)
    current = {row.key: row for row in Row.objects.filter(register=register, key__in=_asked(changes))}
    new = [one for one in changes if _is_new(one, current.get(one.key))]
    saved = Saved(conflicts=[row for one in new if (row := _conflict(one, current.get(one.key)))])
    if new and not saved.conflicts:
        saved.write = _write(by, register, kind, file)
        saved.rows = _put(register, saved.write, new, current)
        audit.record("register.save", by=by, county=county, of=("register", name), rows=len(new), kind=kind)
    return saved


def held(county: Area, name: str) -> Register:
    """Return a register, held until the transaction ends; the first call makes it."""
    one, _ = Register.objects.get_or_create(county=county, name=name)
    return Register.objects.select_for_update().select_related("county").get(id=one.id)


def _asked(changes: Sequence[Change]) -> list[str]:
    return [one.key for one in changes]


def _is_new(change: Change, row: Row | None) -> bool:
    if row is None:
        return not change.gone
    return (row.gone, {} if row.gone else row.values) != (change.gone, {} if change.gone else dict(change.values))


def _conflict(change: Change, row: Row | None) -> Row | None:
    seen = change.revision
    return row if row is not None and seen is not None and seen != row.revision else None


def _write(by: Scope | None, register: Register, kind: str, file: tuple[str, str]) -> Write:
    register.sequence += 1
    register.save(update_fields=["sequence"])
    named = {"file_name": file[0][:200], "file_digest": file[1], "kind": kind}
    known = {"county": register.county, "register": register, "sequence": register.sequence}
    return Write.objects.create(**known, **named, **audit.signed(by))


def _put(register: Register, write: Write, new: Sequence[Change], current: dict[str, Row]) -> list[Row]:
    """Add the versions, and let each row hold its last one."""
    own = {"county": register.county, "register": register}
    versions = Version.objects.bulk_create(
        [Version(**own, write=write, **_held(one, current.get(one.key)), **_place(one)) for one in new], BATCH
    )
    rows = [Row(**own, version=one, **{name: getattr(one, name) for name in ("key", *CURRENT[1:])}) for one in versions]
    unique = ("register", "key")
    Row.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=unique, update_fields=CURRENT)
    return rows


def _held(change: Change, row: Row | None) -> dict[str, object]:
    revision = row.revision + 1 if row else 1
    values = row.values if row and change.gone else dict(change.values)
    return {"key": change.key, "revision": revision, "gone": change.gone, "values": values}


def _place(change: Change) -> dict[str, object]:
    return {"sheet": change.sheet[:60], "file_row": change.file_row}
