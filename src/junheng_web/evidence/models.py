"""Files by content, and what each is linked to."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from junheng_web.evidence.words import tokens_of
from junheng_web.organisation.models import CountyOwned, OwnedOnce

# The page on which a file's name stands.
NAME = 0


class File(CountyOwned):
    """A file as it was handed in. Its content never changes: another content is another file."""

    digest = models.CharField("SHA-256", max_length=64)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    by_account = models.BigIntegerField(null=True)
    by_name = models.CharField("上传人", max_length=60, blank=True)
    at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("county", "digest"), name="file_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where the file's page is."""
        return reverse("evidence:file", args=[self.county.code, self.digest])

    @property
    def about(self) -> About:
        """What was said last of the paper itself; where nobody said anything, an empty one."""
        return max(self.abouts.all(), key=lambda one: one.id, default=None) or About(county=self.county, file=self)


class About(OwnedOnce):
    """What the paper is of which a file is made (P22): when it was formed, its number, where the original lies.

    None of it is the day of the upload. What was put together later (整理件) says so. The last row counts.
    """

    file = models.ForeignKey(File, models.PROTECT, related_name="abouts")
    formed_on = models.DateField("形成日期", null=True, blank=True)
    number = models.CharField("文号", max_length=60, blank=True)
    original = models.CharField("原件在哪里", max_length=120, blank=True)
    compiled = models.BooleanField("整理件", default=False)

    class Meta:
        ordering = ("id",)


class Link(CountyOwned):
    """That a file belongs to an object of any room, named by kind and code."""

    file = models.ForeignKey(File, models.PROTECT, related_name="links")
    object_kind = models.CharField(max_length=40)
    object_code = models.CharField(max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "object_kind", "object_code"), name="link_once"),)
        indexes = (models.Index(fields=("county", "object_kind", "object_code"), name="link_by_object"),)


class Reading(CountyOwned):
    """That a file was read: whether it could be opened, how many pages, how many numbers of persons are in it."""

    class State(models.TextChoices):
        READ = "read", "读出文字"
        WORDLESS = "wordless", "没有文字（扫描件或图片）"
        UNREADABLE = "unreadable", "打不开"

    file = models.OneToOneField(File, models.PROTECT, related_name="reading")
    state = models.CharField("读出的情况", max_length=10, choices=State.choices)
    pages = models.PositiveIntegerField("页数", default=0)
    personal = models.PositiveIntegerField("身份证号和手机号", default=0)
    whole = models.BooleanField("全读了", default=True)


class Recognised(CountyOwned):
    """A page that is a picture: whether a machine has read it, how sure it was of the words (percent; 0: none)."""

    class State(models.TextChoices):
        WAITING = "waiting", "等着认字"
        READ = "read", "认过字"
        FAILED = "failed", "认不了"

    file = models.ForeignKey(File, models.PROTECT, related_name="recognised")
    page = models.PositiveIntegerField("页")
    state = models.CharField("认字的情况", max_length=10, choices=State.choices, default=State.WAITING)
    sure = models.PositiveSmallIntegerField("把握", default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "page"), name="recognised_once"),)
        indexes = (models.Index(fields=("id",), condition=models.Q(state="waiting"), name="recognised_waiting"),)


class Clearance(OwnedOnce):
    """That the office has looked at a file that no machine could read for sure: whether outside may see it.

    The last row counts.
    """

    file = models.ForeignKey(File, models.PROTECT, related_name="clearances")
    shown = models.BooleanField("给县外的人看")

    class Meta:
        ordering = ("id",)


class Passage(CountyOwned):
    """What a file says on one page (0: its name), and the tokens by which it is found; written once.

    Each database keeps its own index over the tokens, made by a migration: FTS5 with triggers, or GIN.
    """

    file = models.ForeignKey(File, models.PROTECT, related_name="passages")
    page = models.PositiveIntegerField("页")
    text = models.TextField()
    tokens = models.TextField()

    class Meta:
        indexes = (models.Index(fields=("file", "page"), name="passage_of_file"),)

    @classmethod
    def saying(cls, file: File, page: int, text: str) -> Passage:
        """Return what a file says on a page, to be kept."""
        return cls(county=file.county, file=file, page=page, text=text, tokens=tokens_of(text))
