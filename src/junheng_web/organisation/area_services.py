"""Counties, the areas above them and who looks on from there: written down by whoever installs the platform."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from junheng_web.organisation import audit
from junheng_web.organisation.account_services import account_open
from junheng_web.organisation.areas import Area
from junheng_web.organisation.codes import next_code
from junheng_web.organisation.people import Appointment, Post
from junheng_web.organisation.roles import Role
from junheng_web.organisation.staffing import person_add

# GB/T 2260: province, prefecture and county in two digits each.
CODE = re.compile(r"[1-9]\d{5}")


@transaction.atomic
def county_add(
    *, code: str, name: str, above: tuple[str, str] | None = None, province: tuple[str, str] | None = None
) -> Area:
    """Write down a county, and the league or city and the province above it (code, name) where they are not known yet.

    Raises ValidationError for a code that is not of GB/T 2260, one that is taken, or an area above of another name or
    elsewhere.
    """
    if Area.objects.filter(code=code).exists():
        raise ValidationError(f"代码 {code} 已经有了：{Area.objects.get(code=code)}")
    parent = _above(Area.Kind.PROVINCE, *province) if province else None
    parent = _above(Area.Kind.LEAGUE, *above, parent) if above else parent
    county = _sound(Area(code=code, name=name.strip(), kind=Area.Kind.COUNTY, parent=parent))
    county.save()
    audit.record("county.add", by=None, county=county, of=("area", code), name=county.name, above=str(parent or ""))
    return county


def _above(kind: Area.Kind, code: str, name: str, parent: Area | None = None) -> Area:
    known = Area.objects.filter(code=code).select_related("parent").first()
    if known is None:
        new = _sound(Area(code=code, name=name.strip(), kind=kind, parent=parent))
        new.save()
        return new
    if known.name != name.strip() or known.kind != kind:
        told = f"代码 {code} 是{known.get_kind_display()}“{known}”，不是{kind.label}“{name}”"
        raise ValidationError(f"{told}；请核对代码和名称")
    return _within(known, parent)


def _within(league: Area, province: Area | None) -> Area:
    """Return a league that was known, in its province: now, if none was written down with it."""
    if province is not None and league.parent is None:
        league.parent = province
        league.save(update_fields=["parent"])
    if province is not None and league.parent_id != province.id:
        raise ValidationError(f"{league}已写明属于{league.parent}，不属于{province}；请核对代码和名称")
    return league


@transaction.atomic
def viewer_add(*, area: Area, name: str, username: str) -> str:
    """Let somebody look at the counties below an area above them, and return the account's initial password.

    People belong to counties: this one is written down in the first county below, whose administrator has no say over
    the account. Raises ValidationError where there is no county below, or for a name or username that will not do.
    """
    county = Area.objects.filter(Q(parent=area) | Q(parent__parent=area), kind=Area.Kind.COUNTY).first()
    if county is None:
        raise ValidationError(f"{area}下面还没有县（旗）；请先用 junheng-web county 建县，并用 --above 写明所属盟市")
    person = person_add(by=None, county=county, name=name)
    password = account_open(by=None, person=person, username=username)
    code = next_code(Post.objects.filter(area=area), "viewer")
    post = Post.objects.create(area=area, code=code, name=f"{area}查看", role=Role.AREA_VIEWER)
    Appointment.objects.create(post=post, person=person, start=timezone.localdate())
    audit.record("area.viewer_add", by=None, county=county, of=("post", code), area=area.code, person=person.name)
    return password


def _sound(area: Area) -> Area:
    if not CODE.fullmatch(area.code):
        raise ValidationError(f"{area.code} 不是行政区划代码：要六位数字（GB/T 2260），例如 150624")
    area.full_clean(exclude=["parent"])
    return area
