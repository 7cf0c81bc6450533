"""Reminders to one's own desk, by themselves: three days before, on the day and the day after, once each (P3).

They keep quiet hours: what falls into the night is told in the morning.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from django.db import transaction

from junheng_web.notices.quiet import is_quiet
from junheng_web.notices.services import notice_send
from junheng_web.supervision.chain import Status, Task
from junheng_web.supervision.drafting import draft_slips
from junheng_web.supervision.selectors import WITH_NAMES, posts_for
from junheng_web.supervision.services import task_remind

# How many days are left, and how that is said.
AROUND: Mapping[int, str] = MappingProxyType({3: "还有 3 天截止", 0: "今天 24:00 截止", -1: "昨天已经截止"})


def remind(now: dt.datetime) -> int:
    """Remind of what is due around today, and draft slips; return how many tasks were told of. Nothing in quiet hours.

    `now` is local time.
    """
    if is_quiet(now):
        return 0
    today = now.date()
    draft_slips(today)
    days = {today + dt.timedelta(left): said for left, said in AROUND.items()}
    running = Task.objects.filter(status__in=(Status.ASSIGNED, Status.WORKING), due__in=days)
    return sum(_remind(task, days[task.due], today) for task in running.select_related(*WITH_NAMES))


def _remind(task: Task, said: str, today: dt.date) -> bool:
    """Tell a task's desk, unless it was told the same."""
    key = f"task:{task.id}:due:{task.due}:{(task.due - today).days}"
    with transaction.atomic():
        if not task_remind(task=task, said=said):
            return False
        told = {"text": f"{said}：{task.title}", "url": task.url}
        notice_send(by=None, county=task.county, posts=posts_for(task), key=key, mailed=True, **told)
    return True
