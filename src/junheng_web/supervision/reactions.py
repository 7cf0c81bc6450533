"""What becomes of tasks by what happens in the rooms below."""

from __future__ import annotations

from junheng_web.organisation.models import Event, Group
from junheng_web.supervision.chain import OPEN, Status, Task
from junheng_web.supervision.services import task_stop


def group_dissolved(event: Event) -> None:
    """End every open task of a county once no working group stands (P18); all of it stays to be read."""
    groups = Group.objects.of(event.county)
    if groups.get(code=event.object_code).dissolved is None or groups.filter(dissolved=None).exists():
        return
    for task in Task.objects.of(event.county).filter(status__in=(Status.PROPOSED, *OPEN)).order_by("id"):
        task_stop(by=None, task=task, note="领导小组已撤销")
