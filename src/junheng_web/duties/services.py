"""Writes of the room: a duty comes in, is changed, ends; a unit's way of being written is said; a report is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from junheng_web.duties.dues import slot
from junheng_web.duties.models import LONGEST, LONGEST_REASON, Bearer, Duty, DutyVersion, Report, UnitName
from junheng_web.duties.selectors import may_report, own_units
from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

State = Report.State


class Stale(Exception):
    """Somebody else wrote meanwhile; what was typed is not thrown away, and what stands now is shown beside it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a duty says, which indicators it is about, and how often it is reported on and why (P4)."""

    text: str
    indicators: tuple[str, ...] = ()
    cadence: str = ""
    since: dt.date | None = None
    due_days: int = 5
    why: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a duty comes from: the kind, above what it stands, and where the document prints it."""

    kind: str
    heading: str
    source: str = ""
    place: str = ""


def held(county: Area) -> None:
    """Hold a county's duties and table until the transaction ends, so that what is written has an order."""
    Area.objects.select_for_update().get(id=county.id)


@transaction.atomic
def duty_add(*, by: Scope | None, county: Area, origin: Origin, asked: Asked, units: Iterable[Unit]) -> Duty:
    """Take in a duty of some units: what is printed is kept word for word.

    Raises ValidationError where it says nothing, no unit bears it, or reports are asked without a reason.
    """
    bearing = list(units)
    asked_checked(asked)
    if not bearing:
        raise ValidationError("请选至少一个单位：没有单位的职责没有人办")
    held(county)
    last = Duty.objects.of(county).aggregate(number=Max("number"), place=Max("place"))
    told = asdict(asked) | {"indicators": list(asked.indicators)}
    told |= {"kind": origin.kind, "heading": origin.heading, "source": origin.source, "source_place": origin.place}
    told |= {"number": (last["number"] or 0) + 1, "place": (last["place"] or 0) + 1}
    printed = asked.text if origin.kind == Duty.Kind.PRINTED else ""
    duty = Duty.objects.create(county=county, printed=printed, **told)
    for unit in bearing:
        Bearer.objects.create(county=county, duty=duty, unit=unit)
    _version(by, duty, "")
    names = [unit.name for unit in bearing]
    audit.record("duty.add", by=by, county=county, of=("duty", str(duty.number)), text=asked.text, units=names)
    return duty


def asked_checked(asked: Asked) -> None:
    """Raise ValidationError where a duty says nothing or too much, or asks for reports without why and since when."""
    if not asked.text.strip() or len(asked.text) > LONGEST:
        raise ValidationError(f"请写职责的内容，不超过 {LONGEST} 个字")
    if asked.cadence and not asked.why.strip():
        raise ValidationError("要各单位定期报，就要写明为什么要报（填在“为什么要报”里）")
    if asked.cadence and asked.since is None:
        raise ValidationError("要各单位定期报，就要写明从哪天起报")


def content(duty: Duty) -> Asked:
    """Return what a duty says and asks for today."""
    told = {name: getattr(duty, name) for name in Asked.__dataclass_fields__}
    return Asked(**told | {"indicators": tuple(duty.indicators)})


def _version(by: Scope | None, duty: Duty, why: str) -> None:
    told = asdict(content(duty)) | {"since": duty.since.isoformat() if duty.since else ""}
    told |= {"ended": duty.ended.isoformat() if duty.ended else ""}
    more = {"told": told, "why": why, **audit.signed(by)}
    DutyVersion.objects.create(county=duty.county, duty=duty, revision=duty.revision, **more)


def _locked(duty: Duty, revision: int) -> Duty:
    """Return the duty, held until the transaction ends. Raises Stale where it is not the revision that was read."""
    own = Duty.objects.select_for_update(of=("self",)).select_related("county").get(id=duty.id)
    if own.revision != revision:
        raise Stale(
            f"您打开以后，{own.versions.first().by_name or '别人'}改了这条职责；您写的还在下面，请对照着再存一次"
        )
    return own


@transaction.atomic
def duty_edit(*, by: Scope, duty: Duty, asked: Asked, why: str, revision: int) -> Duty:
    """Change what a duty says or asks for; what it said before stays in its history, and so does the printed text.

    Raises Stale where another change came first, ValidationError as `duty_add` does, or where it does not say why.
    """
    asked_checked(asked)
    own = _locked(duty, revision)
    if content(own) == asked:
        return own
    if asked.text != own.text and not why.strip():
        raise ValidationError("改了职责的文字，要写明为什么改")
    for name, value in (asdict(asked) | {"indicators": list(asked.indicators)}).items():
        setattr(own, name, value)
    _kept(by, own, why)
    audit.record("duty.edit", by=by, county=own.county, of=("duty", str(own.number)), text=own.text, why=why)
    return own


def _kept(by: Scope | None, duty: Duty, why: str) -> None:
    duty.revision += 1
    duty.save()
    _version(by, duty, why.strip()[:LONGEST_REASON])


@transaction.atomic
def duty_end(*, by: Scope | None, duty: Duty, day: dt.date, why: str, revision: int) -> Duty:
    """Say from which day on a duty holds no longer: nothing is asked any more, and all of it stays readable.

    Raises Stale where another change came first, ValidationError where it has ended or nothing says why.
    """
    own = _locked(duty, revision)
    if own.ended is not None:
        raise ValidationError(f"这条职责 {own.ended:%Y-%m-%d} 已经停止")
    if not why.strip():
        raise ValidationError("请写停止的原因")
    own.ended, own.ended_because = day, why.strip()[:LONGEST_REASON]
    _kept(by, own, own.ended_because)
    told = {"day": day.isoformat(), "why": own.ended_because}
    audit.record("duty.end", by=by, county=own.county, of=("duty", str(own.number)), **told)
    return own


@transaction.atomic
def unit_name_set(*, by: Scope | None, county: Area, unit: Unit, part: str, name: str, note: str = "") -> UnitName:
    """Say how a part of a document writes a unit; the same again changes nothing but the note.

    Raises ValidationError for an empty name.
    """
    name = name.strip()
    if not name:
        raise ValidationError("请写这个单位在文件里的写法")
    known, new = UnitName.objects.get_or_create(county=county, unit=unit, part=part, name=name[:120])
    if new or known.note != note.strip():
        known.note = note.strip()[:LONGEST_REASON]
        known.save(update_fields=["note"])
        audit.record("unit_name.set", by=by, county=county, of=("unit", unit.code), part=part, name=name)
    return known


@transaction.atomic
def unit_name_withdraw(*, by: Scope, name: UnitName) -> None:
    """Take back how a unit is written; who said so stays in the audit."""
    told = {"part": name.part, "name": name.name}
    audit.record("unit_name.withdraw", by=by, county=name.county, of=("unit", name.unit.code), **told)
    name.delete()


@dataclass(frozen=True, slots=True)
class Said:
    """What is reported: the state, words to it, the letter where the office writes it down, and what was read last."""

    state: str
    text: str = ""
    paper: str = ""
    seen: int = 0


@transaction.atomic
def report_make(*, by: Scope, duty: Duty, unit: Unit, period: str, said: Said, today: dt.date) -> Report:
    """Keep what a unit reports on a duty for a period; what was reported before stays, the last one counts.

    Raises PermissionDenied, LookupError where the unit does not bear it or the period is not asked, Stale where another
    report came first, ValidationError where the state is none, "not done" says nothing, or no letter is named.
    """
    if not may_report(by, unit):
        raise PermissionDenied
    own = Duty.objects.select_for_update(of=("self",)).select_related("county").get(id=duty.id)
    if not own.bearers.filter(unit=unit).exists():
        raise LookupError(f"{unit.code} does not bear duty {own.number}")
    slot(own, period, today)
    last = own.reports.filter(unit=unit, period=period).last()
    if (last.id if last else 0) != said.seen:
        raise Stale("您打开以后，别人刚报过这一期；您写的还在下面，对照以后要改再报一次")
    _sayable(by, unit, said)
    told = {"state": said.state, "text": said.text.strip(), "paper": said.paper.strip(), **audit.signed(by)}
    report = Report.objects.create(county=own.county, duty=own, unit=unit, period=period, **told)
    at = {"unit": unit.code, "period": period, "state": said.state}
    audit.record("duty.report", by=by, county=own.county, of=("duty", str(own.number)), **at)
    return report


def on_paper(by: Scope, unit: Unit) -> bool:
    """Whether one writes down for another unit what came on paper."""
    at_home = unit.id in {one.id for one in own_units(by, unit.county)}
    return not at_home and Role.OFFICE in by.roles_in(unit.county)


def _sayable(by: Scope, unit: Unit, said: Said) -> None:
    if said.state not in State.values:
        raise ValidationError("请选这一期的情况")
    if said.state == State.NOT and not said.text.strip():
        raise ValidationError("没有做的，请写一句卡在哪里，好帮着解决")
    if on_paper(by, unit) and not said.paper.strip():
        raise ValidationError("替别的单位代录，请写依据哪一份来件（文号、日期或来电人）")
    if len(said.text) > LONGEST or len(said.paper) > LONGEST_REASON:
        raise ValidationError(f"说明不超过 {LONGEST} 个字，来件不超过 {LONGEST_REASON} 个字")


def evidence_of(duty: Duty, unit: Unit, period: str) -> tuple[str, str]:
    """Return the object to which files of a report are linked."""
    return "duty_report", f"{duty.number}:{unit.code}:{period}"


@transaction.atomic
def report_file_add(
    *, by: Scope, duty: Duty, unit: Unit, period: str, name: str, chunks: Iterable[bytes], today: dt.date
) -> File:
    """Take in a file to a report; it is never asked for (P4). Raises as `report_make` and `file_add` do."""
    if not may_report(by, unit):
        raise PermissionDenied
    slot(duty, period, today)
    of = evidence_of(duty, unit, period)
    file, _ = file_add(by=by, county=duty.county, name=name, chunks=chunks, of=of)
    return file
