"""What happened: events for the rooms above, jobs that survive, and one audit row for every write."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from junheng_web.organisation.areas import Area, CountyOwned, OwnedQuerySet


class Event(CountyOwned):
    """That official state changed; written in the transaction that changed it."""

    kind = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_code = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)


class Handled(models.Model):
    """That a reaction has handled an event. A row each, since ids commit out of order on PostgreSQL."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="handled")
    reaction = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "reaction"), name="handled_once"),)


class Job(CountyOwned):
    """Work that takes long. Its lease is renewed while somebody works on it; an expired one is tried again."""

    class Status(models.TextChoices):
        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已停止"
        INTERRUPTED = "interrupted", "中断"

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    cancel = models.BooleanField(default=False)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    by_account = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("status", "lease_until"), name="job_next"),)


class AppendOnly(models.QuerySet):
    """Rows that are written once: there is no way to change or delete one."""

    def update(self, **values: Any) -> int:
        raise TypeError(f"{self.model.__name__} is written once")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is written once")

    def bulk_update(self, *args: Any, **options: Any) -> int:
        raise TypeError(f"{self.model.__name__} is written once")


class WrittenOnce(models.Model):
    """A row that is never changed or deleted."""

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Add the row. Raises TypeError where it is there already."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is written once")
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Raise TypeError: nothing is deleted here."""
        raise TypeError(f"{type(self).__name__} is written once")


class OwnedAppendOnly(AppendOnly, OwnedQuerySet):
    """Rows of counties that are written once."""


class OwnedOnce(CountyOwned, WrittenOnce):
    """A row of a county that is never changed: what was decided, by whom, in which post; the next decision is a row."""

    at = models.DateTimeField("时间", default=timezone.now)
    by_account = models.BigIntegerField(null=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    by_post = models.CharField("岗位", max_length=120, blank=True)
    objects = OwnedAppendOnly.as_manager()

    class Meta:
        abstract = True


class AuditRow(WrittenOnce):
    """Who did what to what, in which post. No foreign keys: it outlives what it tells of. Sealed in commit order."""

    at = models.DateTimeField(auto_now_add=True)
    county_code = models.CharField(max_length=12, blank=True)
    account = models.BigIntegerField(null=True)
    person = models.CharField(max_length=60, blank=True)
    post = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_code = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("id",)


class Seal(WrittenOnce):
    """One link of the chain over audit rows: the row's content and the link before it, hashed together."""

    row = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("id",)


__all__ = ["Area", "AuditRow", "Event", "Handled", "Job", "OwnedOnce", "Seal"]
