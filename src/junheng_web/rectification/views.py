"""Pages of issues: the ledger, one issue, the gaps that are none yet, and each school's plan."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.collection.models import Period
from junheng_web.common.tables import table_response
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import School
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.rectification import school_plans, selectors, services, telling
from junheng_web.rectification.deeds import DEEDS, Deed
from junheng_web.rectification.forms import (
    NO_INDICATOR,
    STATES,
    HandForm,
    SendForm,
    TakeForm,
    asked_of,
    indicators_offered,
)
from junheng_web.rectification.gaps import Gap, gaps_of
from junheng_web.rectification.models import Issue
from junheng_web.rectification.new_year import year_told
from junheng_web.rectification.standings import official_census, standing_of
from junheng_web.rectification.tables import IssuesTable

UNUSABLE = 422


def issue_of(request: HttpRequest, number: int) -> Issue:
    """Return the issue that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.issue_numbered(request.scope, request.county, number)
    except Issue.DoesNotExist:
        raise Http404 from None


@permitted("rectification.view")
@require_GET
def issues(request: HttpRequest) -> HttpResponse:
    """The ledger of issues, as far as it is one's own."""
    asked, today = asked_of(request.GET), timezone.localdate()
    found = telling.narrowed(selectors.issues_of(request.scope, request.county), asked, today)
    told = telling.listed(request.scope, request.county, asked, today)
    offered = {
        "states": STATES.items(),
        "origins": Issue.Origin.choices,
        "indicators": [*indicators_offered(), NO_INDICATOR],
    }
    return table_response(request, IssuesTable(found), "rectification/issues.html", {**told, **offered})


@permitted("rectification.manage")
@require_GET
def year_part(request: HttpRequest) -> HttpResponse:
    """A part of 开新学年: which issues the new census will judge again. It changes nothing."""
    return render(request, "rectification/year_part.html", {"told": year_told(request.scope, request.county)})


@permitted("rectification.view")
@require_GET
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """One issue: what is asked, what each basis says, every step, and what the reader may do."""
    return _page(request, issue_of(request, number))


def _page(request: HttpRequest, one: Issue, **forms: django_forms.Form) -> HttpResponse:
    """Return an issue's page; a form that was sent with something wrong stands there as it was sent."""
    told = telling.issue_told(request.scope, one, timezone.localdate())
    told["deeds"] = [(deed, forms.get(deed.name) or _blank(one, deed)) for deed in told["deeds"]]
    told["send"] = forms.get("send") or SendForm(one, auto_id="send_%s")
    return render(request, "rectification/issue.html", told, status=UNUSABLE if forms else 200)


def _blank(one: Issue, deed: Deed) -> TakeForm:
    return _labelled(TakeForm(initial={"deed": deed.name, "seen": one.state}, auto_id=f"{deed.name}_%s"), deed)


def _labelled(form: TakeForm, deed: Deed) -> TakeForm:
    form.fields["note"].label = deed.asks or "说明（可以不写）"
    return form


@permitted("rectification.manage")
@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Send an issue to its unit: the only way in which it leaves the office."""
    one = issue_of(request, number)
    form = SendForm(one, request.POST, auto_id="send_%s")
    if form.is_valid():
        try:
            services.issue_send(by=request.scope, issue=one, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        except services.Moved as why:
            messages.error(request, str(why))
            return redirect(one.url)
        else:
            messages.success(request, "已交办：责任单位收到了任务和通知。")
            return redirect(one.url)
    return _page(request, one, send=form)


@permitted("rectification.answer")
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take an issue one step on, or back."""
    one, deed = issue_of(request, number), DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        raise Http404
    form = _labelled(TakeForm(request.POST, request.FILES, auto_id=f"{deed.name}_%s"), deed)
    if form.is_valid():
        try:
            _take(request, one, deed, form.cleaned_data)
        except ValidationError as error:
            form.add_error("note", error)
        except services.Moved as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已办：{deed.label}。")
            return redirect(one.url)
    return _page(request, issue_of(request, number), **{deed.name: form})


@transaction.atomic
def _take(request: HttpRequest, one: Issue, deed: Deed, told: dict[str, Any]) -> None:
    """Take the step and its file together, or neither."""
    services.issue_take(by=request.scope, issue=one, deed=deed, note=told["note"], seen=told["seen"])
    if file := told["file"]:
        of = (telling.KIND, one.code)
        file_add(by=request.scope, county=request.county, name=file.name, chunks=file.chunks(), of=of)


@permitted("rectification.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write down an issue that somebody found."""
    form = HandForm(request.county, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.issue_raise(by=request.scope, county=request.county, **form.told)
        messages.success(request, f"已登记为 {made.code}；交办以后，责任单位才看得到。")
        return redirect(made.url)
    return render(request, "rectification/add.html", {"form": form}, status=UNUSABLE if form.errors else 200)


def found_gaps(request: HttpRequest) -> tuple[Period | None, list[Gap]]:
    """Return the gaps of the official census, and the year that they belong to; none without either."""
    run = official_census(request.county)
    periods = Period.objects.visible_to(request.scope).of(request.county).select_related("county")
    period = periods.filter(counting_date=run.snapshot.counting_date).first() if run else None
    return (period, gaps_of(standing_of(run))) if run and period else (period, [])


@permitted("rectification.manage")
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """What the official census finds lacking, and which of it is an issue already."""
    period, found = found_gaps(request)
    standing = Issue.objects.visible_to(request.scope).of(request.county).exclude(state=Issue.State.DROPPED)
    issues = {one.key: one for one in standing.exclude(key="").select_related("county")}
    rows = [{"gap": one, "issue": issues.get(str(one.key))} for one in found]
    left = sum(row["issue"] is None for row in rows)
    return render(request, "rectification/gaps.html", {"period": period, "rows": rows, "left": left})


@permitted("rectification.manage")
@require_POST
def gaps_raise(request: HttpRequest) -> HttpResponse:
    """Raise the issue of one gap, or of every one that has none."""
    period, found = found_gaps(request)
    asked = request.POST.get("key", "")
    chosen = [one for one in found if asked in ("", str(one.key))]
    if period is None or not chosen:
        messages.info(request, "这个缺口已经没有了：正式评估换过了。请再看一遍。")
        return redirect("rectification:gaps", request.county.code)
    made = services.issues_raise_of(by=request.scope, period=period, gaps=chosen)
    messages.success(request, f"立了 {len(made)} 个问题；还没有交办，只有办公室和领导看得到。")
    return redirect(made[0].url if asked and made else telling.address(request.county, "gaps"))


@permitted("rectification.view")
@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The schools that have a plan."""
    rows = school_plans.plans(request.scope, request.county, timezone.localdate())
    return render(request, "rectification/plans.html", {"rows": rows})


@permitted("rectification.view")
@require_GET
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """One school's plan, for the screen and for paper."""
    school = School.objects.visible_to(request.scope).of(request.county).filter(code=code).first()
    if school is None:
        raise Http404
    manages = allowed("rectification.manage", request.scope, request.county)
    found = found_gaps(request)[1] if manages else []
    told = school_plans.plan(request.scope, request.county, school, found, timezone.localdate())
    if not told["rows"] and not manages:
        raise Http404
    return render(request, "rectification/plan.html", {**told, "today": timezone.localdate()})
