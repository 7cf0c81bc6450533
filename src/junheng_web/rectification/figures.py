"""The figures of a circular: by unit in the document's order, and how it went week by week or month by month.

Counts alone, no scores and no ranks (P4). They stay with the office and the leader until a signed circular says them
(P3).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.models import LATE, Issue, IssueStep
from junheng_web.rectification.telling import ENDED
from junheng_web.rectification.vetoes import overdue_by_unit
from junheng_web.supervision.boards import counts_by_unit
from junheng_web.supervision.models import Deed
from junheng_web.supervision.models import Step as TaskStep

State = Issue.State
WEEK, MONTH = "week", "month"
PERIODS: Mapping[str, str] = MappingProxyType({WEEK: "按周", MONTH: "按月"})
# So many weeks or months are looked back at.
BACK = {WEEK: 8, MONTH: 6}
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "sent": "任务：交办",
        "on_time": "按期办结",
        "closed_late": "过期办结",
        "open": "在办",
        "late": "在办中过期",
        "issues": "问题：没有销号",
        "issues_late": "其中过期",
        "present": "现状到位",
        "issues_closed": "已销号",
        "declarations": "否决项没报",
    }
)
REDS = ("late", "issues_late", "declarations")


@dataclass(slots=True)
class Line:
    """One unit's counts, by the names of `COLUMNS`."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what one unit or desk has."""
        for name, many in counts.items():
            self.counts[name] += many

    @property
    def red(self) -> int:
        """How much is past its day."""
        return sum(self.counts[name] for name in REDS)


def lines(scope: Scope, county: Area, today: dt.date) -> list[Line]:
    """Return every unit's counts in the document's order; what is a desk's is its unit's."""
    units = list(Unit.objects.visible_to(scope).of(county))
    of = {one.id: one.parent_id or one.id for one in units}
    found = {one.id: Line(one) for one in units if one.parent_id is None}
    overdue = {unit: {"declarations": many} for unit, many in overdue_by_unit(county, today).items()}
    for counted in (_tasks(county, today), _issues(county, today), overdue):
        for unit, counts in counted.items():
            found[of[unit]].add(counts)
    return list(found.values())


def _tasks(county: Area, today: dt.date) -> dict[int, dict[str, int]]:
    """Return what the tasks that were sent out count as, by unit."""
    found = counts_by_unit(county, today)
    for counts in found.values():
        counts["closed_late"] = counts["closed"] - counts["on_time"]
    return {unit: {name: counts[name] for name in COLUMNS if name in counts} for unit, counts in found.items()}


def _issues(county: Area, today: dt.date) -> dict[int, dict[str, int]]:
    """Return what the issues that were sent count as, by unit."""
    sent = Issue.objects.of(county).exclude(unit=None).exclude(state__in=(State.FOUND, State.DROPPED))
    asked = {
        "issues": Count("id", filter=~Q(state=State.CLOSED)),
        "issues_late": Count("id", filter=Q(state__in=LATE, due__lt=today)),
        "present": Count("id", filter=Q(state=State.REVIEW)),
        "issues_closed": Count("id", filter=Q(state=State.CLOSED)),
    }
    return {row.pop("unit"): row for row in sent.order_by().values("unit").annotate(**asked)}


@dataclass(slots=True)
class Past:
    """One week or month: what came in, what was done, what came back, and how much was open when it ended."""

    first: dt.date
    last: dt.date
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """From when to when."""
        return f"{self.first:%m-%d} 至 {self.last:%m-%d}"


def spans(by: str, today: dt.date) -> list[Past]:
    """Return the last weeks (from Monday) or months, the oldest first; the last one is going on."""
    first, found = _first(by, today), []
    for _ in range(BACK[by]):
        after = first + dt.timedelta(days=7) if by == WEEK else _first(by, first + dt.timedelta(days=31))
        found.append(Past(first, min(after - dt.timedelta(days=1), today)))
        first = _first(by, first - dt.timedelta(days=1))
    return found[::-1]


def _first(by: str, day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday()) if by == WEEK else day.replace(day=1)


# What each deed of a task, or state of an issue, adds to: what came in, what was done, what came back.
TASK_DEEDS = {Deed.ASSIGN: "came", Deed.CLOSE: "done", Deed.STOP: "gone", Deed.REOPEN: "back", Deed.DECLINE: "gone"}
RAISE = "raise"
ISSUE_DEEDS = {"close": "done", "census": "done", "drop": "gone"}
ADDS = {"came": 1, "back": 1, "done": -1, "gone": -1}


def trend(county: Area, by: str, today: dt.date) -> list[Past]:
    """Return how tasks and issues went: of each kind what came, was done, came back, and stood open at the end."""
    found = spans(by, today)
    tasks = TaskStep.objects.of(county).filter(deed__in=TASK_DEEDS)
    _fill(found, "task", _fell(tasks, found, TASK_DEEDS))
    came = _fell(IssueStep.objects.of(county).filter(deed=RAISE), found, {RAISE: "came"})
    _fill(found, "issue", came + _fell_by_hand(_issue_moves(county), found))
    return found


def _edges(found: list[Past]) -> list[dt.datetime]:
    """Return when each span begins by the county's own clock, and when the last is over."""
    days = [*(one.first for one in found), found[-1].last + dt.timedelta(days=1)]
    return [timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in days]


def _fell(steps: QuerySet[Any], found: list[Past], moves: Mapping[str, str]) -> Counter[tuple[int, str]]:
    """Return how often each move fell into each span (0: before the first), counted by the database."""
    edges = _edges(found)
    ends = [(None, edges[0]), *pairwise(edges)]
    asked = {f"span_{at}": Count("id", filter=_between(*one)) for at, one in enumerate(ends)}
    fell: Counter[tuple[int, str]] = Counter()
    for row in steps.order_by().values("deed").annotate(**asked):
        for at in range(len(ends)):
            fell[at, moves[row["deed"]]] += row[f"span_{at}"]
    return fell


def _between(begin: dt.datetime | None, end: dt.datetime) -> Q:
    return Q(at__lt=end) & (Q(at__gte=begin) if begin else Q())


def _fell_by_hand(moves: Iterable[tuple[str, dt.datetime]], found: list[Past]) -> Counter[tuple[int, str]]:
    edges = _edges(found)
    return Counter((bisect_right(edges, at), move) for move, at in moves)


def _issue_moves(county: Area) -> Iterator[tuple[str, dt.datetime]]:
    """Yield what was done or came back: only what crosses the line between open and ended, so only what ever did."""
    steps = IssueStep.objects.of(county)
    crossing = steps.filter(issue__in=steps.filter(state__in=ENDED).values("issue"))
    ended: dict[int, bool] = {}
    rows = crossing.order_by("id").values_list("issue_id", "deed", "state", "at")
    for issue, deed, state, at in rows:
        before, after = ended.get(issue), state in ENDED
        ended[issue] = after
        if before is not None and before != after:
            yield ISSUE_DEEDS.get(deed, "done") if after else "back", at


def _fill(found: list[Past], kind: str, fell: Counter[tuple[int, str]]) -> None:
    """Put the moves into the spans in which they fell; all before the first are in what is open."""
    standing = sum(ADDS[move] * fell[0, move] for move in ADDS)
    for place, past in enumerate(found, start=1):
        past.counts |= {f"{kind}_{move}": fell[place, move] for move in ADDS}
        standing += sum(ADDS[move] * fell[place, move] for move in ADDS)
        past.counts[f"{kind}_open"] = standing


def leader_told(scope: Scope, county: Area, today: dt.date) -> dict[str, Any]:
    """Return what the leader's page shows of the work: which units have something red, in the document's order."""
    every = lines(scope, county, today)
    reds = [one for one in every if one.red]
    totals = {name: sum(one.counts[name] for one in every) for name in COLUMNS}
    return {"reds": reds, "totals": totals}
