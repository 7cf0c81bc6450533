"""Writes of the room: a map is kept as a version, or taken down."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.boards.matching import Shape
from junheng_web.boards.models import CountyMap
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope


@transaction.atomic
def map_keep(
    *,
    by: Scope | None,
    county: Area,
    shapes: Sequence[Shape],
    file: str,
    digest: str,
    source: str,
    approval: str = "",
    note: str = "",
) -> CountyMap:
    """Keep a map as the county's newest version. Raises ValidationError without shapes, or without its source."""
    if not shapes:
        raise ValidationError("没有可画的图形")
    if not source.strip():
        raise ValidationError("请写资料来源：边界和点位从哪里来")
    told = {"file": file[:200], "digest": digest, "source": source.strip(), "approval": approval.strip(), "note": note}
    made = _version(by, county, shapes=list(shapes), invented=county.invented, **told)
    audit.record("map.keep", by=by, county=county, of=("map", str(made.number)), file=file[:200], digest=digest)
    return made


@transaction.atomic
def map_withdraw(*, by: Scope, county: Area, note: str) -> CountyMap:
    """Take the map down: what stood stays as a version. Raises ValidationError without one, or without a reason."""
    newest = CountyMap.objects.of(county).order_by("-number").first()
    if newest is None or not newest.shapes:
        raise ValidationError("现在没有地图，不用撤下")
    if not note.strip():
        raise ValidationError("请写为什么撤下")
    made = _version(by, county, note=note.strip()[:200])
    audit.record("map.withdraw", by=by, county=county, of=("map", str(newest.number)), note=made.note)
    return made


def _version(by: Scope | None, county: Area, **told: object) -> CountyMap:
    """Add a version; the county is held, so that two at once have two numbers."""
    Area.objects.select_for_update().get(id=county.id)
    newest = CountyMap.objects.of(county).order_by("-number").values_list("number", flat=True).first() or 0
    return CountyMap.objects.create(county=county, number=newest + 1, **told, **audit.signed(by))
