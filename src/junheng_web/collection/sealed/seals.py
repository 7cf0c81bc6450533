"""Sealed forms: the scan of a signed and sealed paper, and the version of the form that it seals (P15)."""

from __future__ import annotations

from django.db import models
from django.db.models import F

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.evidence.models import File
from junheng_web.organisation.models import OwnedOnce


class SealedForm(OwnedOnce):
    """A scan of a sealed form. It belongs to the version whose hash it bears, whatever the form holds by now."""

    class Matched(models.TextChoices):
        READ = "read", "从二维码读出"
        TYPED = "typed", "人工录入"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="sealed")
    digest = models.CharField("校验码", max_length=64)
    version_at = models.DateTimeField("版本时间")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    matched = models.CharField("校验码怎么来的", max_length=10, choices=Matched.choices)
    formed_on = models.DateField("形成日期", null=True)
    original = models.CharField("原件位置", max_length=100, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)


def sealed_forms(ledger: Ledger) -> set[tuple[str, str]]:
    """Return kind and code of the forms of a ledger whose present state is sealed."""
    own = SealedForm.objects.filter(submission__ledger=ledger, digest=F("submission__digest"))
    return set(own.values_list("submission__kind", "submission__subject"))


def scans_of(ledger: Ledger) -> dict[tuple[str, str], File]:
    """Return the newest scan of each form of a ledger whose present state is sealed, by kind and code."""
    own = SealedForm.objects.filter(submission__ledger=ledger, digest=F("submission__digest")).order_by("id")
    return {(one.submission.kind, one.submission.subject): one.file for one in own.select_related("submission", "file")}


def unsealed(ledger: Ledger) -> set[tuple[str, str]]:
    """Return kind and code of the forms that are approved and not sealed: the application waits for them alone."""
    approved = ledger.submissions.filter(status=Submission.Status.APPROVED).values_list("kind", "subject")
    return set(approved) - sealed_forms(ledger)
