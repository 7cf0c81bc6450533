"""A file that is shown before it changes anything: brought in, planned, and made true as agreed, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng import api as jh
from junheng_web.evidence import trials
from junheng_web.evidence.trial_views import trial_of
from junheng_web.organisation.permissions import View, permitted

UNUSABLE = 422


class Plan(Protocol):
    """What a file comes to."""

    problems: list[jh.Problem]

    @property
    def digest(self) -> str:
        """What tells this plan from another one."""


@dataclass(slots=True)
class Unreadable:
    """What a file comes to that cannot be read."""

    problems: list[jh.Problem]
    digest: str = ""


def _nothing(*asked: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Brought:
    """A kind of file: what it is for, its pages (templates and names of addresses), and what is done with it.

    `read` returns the plan, or raises Unusable; `make` makes it true in one transaction and returns what is said then,
    or raises ValidationError or what `refused` names, and nothing is changed. `moved` is said where the plan is no
    longer the one that was agreed to. `kept` names the form's fields that stay with the file. `told` and `beside`
    return what the plan and the form are shown with.
    """

    purpose: str
    form: type[Form]
    templates: tuple[str, str]
    planned: str
    done: str
    read: Callable[[HttpRequest, trials.Trial], Plan]
    make: Callable[[HttpRequest, trials.Trial, Any], str]
    moved: str
    told: Callable[[HttpRequest, trials.Trial, Any], Mapping[str, Any]] = _nothing
    beside: Callable[[HttpRequest], Mapping[str, Any]] = _nothing
    refused: tuple[type[Exception], ...] = ()
    kept: tuple[str, ...] = ()


def pages(kind: Brought, permission: str) -> tuple[View, View, View]:
    """Return the views of a kind of file, each guarded by the permission: it comes in, its plan, the deed."""

    @permitted(permission)
    @require_http_methods(["GET", "POST"])
    def bring(request: HttpRequest) -> HttpResponse:
        """Take in a file and lead to what it would change."""
        return _bring(request, kind)

    @permitted(permission)
    @require_GET
    def plan(request: HttpRequest, trial: str) -> HttpResponse:
        """Show what a file would change; where it cannot be used, every reason."""
        return _show(request, kind, trial)

    @permitted(permission)
    @require_POST
    def apply(request: HttpRequest, trial: str) -> HttpResponse:
        """Make every change that was shown, or none."""
        return _apply(request, kind, trial)

    return bring, plan, apply


def _bring(request: HttpRequest, kind: Brought) -> HttpResponse:
    form = kind.form(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, known = form.cleaned_data["file"], {name: form.cleaned_data[name] for name in kind.kept}
        by = {"by": request.scope, "county": request.county}
        trial = trials.trial_begin(**by, name=file.name, chunks=file.chunks(), purpose=kind.purpose, **known)
        return redirect(kind.planned, request.county.code, trial.code)
    status = UNUSABLE if form.errors else 200
    return render(request, kind.templates[0], {**kind.beside(request), "form": form}, status=status)


def _show(request: HttpRequest, kind: Brought, code: str) -> HttpResponse:
    trial = trial_of(request, code, kind.purpose)
    made = _plan(request, kind, trial)
    told = {} if isinstance(made, Unreadable) else kind.told(request, trial, made)
    shown = {"trial": trial, "plan": made, **told}
    return render(request, kind.templates[1], shown, status=UNUSABLE if made.problems else 200)


def _plan(request: HttpRequest, kind: Brought, trial: trials.Trial) -> Plan:
    try:
        return kind.read(request, trial)
    except jh.Unusable as error:
        return Unreadable(list(error.problems))


def _apply(request: HttpRequest, kind: Brought, code: str) -> HttpResponse:
    trial = trial_of(request, code, kind.purpose)
    made = _plan(request, kind, trial)
    try:
        if made.problems or request.POST.get("agreed") != made.digest:
            raise ValidationError(kind.moved)
        said = kind.make(request, trial, made)
    except (ValidationError, *kind.refused) as why:
        messages.error(request, "".join(why.messages) if isinstance(why, ValidationError) else str(why))
        return redirect(kind.planned, request.county.code, code)
    trial.remove()
    messages.success(request, said)
    return redirect(kind.done, request.county.code)
