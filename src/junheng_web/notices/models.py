"""In-app notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from junheng_web.notices.mails import Mail
from junheng_web.notices.robots import Robot, Sending
from junheng_web.organisation.models import Account, CountyOwned, Post


class Notice(CountyOwned):
    """One thing to know, for a post, whoever holds it, or for one account. `key` keeps it from being said twice."""

    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="notices")
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="notices")
    key = models.CharField(max_length=120)
    text = models.CharField("内容", max_length=300)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("post", "key"), name="notice_once"),
            models.UniqueConstraint(fields=("account", "key"), name="notice_once_an_account"),
            models.CheckConstraint(
                condition=Q(post=None, account__isnull=False) | Q(post__isnull=False, account=None),
                name="notice_of_one",
            ),
        )


__all__ = ["Mail", "Notice", "Robot", "Sending"]
