"""Working groups (专项组、领导小组) and their seats, in the document's order: whoever holds the post sits there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from junheng_web.organisation.areas import CountyOwned, OwnedQuerySet
from junheng_web.organisation.people import Post, Unit


class Group(CountyOwned):
    """A working group that a document founds. Dissolved, it stays readable; it comes back only as another one."""

    class Kind(models.TextChoices):
        TASK = "task", "工作专项组"
        LEADING = "leading", "领导小组"
        OTHER = "other", "其他工作组"

    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.TASK)
    document = models.CharField("依据文件", max_length=200, blank=True)
    # What the document says besides the list: where the office is, who succeeds, when it ends.
    rules = models.TextField("文件里的规定", blank=True)
    office = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办公室设在")
    established = models.DateField("成立", null=True, blank=True)
    dissolved = models.DateField("撤销", null=True, blank=True)
    dissolved_because = models.CharField("撤销的依据", max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="group_code"),)

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(OwnedQuerySet):
    """Seats, by day."""

    def on(self, day: dt.date) -> SeatQuerySet:
        """Return the seats that there were on a day; the last day still counts."""
        return self.filter(Q(end=None) | Q(end__gte=day), Q(start=None) | Q(start__lte=day))


class Seat(CountyOwned):
    """A place in a group, of a post (whoever holds it sits there, P18) or, without a named post, of a unit."""

    class Kind(models.TextChoices):
        HEAD = "head", "组长"
        DEPUTY = "deputy", "副组长"
        MEMBER = "member", "成员"
        OFFICE_HEAD = "office_head", "办公室主任"
        OFFICE_DEPUTY = "office_deputy", "办公室副主任"

    group = models.ForeignKey(Group, models.PROTECT, related_name="seats")
    place = models.PositiveIntegerField("次序")
    kind = models.CharField("组内职务", max_length=14, choices=Kind.choices)
    title = models.CharField("职务（照文件）", max_length=120, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="seats")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="seats")
    start = models.DateField("自", null=True, blank=True)
    end = models.DateField("至", null=True, blank=True)
    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("group", "place")
        constraints = (
            models.UniqueConstraint(fields=("group", "place"), condition=Q(end=None), name="seat_place"),
            models.CheckConstraint(condition=Q(post__isnull=False) | Q(unit__isnull=False), name="seat_of_something"),
        )

    def save(self, *args: Any, **options: Any) -> None:
        """Save the seat. Raises ValueError where it would lead into another county."""
        at_home(self)
        super().save(*args, **options)


def at_home(row: Seat | Any) -> None:
    """Raise ValueError where the post of a county's row is of another area than the county."""
    if row.post_id is not None and row.post.area_id != row.county_id:
        raise ValueError(f"{type(row).__name__}.post leads from county {row.county_id} to {row.post.area_id}")
