"""The room's models: rows and items of the table, sources, gates, contracts, payments, and what was decided."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from junheng.facts.plan_schema import DEEDS
from junheng_web.collection.models import Period
from junheng_web.common.fields import Scaled
from junheng_web.organisation.models import CountyOwned, OwnedOnce, School, Unit
from junheng_web.rectification.models import Issue

LONGEST, SHORTER = 1000, 400
FEN = 2


def money(label: str) -> Scaled:
    """Return a field of a sum in 元, kept as fen."""
    return Scaled("元", FEN, verbose_name=label)


class Keeper(CountyOwned):
    """A unit that keeps the ledger with the office: it sees every item, and records contracts, payments and gates."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("unit__place", "unit__code")
        constraints = (models.UniqueConstraint(fields=("county", "unit"), name="keeper_once"),)


class Line(CountyOwned):
    """A row of the table: a school, or, without one, what else money is for (`name`).

    A text that is empty is told from the school's figures and from the row's items.
    """

    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="funding")
    name = models.CharField("名称", max_length=120, blank=True)
    place = models.PositiveIntegerField("序号")
    scale = models.CharField("基本规模", max_length=SHORTER, blank=True)
    lacks = models.CharField("缺额情况", max_length=LONGEST, blank=True)
    works = models.CharField("维修改造内容", max_length=LONGEST, blank=True)
    remark = models.CharField("备注", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("place", "id")
        constraints = (
            models.UniqueConstraint(fields=("county", "school"), condition=~Q(school=None), name="line_of_school"),
            models.UniqueConstraint(fields=("county", "name"), condition=Q(school=None), name="line_of_name"),
            models.UniqueConstraint(fields=("county", "place"), name="line_place"),
        )

    def __str__(self) -> str:
        return self.school.name if self.school else self.name


class Item(CountyOwned):
    """Something that money is planned for, in one column of a row. What is dropped stays, with why.

    `deed` is what it does as the planner's dictionary calls it; with a quantity it says how much of a gap it closes.
    Of a gap it holds the gap's key, never a result (architecture, rule 9).
    """

    class Column(models.TextChoices):
        EQUIPMENT = "equipment", "设备"
        WORKS = "works", "维修改造"
        OTHER = "other", "其他"

    class Origin(models.TextChoices):
        HAND = "hand", "登记"
        FILE = "file", "导入"
        PLAN = "plan", "采用的方案"

    line = models.ForeignKey(Line, models.PROTECT, related_name="items")
    number = models.PositiveIntegerField("编号")
    column = models.CharField("哪一栏", max_length=10, choices=Column.choices)
    name = models.CharField("内容", max_length=200)
    deed = models.CharField("办什么", max_length=40, blank=True)
    quantity = Scaled("", FEN, verbose_name="数量", null=True, blank=True)
    amount = money("计划金额")
    period = models.ForeignKey(Period, models.PROTECT, null=True, blank=True, related_name="+")
    stage = models.CharField("学段", max_length=10, blank=True)
    indicator = models.CharField("指标", max_length=8, blank=True)
    target = models.CharField("要达到哪一条", max_length=40, blank=True)
    key = models.CharField(max_length=120, blank=True)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="funding")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位")
    origin = models.CharField("来源", max_length=10, choices=Origin.choices, default=Origin.HAND)
    origin_key = models.CharField(max_length=120, blank=True)
    remark = models.CharField("说明", max_length=SHORTER, blank=True)
    dropped = models.CharField("为什么取消", max_length=SHORTER, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("line__place", "line_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("county", "number"), name="funding_number"),
            models.UniqueConstraint(
                fields=("county", "origin", "origin_key"), condition=~Q(origin_key=""), name="funding_origin"
            ),
        )
        indexes = (models.Index(fields=("county", "key"), name="funding_key"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Its name within the county."""
        return f"Z{self.number:04}"

    @property
    def told(self) -> str:
        """What it is, in a line."""
        return f"{self.line} {self.name}"

    @property
    def unit_told(self) -> str:
        """The unit in which its quantity counts."""
        return DEEDS[self.deed].unit if self.deed in DEEDS else ""

    @property
    def linked(self) -> bool:
        """Whether it says what it is for: a gap or an issue."""
        return bool(self.key or self.issue_id)

    @property
    def unit_cost(self) -> Decimal | None:
        """What one unit of it costs, in 元; None where nothing says how many there are."""
        return self.amount / self.quantity if self.deed and self.quantity else None

    @cached_property
    def url(self) -> str:
        """Where its page is."""
        return reverse("funding:item", args=[self.county.code, self.number])


class ItemStep(OwnedOnce):
    """What was done to an item: what changed from what to what, and why."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="steps")
    deed = models.CharField("操作", max_length=20)
    note = models.CharField("说明", max_length=LONGEST, blank=True)

    class Meta:
        ordering = ("id",)


class Source(CountyOwned):
    """Where money comes from: a grant, the county's budget, a bond; with its document and sum."""

    class Kind(models.TextChoices):
        CENTRAL = "central", "中央"
        REGION = "region", "自治区"
        LEAGUE = "league", "盟市"
        COUNTY = "county", "旗县本级"
        BOND = "bond", "债券"
        GIFT = "gift", "捐赠"
        OTHER = "other", "其他"

    code = models.CharField("编号", max_length=40)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("级次", max_length=10, choices=Kind.choices)
    document = models.CharField("文号", max_length=120, blank=True)
    amount = money("金额")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("county", "code"), name="source_code"),)

    def __str__(self) -> str:
        return self.name


class Allotment(CountyOwned):
    """How much of a source an item is given."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="allotments")
    source = models.ForeignKey(Source, models.PROTECT, related_name="allotments")
    amount = money("安排")

    class Meta:
        ordering = ("source_id",)
        constraints = (models.UniqueConstraint(fields=("item", "source"), name="allotment_once"),)


class GateStep(OwnedOnce):
    """That an item went through a gate (P24), does not need it, or was taken back; the last row of a gate counts."""

    class Deed(models.TextChoices):
        PASS = "pass", "办了"
        SKIP = "skip", "不需要"
        UNDO = "undo", "退回"

    item = models.ForeignKey(Item, models.PROTECT, related_name="gates")
    gate = models.CharField("关口", max_length=20)
    deed = models.CharField("怎么了", max_length=6, choices=Deed.choices)
    day = models.DateField("日期", null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办理单位")
    document = models.CharField("文件", max_length=120, blank=True)
    note = models.CharField("说明", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("id",)


class Certificate(OwnedOnce):
    """How a certificate of a school's land and buildings stands (P24); the last row of a school and kind counts."""

    class Has(models.TextChoices):
        HAVE = "have", "有"
        DOING = "doing", "正在办"
        NONE = "none", "没有"
        SPARED = "spared", "不需要"

    school = models.ForeignKey(School, models.PROTECT, related_name="certificates")
    kind = models.CharField("证照", max_length=20)
    has = models.CharField("现状", max_length=6, choices=Has.choices)
    result = models.CharField("鉴定结果", max_length=20, blank=True)
    number = models.CharField("证号或文号", max_length=120, blank=True)
    day = models.DateField("发证或鉴定日期", null=True, blank=True)
    until = models.DateField("有效期至", null=True, blank=True)
    note = models.CharField("说明", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("school", "kind"), name="certificate_of_school"),)


class Contract(CountyOwned):
    """A contract of an item. What was recorded in error is taken back with a reason, and stays to be read."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=60)
    party = models.CharField("对方", max_length=120)
    day = models.DateField("签订日期")
    amount = money("合同金额")
    undone = models.CharField("为什么撤回", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("day", "id")

    def __str__(self) -> str:
        return self.number


class Payment(CountyOwned):
    """Money that was paid for an item, by a contract or without one; taken back as a contract is."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="payments")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="payments")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="payments")
    voucher = models.CharField("凭证号", max_length=60)
    day = models.DateField("支付日期")
    amount = money("支付金额")
    undone = models.CharField("为什么撤回", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("day", "id")


class Decision(OwnedOnce):
    """The totals that a meeting decided on, by column (P24); the ledger's own are held against the last one."""

    meeting = models.CharField("会议", max_length=120)
    document = models.CharField("文号", max_length=120, blank=True)
    day = models.DateField("日期")
    equipment = money("设备")
    works = money("维修改造")
    other = money("其他")

    class Meta:
        ordering = ("day", "id")


class Rise(CountyOwned):
    """That an accepted and booked item was put into the school's form: how much it added, from what to what.

    Numbers are integers in the smallest unit of the column, as the form keeps them.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="rises")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    column = models.CharField(max_length=60)
    added = models.BigIntegerField("增加")
    before = models.BigIntegerField("原来")
    after = models.BigIntegerField("之后")
    at = models.DateTimeField("时间", auto_now_add=True)
    undone = models.CharField("为什么撤回", max_length=SHORTER, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("item",), condition=Q(undone=""), name="rise_once"),)
