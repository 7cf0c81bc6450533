"""What 开新学年 leaves of the ledger of issues (P19): what is judged again is told, and nothing is changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junheng_web.collection.years.opening import schools_after, year_draft
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.forms import NO_INDICATOR, indicators_offered
from junheng_web.rectification.models import Issue
from junheng_web.rectification.selectors import issues_of
from junheng_web.rectification.telling import address

State = Issue.State
# What the new census does to an issue, in the order of the table.
AGAIN, WAITS, ENDED, ASIDE = "again", "waits", "ended", "aside"


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator, and how many of its issues the new census will do what to."""

    indicator: str
    name: str
    counts: Counter[str]
    url: str


def fate(origin: str, state: str) -> str:
    """Return what the new year's census does to an issue; nothing to one that was raised in error.

    Values decide on a gap's: an open one is judged, one in 复核 waits for just that census, one that is closed opens
    again where its value has fallen. What people raised is closed by people.
    """
    if state == State.DROPPED or (origin != Issue.Origin.GAP and state == State.CLOSED):
        return ""
    if origin != Issue.Origin.GAP:
        return ASIDE
    return {State.REVIEW: WAITS, State.CLOSED: ENDED}.get(State(state), AGAIN)


def year_told(scope: Scope, county: Area) -> dict[str, Any] | None:
    """Return what the step of 开新学年 shows of the issues that one may see; None where no year is being opened."""
    asked = year_draft(county)
    if asked is None:
        return None
    standing = schools_after(county, asked)
    counted: dict[str, Counter[str]] = {}
    gone: Counter[str] = Counter()
    every = issues_of(scope, county).order_by()
    for origin, state, indicator, code, name in every.values_list(
        "origin", "state", "indicator", "school__code", "school__name"
    ):
        if what := fate(origin, state):
            counted.setdefault(indicator, Counter())[what] += 1
        if what and state != State.CLOSED and code and code not in standing:
            gone[name] += 1
    return {
        "rows": _rows(county, counted),
        "total": sum(counted.values(), Counter()),
        "gone": [(name, many, _found(county, q=name)) for name, many in sorted(gone.items())],
        "issues_url": address(county, "issues"),
    }


def _rows(county: Area, counted: dict[str, Counter[str]]) -> list[Row]:
    """Return the indicators that have any, in the rule book's order; at the end what belongs to none."""
    names = dict(indicators_offered())
    names |= {id: id for id in sorted(counted) if id and id not in names}
    rows = [Row(id, name, counted[id], _found(county, indicator=id)) for id, name in names.items() if id in counted]
    id, name = NO_INDICATOR
    without = [Row("", name, counted[""], _found(county, indicator=id))] if "" in counted else []
    return [*rows, *without]


def _found(county: Area, **asked: str) -> str:
    return f"{address(county, 'issues')}?{urlencode({'state': 'every', **asked})}"
