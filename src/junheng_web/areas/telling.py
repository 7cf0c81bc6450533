"""What the page of an area says. Only official runs are counted; a trial stands in its row, and says what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from junheng import api as jh
from junheng_web.areas.selectors import Standing, areas_beside, standings
from junheng_web.assessment.models import Run
from junheng_web.assessment.selectors import rules_of, rules_today
from junheng_web.assessment.telling import NONE, Answer, document, spread_told
from junheng_web.common.templatetags.components import STATUSES
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope

Told = dict[str, Any]
VERDICTS = ("pass", "fail", "undetermined")
UNJUDGED = "none"
# What one may look at alone, and what it is called.
SHOWS: Mapping[str, str] = {**{one: STATUSES[one][0] for one in VERDICTS}, UNJUDGED: "没有正式评估"}
HARDEST = 10


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that counties are judged by: what each of those with an official run comes to."""

    label: str
    name: str
    found: Sequence[tuple[Area, str]]

    @property
    def counts(self) -> Counter[str]:
        """How many counties come to what."""
        return Counter(status for _, status in self.found)

    @property
    def judged(self) -> int:
        """How many pass or fail."""
        return self.counts["pass"] + self.counts["fail"]

    @property
    def cells(self) -> list[int]:
        """The counts in the table's order."""
        return [self.counts[one] for one in (*VERDICTS, "not_applicable")]

    @property
    def failing(self) -> list[Area]:
        """The counties that fail."""
        return [county for county, status in self.found if status == "fail"]


def told(scope: Scope, area: Area, show: str = "") -> Told:
    """Return what the page of an area shows; `show` picks the counties of one verdict for the list."""
    found = standings(scope, area)
    official = [one for one in found if one.official]
    rules = _rules(official)
    items = list(_items(official, rules))
    failing = sorted((one for one in items if one.failing), key=lambda one: -len(one.failing))
    shown = [one for one in found if show not in SHOWS or _verdict(one) == show]
    return {
        "figures": list(_figures(area, found)),
        "rows": [_row(scope, one, rules) for one in shown],
        "show": show if show in SHOWS else "",
        "shows": SHOWS.items(),
        "many": len(found),
        "stages": rules["stages"].values(),
        "items": items,
        "hardest": failing[:HARDEST],
        "spreads": _spreads(official, rules),
        "bases": _bases(official),
        "beside": [(one, _url(one)) for one in areas_beside(scope, area)],
        "of_province": area.kind == Area.Kind.PROVINCE,
    }


def _rules(official: Sequence[Standing]) -> Answer:
    """Return the rules that names are taken from: those of the run that was declared last, or today's."""
    if not official:
        return document(rules_today())
    return document(rules_of(max(official, key=lambda one: one.since).run))


def _url(area: Area) -> str:
    return reverse("areas:counties", args=[area.code])


def _verdict(one: Standing) -> str:
    return one.run.verdict if one.official else UNJUDGED


def _figures(area: Area, found: Sequence[Standing]) -> Iterator[Told]:
    """Yield the counts on top, each with where its counties are listed."""
    counted, resources = Counter(map(_verdict, found)), Counter(map(_resources, found))
    yield {
        "title": "县（旗）",
        "value": len(found),
        "note": f"有正式评估 {len(found) - counted[UNJUDGED]} 个",
        "url": "",
    }
    for show, label in SHOWS.items():
        note = "" if show == UNJUDGED else f"资源配置{label} {resources[show]} 个"
        url = f"{_url(area)}?show={show}#counties" if counted[show] else ""
        yield {"title": label, "value": counted[show], "note": note, "url": url}


def _resources(one: Standing) -> str:
    return one.run.summary["resources"] if one.official else UNJUDGED


def _row(scope: Scope, one: Standing, rules: Answer) -> Told:
    known: Told = {"county": one.county, "review": one.review, "since": one.since, "run": one.run}
    if one.run is None:
        return known
    told = one.run.summary
    statuses = Counter(told["indicators"].values())
    return known | {
        "url": _run_url(scope, one),
        "resources": told["resources"],
        "stages": [_passing(told["stages"].get(stage)) for stage in rules["stages"]],
        "over": "、".join(f"{rules['stages'].get(stage, stage)}{id}" for stage, id in _over(told)),
        "failing": "、".join(id for id, status in told["indicators"].items() if status == "fail"),
        "open": statuses["undetermined"],
    }


def _run_url(scope: Scope, one: Standing) -> str:
    """Return where the county's run can be read; nothing where the reader may not."""
    if not allowed("assessment.view", scope, one.county):
        return ""
    url = reverse("assessment:overview", args=[one.county.code])
    return url if one.official else f"{url}?run={one.run.code}"


def _passing(stage: Answer | None) -> str:
    return f"{stage['passed']}/{stage['sections']}" if stage else NONE


def _over(told: Answer) -> Iterator[tuple[str, str]]:
    for stage, own in told["stages"].items():
        yield from ((stage, id) for id, one in own["spreads"].items() if one["status"] == "fail")


def _items(official: Sequence[Standing], rules: Answer) -> Iterator[Item]:
    """Yield the spreads stage by stage and the other requirements, in the document's order."""
    for stage, title in rules["stages"].items():
        for id, one in rules["indicators"].items():
            yield Item(f"{title} {id} 差异系数", one["name"], list(_of_spread(official, stage, id)))
    for id, one in rules["requirements"].items():
        statuses = ((each.county, each.run.summary["indicators"].get(id)) for each in official)
        found = [(county, status) for county, status in statuses if status]
        if found or not official:
            yield Item(id, one["name"], found)


def _of_spread(official: Iterable[Standing], stage: str, id: str) -> Iterator[tuple[Area, str]]:
    for one in official:
        if spread := _spread_of(one.run, stage, id):
            yield one.county, spread["status"]


def _spread_of(run: Run, stage: str, id: str) -> Answer | None:
    return run.summary["stages"].get(stage, {}).get("spreads", {}).get(id)


def _spreads(official: Sequence[Standing], rules: Answer) -> Told:
    """Return the spreads of every county with an official run, stage by stage."""
    columns = [(stage, id) for stage in rules["stages"] for id in rules["indicators"]]
    decimals = rules["display"]["spread_decimals"]
    rows = [
        {
            "county": one.county,
            "cells": [_cell(_spread_of(one.run, *column), decimals, column, rules) for column in columns],
        }
        for one in official
    ]
    return {"rows": rows, "heads": [f"{rules['stages'][stage]} {id}" for stage, id in columns]}


def _cell(spread: Answer | None, decimals: int, column: tuple[str, str], rules: Answer) -> Told:
    if spread is None:
        return {"told": NONE}
    word, sign, tone = STATUSES[spread["status"]]
    stage, id = column
    about = f"{rules['stages'][stage]} {id}：{word}，上限 {jh.shown(spread['cv_limit'], decimals)}"
    return {"told": spread_told(spread, decimals), "word": word, "sign": sign, "tone": tone, "about": about}


def _bases(official: Sequence[Standing]) -> list[str]:
    """Return on what the counties were judged, where it is not the same for all: document, day and basis."""
    found = Counter(
        (one.run.rules.standard, str(one.run.as_of), one.run.snapshot.get_basis_display()) for one in official
    )
    return [] if len(found) < 2 else [f"{'，'.join(key)}：{many} 个县" for key, many in sorted(found.items())]
