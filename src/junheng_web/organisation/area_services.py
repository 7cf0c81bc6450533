"""Counties and the areas above them: written down once, by whoever installs the platform."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.areas import Area

# GB/T 2260: province, prefecture and county in two digits each.
CODE = re.compile(r"[1-9]\d{5}")


@transaction.atomic
def county_add(*, code: str, name: str, above: tuple[str, str] | None = None) -> Area:
    """Write down a county, and the league or city above it (code, name) where that is not known yet.

    Raises ValidationError for a code that is not of GB/T 2260, one that is taken, or an area above of another name.
    """
    if Area.objects.filter(code=code).exists():
        raise ValidationError(f"代码 {code} 已经有了：{Area.objects.get(code=code)}")
    parent = _above(*above) if above else None
    county = _sound(Area(code=code, name=name.strip(), kind=Area.Kind.COUNTY, parent=parent))
    county.save()
    audit.record("county.add", by=None, county=county, of=("area", code), name=county.name, above=str(parent or ""))
    return county


def _above(code: str, name: str) -> Area:
    known = Area.objects.filter(code=code).first()
    if known is None:
        new = _sound(Area(code=code, name=name.strip(), kind=Area.Kind.LEAGUE))
        new.save()
        return new
    if known.name != name.strip() or known.kind != Area.Kind.LEAGUE:
        raise ValidationError(f"代码 {code} 是{known.get_kind_display()}“{known}”，不是盟市“{name}”；请核对代码和名称")
    return known


def _sound(area: Area) -> Area:
    if not CODE.fullmatch(area.code):
        raise ValidationError(f"{area.code} 不是行政区划代码：要六位数字（GB/T 2260），例如 150624")
    area.full_clean(exclude=["parent"])
    return area
