"""A mapping is made by marking a workbook of the office's own: sheet by sheet, with what it reads shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from junheng import api as jh
from junheng.facts.grids import Grid, Spot, address_of, spot_of
from junheng.facts.mapped.model import COLUMNS
from junheng.facts.mapped.recognising import seen
from junheng.facts.mapped.units import UNITS
from junheng_web.evidence import trials
from junheng_web.organisation.permissions import permitted
from junheng_web.statistics import drafts, reading, selectors, services, showing
from junheng_web.statistics.forms import DraftForm, WorkbookForm
from junheng_web.statistics.marking import FIELDS, SETTINGS, Draft, anchor, draft_of, guessed, kept_draft, mark, picked
from junheng_web.statistics.marking import unmark as taken_away

UNUSABLE = 422
ACTS = {"mark": mark, "anchor": anchor}
# The key, and no button: it marks where a place and a field are typed, and keeps what is typed anywhere else.
ENTER = "enter"


def workbook_form(request: HttpRequest) -> WorkbookForm:
    """Return the form with what was sent; of a page that is only looked at, the empty one, which is never valid."""
    return WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()


@permitted("statistics.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take in a workbook to be marked."""
    form = workbook_form(request)
    if not form.is_valid():
        return render(request, "statistics/add.html", {"form": form}, status=UNUSABLE if form.errors else 200)
    file = form.cleaned_data["file"]
    known = {"name": file.name, "chunks": file.chunks(), "purpose": reading.PURPOSE, "ledger": None}
    trial = trials.trial_begin(by=request.scope, county=request.county, **known)
    return redirect("statistics:sheets", request.county.code, trial.code)


def trial_of(request: HttpRequest, code: str) -> trials.Trial:
    """Return a workbook that was brought in here. Raises Http404."""
    known = {"account": request.scope.account.id, "county": request.county.code, "purpose": reading.PURPOSE}
    try:
        return trials.find(code=code, **known)
    except trials.Gone:
        raise Http404 from None


@permitted("statistics.manage")
@require_GET
def sheets(request: HttpRequest, trial: str) -> HttpResponse:
    """List the sheets of a workbook: which are known, and which may be marked."""
    one = trial_of(request, trial)
    try:
        book = reading.read(one, request.county, None)
    except jh.Unusable as error:
        told = {"form": WorkbookForm(), "problems": error.problems, "trial": one}
        return render(request, "statistics/add.html", told, status=UNUSABLE)
    return render(request, "statistics/sheets.html", {"trial": one, "sheets": book.sheets})


@permitted("statistics.manage")
@require_http_methods(["GET", "POST"])
def marking(request: HttpRequest, trial: str, sheet: int) -> HttpResponse:
    """One sheet as a table: what is picked, what is marked, and what would be read."""
    one = trial_of(request, trial)
    try:
        grid = reading.grids_of(one)[sheet]
    except (IndexError, jh.Unusable):
        raise Http404 from None
    draft = _draft(request, one, grid, sheet)
    if request.method == "POST":
        return _act(request, one, grid, sheet, draft.settled(request.POST))
    return render(request, "statistics/marking.html", _told(request, one, grid, sheet, draft))


def _draft(request: HttpRequest, trial: trials.Trial, grid: Grid, sheet: int) -> Draft:
    """Return what was marked so far: at first the mapping that this form has, or what the sheet says of itself."""
    kept = trial.state.get("drafts", {}).get(str(sheet))
    if kept:
        return kept_draft(kept)
    form = seen(grid).form
    rows = selectors.mappings_of(request.county)
    known = next((row for row in rows if form in (row.form, row.content["sheet"])), None)
    return draft_of(selectors.form_of(known), known.code) if known else guessed(grid)


def _act(request: HttpRequest, trial: trials.Trial, grid: Grid, sheet: int, draft: Draft) -> HttpResponse:
    """Do what was asked for, keep what was typed in any case, and lead back to the sheet."""
    deed = request.POST.get("deed", "")
    try:
        if pick := request.POST.get("pick", ""):
            draft = draft.settled({**request.POST.dict(), "at": pick})
        elif remove := request.POST.get("remove", ""):
            draft = taken_away(draft, remove)
        elif deed in ACTS or (deed == ENTER and draft.asked["at"] and draft.asked["what"]):
            draft = ACTS.get(deed, mark)(draft, grid)
    except ValidationError as why:
        messages.error(request, why.messages[0])
    trial.say(drafts={**trial.state.get("drafts", {}), str(sheet): draft.told()})
    if deed == "save" and (answer := _save(request, trial, grid, draft)):
        return answer
    return redirect(_address(request, trial, sheet, "#mark" if request.POST.get("pick") else ""))


def _address(request: HttpRequest, trial: trials.Trial, sheet: int, place: str) -> str:
    window = {name: request.POST[name] for name in ("row", "column") if request.POST.get(name, "").isdecimal()}
    here = reverse("statistics:marking", args=[request.county.code, trial.code, sheet])
    return f"{here}?{urlencode(window)}{place}" if window else f"{here}{place}"


def _save(request: HttpRequest, trial: trials.Trial, grid: Grid, draft: Draft) -> HttpResponse | None:
    """Save a mapping whose preview has no problem, and lead on; None where it has one."""
    found = drafts.preview(draft, grid)
    if not found.ready:
        messages.error(request, f"还不能保存：有 {len(found.problems)} 处要改，见下面的“读出来是这样”。")
        return None
    row = services.mapping_save(by=request.scope, county=request.county, form=found.mapping, code=draft.code)
    messages.success(request, f"“{row}”的对照已保存，第 {row.version} 版。")
    if trial.state["ledger"]:
        return redirect("statistics:import_plan", request.county.code, trial.state["ledger"][0], trial.code)
    return redirect("statistics:mapping", request.county.code, row.code)


def _told(request: HttpRequest, trial: trials.Trial, grid: Grid, sheet: int, draft: Draft) -> dict[str, Any]:
    part = showing.window(grid, *(_number(request.GET, name) for name in ("row", "column")))
    at = draft.asked.get("at", "")
    return {
        "trial": trial,
        "grid": grid,
        "draft": draft,
        "form": DraftForm(initial={name: getattr(draft, name) for name in SETTINGS}),
        "table": showing.shown(grid, part, _marks(draft), _spot(picked(draft, at))),
        "part": part,
        "asked": draft.asked,
        "stands": _stands(draft, grid, at),
        "fields": list(FIELDS),
        "units": list(UNITS),
        "marks": drafts.marks_told(draft, grid),
        "preview": drafts.preview(draft, grid),
        "number": sheet,
    }


def _number(asked: Mapping[str, str], name: str) -> int:
    told = asked.get(name, "")
    return int(told) if told.isdecimal() and len(told) < len(str(10**8)) else 1


def _spot(address: str) -> Spot | None:
    try:
        return spot_of(address)
    except ValueError:
        return None


def _stands(draft: Draft, grid: Grid, at: str) -> str:
    """Return what stands in the cell that is picked, and what the place is called that it stands for."""
    spot = _spot(at)
    if spot is None:
        return ""
    place, text = picked(draft, at), grid.text(*spot) if 0 not in spot else ""
    heading = drafts.heading_told(draft, grid, place)
    return f"{address_of(spot)}{f'“{text}”' if text else ''}，表头：{heading or '没有'}"


def _marks(draft: Draft) -> dict[Spot, str]:
    """Return what each place is marked as."""
    texts = {spot_of(at): "必须原样" for at in draft.anchors}
    return texts | {
        spot_of(place.at): COLUMNS[one.column].label for one in draft.fields for place in one.places if place.at
    }
