"""Who visits which school, each visit with what was seen, the school's reply, and grades that were confirmed."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property

from junheng.standard.grading import FINDINGS
from junheng_web.collection.models import Period
from junheng_web.organisation.models import CountyOwned, OwnedOnce, Post, School

LONGEST = 1000


class Assignment(CountyOwned):
    """Which post visits a school: its 责任督学, as the office has assigned it."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("school",), name="assignment_once"),)


class Visit(CountyOwned):
    """A visit to a school, or (no school) a look at the county's own offices, by the holder of a post.

    `items` are the ids of the requirements that are looked at. Once finished it is only corrected.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "查看中"
        FINISHED = "finished", "已完成"
        CORRECTED = "corrected", "已完成，有更正"

    period = models.ForeignKey(Period, models.PROTECT, related_name="visits")
    number = models.PositiveIntegerField("编号")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="visits")
    post = models.ForeignKey(Post, models.PROTECT, related_name="visits")
    date = models.DateField("查看日期")
    items = models.JSONField("查看的指标", default=list)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    finished_by = models.CharField("完成人", max_length=60, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("period", "number"), name="visit_number"),)

    @property
    def code(self) -> str:
        """Its name within the county, on paper and in the ledger."""
        return f"{self.period.code}-{self.number:03}"

    @property
    def place(self) -> str:
        """Where it looks: in a school, or at the county's offices."""
        return "school" if self.school_id else "county"

    @property
    def where(self) -> str:
        """The school's name, or that of the county's offices."""
        return self.school.name if self.school else f"{self.county}县级部门"

    @property
    def draft(self) -> bool:
        """Whether it is still going on."""
        return self.status == self.Status.DRAFT

    @cached_property
    def url(self) -> str:
        """Where its page is."""
        return self.address("visit")

    def address(self, name: str) -> str:
        """Return where one of its pages is."""
        return reverse(f"visits:{name}", args=[self.county.code, self.period.code, self.number])


class Observation(OwnedOnce):
    """What was written at one point, revision by revision; the last one counts. `why` is there where it corrects."""

    class Column(models.TextChoices):
        FINDING = "finding", "情况"
        REASON = "reason", "不适用的理由"
        REMARK = "remark", "现场记录"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="observations")
    requirement = models.CharField("指标", max_length=10)
    point = models.CharField("观测点", max_length=40)
    column = models.CharField("栏", max_length=10, choices=Column.choices)
    revision = models.PositiveIntegerField()
    text = models.CharField("内容", max_length=LONGEST, blank=True)
    why = models.CharField("更正的原因", max_length=400, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("visit", "requirement", "point", "column", "revision"), name="observation_once"
            ),
        )

    @property
    def key(self) -> tuple[str, str, str]:
        """Requirement, point and column."""
        return self.requirement, self.point, self.column

    @property
    def told(self) -> str:
        """What it says, in words."""
        return FINDINGS.get(self.text, self.text) or "没有看" if self.column == self.Column.FINDING else self.text


class Reply(OwnedOnce):
    """What a school has to say to a finished visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="replies")
    text = models.CharField("回复", max_length=LONGEST)

    class Meta:
        ordering = ("id",)


class Grading(OwnedOnce):
    """That the county's grade of a requirement was confirmed: what the rule proposed, what was confirmed, and why.

    A blank grade is one that is not decided yet. `visits` are the codes of those that it rests on, `write` is the
    code of the write that put it into the ledger.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="gradings")
    requirement = models.CharField("指标", max_length=10)
    proposed = models.CharField("按规则", max_length=10, blank=True)
    grade = models.CharField("评定", max_length=10, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    visits = models.JSONField("查看记录", default=list)
    write = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ("-id",)
