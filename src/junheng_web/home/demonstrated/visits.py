"""Visits of the demonstration: all invented, and in keeping with what 示例旗 reports as its grades."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone

from junheng_web.collection.models import Period
from junheng_web.organisation.models import Account, Area, Post, School
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.visits.models import Visit
from junheng_web.visits.rubrics import Key, items_at, keys_of
from junheng_web.visits.services import assignment_set, observations_note, visit_finish, visit_open

Row = Mapping[str, str]


def load(county: Area, folder: Path) -> None:
    """Assign the schools and make the visits of the tables in the folder. Loading them again changes nothing."""
    if Visit.objects.of(county).exists():
        return
    schools = {one.code: one for one in School.objects.of(county)}
    posts = {one.code: one for one in Post.objects.filter(area=county)}
    for row in _rows(folder / "assignments.csv"):
        assignment_set(by=None, county=county, school=schools[row["school_code"]], post=posts[row["post"]])
    points = _rows(folder / "observations.csv")
    for row in _rows(folder / "visits.csv"):
        own = [one for one in points if one["visit"] == row["visit"]]
        _visit(county, row, own, schools.get(row["school_code"]), posts[row["post"]])


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _visit(county: Area, row: Row, points: list[Row], school: School | None, post: Post) -> None:
    """Make one visit: everything is met but for what the table of observations says."""
    period, by = Period.objects.select_related("county").get(county=county), _scope(post)
    date = dt.date.fromisoformat(row["date"])
    items = items_at(period, "school" if school else "county")
    visit = visit_open(by=by, period=period, school=school, post=post, date=date, items=items)
    texts = {key: "met" for key in keys_of(visit) if key[2] == "finding"} | _told(points)
    observations_note(by=by, visit=visit, texts=[(key, text, None) for key, text in sorted(texts.items())])
    if row["finished"] == "是":
        visit_finish(by=by, visit=visit, date=date, today=timezone.localdate())


def _scope(post: Post) -> Scope:
    return scope_of(Account.objects.get(username=post.code), timezone.localdate())


def _told(points: list[Row]) -> dict[Key, str]:
    """Return what the table says of single points."""
    found = {}
    for one in points:
        for column in ("finding", "reason", "remark"):
            if one[column] or column == "finding":
                found[one["requirement"], one["point"], column] = one[column]
    return found
