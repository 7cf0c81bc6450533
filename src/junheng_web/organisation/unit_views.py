"""Units and desks, their posts, and how a post changes hands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from junheng_web.organisation.appointing import hand_over_checked, post_hand_over, post_hand_over_to_new
from junheng_web.organisation.asking import UNUSABLE, ask
from junheng_web.organisation.charting import listed_units, posts_by_unit, posts_of_no_unit
from junheng_web.organisation.following import following
from junheng_web.organisation.forms import EndForm, HandOverForm, PostForm, UnitForm
from junheng_web.organisation.group_views import asking, manages, url
from junheng_web.organisation.models import Account, Contact, Person, Post, Unit
from junheng_web.organisation.people import Appointment
from junheng_web.organisation.permissions import permitted
from junheng_web.organisation.selectors import holder_on, posts_of, units_of
from junheng_web.organisation.staffing import post_add, post_change, unit_add, unit_change, unit_close


def _unit(request: HttpRequest, code: str) -> Unit:
    own = Unit.objects.visible_to(request.scope).of(request.county).select_related("county", "parent")
    return get_object_or_404(own, code=code)


def _post(request: HttpRequest, code: str) -> Post:
    own = Post.objects.filter(area=request.county).select_related("area", "unit__parent", "school", "group")
    return get_object_or_404(own, code=code)


@permitted("organisation.view")
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Every unit and desk in the document's order, with its posts and who holds them."""
    posts = posts_by_unit(request.county, timezone.localdate())
    liaisons = Contact.objects.of(request.county).filter(kind=Contact.Kind.LIAISON).select_related("post")
    by_unit = {one.unit_id: one.post for one in liaisons}
    listed = listed_units(request.county)
    rows = [{"unit": one, "posts": posts.get(one.id, []), "liaison": by_unit.get(one.id)} for one in listed]
    loose = posts_of_no_unit(request.county, timezone.localdate())
    every = [*loose, *(one for row in rows for one in row["posts"])]
    told = {"rows": rows, "loose": loose, "posts": len(every), "vacant": sum(person is None for _, person in every)}
    return render(request, "organisation/units.html", {**told, "manages": manages(request)})


@permitted("organisation.view")
@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """A unit with its desks, its posts and who holds them."""
    one = _unit(request, code)
    posts = posts_by_unit(request.county, timezone.localdate())
    desks = [{"unit": desk, "posts": posts.get(desk.id, [])} for desk in units_of(request.county).filter(parent=one)]
    contacts = Contact.objects.of(request.county).filter(unit=one).select_related("post")
    told = {"unit": one, "posts": posts.get(one.id, []), "desks": desks, "contacts": contacts}
    schools = one.schools.filter(closed=None)
    return render(request, "organisation/unit.html", {**told, "schools": schools, "manages": manages(request)})


@permitted("organisation.manage")
@asking
def add(request: HttpRequest) -> HttpResponse:
    """Add a unit or, below `?parent=`, a desk."""
    parent = request.GET.get("parent", "")
    form = UnitForm(request.county, request.POST or None, initial={"parent": parent})

    def act(told: dict[str, Any]) -> tuple[str, str]:
        made = unit_add(by=request.scope, county=request.county, **form.told)
        return url(request, "unit", made.code), f"已添上“{made}”"

    told = {"title": "添股室" if parent else "添单位", "back": url(request, "units"), "back_label": "单位和岗位"}
    return ask(request, form, act, {**told, "button": "保存"})


@permitted("organisation.manage")
@asking
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is known of a unit."""
    one = _unit(request, code)
    initial = {name: getattr(one, name) for name in ("name", "full_name", "kind", "place")}
    initial["parent"] = one.parent.code if one.parent else ""
    form = UnitForm(request.county, request.POST or None, initial=initial)

    def act(told: dict[str, Any]) -> tuple[str, str]:
        unit_change(by=request.scope, unit=one, **form.told)
        return url(request, "unit", code), "已改"

    told = {"title": f"修改{one}", "back": url(request, "unit", code), "back_label": one.name, "button": "保存"}
    return ask(request, form, act, told)


@permitted("organisation.manage")
@asking
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Say that a unit is there no more."""
    one = _unit(request, code)

    def act(told: dict[str, Any]) -> tuple[str, str]:
        unit_close(by=request.scope, unit=one, day=told["day"])
        return url(request, "units"), f"“{one}”已撤销；它办过的事还看得到"

    told = {"title": f"撤销{one}", "back": url(request, "unit", code), "back_label": one.name, "button": "撤销"}
    told["note"] = "机构改革、合并以后不再有的单位才撤销；只是改名，请用“修改”。它的股室一起撤销。"
    return ask(request, EndForm(request.POST or None, initial={"day": timezone.localdate()}), act, told)


@permitted("organisation.manage")
@asking
def post_new(request: HttpRequest) -> HttpResponse:
    """Add a post; `?unit=` says where."""
    form = PostForm(request.county, request.POST or None, initial={"unit": request.GET.get("unit", "")})

    def act(told: dict[str, Any]) -> tuple[str, str]:
        made = post_add(by=request.scope, county=request.county, **told)
        return url(request, "post", made.code), f"已添上“{made}”，现在空缺；请办任职"

    told = {"title": "添岗位", "back": url(request, "units"), "back_label": "单位和岗位", "button": "保存"}
    return ask(request, form, act, told)


@permitted("organisation.manage")
@asking
def post_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is known of a post; who holds it stays."""
    one = _post(request, code)
    if one.group and one.group.dissolved:
        raise Http404
    initial = {"name": one.name, "role": one.role, "signs": one.signs}
    initial |= {name: getattr(one, name).code if getattr(one, name) else "" for name in ("unit", "school", "group")}

    def act(told: dict[str, Any]) -> tuple[str, str]:
        post_change(by=request.scope, post=one, **told)
        return url(request, "post", code), "已改"

    told = {"title": f"修改{one}", "back": url(request, "post", code), "back_label": one.name, "button": "保存"}
    told["note"] = "这里不改由谁担任；换人请用“交接”。改类别，就改了权限。"
    return ask(request, PostForm(request.county, request.POST or None, initial=initial), act, told)


@permitted("organisation.view")
@require_GET
def post(request: HttpRequest, code: str) -> HttpResponse:
    """A post: who holds it, what hangs on it, who held it before."""
    one, today = _post(request, code), timezone.localdate()
    history = list(one.appointments.select_related("person").reverse())
    told = {"post": one, "running": [each for each in history if _on(each, today)], "history": history}
    told["follows"] = following(one, today) if manages(request) else []
    return render(request, "organisation/post.html", {**told, "manages": manages(request), "today": today})


def _on(one: Appointment, day: dt.date) -> bool:
    return (one.start is None or one.start <= day) and (one.end is None or one.end >= day)


@permitted("organisation.manage")
@asking
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Ask who takes a post over, show what follows, and only then do it."""
    one = _post(request, code)
    form = HandOverForm(request.county, request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        if "seen" in request.POST and (done := _handed_over(request, one, form)):
            return done
        if not form.errors and (shown := _preview(request, one, form)):
            return shown
    told = {"post": one, "form": form, "holder": holder_on(one, timezone.localdate())}
    told["follows"] = following(one, timezone.localdate())
    return render(request, "organisation/hand_over.html", told, status=UNUSABLE if form.errors else 200)


def _handed_over(request: HttpRequest, one: Post, form: HandOverForm) -> HttpResponse | None:
    """Do what was previewed. Return None, with the reason in the form, where it cannot be done."""
    clean = form.cleaned_data
    seen = [int(id) for id in request.POST["seen"].split(",") if id.isdigit()]
    told = {"by": request.scope, "post": one, "day": clean["day"], "document": clean["document"], "seen": seen}
    try:
        if name := clean["new_name"].strip():
            post_hand_over_to_new(name=name, **told)
        else:
            post_hand_over(person=clean["person"], **told)
    except ValidationError as why:
        form.add_error(None, why)
        return None
    messages.success(request, f"“{one}”已交接；挂在岗位上的都跟过去了")
    return redirect(url(request, "post", one.code))


def _preview(request: HttpRequest, one: Post, form: HandOverForm) -> HttpResponse | None:
    """Show from whom to whom, what follows, and what it means for both; None where it could not be done."""
    day, person = form.cleaned_data["day"], form.cleaned_data["person"]
    try:
        running = hand_over_checked(
            one, None if form.cleaned_data["vacant"] else person or Person(county=request.county), day
        )
    except ValidationError as why:
        form.add_error(None, why)
        return None
    leavers = [{"person": each.person, "keeps": _keeps(each.person, one, day)} for each in running]
    told = {
        "post": one,
        "form": form,
        "leavers": leavers,
        "seen": ",".join(str(each.id) for each in running),
        "person": person,
        "name": str(person or form.cleaned_data["new_name"].strip()),
        "has_account": bool(person) and Account.objects.filter(person=person, is_active=True).exists(),
        "holds": _keeps(person, one, day) if person else [],
        "last": day - dt.timedelta(days=1),
        "follows": following(one, day),
    }
    return render(request, "organisation/hand_over_preview.html", told)


def _keeps(person: Person, post: Post, day: dt.date) -> list[Post]:
    """Return the other posts that somebody holds on the day."""
    return [each for each in posts_of(person, day) if each.id != post.id]
