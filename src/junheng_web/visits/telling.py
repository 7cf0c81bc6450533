"""A visit as its page and its paper show it, and the plan of visits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from junheng.facts.schema import JUDGEMENTS
from junheng.standard.grading import FINDINGS, Graded, place_grade
from junheng.standard.requirements import Requirement
from junheng.standard.rubrics import Point, Rubric
from junheng_web.collection.models import Period
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import School
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.visits.models import LONGEST, Assignment, Observation, Visit
from junheng_web.visits.rubrics import Key, accepted, items_at, points_of
from junheng_web.visits.selectors import SEE_ALL, assigned_schools, may_fill, may_reply, reads_papers, visits_of
from junheng_web.visits.services import Held, Noted, evidence_of, held_of

Column = Observation.Column
TONES = {"draft": "azure", "finished": "green", "corrected": "green"}
FINDING_TONES = {"met": "green", "partly": "yellow", "failed": "red", "none": "secondary"}


def plan(scope: Scope, period: Period) -> dict[str, Any]:
    """Return what the page of the plan shows: each place with its visitor and its visits, those for one's eyes."""
    county = period.county
    visits: dict[str, list[dict[str, Any]]] = {}
    for visit in visits_of(scope, county).filter(period=period):
        visits.setdefault(visit.school.code if visit.school else "", []).append(_listed(visit))
    visitors = dict(Assignment.objects.of(county).values_list("school__code", "post__name"))
    rows = [
        {"code": code, "name": name, "visitor": visitors.get(code, ""), "visits": visits.get(code, [])}
        for code, name in _places(scope, period, visits)
    ]
    rights = {name: allowed(f"visits.{name}", scope, county) for name in ("enter", "results", "manage")}
    seen = sum(any(not one["draft"] for one in row["visits"]) for row in rows)
    return {"period": period, "rows": rows, "seen": seen, **rights}


def _places(scope: Scope, period: Period, visits: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Return the schools that one sees in the plan, by code and name, after the county's own offices."""
    county = period.county
    standing = School.objects.of(county).on(period.counting_date)
    if SEE_ALL & scope.roles_in(county):
        return [("", f"{county}县级部门"), *standing.values_list("code", "name")]
    own = set(assigned_schools(scope, county).values_list("code", flat=True)) | set(visits)
    whole = [("", f"{county}县级部门")] if "" in visits else []
    return [*whole, *standing.filter(code__in=own).values_list("code", "name")]


def _listed(visit: Visit) -> dict[str, Any]:
    return {
        "url": visit.url,
        "code": visit.code,
        "date": visit.date,
        "items": "全部指标" if len(visit.items) == len(items_at(visit.period, visit.place)) else "、".join(visit.items),
        "who": visit.post.name,
        "label": visit.get_status_display(),
        "tone": TONES[visit.status],
        "draft": visit.draft,
    }


PARTS = ("save", "finish", "correct", "reply", "photo", "printed", "workbook", "import")


def visit(scope: Scope, one: Visit) -> dict[str, Any]:
    """Return what the page of a visit shows; remarks and replies are told to whom they are for (P6)."""
    held, papers, fills = held_of(one), reads_papers(scope, one), may_fill(scope, one)
    files = _files(one)
    groups = [
        _group(one, requirement, rubric, points, held, files, papers) for requirement, rubric, points in points_of(one)
    ]
    return {
        "visit": one,
        "rules": _rules(one),
        "tone": TONES[one.status],
        "groups": groups,
        "asked": sum(len(group["points"]) for group in groups),
        "noted": sum(bool(point["finding"]) for group in groups for point in group["points"]),
        "fills": fills and one.draft,
        "corrects": fills and not one.draft,
        "papers": papers,
        "replies": one.replies.all() if papers else [],
        "may_reply": may_reply(scope, one),
        "corrections": list(_corrections(one)),
        "written_by": sorted({row.by_name for row in held.values() if row.by_name}),
        "sequence": max((row.id for row in held.values()), default=0),
        "draft_name": f"{scope.account.id}:{one.address('save')}",
        "urls": {name: one.address(name) for name in PARTS},
    }


def _rules(one: Visit) -> list[tuple[str, tuple[str, ...]]]:
    """Return the rules from points to grades, each with the requirements that are judged by it."""
    found: dict[tuple[str, ...], list[str]] = {}
    for requirement, rubric, _ in points_of(one):
        found.setdefault(rubric.rule, []).append(requirement.id)
    return [("、".join(ids), rule) for rule, ids in found.items()]


def _group(
    one: Visit,
    requirement: Requirement,
    rubric: Rubric,
    points: tuple[Point, ...],
    held: Held,
    files: dict[str, list[File]],
    papers: bool,
) -> dict[str, Any]:
    id = requirement.id
    findings = {
        point.id: held[id, point.id, Column.FINDING].text for point in points if (id, point.id, "finding") in held
    }
    graded = place_grade(rubric, one.place, findings)
    return {
        "id": id,
        "name": requirement.name,
        "grade": None if one.draft else badge(graded, requirement),
        "points": [_point(one, id, point, held, files, papers) for point in points],
    }


def badge(graded: Graded, requirement: Requirement) -> tuple[str, str]:
    """Return a grade's word and tone."""
    if not graded.applies:
        return "不适用", "secondary"
    if graded.grade is None:
        return "没有看完", "azure"
    return JUDGEMENTS[graded.grade], "green" if graded.grade in accepted(requirement) else "red"


def _point(one: Visit, id: str, point: Point, held: Held, files: dict[str, list[File]], papers: bool) -> dict[str, Any]:
    finding = _told(held, (id, point.id, Column.FINDING))
    reason, remark = (_cell(held, (id, point.id, column)) for column in (Column.REASON, Column.REMARK))
    return {
        "text": point.text,
        "looked": point.looked,
        "finding": finding,
        "label": FINDINGS.get(finding, "没有看"),
        "tone": FINDING_TONES.get(finding, "azure"),
        "choices": list(FINDINGS.items()),
        "cell": _cell(held, (id, point.id, Column.FINDING)),
        "reason": reason,
        "remark": remark if papers else None,
        "files": files.get(evidence_of(one, id, point.id)[1], []),
    }


def _told(held: Held, key: Key) -> str:
    return held[key].text if key in held else ""


def _cell(held: Held, key: Key) -> dict[str, Any]:
    """Return what the page needs for a control."""
    return {
        "key": json.dumps(key),
        "id": "v-" + "-".join(key),
        "name": ".".join(key),
        "text": _told(held, key),
        "revision": held[key].revision if key in held else 0,
        "most": LONGEST,
    }


def _files(one: Visit) -> dict[str, list[File]]:
    kind, code = evidence_of(one)
    links = Link.objects.of(one.county).filter(object_kind=kind, object_code__startswith=f"{code}:")
    found: dict[str, list[File]] = {}
    for link in links.select_related("file__county").order_by("id"):
        found.setdefault(link.object_code, []).append(link.file)
    return found


def _corrections(one: Visit) -> Iterator[dict[str, Any]]:
    """Yield each correction, the first first: what stood there before, what stands there now, who and why."""
    texts = {(r.id, point.id): f"{r.id} {point.text}" for r, _, points in points_of(one) for point in points}
    before: dict[Key, Observation] = {}
    for row in one.observations.order_by("id"):
        if row.why and row.column == Column.FINDING:
            was = before.get(row.key)
            told = {"was": was.told if was else "没有看", "now": row.told, "why": row.why, "who": row.by_name}
            post, at = row.by_post, timezone.localtime(row.at)
            yield {"point": texts.get((row.requirement, row.point), row.point), "post": post, "at": at, **told}
        before[row.key] = row


def noted_told(one: Visit, noted: Noted, since: int, sent: set[Key]) -> dict[str, Any]:
    """Return the answer to a save, for the page's script (`entry.js`)."""
    held = held_of(one)
    changed = [row for key, row in held.items() if row.id > since and key not in sent]
    return {
        "sequence": max((row.id for row in held.values()), default=0),
        "saved": [{"key": key, "revision": row.revision} for key, row in noted.rows.items()],
        "problems": [{"key": key, "reason": why, "remedy": ""} for key, why in noted.problems.items()],
        "remarks": [],
        "conflicts": [_theirs(row) for row in noted.conflicts.values()],
        "changed": [_theirs(row) for row in changed],
    }


def _theirs(row: Observation) -> dict[str, Any]:
    by = f"{row.by_name or '系统'} {timezone.localtime(row.at):%m-%d %H:%M}"
    return {"key": row.key, "text": row.text, "shown": row.told or "（空）", "revision": row.revision, "by": by}
