"""What the pages of items and money show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from junheng.facts.plan_schema import DEEDS
from junheng_web.assessment.telling import address as assessed
from junheng_web.evidence.models import Link
from junheng_web.evidence.selectors import links_to
from junheng_web.funding.certificates import asked_of, kinds, standings_of, warned_next
from junheng_web.funding.gates import State, Way, gates, way_of
from junheng_web.funding.gating import passable
from junheng_web.funding.models import Item, Source
from junheng_web.funding.rising import column_raised
from junheng_web.funding.selectors import allotted_of, items_of, keeps, paid_of, standing
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

NOTHING = Decimal(0)
# The kind of links to an item, and to one of its gates: Z0001, Z0001:accept.
KIND, BESIDE = "funding", ":"
# The kind of links to a school's certificate: 1506990006:land.
CERTIFICATE = "certificate"
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "add": "立项目",
        "edit": "改动",
        "drop": "取消",
        "allot": "安排资金",
        "contract": "记合同",
        "contract_undo": "撤回合同",
        "pay": "记支付",
        "pay_undo": "撤回支付",
        "gate_pass": "办理",
        "gate_skip": "不需要办",
        "gate_undo": "退回",
        "raise": "加进填报表",
        "raise_undo": "撤回加进填报表",
    }
)


def address(county: Area, name: str, *more: object) -> str:
    """Return the address of one of this room's pages."""
    return reverse(f"funding:{name}", args=[county.code, *more])


def item_told(scope: Scope, item: Item) -> dict[str, Any]:
    """Return what an item's page shows."""
    way, keeping = way_of(item), keeps(scope, item.county)
    standings = standings_of([item.line.school] if item.line.school else [], timezone.localdate())
    may = frozenset() if item.dropped else passable(scope, item)
    contracts = item.contracts.prefetch_related("payments")
    return {
        "item": item,
        "way": way,
        "states": _states_told(item, way, may),
        "deed": DEEDS.get(item.deed),
        "contracts": list(contracts),
        "payments": list(item.payments.select_related("contract", "source")),
        "allotments": list(item.allotments.select_related("source")),
        **money_told(item),
        "certificates": asked_of(item, standings),
        "warned": [] if item.dropped else warned_next(item, way, standings),
        "steps": [(LABELS.get(one.deed, one.deed), one) for one in item.steps.order_by("-id")],
        "rise": item.rises.filter(undone="").first(),
        "raises": column_raised(item),
        "indicator_url": assessed(item.county, "rule", item.indicator) if item.indicator else "",
        "links": links_to(item.county, KIND, [item.code]),
        "manages": allowed("funding.manage", scope, item.county) and not item.dropped,
        "keeping": keeping and not item.dropped,
        "moves": may,
    }


def money_told(item: Item) -> dict[str, Decimal]:
    """Return what an item was given, what is signed and paid, and what is left of the plan."""
    sums = {
        "allotted": item.allotments.aggregate(sum=Sum("amount"))["sum"] or NOTHING,
        "signed": item.contracts.filter(undone="").aggregate(sum=Sum("amount"))["sum"] or NOTHING,
        "paid": item.payments.filter(undone="").aggregate(sum=Sum("amount"))["sum"] or NOTHING,
    }
    return {**sums, "lacking": item.amount - sums["allotted"], "unpaid": item.amount - sums["paid"]}


def _states_told(item: Item, way: Way, may: Collection[str]) -> list[dict[str, Any]]:
    """Return each gate with what was done there, its files, and whether its last step can be taken back."""
    files: dict[str, list[Link]] = {}
    for link in links_to(item.county, KIND, [f"{item.code}{BESIDE}{gate}" for gate in gates()]):
        files.setdefault(link.object_code.partition(BESIDE)[2], []).append(link)
    return [
        {
            **{"gate": one.gate, "step": one.step, "done": one.done, "files": files.get(one.gate.id, [])},
            "undo": one.gate.id in may and _goes_back(way, one),
        }
        for one in way.states
    ]


def _goes_back(way: Way, one: State) -> bool:
    """Whether a gate is through, and none behind it was gone through."""
    return one.through and not any(each.done for each in way.after(one.gate.id))


def actual(scope: Scope, county: Area) -> dict[str, Any]:
    """Return plan beside actual of the items that one sees: given, signed, paid, and the gate reached."""
    items = standing(items_of(scope, county)).prefetch_related("gates")
    paid, given = paid_of(items), allotted_of(items)
    standings = standings_of({one.line.school for one in items if one.line.school}, timezone.localdate())
    rows = [_actual(one, given.get(one.id, NOTHING), *paid.get(one.id, (NOTHING, NOTHING))) for one in items]
    for row in rows:
        row["warnings"] += warned_next(row["item"], row["way"], standings)
    names = ("planned", "allotted", "signed", "paid")
    return {
        "rows": rows,
        "sums": {name: sum((row[name] for row in rows), NOTHING) for name in names},
        "stages": _at(rows),
    }


def _actual(item: Item, allotted: Decimal, signed: Decimal, paid: Decimal) -> dict[str, Any]:
    way = way_of(item)
    share = int(100 * paid / item.amount)
    told = {"item": item, "planned": item.amount, "allotted": allotted, "signed": signed, "paid": paid, "share": share}
    return {**told, "way": way, "warnings": warnings(item, way, allotted, signed, paid)}


def _at(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return how many items wait at which gate, in the gates' order; those at the end last."""
    many: dict[str, int] = {}
    for row in rows:
        waiting = row["way"].next
        name = waiting.gate.label if waiting else ""
        many[name] = many.get(name, 0) + 1
    order = [one.label for one in gates().values()]
    return [(f"等{name}" if name else "全部办完", many[name]) for name in [*order, ""] if name in many]


def warnings(item: Item, way: Way, allotted: Decimal, signed: Decimal, paid: Decimal) -> list[str]:
    """Return what does not fit together about an item, in words; a sign, never a verdict."""
    found = []
    if allotted < item.amount:
        found.append("资金没有全部落实")
    if signed and not way.at("contract").done:
        found.append("记了合同，关口“合同”没有办")
    if paid > signed:
        found.append("支付比合同多")
    if paid and not way.at("approve").through:
        found.append("已经支付，还没有立项批复")
    if way.counts and column_raised(item) and not any(not one.undone for one in item.rises.all()):
        found.append("已入账，还没有加进填报表")
    return found


def certificates(schools: Sequence[School], today: dt.date) -> dict[str, Any]:
    """Return how the certificates of schools stand: a row for each school, and of each kind how many are in order."""
    found = standings_of(schools, today)
    rows = [(school, list(found[school.id].values())) for school in schools]
    counts = [
        (kind, sum(not found[school.id][kind.id].lacking for school in schools), len(rows)) for kind in kinds().values()
    ]
    return {"rows": rows, "counts": counts, "kinds": list(kinds().values())}


def sources_told(county: Area, sources: QuerySet[Source]) -> list[dict[str, Any]]:
    """Return the sources, each with what was given of it to items, what was paid of it, and what is left."""
    given = dict(
        sources.filter(allotments__id__isnull=False)
        .values_list("id")
        .annotate(sum=Sum("allotments__amount"))
        .order_by()
    )
    in_force = sources.filter(payments__undone="", payments__id__isnull=False)
    paid = dict(in_force.values_list("id").annotate(sum=Sum("payments__amount")).order_by())
    return [
        {
            "source": one,
            "given": given.get(one.id, NOTHING),
            "paid": paid.get(one.id, NOTHING),
            "left": one.amount - given.get(one.id, NOTHING),
            "over": paid.get(one.id, NOTHING) > given.get(one.id, NOTHING),
        }
        for one in sources
    ]
