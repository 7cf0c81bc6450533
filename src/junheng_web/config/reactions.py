"""Which reactions of the rooms above hear of which events; the scheduler runs them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from junheng_web.assessment import reactions as assessment
from junheng_web.duties import reactions as duties
from junheng_web.notices import reactions as notices
from junheng_web.organisation.events import Reaction
from junheng_web.rectification import reactions as rectification
from junheng_web.supervision import reactions as supervision

# Name (never changed: it says what was handled): kind of event, and what is done.
REACTIONS: Mapping[str, tuple[str, Reaction]] = MappingProxyType(
    {
        "notices.job_failed": ("job.failed", notices.job_failed),
        "notices.account_reset": ("account.reset", notices.account_renewed),
        "notices.account_reopened": ("account.reopen", notices.account_renewed),
        "assessment.run_declared": ("run.declared", assessment.run_declared),
        "assessment.approval_withdrawn": ("approval.withdrawn", assessment.approval_withdrawn),
        "duties.group_dissolved": ("group.dissolved", duties.group_dissolved),
        "assessment.run_withdrawn": ("run.withdrawn", assessment.run_withdrawn),
        "supervision.group_dissolved": ("group.dissolved", supervision.group_dissolved),
        "rectification.approval_given": ("approval.given", rectification.values_changed),
        "rectification.approval_withdrawn": ("approval.withdrawn", rectification.values_changed),
        "rectification.run_declared": ("run.declared", rectification.values_changed),
        "rectification.run_withdrawn": ("run.withdrawn", rectification.values_changed),
        "rectification.task_receive": ("task.receive", rectification.task_moved),
        "rectification.task_ask": ("task.ask", rectification.task_moved),
        "rectification.task_return": ("task.return", rectification.task_moved),
        "rectification.task_close": ("task.close", rectification.task_moved),
    }
)
