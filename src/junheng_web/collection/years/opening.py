"""开新学年 (P19): what the office says page by page is kept as a draft; then all of it happens at once, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng.facts.clocks import school_year_of
from junheng_web.collection.ledger.entries import Write
from junheng_web.collection.ledger.locking import period_freeze
from junheng_web.collection.ledger.periods import Ledger, Period, YearDraft
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.services import period_open, year_named
from junheng_web.collection.years.carrying import carried, facts_asked
from junheng_web.collection.years.moving_up import classes_of, highest, moved_up, offered
from junheng_web.organisation import audit
from junheng_web.organisation import school_services as schools
from junheng_web.organisation.areas import Area
from junheng_web.organisation.schools import School, SchoolChange, schools_on
from junheng_web.organisation.scopes import Scope

Kind = SchoolChange.Kind


@dataclass(frozen=True, slots=True)
class SchoolAsked:
    """What is to become of a school from a day on; `other` is a new name, a new type, or the school it goes into."""

    kind: str
    code: str
    day: str
    name: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is said of the year to be opened; days as in ISO 8601, so that it can stand in a draft."""

    counting_date: str
    standard: str
    schools: tuple[SchoolAsked, ...] = ()
    deeds: Mapping[str, str] = field(default_factory=dict)
    classes: bool = True
    last_grades: Mapping[str, int] = field(default_factory=dict)
    cohort: bool = True
    freeze: bool = True

    @property
    def day(self) -> dt.date:
        """The counting date."""
        return dt.date.fromisoformat(self.counting_date)


def last_period(county: Area) -> Period | None:
    """Return the county's newest period, from which the next one goes on."""
    return Period.objects.of(county).select_related("county").order_by("-code").first()


def ledger_before(county: Area) -> Ledger | None:
    """Return the ledger from which values are carried: what was so last year, rather than what was counted."""
    before = last_period(county)
    ledgers = Ledger.objects.select_related("county", "period")
    return before and ledgers.get(period=before, basis=Ledger.Basis.CURRENT)


def period_asked(county: Area, asked: Asked) -> Period:
    """Return the period to be opened, which does not stand in the database yet."""
    return Period(county=county, **year_named(asked.day, asked.standard))


def year_draft(county: Area) -> Asked | None:
    """Return what was said so far of the year to be opened; None where nobody has begun."""
    draft = YearDraft.objects.of(county).first()
    if draft is None:
        return None
    told = dict(draft.asked)
    return Asked(**{**told, "schools": tuple(SchoolAsked(**one) for one in told["schools"])})


@transaction.atomic
def year_draft_save(*, by: Scope, county: Area, asked: Asked) -> None:
    """Keep what is said of the year to be opened. Raises ValidationError where that year is not after the last one."""
    before = last_period(county)
    if before is None or str(school_year_of(asked.day)) <= before.code:
        raise ValidationError(f"统计时点要在{before or '已有学年'}之后；要改已有学年的数，请直接到它的填报页")
    YearDraft.objects.update_or_create(county=county, defaults={"asked": asdict(asked)})
    audit.record("year.draft", by=by, county=county, of=("period", str(school_year_of(asked.day))))


@transaction.atomic
def year_draft_drop(*, by: Scope, county: Area) -> None:
    """Forget what was said of the year to be opened."""
    YearDraft.objects.of(county).delete()
    audit.record("year.drop", by=by, county=county)


def deeds_of(county: Area, asked: Asked) -> dict[str, str]:
    """Return what is done with each fact: as the office said, else as proposed."""
    facts = facts_asked(period_asked(county, asked), set(schools_after(county, asked).values()))
    return {one.name: asked.deeds.get(one.name, one.proposed) for one in facts}


def last_grades_of(county: Area, asked: Asked) -> Mapping[str, int]:
    """Return the last grade of each stage: as the office said, else the highest that any school of the county has."""
    before = ledger_before(county)
    return {**(highest(classes_of(before)) if before else {}), **asked.last_grades}


def schools_after(county: Area, asked: Asked) -> dict[str, str]:
    """Return the schools that will stand on the counting date, code to type, once all that is asked has happened."""
    found = {one.code: one.school_type for one in schools_on(county, asked.day)}
    for one in asked.schools:
        if one.kind in {Kind.CLOSED, Kind.MERGED}:
            found.pop(one.code, None)
        elif one.kind in {Kind.OPENED, Kind.RETYPED}:
            found[one.code] = one.other
    return found


def schools_meant(county: Area, asked: Asked) -> list[School]:
    """Return the schools that a change may be about: those that stand, and those that are to be opened."""
    opened = [School(code=one.code, name=one.name) for one in asked.schools if one.kind == Kind.OPENED]
    before = last_period(county)
    return [*(schools_on(county, before.counting_date) if before else ()), *opened]


def changes_asked(county: Area, asked: Asked) -> Iterator[Change]:
    """Yield what the new year's forms get from the years before."""
    before, period, standing = ledger_before(county), period_asked(county, asked), schools_after(county, asked)
    if before is not None:
        yield from carried(before, period, standing, deeds_of(county, asked))
        if asked.classes:
            yield from moved_up(classes_of(before), standing, last_grades_of(county, asked))
    if asked.cohort:
        yield from offered(period, standing)


@transaction.atomic
def school_change(*, by: Scope, county: Area, one: SchoolAsked) -> None:
    """Let one thing become of a school. Raises ValidationError."""
    day = dt.date.fromisoformat(one.day)
    if one.kind == Kind.OPENED:
        schools.school_open(by=by, county=county, code=one.code, name=one.name, school_type=one.other, day=day)
        return
    school = _school(county, one.code)
    deeds = {
        Kind.CLOSED: schools.school_close,
        Kind.MERGED: lambda **known: schools.school_merge(**known, into=_school(county, one.other)),
        Kind.RENAMED: partial(schools.school_rename, name=one.other),
        Kind.RETYPED: partial(schools.school_retype, school_type=one.other),
    }
    deeds[Kind(one.kind)](by=by, school=school, day=day)


def _school(county: Area, code: str) -> School:
    found = School.objects.of(county).filter(code=code).first()
    if found is None:
        raise ValidationError(f"名册里没有学校标识码 {code}；请从列表里选")
    return found


@transaction.atomic
def schools_try(*, by: Scope, county: Area, asked: Asked) -> None:
    """Raise ValidationError where the schools' changes cannot all happen; nothing of them stays."""
    with transaction.atomic():
        for one in asked.schools:
            school_change(by=by, county=county, one=one)
        transaction.set_rollback(True)


@transaction.atomic
def year_open(*, by: Scope, county: Area, asked: Asked) -> Period:
    """Open the year: schools change, the period stands, its forms hold what is carried, last year is frozen.

    All of it in one transaction. Raises ValidationError where a school cannot change as asked, or somebody has opened
    the year meanwhile.
    """
    # Whoever opens the same year at the same time waits here, and finds the draft gone.
    if YearDraft.objects.select_for_update().of(county).first() is None:
        raise ValidationError("这个学年别人刚刚开好了；请到填报页看")
    before, changes = last_period(county), list(changes_asked(county, asked))
    deeds = deeds_of(county, asked)
    for one in asked.schools:
        school_change(by=by, county=county, one=one)
    period = period_open(by=by, county=county, counting_date=asked.day, standard=asked.standard)
    period.opening = deeds
    period.save(update_fields=["opening"])
    ledger = period.ledgers.select_related("county", "period").get(basis=Ledger.Basis.CURRENT)
    cells_save(by=by, ledger=ledger, changes=changes, kind=Write.Kind.CARRIED)
    if asked.freeze and before is not None and not before.frozen:
        period_freeze(by=by, period=before, frozen=True, note=f"开{period}")
    YearDraft.objects.of(county).delete()
    return period


def with_school(asked: Asked, one: SchoolAsked) -> Asked:
    """Return the same with another change of a school."""
    return replace(asked, schools=(*asked.schools, one))


def without_school(asked: Asked, at: int) -> Asked:
    """Return the same without the change that stands at a place in the list."""
    return replace(asked, schools=tuple(one for place, one in enumerate(asked.schools) if place != at))
