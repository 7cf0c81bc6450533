"""What the page of an adopted plan shows: each measure with its money, its task, and the plan beside what is approved.

What was, what the plan makes of it and what is approved today stand side by side; nothing here is a verdict.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Sum

from junheng import api as jh
from junheng.facts.plan_schema import DEEDS
from junheng.facts.schema import SCHOOLS
from junheng.facts.writers import plain
from junheng_web.assessment import snapshots
from junheng_web.assessment.telling import NONE
from junheng_web.collection.handing.approving import approved
from junheng_web.collection.ledger.gathering import facts_of
from junheng_web.collection.models import Ledger
from junheng_web.funding.amounts import wan_told
from junheng_web.funding.models import Payment
from junheng_web.organisation.models import Area
from junheng_web.planning import bundles
from junheng_web.planning.adopting import label_of, place_of, yuan
from junheng_web.planning.adopting import told as action_told
from junheng_web.planning.models import Adoption, Measure, PlanRun

Row = Mapping[str, Any]
Rows = Mapping[str, Row]


def page(adoption: Adoption) -> dict[str, Any]:
    """Return what the page of a version shows, school by school."""
    measures = list(adoption.measures.select_related("item__county", "task__county", "task__unit"))
    paid = _paid(measures)
    seen = _Seen(adoption)
    rows = [_row(measure, seen, paid) for measure in measures]
    sums = (sum((row["yuan"] for row in rows), Decimal(0)), sum(paid.values(), Decimal(0)))
    return {
        "adoption": adoption,
        "plan": adoption.plan,
        "rows": rows,
        "total": {"planned": wan_told(sums[0]), "paid": wan_told(sums[1])},
        "without": sum(1 for row in rows if row["measure"].task is None),
        "newest": Adoption.objects.of(adoption.county).first() == adoption,
        "stays": list(_stays(adoption)),
        "moved": any(measure.action["from_school"] for measure in measures),
    }


def _paid(measures: list[Measure]) -> dict[int, Decimal]:
    """Return what was paid for each item that measures have, in yuan."""
    items = [measure.item_id for measure in measures if measure.item_id]
    rows = Payment.objects.filter(item__in=items, undone="").values_list("item").annotate(Sum("amount"))
    return dict(rows)


def _stays(adoption: Adoption) -> list[Measure]:
    """Return what the version before did and this one does not, where a contract keeps it."""
    before = Adoption.objects.of(adoption.county).filter(number=adoption.number - 1).first()
    own = before.measures.exclude(item=None).filter(item__dropped="") if before else Measure.objects.none()
    return list(
        own.exclude(item__in=adoption.measures.exclude(item=None).values("item")).select_related("item__county")
    )


class _Seen:
    """The facts of three moments: when the plan was made, when it is done, and as they are approved today."""

    def __init__(self, adoption: Adoption) -> None:
        self.before = _base(adoption.plan)
        self.after = _after(adoption.plan.digest)
        self.today = _today(adoption.county)

    def values(self, action: Row) -> list[str]:
        """Return what an action changes, at the three moments; nothing where it changes no column by itself."""
        facts = DEEDS[action["item"]].facts
        names = [name for fact in facts for name in (f"{action['stage']}_{fact}", fact) if name in SCHOOLS.by_name]
        if not names:
            return [NONE] * 3
        column, code = SCHOOLS.by_name[names[0]], place_of(action)
        held = [one.get(code, {}).get(column.name) for one in (self.before, self.today)]
        # The bundle tells the facts afterwards in the units in which they are written.
        texts = [None if one is None else plain(one, column) for one in held]
        return [_shown(one) for one in (*texts, self.after.get(code, {}).get(column.name))]


def _shown(value: object) -> str:
    """Return a number with separators, as many decimals as it has; that there is none as a dash."""
    return NONE if value is None else f"{Decimal(str(value)).normalize():,f}"


def _base(plan: PlanRun) -> Rows:
    return _by_school(snapshots.open_facts(plan.base.snapshot.digest))


def _today(county: Area) -> Rows:
    """Return what is approved of the newest year's present state; nothing where there is no such year."""
    known = Ledger.objects.of(county).filter(basis=Ledger.Basis.CURRENT).select_related("county", "period")
    ledger = known.order_by("-period__code").first()
    return _by_school(facts_of(ledger, only=approved(ledger)["school"], items=())) if ledger else {}


def _by_school(facts: jh.Facts) -> Rows:
    return {row["school_code"]: row for row in facts.tables[SCHOOLS.name].to_pylist()}


@lru_cache(maxsize=4)
def _after(digest: str) -> Rows:
    """Return the schools when a plan is done, as its bundle tells them."""
    after = json.loads(bundles.part_of(digest, bundles.PLAN))["after"] or {"schools": []}
    return {row["school_code"]: row for row in after["schools"]}


def _row(measure: Measure, seen: _Seen, paid: Mapping[int, Decimal]) -> dict[str, Any]:
    action = measure.action
    before, today, after = seen.values(action)
    return {
        "measure": measure,
        "school": seen.before.get(place_of(action), {}).get("school_name") or place_of(action),
        "label": label_of(action),
        "told": action_told(action),
        "yuan": yuan(action),
        "planned": wan_told(yuan(action)),
        "paid": wan_told(paid.get(measure.item_id or 0, Decimal(0))),
        "before": before,
        "today": today,
        "after": after,
    }
