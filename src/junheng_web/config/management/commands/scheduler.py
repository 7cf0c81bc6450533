"""`junheng-web scheduler`: what has to be done again and again, without anybody asking."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from junheng_web.assessment import uploads
from junheng_web.config.reactions import REACTIONS
from junheng_web.organisation import audit, events

SECONDS = 20
log = structlog.get_logger(__name__)


def chores() -> dict[str, Callable[[], Any]]:
    """Return what is done each time, by name; one that fails does not keep the others from being done."""
    return {"seal": audit.seal, "react": lambda: events.react(REACTIONS), "trials": uploads.trial_expire}


class Command(BaseCommand):
    """Does every chore, waits, and does them again."""

    help = "定时封存审计记录、处理事件（serve 会自动启动它）"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="只做一遍")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        while True:
            for name, chore in chores().items():
                try:
                    chore()
                except Exception:
                    log.exception("chore failed", chore=name)
            if once:
                return
            close_old_connections()
            time.sleep(SECONDS)
