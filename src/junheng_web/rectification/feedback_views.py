"""Feedback of an upper level is brought in: what a file would add is shown before anything is added."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from junheng_web.collection.pages.forms import ImportForm
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trial_plans
from junheng_web.evidence.trial_plans import Brought
from junheng_web.evidence.trials import Trial
from junheng_web.organisation.permissions import permitted
from junheng_web.rectification import feedback


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
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Send the blank workbook."""
    headers = {"Content-Disposition": content_disposition_header(True, "上级反馈问题模板.xlsx")}
    return HttpResponse(feedback.template(), content_type=MEDIA_TYPE, headers=headers)


def _read(request: HttpRequest, trial: Trial) -> feedback.Plan:
    return feedback.plan(request.county, trial.file, trial.state["source"].strip())


def _make(request: HttpRequest, trial: Trial, made: feedback.Plan) -> str:
    many = feedback.plan_apply(by=request.scope, county=request.county, made=made)
    return f"已登记 {many} 个问题；交办以后，责任单位才看得到。"


FEEDBACK = Brought(
    purpose="feedback",
    form=FeedbackForm,
    templates=("rectification/feedback.html", "rectification/feedback_plan.html"),
    planned="rectification:feedback_plan",
    done="rectification:issues",
    read=_read,
    make=_make,
    kept=("source",),
    moved="在您看的时候，台账或学校、单位的名称变了；什么也没有导入，请再看一遍。",
)
bring, plan, apply = trial_plans.pages(FEEDBACK, "rectification.manage")
