"""Writes of the register of schools: from a day on one is there, gone, part of another, renamed, of another type."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.facts.schema import SCHOOL_TYPES
from junheng_web.organisation import audit, events
from junheng_web.organisation.areas import Area
from junheng_web.organisation.people import Unit
from junheng_web.organisation.schools import School, SchoolAlias, SchoolChange
from junheng_web.organisation.scopes import Scope

Kind = SchoolChange.Kind


@transaction.atomic
def school_open(*, by: Scope | None, county: Area, code: str, name: str, school_type: str, day: dt.date) -> School:
    """Enter a school that stands from a day on. Raises ValidationError where its code or name is another school's."""
    code, name = code.strip(), name.strip()
    if not code or not name:
        raise ValidationError("新设学校要填学校标识码和名称")
    if School.objects.of(county).filter(code=code).exists():
        raise ValidationError(f"学校标识码 {code} 已经在名册里；同一所学校不要登记两次")
    _name_free(county, name, day)
    _type_known(school_type)
    school = School.objects.create(county=county, code=code, name=name, school_type=school_type, opened=day)
    _written_down(by, school, Kind.OPENED, day, after=name)
    return school


@transaction.atomic
def school_close(*, by: Scope | None, school: School, day: dt.date) -> None:
    """Say that a school stands no more from a day on. Raises ValidationError where it was closed before."""
    _still_open(school, day)
    school.closed = day
    school.save(update_fields=["closed"])
    _written_down(by, school, Kind.CLOSED, day, before=school.name)


@transaction.atomic
def school_merge(*, by: Scope | None, school: School, into: School, day: dt.date) -> None:
    """Say that a school has become a part of another one from a day on. Raises ValidationError where it cannot."""
    _still_open(school, day)
    _still_open(into, day)
    if school.id == into.id:
        raise ValidationError(f"{school.name}不能并入自己；请选另一所学校")
    school.closed, school.merged_into = day, into
    school.save(update_fields=["closed", "merged_into"])
    _written_down(by, school, Kind.MERGED, day, before=school.name, after=into.name)


@transaction.atomic
def school_rename(*, by: Scope | None, school: School, name: str, day: dt.date) -> None:
    """Give a school another name from a day on; the former one stays an alias. Raises ValidationError."""
    name, before = name.strip(), school.name
    _still_open(school, day)
    if not name or name == before:
        raise ValidationError(f"{before}更名要填新的名称")
    _name_free(school.county, name, day, school)
    school.name = name
    school.save(update_fields=["name"])
    SchoolAlias.objects.get_or_create(
        county=school.county, name=before, defaults={"school": school, "kind": SchoolAlias.Kind.FORMER}
    )
    _written_down(by, school, Kind.RENAMED, day, before=before, after=name)


@transaction.atomic
def school_retype(*, by: Scope | None, school: School, school_type: str, day: dt.date) -> None:
    """Say that a school is of another type from a day on. Raises ValidationError."""
    before = school.school_type
    _still_open(school, day)
    _type_known(school_type)
    if school_type == before:
        raise ValidationError(f"{school.name}已经是{SCHOOL_TYPES[before]}；请选另一种类型")
    school.school_type = school_type
    school.save(update_fields=["school_type"])
    _written_down(by, school, Kind.RETYPED, day, before=before, after=school_type)


@transaction.atomic
def school_move(*, by: Scope | None, school: School, town: Unit | None, day: dt.date) -> None:
    """Say in which town a school is from a day on (None: in none). Raises ValidationError."""
    _still_open(school, day)
    if school.town == town:
        raise ValidationError(f"{school.name}已经{f'在{town}' if town else '没有写苏木镇'}；请选另一个")
    before, school.town = school.town, town
    school.save(update_fields=["town"])
    _written_down(by, school, Kind.MOVED, day, before=str(before or ""), after=str(town or ""))


@transaction.atomic
def school_join(*, by: Scope | None, school: School, main: School | None, day: dt.date) -> None:
    """Say of which school one is a campus from a day on (None: of none any more). Raises ValidationError."""
    _still_open(school, day)
    if main is not None:
        _still_open(main, day)
        if main.id == school.id or main.campus_of_id or school.campuses.exists():
            raise ValidationError(f"{school.name}不能是{main.name}的校区：校区不能再有校区，也不能是自己的校区")
    if school.campus_of == main:
        raise ValidationError(f"{school.name}已经{f'是{main}的校区' if main else '不是校区'}；没有改动")
    before, school.campus_of = school.campus_of, main
    school.save(update_fields=["campus_of"])
    kind = Kind.JOINED if main else Kind.PARTED
    _written_down(by, school, kind, day, before=before.name if before else "", after=main.name if main else "")


def _still_open(school: School, day: dt.date) -> None:
    if school.closed is not None and school.closed <= day:
        raise ValidationError(f"{school.name}自 {school.closed} 起已经撤并，不能再变动")


def _type_known(school_type: str) -> None:
    if school_type not in SCHOOL_TYPES:
        raise ValidationError(f"没有“{school_type}”这种学校类型；请选{'、'.join(SCHOOL_TYPES.values())}之一")


def _name_free(county: Area, name: str, day: dt.date, own: School | None = None) -> None:
    if School.objects.of(county).on(day).filter(name=name).exists():
        raise ValidationError(f"已经有一所学校叫“{name}”；请核对，或在名称里写明校区")
    alias = SchoolAlias.objects.of(county).filter(name=name).exclude(school=own).select_related("school").first()
    if alias is not None:
        raise ValidationError(f"“{name}”现在是“{alias.school}”的别名；请先在“学校的别名”里撤销它，再用这个名称")


def _written_down(
    by: Scope | None, school: School, kind: str, day: dt.date, *, before: str = "", after: str = ""
) -> None:
    county, of = school.county, ("school", school.code)
    told = {"before": before, "after": after}
    SchoolChange.objects.create(county=county, school=school, kind=kind, day=day, **told, **audit.signed(by))
    audit.record(f"school.{kind}", by=by, county=county, of=of, day=day.isoformat(), **told)
    events.announce(f"school.{kind}", county=county, of=of)
