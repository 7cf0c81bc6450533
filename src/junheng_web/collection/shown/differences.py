"""Where the two bases of a period differ: what was counted and locked, what is so today, whose word, and why (P1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from junheng_web.collection.handing.approving import may_fill
from junheng_web.collection.handing.proofs import file_told
from junheng_web.collection.ledger.entries import Cell
from junheng_web.collection.ledger.gathering import unfolded
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.reasons import DifferenceReason
from junheng_web.collection.ledger.saving import Locked, current_cells
from junheng_web.collection.ledger.subjects import Subject, subjects, visible
from junheng_web.collection.ledger.values import Key, column_of, keep, shown, subject_of
from junheng_web.collection.shown.telling import whose
from junheng_web.evidence.selectors import links_to
from junheng_web.evidence.services import file_add
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope

KIND = "difference"


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell of a form in which the bases differ, each value as it is shown; `reason` where somebody has said why."""

    subject: Subject
    key: Key
    census: str
    current: str
    reason: DifferenceReason | None = None

    @property
    def label(self) -> str:
        """What the cell is called."""
        return column_of(self.key).label


def differences(scope: Scope, period: Period) -> list[Difference]:
    """Return the cells of the forms that one may see in which the bases differ, in the order of the forms."""
    ledgers = {one.basis: one for one in period.ledgers.select_related("county", "period")}
    census, current = ledgers[Ledger.Basis.CENSUS], ledgers[Ledger.Basis.CURRENT]
    differing = dict(_differing(census, current))
    touched = {subject_of(key) for key in differing}
    forms = [one for one in subjects(current) if (one.items or one.code in touched) and visible(scope, one)]
    said = {one.pair: one for one in DifferenceReason.objects.filter(period=period)}
    return [
        Difference(one, field.key, *differing[field.key], said.get((field.key, *differing[field.key])))
        for one in forms
        for field in one.fields
        if field.key in differing
    ]


def _differing(census: Ledger, current: Ledger) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Yield every cell that differs, with both values; rows that are alike are not looked into."""
    before, after = (unfolded(one).tables for one in (census, current))
    for table in before:
        for row in before[table].keys() | after[table].keys():
            held = [tables[table].get(row, {}) for tables in (before, after)]
            if held[0] != held[1]:
                for column in (one for one in held[0].keys() | held[1].keys() if held[0].get(one) != held[1].get(one)):
                    key = table, row, column
                    old, new = (shown(keep(each.get(column), column_of(key)), key) for each in held)
                    yield key, (old, new)


def difference_at(scope: Scope, period: Period, key: Key) -> Difference | None:
    """Return the difference at a cell of a form that one may see, if there is one."""
    return next((one for one in differences(scope, period) if one.key == key), None)


def told(period: Period, found: list[Difference]) -> list[dict[str, Any]]:
    """Return differences as rows: both values, whose word the present one is, the reason with its files."""
    current = period.ledgers.select_related("county", "period").get(basis=Ledger.Basis.CURRENT)
    cells = current_cells(current, [one.key for one in found])
    ids = [cell.id for cell in cells.values()]
    words = {cell.key: whose(cell) for cell in Cell.objects.filter(id__in=ids).select_related("entry__write")}
    codes = [one.reason.code for one in found if one.reason]
    files: dict[str, list[dict[str, Any]]] = {}
    for link in links_to(period.county, KIND, codes):
        files.setdefault(link.object_code, []).append(file_told(link))
    return [_row(one, words.get(one.key, ""), files) for one in found]


def _row(one: Difference, word: str, files: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    reason = one.reason
    return {
        "difference": one,
        "name": one.subject.name,
        "label": one.label,
        "census": one.census or "未报",
        "current": one.current or "未报",
        "whose": word,
        "reason": reason.text if reason else "",
        "by": f"{reason.by_name}（{reason.by_post}）" if reason else "",
        "files": files.get(reason.code, []) if reason else [],
    }


@transaction.atomic
def difference_explain(*, by: Scope, one: Difference, text: str, file: Any = None) -> DifferenceReason:
    """Say why the bases differ at a cell, with a file that proves it (name, chunks()) or none.

    Raises PermissionDenied, Locked in a frozen period, ValidationError where nothing is said.
    """
    period, county = one.subject.period, one.subject.ledger.county
    if not may_fill(by, one.subject):
        raise PermissionDenied
    if period.frozen:
        raise Locked(f"{period}已经封存，不能再写原因；要写，请办公室先解封")
    if not text.strip():
        raise ValidationError("请写明为什么不同：统计以后发生了什么，或哪一个数有错")
    table, row, column = one.key
    at = {"period": period, "table": table, "row": row, "column": column}
    values = {"census": one.census, "current": one.current, "text": text.strip()[:400]}
    reason = DifferenceReason.objects.create(county=county, **at, **values, **audit.signed(by))
    audit.record("difference.explain", by=by, county=county, of=(KIND, reason.code), text=reason.text)
    if file:
        file_add(by=by, county=county, name=file.name, chunks=file.chunks(), of=(KIND, reason.code))
    return reason
