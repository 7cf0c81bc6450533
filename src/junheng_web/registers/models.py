"""Registers at rest: what a row holds now, every version that it has had, and which units read 编制台账."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.journal import OwnedAppendOnly, WrittenOnce
from junheng_web.organisation.models import CountyOwned, OwnedOnce, Unit


class Register(CountyOwned):
    """One register of a county. Its row is the lock that puts writes in an order."""

    class Name(models.TextChoices):
        TEACHERS = "teachers", "教师台账"
        STAFFING = "staffing", "编制台账"

    name = models.CharField("台账", max_length=20, choices=Name.choices)
    sequence = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("county", "name"), name="register_once"),)


class Write(OwnedOnce):
    """One act of entering: who, when, in which post, and from which file, of which the name and hash alone are kept."""

    class Kind(models.TextChoices):
        TYPED = "typed", "逐行录入"
        IMPORTED = "imported", "导入"

    register = models.ForeignKey(Register, models.PROTECT, related_name="writes")
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField("方式", max_length=10, choices=Kind.choices)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    file_digest = models.CharField("SHA-256", max_length=64, blank=True)

    class Meta:
        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=("register", "sequence"), name="register_write_in_order"),)


class Held(models.Model):
    """What a row holds: column to value as `values` keeps it; `gone` says that it stands in the register no longer."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    gone = models.BooleanField("已移出", default=False)
    values = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Version(CountyOwned, WrittenOnce, Held):
    """What one act made of one row; never changed. `sheet` and `file_row` say where in its file."""

    write = models.ForeignKey(Write, models.PROTECT, related_name="versions")
    sheet = models.CharField("工作表", max_length=60, blank=True)
    file_row = models.PositiveIntegerField("行", null=True)
    objects = OwnedAppendOnly.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("register", "key", "revision"), name="register_version_once"),)


class Row(CountyOwned, Held):
    """What a row holds now."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("register", "key"), name="register_row_once"),)


class Reader(CountyOwned):
    """A unit that reads the whole county's 编制台账."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="reads_staffing")

    class Meta:
        ordering = ("unit__place",)
