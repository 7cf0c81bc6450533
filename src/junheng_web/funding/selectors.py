"""Reads that a reader's rights bound: which items one may see, what one may record, and the sums of what one sees."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from junheng_web.funding.models import Item, Keeper, Line
from junheng_web.organisation.models import Area, School
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.selectors import AT_SCHOOL, own_units

SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR})
WITH_NAMES = ("county", "line__school", "unit", "issue__county", "period")
NOTHING = Decimal(0)


def keeps(scope: Scope, county: Area) -> bool:
    """Whether one keeps the ledger: in the office, or at a unit that the office has named for it."""
    if Role.OFFICE in scope.roles_in(county):
        return True
    return Keeper.objects.of(county).filter(unit__in=own_units(scope, county)).exists()


def sees_all(scope: Scope, county: Area) -> bool:
    """Whether one sees every item: comparisons between schools stay with the office and who keeps the ledger (P3)."""
    return bool(SEE_ALL & scope.roles_in(county)) or keeps(scope, county)


def own_schools(scope: Scope, county: Area, roles: frozenset[Role] = AT_SCHOOL) -> list[int]:
    """Return the ids of the schools of one's posts."""
    return [post.school_id for post in scope.posts_in(county) if post.role in roles and post.school_id]


def items_of(scope: Scope, county: Area) -> QuerySet[Item]:
    """Return the items that one may see: all, or those of one's own school and those that one's unit answers for."""
    every = Item.objects.visible_to(scope).of(county).select_related(*WITH_NAMES)
    if sees_all(scope, county):
        return every
    own = Q(line__school__in=own_schools(scope, county)) | Q(unit__in=own_units(scope, county))
    return every.filter(own)


def schools_of(scope: Scope, county: Area, day: dt.date) -> QuerySet[School]:
    """Return the schools whose certificates one may see: all, or one's own and those of the items that one sees."""
    every = School.objects.visible_to(scope).of(county).on(day).select_related("county").order_by("code")
    if sees_all(scope, county):
        return every
    own = Q(id__in=own_schools(scope, county))
    return every.filter(own | Q(id__in=items_of(scope, county).order_by().values("line__school")))


def may_certify(scope: Scope, school: School) -> bool:
    """Whether one may say how a school's certificates stand: who keeps the ledger, and the school's own head."""
    heads = own_schools(scope, school.county, frozenset({Role.SCHOOL_HEAD}))
    return school.id in heads or keeps(scope, school.county)


def standing(items: QuerySet[Item]) -> QuerySet[Item]:
    """Return those that were not dropped."""
    return items.filter(dropped="")


def lines_of(scope: Scope, county: Area) -> QuerySet[Line]:
    """Return the rows of the table that one may see: all, or those that hold an item that one may see."""
    every = Line.objects.visible_to(scope).of(county).select_related("county", "school")
    if sees_all(scope, county):
        return every
    return every.filter(id__in=standing(items_of(scope, county)).order_by().values("line"))


def item_numbered(scope: Scope, county: Area, number: int) -> Item:
    """Return an item that one may see. Raises Item.DoesNotExist."""
    return items_of(scope, county).get(number=number)


def works_on(scope: Scope, item: Item) -> bool:
    """Whether one may say how far an item is: who keeps the ledger, and the unit that answers for it."""
    return keeps(scope, item.county) or (item.unit_id in own_units(scope, item.county) if item.unit_id else False)


def at_school(scope: Scope, item: Item) -> bool:
    """Whether one is the head of the item's school."""
    heads = own_schools(scope, item.county, frozenset({Role.SCHOOL_HEAD}))
    return item.line.school_id is not None and item.line.school_id in heads


def sums_by_line(items: QuerySet[Item]) -> dict[int, dict[str, Decimal]]:
    """Return what each column of each row comes to."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = items.order_by().values_list("line", "column").annotate(sum=Sum("amount"))
    for line, column, total in rows:
        found.setdefault(line, {})[column] = total
    return found


def sums_by_column(items: QuerySet[Item]) -> dict[str, Decimal]:
    """Return what each column comes to, asked of the items themselves."""
    return dict(items.order_by().values_list("column").annotate(sum=Sum("amount")))


def paid_of(items: QuerySet[Item]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return for each item what was contracted and what was paid."""
    contracted = _summed(items, "contracts")
    paid = _summed(items, "payments")
    return {id: (contracted.get(id, NOTHING), paid.get(id, NOTHING)) for id in {*contracted, *paid}}


def _summed(items: QuerySet[Item], of: str) -> dict[int, Decimal]:
    in_force = items.order_by().filter(**{f"{of}__undone": "", f"{of}__id__isnull": False})
    return dict(in_force.values_list("id").annotate(sum=Sum(f"{of}__amount")))


def allotted_of(items: QuerySet[Item]) -> dict[int, Decimal]:
    """Return what each item is given by sources."""
    found = items.order_by().filter(allotments__id__isnull=False).values_list("id")
    return dict(found.annotate(sum=Sum("allotments__amount")))
