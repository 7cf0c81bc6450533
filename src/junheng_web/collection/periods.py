"""Periods, the two bases on which each holds its facts, and which unit owns which of the county's items."""

from __future__ import annotations

import datetime as dt

from django.db import models

from junheng_web.organisation.models import CountyOwned, Unit

SCHOOL_YEAR_BEGINS = 8


def year_of(counting_date: dt.date) -> int:
    """Return the year in which the school year of a counting date begins."""
    return counting_date.year if counting_date.month >= SCHOOL_YEAR_BEGINS else counting_date.year - 1


class Period(CountyOwned):
    """A school year with its counting date, and the document whose forms are filled in. A frozen one is read only."""

    code = models.CharField("代码", max_length=10)
    school_year = models.CharField("学年", max_length=20)
    counting_date = models.DateField("统计时点")
    standard = models.CharField("依据", max_length=60)
    frozen = models.BooleanField("已封存", default=False)
    at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        ordering = ("-code",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="period_once"),)

    def __str__(self) -> str:
        return f"{self.school_year} 学年"


class Ledger(CountyOwned):
    """All facts of a period on one basis. Its row is the lock that puts writes in an order; `head` names the last."""

    class Basis(models.TextChoices):
        CENSUS = "census", "统计口径"
        CURRENT = "current", "现状口径"

    period = models.ForeignKey(Period, models.PROTECT, related_name="ledgers")
    basis = models.CharField("口径", max_length=10, choices=Basis.choices)
    due = models.DateField("截止日期", null=True, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("basis",)
        constraints = (models.UniqueConstraint(fields=("period", "basis"), name="ledger_once"),)

    def __str__(self) -> str:
        return f"{self.period} {self.get_basis_display()}"


class Owner(CountyOwned):
    """Which unit fills in one of the county's items or judgements (填报单位). The office owns what nobody was given."""

    item = models.CharField("项目", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items")

    class Meta:
        ordering = ("item",)
        constraints = (models.UniqueConstraint(fields=("county", "item"), name="owner_once"),)
