"""What the room makes of events of the rooms below: each is told once, however often it is handled."""

from __future__ import annotations

from django.urls import reverse

from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Account, Event, Job


def job_failed(event: Event) -> None:
    """Tell whoever submitted a job that it failed, and why."""
    job = Job.objects.of(event.county).get(id=event.object_code)
    notice_send(
        by=None,
        county=event.county,
        accounts=Account.objects.filter(id=job.by_account),
        key=f"event:{event.id}",
        text=f"您提交的任务 {job.id} 没有办成：{job.error}",
        url=reverse("job", args=[event.county.code, job.id]),
    )
