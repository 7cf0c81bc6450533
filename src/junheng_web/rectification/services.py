"""Writes of the ledger: an issue is raised, changed, sent by the office, and taken on step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from junheng_web.collection.models import Period
from junheng_web.duties.selectors import posts_of_unit
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Post, School, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.deeds import OFFICE, PLANNED, RAISE, SEND, Deed, fits
from junheng_web.rectification.following import task_send
from junheng_web.rectification.gaps import Gap
from junheng_web.rectification.judging import issues_judge, step_write
from junheng_web.rectification.models import Issue, IssueStep
from junheng_web.rectification.proposing import proposal
from junheng_web.rectification.selectors import may_do

State, Origin = Issue.State, Issue.Origin


class Moved(ValueError):
    """The issue is in another state by now than when it was looked at."""


@transaction.atomic
def issue_raise(*, by: Scope | None, county: Area, **told: Any) -> Issue:
    """Write down an issue by hand or from feedback; `told` are its fields. Raises ValueError for another county's."""
    return _raised(by, county, {"origin": Origin.HAND, **told})


@transaction.atomic
def issue_raise_of(*, by: Scope | None, period: Period, gap: Gap) -> Issue:
    """Raise the issue of a gap, with what the matrix proposes; one that stands for the gap already is returned."""
    raised = issues_raise_of(by=by, period=period, gaps=[gap])
    return raised[0] if raised else _standing(period.county).get(key=str(gap.key))


@transaction.atomic
def issues_raise_of(*, by: Scope | None, period: Period, gaps: Iterable[Gap]) -> list[Issue]:
    """Raise an issue of each gap (the rule: whatever the engine finds lacking), and return those that are new."""
    county = period.county
    _held(county)
    known = set(_standing(county).values_list("key", flat=True))
    schools = {one.code: one for one in School.objects.of(county)}
    new = [_of_gap(by, period, gap, schools) for gap in gaps if str(gap.key) not in known]
    issues_judge(county=county, among=new)
    for issue in new:
        issue.refresh_from_db(fields=["state", "present", "census"])
    return new


def _standing(county: Area) -> QuerySet[Issue]:
    """Return the issues of gaps that were not dropped: of one gap there is one."""
    return Issue.objects.of(county).filter(origin=Origin.GAP).exclude(state=State.DROPPED)


def _of_gap(by: Scope | None, period: Period, gap: Gap, schools: Mapping[str, School]) -> Issue:
    key, made = gap.key, proposal(period.county, gap.key.indicator, period)
    told = {"stage": key.stage, "indicator": key.indicator, "target": key.target, "key": str(key)}
    told |= {"title": gap.title[:300], "asked": gap.asked[:400], "school": schools.get(key.school), "period": period}
    told |= {"unit": made.unit, "desk": made.desk, "due": made.due}
    return _raised(by, period.county, {"origin": Origin.GAP, **told})


def _held(county: Area) -> None:
    """Hold the county's row: numbers are given one after the other, and one gap has one issue."""
    Area.objects.select_for_update().only("id").get(id=county.id)


def _raised(by: Scope | None, county: Area, told: dict[str, Any]) -> Issue:
    _held(county)
    number = (Issue.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    issue = Issue.objects.create(county=county, number=number, **told)
    step_write(issue, RAISE, State.FOUND, by=by)
    audit.record("issue.raise", by=by, county=county, of=("issue", issue.code), title=issue.title, origin=issue.origin)
    return issue


def held_issue(issue: Issue) -> Issue:
    """Return an issue as it stands now, held until the transaction ends."""
    found = Issue.objects.select_for_update(of=("self",))
    return found.select_related("county", "school", "unit", "desk", "period").get(id=issue.id)


@transaction.atomic
def issue_send(*, by: Scope, issue: Issue, unit: Unit, desk: Unit | None, due: dt.date) -> Issue:
    """Send an issue to the unit that answers for it, and until when; only so does it leave the office (P3).

    Raises PermissionDenied, Moved where it was dropped or ended meanwhile, ValidationError for a desk of another unit.
    """
    if Role.OFFICE not in by.roles_in(issue.county):
        raise PermissionDenied
    if desk is not None and desk.parent_id != unit.id:
        raise ValidationError(f"{desk}不是{unit}的股室；请选{unit}下面的，或不选股室")
    held = held_issue(issue)
    if not held.open:
        raise Moved(f"{held.code} 现在是“{held.get_state_display()}”，不能交办；请刷新页面看看")
    again = held.state != State.FOUND
    held.unit, held.desk, held.due = unit, desk, due
    held.save(update_fields=["unit", "desk", "due"])
    told = {"unit": unit.code, "desk": desk.code if desk else "", "due": due.isoformat()}
    step_write(held, SEND, held.state if again else State.ASSIGNED, by=by, note=sent_words(held))
    audit.record("issue.send", by=by, county=held.county, of=("issue", held.code), **told)
    task_send(by=by, issue=held)
    _tell_school(by, held, f"交办问题 {held.code}：{held.title}", f"sent:{held.steps.count()}")
    return held


@transaction.atomic
def issue_note(*, by: Scope | None, issue: Issue, note: str) -> IssueStep:
    """Write down at an issue by what it is to be closed (an adopted plan says so); its state stays as it is."""
    held = held_issue(issue)
    row = {"county": held.county, "issue": held, "deed": PLANNED, "state": held.state, "note": note}
    audit.record("issue.plan", by=by, county=held.county, of=("issue", held.code), note=note)
    return IssueStep.objects.create(**row, **audit.signed(by))


def sent_words(issue: Issue) -> str:
    """Return to whom it was sent, and until when."""
    at = f"{issue.unit}{issue.desk or ''}"
    return f"交{at}，{issue.due:%Y-%m-%d} 前整改到位"


def _tell(by: Scope | None, issue: Issue, text: str, what: str) -> None:
    """Tell the posts of whoever answers for an issue: the desk where there is one, else the unit; and the school."""
    at = issue.desk or issue.unit
    posts = list(posts_of_unit(issue.county, at)) if at else []
    notice_send(by=by, county=issue.county, posts=posts, key=f"{issue.code}:{what}", text=text, url=issue.url)
    _tell_school(by, issue, text, what)


def _tell_school(by: Scope | None, issue: Issue, text: str, what: str) -> None:
    """Tell the head of the school that an issue is about; the unit hears of it by its task."""
    if issue.school:
        posts = Post.objects.filter(area=issue.county, school=issue.school, role=Role.SCHOOL_HEAD)
        notice_send(by=by, county=issue.county, posts=posts, key=f"{issue.code}:{what}", text=text, url=issue.url)


@transaction.atomic
def issue_take(*, by: Scope, issue: Issue, deed: Deed, note: str = "", seen: str = "") -> Issue:
    """Take an issue one step on, or back; `seen` is the state in which whoever does it has seen it.

    Raises PermissionDenied, Moved where its state is another by now, ValidationError where something must be said.
    """
    if not may_do(by, issue, deed):
        raise PermissionDenied
    if deed.asks and not note.strip():
        raise ValidationError(f"{deed.label}要写明：{deed.asks}")
    held = held_issue(issue)
    if not fits(deed, held) or (seen and seen != held.state):
        raise Moved(f"{held.code} 现在是“{held.get_state_display()}”，没有{deed.label}：刚有人办过，请刷新页面看看")
    was = held.state
    step = step_write(held, deed.name, deed.after, by=by, note=note.strip()[:1000])
    audit.record(f"issue.{deed.name}", by=by, county=held.county, of=("issue", held.code), was=was, note=step.note)
    _told(by, held, deed, step)
    return held


def _told(by: Scope, issue: Issue, deed: Deed, step: IssueStep) -> None:
    """Whoever is to do the next thing hears of it: the office of an application, the unit of what comes back.

    Of what was never sent nobody hears.
    """
    text = f"{issue.code} {deed.label}：{issue.title}"
    if deed.after == State.APPLIED:
        posts = Post.objects.filter(area=issue.county, role=Role.OFFICE)
        notice_send(by=by, county=issue.county, posts=posts, key=f"{issue.code}:{step.id}", text=text, url=issue.url)
    elif deed.who == OFFICE and issue.steps.filter(deed=SEND).exists():
        _tell(by, issue, text, str(step.id))
