"""Reads of the room: the mappings as they are now, all versions of one, forms that none knows."""

from __future__ import annotations

from junheng.facts.grids import bare
from junheng.facts.mapped.load import mapping_from
from junheng.facts.mapped.model import Mapping as Form
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.statistics.models import Mapping, SeenForm


def mappings_of(county: Area) -> list[Mapping]:
    """Return the last version of each of a county's mappings, by form."""
    last: dict[str, Mapping] = {}
    for one in Mapping.objects.of(county).order_by("form", "code", "-version"):
        last.setdefault(one.code, one)
    return list(last.values())


def forms_of(county: Area) -> list[Form]:
    """Return what the mappings in force say, the newest first: of two that fit, it is taken."""
    rows = sorted((one for one in mappings_of(county) if one.in_force), key=lambda one: one.at, reverse=True)
    return [form_of(one) for one in rows]


def form_of(row: Mapping) -> Form:
    """Return what one version says."""
    return mapping_from(row.content, str(row))


def versions_of(scope: Scope, county: Area, code: str) -> list[Mapping]:
    """Return every version of a mapping, the newest first; nothing for one that is not there."""
    return list(Mapping.objects.visible_to(scope).of(county).filter(code=code).order_by("-version"))


def unmapped_of(county: Area) -> list[SeenForm]:
    """Return the forms that were seen and that no mapping in force knows."""
    known = {bare(text) for one in mappings_of(county) if one.in_force for text in (one.form, one.content["sheet"])}
    return [one for one in SeenForm.objects.of(county) if bare(one.form) not in known]
