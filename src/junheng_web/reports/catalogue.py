"""The catalogue: every figure that a report may quote, with its value now, its source, its trace and where that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from junheng_web.organisation.models import Area
from junheng_web.reports import assessed, campaign
from junheng_web.reports.figures import Catalogue, Figure, plain
from junheng_web.reports.models import Kind, Report, Version


def catalogue(county: Area, today: dt.date) -> Catalogue:
    """Return every figure of a county by its key, in the order in which it is listed."""
    return {plain(one.key): one for one in _figures(county, today)}


def _figures(county: Area, today: dt.date) -> Iterator[Figure]:
    yield Figure("今天", f"{today.year}年{today.month}月{today.day}日", "全县", "日历")
    yield from assessed.figures(county, basics_for(county))
    yield from campaign.figures(county, today)


def basics_for(county: Area) -> str:
    """Return what the county wrote itself, as its newest application form has it; nothing where there is none."""
    found = Version.objects.of(county).filter(report__kind=Kind.APPLICATION)
    found = found.exclude(report__status=Report.Status.DROPPED).order_by("report__number", "number")
    return found.values_list("basics", flat=True).last() or ""


def grouped(figures: Iterable[Figure]) -> list[tuple[str, list[Figure]]]:
    """Return figures under the names of their groups."""
    found: dict[str, list[Figure]] = {}
    for one in figures:
        found.setdefault(one.group, []).append(one)
    return [*found.items()]
