"""What tests of supervision share: tasks of the example county at a stage of their chain, slips, and a small file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from collected import acting
from junheng_web.organisation.models import Area, Post, Unit
from junheng_web.supervision import issuing, services
from junheng_web.supervision.models import Body, Dispatch, Task
from places import COUNTY

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
HERE = f"/c/{COUNTY}/tasks/"


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def unit(code: str = "fin") -> Unit:
    """Return one of its units."""
    return Unit.objects.get(county__code=COUNTY, code=code)


def post(code: str = "fin-staff") -> Post:
    """Return one of its posts."""
    return Post.objects.get(code=code)


def today() -> dt.date:
    """Return the day of today."""
    return timezone.localdate()


def days(many: int) -> dt.date:
    """Return the day in so many days."""
    return today() + dt.timedelta(many)


def proposed(**more: Any) -> Task:
    """Return a task of the 财政局's desk that was not assigned yet."""
    told = {"title": "核对拨款", "unit": unit(), "desk": post(), "due": days(10), "start": days(-10), **more}
    return services.task_propose(by=acting("office"), county=county(), **told)


def assigned(**more: Any) -> Task:
    """Return one that was assigned."""
    return services.task_assign(by=acting("office"), task=proposed(**more))


def working(**more: Any) -> Task:
    """Return one that was received."""
    return services.task_receive(by=acting("fin-staff"), task=assigned(**more))


def asked(**more: Any) -> Task:
    """Return one that the unit has asked to close."""
    task = working(**more)
    services.task_ask_to_close(by=acting("fin-staff"), task=task, note="办完了")
    task.refresh_from_db()
    return task


def moved(task: Task, **fields: Any) -> Task:
    """Return a task whose days were moved, as time moves them."""
    Task.objects.filter(id=task.id).update(**fields)
    task.refresh_from_db()
    return task


def drafted(**more: Any) -> Dispatch:
    """Return a slip to the 财政局 that is a draft."""
    body = Body.objects.of(county()).earliest("id")
    told = {"kind": Dispatch.Kind.SLIP, "body": body, "title": "督办", "text": "请抓紧。", "units": [unit()], **more}
    return issuing.dispatch_draft(by=acting("office"), county=county(), **told)


def scan() -> SimpleUploadedFile:
    """Return a small file that is told to be a PDF."""
    return SimpleUploadedFile("扫描件.pdf", PDF)
