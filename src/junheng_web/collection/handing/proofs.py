"""Evidence attached to a number: to the value as it was entered, so that another value does not inherit it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from junheng_web.collection.handing.approving import may_fill
from junheng_web.collection.ledger.entries import Entry
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.saving import Locked, current_cells
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.values import SEPARATOR, Key, kept_of, shown
from junheng_web.evidence.models import Link
from junheng_web.evidence.selectors import links_to
from junheng_web.evidence.services import file_add, file_link
from junheng_web.organisation.scopes import Scope

KIND = "entry"


def code_of(ledger: Ledger, entry: Entry) -> str:
    """Return an entry's name within the county: the cell's place, and which of its values it is."""
    table, row, column = entry.key
    place = (ledger.period.code, ledger.basis, table, row.replace(SEPARATOR, "."), column)
    return ":".join([*place, str(entry.revision)])


def key_of(code: str) -> Key:
    """Return the cell whose value goes by a name within the county."""
    _, _, table, row, column, _ = code.split(":")
    return table, row.replace(".", SEPARATOR), column


@transaction.atomic
def entry_prove(*, by: Scope, one: Subject, key: Key, file: Any, note: str = "") -> Link:
    """Attach a file to what a cell of a form holds now; numbers stay as they are, so a lock does not stop it.

    `file` has a name and chunks(). Raises PermissionDenied, Locked in a frozen period, ValidationError for an empty
    cell or a file that is not taken in.
    """
    if not may_fill(by, one):
        raise PermissionDenied
    if one.period.frozen:
        raise Locked(f"{one.period}已经封存，不能再附佐证；要附，请办公室先解封")
    cell = current_cells(one.ledger, [key]).get(key)
    if cell is None or not cell.reported:
        raise ValidationError("这一格还没有数：先填数，再附它的佐证")
    code = code_of(one.ledger, Entry.objects.get(id=cell.entry_id))
    kept, _ = file_add(by=by, county=one.ledger.county, name=file.name, chunks=file.chunks())
    return file_link(by=by, file=kept, of=(KIND, code), note=note)


def proofs_of(ledger: Ledger, entries: Iterable[Entry]) -> dict[int, list[dict[str, Any]]]:
    """Return the files attached to each of some entries, by the entry's id."""
    codes = {code_of(ledger, entry): entry.id for entry in entries}
    found: dict[int, list[dict[str, Any]]] = {}
    for link in links_to(ledger.county, KIND, codes):
        found.setdefault(codes[link.object_code], []).append(file_told(link))
    return found


def file_told(link: Link) -> dict[str, Any]:
    """Return what a page says of a file that is linked to something."""
    file = link.file
    return {
        "name": file.name,
        "digest": file.digest,
        "url": file.url,
        "note": link.note,
        "by": file.by_name,
        "at": timezone.localtime(file.at),
    }


def proofs_in(one: Subject, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the evidence of a form's numbers, in the order of its cells: the number, and the file."""
    held = {entry.key: entry for entry in entries if entry.reported}
    proofs = proofs_of(one.ledger, held.values())
    labels = {field.key: field.label for field in one.fields}
    return [
        {"label": labels[key], "value": shown(kept_of(held[key]), key), **proof}
        for key in labels
        if key in held
        for proof in proofs.get(held[key].id, [])
    ]
