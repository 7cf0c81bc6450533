"""`junheng-web scheduler`: what has to be done again and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from junheng_web.collection.reminding.sending import remind
from junheng_web.config.loops import end_when_told, every
from junheng_web.config.reactions import REACTIONS
from junheng_web.dossier import reminding as dossier
from junheng_web.dossier.binder_jobs import binders_expire
from junheng_web.duties import reminding as duties
from junheng_web.evidence import parts, trials
from junheng_web.evidence.reading import files_read
from junheng_web.evidence.scans import scan_read
from junheng_web.notices.mail_services import deliver_mails
from junheng_web.notices.quiet import is_quiet
from junheng_web.notices.robot_services import deliver
from junheng_web.organisation import audit
from junheng_web.organisation.events import react
from junheng_web.supervision.reminding import remind as remind_of_tasks

HOUR = 3600
DAY = 24 * HOUR


def seal_all() -> None:
    """Seal every audit row that is not sealed yet."""
    while audit.seal():
        pass


def by_day(remind: Callable[[dt.date], int]) -> Callable[[], int]:
    """Return a deed that reminds of what is due today, and in the quiet hours waits for the morning."""

    def deed() -> int:
        now = timezone.localtime()
        return 0 if is_quiet(now) else remind(now.date())

    return deed


class Command(BaseCommand):
    """Seals audit rows, lets the rooms react to events, reminds, clears trials and sessions; one is enough."""

    help = "定时处理：封存审计记录、处理事件、到期提醒、清理试评和过期会话（serve 已经带一个）"

    def handle(self, *args: Any, **options: Any) -> None:
        end_when_told()
        every(
            {
                "seal": (30, seal_all),
                "react": (5, lambda: react(REACTIONS)),
                "remind": (HOUR, by_day(remind)),
                "remind_of_tasks": (HOUR, lambda: remind_of_tasks(timezone.localtime())),
                "deliver": (60, lambda: deliver(timezone.localtime())),
                "mails": (60, lambda: deliver_mails(timezone.localtime())),
                "duties": (HOUR, by_day(duties.remind)),
                "dossier": (HOUR, by_day(dossier.remind)),
                "trials": (HOUR, trials.trial_expire),
                "read": (5, files_read),
                "scans": (1, scan_read),
                "uploads": (HOUR, parts.uploads_expire),
                "binders": (DAY, binders_expire),
                "sessions": (DAY, lambda: call_command("clearsessions")),
            }
        )
