"""Which post visits which school: the office says so, school by school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from junheng_web.collection.models import Period
from junheng_web.organisation.models import Area, Post, School
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import Assignment
from junheng_web.visits.services import assignment_set


def assigned(period: Period) -> dict[str, Any]:
    """Return what the page of assignments shows: the schools, each with its visitor, and the posts that visit."""
    county, known = period.county, _known(period.county)
    schools = School.objects.of(county).on(period.counting_date).values_list("code", "name")
    rows = [{"code": code, "name": name, "post": known.get(code, "")} for code, name in schools]
    return {"period": period, "rows": rows, "posts": list(_inspectors(county).values_list("code", "name"))}


def visitor_of(county: Area, school: str) -> str:
    """Return the code of the post that visits a school, if one does."""
    return _known(county).get(school, "")


def _inspectors(county: Area) -> Any:
    return Post.objects.filter(area=county, role=Role.INSPECTOR)


def _known(county: Area) -> dict[str, str]:
    return dict(Assignment.objects.of(county).values_list("school__code", "post__code"))


@transaction.atomic
def assign(*, by: Scope, period: Period, asked: Mapping[str, str]) -> int:
    """Give schools to posts as asked (school: the post's code, or nothing), and return how many changed hands.

    What is no school, and a post that visits nobody, are passed over.
    """
    county, known = period.county, _known(period.county)
    posts = {one.code: one for one in _inspectors(county)}
    changed = 0
    for school in School.objects.of(county).on(period.counting_date):
        code = asked.get(school.code, known.get(school.code, ""))
        if code != known.get(school.code, "") and (not code or code in posts):
            assignment_set(by=by, county=county, school=school, post=posts.get(code))
            changed += 1
    return changed
