"""The chart, working groups and their seats, and how a group ends."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng_web.organisation.asking import ask
from junheng_web.organisation.charting import chart as charted
from junheng_web.organisation.forms import DissolveForm, EndForm, GroupForm, SeatForm
from junheng_web.organisation.grouping import group_change, group_dissolve, group_found, seat_end, seat_put
from junheng_web.organisation.models import Group, Seat
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.selectors import group_of, seated_on

asking = require_http_methods(["GET", "POST"])


def url(request: HttpRequest, name: str, *args: Any) -> str:
    """Return the address of a page of this room in the reader's county."""
    return reverse(f"organisation:{name}", args=[request.county.code, *args])


def manages(request: HttpRequest) -> bool:
    """Whether the reader may change the organisation."""
    return allowed("organisation.manage", request.scope, request.county)


def _group(request: HttpRequest, code: str) -> Group:
    own = Group.objects.visible_to(request.scope).of(request.county).select_related("county", "office")
    return get_object_or_404(own, code=code)


@permitted("organisation.view")
@require_GET
def chart(request: HttpRequest) -> HttpResponse:
    """The working group and the units on one page, to be looked at and printed."""
    told = charted(request.county, timezone.localdate())
    return render(request, "organisation/chart.html", {**told, "manages": manages(request), "links": True})


@permitted("organisation.view")
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """Every working group that there is and was."""
    found = Group.objects.visible_to(request.scope).of(request.county).select_related("office")
    return render(request, "organisation/groups.html", {"groups": found, "manages": manages(request)})


@permitted("organisation.view")
@require_GET
def group(request: HttpRequest, code: str) -> HttpResponse:
    """A group's list as a document prints it, with who holds each post today."""
    one = _group(request, code)
    seats = seated_on(one, timezone.localdate())
    ended = [] if one.dissolved else one.seats.exclude(end=None).select_related("post", "unit")
    told = {"group": one, "seats": seats, "ended": ended, "manages": manages(request) and not one.dissolved}
    return render(request, "organisation/group.html", {**told, "counted": len(seats)})


@permitted("organisation.manage")
@asking
def found(request: HttpRequest) -> HttpResponse:
    """Found a group; while another one stands, this is said."""
    standing = group_of(request.county)

    def act(told: dict[str, Any]) -> tuple[str, str]:
        made = group_found(by=request.scope, county=request.county, **told)
        return url(request, "group", made.code), f"已成立“{made}”；现在按文件的次序添席位"

    note = f"现在有“{standing}”，没有撤销。再成立一个，两个并存。" if standing and not standing.dissolved else ""
    told = {
        "title": "成立工作组",
        "back": url(request, "groups"),
        "back_label": "工作组",
        "button": "成立",
        "note": note,
    }
    return ask(request, GroupForm(request.county, request.POST or None), act, told)


@permitted("organisation.manage")
@asking
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is known of a group."""
    one = _group(request, code)
    names = ("name", "kind", "document", "established", "rules")
    initial = {name: getattr(one, name) for name in names} | {"office": one.office.code if one.office else ""}

    def act(told: dict[str, Any]) -> tuple[str, str]:
        group_change(by=request.scope, group=one, **told)
        return url(request, "group", code), "已改"

    told = {"title": f"修改{one}", "back": url(request, "group", code), "back_label": one.name, "button": "保存"}
    return ask(request, GroupForm(request.county, request.POST or None, initial=initial), act, told)


@permitted("organisation.manage")
@asking
def dissolve(request: HttpRequest, code: str) -> HttpResponse:
    """Dissolve a group, after saying what ends with it and what does not."""
    one, today = _group(request, code), timezone.localdate()
    if one.dissolved:
        raise Http404

    def act(told: dict[str, Any]) -> tuple[str, str]:
        group_dissolve(by=request.scope, group=one, **told)
        return url(request, "group", code), f"“{one}”已撤销；名单和办过的事照样看得到"

    form = DissolveForm(request.POST or None, initial={"day": today})
    own = [one for one in seated_on(one, today) if one.seat.post and one.seat.post.group_id]
    told = {"group": one, "own": own, "seats": one.seats.on(today).count(), "button": "撤销"}
    told |= {"title": f"撤销{one}", "back": url(request, "group", code), "back_label": one.name}
    told |= {"confirm": f"撤销“{one}”？撤销以后不能恢复，只能另行成立。", "above": "organisation/dissolving.html"}
    return ask(request, form, act, told)


def _seat_put(request: HttpRequest, one: Group, form: SeatForm, told: dict[str, Any]) -> HttpResponse:
    def act(clean: dict[str, Any]) -> tuple[str, str]:
        seat_put(by=request.scope, group=one, **clean)
        return url(request, "group", one.code), "席位已保存"

    back = {"back": url(request, "group", one.code), "back_label": one.name, "button": "保存"}
    return ask(request, form, act, {**back, **told})


@permitted("organisation.manage")
@asking
def seat_add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a seat at the end of the list, or where it belongs."""
    one = _group(request, code)
    last = one.seats.order_by("-place").values_list("place", flat=True).first() or 0
    form = SeatForm(request.county, request.POST or None, initial={"place": last + 1, "kind": Seat.Kind.MEMBER})
    return _seat_put(request, one, form, {"title": "添席位"})


@permitted("organisation.manage")
@asking
def seat(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """Change a seat, or end it (`?end=1`)."""
    one = _group(request, code)
    known = get_object_or_404(one.seats.filter(end=None).select_related("post", "unit", "group"), place=place)
    if request.GET.get("end"):
        return _end(request, one, known)
    at = {name: getattr(known, name).code if getattr(known, name) else "" for name in ("post", "unit")}
    initial = {"place": place, "kind": known.kind, "title": known.title, **at}
    form = SeatForm(request.county, request.POST or None, initial=initial)
    form.fields["place"].disabled = True
    here = f"{url(request, 'seat', code, place)}?end=1"
    return _seat_put(request, one, form, {"title": f"第 {place} 席", "other": here, "other_label": "撤去这个席位"})


def _end(request: HttpRequest, one: Group, known: Seat) -> HttpResponse:
    def act(told: dict[str, Any]) -> tuple[str, str]:
        seat_end(by=request.scope, seat=known, day=told["day"])
        return url(request, "group", one.code), f"第 {known.place} 席已撤去，以前的名单还看得到"

    back = {"back": url(request, "group", one.code), "back_label": one.name, "button": "撤去"}
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})
    return ask(request, form, act, {**back, "title": f"撤去第 {known.place} 席"})
