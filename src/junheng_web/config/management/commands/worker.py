"""`junheng-web worker`: works on jobs, one after another."""

from __future__ import annotations

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from junheng_web.organisation.jobs import run_next

IDLE_SECONDS = 0.5


class Command(BaseCommand):
    """Takes the next job, works on it, and waits where there is none."""

    help = "处理排队的任务（serve 会自动启动它）"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--batch", action="store_true", help="做完现有的任务就结束")

    def handle(self, *args: Any, batch: bool, **options: Any) -> None:
        while True:
            if not run_next():
                if batch:
                    return
                close_old_connections()
                time.sleep(IDLE_SECONDS)
