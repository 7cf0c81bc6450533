"""The board: how far each form is, how much of it is filled in, and who is late."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.deeds import DEEDS, Status
from junheng_web.collection.ledger.addresses import address, form_address
from junheng_web.collection.ledger.entries import Cell, Write
from junheng_web.collection.ledger.locks import lock_told
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import Subject, subjects, visible
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.sealed.seals import unsealed
from junheng_web.collection.shown.differences import differences
from junheng_web.collection.shown.found import open_counts
from junheng_web.collection.shown.telling import STATUS_TONES
from junheng_web.collection.shown.timeliness import Timeliness, handings, timeliness
from junheng_web.organisation.scopes import Scope

PERCENT = 100
FORM = ("kind", "subject")


def board(scope: Scope, ledger: Ledger, today: dt.date) -> dict[str, Any]:
    """Return what the board shows: the forms that one may see, with their states."""
    forms = [one for one in subjects(ledger) if visible(scope, one)]
    rows, found = list(_rows(ledger, forms, today)), open_counts(scope, ledger, forms)
    for row in rows:
        row["open"] = found and found[row["form"]]
    counted = Counter(row["status"] for row in rows)
    return {
        "ledger": ledger,
        "rows": rows,
        "counts": [(Status(status).label, STATUS_TONES[status], counted[status]) for status in Status.values],
        "done": sum(row["status"] == Status.APPROVED for row in rows),
        "unsealed": sum(row["unsealed"] for row in rows),
        "late": late(ledger, rows, today),
        "timely": timely(ledger, rows),
        "open": None if found is None else found.total(),
        "findings_url": address(ledger, "county_findings"),
        "lock": lock_told(ledger),
        "to_confirm": to_confirm(scope, ledger),
        "unexplained": sum(one.reason is None for one in differences(scope, ledger.period)),
        "bases": [(one.get_basis_display(), address(one, "board"), one.id == ledger.id) for one in _bases(ledger)],
    }


def _bases(ledger: Ledger) -> list[Ledger]:
    return list(ledger.period.ledgers.select_related("county", "period").order_by("-basis"))


def _rows(ledger: Ledger, forms: Iterable[Subject], today: dt.date) -> Iterator[dict[str, Any]]:
    states = {(kind, code): status for kind, code, status in ledger.submissions.values_list(*FORM, "status")}
    # What was carried on from last year is filled in when somebody has confirmed it.
    said = Cell.objects.filter(ledger=ledger, reported=True).exclude(entry__write__kind=Write.Kind.CARRIED)
    held = set(said.values_list("table", "row", "column"))
    waiting, handed = unsealed(ledger), handings(ledger)
    for one in forms:
        form = one.kind, one.code
        status = states.get(form, Status.DRAFT)
        timed = timeliness(handed.get(form), status, ledger.due, today)
        yield {**_row(one, status, held), "form": form, "unsealed": form in waiting, "timed": timed}


def to_confirm(scope: Scope, ledger: Ledger) -> list[tuple[str, str]]:
    """Return the forms of other units that wait for the confirmation of the reader's own."""
    asked = ledger.submissions.filter(kind=Submission.Kind.UNIT, status__in=DEEDS[agreeing.CONFIRM].before)
    codes = set(asked.values_list("subject", flat=True))
    forms = [one for one in subjects(ledger) if one.items and one.code in codes] if codes else []
    left = [(one, agreeing.waiting(one, agreeing.CONFIRM)) for one in forms]
    return [
        (one.name, form_address(one, "confirm"))
        for one, units in left
        if agreeing.mine(scope, one, agreeing.CONFIRM, units)
    ]


def _row(one: Subject, status: str, held: set[tuple[str, str, str]]) -> dict[str, Any]:
    asked = [field.key for field in one.fields]
    filled = sum(key in held for key in asked)
    return {
        "name": one.name,
        "code": one.code,
        "kind": Submission.Kind(one.kind).label,
        "url": form_address(one, "form"),
        "status": status,
        "label": Status(status).label,
        "tone": STATUS_TONES[status],
        "filled": filled,
        "asked": len(asked),
        "percent": PERCENT * filled // len(asked) if asked else PERCENT,
    }


def timely(ledger: Ledger, rows: list[dict[str, Any]]) -> dict[str, int] | None:
    """Return how many forms came in time, came late, and are late; None where there is no last day (P16)."""
    if ledger.due is None:
        return None
    timed: list[Timeliness] = [row["timed"] for row in rows]
    return {
        "in_time": sum(bool(one.handing) and not one.days for one in timed),
        "late": sum(bool(one.handing and one.days) for one in timed),
        "missing": sum(not one.handing and bool(one.days) for one in timed),
        "returned": sum(one.returned for one in timed),
    }


def late(ledger: Ledger, rows: list[dict[str, Any]], today: dt.date) -> dict[str, Any]:
    """Return who has not handed in yet, as a text to be sent to a group (催办)."""
    open_rows = [row["name"] for row in rows if row["status"] == Status.DRAFT]
    over = bool(ledger.due and ledger.due < today)
    text = f"【{ledger}填报】还没有提交的有 {len(open_rows)} 家：{'、'.join(open_rows)}{_asked(ledger.due, today)}。"
    return {"text": text if open_rows else "", "count": len(open_rows), "over": over}


def _asked(due: dt.date | None, today: dt.date) -> str:
    """Return what is asked of those who are late, by the last day."""
    if due is None:
        return ""
    days = (today - due).days
    if days > 0:
        return f"。截止日期是 {due:%Y-%m-%d}，已逾期 {days} 天，请尽快提交"
    return f"，请在 {due:%Y-%m-%d} 24:00 前提交"
