"""What tests of the registers share: the example county's people, those who see them, and workbooks about them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from junheng import api as jh
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post, Unit
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.registers.models import Register, Row
from junheng_web.registers.saving import Change, Saved, rows_save
from junheng_web.registers.services import row_save
from places import COUNTY

TEACHERS, STAFFING = Register.Name.TEACHERS, Register.Name.STAFFING
# The school of the demonstration's clerk, one of his people, and somebody of another school.
SCHOOL, OTHER = "1506990006", "1506990012"
HERE = f"/c/{COUNTY}/registers/"
COLUMNS = jh.REGISTERS["teachers"].by_name


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def acting(username: str) -> Scope:
    """Return the scope of one of the demonstration's accounts."""
    return scope_of(Account.objects.get(username=username), timezone.localdate())


def row_of(key: str, name: str = TEACHERS) -> Row:
    """Return a row of the example."""
    return Row.objects.get(county__code=COUNTY, register__name=name, key=key)


def somebody(school: str = SCHOOL, **of: Any) -> Row:
    """Return the first person who counts in a school, with some values."""
    rows = Row.objects.filter(county__code=COUNTY, register__name=TEACHERS, gone=False).order_by("key")
    asked = {"census_school_code": school, "teaching_school_code": school, **of}
    return next(row for row in rows if all(row.values.get(name) == value for name, value in asked.items()))


def change(row: Row, **values: Any) -> Change:
    """Return a change of some of a row's values."""
    return Change(row.key, {**row.values, **values}, revision=row.revision)


def put(username: str, one: Change, name: str = TEACHERS) -> Saved:
    """Enter a row, as somebody."""
    return row_save(by=acting(username), county=county(), name=name, change=one)


def put_all(*changes: Change, name: str = TEACHERS) -> Saved:
    """Enter rows, as the platform."""
    return rows_save(by=None, county=county(), name=name, changes=changes)


def book(*rows: Mapping[str, Any], sheet: str = "教师台账", headings: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook with one sheet: a row for each mapping of English names to what is typed."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = openpyxl.Workbook()
    made.active.title = sheet
    labels = headings or {name: column.label for name, column in COLUMNS.items()}
    made.active.append([labels.get(name, name) for name in names])
    for row in rows:
        made.active.append([row.get(name) for name in names])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def handed_in(browser: Client, content: bytes, name: str = "台账.xlsx", register: str = TEACHERS, **more: Any):
    """Hand a workbook in, and return the page that says what it would change."""
    sent = {"file": SimpleUploadedFile(name, content), **more}
    return browser.post(f"{HERE}{register}/import/", sent, follow=True)


def agreed(browser: Client, page):
    """Agree to what a page shows, and return the answer."""
    sent = {"agreed": page.context["plan"].digest}
    return browser.post(f"{page.request['PATH_INFO']}apply", sent, follow=True)


def in_post(unit: str, username: str = "newcomer") -> str:
    """Let somebody work in a unit of the example county, and return the account's name."""
    own = Unit.objects.get(county__code=COUNTY, code=unit)
    post = Post.objects.create(area=county(), code=username, name=f"{own.name}联络员", role="unit_staff", unit=own)
    person = Person.objects.create(county=county(), name="新来的")
    Appointment.objects.create(post=post, person=person, start=timezone.localdate())
    Account.objects.create_user(username, "x", person=person)
    return username
