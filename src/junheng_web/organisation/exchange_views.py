"""The organisation's workbook out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from junheng.facts.problems import Problem, Unusable
from junheng.facts.workbook import read_grids
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.organisation import sheets
from junheng_web.organisation.asking import UNUSABLE
from junheng_web.organisation.bringing import Brought, Lines
from junheng_web.organisation.bringing import bring as brought_in
from junheng_web.organisation.forms import BringForm
from junheng_web.organisation.group_views import asking
from junheng_web.organisation.permissions import permitted

LARGEST, MOST_ROWS, SHOWN = 8 * 2**20, 20_000, 300
# What was read goes to the page signed and comes back with the consent: nothing waits on the server.
SALT, AN_HOUR = "organisation.import", 3600


@permitted("organisation.manage")
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """Send the organisation as a workbook, or the blank one (`?blank=1`)."""
    blank = request.GET.get("blank") == "1"
    titled = "组织模板.xlsx" if blank else f"{request.county}-组织.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, titled)}
    return HttpResponse(sheets.workbook(request.county, blank=blank), content_type=MEDIA_TYPE, headers=headers)


@permitted("organisation.manage")
@asking
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a workbook, and show what it would change."""
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        form = form if request.method == "POST" else BringForm()
        return render(request, "organisation/import.html", {"form": form}, status=UNUSABLE if form.errors else 200)
    file = form.cleaned_data["file"]
    try:
        lines = _read(file)
    except Unusable as error:
        told = {"form": BringForm(), "problems": error.problems}
        return render(request, "organisation/import.html", told, status=UNUSABLE)
    return _shown(request, file.name, lines)


def _shown(request: HttpRequest, name: str, lines: Lines) -> HttpResponse:
    found = brought_in(by=request.scope, county=request.county, lines=lines, file=name)
    told = {"form": BringForm(), "name": name, "found": found, "changes": found.changes[:SHOWN]}
    told |= {"more": len(found.changes) - SHOWN, "signed": _signed(request, name, lines), "problems": found.problems}
    return render(request, "organisation/import.html", told, status=UNUSABLE if found.problems else 200)


def _read(file: UploadedFile) -> dict[str, list[list[str]]]:
    """Return a workbook's sheets as lines of text. Raises Unusable under the name that its sender knows."""
    ending = Path(file.name).suffix.lower()
    if ending not in (".xlsx", ".xls"):
        raise Unusable([Problem(file.name, "不是 xlsx 或 xls 工作簿", "请在 WPS 或 Excel 里另存为 xlsx 再交")])
    if file.size > LARGEST:
        raise Unusable([Problem(file.name, f"超过 {LARGEST // 2**20} MB", "请只留组织的几张表再交")])
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / f"book{ending}"
        saved.write_bytes(b"".join(file.chunks()))
        try:
            grids = read_grids(saved)
        except Unusable as error:
            raise Unusable([Problem(file.name, one.reason, one.remedy) for one in error.problems]) from None
    if faulty := [one for grid in grids for one in grid.faults.values()]:
        raise Unusable(faulty)
    if sum(grid.height for grid in grids) > MOST_ROWS:
        raise Unusable([Problem(file.name, f"超过 {MOST_ROWS} 行", "请删去空白的表和行再交")])
    return {grid.name.strip(): [list(line) for line in grid.cells] for grid in grids}


def _signed(request: HttpRequest, name: str, lines: Lines) -> str:
    told = {"county": request.county.code, "account": request.scope.account.id, "name": name, "lines": lines}
    return signing.dumps(told, salt=SALT, compress=True)


@permitted("organisation.manage")
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Make every change that was shown, or none."""
    told = _consented(request)
    if told is None:
        messages.error(request, "预览已经过期，什么也没有导入；请再选一次文件。")
        return redirect("organisation:import", request.county.code)
    name, lines, agreed = told["name"], told["lines"], request.POST.get("agreed", "")
    found: Brought = brought_in(by=request.scope, county=request.county, lines=lines, file=name, agreed=agreed)
    if found.problems or found.digest != agreed:
        messages.error(request, "在您看的时候，有人改了组织；什么也没有导入，请再看一遍会改什么。")
        return _shown(request, name, lines)
    messages.success(request, f"已导入：添或改了 {len(found.changes)} 行，{found.same} 行与原来相同。")
    return redirect("organisation:chart", request.county.code)


def _consented(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was read and shown to this reader, for this county, within the hour."""
    try:
        told = signing.loads(request.POST.get("signed", ""), salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        return None
    own = told["county"] == request.county.code and told["account"] == request.scope.account.id
    return told if own else None
