"""What somebody without an account has answered by letter: the office enters it, and the letter proves it (P14)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from junheng_web.collection.handing.approving import open_for_entry
from junheng_web.collection.handing.deeds import DECIDING
from junheng_web.collection.handing.filling import Texts, without_fixed
from junheng_web.collection.handing.proofs import KIND, code_of
from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.saving import Saved, cells_save, locked_ledger, typed_in
from junheng_web.collection.ledger.subjects import NoSuchForm, Subject
from junheng_web.evidence.services import file_add, file_link
from junheng_web.organisation.scopes import Scope


@transaction.atomic
def form_reply(*, by: Scope, one: Subject, whom: str, file: Any, texts: Texts) -> Saved:
    """Enter what a letter says in a form, all of it or nothing; `whom` is who wrote it, `file` the letter scanned.

    Blank texts are passed over: a letter takes nothing away. Where the result has problems, nothing was written.
    Raises PermissionDenied, NoSuchForm, Locked, ValidationError where the letter says nothing that is new.
    """
    if not DECIDING.may(by, one):
        raise PermissionDenied
    if strange := [key for key, _, _ in texts if not one.has(key)]:
        raise NoSuchForm(f"{strange[0]} is no cell of {one.kind} {one.code}")
    changes, saved = typed_in(each for each in texts if each[1].strip())
    held = locked_ledger(one.ledger, by=by, kind=one.kind)
    open_for_entry(one)
    changes = without_fixed(one, changes, saved)
    if saved.problems:
        return saved
    kept, _ = file_add(by=by, county=held.county, name=file.name, chunks=file.chunks())
    named = {"file": (kept.name, kept.digest), "behalf": whom}
    saved = cells_save(by=by, ledger=held, changes=changes, saved=saved, kind=Write.Kind.REPLY, **named)
    if saved.write is None:
        raise ValidationError("没有填新的数：来函里的数请填在“来函的数”一列；与现在相同的不用填")
    for entry in saved.write.entries.all():
        file_link(by=by, file=kept, of=(KIND, code_of(held, entry)), note=f"{whom}来函")
    return saved
