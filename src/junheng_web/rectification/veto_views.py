"""Pages of the veto register: what stands on each item, a declaration, an incident for the few who may read it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.assessment.overview import VETO
from junheng_web.duties.dues import slot
from junheng_web.duties.selectors import desk_of, may_report
from junheng_web.duties.selectors import own_units as own_whole_units
from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.roles import Role
from junheng_web.rectification import veto_services, vetoes
from junheng_web.rectification.models import Incident, VetoDeclaration, VetoDuty
from junheng_web.rectification.services import Moved
from junheng_web.rectification.telling import address
from junheng_web.rectification.veto_forms import DeclareForm, DutiesForm, IncidentForm, SettleForm

UNUSABLE = 422


@permitted("rectification.vetoes")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Every veto item with who declares on it, what is overdue, and whether something is looked into."""
    scope, county = request.scope, request.county
    told = vetoes.register(scope, county, timezone.localdate())
    told |= {name: allowed(f"rectification.{name}", scope, county) for name in ("settle", "incidents", "declare")}
    told["reported"] = list(vetoes.incidents_of(scope, county)) if told["incidents"] else []
    told["parts"] = vetoes.parts_of(county)
    if not told["settle"]:
        told["quiet"] = [row["name"] for row in told["rows"] if _quiet(row)]
        told["rows"] = [row for row in told["rows"] if not _quiet(row)]
    told["staffing"] = allowed("registers.staffing", scope, county)
    told["signs"] = allowed("scrutiny.view", scope, county)
    return render(request, "rectification/register.html", told)


def _quiet(row: dict[str, Any]) -> bool:
    """Whether an item asks nothing of the reader, and says nothing."""
    return not (row["duties"] or row["pending"] or row["confirmed"] or row["signs"])


@permitted("assessment.view")
@require_GET
def banner(request: HttpRequest) -> HttpResponse:
    """That an item is looked into, or confirmed, in one line above a verdict; never what it is about (P6).

    Those outside the county see what is confirmed alone: the rest is a working paper.
    """
    known, parts = vetoes.pending(request.county), vetoes.parts_of(request.county)
    inside = allowed("rectification.view", request.scope, request.county)
    told = {
        "confirmed": [parts[id] for id in parts if id in known[Incident.State.CONFIRMED]],
        "pending": bool(known[Incident.State.PENDING]) and inside,
        "leads": allowed("rectification.vetoes", request.scope, request.county),
    }
    return render(request, "rectification/banner.html", told)


def _part(request: HttpRequest, part: str) -> str:
    parts = vetoes.parts_of(request.county)
    if part not in parts:
        raise Http404
    return parts[part]


@permitted("rectification.settle")
@require_http_methods(["GET", "POST"])
def duties(request: HttpRequest, part: str) -> HttpResponse:
    """Say who declares on an item, and how often."""
    name, county = _part(request, part), request.county
    standing = list(VetoDuty.objects.visible_to(request.scope).of(county).filter(part=part).select_related("unit"))
    form = DutiesForm(list(vetoes.units_offered(county)), request.POST or None, initial=_initial(county, standing))
    if request.method == "POST" and form.is_valid():
        veto_services.duties_set(by=request.scope, county=county, part=part, **form.told)
        messages.success(request, f"已定：{name}由 {len(form.told['units'])} 个单位申报。")
        return redirect("rectification:vetoes", county.code)
    told = {"form": form, "name": name}
    return render(request, "rectification/veto_duties.html", told, status=UNUSABLE if form.errors else 200)


def _initial(county: Any, standing: list[VetoDuty]) -> dict[str, Any]:
    """Return what stands; where nothing does, the units of the matrix are proposed, from today on."""
    if not standing:
        units = desk_of(county, VETO).units
        return {
            "units": [one.code for one in units],
            "cadence": "quarter",
            "since": timezone.localdate().replace(day=1),
        }
    one = standing[0]
    told = {"cadence": one.cadence, "since": one.since, "due_days": one.due_days}
    return {"units": [each.unit.code for each in standing], **told}


@permitted("rectification.declare")
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, part: str, unit: str, span: str) -> HttpResponse:
    """Declare on an item for a period: nothing happened, or something did."""
    name, duty = _part(request, part), _duty(request, part, unit)
    try:
        period = slot(duty, span, timezone.localdate())
    except (LookupError, ValueError):
        raise Http404 from None
    form = DeclareForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _declared(request, duty, span, form):
        happened = form.cleaned_data["happened"] == "yes"
        messages.success(
            request, "已申报。" + ("请接着报告事件：内容只有领导、办公室和本单位看得到。" if happened else "")
        )
        return redirect("rectification:report" if happened else "rectification:vetoes", request.county.code)
    told = {"form": form, "name": name, "duty": duty, "slot": period, **_past(request, duty, span)}
    return render(request, "rectification/declare.html", told, status=UNUSABLE if form.errors else 200)


def _past(request: HttpRequest, duty: VetoDuty, span: str) -> dict[str, Any]:
    """Return what was declared before: its words and files for who may read them, that there was one for the others."""
    past = VetoDeclaration.objects.of(request.county).filter(part=duty.part, unit=duty.unit, span=span)
    rows = list(past.select_related("unit"))
    reads = not rows or vetoes.reads_declaration(request.scope, request.county, rows[0])
    links = links_to(request.county, vetoes.KIND, [rows[0].code]) if rows and reads else []
    return {"past": rows, "reads": reads, "links": links}


def _duty(request: HttpRequest, part: str, unit: str) -> VetoDuty:
    """Return a duty that one may declare on. Raises Http404."""
    found = [
        one for one in vetoes.duties_of(request.scope, request.county) if (one.part, one.unit.code) == (part, unit)
    ]
    if not found or not may_report(request.scope, found[0].unit):
        raise Http404
    return found[0]


def _declared(request: HttpRequest, duty: VetoDuty, span: str, form: DeclareForm) -> bool:
    clean = form.cleaned_data
    told = {"nothing": clean["happened"] == "no", "text": clean["text"], "file": clean["file"]}
    try:
        veto_services.veto_declare(by=request.scope, duty=duty, span=span, today=timezone.localdate(), **told)
    except ValidationError as error:
        form.add_error("text", error)
        return False
    return True


@permitted("rectification.incidents")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report an incident, for one's own unit; the office for any."""
    county, scope = request.county, request.scope
    office = Role.OFFICE in scope.roles_in(county)
    units = list(vetoes.units_offered(county)) if office else own_whole_units(scope, county)
    initial = {"part": request.GET.get("part", ""), "day": timezone.localdate()}
    form = IncidentForm(county, units, timezone.localdate(), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = veto_services.incident_report(by=scope, county=county, **form.told)
        messages.success(request, f"已报告，编号 {made.code}。别人只看到“否决项待核”。")
        return redirect(made.url)
    told = {"form": form, "units": units}
    return render(request, "rectification/report.html", told, status=UNUSABLE if form.errors else 200)


def _incident(request: HttpRequest, number: int) -> Incident:
    """Return an incident whose content one may read; for anybody else there is none. Raises Http404."""
    try:
        return vetoes.incidents_of(request.scope, request.county).get(number=number)
    except Incident.DoesNotExist:
        raise Http404 from None


@permitted("rectification.incidents")
@require_GET
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """An incident, for the leader, the office and the unit that reported it."""
    return _incident_page(request, _incident(request, number), SettleForm())


def _incident_page(request: HttpRequest, one: Incident, form: SettleForm) -> HttpResponse:
    settles = allowed("rectification.settle", request.scope, request.county)
    key, subject = vetoes.cell_of(request.county, one.part)
    told = {
        "incident": one,
        "name": vetoes.parts_of(request.county).get(one.part, one.part),
        "steps": one.steps.all(),
        "form": form if settles else None,
        "confirmed": one.state == Incident.State.CONFIRMED,
        "in_ledger": bool(subject) and vetoes.reported(subject, key),
        "subject": subject,
    }
    return render(request, "rectification/incident.html", told, status=UNUSABLE if form.errors else 200)


@permitted("rectification.settle")
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say what was found out about an incident."""
    one, form = _incident(request, number), SettleForm(request.POST)
    if not form.is_valid():
        return _incident_page(request, one, form)
    try:
        left = veto_services.incident_settle(by=request.scope, incident=one, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("note", error)
        return _incident_page(request, one, form)
    except Moved as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已核定。")
        if left:
            messages.warning(request, left)
    return redirect(address(request.county, "incident", number))
