"""The calendar: written as a whole, version by version, and read as days left (P18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.schedule import Calendar, Milestone
from junheng_web.supervision.selectors import is_office

# What a new calendar begins with: the steps of the application, as 《办法》 and its practice name them; days are local.
USUAL = ("自评", "盟市复核", "自治区评估", "网上提交", "质量监测", "认可度调查", "集中汇审或核查", "公示", "年度监测")


@transaction.atomic
def calendar_save(
    *, by: Scope | None, county: Area, year: int, rows: Iterable[Mapping[str, Any]], note: str = "", version: int = 0
) -> Calendar:
    """Write a new version of a year's calendar; `version` is the one that it was made from (0: none).

    Raises PermissionDenied, ValidationError for no line, a line that ends before it begins, or a newer version.
    """
    if by is not None and not is_office(by, county):
        raise PermissionDenied
    found = [row for row in rows if str(row.get("name", "")).strip()]
    _check(found)
    Area.objects.select_for_update().get(id=county.id)
    last = Calendar.objects.of(county).filter(year=year).aggregate(last=Max("version"))["last"] or 0
    if last != version:
        raise ValidationError(f"{year} 年度的日程已经有第 {last} 版，您改的是第 {version} 版；请核对以后再保存")
    told = {"year": year, "version": last + 1, "note": note.strip()[:400]}
    calendar = Calendar.objects.create(county=county, **told, **audit.signed(by))
    for place, row in enumerate(found, start=1):
        _line(by, calendar, place, row)
    audit.record("calendar.save", by=by, county=county, of=("calendar", f"{year}:{last + 1}"), lines=len(found))
    return calendar


def _check(rows: list[Mapping[str, Any]]) -> None:
    if not rows:
        raise ValidationError("日程里一行也没有；请至少写一个环节")
    for row in rows:
        if row.get("start") and row.get("end") and row["end"] < row["start"]:
            raise ValidationError(f"“{row['name']}”的截止早于开始；请改其中一个")


def _line(by: Scope | None, calendar: Calendar, place: int, row: Mapping[str, Any]) -> None:
    told = {name: row.get(name) for name in ("start", "end", "owner")}
    words = {"name": str(row["name"]).strip()[:200], "materials": str(row.get("materials", "")).strip()[:2000]}
    Milestone.objects.create(
        county=calendar.county, calendar=calendar, place=place, **told, **words, **audit.signed(by)
    )


def newest(county: Area, year: int | None = None) -> Calendar | None:
    """Return the newest version of the newest year's calendar, or of one year's."""
    found = Calendar.objects.of(county).select_related("county")
    return (found.filter(year=year) if year else found).first()


@dataclass(frozen=True, slots=True)
class Line:
    """A milestone as a day sees it: what is left until it, and in which words."""

    milestone: Milestone
    state: str
    tone: str


def lines(calendar: Calendar, today: dt.date) -> list[Line]:
    """Return the lines of a calendar with the days that are left."""
    return [Line(one, *_left(one, today)) for one in calendar.milestones.select_related("owner")]


def _left(one: Milestone, today: dt.date) -> tuple[str, str]:
    first, last = one.start or one.end, one.end or one.start
    if first is None or last is None:
        return "日期待定", "secondary"
    if today > last:
        return "已过", "secondary"
    if today >= first:
        return f"进行中，还有 {(last - today).days} 天" if last > today else "今天截止", "yellow"
    return f"还有 {(first - today).days} 天", "azure"


def next_milestone(county: Area, today: dt.date) -> Line | None:
    """Return the first milestone of the newest calendar that is not over, for pages that count the days."""
    calendar = newest(county)
    rows = lines(calendar, today) if calendar else []
    return next((one for one in rows if one.tone != "secondary"), None)


def units_by_id(county: Area) -> dict[int, Unit]:
    """Return the county's units by their id."""
    return {unit.id: unit for unit in Unit.objects.of(county)}
