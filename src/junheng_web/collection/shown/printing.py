"""A form on paper: its numbers, its mark, the pledge, and the places to sign and seal (P15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import mark_safe

from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.approving import digest_of
from junheng_web.collection.handing.proofs import proofs_in
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.sealed.marks import mark_of, picture, spaced
from junheng_web.collection.shown.telling import cells_shown, form
from junheng_web.organisation.scopes import Scope

# Who signs a printed form, in order, and whether a day is written beside it (P15); the county's own desks come last.
REVIEWED = (("业务股室审核（签字）", True), ("办公室审定（签字）", True))
SIGNATURES: Mapping[str, tuple[tuple[str, bool], ...]] = {
    "school": (("填表人（签字）", True), ("校长（签字）", True), ("学校（公章）", False), *REVIEWED),
    "unit": (
        ("经办人（签字）", True),
        ("分管领导（签字）", True),
        ("主要负责人（签字）", True),
        ("单位（公章）", False),
        *REVIEWED,
    ),
}


def printed(scope: Scope, one: Subject, today: dt.date) -> dict[str, Any]:
    """Return what the printed form shows: every cell that is asked for, and the hash of what they hold."""
    told = form(scope, one)
    lists = [{**each, "rows": [row for row in each["rows"] if _any(row)]} for each in told["lists"]]
    proofs = proofs_in(one, [cell.entry for cell in cells_shown(one.ledger, one).values()])
    mark = mark_of(one, digest_of(one))
    paper = {"code": spaced(mark.short), "picture": mark_safe(picture(mark)), "today": today}  # noqa: S308 (drawn by us)
    return {**told, **paper, "lists": lists, "proofs": proofs, "signatures": _signatures(one)}


def _signatures(one: Subject) -> list[tuple[str, bool]]:
    """Return who signs a form; a unit that confirms its figures signs before the county's desks review them."""
    own, desks = SIGNATURES[one.kind][: -len(REVIEWED)], REVIEWED
    seconds = [(f"{unit}会签（签章）", True) for unit in agreeing.named(one, agreeing.CONFIRM)]
    return [*own, *seconds, *desks]


def _any(row: Mapping[str, Any]) -> bool:
    return any(text for _, text in row["cells"])
