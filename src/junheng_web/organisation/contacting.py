"""Whom one speaks to for a unit or a school: what the office has set, and what rooms above know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.areas import Area
from junheng_web.organisation.contacts import Contact
from junheng_web.organisation.people import Post, Unit
from junheng_web.organisation.schools import School
from junheng_web.organisation.scopes import Scope

# The schools' codes, each with the post that answers for the school in this capacity.
BySchool = Callable[[Area], Mapping[str, Post]]
KNOWN_ABOVE: dict[str, BySchool] = {}


def told_by(label: str) -> Callable[[BySchool], BySchool]:
    """Let a room above say who answers for schools in a capacity that it keeps: `label` is the column's heading."""

    def register(tells: BySchool) -> BySchool:
        KNOWN_ABOVE[label] = tells
        return tells

    return register


@transaction.atomic
def contact_set(*, by: Scope | None, county: Area, kind: str, of: Unit | School, post: Post | None) -> bool:
    """Say which post answers for a unit or a school; None takes it back. Return whether that is new."""
    at = {"unit" if isinstance(of, Unit) else "school": of}
    known = Contact.objects.of(county).filter(kind=kind, **at).select_related("post").first()
    if (known.post if known else None) == post:
        return False
    if post is None:
        known.delete()
    else:
        Contact.objects.update_or_create(county=county, kind=kind, **at, defaults={"post": post})
    told = {"kind": kind, "before": known.post.code if known else "", "after": post.code if post else ""}
    audit.record("contact.set", by=by, county=county, of=(next(iter(at)), of.code), **told)
    return True
