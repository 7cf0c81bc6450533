"""Tasks: the list, one of them with its chain, and every step that is taken with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.common.tables import table_response
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.supervision import selectors, services, telling
from junheng_web.supervision.chain import Task
from junheng_web.supervision.doing import WAYS, form_for, offered, take
from junheng_web.supervision.forms import TaskForm, of_task
from junheng_web.supervision.nesting import level_below
from junheng_web.supervision.services import Refused, Stale
from junheng_web.supervision.tables import TasksTable

UNUSABLE, CONFLICT = 422, 409
MINE_SHOWN = 8


def task_of(request: HttpRequest, number: int) -> Task:
    """Return the task that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.task_named(request.scope, request.county, number)
    except Task.DoesNotExist:
        raise Http404 from None


@permitted("supervision.view")
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """List the tasks that are for one's eyes, by what is asked."""
    asked, today = telling.Asked.of(request.GET), timezone.localdate()
    table = TasksTable(telling.filtered(request.scope, request.county, asked, today), today)
    rights = {name: allowed(f"supervision.{name}", request.scope, request.county) for name in ("manage", "compare")}
    told = {"asked": asked, **telling.choices(request.county), **rights}
    return table_response(request, table, "supervision/tasks.html", told)


@permitted("supervision.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What of the tasks waits for the reader, as a part of the first page."""
    asked, today = telling.Asked(mine="1"), timezone.localdate()
    found = telling.filtered(request.scope, request.county, asked, today).order_by("due", "number")
    if selectors.only_reads(request.scope, request.county):
        found = found.none()
    rows = [(one, telling.light(one, today)) for one in found[: MINE_SHOWN + 1]]
    papers = selectors.dispatches_waiting(request.scope, request.county)[:MINE_SHOWN]
    told = {"rows": rows[:MINE_SHOWN], "more": len(rows) > MINE_SHOWN, "papers": papers}
    return render(request, "supervision/mine.html", told)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write down a task."""
    form = TaskForm(request.county, request.POST or None, initial=_begun(request))
    if request.method == "POST" and form.is_valid():
        try:
            task = services.task_propose(by=request.scope, county=request.county, **form.told)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已立项，责任单位还看不到；核对以后，点“交办”发出去。")
            return redirect(task.url)
    status = UNUSABLE if form.errors else 200
    return render(request, "supervision/edit.html", {"form": form}, status=status)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """Return what stands in the form of a new task: from another one's page, that it belongs to it."""
    asked = request.GET.get("parent", "")
    parent = Task.objects.of(request.county).filter(id=int(asked)).first() if asked.isdecimal() else None
    return {"start": timezone.localdate(), "level": level_below(parent), "parent": parent.id if parent else ""}


@permitted("supervision.view")
@require_GET
def task(request: HttpRequest, task: int) -> HttpResponse:
    """A task with its chain."""
    return _page(request, task_of(request, task))


def _page(request: HttpRequest, one: Task, deed: str = "", form: Any = None) -> HttpResponse:
    """Return a task's page; a form that was sent with something wrong stands there as it was sent."""
    told = telling.page(request.scope, one, timezone.localdate())
    told["ways"] = [{**way, "form": form} if way["deed"] == deed else way for way in told["ways"]]
    told["open_deed"] = deed
    return render(request, "supervision/task.html", told, status=UNUSABLE if deed else 200)


@permitted("supervision.view")
@require_POST
def step(request: HttpRequest, task: int, deed: str) -> HttpResponse:
    """Take a step with a task."""
    one = task_of(request, task)
    if deed not in WAYS:
        raise Http404
    form = form_for(deed, one, request.POST, request.FILES)
    if form.is_valid():
        try:
            messages.success(request, take(request.scope, one, deed, form))
        except Refused as why:
            messages.error(request, why.messages[0])
            messages.info(request, f"您写的：{form.cleaned_data['note']}") if form.cleaned_data.get("note") else None
        except ValidationError as error:
            form.add_error(None, error)
        if not form.errors:
            return redirect(one.url)
    if deed not in offered(request.scope, one):
        messages.error(request, f"“{one.title}”现在是“{one.get_status_display()}”，不能{WAYS[deed].button}。")
        return redirect(one.url)
    return _page(request, one, deed, form)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, task: int) -> HttpResponse:
    """Change what a task says; where somebody else did meanwhile, both texts are shown, and nothing is lost."""
    one = task_of(request, task)
    form = TaskForm(request.county, request.POST or None, task=one, initial=of_task(one))
    if request.method == "POST" and form.is_valid():
        try:
            services.task_edit(by=request.scope, task=one, version=form.cleaned_data["version"] or 0, **form.told)
        except Stale as stale:
            return _stale(request, one, form, stale.task)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已修改。")
            return redirect(one.url)
    status = UNUSABLE if form.errors else 200
    return render(request, "supervision/edit.html", {"form": form, "task": one}, status=status)


def _stale(request: HttpRequest, one: Task, form: TaskForm, now: Task) -> HttpResponse:
    """Show what was typed in the form, and beside it what somebody else has written meanwhile."""
    mine = TaskForm(request.county, {**request.POST.dict(), **_lists(request)}, task=one)
    mine.data["version"] = now.version
    theirs = TaskForm(request.county, initial=of_task(now), task=now)
    different = [
        (mine[name], _shown(mine, name, form.cleaned_data[name]), _shown(theirs, name, of_task(now)[name]))
        for name in form.changed_data
        if name in of_task(now) and name != "version"
        if form.cleaned_data[name] != of_task(now)[name]
    ]
    last = now.steps.filter(deed="edit").last() or now.steps.last()
    told = {"form": mine, "task": one, "different": different, "last": last}
    return render(request, "supervision/edit.html", told, status=CONFLICT)


def _lists(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in ("supports", "indicators", "schools")}


def _shown(form: TaskForm, name: str, value: Any) -> str:
    """Return a value of a field in words."""
    labels = {str(key): label for key, label in getattr(form.fields[name], "choices", [])}
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values if one not in (None, "")) or "（空）"
