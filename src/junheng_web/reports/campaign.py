"""Figures of the campaign: tasks, issues and money, each with what was counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from junheng_web.funding.amounts import wan_told
from junheng_web.funding.footing import COLUMNS, TOTAL
from junheng_web.funding.models import Decision, Item
from junheng_web.funding.selectors import paid_of, standing, sums_by_column
from junheng_web.funding.tables import decided_of
from junheng_web.organisation.models import Area
from junheng_web.rectification.figures import WEEK, spans, trend
from junheng_web.rectification.models import LATE, Issue
from junheng_web.reports.figures import Figure
from junheng_web.supervision.models import Status, Task

# So much of what was counted is kept by its code; the rest as a number.
KEPT = 500
MONEY, WORK = "资金", "推进和整改"
NOTHING = Decimal(0)


def figures(county: Area, today: dt.date) -> Iterator[Figure]:
    """Yield the figures of tasks, issues and money."""
    yield from _week(county, today)
    yield from _tasks(county, today)
    yield from _issues(county, today)
    yield from _money(county)


def week_told(today: dt.date) -> str:
    """Return the week that goes on, from its Monday to the day."""
    first = spans(WEEK, today)[-1].first
    if first == today:
        return f"{today.year}年{today.month}月{today.day}日"
    last = f"{today.day}日" if first.month == today.month else f"{today.month}月{today.day}日"
    year = f"{today.year}年" if first.year != today.year else ""
    return f"{first.year}年{first.month}月{first.day}日至{year}{last}"


def brief_title(county: Area, today: dt.date) -> str:
    """Return the title of a weekly brief."""
    return f"{county}义务教育优质均衡创建工作周报（{week_told(today)}）"


def _week(county: Area, today: dt.date) -> Iterator[Figure]:
    """Yield which week it is, and what came and was done in it."""
    url, told = reverse("rectification:figures", args=[county.code]), week_told(today)
    yield Figure("本周", told, "全县", "日历")
    counts = trend(county, WEEK, today)[-1].counts
    for key, name in (
        ("本周交办任务数", "task_came"),
        ("本周办结任务数", "task_done"),
        ("本周发现问题数", "issue_came"),
        ("本周销号问题数", "issue_done"),
    ):
        yield Figure(key, str(counts[name]), WORK, "办理情况", url, trace=(told,))


def _tasks(county: Area, today: dt.date) -> Iterator[Figure]:
    sent = Task.objects.of(county).exclude(status__in=(Status.PROPOSED, Status.STOPPED))
    left = sent.exclude(status=Status.CLOSED)
    url = reverse("supervision:tasks", args=[county.code])
    for key, found in (
        ("交办任务数", sent),
        ("办结任务数", sent.filter(status=Status.CLOSED)),
        ("在办任务数", left),
        ("过期任务数", left.filter(due__lt=today)),
    ):
        yield _counted(key, "任务", url, found, "number")


def _issues(county: Area, today: dt.date) -> Iterator[Figure]:
    every = Issue.objects.of(county).exclude(state=Issue.State.DROPPED)
    url = reverse("rectification:issues", args=[county.code])
    for key, found in (
        ("问题数", every),
        ("已销号问题数", every.filter(state=Issue.State.CLOSED)),
        ("没有销号问题数", every.exclude(state=Issue.State.CLOSED)),
        ("过期问题数", every.filter(state__in=LATE, due__lt=today)),
    ):
        yield _counted(key, "整改台账", url, found, "number")


def _counted(key: str, source: str, url: str, found: QuerySet, name: str) -> Figure:
    numbers = list(found.order_by(name).values_list(name, flat=True))
    return Figure(key, str(len(numbers)), WORK, source, url, trace=_named(numbers))


def _named(numbers: Iterable[int]) -> tuple[str, ...]:
    known = list(numbers)
    more = (f"另有 {len(known) - KEPT} 个",) if len(known) > KEPT else ()
    return ("编号 " + "、".join(map(str, known[:KEPT])), *more) if known else ()


def _money(county: Area) -> Iterator[Figure]:
    """Yield the sums of the whole county, whoever reads: a report says the same to all its readers."""
    items, url = standing(Item.objects.of(county)), reverse("funding:ledger", args=[county.code])
    labels, behind = dict(Item.Column.choices), _named(items.order_by("number").values_list("number", flat=True))
    down = dict.fromkeys(COLUMNS, NOTHING) | sums_by_column(items)
    for column, total in down.items():
        yield Figure(f"资金{labels[column]}计划万元", wan_told(total), MONEY, "创建资金明细", url, trace=behind)
    whole = wan_told(sum(down.values(), NOTHING))
    yield Figure("资金计划万元", whole, MONEY, "创建资金明细", url, trace=behind)
    paid = wan_told(sum((one for _, one in paid_of(items).values()), NOTHING))
    actual = reverse("funding:actual", args=[county.code])
    yield Figure("资金已支付万元", paid, MONEY, "计划和实际", actual, trace=behind)
    decision = Decision.objects.of(county).last()
    if decision:
        said = (f"{decision.meeting} {decision.document} {decision.day}",)
        yield Figure("资金定案万元", wan_told(decided_of(decision)[TOTAL]), MONEY, "资金定案", url, trace=said)
