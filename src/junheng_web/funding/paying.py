"""Writes of money: sources and what items are given of them, contracts, payments, and the totals that were decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum

from junheng_web.funding.amounts import wan_told
from junheng_web.funding.models import Allotment, Contract, Decision, Item, Payment, Source
from junheng_web.funding.selectors import keeps
from junheng_web.funding.services import Moved, held, item_held, reason_checked, step_write, sum_checked
from junheng_web.organisation import audit
from junheng_web.organisation.codes import code_checked, next_code
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

NOTHING = Decimal(0)


def _may(by: Scope | None, county: Area) -> None:
    """Raise PermissionDenied for who does not keep the ledger; the demonstration keeps it without an account."""
    if by is not None and not keeps(by, county):
        raise PermissionDenied


def _sum(rows: Any) -> Decimal:
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOTHING


@transaction.atomic
def source_add(
    *, by: Scope | None, county: Area, name: str, kind: str, amount: Decimal, document: str = "", code: str = ""
) -> Source:
    """Write down where money comes from. Raises PermissionDenied, ValidationError."""
    _may(by, county)
    held(county)
    sum_checked(amount, "金额")
    own = code_checked(code) if code else next_code(Source.objects.of(county), "zj")
    if Source.objects.of(county).filter(code=own).exists():
        raise ValidationError(f"资金来源的编号“{own}”已经有了；请换一个，或留空由系统编")
    told = {"name": name.strip(), "kind": kind, "amount": amount, "document": document.strip()}
    source = Source.objects.create(county=county, code=own, **told)
    audit.record("funding.source", by=by, county=county, of=("funding_source", own), **{**told, "amount": str(amount)})
    return source


@transaction.atomic
def source_edit(*, by: Scope | None, source: Source, why: str, version: int, **told: Any) -> Source:
    """Change a source. Raises PermissionDenied, ValidationError, Moved where somebody has changed it since."""
    _may(by, source.county)
    held(source.county)
    kept = Source.objects.select_for_update(of=("self",)).select_related("county").get(id=source.id)
    if kept.version != version:
        raise Moved(f"“{kept}”刚有人改过（现在：{wan_told(kept.amount)} 万元）：请看过再改")
    reason_checked(why)
    _enough(kept, told["amount"])
    before = {name: str(getattr(kept, name)) for name in told}
    for name, value in told.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save(update_fields=[*told, "version"])
    after = {name: str(value) for name, value in told.items()}
    of = ("funding_source", kept.code)
    audit.record("funding.source_edit", by=by, county=kept.county, of=of, before=before, after=after, why=why)
    return kept


def _enough(source: Source, amount: Decimal) -> None:
    """Raise ValidationError where a source would have less than items were given of it."""
    sum_checked(amount, "金额")
    given = _sum(source.allotments)
    if amount < given:
        raise ValidationError(f"已经安排给项目 {wan_told(given)} 万元，不能比它少；请先改各项目的安排")


@transaction.atomic
def allotment_set(*, by: Scope | None, item: Item, source: Source, amount: Decimal) -> None:
    """Say how much of a source an item is given; nothing takes it away again.

    Raises PermissionDenied, ValidationError where the source has not so much, or the item does not need it.
    """
    _may(by, item.county)
    held(item.county)
    kept = item_held(item)
    if kept.dropped:
        raise Moved(f"{kept.code} 已经取消，不能安排资金")
    _fits(kept, source, amount)
    before = _sum(kept.allotments.filter(source=source))
    if amount:
        kept.allotments.update_or_create(
            source=source, defaults={"amount": amount}, create_defaults={"amount": amount, "county": kept.county}
        )
    else:
        kept.allotments.filter(source=source).delete()
    step_write(kept, "allot", by=by, note=f"{source}：{wan_told(before)} → {wan_told(amount)} 万元")
    told = {"source": source.code, "before": str(before), "after": str(amount)}
    audit.record("funding.allot", by=by, county=kept.county, of=("funding_item", kept.code), **told)


def _fits(item: Item, source: Source, amount: Decimal) -> None:
    if amount < 0:
        raise ValidationError("安排的金额不能小于 0；不安排了请写 0")
    left = source.amount - _sum(Allotment.objects.filter(source=source).exclude(item=item))
    if amount > left:
        raise ValidationError(f"“{source}”只剩 {wan_told(left)} 万元，不够安排 {wan_told(amount)} 万元")
    need = item.amount - _sum(item.allotments.exclude(source=source))
    if amount > need:
        raise ValidationError(f"{item.code} 计划里还没有安排的只有 {wan_told(need)} 万元；要多安排，请先改计划金额")


@transaction.atomic
def contract_add(*, by: Scope | None, item: Item, number: str, party: str, day: dt.date, amount: Decimal) -> Contract:
    """Record a contract of an item. Raises PermissionDenied, ValidationError where it is more than is planned."""
    _may(by, item.county)
    kept = item_held(item)
    if kept.dropped:
        raise Moved(f"{kept.code} 已经取消，不能记合同")
    sum_checked(amount, "合同金额")
    signed = _sum(kept.contracts.filter(undone=""))
    if signed + amount > kept.amount:
        left = kept.amount - signed
        raise ValidationError(f"计划里只剩 {wan_told(left)} 万元，合同超过了；确要超，请先改计划金额，写明原因")
    told = {"number": number.strip(), "party": party.strip(), "day": day, "amount": amount}
    made = Contract.objects.create(county=kept.county, item=kept, **told)
    step_write(kept, "contract", by=by, note=f"{made.number}，{made.party}，{wan_told(amount)} 万元")
    _written(by, kept, "contract", made.number, amount)
    return made


@transaction.atomic
def payment_add(
    *,
    by: Scope | None,
    item: Item,
    voucher: str,
    day: dt.date,
    amount: Decimal,
    contract: Contract | None = None,
    source: Source | None = None,
) -> Payment:
    """Record a payment. Raises PermissionDenied, ValidationError where its contract, or the plan, is less."""
    _may(by, item.county)
    kept = item_held(item)
    if kept.dropped:
        raise Moved(f"{kept.code} 已经取消，不能记支付")
    sum_checked(amount, "支付金额")
    _payable(kept, contract, amount)
    told = {"contract": contract, "source": source, "voucher": voucher.strip(), "day": day, "amount": amount}
    made = Payment.objects.create(county=kept.county, item=kept, **told)
    step_write(kept, "pay", by=by, note=f"{made.voucher}，{wan_told(amount)} 万元")
    _written(by, kept, "pay", made.voucher, amount)
    return made


def _payable(item: Item, contract: Contract | None, amount: Decimal) -> None:
    """Raise ValidationError where a payment would go beyond its contract, or all of them beyond the plan."""
    if contract is not None and (contract.item_id != item.id or contract.undone):
        raise ValidationError("这份合同不是这个项目的，或者已经撤回；请另选")
    limits = [("计划", item.amount, item.payments)]
    if contract is not None:
        limits.insert(0, (f"合同 {contract}", contract.amount, contract.payments))
    for name, within, payments in limits:
        left = within - _sum(payments.filter(undone=""))
        if amount > left:
            raise ValidationError(f"{name}只剩 {wan_told(left)} 万元没有付，这一笔超过了；请核对凭证，或先改合同、计划")


def _written(by: Scope | None, item: Item, deed: str, number: str, amount: Decimal) -> None:
    told = {"number": number, "amount": str(amount)}
    audit.record(f"funding.{deed}", by=by, county=item.county, of=("funding_item", item.code), **told)


@transaction.atomic
def contract_undo(*, by: Scope | None, contract: Contract, why: str) -> None:
    """Take back a contract that was recorded in error. Raises ValidationError while payments stand on it."""
    _undo(by, contract, why, "contract_undo", contract.number)
    if contract.payments.filter(undone="").exists():
        raise ValidationError("这份合同已经有支付；请先撤回支付")


@transaction.atomic
def payment_undo(*, by: Scope | None, payment: Payment, why: str) -> None:
    """Take back a payment that was recorded in error."""
    _undo(by, payment, why, "pay_undo", payment.voucher)


def _undo(by: Scope | None, row: Contract | Payment, why: str, deed: str, number: str) -> None:
    _may(by, row.county)
    reason_checked(why)
    kept = type(row).objects.select_for_update(of=("self",)).get(id=row.id)
    if kept.undone:
        raise Moved(f"{number} 已经撤回了")
    kept.undone = why.strip()[:400]
    kept.save(update_fields=["undone"])
    step_write(row.item, deed, by=by, note=f"{number}，{wan_told(kept.amount)} 万元。原因：{why.strip()}")
    _written(by, row.item, deed, number, kept.amount)


@transaction.atomic
def decision_record(
    *, by: Scope | None, county: Area, meeting: str, document: str, day: dt.date, **sums: Decimal
) -> Decision:
    """Record the totals that a meeting decided on, by column."""
    _may(by, county)
    told = {"meeting": meeting.strip(), "document": document.strip(), "day": day}
    made = Decision.objects.create(county=county, **told, **sums, **audit.signed(by))
    detail = {name: str(value) for name, value in {**told, **sums}.items()}
    audit.record("funding.decision", by=by, county=county, of=("funding", county.code), **detail)
    return made
