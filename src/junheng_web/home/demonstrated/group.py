"""示例旗's working group, who speaks for units and schools, and where its schools are: all of it invented."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from junheng_web.organisation.appointing import post_hand_over
from junheng_web.organisation.contacting import contact_set
from junheng_web.organisation.grouping import group_found, seat_put
from junheng_web.organisation.models import Area, Group, Person, Post, School, Seat, Unit
from junheng_web.organisation.staffing import person_add, post_add

Row = Mapping[str, str]
KINDS = {kind.label: kind for kind in Seat.Kind}
GROUP = "group"


@transaction.atomic
def load(county: Area, folder: Path, day: dt.date) -> None:
    """Load the tables in the folder; who is named has held the post since the day. Loading again changes nothing."""
    if Group.objects.of(county).exists():
        return
    (about,) = _rows(folder / "group.csv")
    units = {one.code: one for one in Unit.objects.of(county)}
    told = {"document": about["document"], "rules": about["rules"], "office": units[about["office"]]}
    group = group_found(by=None, county=county, code=GROUP, name=about["name"], established=day, **told)
    for row in _rows(folder / "seats.csv"):
        post = _post(group, row, units, day)
        seat = {"kind": KINDS[row["role"]], "title": row["title"], "post": post, "start": day}
        seat_put(by=None, group=group, place=int(row["order"]), **seat)
    _schools(county, units, folder)
    _contacts(county, units, folder)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _post(group: Group, row: Row, units: Mapping[str, Unit], day: dt.date) -> Post:
    """Return the post that a seat is of: one that is there already, or a new one with whoever is named."""
    county = group.county
    if known := Post.objects.filter(area=county, code=row["post"]).first():
        return known
    told = {"unit": units.get(row["unit"]), "group": group if row["own"] == "是" else None}
    post = post_add(by=None, county=county, code=row["post"], name=row["title"], role=row["post_role"], **told)
    if row["name"]:
        person = Person.objects.of(county).filter(name=row["name"]).first()
        person = person or person_add(by=None, county=county, name=row["name"])
        post_hand_over(by=None, post=post, person=person, day=day)
    return post


def _schools(county: Area, units: Mapping[str, Unit], folder: Path) -> None:
    """Say in which town each school is and of which it is a campus, as what has always been so."""
    schools = {one.code: one for one in School.objects.of(county)}
    for row in _rows(folder / "schools.csv"):
        school = schools[row["school_code"]]
        school.town, school.campus_of = units.get(row["town"]), schools.get(row["campus_of"])
        school.save(update_fields=["town", "campus_of"])


def _contacts(county: Area, units: Mapping[str, Unit], folder: Path) -> None:
    schools = {one.code: one for one in School.objects.of(county)}
    posts = {one.code: one for one in Post.objects.filter(area=county)}
    for row in _rows(folder / "contacts.csv"):
        of = units.get(row["unit"]) or schools[row["school_code"]]
        contact_set(by=None, county=county, kind=row["kind"], of=of, post=posts[row["post"]])
