"""Signing in and out, choosing the post that one acts for, and following one's jobs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from junheng_web.common import errors
from junheng_web.organisation.jobs import job_cancel
from junheng_web.organisation.middleware import POST
from junheng_web.organisation.models import Job
from junheng_web.organisation.permissions import permitted, public, signed_in

sign_in = public(auth.LoginView.as_view(template_name="organisation/sign_in.html", redirect_authenticated_user=True))
sign_out = public(auth.LogoutView.as_view())


def locked(request: HttpRequest, *args: Any) -> HttpResponse:
    """Say that too many tries locked the account; axes calls it."""
    return errors.page(request, 429)


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell a watcher that the platform and its database answer."""
    Job.objects.exists()
    return JsonResponse({"status": "ok"})


@signed_in
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Act for another of one's posts from now on."""
    wanted = request.POST.get("post", "")
    if any(f"{post.area.code}/{post.code}" == wanted for post in request.scope.posts):
        request.session[POST] = wanted
        messages.success(request, "已换岗位")
    return redirect("home")


@permitted("organisation.jobs")
def job(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far a job is; the page asks again by itself until it has ended."""
    one = _job(request, number)
    if one.status == Job.Status.DONE and isinstance(one.result, dict) and "url" in one.result:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": one.result["url"]})
        return redirect(one.result["url"])
    template = "organisation/job_progress.html" if request.htmx else "organisation/job.html"
    return render(request, template, {"job": one})


@permitted("organisation.jobs")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a job of one's own."""
    one = _job(request, number)
    job_cancel(one, by=request.scope)
    return redirect("job", request.county.code, number)


def _job(request: HttpRequest, number: int) -> Job:
    own = Job.objects.visible_to(request.scope).filter(by_account=request.scope.account.id)
    return get_object_or_404(own, id=number, county=request.county)
