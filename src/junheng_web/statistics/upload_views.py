"""A mapping made elsewhere is taken in: its file is read and shown first, then kept; nothing is kept of a wrong one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng import api as jh
from junheng.facts.grids import address_of
from junheng.facts.mapped.model import SHAPES
from junheng.facts.mapped.model import Mapping as Form
from junheng_web.organisation.permissions import permitted
from junheng_web.statistics import services, uploading
from junheng_web.statistics.forms import MappingFileForm

UNUSABLE, CONFLICT = 422, 409
NEW = "new"


@permitted("statistics.manage")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a mapping's file and show what it says; what was shown comes back as text, is read anew, and is kept."""
    if request.method == "POST" and "text" in request.POST:
        return _keep(request, request.POST["text"].replace("\r\n", "\n"), request.POST.get("name", "")[:200])
    form = MappingFileForm(request.POST, request.FILES) if request.method == "POST" else MappingFileForm()
    if not form.is_valid():
        return _page(request, {"form": form}, UNUSABLE if form.errors else 200)
    file: UploadedFile = form.cleaned_data["file"]
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        reason = jh.Problem(file.name, "不是 UTF-8 编码的文字", "请重新下载；用记事本改过的，另存时编码选 UTF-8")
        return _page(request, {"form": form, "problems": [reason], "name": file.name}, UNUSABLE)
    return _shown(request, text, file.name)


def _page(request: HttpRequest, told: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "statistics/upload.html", {"form": MappingFileForm(), **told}, status=status)


def _shown(request: HttpRequest, text: str, name: str, *, said: str = "") -> HttpResponse:
    """Show what a file says, or every problem of it."""
    try:
        made = uploading.mapping_read(text, name)
    except jh.Unusable as error:
        return _page(request, {"problems": error.problems, "name": name}, UNUSABLE)
    before = uploading.followed(request.county, made)
    told = {"text": text, "name": name, "made": made, "before": before, **_told(made)}
    told |= {"rows": uploading.rows(made, before[0] if before else None), "said": said}
    told["same"] = uploading.same_as(made, before[0] if before else None)
    return _page(request, told, CONFLICT if said else 200)


def _told(made: Form) -> dict[str, Any]:
    anchors = [(address_of(one.at), one.text) for one in made.anchors]
    return {"shape": SHAPES[made.shape], "anchors": anchors}


def _keep(request: HttpRequest, text: str, name: str) -> HttpResponse:
    """Keep the mapping as the next version of the chosen one, or as a new one."""
    try:
        made = uploading.mapping_read(text, name)
    except jh.Unusable as error:
        return _page(request, {"problems": error.problems, "name": name}, UNUSABLE)
    chosen = request.POST.get("follows", NEW)
    codes = {one.code for one in uploading.followed(request.county, made)}
    if chosen != NEW and chosen not in codes:
        return _shown(request, text, name, said="刚才选的那份对照不在了，没有存；请再选一次")
    code = "" if chosen == NEW else chosen
    row = services.mapping_save(by=request.scope, county=request.county, form=made, code=code, file=name)
    messages.success(request, f"“{row}”已存为第 {row.version} 版。导入时仍先预演，表样对不上就不读。")
    return redirect("statistics:mapping", request.county.code, row.code)
