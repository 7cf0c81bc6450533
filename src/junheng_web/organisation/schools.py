"""Schools, what became of them from which day on, and the names under which they come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q

from junheng_web.organisation.areas import Area, CountyOwned, OwnedQuerySet
from junheng_web.organisation.journal import OwnedOnce
from junheng_web.organisation.people import Unit


class SchoolQuerySet(OwnedQuerySet):
    """Schools, by day."""

    def on(self, day: dt.date) -> Self:
        """Return the schools that stood on a day."""
        return self.filter(Q(opened=None) | Q(opened__lte=day), Q(closed=None) | Q(closed__gt=day))


class School(CountyOwned):
    """A school or campus, under the code of the statistics (学校标识码)."""

    code = models.CharField("学校标识码", max_length=20)
    name = models.CharField("学校名称", max_length=120)
    school_type = models.CharField("类型", max_length=30, blank=True)
    opened = models.DateField("成立", null=True, blank=True)
    closed = models.DateField("撤并", null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    town = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="schools", verbose_name="所在苏木镇"
    )
    campus_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="campuses")
    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="school_code"),)

    def __str__(self) -> str:
        return self.name


class SchoolAlias(CountyOwned):
    """Another name of a school: full, short, former, in another language; confirmed once by a person."""

    class Kind(models.TextChoices):
        SHORT = "short", "简称"
        FORMER = "former", "曾用名"
        FULL = "full", "全称"
        MONGOLIAN = "mongolian", "蒙古文名"
        STATISTICS = "statistics", "文件里的写法"

    school = models.ForeignKey(School, models.PROTECT, related_name="aliases")
    name = models.CharField("别名", max_length=120)
    kind = models.CharField("种类", max_length=20, choices=Kind.choices, default=Kind.SHORT)
    by_account = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField("确认人", max_length=60, blank=True)
    by_post = models.CharField("岗位", max_length=120, blank=True)
    at = models.DateTimeField("确认时间", auto_now_add=True, null=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("county", "name"), name="alias_name"),)

    def __str__(self) -> str:
        return self.name


class SchoolChange(OwnedOnce):
    """What became of a school from a day on: opened, closed, merged, renamed, of another type; never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", "新设"
        CLOSED = "closed", "撤销"
        MERGED = "merged", "并入他校"
        RENAMED = "renamed", "更名"
        RETYPED = "retyped", "改变类型"
        MOVED = "moved", "改属苏木镇"
        JOINED = "joined", "成为校区"
        PARTED = "parted", "不再是校区"

    school = models.ForeignKey(School, models.PROTECT, related_name="changes")
    kind = models.CharField("变动", max_length=10, choices=Kind.choices)
    day = models.DateField("自")
    before = models.CharField("原来", max_length=120, blank=True)
    after = models.CharField("之后", max_length=120, blank=True)

    class Meta:
        ordering = ("day", "id")


# Which attribute of a school a change of this kind puts another value into.
_CHANGED = {SchoolChange.Kind.RENAMED: "name", SchoolChange.Kind.RETYPED: "school_type"}


def schools_on(county: Area, day: dt.date, among: Collection[str] | None = None) -> list[School]:
    """Return the schools that stood on a day, or those of some codes, each with the name and type that it had then.

    What a form of a past year is called, and what it asks for, does not change with the school.
    """
    found = School.objects.of(county).on(day)
    standing = list(found if among is None else found.filter(code__in=among))
    by_id = {one.id: one for one in standing}
    later = SchoolChange.objects.of(county).filter(day__gt=day, kind__in=_CHANGED)
    for change in later.order_by("-day", "-id"):
        if change.school_id in by_id:
            setattr(by_id[change.school_id], _CHANGED[SchoolChange.Kind(change.kind)], change.before)
    return standing
