"""Who held what on a day: posts, seats, units; asked by the rooms above through these functions alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from junheng_web.organisation.areas import Area
from junheng_web.organisation.contacts import Contact
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Appointment, Person, Post, Unit


def holder_on(post: Post, day: dt.date) -> Person | None:
    """Return who held a post on a day; None where it was vacant. Of several, whoever came last."""
    return holders_on([post], day).get(post.id)


def holders_on(posts: Iterable[Post], day: dt.date) -> dict[int, Person]:
    """Return who held each of some posts on a day, by the post's id; a vacant one is not there. One query."""
    held = Appointment.objects.on(day).filter(post__in=[one.id for one in posts]).select_related("person")
    return {one.post_id: one.person for one in held}


def posts_of(person: Person, day: dt.date) -> list[Post]:
    """Return the posts that somebody held on a day, in the order of their codes."""
    held = Appointment.objects.on(day).filter(person=person).values("post")
    return list(Post.objects.filter(id__in=held).select_related("area", "unit", "school", "group"))


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat of a group, and who sat there on a day: whoever held its post; nobody where the post was vacant."""

    seat: Seat
    person: Person | None

    @property
    def vacant(self) -> bool:
        """Whether its post has no holder; a unit's seat is never vacant."""
        return self.seat.post_id is not None and self.person is None


def seated_on(group: Group, day: dt.date) -> list[Seated]:
    """Return the seats of a group on a day in the document's order; of a dissolved one, as they were at its end."""
    day = min(day, group.dissolved) if group.dissolved else day
    seats = list(group.seats.on(day).select_related("post__unit", "unit"))
    held = holders_on([one.post for one in seats if one.post], day)
    return [Seated(one, held.get(one.post_id)) for one in seats]


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom one speaks to for a unit or a school: the post, and who holds it; nobody where it is vacant."""

    post: Post
    person: Person | None

    def __str__(self) -> str:
        return f"{self.post}{self.person or ''}"


def contacts_on(county: Area, kind: str, day: dt.date) -> dict[int, Reached]:
    """Return whom one speaks to on a day in one capacity, by the id of the unit or school. Two queries."""
    rows = list(Contact.objects.of(county).filter(kind=kind).select_related("post__unit"))
    held = holders_on([one.post for one in rows], day)
    return {(one.unit_id or one.school_id or 0): Reached(one.post, held.get(one.post_id)) for one in rows}


def group_of(county: Area) -> Group | None:
    """Return the county's working group: the newest that is not dissolved, or the one dissolved last."""
    groups = Group.objects.of(county).select_related("office")
    return groups.filter(dissolved=None).first() or groups.order_by("-dissolved", "-id").first()


def units_of(county: Area) -> QuerySet[Unit]:
    """Return the county's units and desks that are not closed, in the document's order."""
    return Unit.objects.of(county).filter(closed=None).select_related("parent")


def posts_in(county: Area) -> QuerySet[Post]:
    """Return the county's own posts, with what they are in; those of units that are closed are left out."""
    return (
        Post.objects.filter(area=county).exclude(unit__closed__isnull=False).select_related("unit", "school", "group")
    )
