"""People, the posts that each holds, and whom one speaks to for a unit or a school."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_tables2
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from junheng_web.common.tables import Table, table_response
from junheng_web.organisation.asking import ask
from junheng_web.organisation.contacting import KNOWN_ABOVE, contact_set
from junheng_web.organisation.forms import PersonForm, post_told, unit_told
from junheng_web.organisation.group_views import asking, manages, url
from junheng_web.organisation.models import Account, Appointment, Contact, Person, Post, School, Unit
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.roles import Role
from junheng_web.organisation.selectors import holders_on, posts_in, units_of
from junheng_web.organisation.staffing import person_add, person_change


class People(Table):
    """The county's people."""

    name = django_tables2.Column("姓名")
    posts = django_tables2.Column("岗位", attrs={"td": {"class": "wrap"}})
    units = django_tables2.Column("单位", attrs={"td": {"class": "wrap"}})
    phone = django_tables2.Column("电话")
    account = django_tables2.Column("账号")

    title = "人员"
    nothing, remedy = "没有这样的人", "换个字再查；还没有登记的人，由办公室添上，或在交接岗位时写姓名"

    def render_name(self, value: str, record: dict[str, Any]) -> str:
        """Lead to the person's page."""
        return format_html('<a href="{}">{}</a>', record["url"], value)

    def value_name(self, value: str) -> str:
        """In the workbook, the name alone."""
        return value


@permitted("organisation.contacts")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the county with the posts of today; `?q=` looks for a name, a post, a unit."""
    words = request.GET.get("q", "").strip()
    rows = [row for row in _people(request) if words in f"{row['name']} {row['posts']} {row['units']}"]
    told = {"words": words, "manages": manages(request)}
    told["opens"] = allowed("organisation.accounts", request.scope, request.county)
    return table_response(request, People(rows), "organisation/people.html", told)


def _people(request: HttpRequest) -> Iterator[dict[str, Any]]:
    held: dict[int, list[Post]] = {}
    today = Appointment.objects.on(timezone.localdate()).filter(post__area=request.county)
    for one in today.select_related("post__unit__parent", "post__school").order_by("post__code"):
        held.setdefault(one.person_id, []).append(one.post)
    signing = set(Account.objects.filter(is_active=True).values_list("person", flat=True))
    for person in Person.objects.visible_to(request.scope).of(request.county).order_by("name", "id"):
        posts = held.get(person.id, [])
        yield {
            "name": person.name,
            "url": url(request, "person", person.id),
            "posts": "、".join(post.name for post in posts) or None,
            "units": "、".join(dict.fromkeys(filter(None, map(_where, posts)))) or None,
            "phone": person.phone or None,
            "account": "有" if person.id in signing else "没有",
        }


def _where(post: Post) -> str:
    return str(post.school or "") or (unit_told(post.unit) if post.unit else "")


@permitted("organisation.manage")
@asking
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody."""

    def act(told: dict[str, Any]) -> tuple[str, str]:
        made = person_add(by=request.scope, county=request.county, **told)
        return url(request, "person", made.id), f"已添上{made}；还没有岗位"

    told = {"title": "添人员", "back": url(request, "people"), "back_label": "人员和联系人", "button": "保存"}
    return ask(request, PersonForm(request.POST or None), act, told)


@permitted("organisation.contacts")
@asking
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody's posts, now and before; the office and the administrator change name and telephone here."""
    own = Person.objects.visible_to(request.scope).of(request.county).select_related("county")
    one = get_object_or_404(own, id=number)
    held = list(one.appointments.select_related("post__unit__parent", "post__school").reverse())
    told = {"person": one, "held": held, "today": timezone.localdate(), "title": one.name, "button": "保存"}
    told |= {"account": Account.objects.filter(person=one).first(), "manages": manages(request)}
    told["opens"] = allowed("organisation.accounts", request.scope, request.county)
    if not manages(request):
        return render(request, "organisation/person.html", told)
    initial = {name: getattr(one, name) for name in ("name", "phone", "email", "code")}

    def act(clean: dict[str, Any]) -> tuple[str, str]:
        person_change(by=request.scope, person=one, **clean)
        return url(request, "person", number), "已改"

    return ask(request, PersonForm(request.POST or None, initial=initial), act, told, "organisation/person.html")


@permitted("organisation.contacts")
@asking
def contacts(request: HttpRequest) -> HttpResponse:
    """Whom one speaks to for each unit and school; the office and the administrator set it here (P16)."""
    if request.method == "POST" and manages(request):
        changed = _set(request)
        messages.success(request, f"已改 {changed} 处。" if changed else "没有改动。")
        return redirect(request.path)
    return render(request, "organisation/contacts.html", {**_contacts(request), "manages": manages(request)})


def _contacts(request: HttpRequest) -> dict[str, Any]:
    county, today = request.county, timezone.localdate()
    known = {(one.kind, one.unit_id, one.school_id): one.post for one in _known(request)}
    above = {label: tells(county) for label, tells in KNOWN_ABOVE.items()}
    heads = {one.school_id: one for one in posts_in(county).filter(role=Role.SCHOOL_HEAD)}
    posts = list(posts_in(county).select_related("unit__parent", "school"))
    held = holders_on(posts, today)
    units = [(one, _told(known.get((Contact.Kind.LIAISON, one.id, None)), held)) for one in _units(request)]
    schools = [
        {
            "school": one,
            "head": _told(heads.get(one.id), held),
            "patron": _told(known.get((Contact.Kind.PATRON, None, one.id)), held),
            "above": [_told(found.get(one.code), held) for found in above.values()],
        }
        for one in _schools(request)
    ]
    offered = [(one.code, post_told(one)) for one in posts if not one.school_id]
    leaders = [(one.code, post_told(one)) for one in posts if one.role == Role.LEADER]
    return {"units": units, "schools": schools, "above": list(above), "posts": offered, "leaders": leaders}


def _told(post: Post | None, held: dict[int, Person]) -> dict[str, Any]:
    return {"post": post, "person": held.get(post.id) if post else None, "code": post.code if post else ""}


def _known(request: HttpRequest) -> Any:
    return Contact.objects.visible_to(request.scope).of(request.county).select_related("post")


def _units(request: HttpRequest) -> list[Unit]:
    return list(units_of(request.county).filter(parent=None))


def _schools(request: HttpRequest) -> list[School]:
    return list(School.objects.visible_to(request.scope).of(request.county).on(timezone.localdate()))


@transaction.atomic
def _set(request: HttpRequest) -> int:
    """Set what was asked (unit:code, school:code: the post's code or nothing); what is no post is passed over."""
    posts = {one.code: one for one in posts_in(request.county)}
    of = {f"unit:{one.code}": (Contact.Kind.LIAISON, one) for one in _units(request)}
    of |= {f"school:{one.code}": (Contact.Kind.PATRON, one) for one in _schools(request)}
    changed = 0
    for name, (kind, one) in of.items():
        code = request.POST.get(name)
        if code is not None and (not code or code in posts):
            told = {"kind": kind, "of": one, "post": posts.get(code)}
            changed += contact_set(by=request.scope, county=request.county, **told)
    return changed
