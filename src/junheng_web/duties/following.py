"""What of this room follows a post to its next holder, shown before the post changes hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from junheng_web.duties.models import Bearer
from junheng_web.duties.selectors import AT_HOME
from junheng_web.organisation.following import Follows, follows
from junheng_web.organisation.models import Post


@follows("duties")
def duties_of_post(post: Post, day: dt.date) -> Iterator[Follows]:
    """Yield how many duties the post's unit bears: whoever holds the post reports on them."""
    if post.unit is None or post.role not in AT_HOME:
        return
    unit = post.unit.parent or post.unit
    many = Bearer.objects.filter(unit=unit, duty__ended=None).count()
    if many:
        yield Follows("单位职责", f"{unit}的 {many} 条", reverse("duties:unit", args=[post.area.code, unit.code]))
