"""Robots of work groups (企业微信, 钉钉), and what is on its way to them: each text once."""

from __future__ import annotations

from django.db import models

from junheng_web.organisation.models import CountyOwned

TRIES = 5


class Robot(CountyOwned):
    """A robot in a work group: the address that its group gave it, and the secret that signs, where it has one."""

    class Kind(models.TextChoices):
        WECOM = "wecom", "企业微信"
        DINGTALK = "dingtalk", "钉钉"

    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    name = models.CharField("工作群", max_length=80)
    url = models.CharField("机器人地址", max_length=300)
    secret = models.CharField("加签密钥", max_length=120, blank=True)
    used = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("county", "name"), name="robot_once"),)

    def __str__(self) -> str:
        return f"{self.name}（{self.get_kind_display()}）"


class Sending(CountyOwned):
    """A text on its way to a work group. `key` keeps it from being said twice; it is tried `TRIES` times at most."""

    class Status(models.TextChoices):
        WAITING = "waiting", "等着发"
        SENT = "sent", "已发"
        FAILED = "failed", "没有发成"

    robot = models.ForeignKey(Robot, models.PROTECT, related_name="sendings")
    key = models.CharField(max_length=120)
    text = models.TextField("内容", max_length=8000)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("原因", max_length=300, blank=True)
    at = models.DateTimeField("写下", auto_now_add=True)
    sent_at = models.DateTimeField("发出", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("robot", "key"), name="sending_once"),)
        indexes = (models.Index(fields=("status",), name="sending_waiting"),)
