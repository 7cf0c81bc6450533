"""Who may read files of tasks, dispatches and instructions: whoever sees the thing itself."""

from __future__ import annotations

from django.db.models import QuerySet

from junheng_web.evidence.models import Link
from junheng_web.evidence.readers import read_by
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.selectors import dispatches_of, instructions_of, reads_papers, tasks_of

Links = QuerySet[Link]


@read_by("task", "任务")
def of_tasks(scope: Scope, county: Area, links: Links) -> Links:
    """What came with a step of a task is for whoever sees the task, and reads what was said with its steps (P6)."""
    if not (allowed("supervision.view", scope, county) and reads_papers(scope, county)):
        return links.none()
    seen = {str(number) for number in tasks_of(scope, county).values_list("number", flat=True)}
    codes = links.values_list("id", "object_code")
    return links.filter(id__in=[id for id, code in codes if code.split(":")[0] in seen])


@read_by("dispatch", "发文")
def of_dispatches(scope: Scope, county: Area, links: Links) -> Links:
    """A signed sheet is for whoever sees the dispatch: of a unit, one that went to it (P3)."""
    if not allowed("supervision.view", scope, county):
        return links.none()
    return links.filter(object_code__in=[one.code for one in dispatches_of(scope, county)])


@read_by("instruction", "批示")
def of_instructions(scope: Scope, county: Area, links: Links) -> Links:
    """A leader's sheet is for whoever sees the list of instructions, and for the unit that has the task (P6)."""
    if not allowed("supervision.view", scope, county):
        return links.none()
    return links.filter(object_code__in=[one.code for one in instructions_of(scope, county)])
