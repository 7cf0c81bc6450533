"""The checklist: all of it, one item and how it is changed, and what is still lacking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.common.tables import table_response
from junheng_web.dossier import gaps, selectors, services, telling
from junheng_web.dossier.forms import AddForm, ChangeForm, EndForm, HandInForm, StepForm, TakeForm
from junheng_web.dossier.models import Item
from junheng_web.dossier.new_year import year_told
from junheng_web.dossier.owning import Held
from junheng_web.dossier.tables import GapsTable, ItemsTable
from junheng_web.evidence.scans import unfound
from junheng_web.organisation.permissions import allowed, permitted

UNUSABLE, CONFLICT = 422, 409


def held_at(request: HttpRequest, indicator: str, number: int) -> Held:
    """Return the item that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.item_named(request.scope, request.county, indicator, number)
    except Item.DoesNotExist:
        raise Http404 from None


@permitted("dossier.view")
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """The checklist, as far as it is one's own."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "indicator", "state", "whose")}
    found = selectors.checklist_of(request.scope, request.county)
    told = telling.listed(request.scope, request.county, found, asked)
    table = ItemsTable(telling.narrowed(found, asked))
    return table_response(request, table, "dossier/items.html", {**told, "take": TakeForm()})


@permitted("dossier.manage")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take in what the rule book asks to be shown."""
    form = TakeForm(request.POST)
    due = form.cleaned_data["due"] if form.is_valid() else None
    if form.errors:
        messages.error(request, f"期限：{form.errors['due'][0]}")
        return redirect("dossier:items", request.county.code)
    many = services.checklist_take(by=request.scope, county=request.county, due=due)
    messages.success(request, f"照规则书列出 {many} 项。" if many else "规则书里的都在清单里了，没有再加。")
    return redirect("dossier:items", request.county.code)


@permitted("dossier.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an item to the checklist, or one for each school."""
    initial = {"indicator": request.GET.get("indicator", "")}
    form = AddForm(request.scope, request.county, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = {"indicator": form.cleaned_data["indicator"], "asked": form.asked}
        made = services.items_add(by=request.scope, county=request.county, **told)
        messages.success(request, f"已加 {len(made)} 项。")
        county = request.county.code
        return redirect(made[0].url) if len(made) == 1 else redirect("dossier:items", county)
    return render(request, "dossier/add.html", {"form": form}, status=UNUSABLE if form.errors else 200)


@permitted("dossier.view")
@require_GET
def item(request: HttpRequest, indicator: str, number: int) -> HttpResponse:
    """One item: what is asked, what was handed in, every step, and what the reader may do."""
    return page(request, held_at(request, indicator, number))


def page(
    request: HttpRequest, one: Held, *, form: HandInForm | None = None, step: StepForm | None = None
) -> HttpResponse:
    """Return an item's page; a form that was sent with something wrong stands there as it was sent."""
    forms = {(step.paper.id, step.named.name): step} if step else {}
    told: dict[str, Any] = telling.item_told(request.scope, one, forms)
    told["form"] = form or HandInForm(one)
    return render(request, "dossier/item.html", told, status=UNUSABLE if form or step else 200)


@permitted("dossier.manage")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, indicator: str, number: int) -> HttpResponse:
    """Change what an item asks for."""
    one = held_at(request, indicator, number)
    form = ChangeForm(request.scope, request.county, request.POST or None, initial=ChangeForm.told(one.item))
    status = 200
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            services.item_change(by=request.scope, item=one.item, asked=form.asked[0], revision=revision)
        except services.Stale as why:
            status = _again(form, one.item, why)
        else:
            messages.success(request, "已保存。")
            return redirect(one.item.url)
    return _change(request, one, form, EndForm(initial={"revision": one.item.revision}, auto_id="end_%s"), status)


def _again(form: ChangeForm | EndForm, item: Item, why: Exception) -> int:
    """Hold what was typed against what stands now: sent again, it counts."""
    form.add_error(None, str(why))
    form.data = form.data.copy()
    form.data["revision"] = str(item.revision)
    return CONFLICT


def _change(request: HttpRequest, one: Held, form: ChangeForm, end: EndForm, status: int) -> HttpResponse:
    wrong = bool(form.errors or end.errors)
    told = {"held": one, "item": one.item, "form": form, "end": end}
    return render(request, "dossier/change.html", told, status=status if status != 200 or not wrong else UNUSABLE)


@permitted("dossier.manage")
@require_POST
def end(request: HttpRequest, indicator: str, number: int) -> HttpResponse:
    """Say that an item is not asked for any more."""
    one, status = held_at(request, indicator, number), 200
    form = EndForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        told = {"day": timezone.localdate(), **form.cleaned_data}
        try:
            services.item_end(by=request.scope, item=one.item, **told)
        except ValidationError as error:
            form.add_error("because", error)
        except services.Stale as why:
            status = _again(form, one.item, why)
        else:
            messages.success(request, f"{one.item.code} 不再要了；交过的文件都留着。")
            return redirect("dossier:items", request.county.code)
    change_form = ChangeForm(request.scope, request.county, initial=ChangeForm.told(one.item))
    return _change(request, one, change_form, form, status)


@permitted("dossier.manage")
@require_GET
def year_part(request: HttpRequest) -> HttpResponse:
    """A part of 开新学年: which papers still serve at the new counting date. It changes nothing."""
    return render(request, "dossier/year_part.html", {"told": year_told(request.scope, request.county)})


@permitted("dossier.gaps")
@require_GET
def lacking(request: HttpRequest) -> HttpResponse:
    """What the checklist still lacks, as a list and as a workbook."""
    asked = {name: request.GET.get(name, "") for name in ("kind", "whose")}
    found = gaps.gaps_of(request.scope, request.county, timezone.localdate())
    chosen = [gap for gap in found if asked["kind"] in ("", gap.kind)]
    chosen = [gap for gap in chosen if asked["whose"] in ("", gap.held.owner.code if gap.held.owner else "")]
    if "paper" in request.GET.get("sort", ""):
        gaps.named(chosen)
    told = telling.gaps_told(request.scope, request.county, found, asked)
    return table_response(
        request,
        GapsTable(chosen),
        "dossier/gaps.html",
        told
        | {
            "anything": _any(request),
            "scans": unfound(request.county),
            "clears": allowed("evidence.clear", request.scope, request.county),
        },
    )


def _any(request: HttpRequest) -> bool:
    return selectors.items_seen(request.scope, request.county).exists()
