"""On what terms a county plans, what was searched for, what was tried in the sandbox, and what was adopted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from junheng_web.assessment.models import Run
from junheng_web.funding.models import Item
from junheng_web.organisation.models import CountyOwned, Job, OwnedOnce
from junheng_web.rectification.models import Issue
from junheng_web.supervision.models import Task


class Terms(OwnedOnce):
    """Prices, limits and distances as they were set; the next version is another row.

    `tables` are the planner's own tables, their numbers in the smallest units, each price with its source and date.
    """

    number = models.PositiveIntegerField("版本")
    tables = models.JSONField("价格、限制和路程")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="terms_version"),)
        verbose_name_plural = "terms"

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class Authored(CountyOwned):
    """A row that somebody made, in a post."""

    number = models.PositiveIntegerField("编号")
    name = models.CharField("名称", max_length=80)
    # A working paper is nothing without what it starts from.
    base = models.ForeignKey(Run, models.CASCADE, related_name="+", verbose_name="从哪次评估出发")
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)
    by_account = models.BigIntegerField(null=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    by_post = models.CharField("岗位", max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class PlanRun(Authored):
    """A search for the cheapest plan: from which answer, on which terms, how long; and what came of it.

    The job says how it is going. `digest` names the bundle of everything that was found (`bundles.py`); money in fen.
    """

    class Outcome(models.TextChoices):
        OPTIMAL = "optimal", "已证明最省"
        FEASIBLE = "feasible", "有方案，还可能更省"
        INFEASIBLE = "infeasible", "在限制之内办不到"
        TIME_LIMIT = "time_limit", "时间到，没有找到方案"

    begins = models.DateField("从哪一天起可以着手")
    seconds = models.PositiveIntegerField("最多算多少秒")
    gap = models.PositiveIntegerField("允许的差距（百万分之）")
    alternatives = models.BooleanField("也求差不多省的另一种办法", default=False)
    points = models.PositiveSmallIntegerField("花多少钱、几所学校达标，求几个点", default=0)
    job = models.OneToOneField(Job, models.PROTECT, related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True)
    stopped = models.BooleanField("中途停下", default=False)
    cost = models.BigIntegerField("经费（分）", null=True)
    bound = models.BigIntegerField("至少要（分）", null=True)
    digest = models.CharField("SHA-256", max_length=64, blank=True)
    engine = models.PositiveIntegerField("引擎版本", default=0)
    planner = models.CharField("求解程序", max_length=80, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="plan_number"),)

    @property
    def url(self) -> str:
        """Where it is shown."""
        return reverse("planning:plan", args=[self.county.code, self.number])


class Sample(CountyOwned):
    """How far a search was at a moment: the best confirmed cost and the proven bound, in fen."""

    plan = models.ForeignKey(PlanRun, models.CASCADE, related_name="samples")
    attempt = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()
    best = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("id",)


class Scenario(Authored):
    """What somebody tries: a list of edits on the facts of a run. `head` of them hold; those after it can be redone."""

    class Shared(models.TextChoices):
        MINE = "mine", "只有我"
        MAKERS = "makers", "做方案的岗位"
        READERS = "readers", "能看方案的全部岗位"

    shared = models.CharField("谁能看", max_length=8, choices=Shared.choices, default=Shared.MINE)
    head = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField("最近改动", default=timezone.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="scenario_number"),)

    @property
    def url(self) -> str:
        """Where it is shown."""
        return reverse("planning:scenario", args=[self.county.code, self.number])

    @staticmethod
    def readable(account: int, *, maker: bool) -> Q:
        """Return the condition under which somebody reads one: his own, and those that are shared with his posts."""
        shared = [Scenario.Shared.READERS, *([Scenario.Shared.MAKERS] if maker else [])]
        return Q(by_account=account) | Q(shared__in=shared)


class ScenarioEdit(CountyOwned):
    """One edit of a scenario, in the core's words (`junheng.planner.edits.Edit`)."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="edits")
    place = models.PositiveIntegerField()
    edit = models.JSONField()
    by_name = models.CharField("经办人", max_length=60, blank=True)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("scenario", "place"), name="edit_place"),)


class Adoption(OwnedOnce):
    """That a plan was adopted, by which meeting and why (P24). The newest one holds; those before stay to be read."""

    number = models.PositiveIntegerField("版本")
    plan = models.ForeignKey(PlanRun, models.PROTECT, related_name="adoptions")
    meeting = models.CharField("哪次会议定的", max_length=120)
    document = models.CharField("纪要或文件文号", max_length=120, blank=True)
    day = models.DateField("定的日期")
    reason = models.CharField("为什么采用", max_length=400)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("county", "number"), name="adoption_number"),)

    def __str__(self) -> str:
        return f"第 {self.number} 版"

    @property
    def url(self) -> str:
        """Where it is shown."""
        return reverse("planning:adoption", args=[self.county.code, self.number])


class Measure(CountyOwned):
    """An action of an adopted plan, as the plan says it (`action`), with the money and the task that came of it.

    `key` names the same action in the next version; `note` says why it has no money or no task.
    """

    adoption = models.ForeignKey(Adoption, models.PROTECT, related_name="measures")
    key = models.CharField(max_length=120)
    action = models.JSONField()
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("adoption", "key"), name="measure_once"),)


class Aim(CountyOwned):
    """That a measure closes an issue."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="aims")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("measure", "issue"), name="aim_once"),)
