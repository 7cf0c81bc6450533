"""One audit row for every write, and the chain that shows when one was changed or taken away."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import structlog
from django.db import transaction

from junheng_web.organisation.areas import Area
from junheng_web.organisation.journal import AuditRow, Seal
from junheng_web.organisation.scopes import Scope

START = "0" * 64
BATCH = 1000


def record(
    action: str, *, by: Scope | None, county: Area | None = None, of: tuple[str, str] = ("", ""), **detail: Any
) -> None:
    """Write that `by` did `action` to the object `of` (kind, code); part of the caller's transaction."""
    AuditRow.objects.create(
        action=action,
        county_code=county.code if county else "",
        account=by.account.id if by else None,
        person=str(by.account) if by else "",
        post=str(by.acting or "") if by else "",
        object_kind=of[0],
        object_code=of[1],
        detail=detail,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def digest_of(row: AuditRow, before: str) -> str:
    """Return the link of a row: SHA-256 over the link before it and all that the row says."""
    told = [
        before,
        row.id,
        row.at.isoformat(),
        row.county_code,
        row.account,
        row.person,
        row.post,
        row.action,
        row.object_kind,
        row.object_code,
        row.detail,
        row.request_id,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def seal() -> int:
    """Add a link for every row that has none, in order, and return how many; one caller at a time."""
    last = Seal.objects.select_for_update().order_by("-id").first()
    before, added = (last.digest if last else START), 0
    sealed = Seal.objects.values("row")
    for row in AuditRow.objects.exclude(id__in=sealed).order_by("id")[:BATCH]:
        before = digest_of(row, before)
        Seal.objects.create(row=row.id, digest=before)
        added += 1
    return added


def verified() -> tuple[list[str], int]:
    """Return what is wrong with the chain (rows changed or gone), and how many rows are not sealed yet."""
    broken, before, sealed = [], START, 0
    for link in Seal.objects.order_by("id").iterator():
        row = AuditRow.objects.filter(id=link.row).first()
        if row is None:
            broken.append(f"审计记录 {link.row} 不见了")
        elif digest_of(row, before) != link.digest:
            broken.append(f"审计记录 {link.row} 与封存时不同")
        before, sealed = link.digest, sealed + 1
    return broken, AuditRow.objects.count() - sealed
