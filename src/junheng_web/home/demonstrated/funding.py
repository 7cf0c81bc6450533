"""The funding ledger of the demonstration: all invented, but for the gaps, which are those of its figures."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from junheng_web.collection.models import Period
from junheng_web.funding.certifying import certificate_set
from junheng_web.funding.gates import gates
from junheng_web.funding.gating import gate_pass, gates_skip
from junheng_web.funding.models import Item, Source
from junheng_web.funding.paying import allotment_set, contract_add, decision_record, payment_add, source_add
from junheng_web.funding.services import item_add, keepers_set
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.rectification.models import Issue

Row = Mapping[str, str]
WAN, CENT = Decimal(10_000), Decimal("0.01")
# The units that keep the ledger with the office.
KEEPERS = ("fin", "edu")
BETWEEN_GATES = dt.timedelta(days=14)
NOT_NEEDED = "这类项目不办（虚构）"


def load(county: Area, folder: Path) -> None:
    """Load the ledger of the tables in the folder. Loading it again changes nothing."""
    if Item.objects.of(county).exists():
        return
    keepers_set(by=None, county=county, units=list(Unit.objects.of(county).filter(code__in=KEEPERS)))
    sources = {row["code"]: _source(county, row) for row in _rows(folder / "sources.csv")}
    for row in _rows(folder / "items.csv"):
        item = _item(county, row)
        if row["through"]:
            _taken(item, row, sources[row["source"]])
    _decided(county)
    _certified(county, folder / "certificates.csv")


def _certified(county: Area, file: Path) -> None:
    """Say how the schools' certificates stand."""
    schools = {one.code: one for one in School.objects.of(county)}
    for row in _rows(file):
        told = {name: row[name] for name in ("has", "result", "number")} | {"note": row["remark"]}
        days = {name: dt.date.fromisoformat(row[name]) if row[name] else None for name in ("day", "until")}
        today = days["day"] or timezone.localdate()
        certificate_set(by=None, school=schools[row["school_code"]], kind=row["kind"], today=today, **told, **days)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _source(county: Area, row: Row) -> Source:
    told = {name: row[name] for name in ("code", "name", "kind", "document")}
    return source_add(by=None, county=county, amount=Decimal(row["amount_wan"]) * WAN, **told)


def _item(county: Area, row: Row) -> Item:
    """Add an item; where an issue stands for its gap, it is that issue's."""
    school = School.objects.of(county).filter(code=row["school_code"]).first()
    issue = Issue.objects.of(county).filter(key=row["gap"]).exclude(key="").select_related("period").first()
    told = {name: row[name] for name in ("column", "name", "deed", "remark", "place")}
    told |= {"quantity": Decimal(row["quantity"]) if row["quantity"] else None, "key": row["gap"], "issue": issue}
    told["unit"] = Unit.objects.of(county).filter(code=row["unit"]).first()
    told["period"] = Period.objects.of(county).first() if row["gap"] else None
    return item_add(by=None, county=county, school=school, amount=Decimal(row["amount_wan"]) * WAN, **told)


def _taken(item: Item, row: Row, source: Source) -> None:
    """Give an item its money, take it through its gates, sign and pay what the table tells."""
    allotment_set(by=None, item=item, source=source, amount=item.amount)
    rarely = [id for id, one in gates().items() if item.column in one.rarely]
    if rarely:
        gates_skip(by=None, item=item, named=rarely, note=NOT_NEEDED)
    day = dt.date.fromisoformat(row["begun"])
    for id, one in gates().items():
        if id not in rarely:
            told = {"document": f"{one.document}（虚构）", "today": day}
            gate_pass(by=None, item=item, gate=id, day=day, **told)
            day += BETWEEN_GATES
        if id == row["through"]:
            break
    _paid(item, row, source, day)


def _paid(item: Item, row: Row, source: Source, day: dt.date) -> None:
    if not row["signed_percent"]:
        return
    signed = (item.amount * int(row["signed_percent"]) / 100).quantize(CENT)
    told = {"number": f"示合〔2026〕{item.number} 号（虚构）", "party": "示例教育装备有限公司（虚构）", "day": day}
    contract = contract_add(by=None, item=item, amount=signed, **told)
    paid = (signed * int(row["paid_percent"] or 0) / 100).quantize(CENT)
    if paid:
        said = {"voucher": f"示付 {item.number:03}（虚构）", "day": day, "contract": contract, "source": source}
        payment_add(by=None, item=item, amount=paid, **said)


def _decided(county: Area) -> None:
    """Let a meeting have decided on what the ledger came to, but for one item that was added since."""
    sums: dict[str, Decimal] = dict.fromkeys(Item.Column.values, Decimal(0))
    for one in Item.objects.of(county):
        sums[one.column] += one.amount
    last = Item.objects.of(county).latest("number")
    sums[last.column] -= last.amount
    told = {
        "meeting": "旗人民政府常务会议（虚构）",
        "document": "示府纪〔2026〕5 号（虚构）",
        "day": dt.date(2026, 3, 20),
    }
    decision_record(by=None, county=county, **told, **sums)
