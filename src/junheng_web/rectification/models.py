"""The room's models: an issue with its steps; the veto items, who declares on them, and what was reported."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from junheng_web.collection.models import Period
from junheng_web.duties.models import Duty
from junheng_web.organisation.models import CountyOwned, OwnedOnce, School, Unit

LONGEST = 1000
CADENCES = [(one.value, one.label) for one in Duty.Cadence if one.value]


class Issue(CountyOwned):
    """Something to be put right. Of a gap it holds the gap's key, never a result (architecture, rule 9).

    `present` and `census` say whether what is asked is reached on each basis; nothing where it is not known.
    """

    class Origin(models.TextChoices):
        GAP = "gap", "缺口"
        HAND = "hand", "人工登记"
        FEEDBACK = "feedback", "上级反馈"

    class State(models.TextChoices):
        FOUND = "found", "发现"
        ASSIGNED = "assigned", "交办"
        WORKING = "working", "整改中"
        APPLIED = "applied", "申请销号"
        REVIEW = "review", "复核"
        CLOSED = "closed", "销号"
        REOPENED = "reopened", "重新打开"
        DROPPED = "dropped", "撤销"

    class Reached(models.TextChoices):
        MET = "met", "达到"
        UNMET = "unmet", "没有达到"
        UNKNOWN = "", "还不知道"

    number = models.PositiveIntegerField("编号")
    origin = models.CharField("来源", max_length=10, choices=Origin.choices)
    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="issues")
    stage = models.CharField("学段", max_length=10, blank=True)
    indicator = models.CharField("指标", max_length=8, blank=True)
    target = models.CharField("要达到哪一条", max_length=40, blank=True)
    key = models.CharField(max_length=120, blank=True)
    title = models.CharField("问题", max_length=300)
    asked = models.CharField("整改要求", max_length=400, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="issues")
    desk = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField("期限", null=True, blank=True)
    source = models.CharField("文件", max_length=200, blank=True)
    source_number = models.CharField("文件里的编号", max_length=40, blank=True)
    wording = models.CharField("原文", max_length=LONGEST, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.FOUND)
    present = models.CharField("现状口径", max_length=6, choices=Reached.choices, blank=True)
    census = models.CharField("统计口径", max_length=6, choices=Reached.choices, blank=True)
    raised_at = models.DateTimeField("发现时间", auto_now_add=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("county", "number"), name="issue_number"),
            models.UniqueConstraint(
                fields=("county", "key"), condition=~Q(key="") & ~Q(state="dropped"), name="issue_of_gap"
            ),
        )
        indexes = (models.Index(fields=("county", "state"), name="issue_state"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Its name within the county."""
        return f"W{self.number:04}"

    @property
    def of_gap(self) -> bool:
        """Whether it is closed by values, and never by somebody's word."""
        return self.origin == self.Origin.GAP

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state not in {self.State.CLOSED, self.State.DROPPED}

    @cached_property
    def url(self) -> str:
        """Where its page is."""
        return reverse("rectification:issue", args=[self.county.code, self.number])

    def late_on(self, day: dt.date) -> bool:
        """Whether its day is past and it is not done; what was not sent, or waits for the census, is never late."""
        return self.state in LATE and self.due is not None and self.due < day


# The states in which an issue is late once its day is past.
LATE = frozenset({Issue.State.ASSIGNED, Issue.State.WORKING, Issue.State.APPLIED, Issue.State.REOPENED})


class IssueStep(OwnedOnce):
    """One step of an issue: what was done, which state came of it, what was said. `by_name` is empty of a value."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="steps")
    deed = models.CharField("操作", max_length=12)
    state = models.CharField("之后", max_length=10, choices=Issue.State.choices)
    note = models.CharField("说明", max_length=LONGEST, blank=True)

    class Meta:
        ordering = ("id",)


class VetoDuty(CountyOwned):
    """That a unit declares on a veto item, by month or quarter, from a day on, some days after each is over."""

    part = models.CharField("否决项", max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="vetoes", verbose_name="申报单位")
    cadence = models.CharField("多久一次", max_length=10, choices=CADENCES, default=Duty.Cadence.QUARTER)
    since = models.DateField("从哪天起")
    due_days = models.PositiveSmallIntegerField("期满后几天内报", default=10)

    class Meta:
        ordering = ("part", "unit__place", "unit__code")
        constraints = (models.UniqueConstraint(fields=("county", "part", "unit"), name="veto_duty_once"),)

    # What `duties.dues` asks of what is reported on.
    ended = None

    @property
    def number(self) -> str:
        """How it is named in an error."""
        return f"{self.part}-{self.unit.code}"


class VetoDeclaration(OwnedOnce):
    """What a unit declared on a veto item of a month (2026-11) or a quarter (2026-Q4); the last one counts."""

    part = models.CharField("否决项", max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    span = models.CharField("哪一期", max_length=10)
    nothing = models.BooleanField("没有发生")
    behalf = models.BooleanField("代录", default=False)
    text = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("county", "part", "unit", "span"), name="declared_on"),)

    @property
    def code(self) -> str:
        """Its name within the county, under which its proof is kept."""
        return f"{self.part}-{self.unit.code}-{self.span}"


class Incident(CountyOwned):
    """Something reported that would be a veto. Its content is for few eyes (P6); others see that it is looked into."""

    class State(models.TextChoices):
        PENDING = "pending", "待核"
        CONFIRMED = "confirmed", "属实"
        REFUTED = "refuted", "不属实"

    number = models.PositiveIntegerField("编号")
    part = models.CharField("否决项", max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="报告单位")
    day = models.DateField("发生日期")
    text = models.CharField("情况", max_length=LONGEST)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="incident_number"),)

    @property
    def code(self) -> str:
        """Its name within the county."""
        return f"F{self.number:03}"

    @cached_property
    def url(self) -> str:
        """Where its page is."""
        return reverse("rectification:incident", args=[self.county.code, self.number])


class IncidentStep(OwnedOnce):
    """What was found out about an incident, and which state came of it; as confidential as the incident."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    state = models.CharField("之后", max_length=10, choices=Incident.State.choices)
    note = models.CharField("说明", max_length=LONGEST)

    class Meta:
        ordering = ("id",)
