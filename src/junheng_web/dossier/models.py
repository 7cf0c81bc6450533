"""What has to be shown, which files were handed in for it, and what was done to each."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.urls import reverse

from junheng_web.evidence.models import File
from junheng_web.organisation.models import CountyOwned, OwnedOnce, School, Unit

LONGEST, LONGEST_NOTE = 200, 400


class Item(CountyOwned):
    """One thing that has to be shown for an indicator.

    Its `unit` or `school` is whom the office named; without either it is the unit's that leads in the table of tasks.
    What is `lasting` holds however old it is.
    """

    class Origin(models.TextChoices):
        RULES = "rules", "规则书"
        OFFICE = "office", "办公室增加"

    indicator = models.CharField("指标", max_length=8)
    number = models.PositiveIntegerField("序号")
    origin = models.CharField("来历", max_length=10, choices=Origin.choices)
    text = models.CharField("要交什么", max_length=LONGEST)
    note = models.CharField("说明", max_length=LONGEST, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField("期限", null=True, blank=True)
    lasting = models.BooleanField("长期有效", default=False)
    ended = models.DateField("不再要的日期", null=True, blank=True)
    ended_because = models.CharField("不再要的原因", max_length=LONGEST, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("county", "indicator", "number"), name="item_number"),)

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def code(self) -> str:
        """Its name within the county: the indicator's, and its number there."""
        return f"{self.indicator}-{self.number}"

    @property
    def url(self) -> str:
        """Where its page is."""
        return self.address("item")

    def address(self, name: str, *more: object) -> str:
        """Return where one of its pages is."""
        return reverse(f"dossier:{name}", args=[self.county.code, self.indicator, self.number, *more])


class Paper(CountyOwned):
    """A file that was handed in for an item; a newer one may stand in its place, and then says so."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "待审核"
        REVIEWED = "reviewed", "待审定"
        APPROVED = "approved", "已审定"
        RETURNED = "returned", "退回"
        REPLACED = "replaced", "已换新的"
        WITHDRAWN = "withdrawn", "已撤回"

    item = models.ForeignKey(Item, models.PROTECT, related_name="papers")
    file = models.ForeignKey(File, models.PROTECT, related_name="papers")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.UPLOADED)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="newer")
    by_account = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("item", "file"), name="paper_once"),)

    @property
    def standing(self) -> bool:
        """Whether it counts: nobody took it back, and no newer one stands in its place."""
        return self.state not in (self.State.REPLACED, self.State.WITHDRAWN)


class PaperStep(OwnedOnce):
    """What was done to a paper: handed in, reviewed, returned with the reason, approved, replaced, taken back."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="steps")
    deed = models.CharField("办理", max_length=10)
    note = models.CharField("说明", max_length=LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ("id",)


def oldest(counting: dt.date, months: int) -> dt.date:
    """Return the first day on which a paper may have been formed that still holds, some months before a day."""
    month = counting.year * 12 + counting.month - 1 - months
    return dt.date(month // 12, month % 12 + 1, 1)
