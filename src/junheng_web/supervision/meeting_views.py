"""Meetings with their briefs and decisions, and leaders' instructions."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.permissions import permitted
from junheng_web.supervision import briefs, deciding
from junheng_web.supervision.gatherings import Meeting
from junheng_web.supervision.paper_forms import DecisionForm, InstructionForm, MeetingForm, bodies
from junheng_web.supervision.papers import Dispatch
from junheng_web.supervision.selectors import instructions_of, is_office
from junheng_web.supervision.services import Refused
from junheng_web.supervision.views import CONFLICT, UNUSABLE

LISTED = 200


def meeting_of(request: HttpRequest, number: int) -> Meeting:
    """Return the meeting that an address names. Raises Http404."""
    found = Meeting.objects.visible_to(request.scope).of(request.county).select_related("county", "minutes")
    meeting = found.filter(number=number).first()
    if meeting is None:
        raise Http404
    return meeting


@permitted("supervision.compare")
@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings."""
    found = Meeting.objects.visible_to(request.scope).of(request.county).select_related("county", "minutes__county")
    told = {"meetings": found[:LISTED], "office": is_office(request.scope, request.county)}
    return render(request, "supervision/meetings.html", told)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write down that a meeting is held."""
    form = MeetingForm(request.POST or None, initial={"day": timezone.localdate(), "title": "创建工作调度会"})
    if request.method == "POST" and form.is_valid():
        content = {name: form.cleaned_data[name] for name in deciding.CONTENT}
        return redirect(deciding.meeting_plan(by=request.scope, county=request.county, **content).url)
    return render(request, "supervision/meeting_edit.html", {"form": form}, status=UNUSABLE if form.errors else 200)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, meeting: int) -> HttpResponse:
    """Change what is written of a meeting; where somebody else did meanwhile, both texts are shown."""
    one = meeting_of(request, meeting)
    initial = {name: getattr(one, name) for name in (*deciding.CONTENT, "version")}
    form = MeetingForm(request.POST or None, initial=initial)
    told: dict[str, Any] = {"meeting": one}
    if request.method == "POST" and form.is_valid():
        try:
            content = {name: form.cleaned_data[name] for name in deciding.CONTENT}
            version = form.cleaned_data["version"] or 0
            deciding.meeting_edit(by=request.scope, meeting=one, version=version, **content)
            return redirect(one.url)
        except deciding.Changed as changed:
            told["different"] = _different(form, changed.meeting)
            form.data = form.data.copy()
            form.data["version"] = str(changed.meeting.version)
    status = CONFLICT if "different" in told else UNUSABLE if form.errors else 200
    return render(request, "supervision/meeting_edit.html", {**told, "form": form}, status=status)


def _different(form: MeetingForm, now: Meeting) -> list[tuple[str, Any, Any]]:
    """Return the fields in which what was typed is not what stands there now."""
    typed = form.cleaned_data
    return [
        (form.fields[name].label, typed[name], getattr(now, name))
        for name in deciding.CONTENT
        if typed[name] != getattr(now, name)
    ]


@permitted("supervision.compare")
@require_GET
def meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """A meeting: agenda, what was decided, its minutes."""
    return _page(request, meeting_of(request, meeting), DecisionForm(request.county))


def _page(request: HttpRequest, one: Meeting, form: DecisionForm) -> HttpResponse:
    told = {
        "meeting": one,
        "decisions": one.decisions.select_related("unit", "task__county"),
        "office": is_office(request.scope, one.county),
        "bodies": bodies(one.county).items(),
        "form": form,
        "minutes": one.minutes if one.minutes and one.minutes.status != Dispatch.Status.DROPPED else None,
    }
    return render(request, "supervision/meeting.html", told, status=UNUSABLE if form.errors else 200)


@permitted("supervision.manage")
@require_POST
def decide(request: HttpRequest, meeting: int) -> HttpResponse:
    """Write down what a meeting decided."""
    one = meeting_of(request, meeting)
    form = DecisionForm(request.county, request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            made = deciding.decision_add(by=request.scope, meeting=one, text=text, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = "已记下，并立了项；核对以后在任务页上交办。" if made.task else "已记下。"
            messages.success(request, said)
            return redirect(one.url)
    return _page(request, one, form)


@permitted("supervision.manage")
@require_POST
def minutes(request: HttpRequest, meeting: int) -> HttpResponse:
    """Draft the minutes."""
    one, every = meeting_of(request, meeting), bodies(request.county)
    asked = request.POST.get("body", "")
    body = every.get(int(asked)) if asked.isascii() and asked.isdecimal() else None
    if body is None:
        messages.error(request, "请选以哪个机关的名义发纪要；还没有的，先在“发文机关和文号”里定。")
        return redirect(one.url)
    try:
        return redirect(deciding.minutes_draft(by=request.scope, meeting=one, body=body).url)
    except Refused as why:
        messages.error(request, why.messages[0])
        return redirect(one.url)


@permitted("supervision.compare")
@require_GET
def brief(request: HttpRequest, meeting: int) -> HttpResponse:
    """What each unit, or each school, has open: for the table of a meeting, a page each."""
    one, by = meeting_of(request, meeting), request.GET.get("by", "unit")
    rows = briefs.by_school if by == "school" else briefs.by_unit
    found = rows(request.county, timezone.localdate())
    parts = [(name, [row for _, row in own]) for name, own in groupby(found, key=lambda pair: pair[0])]
    return render(request, "supervision/brief.html", {"meeting": one, "parts": parts, "by": by})


@permitted("supervision.instruct")
@require_GET
def instructions(request: HttpRequest) -> HttpResponse:
    """List the instructions, each with the task that came of it."""
    found = instructions_of(request.scope, request.county).select_related("task__county", "task__unit")
    rows = list(found[:LISTED])
    files: dict[str, list[Any]] = {}
    for link in links_to(request.county, "instruction", [one.code for one in rows]):
        files.setdefault(link.object_code, []).append(link.file)
    told = {"rows": [(one, files.get(one.code, [])) for one in rows]}
    return render(request, "supervision/instructions.html", told)


@permitted("supervision.instruct")
@require_http_methods(["GET", "POST"])
def instruct(request: HttpRequest) -> HttpResponse:
    """Write down what a leader instructed; the office for him, with the scan."""
    initial = {"day": timezone.localdate(), "about": request.GET.get("task", "")}
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = InstructionForm(request.scope, request.county, *sent, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deciding.instruction_give(by=request.scope, county=request.county, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "批示已记下并立了项，办公室会交办给责任单位。")
            return redirect("supervision:instructions", request.county.code)
    return render(request, "supervision/instruct.html", {"form": form}, status=UNUSABLE if form.errors else 200)
