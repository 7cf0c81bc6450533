"""Reports: all of them, one, how it is written, its checklist, its versions side by side, and what signing froze."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.common.tables import table_response
from junheng_web.organisation.permissions import permitted
from junheng_web.reports import campaign, selectors, services, telling
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.checking import checklist as checks
from junheng_web.reports.comparing import words_between
from junheng_web.reports.forms import AddForm, DropForm, EditForm, PaperForm, ReviewForm, SignForm, TemplateForm
from junheng_web.reports.kinds import ASKS, beginning
from junheng_web.reports.models import Kind, Report, Template, Version
from junheng_web.reports.printed import sees_tables
from junheng_web.reports.producing import UNSIGNED, beside_of, paper_of
from junheng_web.reports.tables import ReportsTable
from junheng_web.supervision.models import Dispatch
from junheng_web.supervision.selectors import dispatches_of

UNUSABLE, CONFLICT = 422, 409
TYPES = {
    "docx": services.WORD,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
# Before the number of another report, where one says with what a version is compared.
OTHER = "r"


def report_at(request: HttpRequest, number: int) -> Report:
    """Return the report that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.report_numbered(request.scope, request.county, number)
    except Report.DoesNotExist:
        raise Http404 from None


@permitted("reports.view")
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that one may read, and the papers of other rooms that stand beside them."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "status")}
    every = selectors.reports_of(request.scope, request.county)
    found = every.filter(title__contains=asked["q"])
    found = found.filter(kind=asked["kind"]) if asked["kind"] in Kind.values else found
    found = found.filter(status=asked["status"]) if asked["status"] in Report.Status.values else found
    circulars = dispatches_of(request.scope, request.county).filter(kind=Dispatch.Kind.CIRCULAR)
    told: dict[str, Any] = {
        "asked": asked,
        "kinds": Kind.choices,
        "statuses": Report.Status.choices,
        "anything": every.exists(),
        "circulars": circulars.filter(status=Dispatch.Status.SIGNED)[:10],
        **telling.rights(request.scope, request.county),
    }
    return table_response(request, ReportsTable(found), "reports/reports.html", told)


@permitted("reports.write")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Begin a report."""
    form = AddForm(request.county, request.POST or None, initial=_begun(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.report_make(by=request.scope, county=request.county, **form.cleaned_data)
        except ValidationError as why:
            form.add_error("signer", why)
        else:
            messages.success(request, "已起草；正文照模板，可以修改。")
            return redirect(made.url)
    about = [(label, ASKS[kind].about) for kind, label in Kind.choices]
    told = {"form": form, "about": about}
    return render(request, "reports/add.html", told, status=UNUSABLE if form.errors else 200)


def _begun(request: HttpRequest) -> dict[str, str]:
    """Return what stands in the form: of a weekly brief, which week it is of."""
    kind = request.GET.get("kind", "")
    if kind != Kind.BRIEF:
        return {"kind": kind}
    return {"kind": kind, "title": campaign.brief_title(request.county, timezone.localdate())}


@permitted("reports.view")
@require_GET
def report(request: HttpRequest, number: int) -> HttpResponse:
    """One report: its text with its figures, who said what, and what the reader may do."""
    return page(request, report_at(request, number))


def page(request: HttpRequest, one: Report, **sent: Any) -> HttpResponse:
    """Return a report's page; a form that was sent with something wrong stands there as it was sent."""
    told = telling.report_told(request.scope, one)
    told["ways"] = {**_ways(one, told), **sent}
    return render(request, "reports/report.html", told, status=UNUSABLE if sent else 200)


def _ways(one: Report, told: dict[str, Any]) -> dict[str, Any]:
    """Return the steps that the reader may take, each with its form."""
    seen, found = {"seen": one.version}, {}
    if one.status == Report.Status.DRAFT and told["writes"]:
        found["send"] = True
    if told["reviews"]:
        found["review"] = ReviewForm(initial=seen, prefix="review")
    if one.status == Report.Status.REVIEW and told["writes"] and told["stands"]:
        found["paper"] = PaperForm(one, initial=seen, prefix="paper")
    if one.status == Report.Status.REVIEW and (told["signs"] or told["writes"]):
        day = {"day": timezone.localdate(), **seen}
        found["sign"] = SignForm(initial=day, prefix="sign", paper=not told["signs"])
    if one.open and told["writes"]:
        found["drop"] = DropForm(prefix="drop")
    return found


@permitted("reports.write")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Write a report; where somebody else saved meanwhile, what is different is shown, and nothing typed is lost."""
    one = report_at(request, number)
    if not one.open:
        messages.error(request, f"“{one.title}”{one.get_status_display()}，不能再改。")
        return redirect(one.url)
    last = services.last_version(one)
    form = _edit_form(request, one, last)
    told: dict[str, Any] = {"report": one, "version": last, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.version_save(by=request.scope, report=one, **form.cleaned_data)
            messages.success(request, "已保存为新的一稿；会审的人要再看一遍。")
            return redirect(one.url)
        except services.Outdated as outdated:
            status, told = CONFLICT, told | _both(form, outdated.version)
        except ValidationError as error:
            form.add_error(None, error)
    told |= telling.figures_told(request.county, timezone.localdate())
    return render(request, "reports/edit.html", told, status=UNUSABLE if form.errors else status)


def _edit_form(request: HttpRequest, one: Report, last: Version) -> EditForm:
    people = {"signer": one.signer_id, "reviewers": [each.post_id for each in one.reviewers.all()]}
    words = {"text": last.text, "basics": last.basics}
    initial = {"title": last.title, **words, "seen": last.number, **people}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return EditForm(request.county, one, *sent, follows=last.file is not None, initial=initial)


def _both(form: EditForm, now: Version) -> dict[str, Any]:
    """Hold what was typed against what stands now: sent again, it counts."""
    form.data = form.data.copy()
    form.data["seen"] = str(now.number)
    return {"now": now, "words": words_between(now.text, form.cleaned_data.get("text", now.text))}


@permitted("reports.view")
@require_GET
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The paper of a draft as Word, filled with today's figures; a signed one is taken from its files."""
    one = report_at(request, number)
    figures = catalogue(request.county, timezone.localdate())
    content = paper_of(one, services.last_version(one), figures, timezone.localdate())["docx"]
    name = content_disposition_header(True, f"{one.title}（{one.get_status_display()}，第{one.version}稿）.docx")
    return HttpResponse(content, content_type=services.WORD, headers={"Content-Disposition": name})


@permitted("reports.view")
@require_GET
def tables(request: HttpRequest, number: int) -> HttpResponse:
    """The report's own tables: of a draft as they stand today, of a signed one as they were signed."""
    return _own_tables(request, telling.tables_told(request.scope, report_at(request, number)), "reports/tables.html")


@permitted("reports.view")
@require_GET
def sheets(request: HttpRequest, number: int) -> HttpResponse:
    """The report's own tables to be printed, with places for signatures and seals."""
    return _own_tables(request, telling.sheets_told(request.scope, report_at(request, number)), "reports/sheets.html")


def _own_tables(request: HttpRequest, told: dict[str, Any] | None, template: str) -> HttpResponse:
    if told is None:
        raise Http404
    return render(request, template, told)


@permitted("reports.view")
@require_GET
def table_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """A file that goes with the paper of a draft, made as signing makes it; a signed one is taken from its files."""
    one = report_at(request, number)
    if not one.open or not sees_tables(request.scope, one):
        raise Http404
    make = beside_of(request.scope, one, services.last_version(one), UNSIGNED).get(name)
    if make is None:
        raise Http404
    stem, ending = name.rsplit(".", 1)
    named = content_disposition_header(True, f"{stem}（{UNSIGNED}，第{one.version}稿）.{ending}")
    return HttpResponse(make(), content_type=TYPES[ending], headers={"Content-Disposition": named})


@permitted("reports.checklist")
@require_GET
def checklist(request: HttpRequest, number: int) -> HttpResponse:
    """What stands between a report and its signature."""
    one = report_at(request, number)
    found = checks(telling.looked(request.scope, one)) if one.open else []
    told = {"report": one, "checks": found, "many": sum(len(each) for _, each in found)}
    return render(request, "reports/checklist.html", told)


@permitted("reports.view")
@require_GET
def between(request: HttpRequest, number: int) -> HttpResponse:
    """What is different between two versions, or from another report of the kind that was signed: words and figures."""
    one = report_at(request, number)
    if not selectors.takes_part(request.scope, one):
        raise Http404
    others, asked = selectors.before_it(request.scope, one), request.GET.get("from", "")
    after = _version(one, request.GET.get("to", ""), one.version)
    before = _signed(others, asked[1:]) if asked[:1] == OTHER else _version(one, asked, max(1, one.version - 1))
    return render(request, "reports/between.html", telling.between_told(one, before, after, others))


def _version(one: Report, asked: str, otherwise: int) -> Version:
    """Return a version of a report by its number. Raises Http404."""
    return get_object_or_404(one.versions.select_related("report"), number=_number(asked) or otherwise)


def _signed(others: QuerySet[Report], asked: str) -> Version:
    """Return the version that was signed of another report. Raises Http404."""
    other = get_object_or_404(others, number=_number(asked))
    return _version(other, "", other.signature.version)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


@permitted("reports.view")
@require_GET
def frozen(request: HttpRequest, number: int) -> HttpResponse:
    """What signing froze: each figure with its trace, each file with its hash."""
    one = report_at(request, number)
    if one.status != Report.Status.SIGNED:
        raise Http404
    told = telling.signed_told(request.scope, one, catalogue(request.county, timezone.localdate()))
    return render(request, "reports/frozen.html", {"report": one, **told})


@permitted("reports.write")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """The catalogue: every figure that a report may quote."""
    told = telling.figures_told(request.county, timezone.localdate(), request.GET.get("q", "").strip())
    return render(request, "reports/figures.html", told)


@permitted("reports.write")
@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """The county's own templates, kind by kind; without one, ours."""
    kind = request.GET.get("kind", "")
    initial = {"kind": kind, "text": beginning(kind)} if kind in Kind.values else {}
    form = TemplateForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.template_keep(by=request.scope, county=request.county, **form.cleaned_data)
            messages.success(request, "已保存；以后起草就照这个模板。")
            return redirect("reports:templates", request.county.code)
        except ValidationError as error:
            form.add_error(None, error)
    last: dict[str, Template] = {}
    for one in Template.objects.visible_to(request.scope).of(request.county).select_related("file"):
        last.setdefault(one.kind, one)
    rows = [(value, label, last.get(value)) for value, label in Kind.choices]
    return render(
        request, "reports/templates.html", {"rows": rows, "form": form}, status=UNUSABLE if form.errors else 200
    )
