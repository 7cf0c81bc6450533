"""Duties sentence by sentence with who bears them, how units are written in documents, desks, and what was reported."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.urls import reverse

from junheng_web.organisation.models import CountyOwned, OwnedOnce, Unit

LONGEST, LONGEST_REASON = 1000, 200


class UnitName(CountyOwned):
    """How a document writes a unit in one of its parts; one name may stand for several units, and we do not guess."""

    class Part(models.TextChoices):
        GROUP = "group", "成员名单"
        DUTIES = "duties", "工作职责"
        TASKS = "tasks", "任务分工表"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="written")
    part = models.CharField("哪一部分", max_length=10, choices=Part.choices)
    name = models.CharField("写法", max_length=120)
    note = models.CharField("说明", max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ("unit", "part", "id")
        constraints = (models.UniqueConstraint(fields=("county", "part", "name", "unit"), name="unit_written_once"),)

    def __str__(self) -> str:
        return self.name


class Duty(CountyOwned):
    """One sentence of what units must do: as the document prints it, or as the office has assigned it.

    `printed` never changes; `text` is what counts today. `heading` is what the document writes above the sentence.
    What carries a `cadence` is reported on, for the months or quarters from `since` on, `due_days` after each.
    """

    class Kind(models.TextChoices):
        PRINTED = "printed", "文件印发"
        ASSIGNED = "assigned", "办公室增派"

    class Cadence(models.TextChoices):
        NONE = "", "不用报"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季"

    number = models.PositiveIntegerField("编号")
    kind = models.CharField("来历", max_length=10, choices=Kind.choices)
    heading = models.CharField("写在谁名下", max_length=120)
    place = models.PositiveIntegerField("次序")
    printed = models.TextField("原文", blank=True)
    text = models.TextField("职责")
    source = models.CharField("出处", max_length=LONGEST_REASON, blank=True)
    source_place = models.CharField("在文件的哪里", max_length=LONGEST_REASON, blank=True)
    indicators = models.JSONField("有关的指标", default=list)
    cadence = models.CharField("多久报一次", max_length=10, choices=Cadence.choices, blank=True)
    since = models.DateField("从哪天起报", null=True, blank=True)
    due_days = models.PositiveSmallIntegerField("期满后几天内报", default=5)
    why = models.CharField("为什么要报", max_length=LONGEST_REASON, blank=True)
    elsewhere = models.CharField("别处已经报过的", max_length=LONGEST_REASON, blank=True)
    ended = models.DateField("停止日期", null=True, blank=True)
    ended_because = models.CharField("停止的原因", max_length=LONGEST_REASON, blank=True)
    revision = models.PositiveIntegerField(default=1)
    units = models.ManyToManyField(Unit, through="Bearer", related_name="duties")

    class Meta:
        ordering = ("place", "number")
        verbose_name_plural = "duties"
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="duty_number"),)

    def __str__(self) -> str:
        return self.text

    @property
    def assigned(self) -> bool:
        """Whether the office has assigned it: no document prints it."""
        return self.kind == self.Kind.ASSIGNED

    @property
    def edited(self) -> bool:
        """Whether it reads otherwise today than the document prints it."""
        return not self.assigned and self.text != self.printed

    def asked_on(self, day: dt.date) -> bool:
        """Whether reports are asked for on a day: no longer once it has ended."""
        return bool(self.cadence) and (self.ended is None or day < self.ended)

    @property
    def url(self) -> str:
        """Where its page is."""
        return self.address("duty")

    def address(self, name: str, *more: str) -> str:
        """Return where one of its pages is."""
        return reverse(f"duties:{name}", args=[self.county.code, self.number, *more])


class Bearer(CountyOwned):
    """That a unit bears a duty: several where a document writes one paragraph for all of them."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="bearers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="borne")

    class Meta:
        ordering = ("unit__place", "unit__code")
        constraints = (models.UniqueConstraint(fields=("duty", "unit"), name="bearer_once"),)


class DutyVersion(OwnedOnce):
    """How a duty read after a change, and why it was changed; the first one is how it came in."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    told = models.JSONField("内容")
    why = models.CharField("原因", max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ("-revision",)
        constraints = (models.UniqueConstraint(fields=("duty", "revision"), name="duty_version_once"),)


class Desk(CountyOwned):
    """Which desk (股室) of a unit handles an indicator; the office says so, and nothing is inferred (P2)."""

    indicator = models.CharField("指标", max_length=8)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("indicator", "unit__place")
        constraints = (models.UniqueConstraint(fields=("county", "indicator", "unit"), name="desk_once"),)


class Report(OwnedOnce):
    """What a unit reported on a duty for a month ("2026-09") or a quarter ("2026-Q3"); the last one counts.

    `paper` says on which letter it rests where the office wrote it down for the unit (代录).
    """

    class State(models.TextChoices):
        DONE = "done", "已做"
        NOT = "not", "没有做"
        NOTHING = "nothing", "本期没有这类事"

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField("哪一期", max_length=8)
    state = models.CharField("情况", max_length=10, choices=State.choices)
    text = models.CharField("说明", max_length=LONGEST, blank=True)
    paper = models.CharField("依据的来件", max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("duty", "unit", "period"), name="report_of_a_period"),)
