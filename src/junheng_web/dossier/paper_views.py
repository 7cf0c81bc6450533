"""A file is handed in for an item or for many; what is done to it then."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from junheng_web.dossier import handing, selectors, telling
from junheng_web.dossier.deeds import DEEDS
from junheng_web.dossier.forms import HandInForm, ServeForm, StepForm
from junheng_web.dossier.models import Paper
from junheng_web.dossier.owning import Held
from junheng_web.dossier.views import UNUSABLE, held_at, page
from junheng_web.evidence.models import File
from junheng_web.evidence.selectors import file_of
from junheng_web.evidence.upload_views import completed
from junheng_web.organisation.permissions import permitted


@permitted("dossier.hand_in")
@require_POST
def hand_in(request: HttpRequest, indicator: str, number: int) -> HttpResponse:
    """Take in a file for an item."""
    one = held_at(request, indicator, number)
    form = HandInForm(one, request.POST, request.FILES)
    if form.is_valid():
        try:
            paper = _handed(request, one, form)
        except ValidationError as error:
            form.add_error(None, error)
        except handing.Moved as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已交 {paper.file.name}，等审核。")
            return redirect(one.item.url)
    return page(request, held_at(request, indicator, number), form=form)


@permitted("dossier.hand_in")
@require_POST
def hand_in_parts(request: HttpRequest, indicator: str, number: int, upload: str) -> HttpResponse:
    """Take in a file that was dropped on the item, once all its parts are here; of a zip each file is a paper."""
    one = held_at(request, indicator, number)
    if not selectors.may_hand_in(request.scope, request.county, one):
        raise PermissionDenied
    return completed(request, upload, lambda file: handing.paper_hand_in(by=request.scope, one=one, file=file))


def _handed(request: HttpRequest, one: Held, form: HandInForm) -> Paper:
    """Hand in what was chosen: a file of the form, or one that came in parts before it. Raises Http404."""
    told = {"about": form.about, "replaces": form.replaced, "today": timezone.localdate()}
    if not form.cleaned_data["digest"]:
        return handing.file_hand_in(by=request.scope, one=one, file=form.sent, **told)
    try:
        kept = file_of(request.scope, request.county, form.cleaned_data["digest"])
    except File.DoesNotExist:
        raise Http404 from None
    return handing.paper_hand_in(by=request.scope, one=one, file=kept, **told)


@permitted("dossier.view")
@require_POST
def step(request: HttpRequest, indicator: str, number: int, paper: int) -> HttpResponse:
    """Review a paper, return it, approve it, take it back."""
    one, deed = held_at(request, indicator, number), DEEDS.get(request.POST.get("deed", ""))
    found = next((each for each in one.papers if each.id == paper), None)
    if deed is None or found is None:
        raise Http404
    form = StepForm(found, deed, request.POST)
    if form.is_valid():
        told = {"note": form.cleaned_data["note"], "seen": form.cleaned_data["seen"]}
        try:
            handing.paper_take(by=request.scope, paper=found, deed=deed, **told)
        except ValidationError as error:
            form.add_error("note", error)
        except handing.Moved as why:
            messages.error(request, str(why))
            return redirect(one.item.url)
        else:
            messages.success(request, f"已办：{deed.label}。")
            return redirect(one.item.url)
    return page(request, one, step=form)


@permitted("dossier.view")
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, digest: str) -> HttpResponse:
    """What a file proves, and what else it is to prove."""
    try:
        told = telling.file_told(request.scope, file_of(request.scope, request.county, digest))
    except File.DoesNotExist:
        raise Http404 from None
    form = ServeForm(told["offered"], *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            made = handing.file_serve(by=request.scope, file=told["file"], items=form.chosen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"又用在 {len(made)} 项里，等审核。")
            return redirect(request.path)
    elif request.method == "POST" and not told["offered"]:
        raise PermissionDenied
    return render(request, "dossier/file.html", {**told, "form": form}, status=UNUSABLE if form.errors else 200)
