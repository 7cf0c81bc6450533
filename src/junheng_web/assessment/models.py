"""Snapshots, rule books and runs: append-only, each addressed by the hash of what it holds; and what was decided."""

from __future__ import annotations

from django.db import models

from junheng_web.collection.models import Ledger, Period
from junheng_web.organisation.models import CountyOwned, OwnedOnce, Unit


class Snapshot(CountyOwned):
    """A county's facts as they stood: a folder of Parquet files in the contract's tables (`snapshots.py`)."""

    class Basis(models.TextChoices):
        CENSUS = "census", "统计口径"
        CURRENT = "current", "现状口径"

    digest = models.CharField("SHA-256", max_length=64)
    label = models.CharField("名称", max_length=120)
    basis = models.CharField("口径", max_length=10, choices=Basis.choices, default=Basis.CENSUS)
    counting_date = models.DateField("统计时点", null=True, blank=True)
    school_year = models.CharField("学年", max_length=20, blank=True)
    invented = models.BooleanField("虚构", default=False)
    # Of approved data: the ledger, and how far it was written; each cell's entry is the last one up to there.
    ledger = models.ForeignKey(Ledger, models.PROTECT, null=True, blank=True, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("county", "digest"), name="snapshot_once"),)


class RuleBook(models.Model):
    """A full copy of the rules that a run used; the same for every county."""

    digest = models.CharField(max_length=64, unique=True)
    standard = models.CharField(max_length=60)
    content = models.BinaryField()


class Run(CountyOwned):
    """One judgement: snapshot, rules, engine, day and basis in; the contract's JSON, packed, out. Never changed."""

    code = models.CharField("编号", max_length=16)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="runs")
    rules = models.ForeignKey(RuleBook, models.PROTECT, related_name="runs")
    engine = models.PositiveIntegerField("引擎版本")
    as_of = models.DateField("规则日期")
    verdict = models.CharField("结论", max_length=14)
    answer = models.BinaryField()
    # What it comes to in short (`summing.py`), for pages of many counties.
    summary = models.JSONField(default=dict)
    at = models.DateTimeField("评估时间", auto_now_add=True)
    by_name = models.CharField("评估人", max_length=60, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="run_code"),)

    @property
    def official(self) -> bool:
        """Whether it is the county's word today; known of a run that was read through `selectors.runs_of`."""
        return self.declared is not None


class Declaration(OwnedOnce):
    """That a run was declared official, or is so no longer: the last word on a run counts, the run itself stays."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="declarations")
    official = models.BooleanField("正式")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)


class ReviewDate(OwnedOnce):
    """The day on which a county plans to be reviewed by the nation; the last row counts, an empty day takes it back."""

    day = models.DateField("计划接受国家评估认定的日期", null=True)

    class Meta:
        ordering = ("-id",)


class NotApplicable(OwnedOnce):
    """That the office has confirmed what does not apply in a period, for the reason that it gave; for no other one."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    key = models.CharField("哪一项", max_length=60)
    reason = models.CharField("理由", max_length=400)

    class Meta:
        ordering = ("id",)


class Responsibility(CountyOwned):
    """That a unit answers for an indicator, in the document's order. Lead is empty until the office sets it."""

    indicator = models.CharField("指标", max_length=8)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    lead = models.BooleanField("牵头", default=False)
    place = models.PositiveIntegerField("次序", default=0)

    class Meta:
        ordering = ("indicator", "place")
        constraints = (models.UniqueConstraint(fields=("county", "indicator", "unit"), name="responsible_once"),)
        verbose_name_plural = "responsibilities"
