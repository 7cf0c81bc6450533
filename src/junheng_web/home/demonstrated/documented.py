"""The county whose documents are the seed: its units, posts and working group as they are printed, and nothing more.

No account acts for it, and nothing invented is ever joined to it (P5). A date that is not printed is not there.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from junheng_web.organisation.grouping import group_found, seat_put
from junheng_web.organisation.models import Appointment, Area, Group, Person, Post, Seat, Unit
from junheng_web.organisation.roles import Role

GROUP = "group"
# The document's title goes on after the group's name.
LIST = "成员名单"
OFFICE_POST = "专项组办公室副主任"
KINDS = {kind.label: kind for kind in Seat.Kind}
LEADING = frozenset({Seat.Kind.HEAD, Seat.Kind.DEPUTY})
Row = Mapping[str, str]


@transaction.atomic
def load(county: Area, folder: Path) -> None:
    """Load the group of the document whose tables stand in the folder. Loading it again changes nothing."""
    units = _units(county, folder)
    if Group.objects.of(county).exists():
        return
    group = _group(county, folder, units)
    of_title = {row["in_group"]: units[row["unit"]] for row in _rows(folder / "aliases.csv") if row["in_group"]}
    posts: dict[str, Post] = {}
    for row in [*_rows(folder / "group.csv"), *_rows(folder / "office.csv")]:
        post = posts.get(row["title"]) if row["title"] else None
        post = post or _post(group, row, of_title.get(row["title"]))
        posts.setdefault(row["title"], post)
        told = {"place": int(row["order"]), "kind": KINDS[row["role"]], "title": row["title"], "post": post}
        seat_put(by=None, group=group, **told)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _units(county: Area, folder: Path) -> dict[str, Unit]:
    found = {}
    for place, row in enumerate(_rows(folder / "units.csv")):
        known = {"name": row["unit"], "kind": row["kind"], "place": place}
        found[row["unit"]] = Unit.objects.get_or_create(county=county, code=row["code"], defaults=known)[0]
    return found


def _group(county: Area, folder: Path, units: Mapping[str, Unit]) -> Group:
    """Found the group, with what the document says after the list; where its office is stands in the aliases."""
    (about,) = _rows(folder / "about.csv")
    office = next(row["unit"] for row in _rows(folder / "aliases.csv") if row["note"].startswith("办公室设在"))
    rules = "\n".join(row["text"] for row in _rows(folder / "rules.csv"))
    told = {"document": about["title"], "rules": rules, "office": units[office]}
    return group_found(by=None, county=county, code=GROUP, name=about["title"].partition(LIST)[0], **told)


def _post(group: Group, row: Row, unit: Unit | None) -> Post:
    """Make the post that a seat is of, and say who holds it; the office's deputies hold one that is the group's own."""
    kind = KINDS[row["role"]]
    own = {} if row["title"] else {"group": group}
    known = {"name": row["title"] or OFFICE_POST, "role": _role(kind, unit), "unit": unit, **own}
    post = Post.objects.create(area=group.county, code=f"{GROUP}-{row['order']}", **known)
    person = Person.objects.create(county=group.county, name=row["name"])
    Appointment.objects.create(post=post, person=person, document=group.document[:120])
    return post


def _role(kind: str, unit: Unit | None) -> Role:
    if kind in LEADING:
        return Role.LEADER
    if unit is None:
        return Role.OFFICE
    return Role.TOWN_STAFF if unit.kind == Unit.Kind.TOWN else Role.UNIT_STAFF
