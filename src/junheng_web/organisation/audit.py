"""One audit row for every write, and the chain that shows when one was changed or taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
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


def signed(by: Scope | None) -> dict[str, object]:
    """Return who does something, in which post, for a row that keeps it (`OwnedOnce`)."""
    if by is None:
        return {}
    return {"by_account": by.account.id, "by_name": str(by.account), "by_post": str(by.acting or "")}


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
    """Add a link for each row that has none, as many as a batch holds, and return how many; one caller at a time."""
    # The first link is the lock. Whoever waited for it then reads anew which link is the last.
    Seal.objects.select_for_update().order_by("id").first()
    before, added = head(), 0
    for row in _unsealed().order_by("id")[:BATCH]:
        before = digest_of(row, before)
        Seal.objects.create(row=row.id, digest=before)
        added += 1
    return added


def head() -> str:
    """Return the last link of the chain: noted down elsewhere, it shows later that nobody cut the chain's end off."""
    last = Seal.objects.order_by("-id").first()
    return last.digest if last else START


def tail() -> int:
    """Return how many rows are not sealed yet."""
    return _unsealed().count()


def faults(noted: str = "") -> Iterator[str]:
    """Yield each row that was changed or is gone, and whether the link that somebody noted down is not in the chain."""
    before, last, found = START, 0, not noted
    while links := list(Seal.objects.filter(id__gt=last).order_by("id")[:BATCH]):
        rows = AuditRow.objects.in_bulk([link.row for link in links])
        for link in links:
            yield from _fault(link, rows.get(link.row), before)
            before, last, found = link.digest, link.id, found or link.digest == noted
    if not found:
        yield f"链上没有抄录的封存值 {noted}：它之前或之后的封存记录被换过或截去了"


def _fault(link: Seal, row: AuditRow | None, before: str) -> Iterator[str]:
    if row is None:
        yield f"审计记录 {link.row} 不见了"
    elif digest_of(row, before) != link.digest:
        yield f"审计记录 {link.row}（{row.at:%Y-%m-%d} {row.action}）与封存时不同，或它前面的封存记录被动过"


def _unsealed() -> Any:
    return AuditRow.objects.exclude(id__in=Seal.objects.values("row"))
