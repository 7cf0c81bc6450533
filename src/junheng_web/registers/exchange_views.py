"""Workbooks of a register out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from junheng import api as jh
from junheng_web.common.tables import MEDIA_TYPE
from junheng_web.evidence import trials
from junheng_web.registers import importing, seeing
from junheng_web.registers.forms import RegisterForm
from junheng_web.registers.importing import WORDS
from junheng_web.registers.models import Register
from junheng_web.registers.saving import Moved
from junheng_web.registers.values import read_back, table_of
from junheng_web.registers.views import PAGES, UNUSABLE, guard_entering, told

PURPOSE = "register"
SHOWN = 300
EXPLANATION = (
    "怎么填这张台账",
    "1. 一行一个人（编制台账一行一校一年），列名和工作表名请不要改。",
    "2. 灰色的“示例行”不会被读取，可以留着，也可以删去。",
    "3. 没有就留空。日期写成 2025-09-01 的样子；带下拉箭头的格子请从列表里选。",
    "4. 工号、学校标识码请按文本填写，不要让表格软件改成数字；学校也可以写名称。",
    "5. 不要填身份证号：台账不存身份证号，填了不收。",
    "6. 导入时整行代替：留空的格会把原来的内容清空；整列删去的，不动。",
)


def bring(request: HttpRequest, name: str) -> HttpResponse:
    """Take in a file and lead to what it would change."""
    guard_entering(request, name)
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        form = form if request.method == "POST" else RegisterForm()
        context = {**told(request, name), "form": form}
        return render(request, "registers/import.html", context, status=UNUSABLE if form.errors else 200)
    file = form.cleaned_data["file"]
    known = {"purpose": PURPOSE, "register": name, "whole": form.cleaned_data["whole"]}
    chunks = file.chunks()
    trial = trials.trial_begin(by=request.scope, county=request.county, name=file.name, chunks=chunks, **known)
    return redirect(f"registers:{name}_plan", request.county.code, trial.code)


def _trial(request: HttpRequest, name: str, code: str) -> trials.Trial:
    guard_entering(request, name)
    account = request.scope.account.id
    try:
        trial = trials.find(account=account, county=request.county.code, code=code, purpose=PURPOSE)
    except trials.Gone:
        raise Http404 from None
    if trial.state["register"] != name:
        raise Http404
    return trial


def _plan(request: HttpRequest, name: str, trial: trials.Trial) -> tuple[importing.Plan, tuple[jh.Problem, ...]]:
    loaded = importing.read(name, trial.file, trial.name)
    made = importing.plan(request.scope, request.county, name, loaded, whole=trial.state["whole"])
    return made, loaded.remarks


def plan(request: HttpRequest, name: str, trial: str) -> HttpResponse:
    """Show what a file would change, row by row; where it cannot be used, every reason."""
    one = _trial(request, name, trial)
    context = {**told(request, name), "trial": one, "form": RegisterForm(initial={"whole": one.state["whole"]})}
    try:
        made, remarks = _plan(request, name, one)
    except jh.Unusable as error:
        return render(request, "registers/import.html", {**context, "problems": error.problems}, status=UNUSABLE)
    shown = [(WORDS[each.what], each) for each in made.differences[:SHOWN]]
    context |= {"plan": made, "rows": shown, "more": len(made.differences) - len(shown), "remarks": remarks}
    return render(request, "registers/plan.html", context, status=UNUSABLE if made.problems else 200)


def apply(request: HttpRequest, name: str, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    one, again = _trial(request, name, trial), redirect(f"registers:{name}_plan", request.county.code, trial)
    try:
        made, _ = _plan(request, name, one)
    except jh.Unusable:
        return again
    if made.problems or request.POST.get("agreed") != made.digest:
        messages.error(request, "在您看的时候，有人改了台账；什么也没有导入，请再看一遍会改什么。")
        return again
    try:
        saved = importing.plan_apply(
            by=request.scope, county=request.county, name=name, made=made, file=one.file, as_named=one.name
        )
    except Moved as why:
        messages.error(request, str(why))
        return again
    one.remove()
    messages.success(request, f"已导入：改了 {len(saved.rows)} 行，{made.same} 行与原来相同。")
    return redirect(PAGES[name]["list"], request.county.code)


def workbook(request: HttpRequest, name: str) -> HttpResponse:
    """Send the rows that one may see as a workbook, or the blank template (`?blank=1`)."""
    table, blank = table_of(name), request.GET.get("blank") == "1"
    found = [] if blank else seeing.rows_seen(request.scope, request.county, name, request.GET.get("school", ""))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.xlsx"
        jh.write_table(table, [read_back(table, row.values) for row in found], file, EXPLANATION)
        content = file.read_bytes()
    label = Register.Name(name).label
    titled = f"{label}模板.xlsx" if blank else f"{request.county}-{label}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(True, titled)}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)
