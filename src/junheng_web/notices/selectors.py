"""Reads of the room: what the posts that one holds, and one's account, have been told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Case, Q, QuerySet, Value, When

from junheng_web.notices.models import Notice
from junheng_web.organisation.following import Follows, follows
from junheng_web.organisation.models import Area, Post
from junheng_web.organisation.scopes import Scope


def notices_of(scope: Scope, county: Area) -> QuerySet[Notice]:
    """Return what one has been told in a county: what is not read first, the newest first."""
    own = Q(post__in=scope.posts) | Q(account=scope.account)
    read = Case(When(read_at=None, then=Value(0)), default=Value(1))
    return Notice.objects.visible_to(scope).of(county).filter(own).alias(read=read).order_by("read", "-id")


def unread_of(scope: Scope, county: Area) -> QuerySet[Notice]:
    """Return what of it is not read."""
    return notices_of(scope, county).filter(read_at=None)


@follows("notices")
def hangs_on(post: Post, day: dt.date) -> Iterator[Follows]:
    """Yield the notices of a post that nobody has read."""
    if unread := Notice.objects.filter(post=post, read_at=None).count():
        yield Follows("没有读的通知", f"{unread} 条")
