"""Who may read what proves that an issue is settled, and what came with a declaration on a veto item."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification import telling, vetoes
from junheng_web.rectification.models import VetoDeclaration
from junheng_web.rectification.selectors import issues_of, own_units, sees_all

Links = QuerySet[Link]


@read_by(telling.KIND, "整改")
def of_issues(scope: Scope, county: Area, links: Links) -> Links:
    """Proof is for whoever sees the issue."""
    if not allowed("rectification.view", scope, county):
        return links.none()
    return links.filter(object_code__in=[one.code for one in issues_of(scope, county)])


@read_by(vetoes.KIND, "否决项申报")
def of_declarations(scope: Scope, county: Area, links: Links) -> Links:
    """What came with a declaration is for the unit that declared, and for who sees every unit's.

    Where it says that something happened, it may be the incident itself: then an incident's few readers alone (P6).
    """
    if not allowed("rectification.vetoes", scope, county):
        return links.none()
    made = VetoDeclaration.objects.visible_to(scope).of(county).select_related("unit")
    own = {one.code for one in made.filter(unit__in=own_units(scope, county))}
    if sees_all(scope, county):
        own |= {one.code for one in made} - vetoes.told_apart(county)
    if vetoes.reads_all(scope, county):
        own |= vetoes.told_apart(county)
    return links.filter(object_code__in=own)
