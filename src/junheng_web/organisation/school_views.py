"""The register of schools: what each is and was, and what becomes of it from a day on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from junheng.facts.schema import SCHOOL_TYPES
from junheng_web.common.tables import Table, table_response
from junheng_web.organisation import forms
from junheng_web.organisation import school_services as services
from junheng_web.organisation.asking import ask
from junheng_web.organisation.contacting import KNOWN_ABOVE
from junheng_web.organisation.group_views import asking, manages, url
from junheng_web.organisation.models import School, SchoolChange
from junheng_web.organisation.permissions import permitted
from junheng_web.organisation.selectors import holders_on, posts_in

Told = dict[str, Any]
# What can become of a school: its heading, its form, what is done, and what is said above it.
DEEDS: dict[str, tuple[str, Callable[..., forms.SchoolDeedForm], Callable[[Any, School, Told], None], str]] = {
    "rename": (
        "更名",
        forms.RenameForm,
        lambda by, one, told: services.school_rename(by=by, school=one, name=told["name"], day=told["day"]),
        "原来的名称作为曾用名留着，文件里用旧名的照样认得。",
    ),
    "retype": (
        "改变类型",
        forms.RetypeForm,
        lambda by, one, told: services.school_retype(
            by=by, school=one, school_type=told["school_type"], day=told["day"]
        ),
        "以前的学年照原来的类型算。",
    ),
    "move": (
        "改属苏木镇",
        forms.MoveForm,
        lambda by, one, told: services.school_move(by=by, school=one, town=told["town"], day=told["day"]),
        "",
    ),
    "campus": (
        "校区",
        forms.OtherSchoolForm,
        lambda by, one, told: services.school_join(by=by, school=one, main=told["other"], day=told["day"]),
        "选它是哪所学校的校区；不再是校区，选“没有”。统计上分开报的校区照样分开算。",
    ),
    "merge": (
        "并入他校",
        forms.MergeForm,
        lambda by, one, told: services.school_merge(by=by, school=one, into=told["other"], day=told["day"]),
        "从这天起不再单独填报；以前的数、评估都留着。",
    ),
    "close": (
        "撤销",
        forms.SchoolDeedForm,
        lambda by, one, told: services.school_close(by=by, school=one, day=told["day"]),
        "从这天起不再填报；以前的数、评估都留着。",
    ),
}


class Schools(Table):
    """The register."""

    name = django_tables2.Column("学校")
    code = django_tables2.Column("学校标识码")
    school_type = django_tables2.Column("类型")
    town = django_tables2.Column("所在苏木镇")
    campus_of = django_tables2.Column("是谁的校区")
    state = django_tables2.Column("现在")

    title = "学校名册"
    nothing, remedy = "没有这样的学校", "换个字再查；新设的学校由办公室添上"

    def render_name(self, value: str, record: Told) -> str:
        """Lead to the school's page."""
        return format_html('<a href="{}">{}</a>', record["url"], value)

    def value_name(self, value: str) -> str:
        """In the workbook, the name alone."""
        return value


def _schools(request: HttpRequest) -> Any:
    own = School.objects.visible_to(request.scope).of(request.county)
    return own.select_related("county", "town", "campus_of", "merged_into")


@permitted("organisation.view")
@require_GET
def schools(request: HttpRequest) -> HttpResponse:
    """Every school that there is, or with `?every=1` that there was."""
    words, every, today = request.GET.get("q", "").strip(), request.GET.get("every") == "1", timezone.localdate()
    found = _schools(request) if every else _schools(request).on(today)
    rows = [_row(request, one) for one in found if words in f"{one.name} {one.code} {one.town or ''}"]
    told = {"words": words, "every": every, "manages": manages(request)}
    return table_response(request, Schools(rows), "organisation/schools.html", told)


def _row(request: HttpRequest, one: School) -> Told:
    return {
        "name": one.name,
        "url": url(request, "school", one.code),
        "code": one.code,
        "school_type": SCHOOL_TYPES.get(one.school_type) or None,
        "town": str(one.town) if one.town else None,
        "campus_of": str(one.campus_of) if one.campus_of else None,
        "state": _state(one),
    }


def _state(one: School) -> str:
    today = timezone.localdate()
    if one.closed and one.merged_into:
        return f"{one.closed} 起并入{one.merged_into}"
    if one.closed:
        return f"{one.closed} 起撤销"
    return f"{one.opened} 起招生" if one.opened and one.opened > today else "在办"


@permitted("organisation.view")
@require_GET
def school(request: HttpRequest, code: str) -> HttpResponse:
    """A school: what it is, its campuses and names, its people, and its history."""
    one = get_object_or_404(_schools(request), code=code)
    posts = list(posts_in(request.county).filter(school=one))
    held = holders_on(posts, timezone.localdate())
    changes = one.changes.order_by("-day", "-id")
    told = {
        "school": one,
        "type": SCHOOL_TYPES.get(one.school_type, ""),
        "state": _state(one),
        "posts": [(post, held.get(post.id)) for post in posts],
        "patrons": one.contacts.select_related("post"),
        "above": [(label, tells(request.county).get(code)) for label, tells in KNOWN_ABOVE.items()],
        "changes": [_told(each) for each in changes],
        "deeds": [(deed, label) for deed, (label, *_) in DEEDS.items()],
    }
    return render(request, "organisation/school.html", {**told, "manages": manages(request) and not one.closed})


def _told(change: SchoolChange) -> Told:
    """Return a change with its types in words."""
    words = SCHOOL_TYPES if change.kind == SchoolChange.Kind.RETYPED else {}
    before, after = words.get(change.before, change.before), words.get(change.after, change.after)
    return {"change": change, "before": before, "after": after}


@permitted("organisation.manage")
@asking
def add(request: HttpRequest) -> HttpResponse:
    """Enter a school that is new."""

    def act(told: Told) -> tuple[str, str]:
        made = services.school_open(by=request.scope, county=request.county, **told)
        return url(request, "school", made.code), f"“{made}”已进名册"

    told = {"title": "新设学校", "back": url(request, "schools"), "back_label": "学校名册", "button": "保存"}
    told["note"] = "开新学年时也可以登记；两处是同一本名册。"
    return ask(request, forms.SchoolForm(request.county, request.POST or None), act, told)


@permitted("organisation.manage")
@asking
def deed(request: HttpRequest, code: str, deed: str) -> HttpResponse:
    """Say what becomes of a school from a day on."""
    if deed not in DEEDS:
        raise Http404
    one = get_object_or_404(_schools(request).filter(closed=None), code=code)
    label, form, does, note = DEEDS[deed]

    def act(told: Told) -> tuple[str, str]:
        does(request.scope, one, told)
        return url(request, "school", code), f"“{one}”的变动已记下"

    told = {"title": f"{one}：{label}", "back": url(request, "school", code), "back_label": one.name, "note": note}
    asked = form(request.county, request.POST or None, initial={"day": timezone.localdate()})
    return ask(request, asked, act, {**told, "button": "记下"})
