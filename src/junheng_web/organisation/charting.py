"""The chart of a working group: who sits where, and beneath each unit its desks, in the document's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from junheng_web.organisation.areas import Area
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Person, Post, Unit
from junheng_web.organisation.selectors import Seated, group_of, holders_on, posts_in, seated_on, units_of

Kind = Seat.Kind
# The chart's rows, from the top: name, heading, the seats in it.
LEVELS = (
    ("heads", "组长", (Kind.HEAD,)),
    ("deputies", "副组长", (Kind.DEPUTY,)),
    ("office", "办公室", (Kind.OFFICE_HEAD, Kind.OFFICE_DEPUTY)),
    ("members", "成员", (Kind.MEMBER,)),
)


def chart(county: Area, day: dt.date, group: Group | None = None) -> dict[str, Any]:
    """Return what the chart shows: the group's levels, and the units that have no seat in it."""
    group = group or group_of(county)
    seated = seated_on(group, day) if group else []
    desks, sitting = _desks(county, day), _where_units_sit(seated)
    below = {seat: desks.get(unit, []) for unit, seat in sitting.items()}
    levels = [_level(name, label, kinds, seated, below) for name, label, kinds in LEVELS]
    others = [one for one in units_of(county).filter(parent=None) if one.id not in sitting]
    return {
        "group": group,
        "shown": levels,
        "vacant": sum(one.vacant for one in seated),
        "seats": len(seated),
        "others": [{"unit": one, "desks": desks.get(one.id, [])} for one in others],
    }


def _where_units_sit(seated: list[Seated]) -> dict[int, int]:
    """Return the seat under which each unit's desks stand: its member's, else its first; by the unit's id."""
    found: dict[int, int] = {}
    for one in sorted(seated, key=lambda one: one.seat.kind != Kind.MEMBER):
        if one.seat.unit_id:
            found.setdefault(one.seat.unit_id, one.seat.id)
    return found


def _level(
    name: str, label: str, kinds: tuple[str, ...], seated: list[Seated], below: Mapping[int, list[dict[str, Any]]]
) -> dict[str, Any]:
    """Return a row of the chart."""
    boxes = [_box(one, below) for one in seated if one.seat.kind in kinds]
    return {"name": name, "label": label, "mixed": len(kinds) > 1, "boxes": boxes}


def _box(one: Seated, below: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
    seat = one.seat
    return {
        "place": seat.place,
        "kind": seat.get_kind_display(),
        "title": seat.title or (seat.post.name if seat.post else ""),
        "post": seat.post,
        "unit": seat.unit,
        "person": one.person,
        "vacant": one.vacant,
        "desks": below.get(seat.id, []),
    }


def _desks(county: Area, day: dt.date) -> dict[int, list[dict[str, Any]]]:
    """Return the desks of each unit, by its id, each with its posts and who holds them."""
    found: dict[int, list[dict[str, Any]]] = {}
    held = posts_by_unit(county, day)
    for desk in units_of(county).exclude(parent=None):
        found.setdefault(desk.parent_id, []).append({"unit": desk, "posts": held.get(desk.id, [])})
    return found


def posts_by_unit(county: Area, day: dt.date) -> dict[int, list[tuple[Post, Person | None]]]:
    """Return the posts of each unit, by its id, with who held them on a day."""
    posts = list(posts_in(county).exclude(unit=None))
    return grouped(posts, holders_on(posts, day))


def posts_of_no_unit(county: Area, day: dt.date) -> list[tuple[Post, Person | None]]:
    """Return the posts that are of no unit and no school, as leaders' and inspectors' are, with their holders."""
    posts = list(posts_in(county).filter(unit=None, school=None))
    return grouped(posts, holders_on(posts, day)).get(0, [])


def grouped(posts: Iterable[Post], held: Mapping[int, Person]) -> dict[int, list[tuple[Post, Person | None]]]:
    """Return posts with their holders by the id of their unit."""
    found: dict[int, list[tuple[Post, Person | None]]] = {}
    for post in posts:
        found.setdefault(post.unit_id or 0, []).append((post, held.get(post.id)))
    return found


def listed_units(county: Area) -> list[Unit]:
    """Return the units in their order, each followed by its desks."""
    units = list(units_of(county))
    desks: dict[int, list[Unit]] = {}
    for one in units:
        if one.parent_id:
            desks.setdefault(one.parent_id, []).append(one)
    return [each for one in units if not one.parent_id for each in (one, *desks.get(one.id, []))]
