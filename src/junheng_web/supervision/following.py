"""What of this room follows a post to its next holder, shown before the post changes hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from junheng_web.organisation.following import Follows, follows
from junheng_web.organisation.models import Post
from junheng_web.supervision.chain import OPEN, Task
from junheng_web.supervision.papers import Dispatch
from junheng_web.supervision.selectors import AT_UNITS


@follows("supervision")
def tasks_of_post(post: Post, day: dt.date) -> Iterator[Follows]:
    """Yield the tasks of a post that are not at their end, its unit's without a desk, and what it is to sign."""
    every = Task.objects.filter(county=post.area_id, status__in=OPEN)
    own = every.filter(desk=post).count()
    shared = every.filter(desk=None, unit=post.unit_id).count() if post.unit_id and post.role in AT_UNITS else 0
    address = reverse("supervision:tasks", args=[post.area.code])
    if own:
        yield Follows("经办的任务", f"{own} 项没有办结", f"{address}?status=open")
    if shared:
        yield Follows("本单位没有指定经办岗位的任务", f"{shared} 项没有办结", f"{address}?status=open")
    if waiting := Dispatch.objects.filter(body__signer=post, status=Dispatch.Status.REVIEWED).count():
        yield Follows("等签发的发文", f"{waiting} 份", reverse("supervision:dispatches", args=[post.area.code]))
