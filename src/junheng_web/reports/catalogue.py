"""The catalogue: every figure that a report may quote, with its value now, its source, its trace and where that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from junheng_web.organisation.models import Area
from junheng_web.reports import assessed, campaign
from junheng_web.reports.figures import Catalogue, Figure, plain


def catalogue(county: Area, today: dt.date) -> Catalogue:
    """Return every figure of a county by its key, in the order in which it is listed."""
    return {plain(one.key): one for one in _figures(county, today)}


def _figures(county: Area, today: dt.date) -> Iterator[Figure]:
    yield Figure("县名", county.name, "县", "单位和岗位")
    yield Figure("今天", f"{today.year}年{today.month}月{today.day}日", "县", "日历")
    yield from assessed.figures(county)
    yield from campaign.figures(county, today)


def grouped(figures: Iterable[Figure]) -> list[tuple[str, list[Figure]]]:
    """Return figures under the names of their groups."""
    found: dict[str, list[Figure]] = {}
    for one in figures:
        found.setdefault(one.group, []).append(one)
    return [*found.items()]
