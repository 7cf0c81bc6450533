"""Feedback of an upper level is brought in: what a file would add is shown before anything is added."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.collection.pages.forms import ImportForm
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trials
from junheng_web.evidence.trial_views import trial_of
from junheng_web.organisation.permissions import permitted
from junheng_web.rectification import feedback

PURPOSE = "feedback"
UNUSABLE = 422


class FeedbackForm(ImportForm):
    """The document that the feedback came with, and the workbook that it was written into."""

    suffixes = (".xlsx", ".xls")
    source = forms.CharField(
        label="反馈文件", max_length=200, help_text="文件名和文号", error_messages={"required": "请写是哪一份反馈文件"}
    )
    field_order = ("source", "file")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = "按模板填的 .xlsx、.xls"


@permitted("rectification.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a file and lead to what it would add."""
    form = FeedbackForm(request.POST, request.FILES) if request.method == "POST" else FeedbackForm()
    if request.method == "GET" or not form.is_valid():
        return render(request, "rectification/feedback.html", {"form": form}, status=UNUSABLE if form.errors else 200)
    file, known = form.cleaned_data["file"], {"purpose": PURPOSE, "source": form.cleaned_data["source"].strip()}
    told = {"by": request.scope, "county": request.county, "name": file.name, "chunks": file.chunks()}
    return redirect("rectification:feedback_plan", request.county.code, trials.trial_begin(**told, **known).code)


@permitted("rectification.manage")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Send the blank workbook."""
    headers = {"Content-Disposition": content_disposition_header(True, "上级反馈问题模板.xlsx")}
    return HttpResponse(feedback.template(), content_type=MEDIA_TYPE, headers=headers)


def _plan(request: HttpRequest, one: trials.Trial) -> feedback.Plan:
    try:
        return feedback.plan(request.county, one.file, one.state["source"])
    except jh.Unusable as error:
        return feedback.Plan(one.state["source"], problems=list(error.problems))


@permitted("rectification.manage")
@require_GET
def plan(request: HttpRequest, trial: str) -> HttpResponse:
    """Show what a file would add, item by item; where it cannot be used, every reason."""
    one = trial_of(request, trial, PURPOSE)
    made = _plan(request, one)
    told = {"trial": one, "plan": made}
    return render(request, "rectification/feedback_plan.html", told, status=UNUSABLE if made.problems else 200)


@permitted("rectification.manage")
@require_POST
def apply(request: HttpRequest, trial: str) -> HttpResponse:
    """Raise every item that was shown, or none."""
    one = trial_of(request, trial, PURPOSE)
    made = _plan(request, one)
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，台账或学校、单位的名称变了；什么也没有导入，请再看一遍。")
        return redirect("rectification:feedback_plan", request.county.code, trial)
    many = feedback.plan_apply(by=request.scope, county=request.county, made=made)
    one.remove()
    messages.success(request, f"已登记 {many} 个问题；交办以后，责任单位才看得到。")
    return redirect("rectification:issues", request.county.code)
