"""Reads that a reader's rights bound: which tasks one may see, and which are one's own to do."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from junheng_web.organisation.models import Area, Post, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import OPEN, Status, Task
from junheng_web.supervision.gatherings import Instruction
from junheng_web.supervision.papers import Dispatch

# The roles that see every task, and those that see their own unit's.
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.AUDITOR})
AT_UNITS = frozenset({Role.UNIT_STAFF, Role.DESK, Role.TOWN_STAFF})
AT_SCHOOL = frozenset({Role.SCHOOL_HEAD, Role.SCHOOL_CLERK})
WITH_NAMES = ("county", "unit__parent", "desk", "parent__county")


def own_units(scope: Scope, county: Area) -> list[int]:
    """Return the ids of the units of one's posts, with the desks inside them and the unit above them."""
    own = [post.unit_id for post in scope.posts_in(county) if post.role in AT_UNITS and post.unit_id]
    inside = Unit.objects.of(county).filter(Q(id__in=own) | Q(parent__in=own) | Q(desks__in=own))
    return list(inside.values_list("id", flat=True).distinct())


def tasks_of(scope: Scope, county: Area) -> QuerySet[Task]:
    """Return the tasks that one may see: what is not sent out is seen by the office and the leader alone."""
    every = Task.objects.visible_to(scope).of(county).select_related(*WITH_NAMES)
    roles = scope.roles_in(county)
    if SEE_ALL & roles:
        return every
    return every.exclude(status=Status.PROPOSED).filter(_own(scope, county)).distinct()


def _own(scope: Scope, county: Area) -> Q:
    units, posts = own_units(scope, county), [post.id for post in scope.posts_in(county)]
    schools = [post.school_id for post in scope.posts_in(county) if post.role in AT_SCHOOL and post.school_id]
    return Q(unit__in=units) | Q(supports__unit__in=units) | Q(desk__in=posts) | Q(places__school__in=schools)


def task_named(scope: Scope, county: Area, number: int) -> Task:
    """Return a task that one may see. Raises Task.DoesNotExist."""
    return tasks_of(scope, county).get(number=number)


def task_of_origin(county: Area, origin: str, key: str) -> QuerySet[Task]:
    """Return the tasks that came of an instruction, a decision or an issue, the newest first."""
    return Task.objects.of(county).filter(origin=origin, origin_key=key).select_related(*WITH_NAMES).order_by("-id")


def works_on(scope: Scope, task: Task) -> bool:
    """Whether a task is one's own to do: of one's desk, or of one's unit where no desk is named, or of its family."""
    held = {post.id for post in scope.posts_in(task.county)}
    return task.desk_id in held or task.unit_id in own_units(scope, task.county)


def called(unit: Unit) -> str:
    """Return what a unit is called outside: a desk after the unit that it is in."""
    return f"{unit.parent}{unit}" if unit.parent else unit.full_name or unit.name


def is_office(scope: Scope, county: Area) -> bool:
    """Whether one acts for the office."""
    return Role.OFFICE in scope.roles_in(county)


def reads_papers(scope: Scope, county: Area) -> bool:
    """Whether one reads what was said at each step: working papers of the county's offices, not for schools (P6)."""
    return bool(scope.roles_in(county) & (SEE_ALL | AT_UNITS))


def posts_for(task: Task) -> list[Post]:
    """Return the posts that are told of a task: its desk, or where none is named, those of the unit."""
    if task.desk is not None:
        return [task.desk]
    return list(Post.objects.filter(area=task.county_id, unit=task.unit_id, role__in=AT_UNITS))


def office_posts(county: Area) -> QuerySet[Post]:
    """Return the office's posts."""
    return Post.objects.filter(area=county, role=Role.OFFICE)


def late_tasks(county: Area, today: dt.date) -> QuerySet[Task]:
    """Return what is open, past its last day and not handed in, in the document's order of units."""
    open_ = Task.objects.of(county).filter(status__in=(Status.ASSIGNED, Status.WORKING), due__lt=today)
    return open_.select_related(*WITH_NAMES).order_by("unit__place", "unit__code", "due", "number")


def open_tasks(county: Area) -> QuerySet[Task]:
    """Return what has been sent out and is not at its end, in the document's order of units."""
    found = Task.objects.of(county).filter(status__in=OPEN).select_related(*WITH_NAMES)
    return found.order_by("unit__place", "unit__code", "due", "number")


def only_reads(scope: Scope, county: Area) -> bool:
    """Whether one only looks at tasks: a leader, an auditor, a school."""
    return not scope.roles_in(county) & (AT_UNITS | {Role.OFFICE})


def dispatches_of(scope: Scope, county: Area) -> QuerySet[Dispatch]:
    """Return the dispatches that one may see: of a unit those that were signed and went to it, nothing before (P3)."""
    every = Dispatch.objects.visible_to(scope).of(county).select_related("county", "body__signer")
    if {Role.LEADER, Role.OFFICE} & scope.roles_in(county):
        return every
    signed = Q(status=Dispatch.Status.SIGNED)
    if Role.AUDITOR in scope.roles_in(county):
        return every.filter(signed)
    mine = Q(body__signer__in=[post.id for post in scope.posts_in(county)])
    return every.filter(mine | (signed & Q(recipients__unit__in=own_units(scope, county)))).distinct()


def dispatch_named(scope: Scope, county: Area, place: int) -> Dispatch:
    """Return a dispatch that one may see. Raises Dispatch.DoesNotExist."""
    return dispatches_of(scope, county).get(place=place)


def instructions_of(scope: Scope, county: Area) -> QuerySet[Instruction]:
    """Return the instructions that one may see: the leader and the office all, a unit those of which it has the task.

    A leader's sheet is a working paper (P6): a school that the task is about does not read it.
    """
    every = Instruction.objects.visible_to(scope).of(county).select_related("leader")
    if {Role.LEADER, Role.OFFICE} & scope.roles_in(county):
        return every
    if not reads_papers(scope, county):
        return every.none()
    return every.filter(task__in=tasks_of(scope, county).order_by().values("pk"))


def dispatches_waiting(scope: Scope, county: Area) -> QuerySet[Dispatch]:
    """Return the dispatches that wait for one: to be signed, and for the office to be reviewed."""
    waits = Q(status=Dispatch.Status.REVIEWED, body__signer__in=[post.id for post in scope.posts_in(county)])
    if is_office(scope, county):
        waits |= Q(status=Dispatch.Status.DRAFT)
    return dispatches_of(scope, county).filter(waits)
