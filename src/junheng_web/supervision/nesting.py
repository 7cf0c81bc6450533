"""Tasks within tasks: 总任务 - 阶段 - 任务 - 子任务, which may belong to which, and what a task stands below."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision.chain import Task
from junheng_web.supervision.selectors import tasks_of

Level = Task.Level
# From the whole campaign down; a county that has no stages leaves them out.
LADDER = tuple(Level.values)


def level_below(parent: Task | None) -> str:
    """Return the level that something new below a task has: a 任务, or of a 任务 a 子任务."""
    return Level.PART if parent is not None and parent.level in (Level.TASK, Level.PART) else Level.TASK


def fits(level: str, parent: str) -> bool:
    """Whether a level may belong to another: to one above it; a 子任务 to a 子任务 as well."""
    return LADDER.index(level) > LADDER.index(parent) or level == parent == Level.PART


def place_checked(county: Area, level: str, parent: Task | None, task: Task | None = None) -> None:
    """Raise ValidationError where a task of that level cannot belong to another; ValueError of another county.

    `task` is the one that is moved, None for a new one: it cannot come below itself, and what belongs to it must
    still fit. It is asked while the county's row is held, so that two moves make no circle together.
    """
    if parent is not None and parent.county_id != county.id:
        raise ValueError(f"the task {parent.number} is not of {county}")
    if task is not None and parent is not None and task.id in {one.id for one in (parent, *ancestors(parent))}:
        told = f"“{task.title}”不能属于“{parent.title}”：那是它自己，或本来就属于它，会绕成一圈"
        raise ValidationError(f"{told}；请选别的一项，或先把那一项移出来")
    _level_checked(level, parent)
    for part in task.parts.order_by("number") if task else ():
        if not fits(part.level, level):
            raise ValidationError(_unfit(part.get_level_display(), level, f"它下面的“{part.title}”（{part.number}）"))


def _level_checked(level: str, parent: Task | None) -> None:
    if parent is None and level == Level.PART:
        raise ValidationError("子任务要属于一项任务；请选它属于哪一项，或把层级改为“任务”")
    if parent is not None and not fits(level, parent.level):
        raise ValidationError(
            _unfit(Level(level).label, parent.level, f"这一项要放到“{parent.title}”（{parent.number}）下面")
        )


def _unfit(label: str, above: str, told: str) -> str:
    order = "、".join(one.label for one in Level)
    return f"{told}，“{label}”不能属于“{Level(above).label}”：从上到下是{order}；请换层级，或换属于哪一项"


def ancestors(task: Task) -> Iterator[Task]:
    """Yield what a task stands below, the nearest first."""
    seen = {task.id}
    while task.parent_id is not None and task.parent_id not in seen:
        seen.add(task.parent_id)
        task = task.parent
        yield task


def path_of(scope: Scope, task: Task) -> list[Task]:
    """Return what a task stands below as far as one may see it (P2), the whole campaign first."""
    above = [one.id for one in ancestors(task)]
    seen = {one.id: one for one in tasks_of(scope, task.county).filter(id__in=above)} if above else {}
    return [seen[id] for id in above[::-1] if id in seen]
