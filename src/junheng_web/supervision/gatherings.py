"""Meetings with their decisions, and what leaders instruct: both become tasks."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from junheng_web.organisation.models import CountyOwned, OwnedOnce, Post, Unit
from junheng_web.supervision.chain import LONGEST, TITLE, Task
from junheng_web.supervision.papers import Dispatch


class Meeting(CountyOwned):
    """A 调度会: when and where, what is on its agenda, what was said. Its minutes are a dispatch of their own."""

    number = models.PositiveIntegerField("编号")
    title = models.CharField("会议", max_length=TITLE)
    day = models.DateField("日期")
    where = models.CharField("地点", max_length=120, blank=True)
    chair = models.CharField("主持", max_length=120, blank=True)
    present = models.TextField("参加", max_length=LONGEST, blank=True)
    agenda = models.TextField("议程", max_length=LONGEST, blank=True)
    minutes = models.OneToOneField(Dispatch, models.PROTECT, null=True, blank=True, related_name="meeting")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day", "-number")
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="meeting_number"),)

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """Its name within the county."""
        return str(self.number)

    @property
    def url(self) -> str:
        """Where its page is."""
        return reverse("supervision:meeting", args=[self.county.code, self.number])


class Decision(OwnedOnce):
    """What a meeting decided. One with a unit and a last day is also a task, which is proposed with it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    text = models.TextField("决定", max_length=LONGEST)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField("截止", null=True, blank=True)
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="decision")

    class Meta:
        ordering = ("id",)


class Instruction(OwnedOnce):
    """What a leader instructed (批示), and the task that came of it. `behalf`: entered for him with the scan (代录)."""

    number = models.PositiveIntegerField("编号")
    leader = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="领导")
    leader_name = models.CharField("领导", max_length=60, blank=True)
    day = models.DateField("批示日期")
    text = models.TextField("批示", max_length=LONGEST)
    about = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="instructions")
    task = models.OneToOneField(Task, models.PROTECT, related_name="instruction")
    behalf = models.BooleanField("代录", default=False)

    class Meta:
        ordering = ("-day", "-number")
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="instruction_number"),)

    @property
    def code(self) -> str:
        """Its name within the county, and in the links of its scan."""
        return str(self.number)
