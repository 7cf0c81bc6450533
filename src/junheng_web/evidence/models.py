"""Files by content, and what each is linked to."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from junheng_web.organisation.models import CountyOwned


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


class Link(CountyOwned):
    """That a file belongs to an object of any room, named by kind and code."""

    file = models.ForeignKey(File, models.PROTECT, related_name="links")
    object_kind = models.CharField(max_length=40)
    object_code = models.CharField(max_length=80)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "object_kind", "object_code"), name="link_once"),)
