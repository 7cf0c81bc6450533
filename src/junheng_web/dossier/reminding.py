"""Reminders of items of the checklist that are due: three days before, on the day and the day after, once each (P3).

One notice tells an owner of all that is due on the same day. Where nobody was named the office is told: it is for the
office to name somebody, and nobody is guessed (P2).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.owning import Held, tallied
from junheng_web.dossier.states import MISSING
from junheng_web.duties.selectors import told_for
from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Area, Post, School, Unit
from junheng_web.organisation.roles import Role

# How many days are left, and how that is said.
AROUND: Mapping[int, str] = MappingProxyType({3: "还有 3 天截止", 0: "今天 24:00 截止", -1: "昨天已经截止"})
# What still has to be handed in: nothing was, or what was came back.
LACKING = (MISSING, Paper.State.RETURNED)
AT_SCHOOL = (Role.SCHOOL_HEAD, Role.SCHOOL_CLERK)
Owner = Unit | School | None


def remind(today: dt.date) -> int:
    """Remind whoever has not handed in what is due around `today`; return how many posts were told."""
    return sum(_remind(today, left, said) for left, said in AROUND.items())


def _remind(today: dt.date, left: int, said: str) -> int:
    due = today + dt.timedelta(left)
    items = list(Item.objects.filter(due=due, ended=None).select_related("county", "unit", "school"))
    counties = {one.county_id: one.county for one in items}
    return sum(
        _tell(county, owner, own, f"{due}:{left}", said)
        for county in counties.values()
        for owner, own in _owed(county, [one for one in items if one.county_id == county.id]).items()
    )


def _owed(county: Area, items: Sequence[Item]) -> dict[Owner, list[Held]]:
    """Return what is not handed in of some items, by whose it is today."""
    tallies: dict[int, dict[str, int]] = {}
    papers = Paper.objects.of(county).filter(item__in=items).order_by()
    for item, state, many in papers.values_list("item", "state").annotate(many=Count("id")):
        tallies.setdefault(item, {})[state] = many
    found: dict[Owner, list[Held]] = {}
    for one in tallied(county, items, tallies):
        if one.state in LACKING:
            found.setdefault(one.owner, []).append(one)
    return found


def _tell(county: Area, owner: Owner, own: Sequence[Held], when: str, said: str) -> int:
    first = own[0].item
    text = f"{said}：{owner or '没有定由谁交'}，佐证清单还有 {len(own)} 项没有交（{first.code} {first.text[:40]}"
    text += "等）" if len(own) > 1 else "）"
    text += "" if owner else "；请先定由谁交"
    key = f"dossier:{_code(owner)}:{when}"
    told = {"key": key, "text": text, "url": _url(county, own)}
    return notice_send(by=None, county=county, posts=_posts(county, owner), mailed=True, **told)


def _code(owner: Owner) -> str:
    return f"{type(owner).__name__.lower()}:{owner.code}" if owner else "nobody"


def _url(county: Area, own: Sequence[Held]) -> str:
    """Return the page of the item, or the list of those that are in the same state as the first."""
    if len(own) == 1:
        return own[0].item.url
    return f"{reverse('dossier:items', args=[county.code])}?{urlencode({'state': own[0].state})}"


def _posts(county: Area, owner: Owner) -> list[Post]:
    if isinstance(owner, Unit):
        return told_for(county, owner)
    every = Post.objects.filter(area=county)
    return list(every.filter(school=owner, role__in=AT_SCHOOL) if owner else every.filter(role=Role.OFFICE))
