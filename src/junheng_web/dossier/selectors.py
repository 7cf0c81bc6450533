"""Reads of the room: which items one sees, whose they are, and which papers of them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.owning import Held, held_of, tallied
from junheng_web.duties.matrix import table_of
from junheng_web.duties.selectors import own_units
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import OUTSIDE, allowed
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# Who sees every item; a unit sees those that it has to do with, a school its own (P3).
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE}) | OUTSIDE
# Who reads only what was approved: return comments and drafts are working papers (P6).
FROM_OUTSIDE = OUTSIDE - {Role.AUDITOR}


def sees_all(scope: Scope, county: Area) -> bool:
    """Whether one sees every item of the checklist."""
    return bool(SEE_ALL & scope.roles_in(county))


def items_seen(scope: Scope, county: Area) -> QuerySet[Item]:
    """Return the items that one sees, also those that are not asked for any more."""
    found = Item.objects.visible_to(scope).of(county)
    if sees_all(scope, county):
        return found
    units = {unit.code for unit in own_units(scope, county)}
    answered = [indicator for indicator, told in table_of(county).items() if units & {*told.units}]
    own = Q(unit__code__in=units) | Q(school__code__in=own_schools(scope, county))
    return found.filter(own | Q(indicator__in=answered))


def items_of(scope: Scope, county: Area, *, ended: bool = False, **only: object) -> list[Held]:
    """Return the items that one sees, in the order in which they came into the checklist, each with its papers."""
    found = _items(scope, county, ended=ended, **only)
    papers = papers_read(scope, county).filter(item__in=[one.id for one in found])
    known = papers.select_related("county", "item__county", "file__county", "file__reading")
    return list(held_of(county, found, known.prefetch_related("file__abouts").order_by("id")))


def checklist_of(scope: Scope, county: Area) -> list[Held]:
    """Return the items that one sees without their papers: how many are in which state is counted by the database."""
    tallies: dict[int, dict[str, int]] = {}
    counted = papers_read(scope, county).order_by().values_list("item", "state").annotate(many=Count("id"))
    for item, state, many in counted:
        tallies.setdefault(item, {})[state] = many
    return list(tallied(county, _items(scope, county), tallies))


def _items(scope: Scope, county: Area, *, ended: bool = False, **only: object) -> list[Item]:
    found = items_seen(scope, county).filter(**only, **({} if ended else {"ended": None}))
    return list(found.select_related("county", "unit", "school"))


def own_schools(scope: Scope, county: Area) -> set[str]:
    """Return the codes of the schools in which one holds a post."""
    return {post.school.code for post in scope.posts_in(county) if post.school}


def from_outside(scope: Scope, county: Area) -> bool:
    """Whether one looks in from outside: an assessor, or an area above."""
    return scope.roles_in(county) <= FROM_OUTSIDE


def papers_read(scope: Scope, county: Area) -> QuerySet[Paper]:
    """Return the papers that one may read of items that one sees: from outside, only those that were approved."""
    found = Paper.objects.visible_to(scope).of(county)
    return found.filter(state=Paper.State.APPROVED) if from_outside(scope, county) else found


def item_named(scope: Scope, county: Area, indicator: str, number: int) -> Held:
    """Return an item that one sees, also one that is not asked for any more. Raises Item.DoesNotExist."""
    found = items_of(scope, county, ended=True, indicator=indicator, number=number)
    if not found:
        raise Item.DoesNotExist(f"{indicator}-{number}")
    return found[0]


def may_hand_in(scope: Scope, county: Area, one: Held) -> bool:
    """Whether one may hand in for an item: its owner; who answers, while nobody leads; the office from paper (代录)."""
    if one.item.ended or not allowed("dossier.hand_in", scope, county):
        return False
    if Role.OFFICE in scope.roles_in(county):
        return True
    if one.item.school:
        return one.item.school.code in own_schools(scope, county)
    owners = {one.owner.code} if one.owner else {unit.code for unit in one.answering}
    return bool(owners & {unit.code for unit in own_units(scope, county)})
