"""The county's map, version by version."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import OwnedOnce

LONGEST = 200


class CountyMap(OwnedOnce):
    """A version of the county's map: its shapes with whole numbers alone; one without shapes took the map down.

    Each shape is {"kind", "code", "name", "rings"}: of the county, a town or a school, in millionths of a degree.
    """

    number = models.PositiveIntegerField("版本")
    file = models.CharField("文件", max_length=LONGEST, blank=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    source = models.CharField("资料来源", max_length=LONGEST, blank=True)
    approval = models.CharField("审图号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=LONGEST, blank=True)
    invented = models.BooleanField("虚构", default=False)
    shapes = models.JSONField(default=list)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="map_number"),)

    def __str__(self) -> str:
        return f"第 {self.number} 版"
