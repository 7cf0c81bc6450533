"""Schools, their history, and the names under which they come."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from junheng_web.organisation.areas import CountyOwned, OwnedQuerySet


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
    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="school_code"),)

    def __str__(self) -> str:
        return self.name


class SchoolAlias(CountyOwned):
    """Another name of a school: full, short, former, in another language; confirmed once by a person."""

    school = models.ForeignKey(School, models.PROTECT, related_name="aliases")
    name = models.CharField("别名", max_length=120)
    kind = models.CharField("种类", max_length=20, default="short")
    by_account = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField("确认人", max_length=60, blank=True)
    by_post = models.CharField("岗位", max_length=120, blank=True)
    at = models.DateTimeField("确认时间", auto_now_add=True, null=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("county", "name"), name="alias_name"),)

    def __str__(self) -> str:
        return self.name
