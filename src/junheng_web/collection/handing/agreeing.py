"""Who else has to agree to a form: the units named to review its items, and those that confirm figures too (P14)."""

from __future__ import annotations

from collections.abc import Iterable

from junheng_web.collection.ledger.periods import Arrangement
from junheng_web.collection.ledger.subjects import Subject, unit_codes
from junheng_web.collection.ledger.submissions import Step
from junheng_web.organisation.models import Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

REVIEW, CONFIRM = "review", "confirm"
# By which key of an arrangement a deed's units are named, and which of their posts do it.
NAMED_BY = {REVIEW: "reviewer", CONFIRM: "second"}
ROLES = {REVIEW: frozenset({Role.DESK}), CONFIRM: frozenset({Role.UNIT_STAFF, Role.TOWN_STAFF, Role.DESK})}


def arrangements(one: Subject) -> list[Arrangement]:
    """Return what is arranged for the items of a form; nothing for a school's."""
    if not one.items:
        return []
    found = Arrangement.objects.filter(period=one.period, item__in=one.items)
    return list(found.select_related("reviewer", "second"))


def named(one: Subject, deed: str) -> list[Unit]:
    """Return the units that are named for a deed, in the document's order; the form's own unit is none of them."""
    units = {getattr(each, NAMED_BY[deed]) for each in arrangements(one)}
    return sorted((unit for unit in units if unit and unit.code != one.code), key=lambda unit: (unit.place, unit.code))


def waiting(one: Subject, deed: str) -> list[Unit]:
    """Return the units that are named for a deed and have not done it since the form was handed in."""
    units = named(one, deed)
    if not units:
        return []
    own = Step.objects.filter(submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code)
    last = own.filter(deed="submit").order_by("-id").values_list("id", flat=True).first() or 0
    done = set(own.filter(id__gt=last, deed=deed).values_list("unit", flat=True))
    return [unit for unit in units if unit.id not in done]


def mine(scope: Scope, one: Subject, deed: str, units: Iterable[Unit]) -> Unit | None:
    """Return the first of some units for which the reader may do a deed, by a post in it or in a desk of it."""
    posts = [post for post in scope.posts_in(one.ledger.county) if post.role in ROLES[deed]]
    codes = {code for post in posts for code in unit_codes(post)}
    return next((unit for unit in units if unit.code in codes), None)
