"""Who has handed in what: a form of a school or unit on its way from the clerk to the office."""

from __future__ import annotations

from django.db import models

from junheng_web.collection.ledger.periods import Ledger
from junheng_web.organisation.models import CountyOwned, OwnedOnce, Unit


class Submission(CountyOwned):
    """The form of one school or unit in a ledger, and how far it is. Its steps say who brought it there."""

    class Status(models.TextChoices):
        DRAFT = "draft", "填报中"
        SUBMITTED = "submitted", "已提交"
        ENDORSED = "endorsed", "分管已签"
        SIGNED = "signed", "已签字"
        REVIEWED = "reviewed", "已审核"
        APPROVED = "approved", "已审定"

    class Kind(models.TextChoices):
        SCHOOL = "school", "学校"
        UNIT = "unit", "单位"

    ledger = models.ForeignKey(Ledger, models.PROTECT, related_name="submissions")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    subject = models.CharField("代码", max_length=40)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.DRAFT)
    digest = models.CharField("校验码", max_length=64, blank=True)

    class Meta:
        ordering = ("kind", "subject")
        constraints = (models.UniqueConstraint(fields=("ledger", "kind", "subject"), name="submission_once"),)

    @property
    def code(self) -> str:
        """Its name within the county, for events and the audit."""
        return f"{self.ledger.period.code}:{self.ledger.basis}:{self.kind}:{self.subject}"


class Step(OwnedOnce):
    """One step of a form: what was done, what it came to, why, and field by field what is to be put right.

    `unit` is the one for which it was reviewed or confirmed, where one was named for that.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="steps")
    deed = models.CharField("操作", max_length=10)
    status = models.CharField("之后", max_length=10, choices=Submission.Status.choices)
    digest = models.CharField("校验码", max_length=64, blank=True)
    note = models.CharField("说明", max_length=400, blank=True)
    reasons = models.JSONField("逐项理由", default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("id",)


class Explanation(OwnedOnce):
    """Why a finding is all right as it is. It holds for the value that was explained, and for no other."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="explanations")
    check_id = models.CharField(max_length=60)
    table = models.CharField(max_length=20)
    row = models.CharField(max_length=80)
    column = models.CharField(max_length=60)
    value = models.CharField(max_length=400, blank=True)
    text = models.CharField("说明", max_length=400)

    class Meta:
        ordering = ("id",)
