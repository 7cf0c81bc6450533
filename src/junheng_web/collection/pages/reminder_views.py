"""The page of reminders: who was called, when, and what was said."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from junheng_web.collection.pages.forms import ReminderForm
from junheng_web.collection.pages.views import UNUSABLE, ledger_of
from junheng_web.collection.reminding.log import reminder_log
from junheng_web.collection.reminding.log import reminders as told_of
from junheng_web.collection.shown.selectors import form_named
from junheng_web.organisation.permissions import permitted


@permitted("collection.manage")
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest, period: str, basis: str) -> HttpResponse:
    """Show who was reminded of a ledger's forms, and write down one reminder more."""
    told = told_of(ledger_of(request, period, basis))
    form = ReminderForm(request.POST or None, late=told["late"])
    if request.method == "POST" and form.is_valid():
        kind, code = form.cleaned_data["form"].split(":")
        one = form_named(request.scope, request.county, period, basis, kind, code)
        try:
            reminder_log(by=request.scope, one=one, how=form.cleaned_data["how"], text=form.cleaned_data["text"])
            return redirect(request.path)
        except ValidationError as why:
            form.add_error("text", why)
    status = UNUSABLE if form.errors else 200
    return render(request, "collection/reminders.html", {"form": form, **told}, status=status)
