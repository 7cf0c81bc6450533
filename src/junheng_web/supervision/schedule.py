"""The calendar of an application: by year, in versions, each milestone with its days, materials and owner (P18)."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import OwnedOnce, Unit
from junheng_web.supervision.chain import TITLE


class Calendar(OwnedOnce):
    """One version of a year's calendar; the newest counts, the others stay to be read."""

    year = models.PositiveIntegerField("年度")
    version = models.PositiveIntegerField("版本")
    note = models.CharField("为什么改", max_length=400, blank=True)

    class Meta:
        ordering = ("-year", "-version")
        constraints = (models.UniqueConstraint(fields=("county", "year", "version"), name="calendar_version"),)

    def __str__(self) -> str:
        return f"{self.year} 年度第 {self.version} 版"


class Milestone(OwnedOnce):
    """One line of a version of the calendar; an empty `start` is a single day, an empty `end` one not yet fixed."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="milestones")
    place = models.PositiveIntegerField("次序")
    name = models.CharField("环节", max_length=TITLE)
    start = models.DateField("开始", null=True, blank=True)
    end = models.DateField("截止", null=True, blank=True)
    materials = models.TextField("材料", max_length=2000, blank=True)
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("calendar", "place"), name="milestone_place"),)
