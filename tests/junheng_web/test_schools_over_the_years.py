"""A school is what it was on the day that one asks about: its name and type then, and whether it stood at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from junheng_web.organisation.models import AuditRow, Event, School, SchoolAlias
from junheng_web.organisation.school_services import (
    school_close,
    school_merge,
    school_open,
    school_rename,
    school_retype,
)
from junheng_web.organisation.schools import schools_on
from next_year import county

pytestmark = pytest.mark.django_db
CODE = "1506990003"
YEARS = {year: dt.date(year, 9, 1) for year in range(2024, 2029)}


def school(code: str = CODE) -> School:
    return School.objects.get(county=county(), code=code)


def was(year: int, code: str = CODE) -> tuple[str, str] | None:
    """Return what a school was called and what type it was in a year; None where it did not stand."""
    found = schools_on(county(), YEARS[year], [code])
    return (found[0].name, found[0].school_type) if found else None


def test_each_year_keeps_the_name_and_type_that_it_had() -> None:
    """However often the school changes later."""
    first = school().name
    school_rename(by=None, school=school(), name="虚构新名小学", day=YEARS[2026])
    school_retype(by=None, school=school(), school_type="nine_year", day=YEARS[2026])
    school_rename(by=None, school=school(), name="虚构九年制学校", day=YEARS[2027])
    assert was(2025) == (first, "primary")
    assert was(2026) == ("虚构新名小学", "nine_year")
    assert was(2027) == was(2028) == ("虚构九年制学校", "nine_year")
    assert set(SchoolAlias.objects.filter(school=school()).values_list("name", flat=True)) == {first, "虚构新名小学"}


def test_a_school_stands_from_its_first_day_to_its_last() -> None:
    """A new one not before, a closed and a merged one not after."""
    school_open(by=None, county=county(), code="9", name="虚构新校", school_type="junior", day=YEARS[2026])
    school_close(by=None, school=school(), day=YEARS[2026])
    school_merge(by=None, school=school("1506990004"), into=school("9"), day=YEARS[2027])
    assert [was(year, "9") is not None for year in (2025, 2026)] == [False, True]
    assert [was(year) is not None for year in (2025, 2026)] == [True, False]
    assert [was(year, "1506990004") is not None for year in (2026, 2027)] == [True, False]


def test_a_name_that_is_free_again_may_be_taken() -> None:
    """A closed school's name is nobody's; one that stands keeps its own."""
    name = school().name
    with pytest.raises(ValidationError, match="已经有一所学校叫"):
        school_rename(by=None, school=school("1506990004"), name=name, day=YEARS[2026])
    school_close(by=None, school=school(), day=YEARS[2026])
    school_rename(by=None, school=school("1506990004"), name=name, day=YEARS[2026])
    assert was(2026, "1506990004") == (name, "primary")


def test_each_change_is_written_down_and_announced() -> None:
    """Who, in which post, from when; rooms above hear of it."""
    school_rename(by=acting("office"), school=school(), name="虚构新名小学", day=YEARS[2026])
    (change,) = school().changes.all()
    assert (change.kind, change.day, change.after) == ("renamed", YEARS[2026], "虚构新名小学")
    assert change.by_post == "创建办主任"
    assert AuditRow.objects.filter(action="school.renamed", object_code=CODE).count() == 1
    assert Event.objects.filter(kind="school.renamed", object_code=CODE).count() == 1
