"""Duties of the demonstration: 示例旗's are invented; 鄂托克旗's are those of its document, word for word."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone

from junheng_web.duties.assigning import duties_assign
from junheng_web.duties.dues import slots
from junheng_web.duties.matrix import Set, indicator_set, table_of
from junheng_web.duties.models import Duty, UnitName
from junheng_web.duties.services import Asked, Origin, Said, duty_add, report_make, unit_name_set
from junheng_web.duties.taking import document_take
from junheng_web.organisation.models import Account, Area, Publication, Unit
from junheng_web.organisation.scopes import scope_of

Row = Mapping[str, str]
SOURCE = "示例旗成员单位工作职责（虚构）"
# Reports are asked for since the month before last, so that some are there, some are due and some are late.
MONTHS_BACK = 2


def take_document(county: Area) -> None:
    """Take in what the county has published, as it is printed. Again, it changes nothing."""
    document_take(by=None, county=county, publication=Publication.objects.get(area=county))


def load(county: Area, folder: Path) -> None:
    """Load the invented duties, desks and reports of the tables in the folder. Loading them again changes nothing."""
    if Duty.objects.of(county).exists():
        return
    units = {unit.code: unit for unit in Unit.objects.of(county)}
    today = timezone.localdate()
    for row in _rows(folder / "duties.csv"):
        _duty(county, units, row, _months_before(today, MONTHS_BACK))
    for row in _rows(folder / "duty_reports.csv"):
        _report(county, units, row, today)
    _desks(county, folder)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _months_before(day: dt.date, months: int) -> dt.date:
    month = day.year * 12 + day.month - 1 - months
    return dt.date(month // 12, month % 12 + 1, 1)


def _duty(county: Area, units: Mapping[str, Unit], row: Row, since: dt.date) -> None:
    own = [units[code] for code in row["units"].split()]
    told = {name: row[name] for name in ("text", "cadence", "why", "elsewhere")}
    asked = Asked(**told, indicators=tuple(row["indicators"].split()), since=since if row["cadence"] else None)
    if row["kind"] == Duty.Kind.ASSIGNED:
        duties_assign(by=None, county=county, units=own, asked=[asked], source="创建办增派（虚构）")
        return
    for unit in own:
        unit_name_set(by=None, county=county, unit=unit, part=UnitName.Part.DUTIES, name=row["heading"])
    place = f"“{row['heading']}”一段，第 {row['order']} 句"
    origin = Origin(row["kind"], row["heading"], SOURCE, place)
    duty_add(by=None, county=county, origin=origin, asked=asked, units=own)


def _report(county: Area, units: Mapping[str, Unit], row: Row, today: dt.date) -> None:
    duty = Duty.objects.select_related("county").get(county=county, text=row["text"])
    first = _months_before(today, int(row["months_ago"]))
    period = next(one.code for one in slots(duty, today) if one.first == first)
    by = scope_of(Account.objects.get(username=row["post"]), today)
    said = Said(row["state"], row["said"], row["paper"])
    report_make(by=by, duty=duty, unit=units[row["unit"]], period=period, said=said, today=today)


def _desks(county: Area, folder: Path) -> None:
    for row in _rows(folder / "desks.csv"):
        current = table_of(county)[row["indicator"]]
        asked = Set(current.units, row["lead"], ((row["unit"], row["desk"]),))
        indicator_set(by=None, county=county, indicator=row["indicator"], asked=asked)
