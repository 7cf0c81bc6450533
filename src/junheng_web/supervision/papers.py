"""What leaves the office under a number: drafted, reviewed and signed; and the bodies in whose name it goes out."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from junheng_web.organisation.models import CountyOwned, OwnedOnce, Post, Unit
from junheng_web.supervision.chain import LONGEST, TITLE, Task

BODY = 8000


class Body(CountyOwned):
    """An issuing body: its name over the paper, its numbers, and the post that signs.

    `pattern` is how a number is written; {year} and {n} stand for the year and the place within it.
    """

    name = models.CharField("发文机关", max_length=120)
    pattern = models.CharField("文号", max_length=60)
    signer = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="签发岗位")
    used = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("county", "name", "pattern"), name="body_once"),)

    def __str__(self) -> str:
        return f"{self.name}（{self.pattern.format(year='年份', n='×')}）"

    def number(self, year: int, serial: int) -> str:
        """Return a number as it is written."""
        return self.pattern.format(year=year, n=serial)


class Dispatch(CountyOwned):
    """Something official: a slip, an escalation, minutes, a circular. Only the office sees it before it is signed."""

    class Kind(models.TextChoices):
        SLIP = "slip", "督办单"
        ESCALATION = "escalation", "提级督办单"
        MINUTES = "minutes", "会议纪要"
        CIRCULAR = "circular", "通报"

    class Status(models.TextChoices):
        DRAFT = "draft", "拟稿"
        REVIEWED = "reviewed", "待签发"
        SIGNED = "signed", "已签发"
        DROPPED = "dropped", "不发"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    place = models.PositiveIntegerField("编号")
    body = models.ForeignKey(Body, models.PROTECT, related_name="dispatches", verbose_name="发文机关")
    title = models.CharField("标题", max_length=TITLE)
    text = models.TextField("正文", max_length=BODY)
    reply_by = models.DateField("反馈期限", null=True, blank=True)
    origin_key = models.CharField("来源", max_length=120, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    year = models.PositiveIntegerField("年", null=True, blank=True)
    serial = models.PositiveIntegerField("号", null=True, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    signed_by = models.CharField("签发人", max_length=60, blank=True)

    class Meta:
        ordering = ("-place",)
        constraints = (
            models.UniqueConstraint(fields=("county", "place"), name="dispatch_place"),
            models.UniqueConstraint(fields=("body", "year", "serial"), name="dispatch_number"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """Its name within the county, in events and in the links of files."""
        return str(self.place)

    @property
    def url(self) -> str:
        """Where its page is."""
        return reverse("supervision:dispatch", args=[self.county.code, self.place])

    @property
    def open(self) -> bool:
        """Whether it is still on its way to being signed."""
        return self.status in (self.Status.DRAFT, self.Status.REVIEWED)


class Recipient(CountyOwned):
    """A unit that a dispatch goes to."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__place", "unit__code")
        constraints = (models.UniqueConstraint(fields=("dispatch", "unit"), name="recipient_once"),)


class Subject(CountyOwned):
    """A task that a dispatch is about."""

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="subjects")
    task = models.ForeignKey(Task, models.PROTECT, related_name="subjects")

    class Meta:
        ordering = ("task__due", "task__number")
        constraints = (models.UniqueConstraint(fields=("dispatch", "task"), name="subject_once"),)


class Signing(OwnedOnce):
    """One step of a dispatch: drafted, changed, reviewed, given back, signed, dropped. `behalf`: signed on paper."""

    class Deed(models.TextChoices):
        DRAFT = "draft", "拟稿"
        EDIT = "edit", "修改"
        REVIEW = "review", "审核"
        RETURN = "return", "退回修改"
        SIGN = "sign", "签发"
        DROP = "drop", "不发"

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, related_name="signings")
    deed = models.CharField("节点", max_length=10, choices=Deed.choices)
    note = models.TextField("说明", max_length=LONGEST, blank=True)
    behalf = models.BooleanField("代录", default=False)

    class Meta:
        ordering = ("id",)
