"""A county's mappings of statistics forms, each version kept for ever, and the forms that none of them knows."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import CountyOwned, OwnedOnce


class Mapping(OwnedOnce):
    """One version of a mapping, written once: the next one is a row. `content` is what `junheng.facts.mapped` reads."""

    code = models.CharField("编号", max_length=24)
    version = models.PositiveIntegerField("版本")
    form = models.CharField("表号", max_length=60)
    name = models.CharField("表名", max_length=120)
    content = models.JSONField("对照")
    in_force = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("form", "code", "-version")
        constraints = (models.UniqueConstraint(fields=("county", "code", "version"), name="mapping_version"),)

    def __str__(self) -> str:
        return f"{self.form} {self.name}"


class SeenForm(CountyOwned):
    """A form that came in a workbook and that no mapping knew; `wanted` until somebody says that it is not needed."""

    form = models.CharField("表号", max_length=60)
    title = models.CharField("标题", max_length=120, blank=True)
    sheet = models.CharField("工作表", max_length=60)
    file_name = models.CharField("文件名", max_length=200)
    wanted = models.BooleanField("需要", default=True)
    at = models.DateTimeField("最近一次见到", auto_now=True)

    class Meta:
        ordering = ("form",)
        constraints = (models.UniqueConstraint(fields=("county", "form"), name="seen_form_once"),)

    def __str__(self) -> str:
        return self.form
