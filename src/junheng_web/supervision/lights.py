"""The traffic light of a task, from its plan and its progress: one pure function, which the manual explains.

Red: its last day is over and closing was not asked for. Yellow: at most `NEAR` days are left, or the progress that was
reported is `BEHIND` points or more below what an even pace would have reached. Green otherwise. What is at its end says
whether it was in time; what is not sent out yet, or was stopped, has no light. No score comes of it (P4).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from junheng_web.supervision.chain import Status, Task

NEAR, BEHIND = 3, 30


@dataclass(frozen=True, slots=True)
class Light:
    """A light: its word, its sign and the tone of the theme."""

    code: str
    word: str
    sign: str
    tone: str


def light(task: Task, today: dt.date) -> Light:
    """Return the light of a task on a day."""
    if task.status == Status.PROPOSED:
        return Light("none", "还没有交办", "–", "secondary")
    if task.status == Status.STOPPED:
        return Light("none", "已终止", "–", "secondary")
    if task.late_on(today):
        return _late(task, task.finished_on or today)
    if task.status in (Status.ASKED, Status.CLOSED):
        return Light("done", "按时办完", "✓", "green")
    return _running(task, today)


def _late(task: Task, day: dt.date) -> Light:
    days = (day - task.due).days
    if task.finished_on:
        return Light("late", f"晚 {days} 天办完", "▽", "yellow")
    return Light("red", f"逾期 {days} 天", "✗", "red")


def _running(task: Task, today: dt.date) -> Light:
    left = (task.due - today).days
    if left <= NEAR:
        return Light("near", f"还有 {left} 天" if left else "今天截止", "▽", "yellow")
    if planned(task, today) - task.progress >= BEHIND:
        return Light("behind", f"进度落后，还有 {left} 天", "▽", "yellow")
    return Light("green", f"还有 {left} 天", "✓", "green")


def planned(task: Task, today: dt.date) -> int:
    """Return the progress that an even pace from the first to the last day would have reached, in whole percent."""
    whole, gone = (task.due - task.start).days + 1, (today - task.start).days
    return max(0, min(100, 100 * gone // whole))
