"""Which papers still serve at the counting date of the year that is being opened (P19); nothing is changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from junheng import api as jh
from junheng_web.collection.years.opening import year_draft
from junheng_web.dossier.gaps import by_date
from junheng_web.dossier.models import oldest
from junheng_web.dossier.selectors import papers_read
from junheng_web.dossier.states import STANDING
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

HOLDS, LASTS, EXPIRES, UNDATED = "holds", "lasts", "expires", "undated"


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator, and how many of its papers will hold, hold for ever, be too old, or bear no date."""

    indicator: str
    counts: Counter[str]
    url: str


def year_told(scope: Scope, county: Area) -> dict[str, Any] | None:
    """Return what the step of 开新学年 shows of the papers that were handed in; None where no year is being opened."""
    asked = year_draft(county)
    if asked is None:
        return None
    since = oldest(asked.day, jh.load_standard(asked.standard).facts_valid_months)
    papers = papers_read(scope, county).filter(state__in=STANDING, item__ended=None)
    undated, stale = by_date(papers, since)
    counted: dict[str, Counter[str]] = {}
    for paper, indicator, lasting in papers.order_by().values_list("id", "item__indicator", "item__lasting"):
        state = LASTS if lasting else UNDATED if paper in undated else EXPIRES if paper in stale else HOLDS
        counted.setdefault(indicator, Counter())[state] += 1
    rows = [Row(id, counted[id], _address(county, id)) for id in sorted(counted, key=_numbered)]
    return {"rows": rows, "total": sum(counted.values(), Counter()), "since": since}


def _numbered(indicator: str) -> tuple[str, int]:
    """Return what puts B9 before B10."""
    letters = indicator.rstrip("0123456789")
    return letters, int(indicator[len(letters) :] or 0)


def _address(county: Area, indicator: str) -> str:
    return f"{reverse('dossier:items', args=[county.code])}?{urlencode({'indicator': indicator})}"
