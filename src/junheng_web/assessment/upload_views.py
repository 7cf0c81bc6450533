"""上传即评: a file is tried, what it holds and what it comes to is shown; it is kept where somebody says so."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.assessment import upload_judging as judging
from junheng_web.assessment.models import Run
from junheng_web.assessment.telling import address
from junheng_web.assessment.upload_forms import KeepForm, UploadForm
from junheng_web.assessment.upload_telling import told
from junheng_web.common.tables import MEDIA_TYPE, table_response
from junheng_web.evidence import trials
from junheng_web.evidence.trials import Gone, Trial
from junheng_web.organisation.permissions import permitted

UNUSABLE = 422


@permitted("assessment.try")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a file to be tried; what cannot be used comes back with every reason, and the form with it."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "GET":
        return _form(request, UploadForm())
    if not form.is_valid():
        return _form(request, form, status=UNUSABLE)
    file, day = form.cleaned_data["file"], form.cleaned_data["as_of"]
    trial = trials.trial_begin(
        by=request.scope,
        county=request.county,
        name=file.name,
        chunks=file.chunks(),
        as_of=day.isoformat() if day else "",
        standard=judging.standard_of(request.scope, request.county),
    )
    job = judging.try_now_or_later(trial, by=request.scope, county=request.county)
    if job:
        return redirect("job", request.county.code, job.id)
    if trial.state["outcome"] == "unusable":
        trial.remove()
        return _form(request, form, trial, status=UNUSABLE)
    return redirect("assessment:upload_findings", request.county.code, trial.code)


def _form(request: HttpRequest, form: UploadForm, trial: Trial | None = None, status: int = 200) -> HttpResponse:
    return render(request, "assessment/upload.html", {"form": form, "trial": trial}, status=status)


def _trial(request: HttpRequest, code: str) -> Trial:
    try:
        return trials.find(account=request.scope.account.id, county=request.county.code, code=code)
    except Gone:
        raise Http404 from None


@permitted("assessment.try")
@require_GET
def findings(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what was found in a file and what it comes to, or why it cannot be judged."""
    one = _trial(request, trial)
    outcome = one.state["outcome"]
    if outcome == "waiting":
        return redirect("job", request.county.code, one.state["job"])
    if outcome == "unusable":
        return _form(request, UploadForm(initial={"as_of": one.state["as_of"]}), one, status=UNUSABLE)
    if outcome == "foreign":
        return render(request, "assessment/upload_foreign.html", {"trial": one}, status=UNUSABLE)
    context = told(request, one)
    return table_response(request, context["findings"], "assessment/upload_result.html", context)


@permitted("assessment.try")
@require_POST
def foreign(request: HttpRequest, trial: str) -> HttpResponse:
    """Judge the only county of a file that has none of the own county's rows; it can never be kept."""
    one = _trial(request, trial)
    counties = list(one.state.get("counties", ()))
    if one.state["outcome"] != "foreign" or len(counties) != 1:
        raise Http404
    judging.judge_county(one, one.facts(), counties[0])
    return redirect("assessment:upload_findings", request.county.code, one.code)


@permitted("assessment.try")
@require_GET
def annotated(request: HttpRequest, trial: str) -> HttpResponse:
    """Send the workbook back, with every finding in its cell and a list of all of them."""
    one = _judged(request, trial)
    return _file(judging.annotate(one), f"{Path(one.name).stem}-批注.xlsx")


@permitted("assessment.try")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Send the blank workbook."""
    return _file(_blank(), "优质均衡数据模板.xlsx")


@lru_cache(maxsize=1)
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.xlsx"
        jh.write_template(file)
        return file.read_bytes()


def _file(content: bytes, name: str) -> HttpResponse:
    headers: dict[str, Any] = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


def _judged(request: HttpRequest, code: str) -> Trial:
    one = _trial(request, code)
    if one.state["outcome"] != "judged":
        raise Http404
    return one


@permitted("assessment.keep")
@require_POST
def keep(request: HttpRequest, trial: str) -> HttpResponse:
    """Store what was tried as a snapshot of the own county, with its judgement."""
    one = _judged(request, trial)
    if one.state["judged"] != request.county.code:
        raise Http404
    form = KeepForm(request.POST)
    if not form.is_valid():
        context = told(request, one, form)
        return render(
            request, "assessment/upload_result.html", {**context, "table": context["findings"]}, status=UNUSABLE
        )
    run = judging.trial_keep(by=request.scope, county=request.county, trial=one, label=form.cleaned_data["label"])
    messages.success(request, _kept(run, form.cleaned_data["label"]))
    return redirect(address(request.county, "overview", run=run.code))


def _kept(run: Run, label: str) -> str:
    """Say what was kept; the same facts are the same snapshot, which keeps the name that it has."""
    if run.snapshot.label == label:
        return f"已保存为本县的一次评估，编号 {run.code}。"
    return f"这份数据和“{run.snapshot.label}”完全一样，没有另存一份；它的评估编号是 {run.code}。"


@permitted("assessment.try")
@require_POST
def drop(request: HttpRequest, trial: str) -> HttpResponse:
    """Take a trial away at once."""
    _trial(request, trial).remove()
    messages.success(request, "已删除，没有留下数据。")
    return redirect("assessment:upload", request.county.code)
