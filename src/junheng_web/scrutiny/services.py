"""Writes of the room: a sign is verified, or taken up again. Nothing here changes a number or holds anybody up."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.collection.models import Ledger
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope
from junheng_web.scrutiny.evidence import Sign
from junheng_web.scrutiny.models import Verified


class Changed(Exception):
    """What a sign rests on is another by now: its reason is for the reader."""


@transaction.atomic
def sign_verify(*, by: Scope, ledger: Ledger, sign: Sign, note: str, holds: bool = True, seen: str = "") -> Verified:
    """Say that a sign was looked into (`holds`), or is to be looked at again, and why; it holds for its value alone.

    `seen` is the value that the reader has seen. Raises Changed where it is another by now, ValidationError where
    nothing is said. The note is a working paper (P6): the audit says who did it, not what was written.
    """
    if not note.strip():
        raise ValidationError("请写明核实了什么：看了哪些材料，数为什么没有错" if holds else "请写明为什么要再看")
    if seen and seen != sign.value:
        raise Changed("这个数刚刚被改过，没有记下：请看清新的数再核实")
    kind, school, mark = sign.name
    at = {"ledger": ledger, "sign": kind, "school": school, "mark": mark, "value": sign.value}
    row = Verified.objects.create(county=ledger.county, **at, holds=holds, note=note.strip()[:400], **audit.signed(by))
    action = "sign.verify" if holds else "sign.reopen"
    audit.record(action, by=by, county=ledger.county, of=("sign", str(row.id)), ledger=ledger.id, sign=kind)
    return row
