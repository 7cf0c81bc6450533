"""Pages of adopted plans: to adopt one, each version with plan and actual, and the tasks that wait for a lead."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.planning import adopted, selectors, telling
from junheng_web.planning.adopting import plan_adopt
from junheng_web.planning.assigning import tasks_again
from junheng_web.planning.forms import AdoptForm
from junheng_web.planning.models import Adoption, PlanRun

UNUSABLE = 422


@permitted("planning.adopt")
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, number: int) -> HttpResponse:
    """Adopt a plan: which meeting decided it, when, and why."""
    try:
        plan = selectors.plan_numbered(request.scope, request.county, number)
    except PlanRun.DoesNotExist:
        raise Http404 from None
    form = AdoptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            one = plan_adopt(by=request.scope, plan=plan, **form.cleaned_data)
        except ValidationError as why:
            form.add_error(None, why)
        else:
            messages.success(request, f"已采用，是{one}。资金项目和任务都已列好；任务要办公室交办才发出。")
            return redirect(one.url)
    last = selectors.adoptions_of(request.scope, request.county).first()
    context = {"plan": plan, "form": form, "last": last, "cost": telling.wan(plan.cost)}
    return render(request, "planning/adopt.html", context, status=UNUSABLE if form.errors else 200)


@permitted("planning.view")
@require_GET
def adoptions(request: HttpRequest) -> HttpResponse:
    """The versions of the county's adopted plan, the newest first."""
    rows = [(one, telling.wan(one.plan.cost)) for one in selectors.adoptions_of(request.scope, request.county)]
    return render(request, "planning/adoptions.html", {"rows": rows})


def _adoption(request: HttpRequest, number: int) -> Adoption:
    try:
        return selectors.adoptions_of(request.scope, request.county).get(number=number)
    except Adoption.DoesNotExist:
        raise Http404 from None


@permitted("planning.view")
@require_GET
def adoption(request: HttpRequest, number: int) -> HttpResponse:
    """A version: what is done where, its money and tasks, and the plan beside what is approved."""
    may = allowed("planning.adopt", request.scope, request.county)
    return render(request, "planning/adoption.html", {**adopted.page(_adoption(request, number)), "adopts": may})


@permitted("planning.adopt")
@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Propose the tasks of measures whose indicators have got a lead since."""
    one = _adoption(request, number)
    try:
        left = tasks_again(by=request.scope, adoption=one)
    except ValidationError as why:
        messages.error(request, "；".join(why.messages))
        return redirect(one.url)
    told = f"还有 {left} 项没有牵头单位。" if left else "每一项都有任务了。"
    messages.success(request, f"已按任务分工补立任务。{told}")
    return redirect(one.url)
