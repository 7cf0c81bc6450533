"""`junheng-web worker`: does the jobs, one after the other."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from junheng_web.config.loops import IDLE_SECONDS, end_when_told, guarded
from junheng_web.organisation.jobs import run_next


class Command(BaseCommand):
    """Does jobs until it is told to stop; several workers may run, also on several machines with PostgreSQL."""

    help = "处理后台任务，直到被停止（serve 已经带一个；任务多时可以再开）"

    def handle(self, *args: Any, **options: Any) -> None:
        end_when_told()
        # What submits a job stands behind a URL, and says beside it what the job does.
        import_module(settings.ROOT_URLCONF)
        while True:
            if not guarded("job", run_next):
                time.sleep(IDLE_SECONDS)
