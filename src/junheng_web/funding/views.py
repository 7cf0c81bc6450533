"""Pages of the table and its items: seen, added, changed, dropped, taken through gates, put into the school's form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.evidence.services import file_add
from junheng_web.funding import checking, forms, gating, paying, rising, selectors, services, tables, telling
from junheng_web.funding.certificates import standings_of, warned
from junheng_web.funding.gates import gates, way_of
from junheng_web.funding.models import Contract, Item, Keeper, Line, Payment
from junheng_web.organisation.asking import ask
from junheng_web.organisation.permissions import allowed, permitted

UNUSABLE, CONFLICT = 422, 409


def item_of(request: HttpRequest, number: int) -> Item:
    """Return the item that an address names, if it is for the reader's eyes. Raises Http404."""
    try:
        return selectors.item_numbered(request.scope, request.county, number)
    except Item.DoesNotExist:
        raise Http404 from None


def rights(request: HttpRequest) -> dict[str, bool]:
    """Return what the reader may do with the ledger."""
    return {
        "manages": allowed("funding.manage", request.scope, request.county),
        "keeping": selectors.keeps(request.scope, request.county),
        "sees_all": selectors.sees_all(request.scope, request.county),
    }


@permitted("funding.view")
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The table as living data: every row with its items, the sums, and whether they add up."""
    found = tables.table(request.scope, request.county)
    return render(request, "funding/ledger.html", {"table": found, **rights(request)})


@permitted("funding.view")
@require_GET
def printed(request: HttpRequest) -> HttpResponse:
    """The table in the shape of 附件3, for paper."""
    told = {"table": tables.table(request.scope, request.county), "today": timezone.localdate()}
    return render(request, "funding/printed.html", told)


@permitted("funding.view")
@require_GET
def actual(request: HttpRequest) -> HttpResponse:
    """Plan beside actual: given, signed, paid, and which gate each item waits at."""
    return render(request, "funding/actual.html", telling.actual(request.scope, request.county))


@permitted("funding.view")
@require_GET
def balance(request: HttpRequest) -> HttpResponse:
    """Gaps beside money, what a unit costs, and equipment beside the census."""
    items = selectors.standing(selectors.items_of(request.scope, request.county))
    items = list(items.prefetch_related("gates", "rises"))
    gaps = checking.gaps_today(request.county)
    if not selectors.sees_all(request.scope, request.county):
        own = {one.key for one in items}
        gaps = [one for one in gaps if str(one.key) in own]
    told = {"beside": checking.beside(items, gaps), "costs": checking.costs(items)}
    told["equipment"] = checking.equipment(request.county, items)
    return render(request, "funding/balance.html", {**told, "gaps": gaps, **rights(request)})


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def item_add(request: HttpRequest) -> HttpResponse:
    """Add an item, for a gap or for none."""
    gaps = checking.gaps_today(request.county)
    form = forms.ItemForm(request.county, gaps, request.POST or None, initial=_for_gap(request, gaps))

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        where = {"school": form.schools.get(clean["school"]), "place": clean["place"]}
        made = services.item_add(by=request.scope, county=request.county, **where, **form.told)
        return made.url, f"已登记为 {made.code}。"

    return ask(request, form, act, {}, "funding/item_add.html")


def _for_gap(request: HttpRequest, gaps: list[Any]) -> dict[str, Any]:
    """Return what is known of an item for the gap that the address names: its school, its name, what closes it."""
    gap = next((one for one in gaps if str(one.key) == request.GET.get("gap")), None)
    if gap is None:
        return {}
    return {"school": gap.key.school, "gap": str(gap.key), "name": f"补齐{gap.name}"[:200]}


@permitted("funding.view")
@require_GET
def item(request: HttpRequest, number: int) -> HttpResponse:
    """One item: what it is for, its gates, its money, everything that was done to it."""
    return _page(request, item_of(request, number))


def _page(request: HttpRequest, one: Item, **bound: Form) -> HttpResponse:
    """Return an item's page; a form that was sent with something wrong stands there as it was sent."""
    told = telling.item_told(request.scope, one)
    way = told["way"]
    left = [each.gate for each in way.states if not each.through and each.gate.id in told["moves"]]
    if way.next and way.next.gate.id in told["moves"]:
        told["gate_form"] = bound.get("gate") or forms.GateForm(one, way.next.gate)
    if left:
        told["skip_form"] = bound.get("skip") or forms.SkipForm(one, left)
    if told["keeping"]:
        told["contract_form"] = bound.get("contract") or forms.ContractForm()
        told["payment_form"] = bound.get("payment") or forms.PaymentForm(one)
        told["allot_form"] = bound.get("allot") or forms.AllotForm(one.county)
    told["wrong"] = set(bound)
    return render(request, "funding/item.html", told, status=UNUSABLE if bound else 200)


def _deed(request: HttpRequest, one: Item, name: str, form: Form, does: Callable[[], Any], said: str) -> HttpResponse:
    """Do what one of the page's forms asks; what is refused stands in the form, with what was typed."""
    if form.is_valid():
        try:
            with transaction.atomic():
                does()
        except ValidationError as why:
            form.add_error(None, why)
        except services.Moved as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, said)
            return redirect(one.url)
    return _page(request, item_of(request, one.number), **{name: form})


def _keep_file(request: HttpRequest, one: Item, form: Form, beside: str = "") -> None:
    if file := form.cleaned_data.get("file"):
        of = (telling.KIND, f"{one.code}{telling.BESIDE}{beside}" if beside else one.code)
        file_add(by=request.scope, county=request.county, name=file.name, chunks=file.chunks(), of=of)


@permitted("funding.view")
@require_GET
def issue_part(request: HttpRequest, number: int) -> HttpResponse:
    """The items that are to settle an issue, as a part of the issue's own page; nothing where one sees none."""
    items = selectors.standing(selectors.items_of(request.scope, request.county))
    own = list(items.filter(issue__number=number).prefetch_related("gates"))
    return render(request, "funding/issue_part.html", {"rows": [(one, way_of(one)) for one in own]})


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change an item, with a reason."""
    one = item_of(request, number)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() else one.version
    gaps = checking.gaps_today(request.county)
    form = forms.ItemForm(request.county, gaps, request.POST or None, item=one, initial=forms.item_initial(one))

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        try:
            services.item_edit(by=request.scope, item=one, why=clean["why"], version=version, **form.told)
        except services.Moved as why:
            raise ValidationError(str(why)) from None
        return one.url, f"{one.code} 已改。"

    return ask(request, form, act, {"item": one, "version": version}, "funding/item_edit.html")


@permitted("funding.manage")
@require_POST
def item_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Drop an item, with a reason."""
    return _undone(
        request, number, lambda one, why: services.item_drop(by=request.scope, item=one, why=why), "已取消。"
    )


def _undone(request: HttpRequest, number: int, does: Callable[[Item, str], Any], said: str) -> HttpResponse:
    """Take something back for the reason that was sent; what is refused is said on the item's page."""
    one = item_of(request, number)
    try:
        does(one, request.POST.get("why", ""))
        messages.success(request, said)
    except ValidationError as why:
        messages.error(request, "".join(why.messages))
    except services.Moved as why:
        messages.error(request, str(why))
    return redirect(one.url)


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, place: int) -> HttpResponse:
    """Let a row say something else than what is told by itself."""
    rows = Line.objects.visible_to(request.scope).of(request.county).select_related("county", "school")
    one = rows.filter(place=place).first()
    if one is None:
        raise Http404
    form = forms.LineForm.of(one, request.POST or None)

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        services.line_edit(by=request.scope, line=one, texts=clean, why=clean["why"])
        return telling.address(request.county, "ledger"), f"{one}这一行已改。"

    return ask(request, form, act, {"line": one}, "funding/line.html")


@permitted("funding.record")
@require_POST
def gate(request: HttpRequest, number: int) -> HttpResponse:
    """Say that an item went through a gate, with its document."""
    one, named = item_of(request, number), gates().get(request.POST.get("gate", ""))
    if named is None:
        raise Http404
    form = forms.GateForm(one, named, request.POST, request.FILES)

    def does() -> None:
        gating.gate_pass(by=request.scope, item=one, today=timezone.localdate(), **form.told)
        _keep_file(request, one, form, named.id)

    return _deed(request, one, "gate", form, does, f"{named.label}：已记。{_unproved(one, named.id)}")


def _unproved(one: Item, gate: str) -> str:
    """Say which certificates that the gate asks for are not in order; the gate is gone through all the same."""
    standings = standings_of([one.line.school] if one.line.school else [], timezone.localdate())
    lacking = warned(one, gate, standings)
    return f"请注意：{'，'.join(lacking)}；请在“学校证照”里补上。" if lacking else ""


@permitted("funding.record")
@require_POST
def skip(request: HttpRequest, number: int) -> HttpResponse:
    """Say which gates an item does without."""
    one = item_of(request, number)
    form = forms.SkipForm(one, [each.gate for each in way_of(one).states], request.POST)

    def does() -> None:
        clean = form.cleaned_data
        gating.gates_skip(by=request.scope, item=one, named=clean["named"], note=clean["note"])

    return _deed(request, one, "skip", form, does, "已记：这几道不需要办。")


@permitted("funding.record")
@require_POST
def gate_undo(request: HttpRequest, number: int, gate: str) -> HttpResponse:
    """Take an item back from a gate."""
    if gate not in gates():
        raise Http404
    said = f"{gates()[gate].label}：已退回。"
    return _undone(
        request, number, lambda one, why: gating.gate_undo(by=request.scope, item=one, gate=gate, why=why), said
    )


@permitted("funding.record")
@require_POST
def contract(request: HttpRequest, number: int) -> HttpResponse:
    """Record a contract."""
    one, form = item_of(request, number), forms.ContractForm(request.POST, request.FILES)

    def does() -> None:
        told = {name: form.cleaned_data[name] for name in ("number", "party", "day", "amount")}
        paying.contract_add(by=request.scope, item=one, **told)
        _keep_file(request, one, form)

    return _deed(request, one, "contract", form, does, "合同已记。")


@permitted("funding.record")
@require_POST
def payment(request: HttpRequest, number: int) -> HttpResponse:
    """Record a payment."""
    one = item_of(request, number)
    form = forms.PaymentForm(one, request.POST, request.FILES)

    def does() -> None:
        paying.payment_add(by=request.scope, item=one, **form.told)
        _keep_file(request, one, form)

    return _deed(request, one, "payment", form, does, "支付已记。")


@permitted("funding.record")
@require_POST
def allot(request: HttpRequest, number: int) -> HttpResponse:
    """Say how much of a source an item is given."""
    one, form = item_of(request, number), forms.AllotForm(request.county, request.POST)
    return _deed(
        request,
        one,
        "allot",
        form,
        lambda: paying.allotment_set(by=request.scope, item=one, **form.told),
        "资金安排已记。",
    )


@permitted("funding.record")
@require_POST
def undo(request: HttpRequest, number: int, kind: str, id: int) -> HttpResponse:
    """Take back a contract or a payment that was recorded in error."""
    one = item_of(request, number)
    rows = {"contract": Contract, "payment": Payment}.get(kind)
    row = rows.objects.filter(item=one, id=id).select_related("county", "item__county").first() if rows else None
    if row is None:
        raise Http404
    takes = paying.contract_undo if kind == "contract" else paying.payment_undo
    return _undone(request, number, lambda _, why: takes(by=request.scope, why=why, **{kind: row}), "已撤回。")


@permitted("funding.raise")
@require_POST
def raise_undo(request: HttpRequest, number: int) -> HttpResponse:
    """Say that an item's number stands in the form no more."""
    return _undone(
        request, number, lambda one, why: rising.rise_withdraw(by=request.scope, item=one, why=why), "已撤回。"
    )


@permitted("funding.manage")
@require_http_methods(["GET", "POST"])
def keepers(request: HttpRequest) -> HttpResponse:
    """Say which units keep the ledger with the office."""
    known = Keeper.objects.visible_to(request.scope).of(request.county).values_list("unit__code", flat=True)
    form = forms.KeepersForm(request.county, request.POST or None, initial={"units": list(known)})
    if request.method == "POST":
        form = forms.KeepersForm(request.county, request.POST)

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        units = [form.known[code] for code in clean["units"]]
        services.keepers_set(by=request.scope, county=request.county, units=units)
        return telling.address(request.county, "sources"), "已定。"

    return ask(request, form, act, {}, "funding/keepers.html")
