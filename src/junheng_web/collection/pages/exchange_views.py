"""Workbooks out and in: what a file would change is shown before anything is changed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.collection.exchange import bases, exchanging, import_jobs, importing
from junheng_web.collection.exchange.import_jobs import PURPOSE
from junheng_web.collection.ledger.addresses import address
from junheng_web.collection.ledger.gathering import facts_of
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import subjects, visible
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.pages.forms import ImportForm
from junheng_web.collection.pages.plan_tables import plan_table, plan_told
from junheng_web.collection.pages.views import UNUSABLE, ledger_of, subject_of
from junheng_web.common.tables import MEDIA_TYPE, table_response
from junheng_web.evidence import trials
from junheng_web.organisation.permissions import permitted


@permitted("collection.enter")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Take in a file and lead to what it would change."""
    ledger = ledger_of(request, period, basis)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        form = form if request.method == "POST" else ImportForm()
        return render(request, "collection/import.html", {"ledger": ledger, "form": form}, status=_status(form))
    file = form.cleaned_data["file"]
    trial = trials.trial_begin(
        by=request.scope,
        county=request.county,
        name=file.name,
        chunks=file.chunks(),
        purpose=PURPOSE,
        ledger=[period, basis],
    )
    job = import_jobs.plan_later(trial, by=request.scope, ledger=ledger)
    if job:
        return redirect("job", request.county.code, job.id)
    return redirect(address(ledger, "import_plan", trial.code))


def _status(form: ImportForm) -> int:
    return UNUSABLE if form.errors else 200


@permitted("collection.enter")
@require_GET
def plan(request: HttpRequest, period: str, basis: str, trial: str) -> HttpResponse:
    """Show what a file would change, cell by cell; where it cannot be used, every reason."""
    ledger = ledger_of(request, period, basis)
    one = exchanging.trial_of(request, ledger, trial, PURPOSE)
    if "job" in one.state and one.state["outcome"] == "waiting":
        return redirect("job", request.county.code, one.state["job"])
    told = {"ledger": ledger, "trial": one, "form": ImportForm()}
    try:
        made, remarks = import_jobs.planned(one) or import_jobs.plan_now(request.scope, ledger, one)
    except jh.Unusable as error:
        return render(request, "collection/import.html", {**told, "problems": error.problems}, status=UNUSABLE)
    told |= plan_told(request, ledger, made, one.state.get("taken", ())) | {"remarks": remarks}
    response = table_response(request, plan_table(ledger, made), "collection/import_plan.html", told)
    response.status_code = UNUSABLE if made.problems else 200
    return response


@permitted("collection.enter")
@require_POST
def apply(request: HttpRequest, period: str, basis: str, trial: str) -> HttpResponse:
    """Make every change that was shown, or none."""
    ledger = ledger_of(request, period, basis)
    one = exchanging.trial_of(request, ledger, trial, PURPOSE)
    again = address(ledger, "import_plan", one.code)
    try:
        made, _ = import_jobs.plan_now(request.scope, ledger, one)
    except jh.Unusable:
        return redirect(again)
    return exchanging.agreed(request, ledger, made, one, again)


@permitted("collection.view")
@require_GET
def workbook(request: HttpRequest, period: str, basis: str, kind: str = "", code: str = "") -> HttpResponse:
    """Send the workbook of one school, or of every school that one may see, filled with what the ledger holds."""
    ledger = ledger_of(request, period, basis)
    if kind:
        one = subject_of(request, period, basis, kind, code)
        if one.kind != Submission.Kind.SCHOOL:
            raise Http404
        codes, name = {one.code}, one.name
    else:
        codes = {one.code for one in subjects(ledger) if one.school_type and visible(request.scope, one)}
        name = str(request.county)
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}-{ledger}.xlsx")}
    return HttpResponse(_book(ledger, codes), content_type=MEDIA_TYPE, headers=headers)


def _book(ledger: Ledger, codes: set[str]) -> bytes:
    """Return a workbook of some schools, which says what it was made from; the county's items go with all alone."""
    facts = facts_of(ledger)
    base = bases.base_now(ledger)
    whole = set(facts.tables["schools"]["school_code"].to_pylist()) == codes
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "facts.xlsx"
        own = facts if whole else importing.of_schools(facts, codes)
        jh.write_workbook(own, file, add=lambda book: bases.mark(book, base))
        return file.read_bytes()
