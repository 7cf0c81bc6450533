"""Names under which schools come in files, each said once by a person: written down with who and when."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.schools import School, SchoolAlias
from junheng_web.organisation.scopes import Scope

LONGEST_NAME = 120


@transaction.atomic
def alias_confirm(*, by: Scope, school: School, name: str, kind: str = "statistics") -> SchoolAlias:
    """Say that a name, or a code, in files means a school (P12); the same again changes nothing.

    Raises ValidationError where it means another school already, or is longer than a name.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError(f"校名是空的，或超过 {LONGEST_NAME} 个字")
    if other := _meant(school, name):
        raise ValidationError(f"“{name}”已经是“{other}”，不能又是“{school}”；确实弄错了，请先撤销原来的")
    known = {"school": school, "kind": kind, **audit.signed(by)}
    alias, new = SchoolAlias.objects.get_or_create(county=school.county, name=name, defaults=known)
    if new:
        audit.record("alias.confirm", by=by, county=school.county, of=("school", school.code), name=name)
    return alias


def _meant(school: School, name: str) -> School | None:
    """Return the other school of the county that a name or code means already."""
    own = School.objects.of(school.county).exclude(id=school.id)
    return (own.filter(aliases__name=name) | own.filter(code=name)).first()


@transaction.atomic
def alias_withdraw(*, by: Scope, alias: SchoolAlias) -> None:
    """Take back that a name means a school; what was imported under it stays, and so does who said it."""
    audit.record("alias.withdraw", by=by, county=alias.county, of=("school", alias.school.code), name=alias.name)
    alias.delete()
