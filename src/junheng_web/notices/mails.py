"""Notices that go out by e-mail as well, once each, where the installation has a mail server."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import CountyOwned

TRIES = 6


class Mail(CountyOwned):
    """A notice on its way by e-mail to whoever holds its post when it is sent. Tried `TRIES` times at most."""

    class Status(models.TextChoices):
        WAITING = "waiting", "等着发"
        SENT = "sent", "已发"
        SPARED = "spared", "不用发"
        FAILED = "failed", "没有发成"

    notice = models.OneToOneField("notices.Notice", models.CASCADE, related_name="mail")
    to = models.EmailField("收信人", max_length=120, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("原因", max_length=300, blank=True)
    at = models.DateTimeField("写下", auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("发出", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("status",), name="mail_waiting"),)
