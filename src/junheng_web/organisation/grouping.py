"""Working groups are founded, seated, and dissolved when the task is done (P18)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.organisation import audit, events
from junheng_web.organisation.areas import Area
from junheng_web.organisation.codes import next_code
from junheng_web.organisation.groups import Group, Seat
from junheng_web.organisation.people import Appointment, Post, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.organisation.staffing import changed, put


@transaction.atomic
def group_found(
    *,
    by: Scope | None,
    county: Area,
    name: str,
    kind: str = Group.Kind.TASK,
    code: str = "",
    document: str = "",
    rules: str = "",
    office: Unit | None = None,
    established: dt.date | None = None,
) -> Group:
    """Found a working group; it has no seats yet. Raises ValidationError without a name, or where the code is taken."""
    name, code = name.strip(), code.strip() or next_code(Group.objects.of(county), "group")
    if not name:
        raise ValidationError("工作组要有名称")
    if Group.objects.of(county).filter(code=code).exists():
        raise ValidationError(f"代码 {code} 已经是另一个工作组的；请换一个")
    told = {"document": document.strip(), "rules": rules.strip(), "office": office, "established": established}
    group = Group.objects.create(county=county, code=code, name=name, kind=kind, **told)
    audit.record("group.found", by=by, county=county, of=("group", code), name=name, document=document)
    return group


@transaction.atomic
def group_change(*, by: Scope | None, group: Group, **told: Any) -> Group:
    """Change what is known of a group (name, kind, document, rules, office, established). Raises ValidationError."""
    held = _standing(group)
    before = put(held, told)
    if not held.name:
        raise ValidationError("工作组要有名称")
    held.save()
    changed("group.change", by, held.county, ("group", held.code), held, before)
    return held


@transaction.atomic
def seat_put(
    *,
    by: Scope | None,
    group: Group,
    place: int,
    kind: str,
    title: str = "",
    post: Post | None = None,
    unit: Unit | None = None,
    start: dt.date | None = None,
) -> Seat:
    """Put a seat at a place of the group, or change the one that stands there. Raises ValidationError."""
    group = _standing(group)
    if post is None and unit is None:
        raise ValidationError("席位要写明是哪个岗位的，或哪个单位的")
    told = {"kind": kind, "title": title.strip(), "post": post, "unit": unit or (post.unit if post else None)}
    seat, new = Seat.objects.update_or_create(
        group=group,
        place=place,
        end=None,
        defaults=told,
        create_defaults={**told, "county": group.county, "start": start},
    )
    of = ("group", group.code)
    audit.record("seat.put", by=by, county=group.county, of=of, place=place, new=new, kind=kind, post=str(post or ""))
    return seat


@transaction.atomic
def seat_end(*, by: Scope | None, seat: Seat, day: dt.date) -> None:
    """Say on which day a seat was there for the last time. Raises ValidationError where the group is dissolved."""
    _standing(seat.group)
    seat.end = day
    seat.save(update_fields=["end"])
    of = ("group", seat.group.code)
    audit.record("seat.end", by=by, county=seat.county, of=of, place=seat.place, day=day.isoformat())


def _standing(group: Group) -> Group:
    """Return the group, held until the transaction ends. Raises ValidationError where it is dissolved."""
    held = Group.objects.select_for_update(of=("self",)).select_related("county").get(id=group.id)
    if held.dissolved:
        raise ValidationError(f"“{held}”已于 {held.dissolved} 撤销，只能看；要恢复，请另行成立")
    return held


@transaction.atomic
def group_dissolve(*, by: Scope | None, group: Group, day: dt.date, because: str) -> Group:
    """Dissolve a group: `day` is its last. Its seats end, and so do the appointments to posts that were only for it.

    Everything stays readable; facts, results and posts of units go on. Rooms above hear `group.dissolved` of
    ("group", code) and close what hangs on it. Raises ValidationError where it is dissolved, or nothing says why.
    """
    held = _standing(group)
    if not because.strip():
        raise ValidationError("撤销要写依据：哪份文件，或任务怎样完成的")
    if held.established and day < held.established:
        raise ValidationError(f"撤销的日子 {day} 在成立（{held.established}）之前；请核对")
    seats = _ended(Seat.objects.filter(group=held), day)
    appointments = _ended(Appointment.objects.filter(post__group=held), day)
    held.dissolved, held.dissolved_because = day, because.strip()
    held.save(update_fields=["dissolved", "dissolved_because"])
    ended = {"seats": seats, "appointments": appointments, "day": day.isoformat(), "because": because.strip()}
    audit.record("group.dissolve", by=by, county=held.county, of=("group", held.code), **ended)
    events.announce("group.dissolved", county=held.county, of=("group", held.code))
    return held


def _ended(rows: Any, day: dt.date) -> int:
    """End what would have gone on after the day, and return how many. Raises ValidationError for what begins later."""
    if later := rows.filter(start__gt=day).order_by("start").first():
        raise ValidationError(f"有 {later.start} 才开始的席位或任职；请先改掉它，或把撤销的日子定在那以后")
    return rows.on(day).filter(end=None).update(end=day) + rows.filter(end__gt=day).update(end=day)
