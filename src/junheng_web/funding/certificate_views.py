"""Pages of the schools' certificates: all of them, one with what was said of it, and the workbook out and in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trials
from junheng_web.evidence.selectors import links_to
from junheng_web.evidence.services import file_add
from junheng_web.evidence.trial_views import trial_begun, trial_of
from junheng_web.funding import certificate_book, selectors, telling
from junheng_web.funding.certificates import Kind, kinds, standings_of
from junheng_web.funding.certifying import certificate_set, code_of
from junheng_web.funding.forms import CertificateForm, CertificatesForm
from junheng_web.funding.models import Certificate
from junheng_web.funding.services import Moved
from junheng_web.funding.views import UNUSABLE, rights
from junheng_web.organisation.asking import ask
from junheng_web.organisation.models import School
from junheng_web.organisation.permissions import permitted

PURPOSE = "certificates"


def _schools(request: HttpRequest) -> list[School]:
    return list(selectors.schools_of(request.scope, request.county, timezone.localdate()))


@permitted("funding.view")
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """How every school's certificates stand."""
    schools = _schools(request)
    told = telling.certificates(schools, timezone.localdate())
    return render(request, "funding/certificates.html", {**told, **rights(request)})


def _spot(request: HttpRequest, code: str, kind: str) -> tuple[School, Kind]:
    """Return the school and kind that an address names. Raises Http404."""
    school = next((one for one in _schools(request) if one.code == code), None)
    if school is None or kind not in kinds():
        raise Http404
    return school, kinds()[kind]


@permitted("funding.view")
@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One certificate of a school: how it stands, its files, what was said of it before; and how it is to stand."""
    (school, one), today = _spot(request, code, kind), timezone.localdate()
    may = selectors.may_certify(request.scope, school)
    if request.method == "POST" and not may:
        raise PermissionDenied
    standing = standings_of([school], today)[school.id][kind]
    form = CertificateForm(one, standing.row, request.POST or None, request.FILES or None)

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        _write(request, school, one, form)
        return telling.address(request.county, "certificates"), f"{school}的{one.label}已记。"

    rows = Certificate.objects.visible_to(request.scope).filter(school=school, kind=kind).order_by("-id")
    told = {"school": school, "standing": standing, "rows": rows, "may": may}
    told["links"] = links_to(request.county, telling.CERTIFICATE, [code_of(school, kind)])
    return ask(request, form, act, told, "funding/certificate.html")


def _write(request: HttpRequest, school: School, kind: Kind, form: CertificateForm) -> None:
    """Write what was said, and keep the file beside it. Raises ValidationError."""
    try:
        certificate_set(by=request.scope, school=school, kind=kind.id, today=timezone.localdate(), **form.told)
    except Moved as why:
        raise ValidationError(str(why)) from None
    if file := form.cleaned_data.get("file"):
        of = (telling.CERTIFICATE, code_of(school, kind.id))
        file_add(by=request.scope, county=request.county, name=file.name, chunks=file.chunks(), of=of)


@permitted("funding.view")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the certificates that one sees as a workbook."""
    schools = _schools(request)
    content = certificate_book.workbook(schools, standings_of(schools, timezone.localdate()))
    named = content_disposition_header(True, f"{request.county}-{certificate_book.SHEET}.xlsx")
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": named})


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a workbook and lead to what it would change."""
    form = CertificatesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        trial = trial_begun(request, form.cleaned_data["file"], PURPOSE)
        return redirect("funding:certificates_plan", request.county.code, trial.code)
    status = UNUSABLE if form.errors else 200
    return render(request, "funding/certificates_import.html", {"form": form}, status=status)


def _plan(request: HttpRequest, one: trials.Trial) -> certificate_book.Plan:
    try:
        return certificate_book.plan(_schools(request), one.file, timezone.localdate())
    except jh.Unusable as error:
        return certificate_book.Plan(problems=list(error.problems))


@permitted("funding.manage")
@require_GET
def plan(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what a file would change; where it cannot be used, every reason."""
    one = trial_of(request, trial, PURPOSE)
    made = _plan(request, one)
    status = UNUSABLE if made.problems else 200
    return render(request, "funding/certificates_plan.html", {"trial": one, "plan": made}, status=status)


@permitted("funding.manage")
@require_POST
def apply(request: HttpRequest, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    one = trial_of(request, trial, PURPOSE)
    made = _plan(request, one)
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，有人改了学校证照；什么也没有导入，请再看一遍会改什么。")
        return redirect("funding:certificates_plan", request.county.code, trial)
    many = certificate_book.plan_apply(by=request.scope, made=made, today=timezone.localdate())
    one.remove()
    messages.success(request, f"已导入：改了 {many} 项。")
    return redirect("funding:certificates", request.county.code)
