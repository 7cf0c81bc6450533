"""A page that asks with one form: what the act refuses stands above the form, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

UNUSABLE = 422
# Does what was asked, and returns where to go and what to say there.
Act = Callable[[dict[str, Any]], tuple[str, str]]


def ask(
    request: HttpRequest, form: forms.Form, act: Act, told: Mapping[str, Any], template: str = "organisation/form.html"
) -> HttpResponse:
    """Show the form, or, where it was sent and is sound, do the act and go on.

    `told` holds what the page says: title, back (address and label), button, and what stands above the form.
    """
    if request.method == "POST" and form.is_valid():
        try:
            address, said = act(form.cleaned_data)
        except ValidationError as why:
            form.add_error(None, why)
        else:
            messages.success(request, said)
            return redirect(address)
    return render(request, template, {**told, "form": form}, status=UNUSABLE if form.errors else 200)
