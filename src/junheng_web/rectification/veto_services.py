"""Writes of the veto register: who declares, a declaration with its proof, an incident and what was found out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max

from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.saving import Locked
from junheng_web.duties.dues import slot
from junheng_web.duties.selectors import may_report
from junheng_web.evidence.services import file_add
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit, events
from junheng_web.organisation.models import Area, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification import vetoes
from junheng_web.rectification.models import Incident, IncidentStep, VetoDeclaration, VetoDuty
from junheng_web.rectification.services import Moved

YES = "是"


@transaction.atomic
def duties_set(
    *,
    by: Scope | None,
    county: Area,
    part: str,
    units: Iterable[Unit],
    cadence: str,
    since: dt.date,
    due_days: int = 10,
) -> None:
    """Say which units declare on a veto item, and how often; what was declared stays. Raises LookupError."""
    if part not in vetoes.parts_of(county):
        raise LookupError(f"no veto item {part!r}")
    chosen = list(units)
    VetoDuty.objects.of(county).filter(part=part).exclude(unit__in=chosen).delete()
    told = {"cadence": cadence, "since": since, "due_days": due_days}
    for unit in chosen:
        VetoDuty.objects.update_or_create(county=county, part=part, unit=unit, defaults=told)
    codes = [one.code for one in chosen]
    known = {"units": codes, "cadence": cadence, "since": since.isoformat(), "due_days": due_days}
    audit.record("veto.duties", by=by, county=county, of=("veto", part), **known)


@transaction.atomic
def veto_declare(
    *, by: Scope, duty: VetoDuty, span: str, nothing: bool, text: str, today: dt.date, file: Any = None
) -> VetoDeclaration:
    """Keep what a unit declares on a veto item for a period, with its proof where there is one.

    Raises PermissionDenied, LookupError for no such period, ValidationError where something happened and nothing is
    said of it.
    """
    if not may_report(by, duty.unit):
        raise PermissionDenied
    slot(duty, span, today)
    if not nothing and not text.strip():
        raise ValidationError("有情况的，请写一句在哪里报告的；内容请写进“报告事件”，那里只有领导、办公室看得到")
    home = {post.unit_id for post in by.posts_in(duty.county)}
    behalf = duty.unit_id not in home and not duty.unit.desks.filter(id__in=home).exists()
    told = {"part": duty.part, "unit": duty.unit, "span": span, "nothing": nothing, "text": text.strip()[:400]}
    made = VetoDeclaration.objects.create(county=duty.county, behalf=behalf, **told, **audit.signed(by))
    known = {"span": span, "nothing": nothing, "unit": duty.unit.code, "behalf": behalf}
    audit.record("veto.declare", by=by, county=duty.county, of=("veto", duty.part), **known)
    if file is not None:
        of = (vetoes.KIND, made.code)
        # The name of a file about an incident says what more eyes read in the audit than P6 allows.
        file_add(by=by, county=duty.county, name=file.name, chunks=file.chunks(), of=of, named=nothing)
    return made


@transaction.atomic
def incident_report(*, by: Scope, county: Area, part: str, unit: Unit, day: dt.date, text: str) -> Incident:
    """Report what would be a veto. The leader and the office are told that there is one; its content is no notice.

    Raises PermissionDenied for another unit's report, LookupError for no such item.
    """
    if part not in vetoes.parts_of(county):
        raise LookupError(f"no veto item {part!r}")
    if not may_report(by, unit):
        raise PermissionDenied
    Area.objects.select_for_update().only("id").get(id=county.id)
    number = (Incident.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    told = {"part": part, "unit": unit, "day": day, "text": text.strip()}
    made = Incident.objects.create(county=county, number=number, **told)
    _step(by, made, Incident.State.PENDING, "报告")
    said = f"否决项待核：{vetoes.parts_of(county)[part]}（{made.code}）"
    notice_send(
        by=by, county=county, posts=vetoes.readers(county), key=f"incident:{made.code}", text=said, url=made.url
    )
    events.announce("incident.reported", county=county, of=("incident", made.code))
    return made


@transaction.atomic
def incident_settle(*, by: Scope, incident: Incident, state: str, note: str) -> str:
    """Say what was found out about an incident: confirmed, or not so. A confirmed one is proposed to the ledger.

    Return why the ledger could not take it; nothing where it says so now. Raises PermissionDenied, ValidationError
    without a reason, Moved where it is settled like this already.
    """
    if Role.OFFICE not in by.roles_in(incident.county) or not vetoes.reads_all(by, incident.county):
        raise PermissionDenied
    if not note.strip():
        raise ValidationError("请写核定的依据：谁核的，凭什么")
    held = Incident.objects.select_for_update(of=("self",)).select_related("county", "unit").get(id=incident.id)
    if held.state == state:
        raise Moved(f"{held.code} 已经是“{held.get_state_display()}”：刚有人办过，请刷新页面看看")
    _step(by, held, state, note.strip()[:1000])
    events.announce(f"incident.{state}", county=held.county, of=("incident", held.code))
    return _propose(by, held) if state == Incident.State.CONFIRMED else ""


def _step(by: Scope, incident: Incident, state: str, note: str) -> None:
    incident.state = state
    incident.save(update_fields=["state"])
    row = {"county": incident.county, "incident": incident, "state": state, "note": note}
    IncidentStep.objects.create(**row, **audit.signed(by))
    # What was found stays out of the audit: more eyes read that than P6 allows.
    audit.record(f"incident.{state}", by=by, county=incident.county, of=("incident", incident.code), part=incident.part)


def _propose(by: Scope, incident: Incident) -> str:
    """Put "it happened" into the form that holds the item; where the form is handed in, say whose to send back."""
    key, one = vetoes.cell_of(incident.county, incident.part)
    if one is None:
        return "还没有开学年，填报里没有这一项；开了学年请在填报里改成“是”"
    try:
        with transaction.atomic():
            saved = form_save(by=by, one=one, texts=[(key, YES, None)])
    except Locked as why:
        return f"{one.name}的填报表里这一项还没有改成“是”：{why}"
    return f"填报里没有改成“是”：{saved.problems[key]}" if key in saved.problems else ""
