"""The room's models, one module for each subject."""

from __future__ import annotations

from junheng_web.supervision.chain import Concern, Deed, Place, Status, Step, Support, Task
from junheng_web.supervision.gatherings import Decision, Instruction, Meeting
from junheng_web.supervision.papers import Body, Dispatch, Recipient, Signing, Subject
from junheng_web.supervision.schedule import Calendar, Milestone

__all__ = [
    "Body",
    "Calendar",
    "Concern",
    "Decision",
    "Deed",
    "Dispatch",
    "Instruction",
    "Meeting",
    "Milestone",
    "Place",
    "Recipient",
    "Signing",
    "Status",
    "Step",
    "Subject",
    "Support",
    "Task",
]
