"""What one may reach: the union of the posts that one holds today, and the one among them that one acts for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from junheng_web.organisation.areas import Area
from junheng_web.organisation.people import Account, Appointment, Post
from junheng_web.organisation.roles import Role

# A role of an area above reaches every county below it.
LEVELS_ABOVE = ("", "parent__", "parent__parent__")


@dataclass(frozen=True)
class Scope:
    """An account, the posts that it holds today, and the post that it acts for (None: it holds none)."""

    account: Account
    posts: tuple[Post, ...]
    acting: Post | None

    def counties(self) -> QuerySet[Area]:
        """Return the counties that its posts reach."""
        return self._reached().filter(kind=Area.Kind.COUNTY)

    def areas(self) -> QuerySet[Area]:
        """Return the areas above counties that its posts reach: those that they stand in, and those below."""
        return self._reached().exclude(kind=Area.Kind.COUNTY)

    def _reached(self) -> QuerySet[Area]:
        areas = [post.area_id for post in self.posts]
        reached = Q()
        for above in LEVELS_ABOVE:
            reached |= Q(**{f"{above}id__in": areas})
        return Area.objects.filter(reached)

    def posts_in(self, county: Area) -> list[Post]:
        """Return the posts that count in a county: its own, and those of the areas above it."""
        above = {county.id}
        while county.parent_id:
            county = county.parent
            above.add(county.id)
        return [post for post in self.posts if post.area_id in above]

    def roles_in(self, county: Area) -> set[Role]:
        """Return the roles of those posts."""
        return {Role(post.role) for post in self.posts_in(county)}

    @cached_property
    def county(self) -> Area | None:
        """The county of the post that one acts for; of an area above, the first county below it."""
        if self.acting is None:
            return None
        own = self.acting.area
        return own if own.kind == Area.Kind.COUNTY else self.counties().order_by("code").first()

    @cached_property
    def above(self) -> Area | None:
        """The area above counties that one acts in, or of another of one's posts; None where all are a county's."""
        posts = [*([self.acting] if self.acting else []), *self.posts]
        return next((post.area for post in posts if post.area.kind != Area.Kind.COUNTY), None)


def scope_of(account: Account, day: dt.date, post_code: str = "") -> Scope:
    """Return the scope of an account on a day, acting for the post with `post_code` where it holds that one."""
    held = Appointment.objects.on(day).filter(person__account=account).select_related("post__area__parent__parent")
    posts = tuple(one.post for one in held.order_by("post__area__code", "post__code"))
    chosen = [post for post in posts if f"{post.area.code}/{post.code}" == post_code] or posts
    return Scope(account, posts, chosen[0] if chosen else None)
