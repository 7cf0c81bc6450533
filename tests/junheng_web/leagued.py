"""Leagues with many counties, all invented: the demonstration's run stands in each under the county's own name."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_declare
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post
from junheng_web.organisation.roles import Role
from places import COUNTY

Change = Callable[[dict], None]


def league(code: str, counties: int = 0, parent: Area | None = None, named: Callable[[int], str] | None = None) -> Area:
    """Make a league with counties that have nothing yet."""
    kind = Area.Kind.LEAGUE
    made = Area.objects.create(code=code, name=f"盟{code}（虚构）", kind=kind, parent=parent, invented=True)
    for at in range(1, counties + 1):
        name = named(at) if named else f"旗{code[:4]}-{at}（虚构）"
        known = {"name": name, "kind": Area.Kind.COUNTY, "parent": made, "invented": True}
        Area.objects.create(code=f"{code[:4]}{at:02}", **known)
    return made


def county(code: str) -> Area:
    """Return a county by its code."""
    return Area.objects.get(code=code)


def run_in(area: Area, change: Change | None = None, *, official: bool = True) -> Run:
    """Let the demonstration's run be the county's too, with what it comes to changed by hand, for pages to show."""
    model = Run.objects.filter(county__code=COUNTY, declarations__official=True).select_related("snapshot").latest("id")
    snapshot, run = deepcopy(model.snapshot), deepcopy(model)
    snapshot.pk, snapshot.county, snapshot.ledger = None, area, None
    snapshot.digest = f"{area.code}{area.pk}{Run.objects.count()}".ljust(64, "0")
    snapshot.save()
    run.pk, run.county, run.snapshot, run.code = None, area, snapshot, f"{area.code}-{Run.objects.count()}"[:16]
    if change:
        change(run.summary)
    run.verdict = run.summary.pop("verdict", run.verdict)
    run.save()
    if official:
        run_declare(by=None, run=run)
    return run


def viewer(area: Area, username: str, role: Role = Role.AREA_VIEWER) -> Account:
    """Make an account whose only post stands in an area above counties."""
    person = Person.objects.create(county=county(COUNTY), name=f"{username}（虚构）")
    post = Post.objects.create(area=area, code=f"of-{username}", name=f"{area}{role.label}", role=role)
    Appointment.objects.create(post=post, person=person)
    return Account.objects.create_user(username, "x", person=person)
