"""Posts change hands by one act: what hangs on the post follows, and history keeps who held it (P18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.organisation import audit, events
from junheng_web.organisation.areas import Area
from junheng_web.organisation.people import Appointment, Person, Post
from junheng_web.organisation.scopes import Scope
from junheng_web.organisation.staffing import person_add

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def post_hand_over(
    *,
    by: Scope | None,
    post: Post,
    person: Person | None,
    day: dt.date,
    document: str = "",
    seen: Collection[int] | None = None,
) -> Appointment | None:
    """Let somebody hold a post from a day on (nobody: it is vacant), and end what was held the day before.

    Tasks, permissions, reminders, seats hang on the post and follow by themselves; rooms above hear `post.handed_over`
    of ("post", code). `seen` are the ids of the running appointments that whoever decides has seen. Raises
    ValidationError where another has changed them, where the day is not after the former start, or nothing changes.
    """
    county = _county(post)
    running = _running(post, day)
    if seen is not None and {one.id for one in running} != set(seen):
        raise ValidationError(f"在您看的时候，别人改了“{post}”的任职；什么也没有改，请再看一遍")
    _possible(post, running, person, day)
    for one in running:
        one.end = day - ONE_DAY
        one.save(update_fields=["end"])
    told = {"post": post, "person": person, "start": day, "document": document.strip()}
    new = Appointment.objects.create(**told) if person else None
    _written_down(by, county, post, running, person, day, document)
    return new


@transaction.atomic
def post_hand_over_to_new(*, by: Scope | None, post: Post, name: str, **told: Any) -> Appointment | None:
    """Add somebody who is new in the county, and let him hold a post. Raises as `post_hand_over` does."""
    person = person_add(by=by, county=_county(post), name=name)
    return post_hand_over(by=by, post=post, person=person, **told)


def hand_over_checked(post: Post, person: Person | None, day: dt.date) -> list[Appointment]:
    """Return the appointments that would end, without ending them. Raises ValidationError as `post_hand_over` does."""
    running = list(post.appointments.on(day).select_related("person"))
    _possible(post, running, person, day)
    return running


def _county(post: Post) -> Area:
    if post.area.kind != Area.Kind.COUNTY:
        raise ValidationError(f"“{post}”是{post.area}的岗位，不在县里交接")
    return post.area


def _running(post: Post, day: dt.date) -> list[Appointment]:
    """Return the appointments in force on the day, held until the transaction ends."""
    # Two who hand over one post at a time do so one after the other.
    Post.objects.select_for_update().get(id=post.id)
    return list(post.appointments.on(day).select_related("person"))


def _possible(post: Post, running: list[Appointment], person: Person | None, day: dt.date) -> None:
    if person is not None and person.county_id != post.area_id:
        raise ValidationError(f"{person}不是{post.area}的人员，不能任“{post}”")
    if later := post.appointments.filter(start__gt=day).first():
        raise ValidationError(f"“{post}”已登记自 {later.start} 起由{later.person}担任；交接的日子要在那以后")
    if post.group and post.group.dissolved and post.group.dissolved < day:
        raise ValidationError(f"“{post}”随“{post.group}”已于 {post.group.dissolved} 撤销，不能再任")
    if [one.person for one in running] == ([person] if person else []):
        raise ValidationError(f"“{post}”{f'已经由{person}担任' if person else '已经空缺'}，没有要交接的")
    if early := [one for one in running if one.start is not None and one.start >= day]:
        raise ValidationError(f"{early[0].person}自 {early[0].start} 起才任“{post}”；交接的日子要在那以后")


def _written_down(
    by: Scope | None, county: Area, post: Post, before: list[Appointment], person: Person | None, day: dt.date, why: str
) -> None:
    of = ("post", post.code)
    told = {"before": [str(one.person) for one in before], "after": str(person or ""), "day": day.isoformat()}
    audit.record("post.hand_over", by=by, county=county, of=of, document=why.strip(), **told)
    events.announce("post.handed_over", county=county, of=of)
