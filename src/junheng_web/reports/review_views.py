"""The steps of a report: sent to review, reviewed, signed, dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from junheng_web.organisation.permissions import permitted
from junheng_web.reports import services, signing
from junheng_web.reports.forms import DropForm, PaperForm, ReviewForm, SignForm
from junheng_web.reports.models import Report
from junheng_web.reports.views import page, report_at

Do = Callable[[HttpRequest, Report, forms.Form], str]


def _send(request: HttpRequest, one: Report, form: forms.Form) -> str:
    services.report_send(by=request.scope, report=one)
    return "已送会审，会审的人收到了通知。"


def _review(request: HttpRequest, one: Report, form: forms.Form) -> str:
    services.report_review(by=request.scope, report=one, **form.cleaned_data)
    return "已记下。"


def _sign(request: HttpRequest, one: Report, form: forms.Form) -> str:
    signing.report_sign(by=request.scope, report=one, **form.cleaned_data)
    return "已签发：每个数和每份文件都照现在的样子留下了。"


def _drop(request: HttpRequest, one: Report, form: forms.Form) -> str:
    services.report_drop(by=request.scope, report=one, **form.cleaned_data)
    return "已记为不用了。"


DO: Mapping[str, Do] = MappingProxyType(
    {"send": _send, "review": _review, "paper": _review, "sign": _sign, "drop": _drop}
)


def _sent(request: HttpRequest, one: Report, deed: str) -> forms.Form:
    """Return the form of a step as it was sent."""
    sent = (request.POST, request.FILES)
    if deed == "sign":
        return SignForm(*sent, prefix=deed, paper=not signing.signs(request.scope, one))
    if deed == "paper":
        return PaperForm(one, *sent, prefix=deed)
    known: Mapping[str, type[forms.Form]] = {"review": ReviewForm, "drop": DropForm}
    return known.get(deed, forms.Form)(*sent, prefix=deed)


@permitted("reports.review")
@require_POST
def step(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Take a report one step; who may, each step asks."""
    one = report_at(request, number)
    if deed not in DO:
        raise Http404
    form = _sent(request, one, deed)
    if form.is_valid():
        try:
            messages.success(request, DO[deed](request, one, form))
            return redirect(one.url)
        except services.Refused as why:
            messages.error(request, why.messages[0])
            return redirect(one.url)
        except ValidationError as error:
            form.add_error(None, error)
    if deed == "send":
        messages.error(request, form.non_field_errors()[0])
        return redirect(one.url)
    return page(request, one, **{deed: form})
