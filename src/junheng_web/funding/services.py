"""Writes of the table: rows, and items that are added, changed with a reason, dropped with a reason.

Rooms above add items through `item_add`; with an `origin_key` the same one is never added twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from junheng.facts.plan_schema import DEEDS
from junheng_web.collection.models import Period
from junheng_web.funding.amounts import LARGEST, quantity_told, wan_told
from junheng_web.funding.models import Item, ItemStep, Keeper, Line
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.gaps import Key
from junheng_web.rectification.standings import official_census

Column, Origin = Item.Column, Item.Origin
NO_REASON = "请写明为什么：改动会记在台账里"
TEXTS = ("scale", "lacks", "works", "remark")
# What of an item may be changed, by what it is called in the note of the change.
CHANGED: Mapping[str, str] = {
    "column": "哪一栏",
    "name": "内容",
    "deed": "办什么",
    "quantity": "数量",
    "amount": "计划金额",
    "key": "缺口",
    "issue": "问题",
    "unit": "责任单位",
    "remark": "说明",
}


class Moved(ValueError):
    """Somebody has changed the item since it was looked at."""


def held(county: Area) -> None:
    """Hold the county's row: numbers are given one after the other, and totals do not move while they are checked."""
    Area.objects.select_for_update().only("id").get(id=county.id)


@transaction.atomic
def keepers_set(*, by: Scope | None, county: Area, units: Iterable[Unit]) -> None:
    """Say which units keep the ledger with the office."""
    named = list(units)
    Keeper.objects.of(county).exclude(unit__in=named).delete()
    for unit in named:
        Keeper.objects.get_or_create(county=county, unit=unit)
    codes = [one.code for one in named]
    audit.record("funding.keepers", by=by, county=county, of=("funding", county.code), units=codes)


def line_of(county: Area, school: School | None, name: str = "") -> Line:
    """Return the row of a school, or of what else is called so; a new one comes last. In the caller's transaction.

    Raises ValidationError where neither is said.
    """
    if school is None and not name.strip():
        raise ValidationError("请选一所学校；不属于哪所学校的，请写这一行叫什么")
    own = {"school": school, "name": "" if school else name.strip()[:120]}
    known = Line.objects.of(county).filter(**own).select_related("county", "school").first()
    if known:
        return known
    held(county)
    last = Line.objects.of(county).aggregate(last=Max("place"))["last"] or 0
    return Line.objects.create(county=county, place=last + 1, **own)


@transaction.atomic
def line_edit(*, by: Scope | None, line: Line, texts: Mapping[str, str], why: str) -> Line:
    """Let a row say something else than what is told by itself; an empty text is told by itself again.

    Raises ValidationError without a reason.
    """
    kept = Line.objects.select_for_update(of=("self",)).select_related("county", "school").get(id=line.id)
    changes = {name: texts[name] for name in TEXTS if name in texts and getattr(kept, name) != texts[name]}
    if not changes:
        return kept
    reason_checked(why)
    before = {name: getattr(kept, name) for name in changes}
    for name, text in changes.items():
        setattr(kept, name, text)
    kept.save(update_fields=list(changes))
    told = {"before": before, "after": changes, "why": why}
    audit.record("funding.line", by=by, county=kept.county, of=("funding_line", str(kept)[:80]), **told)
    return kept


@transaction.atomic
def item_add(
    *,
    by: Scope | None,
    county: Area,
    column: str,
    name: str,
    amount: Decimal,
    school: School | None = None,
    place: str = "",
    origin: str = Origin.HAND,
    origin_key: str = "",
    **told: Any,
) -> Item:
    """Add an item to the row of a school, or to one that is called `place`; amounts in 元.

    `told` may hold deed, quantity, period, stage, indicator, target, key, issue, unit, remark. With an `origin_key`
    the item that was added for it before is returned as it is, dropped or not. Raises ValidationError.
    """
    held(county)
    known = _known(county, origin, origin_key)
    if known:
        return known
    row = {"column": column, "name": name.strip(), "amount": amount, **told}
    _checked(row)
    number = (Item.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    line, row = line_of(county, school, place), with_target(county, row)
    _of_its_school(line, row["key"])
    item = Item.objects.create(county=county, line=line, number=number, origin=origin, origin_key=origin_key, **row)
    step_write(item, "add", by=by, note=f"{item.get_origin_display()}：{wan_told(amount)} 万元")
    of = ("funding_item", item.code)
    audit.record("funding.add", by=by, county=county, of=of, name=item.name, amount=str(amount), origin=origin)
    return item


def _known(county: Area, origin: str, origin_key: str) -> Item | None:
    if not origin_key:
        return None
    found = Item.objects.of(county).filter(origin=origin, origin_key=origin_key)
    return found.select_related("county", "line__school").first()


def _checked(row: Mapping[str, Any]) -> None:
    """Raise ValidationError where an item cannot be as it is asked."""
    if row["column"] not in Column:
        raise ValidationError(f"没有“{row['column']}”这一栏")
    if not row["name"]:
        raise ValidationError("请写这笔钱用来做什么")
    if len(row["name"]) > Item._meta.get_field("name").max_length:
        raise ValidationError("内容超过 200 个字；请写短一些，细节写在说明里")
    sum_checked(row["amount"], "计划金额")
    deed = DEEDS.get(row.get("deed", "") or "")
    if row.get("deed") and (deed is None or deed.money != row["column"]):
        raise ValidationError("“办什么”和“哪一栏”对不上：请换一栏，或把“办什么”留空")
    if row.get("quantity") is not None and deed is None:
        raise ValidationError("写了数量，没有选办什么；请选上，才知道数量的单位")


def sum_checked(amount: Decimal, label: str) -> None:
    """Raise ValidationError where a sum is not more than nothing, or more than there can be."""
    if amount > LARGEST:
        raise ValidationError(f"{label}太大了，一笔最多 {wan_told(LARGEST)} 万元；请看看是不是把元写成了万元")
    if amount <= 0:
        raise ValidationError(f"{label}要大于 0，单位万元；不要了的请用“取消”或“撤回”")


def with_target(county: Area, row: dict[str, Any]) -> dict[str, Any]:
    """Return an item's fields, with its gap's year and parts beside the key; an issue of a gap brings its own."""
    issue, key, period = row.get("issue"), row.get("key", ""), row.get("period")
    if issue is not None and issue.key and not key:
        key, period = issue.key, issue.period
    if key and period is None:
        period = _counted_in(county)
    named = Key.of(key) if key else Key("", "", row.get("indicator", ""), "")
    parts = {"stage": named.stage, "indicator": named.indicator, "target": named.target}
    return {**row, "key": key, "period": period, **parts}


def _counted_in(county: Area) -> Period | None:
    """Return the year of the census that is official: its gaps are those that an item can name."""
    run = official_census(county)
    return Period.objects.of(county).filter(counting_date=run.snapshot.counting_date).first() if run else None


def _of_its_school(line: Line, key: str) -> None:
    """Raise ValidationError where a gap is another school's than the row's; a spread is the whole county's."""
    school = Key.of(key).school if key else ""
    if school and (line.school is None or line.school.code != school):
        raise ValidationError(f"这个缺口不是{line}的；请换一所学校，或换一个缺口")


def item_held(item: Item) -> Item:
    """Return an item as it is now, held until the transaction ends."""
    found = Item.objects.select_for_update(of=("self",))
    return found.select_related("county", "line__school", "unit", "issue__county", "period").get(id=item.id)


@transaction.atomic
def item_edit(*, by: Scope | None, item: Item, why: str, version: int | None = None, **told: Any) -> Item:
    """Change an item; `version` is the one that whoever changes it has seen.

    Raises ValidationError without a reason, or where it cannot be so; Moved where somebody has changed it since.
    """
    kept = item_held(item)
    _in_force(kept, version)
    asked = {name: told.get(name, getattr(kept, name)) for name in CHANGED}
    _checked(asked)
    changes = {name: asked[name] for name in CHANGED if asked[name] != getattr(kept, name)}
    if not changes:
        return kept
    reason_checked(why)
    _may_be_so(kept, asked, changes)
    note = "；".join(_change_told(kept, name, value) for name, value in changes.items())
    _become(kept, asked)
    step_write(kept, "edit", by=by, note=f"{note}。原因：{why.strip()}")
    audit.record("funding.edit", by=by, county=kept.county, of=("funding_item", kept.code), note=note, why=why)
    return kept


def _may_be_so(item: Item, asked: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Raise ValidationError where what was signed, paid or put into a form does not fit what is asked."""
    _not_below_spent(item, asked["amount"])
    if {"column", "deed", "quantity"} & set(changes):
        _not_in_the_form(item)


def _become(item: Item, asked: Mapping[str, Any]) -> None:
    """Let an item be what is asked; another gap brings its own year."""
    same = asked["key"] == item.key
    fields = with_target(item.county, {**asked, "period": item.period if same else None})
    _of_its_school(item.line, fields["key"])
    for name, value in fields.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=[*fields, "version"])


def _in_force(item: Item, version: int | None) -> None:
    if item.dropped:
        raise Moved(f"{item.code} 已经取消，不能改：请刷新页面看看")
    if version is not None and version != item.version:
        raise Moved(f"{item.code} 刚有人改过（现在：{item.name}，{wan_told(item.amount)} 万元）：请看过再改")


def _not_below_spent(item: Item, amount: Decimal) -> None:
    """Raise ValidationError where the plan would be less than what is given, signed or paid."""
    standing = {"undone": ""}
    for label, rows in (
        ("已签合同", item.contracts.filter(**standing)),
        ("已经支付", item.payments.filter(**standing)),
        ("已安排资金", item.allotments.all()),
    ):
        spent = sum(rows.values_list("amount", flat=True), Decimal(0))
        if amount < spent:
            raise ValidationError(f"{label} {wan_told(spent)} 万元，计划金额不能比它少；请先撤回，或改安排")


def _not_in_the_form(item: Item) -> None:
    """Raise ValidationError while the school's form holds what the item added."""
    if item.rises.filter(undone="").exists():
        raise ValidationError(f"{item.code} 的数已经加进填报表；请先在填报表里改回，并撤回“加进填报表”")


def _change_told(item: Item, name: str, value: Any) -> str:
    return f"{CHANGED[name]}：{value_told(name, getattr(item, name))} → {value_told(name, value)}"


def value_told(name: str, value: Any) -> str:
    """Return a value of an item's in words, by the name of its field."""
    if value in (None, ""):
        return "空"
    if name == "amount":
        return f"{wan_told(value)} 万元"
    if name == "deed":
        return DEEDS[value].label
    return Column(value).label if name == "column" else quantity_told(value) if name == "quantity" else str(value)


@transaction.atomic
def item_drop(*, by: Scope | None, item: Item, why: str) -> Item:
    """Drop an item: it stays to be read, and counts no more.

    Raises ValidationError without a reason, and where a contract or a payment stands; Moved where it is dropped.
    """
    kept = item_held(item)
    _in_force(kept, None)
    reason_checked(why)
    if kept.contracts.filter(undone="").exists() or kept.payments.filter(undone="").exists():
        raise ValidationError(f"{kept.code} 已经有合同或支付，不能取消；记错的，请先撤回合同和支付")
    _not_in_the_form(kept)
    kept.dropped, kept.version = why.strip()[:400], kept.version + 1
    kept.save(update_fields=["dropped", "version"])
    kept.allotments.all().delete()
    step_write(kept, "drop", by=by, note=why.strip())
    audit.record("funding.drop", by=by, county=kept.county, of=("funding_item", kept.code), why=why)
    return kept


def reason_checked(why: str) -> None:
    """Raise ValidationError where no reason is given."""
    if not why.strip():
        raise ValidationError(NO_REASON)


def step_write(item: Item, deed: str, *, by: Scope | None, note: str = "") -> ItemStep:
    """Write down what was done to an item; part of the caller's transaction."""
    return ItemStep.objects.create(county=item.county, item=item, deed=deed, note=note[:1000], **audit.signed(by))
