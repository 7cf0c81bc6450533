"""Names under which schools come in files: written beforehand or confirmed once by a person, with who and when.

Every import asks `names_of` here, so that a name means the same in each of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.organisation import audit
from junheng_web.organisation.schools import School, SchoolAlias
from junheng_web.organisation.scopes import Scope

LONGEST_NAME = 120
Kind = SchoolAlias.Kind


def names_of(schools: Collection[School]) -> dict[str, str]:
    """Return every name of some schools of one county with the code that it means: what each is called, its aliases.

    What two of them are called means that one of them which still stands; else neither, and whoever imports is asked.
    """
    by_id = {one.id: one for one in schools}
    claims = [(one.name, one) for one in schools]
    if schools:
        aliases = SchoolAlias.objects.of(next(iter(schools)).county).values_list("name", "school")
        claims += [(name, by_id[school]) for name, school in aliases if school in by_id]
    claimed: dict[str, dict[str, School]] = {}
    for name, one in claims:
        claimed.setdefault(name, {})[one.code] = one
    found = {name: _meant_by(list(own.values())) for name, own in claimed.items()}
    return {name: code for name, code in found.items() if code}


def _meant_by(claiming: list[School]) -> str:
    standing = [one for one in claiming if one.closed is None]
    alone = claiming if len(claiming) == 1 else standing
    return alone[0].code if len(alone) == 1 else ""


@transaction.atomic
def alias_confirm(*, by: Scope, school: School, name: str, kind: str = Kind.STATISTICS) -> SchoolAlias:
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
    """Return the other school of the county that a name or code means already, or that stands under that name."""
    own = School.objects.of(school.county).exclude(id=school.id)
    if school.name != name and (called := own.filter(name=name, closed=None).first()):
        return called
    return (own.filter(aliases__name=name) | own.filter(code=name)).first()


@transaction.atomic
def aliases_write(*, by: Scope, school: School, kind: str, names: Sequence[str]) -> list[SchoolAlias]:
    """Write other names of a school before any file comes with them, all of them or none; return those that are new.

    Raises ValidationError with what is wrong of each name.
    """
    known = set(school.aliases.values_list("name", flat=True))
    wrong, made = [], []
    for name in dict.fromkeys(names):
        if name in {school.name, school.code}:
            wrong.append(f"“{name}”就是这所学校的名称或标识码，不用写")
            continue
        try:
            alias = alias_confirm(by=by, school=school, name=name, kind=kind)
        except ValidationError as why:
            wrong += why.messages
        else:
            made += [alias] if name not in known else []
    if wrong:
        raise ValidationError(wrong)
    return made


@transaction.atomic
def alias_withdraw(*, by: Scope, alias: SchoolAlias) -> None:
    """Take back that a name means a school; what was imported under it stays, and so does who said it."""
    audit.record("alias.withdraw", by=by, county=alias.county, of=("school", alias.school.code), name=alias.name)
    alias.delete()
