"""What tests of a new school year share: what the office asks for, and the year that comes of it."""

from __future__ import annotations

from typing import Any

from collected import acting
from junheng_web.collection.ledger.subjects import Subject, subject
from junheng_web.collection.ledger.values import Key
from junheng_web.collection.models import Cell, Ledger, Period
from junheng_web.collection.years.opening import Asked, SchoolAsked, year_draft_save, year_open
from junheng_web.organisation.models import Area
from places import COUNTY

DAY = "2026-09-01"
NEXT = f"/c/{COUNTY}/collection/2026/current/"
STEPS = f"/c/{COUNTY}/collection/open/"


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def asked(*schools: SchoolAsked, **more: Any) -> Asked:
    """Return what the office asks for, with the schools that change."""
    return Asked(counting_date=DAY, standard="national-2017", schools=schools, **more)


def opened(*schools: SchoolAsked, **more: Any) -> Period:
    """Open the year after the example's, as the office."""
    one = asked(*schools, **more)
    year_draft_save(by=acting("office"), county=county(), asked=one)
    return year_open(by=acting("office"), county=county(), asked=one)


def ledger(basis: str = "current", code: str = "2026") -> Ledger:
    """Return a ledger of the new year."""
    found = Ledger.objects.select_related("county", "period")
    return found.get(county__code=COUNTY, period__code=code, basis=basis)


def form(code: str, basis: str = "current", kind: str = "school") -> Subject:
    """Return a form of the new year."""
    return subject(ledger(basis), kind, code)


def cell(key: Key, code: str = "2026") -> Cell | None:
    """Return a cell of a year's current ledger, if there is one."""
    table, row, column = key
    found = Cell.objects.select_related("entry__write", "entry__source__ledger__period")
    return found.filter(ledger=ledger(code=code), table=table, row=row, column=column).first()
