"""Tasks: what is to be done, by which unit and desk until when, and every step that was taken, with who and when."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.urls import reverse

from junheng_web.organisation.models import CountyOwned, OwnedOnce, Post, School, Unit

LONGEST = 2000
TITLE = 200


class Status(models.TextChoices):
    """How far a task is."""

    PROPOSED = "proposed", "待交办"
    ASSIGNED = "assigned", "待签收"
    WORKING = "working", "办理中"
    ASKED = "asked", "待审核"
    CLOSED = "closed", "已办结"
    STOPPED = "stopped", "已终止"


# What has been sent out and is not at its end.
OPEN = (Status.ASSIGNED, Status.WORKING, Status.ASKED)
ENDED = (Status.CLOSED, Status.STOPPED)


class Deed(models.TextChoices):
    """One step of a task's chain."""

    PROPOSE = "propose", "立项"
    ASSIGN = "assign", "交办"
    DECLINE = "decline", "退回交办"
    RECEIVE = "receive", "签收"
    REPORT = "report", "办理"
    REMIND = "remind", "临近提醒"
    ASK = "ask", "办结申请"
    REVIEW = "review", "审核"
    RETURN = "return", "退回"
    CLOSE = "close", "办结"
    URGE = "urge", "催办"
    POSTPONE = "postpone", "申请延期"
    EXTEND = "extend", "延期"
    REFUSE = "refuse", "不同意延期"
    EDIT = "edit", "修改"
    STOP = "stop", "终止"
    REOPEN = "reopen", "重新办理"


class Task(CountyOwned):
    """Something to be done. `origin_key` names what it came of: an instruction, a meeting's decision, an issue.

    `finished_on` is the day on which closing was asked for: the days of the review are not the unit's.
    """

    class Level(models.TextChoices):
        CAMPAIGN = "campaign", "总任务"
        STAGE = "stage", "阶段"
        TASK = "task", "任务"
        PART = "part", "子任务"

    class Origin(models.TextChoices):
        HAND = "hand", "办公室立项"
        INSTRUCTION = "instruction", "领导批示"
        MEETING = "meeting", "调度会"
        ISSUE = "issue", "问题台账"
        PLAN = "plan", "采用的方案"

    number = models.PositiveIntegerField("编号")
    level = models.CharField("层级", max_length=10, choices=Level.choices, default=Level.TASK)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级任务"
    )
    title = models.CharField("事项", max_length=TITLE)
    demand = models.TextField("要求", max_length=LONGEST, blank=True)
    deliverable = models.CharField("要交的成果", max_length=400, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name="责任单位")
    desk = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="经办岗位")
    start = models.DateField("开始")
    due = models.DateField("截止")
    asked_due = models.DateField("申请延到", null=True, blank=True)
    finished_on = models.DateField("申请办结", null=True, blank=True)
    closed_on = models.DateField("办结", null=True, blank=True)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices, default=Origin.HAND)
    origin_key = models.CharField("来源编号", max_length=200, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.PROPOSED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due", "number")
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="task_number"),)
        indexes = (
            models.Index(fields=("county", "status", "due"), name="task_due"),
            models.Index(fields=("county", "origin", "origin_key"), name="task_origin"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """Its name within the county, in events and in the links of files."""
        return str(self.number)

    @property
    def url(self) -> str:
        """Where its page is."""
        return reverse("supervision:task", args=[self.county.code, self.number])

    @property
    def open(self) -> bool:
        """Whether it has been sent out and is not at its end."""
        return self.status in OPEN

    def late_on(self, today: dt.date) -> bool:
        """Whether it was, or is, not done in time; what was not sent out, or was stopped, is never late."""
        sent = self.status in (*OPEN, Status.CLOSED)
        return sent and (self.finished_on or today) > self.due


class Support(CountyOwned):
    """A unit that helps with a task."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="supports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__place", "unit__code")
        constraints = (models.UniqueConstraint(fields=("task", "unit"), name="support_once"),)


class Concern(CountyOwned):
    """An indicator, by its code, that a task is about."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="concerns")
    indicator = models.CharField("指标", max_length=10)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("task", "indicator"), name="concern_once"),)


class Place(CountyOwned):
    """A school that a task is about."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="places")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("school__code",)
        constraints = (models.UniqueConstraint(fields=("task", "school"), name="place_once"),)


class Step(OwnedOnce):
    """One step of a task: what was done, and what was said with it. Files are linked to it as ("task", code)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    deed = models.CharField("节点", max_length=10, choices=Deed.choices)
    note = models.TextField("说明", max_length=LONGEST, blank=True)
    progress = models.PositiveSmallIntegerField("进度", null=True, blank=True)
    due = models.DateField("截止", null=True, blank=True)
    behalf = models.BooleanField("代录", default=False)

    class Meta:
        ordering = ("id",)

    @property
    def code(self) -> str:
        """Its name in the links of its files."""
        return f"{self.task.number}:{self.id}"
