"""What tests of the checklist share: the example county's items, and files handed in for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from collected import acting
from junheng_web.dossier.deeds import DEEDS
from junheng_web.dossier.handing import file_hand_in, paper_take
from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.owning import Held
from junheng_web.dossier.selectors import item_named
from junheng_web.dossier.services import Asked, checklist_take, item_change, items_add
from junheng_web.evidence.describing import About
from junheng_web.organisation.models import Area, School, Unit
from places import COUNTY
from who_reads import pdf

HERE = f"/c/{COUNTY}/dossier/"
FORMED = dt.date(2025, 9, 10)


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def taken(due: dt.date | None = None) -> int:
    """Let the office take in the checklist."""
    return checklist_take(by=acting("office"), county=county(), due=due)


def item(indicator: str = "B10", number: int = 1, by: str = "office") -> Held:
    """Return an item as somebody sees it; the checklist is taken in where it is not yet."""
    if not Item.objects.filter(county__code=COUNTY).exists():
        taken()
    return item_named(acting(by), county(), indicator, number)


def given_to(code: str, indicator: str = "B10", number: int = 1) -> Held:
    """Let an item be a unit's."""
    one = item(indicator, number).item
    unit = Unit.objects.get(county=one.county, code=code)
    item_change(by=acting("office"), item=one, asked=Asked(one.text, unit=unit, due=one.due), revision=one.revision)
    return item(indicator, number)


def of_school(code: str, indicator: str = "B10") -> Held:
    """Add an item for one school."""
    school = School.objects.get(county__code=COUNTY, code=code)
    asked = [Asked("本校平面图", school=school)]
    made = items_add(by=acting("office"), county=county(), indicator=indicator, asked=asked)
    return item(indicator, made[0].number)


def handed(one: Held, by: str = "office", name: str = "佐证.pdf", more: str = "", **told: Any) -> Paper:
    """Hand in a file for an item, formed on a day that holds."""
    told.setdefault("about", About(FORMED, "示例〔2025〕1号", "3 柜 2 盒"))
    seen = item(one.item.indicator, one.item.number, by)
    return file_hand_in(by=acting(by), one=seen, file=pdf(name, more), today=timezone.localdate(), **told)


def stepped(paper: Paper, *deeds: tuple[str, str], note: str = "示例说明") -> Paper:
    """Take a paper through some deeds, each by somebody."""
    for by, name in deeds:
        paper = paper_take(by=acting(by), paper=paper, deed=DEEDS[name], note=note, seen=paper.state)
    return paper


def approved(one: Held, by: str = "fin-staff", name: str = "佐证.pdf", more: str = "") -> Paper:
    """Hand in a file as the item's unit, and let it be reviewed and approved."""
    return stepped(handed(one, by, name, more), ("edu-hr-desk", "review"), ("office", "approve"))
