"""The page of a form's sealed scans, and taking one in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng_web.collection.handing.approving import digest_of, may_fill
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.pages.forms import SealForm
from junheng_web.collection.pages.views import UNUSABLE, subject_of
from junheng_web.collection.sealed import sealing
from junheng_web.collection.sealed.marks import spaced
from junheng_web.organisation.permissions import permitted


@permitted("collection.view")
@require_http_methods(["GET", "POST"])
def sealed(request: HttpRequest, period: str, basis: str, kind: str, code: str) -> HttpResponse:
    """Show the scans of a form, each with the version that it seals; take one in from whose form it is."""
    one = subject_of(request, period, basis, kind, code)
    fills = may_fill(request.scope, one)
    if request.method == "POST" and not fills:
        raise PermissionDenied
    form = SealForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            scan = sealing.form_seal(by=request.scope, one=one, **form.cleaned_data)
            _say(request, one, scan)
            return redirect(request.path)
        except (Locked, ValidationError) as why:
            form.add_error(None, str(why) if isinstance(why, Locked) else why)
    told = {"form": form if fills and not one.period.frozen else None, **sealing.seals(one)}
    return render(request, "collection/sealed.html", told, status=UNUSABLE if form.errors else 200)


def _say(request: HttpRequest, one: Subject, scan: sealing.SealedForm) -> None:
    """Say which version was sealed, and whether the form still holds that."""
    told = f"盖章件已收下，校验码 {spaced(scan.digest)}（{scan.get_matched_display()}）"
    if scan.digest == digest_of(one):
        messages.success(request, f"{told}，与现在的数一致。")
    else:
        messages.warning(request, f"{told}，盖的是以前的一版，现在的数已经不同：请看下面改了什么，重新打印盖章。")
