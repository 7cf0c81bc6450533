"""Reminders that were given by telephone or in person: whom, and what was said (P16)."""

from __future__ import annotations

from django.db import models

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.organisation.models import OwnedOnce


class Reminder(OwnedOnce):
    """That somebody was reminded of a form: how, whom one spoke to, and what was said."""

    class How(models.TextChoices):
        TELEPHONE = "telephone", "电话"
        GROUP = "group", "工作群"
        VISIT = "visit", "当面"

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="reminders")
    kind = models.CharField("类别", max_length=10, choices=Submission.Kind.choices)
    subject = models.CharField("代码", max_length=40)
    how = models.CharField("方式", max_length=10, choices=How.choices)
    text = models.CharField("说了什么", max_length=200)

    class Meta:
        ordering = ("-id",)
