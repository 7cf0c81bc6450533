"""Binders: one is asked for, made by a job, and fetched as one PDF or as a zip."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.dossier.binder_jobs import KEPT_FOR, KIND, PDF, ZIP, binder_of, binder_order, folder_of
from junheng_web.dossier.forms import named
from junheng_web.organisation.models import Job
from junheng_web.organisation.permissions import permitted

UNUSABLE = 422
SENT = {"pdf": (PDF, "application/pdf"), "zip": (ZIP, "application/zip")}
LISTED = 20


class BinderForm(forms.Form):
    """What is bound."""

    indicators = forms.MultipleChoiceField(
        label="指标",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一项也不勾，就是全部",
        error_messages={"invalid_choice": "请在列出的里面选"},
    )
    drafts = forms.BooleanField(label="没有审定的也要", required=False, help_text="自己看进度用；交出去的只装审定的")


@permitted("dossier.bind")
@require_http_methods(["GET", "POST"])
def binders(request: HttpRequest) -> HttpResponse:
    """Ask for a binder, and list those that were made."""
    form = BinderForm(request.POST if request.method == "POST" else None)
    form.fields["indicators"].choices = named(request.county)
    if request.method == "POST" and form.is_valid():
        every = [id for id, _ in form.fields["indicators"].choices]
        told = {"indicators": form.cleaned_data["indicators"] or every, "approved": not form.cleaned_data["drafts"]}
        if binder_of(request.scope, request.county, day=timezone.localdate(), **told).pieces:
            return redirect(
                "job", request.county.code, binder_order(by=request.scope, county=request.county, **told).id
            )
        messages.info(request, "选的指标还没有审定的佐证；请先审定，或勾上“没有审定的也要”。")
    told = {"form": form, "made": _made(request), "days": KEPT_FOR.days}
    return render(request, "dossier/binders.html", told, status=UNUSABLE if form.errors else 200)


def _made(request: HttpRequest) -> list[dict[str, Any]]:
    found = Job.objects.visible_to(request.scope).of(request.county).filter(kind=KIND)[:LISTED]
    own = request.scope.account.id
    return [{"job": one, "kept": folder_of(one).is_dir(), "own": one.by_account == own} for one in found]


@permitted("dossier.bind")
@require_GET
def binder_file(request: HttpRequest, number: int, part: str) -> FileResponse:
    """Send a binder that was made."""
    found = Job.objects.visible_to(request.scope).of(request.county).filter(kind=KIND, id=number).first()
    if found is None or part not in SENT or not folder_of(found).is_dir():
        raise Http404
    name, media_type = SENT[part]
    called = f"佐证材料汇编 {number}.{part}"
    content = (folder_of(found) / name).open("rb")
    return FileResponse(content, as_attachment=True, filename=called, content_type=media_type)
