"""What one has been told, and that one has read it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.common.tables import table_response
from junheng_web.notices import selectors
from junheng_web.notices.mail_services import is_on
from junheng_web.notices.models import Mail, Notice, Robot, Sending
from junheng_web.notices.robot_forms import RobotForm
from junheng_web.notices.robot_services import robot_set
from junheng_web.notices.services import notice_read, notice_read_all
from junheng_web.notices.tables import NoticesTable
from junheng_web.organisation.models import Person
from junheng_web.organisation.permissions import allowed, permitted

UNUSABLE, SENDINGS_SHOWN, MAILS_SHOWN = 422, 20, 50


@permitted("notices.view")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """List what one has been told, what is not read first."""
    found = selectors.notices_of(request.scope, request.county)
    rights = {name: allowed(f"notices.{name}", request.scope, request.county) for name in ("mails", "robots")}
    return table_response(request, NoticesTable(found), "notices/inbox.html", rights)


@permitted("notices.view")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Note that a notice is read, and lead to what it tells of."""
    number = request.POST.get("number", "")
    try:
        notice = notice_read(by=request.scope, county=request.county, number=int(number))
    except (ValueError, Notice.DoesNotExist):
        raise Http404 from None
    return redirect(notice.url or "notices:inbox", *([] if notice.url else [request.county.code]))


@permitted("notices.view")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Note that all is read."""
    read = notice_read_all(by=request.scope, county=request.county)
    messages.success(request, f"{read} 条通知已标为已读" if read else "没有未读的通知")
    return redirect("notices:inbox", request.county.code)


@permitted("notices.robots")
@require_http_methods(["GET", "POST"])
def robots(request: HttpRequest) -> HttpResponse:
    """The robots of work groups: set up, changed, and what was sent to them last."""
    every = {str(one.id): one for one in Robot.objects.visible_to(request.scope).of(request.county)}
    chosen = every.get(request.GET.get("robot", ""))
    initial = {name: getattr(chosen, name) for name in ("kind", "name", "url", "used")} if chosen else {}
    form = RobotForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            robot_set(by=request.scope, county=request.county, robot=chosen, **form.cleaned_data)
            messages.success(request, "已保存。")
            return redirect(request.path)
        except ValidationError as error:
            form.add_error(None, error)
    sent = Sending.objects.visible_to(request.scope).of(request.county).select_related("robot")[:SENDINGS_SHOWN]
    told = {"robots": every.values(), "chosen": chosen, "form": form, "sendings": sent}
    return render(request, "notices/robots.html", told, status=UNUSABLE if form.errors else 200)


@permitted("notices.mails")
@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """Whether reminders go out by e-mail, to how many people, and what became of the last."""
    sent = Mail.objects.visible_to(request.scope).of(request.county).select_related("notice__post", "notice__account")
    people = Person.objects.visible_to(request.scope).of(request.county)
    told = {"on": is_on(), "sender": settings.DEFAULT_FROM_EMAIL, "mails": sent[:MAILS_SHOWN]}
    told |= {"quiet": settings.QUIET_HOURS, "addresses": people.exclude(email="").count(), "people": people.count()}
    return render(request, "notices/mails.html", told)
