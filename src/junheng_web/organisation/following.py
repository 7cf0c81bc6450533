"""What hangs on a post and follows whoever holds it: this room's own, and what the rooms above say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from junheng_web.organisation.people import Post


@dataclass(frozen=True, slots=True)
class Follows:
    """One kind of thing that hangs on a post: what, how much, and where it can be looked at."""

    label: str
    told: str
    url: str = ""


Tells = Callable[[Post, dt.date], Iterator[Follows]]
TOLD: dict[str, Tells] = {}


def follows(name: str) -> Callable[[Tells], Tells]:
    """Let a room say what hangs on a post; what it yields is shown before the post changes hands."""

    def register(tells: Tells) -> Tells:
        TOLD[name] = tells
        return tells

    return register


def following(post: Post, day: dt.date) -> list[Follows]:
    """Return what follows the holder of a post, room by room."""
    return [one for tells in TOLD.values() for one in tells(post, day)]


@follows("organisation")
def _own(post: Post, day: dt.date) -> Iterator[Follows]:
    """Yield the seats, and the units and schools that the post answers for."""
    for seat in post.seats.on(day).filter(group__dissolved=None).select_related("group"):
        yield Follows("工作组席位", f"{seat.group}{seat.get_kind_display()}")
    for one in post.contact_for.select_related("unit", "school"):
        yield Follows(one.get_kind_display(), str(one.unit or one.school))
