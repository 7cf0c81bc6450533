"""What the room makes of events of the rooms below: each is told once, however often it is handled."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from junheng_web.notices.services import notice_send
from junheng_web.organisation.models import Account, Event, Job


def account_renewed(event: Event) -> None:
    """Tell whoever signs in with an account that somebody else gave it another password."""
    notice_send(
        by=None,
        county=event.county,
        accounts=Account.objects.filter(username=event.object_code),
        key=f"event:{event.id}",
        text=f"{timezone.localtime(event.at):%m月%d日 %H:%M} 管理员给您换了初始密码。不是您要的，请马上告诉管理员",
        url=reverse("password"),
    )


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
