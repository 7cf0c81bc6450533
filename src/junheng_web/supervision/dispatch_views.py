"""Dispatches: drafts, their way to the signature, the printed paper; and the bodies that issue them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.supervision import drafting, issuing, selectors
from junheng_web.supervision.chain import Task
from junheng_web.supervision.paper_forms import BodyForm, DispatchForm, ReasonForm, SignForm, of_dispatch
from junheng_web.supervision.papers import Body, Dispatch
from junheng_web.supervision.picturing import chart_of
from junheng_web.supervision.selectors import is_office
from junheng_web.supervision.services import Refused
from junheng_web.supervision.views import CONFLICT, UNUSABLE

TONES = {"draft": "azure", "reviewed": "yellow", "signed": "green", "dropped": "secondary"}
LISTED = 200


def dispatch_of(request: HttpRequest, place: int) -> Dispatch:
    """Return the dispatch that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.dispatch_named(request.scope, request.county, place)
    except Dispatch.DoesNotExist:
        raise Http404 from None


@permitted("supervision.view")
@require_GET
def dispatches(request: HttpRequest) -> HttpResponse:
    """List the dispatches that are for one's eyes: of a unit, what was signed and went to it."""
    found = selectors.dispatches_of(request.scope, request.county).prefetch_related("recipients__unit")[:LISTED]
    rows = [(one, TONES[one.status], "、".join(str(to.unit) for to in one.recipients.all())) for one in found]
    manages = allowed("supervision.manage", request.scope, request.county)
    ready = Body.objects.of(request.county).filter(used=True).exists()
    return render(request, "supervision/dispatches.html", {"rows": rows, "manages": manages, "ready": ready})


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Draft a dispatch; about a task where one is named."""
    if not Body.objects.of(request.county).filter(used=True).exists():
        messages.info(request, "先说明以哪个机关的名义发文、文号怎么编、由谁签发。")
        return redirect("supervision:bodies", request.county.code)
    tasks = _tasks(request)
    form = DispatchForm(request.county, request.POST or None, initial=_begun(tasks))
    if request.method == "POST" and form.is_valid():
        about = {"kind": form.cleaned_data["kind"], "tasks": tasks}
        try:
            one = issuing.dispatch_draft(by=request.scope, county=request.county, **about, **form.told)
            return redirect(one.url)
        except ValidationError as error:
            form.add_error(None, error)
    told = {"form": form, "tasks": tasks}
    return render(request, "supervision/dispatch_edit.html", told, status=UNUSABLE if form.errors else 200)


def _tasks(request: HttpRequest) -> list[Task]:
    """Return the tasks that are named in the address."""
    numbers = [int(one) for one in request.GET.getlist("task") if one.isascii() and one.isdecimal() and len(one) < 10]
    return list(selectors.tasks_of(request.scope, request.county).filter(number__in=numbers))


def _begun(tasks: list[Task]) -> dict[str, Any]:
    if not tasks:
        return {}
    units = list(dict.fromkeys(task.unit_id for task in tasks))
    text = drafting.slip_text(tasks, timezone.localdate())
    return {"kind": Dispatch.Kind.SLIP, "title": drafting.slip_title(tasks), "text": text, "units": units}


@permitted("supervision.view")
@require_GET
def dispatch(request: HttpRequest, dispatch: int) -> HttpResponse:
    """A dispatch with its way to the signature."""
    return _page(request, dispatch_of(request, dispatch))


def _ways(request: HttpRequest, one: Dispatch) -> dict[str, forms.Form]:
    """Return the steps that the reader may take, each with its form."""
    office, signs = is_office(request.scope, one.county), issuing.signs(request.scope, one)
    reviewed = one.status == Dispatch.Status.REVIEWED
    found: dict[str, forms.Form] = {}
    if office and one.status == Dispatch.Status.DRAFT:
        found["review"] = ReasonForm(prefix="review", label="审核意见（可以空着）", required=False)
    if reviewed and (signs or office):
        day = {"day": timezone.localdate()}
        found["sign"] = SignForm(prefix="sign", initial=day, paper=not signs)
        found["return"] = ReasonForm(prefix="return", label="要改什么")
    if office and one.open:
        found["drop"] = ReasonForm(prefix="drop", label="为什么不发")
    return found


def _page(request: HttpRequest, one: Dispatch, **wrong: forms.Form) -> HttpResponse:
    papers = is_office(request.scope, one.county) or issuing.signs(request.scope, one)
    told = {
        "dispatch": one,
        "chart": chart_of(one),
        "tone": TONES[one.status],
        "recipients": [to.unit for to in one.recipients.select_related("unit")],
        "tasks": [about.task for about in one.subjects.select_related("task__county")],
        "signings": one.signings.all() if papers else [],
        "files": [link.file for link in links_to(one.county, "dispatch", [one.code])],
        "ways": {**_ways(request, one), **wrong},
        "edits": is_office(request.scope, one.county) and one.open,
        "signs": issuing.signs(request.scope, one),
    }
    return render(request, "supervision/dispatch.html", told, status=UNUSABLE if wrong else 200)


def _sign(request: HttpRequest, one: Dispatch, form: forms.Form) -> str:
    clean = form.cleaned_data
    told = {"day": clean["day"], "scan": clean.get("scan"), "signer": clean.get("signer", "")}
    done = issuing.dispatch_sign(by=request.scope, dispatch=one, **told)
    return f"已签发，文号 {done.number}；收文单位已经收到通知。"


def _noted(service: Callable[..., Any], said: str) -> Callable[[HttpRequest, Dispatch, forms.Form], str]:
    def do(request: HttpRequest, one: Dispatch, form: forms.Form) -> str:
        service(by=request.scope, dispatch=one, note=form.cleaned_data["note"])
        return said

    return do


DO: Mapping[str, Callable[[HttpRequest, Dispatch, forms.Form], str]] = MappingProxyType(
    {
        "review": _noted(issuing.dispatch_review, "已审核，等签发；签发以前，收文单位看不到。"),
        "return": _noted(issuing.dispatch_return, "已退回修改。"),
        "drop": _noted(issuing.dispatch_drop, "已记为不发。"),
        "sign": _sign,
    }
)


def _sent(request: HttpRequest, one: Dispatch, deed: str) -> forms.Form:
    """Return the form of a step as it was sent."""
    data, files = request.POST, request.FILES
    if deed == "sign":
        return SignForm(data, files, prefix=deed, paper=not issuing.signs(request.scope, one))
    return ReasonForm(data, prefix=deed, required=deed != "review")


@permitted("supervision.sign")
@require_POST
def step(request: HttpRequest, dispatch: int, deed: str) -> HttpResponse:
    """Take a dispatch one step towards its signature."""
    one = dispatch_of(request, dispatch)
    if deed not in DO:
        raise Http404
    form = _sent(request, one, deed)
    if form.is_valid():
        try:
            messages.success(request, DO[deed](request, one, form))
            return redirect(one.url)
        except PermissionDenied:
            raise
        except Refused as why:
            messages.error(request, why.messages[0])
            return redirect(one.url)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, one, **{deed: form})


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, dispatch: int) -> HttpResponse:
    """Change a draft; where somebody else did meanwhile, both texts are shown."""
    one = dispatch_of(request, dispatch)
    if not one.open:
        messages.error(request, f"“{one.title}”{one.get_status_display()}，不能再改。")
        return redirect(one.url)
    form = DispatchForm(request.county, request.POST or None, dispatch=one, initial=of_dispatch(one))
    told: dict[str, Any] = {"dispatch": one}
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            issuing.dispatch_edit(by=request.scope, dispatch=one, version=version, **form.told)
            return redirect(one.url)
        except issuing.Outdated as outdated:
            told |= {"now": outdated.dispatch, "last": outdated.dispatch.signings.last()}
            form.data = form.data.copy()
            form.data["version"] = str(outdated.dispatch.version)
        except ValidationError as error:
            form.add_error(None, error)
    status = CONFLICT if "now" in told else UNUSABLE if form.errors else 200
    return render(request, "supervision/dispatch_edit.html", {**told, "form": form}, status=status)


@permitted("supervision.view")
@require_GET
def printed(request: HttpRequest, dispatch: int) -> HttpResponse:
    """The paper, with its red head; a draft says that it is one."""
    one = dispatch_of(request, dispatch)
    recipients = [selectors.called(to.unit) for to in one.recipients.select_related("unit__parent")]
    paragraphs = [line for line in one.text.split("\n") if line]
    told = {"dispatch": one, "recipients": recipients, "paragraphs": paragraphs, "chart": chart_of(one)}
    return render(request, "supervision/printed.html", told)


@permitted("supervision.manage")
@require_http_methods(["GET", "POST"])
def bodies(request: HttpRequest) -> HttpResponse:
    """The issuing bodies: in whose name, how numbered, who signs."""
    every = {one.id: one for one in Body.objects.of(request.county).select_related("signer")}
    chosen = every.get(_number(request.GET.get("body", "")))
    initial = {}
    if chosen:
        initial = {name: getattr(chosen, name) for name in ("name", "pattern", "used")} | {"signer": chosen.signer_id}
    form = BodyForm(request.county, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            issuing.body_set(by=request.scope, county=request.county, body=chosen, **form.told)
            messages.success(request, "已保存。")
            return redirect(request.path)
        except ValidationError as error:
            form.add_error(None, error)
    told = {"bodies": every.values(), "form": form, "chosen": chosen}
    return render(request, "supervision/bodies.html", told, status=UNUSABLE if form.errors else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
