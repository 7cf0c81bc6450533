"""Writes of units, posts and people: added, changed, closed. Who holds a post changes in `appointing.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max

from junheng_web.organisation import audit
from junheng_web.organisation.areas import Area
from junheng_web.organisation.codes import code_checked, next_code
from junheng_web.organisation.people import Appointment, Person, Post, Unit
from junheng_web.organisation.permissions import PERMISSIONS, may_sign
from junheng_web.organisation.permissions import SCHOOL as AT_SCHOOL
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

# How somebody is reached: that it changed is written down, and not to what.
REACHED_BY = {"phone", "email"}


@transaction.atomic
def unit_add(*, by: Scope | None, county: Area, name: str, code: str = "", **told: Any) -> Unit:
    """Add a unit, or a desk where `parent` is given; without a place it is the last. Raises ValidationError."""
    code = code_checked(code) if code.strip() else next_code(Unit.objects.of(county), "unit")
    if Unit.objects.of(county).filter(code=code).exists():
        raise ValidationError(f"代码 {code} 已经是另一个单位的；请换一个，或留空由系统编")
    unit = Unit(county=county, code=code, place=_after(county))
    put(unit, {"name": name, **told})
    _sound_unit(unit)
    unit.save()
    audit.record("unit.add", by=by, county=county, of=("unit", code), name=unit.name)
    return unit


@transaction.atomic
def unit_change(*, by: Scope | None, unit: Unit, **told: Any) -> Unit:
    """Change what is known of a unit (name, full_name, kind, parent, place). Raises ValidationError."""
    before = put(unit, told)
    _sound_unit(unit)
    unit.save()
    changed("unit.change", by, unit.county, ("unit", unit.code), unit, before)
    return unit


@transaction.atomic
def unit_close(*, by: Scope | None, unit: Unit, day: dt.date) -> None:
    """Say that a unit is there no more. What it did stays. Raises ValidationError while somebody holds a post in it."""
    of_it = Post.objects.filter(unit__in=[unit, *unit.desks.all()])
    if held := of_it.filter(appointments__in=_running(day)).first():
        raise ValidationError(f"{unit}的“{held}”还有人担任；请先把它交接出去或写明空缺，再撤销单位")
    Unit.objects.filter(id__in=[unit.id, *unit.desks.values_list("id", flat=True)], closed=None).update(closed=day)
    audit.record("unit.close", by=by, county=unit.county, of=("unit", unit.code), day=day.isoformat())


def _running(day: dt.date) -> Any:
    return Appointment.objects.filter(models.Q(end=None) | models.Q(end__gte=day))


def _after(county: Area) -> int:
    last = Unit.objects.of(county).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


def _sound_unit(unit: Unit) -> None:
    if not unit.name:
        raise ValidationError("单位要有名称")
    same = Unit.objects.of(unit.county).filter(closed=None, name=unit.name, parent=unit.parent).exclude(id=unit.id)
    if same.exists():
        raise ValidationError(f"已经有一个单位叫“{unit.name}”；请核对，或写全称")
    if unit.parent is not None and (unit.parent.parent_id or unit.parent_id == unit.id):
        raise ValidationError(f"股室只能直接设在单位里；“{unit.parent}”不能再设股室")
    if unit.parent is not None and unit.id and unit.desks.exists():
        raise ValidationError(f"“{unit}”自己有股室，不能再放到别的单位里")


@transaction.atomic
def post_add(*, by: Scope | None, county: Area, name: str, role: str, code: str = "", **told: Any) -> Post:
    """Add a post, of a unit, a school or a group; it is vacant. Raises ValidationError."""
    code = code_checked(code) if code.strip() else next_code(Post.objects.filter(area=county), "post")
    if Post.objects.filter(area=county, code=code).exists():
        raise ValidationError(f"代码 {code} 已经是另一个岗位的；请换一个，或留空由系统编")
    post = Post(area=county, code=code)
    put(post, {"name": name, "role": role, **told})
    _sound_post(post)
    post.save()
    audit.record("post.add", by=by, county=county, of=("post", code), name=post.name, role=post.role)
    return post


@transaction.atomic
def post_change(*, by: Scope | None, post: Post, **told: Any) -> Post:
    """Change what is known of a post (name, role, unit, school, signs). Who holds it stays. Raises ValidationError."""
    before = put(post, told)
    _sound_post(post)
    post.save()
    changed("post.change", by, post.area, ("post", post.code), post, before)
    return post


def _sound_post(post: Post) -> None:
    if not post.name:
        raise ValidationError("岗位要有名称")
    if post.role not in Role.values:
        raise ValidationError(f"没有“{post.role}”这种岗位；请选{'、'.join(Role.labels)}之一")
    at_school = post.role in AT_SCHOOL
    if at_school and post.school is None:
        raise ValidationError(f"{Role(post.role).label}的岗位要选是哪所学校的")
    if post.school is not None and not at_school:
        raise ValidationError(f"{Role(post.role).label}不是学校的岗位；请不要选学校，或改选校长、学校填报人")
    if not may_sign(post):
        may = "、".join(role.label for role in Role if role in PERMISSIONS["collection.enter"] - AT_SCHOOL)
        raise ValidationError(f"“{post}”不能在单位的表上签：请选它所在的单位，类别选{may}之一，或把签字一项改成“不签”")


@transaction.atomic
def person_add(
    *, by: Scope | None, county: Area, name: str, phone: str = "", email: str = "", code: str = ""
) -> Person:
    """Add somebody; without a code one is made. Raises ValidationError."""
    code = code_checked(code) if code.strip() else next_code(Person.objects.of(county), "person")
    person = Person(county=county, code=code)
    put(person, {"name": name, "phone": phone, "email": email})
    _sound_person(person)
    person.save()
    audit.record("person.add", by=by, county=county, of=("person", code), name=person.name)
    return person


@transaction.atomic
def person_change(*, by: Scope | None, person: Person, **told: Any) -> Person:
    """Change what is known of somebody. How he is reached (phone, email) is not told to the audit. Raises."""
    before = put(person, told)
    _sound_person(person)
    person.save()
    told_before = before | dict.fromkeys(before.keys() & REACHED_BY, "（不记）")
    of = ("person", person.code or str(person.id))
    audit.record("person.change", by=by, county=person.county, of=of, before=told_before)
    return person


def _sound_person(person: Person) -> None:
    if not person.name:
        raise ValidationError("人员要有姓名")
    others = Person.objects.of(person.county).exclude(id=person.id)
    if person.code and others.filter(code=person.code).exists():
        raise ValidationError(f"人员编号 {person.code} 已经是另一个人的；请换一个，或留空由系统编")


def put(row: models.Model, told: dict[str, Any]) -> dict[str, str]:
    """Put values into a row, text without spaces around it, and return what stood there where it is another."""
    before = {}
    for name, given in told.items():
        value = given.strip() if isinstance(given, str) else given
        if getattr(row, name) != value:
            before[name] = _words(getattr(row, name))
            setattr(row, name, value)
    return before


def _words(value: object) -> str:
    return "" if value is None else str(value)


def changed(
    action: str, by: Scope | None, county: Area, of: tuple[str, str], row: models.Model, before: dict[str, str]
) -> None:
    """Write down what was changed in a row, if anything was."""
    if before:
        after = {name: _words(getattr(row, name)) for name in before}
        audit.record(action, by=by, county=county, of=of, before=before, after=after)
