"""Pages of the schools' certificates: all of them, one with what was said of it, and the workbook out and in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trial_plans
from junheng_web.evidence.selectors import links_to
from junheng_web.evidence.services import file_add
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.funding import certificate_book, selectors, telling
from junheng_web.funding.certificates import Kind, kinds, standings_of
from junheng_web.funding.certifying import certificate_set, code_of
from junheng_web.funding.forms import CertificateForm, CertificatesForm
from junheng_web.funding.models import Certificate
from junheng_web.funding.services import Moved
from junheng_web.funding.views import rights
from junheng_web.organisation.asking import ask
from junheng_web.organisation.models import School
from junheng_web.organisation.permissions import permitted


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


def _read(request: HttpRequest, trial: Trial) -> certificate_book.Plan:
    return certificate_book.plan(_schools(request), trial.file, timezone.localdate())


def _make(request: HttpRequest, trial: Trial, made: certificate_book.Plan) -> str:
    many = certificate_book.plan_apply(by=request.scope, made=made, today=timezone.localdate())
    return f"已导入：改了 {many} 项。"


BOOK = Brought(
    purpose="certificates",
    form=CertificatesForm,
    templates=("funding/certificates_import.html", "funding/certificates_plan.html"),
    planned="funding:certificates_plan",
    done="funding:certificates",
    read=_read,
    make=_make,
    moved="在您看的时候，有人改了学校证照；什么也没有导入，请再看一遍会改什么。",
)
bring, plan, apply = trial_plans.pages(BOOK, "funding.manage")
