"""What the office has looked into: a sign that was verified stays so for the value that it rested on."""

from __future__ import annotations

from django.db import models

from junheng_web.collection.models import Ledger
from junheng_web.organisation.models import OwnedOnce


class Verified(OwnedOnce):
    """That a sign was looked into and is in order as it is, or is to be looked at again; the last row counts."""

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="+")
    sign = models.CharField("迹象", max_length=10)
    school = models.CharField("学校标识码", max_length=20, blank=True)
    mark = models.CharField(max_length=200)
    value = models.CharField(max_length=400)
    holds = models.BooleanField("已核实")
    note = models.CharField("说明", max_length=400)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("ledger", "sign"), name="verified_sign"),)
