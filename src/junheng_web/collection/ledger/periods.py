"""Periods, the two bases on which each holds its facts, and which unit owns which of the county's items in each."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import CountyOwned, Unit


class Period(CountyOwned):
    """A school year with its counting date, and the document whose forms are filled in. A frozen one is read only.

    `opening` says of the facts what was done with last year's value (`carrying.Deed`), by their names.
    """

    code = models.CharField("代码", max_length=10)
    school_year = models.CharField("学年", max_length=20)
    counting_date = models.DateField("统计时点")
    standard = models.CharField("依据", max_length=60)
    frozen = models.BooleanField("已封存", default=False)
    opening = models.JSONField("开学年时逐项怎么办", default=dict)
    at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        ordering = ("-code",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="period_once"),)

    def __str__(self) -> str:
        return f"{self.school_year} 学年"


class Ledger(CountyOwned):
    """All facts of a period on one basis. Its row is the lock that puts writes in an order; `head` names the last.

    `locked` says from whom it takes nothing in, as the last of its locks (`locks.Lock`) says.
    """

    class Basis(models.TextChoices):
        CENSUS = "census", "统计口径"
        CURRENT = "current", "现状口径"

    class Level(models.TextChoices):
        OPEN = "open", "没有锁定"
        SCHOOLS = "schools", "学校不能改"
        UNITS = "units", "单位不能改"
        OTHERS = "others", "办公室以外都不能改"
        ALL = "all", "谁都不能改"

    period = models.ForeignKey(Period, models.PROTECT, related_name="ledgers")
    basis = models.CharField("口径", max_length=10, choices=Basis.choices)
    due = models.DateField("截止日期", null=True, blank=True)
    locked = models.CharField("锁定", max_length=10, choices=Level.choices, default=Level.OPEN)
    sequence = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("basis",)
        constraints = (models.UniqueConstraint(fields=("period", "basis"), name="ledger_once"),)

    def __str__(self) -> str:
        return f"{self.period} {self.get_basis_display()}"


class Owner(CountyOwned):
    """Which unit fills in one of the county's items or judgements in a period (填报单位).

    The office owns what nobody was given. Another year's owners are its own: what moves now leaves them as they are.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="owners")
    item = models.CharField("项目", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items")

    class Meta:
        ordering = ("item",)
        constraints = (models.UniqueConstraint(fields=("period", "item"), name="owner_once"),)


class Arrangement(CountyOwned):
    """Who else answers for one of the county's items in a period: which unit reviews it, which one confirms it.

    Without a reviewer any desk reviews it. `terms` says in words on which 口径 both parties confirm the figure.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="arrangements")
    item = models.CharField("项目", max_length=60)
    reviewer = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    terms = models.CharField("口径", max_length=200, blank=True)

    class Meta:
        ordering = ("item",)
        constraints = (models.UniqueConstraint(fields=("period", "item"), name="arrangement_once"),)


class YearDraft(CountyOwned):
    """What the office has said so far of the school year that it is about to open; gone once the year is open."""

    asked = models.JSONField(default=dict)
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("county",), name="year_draft_once"),)
