"""What the worker and the scheduler have in common: they go on after a fault, and end when they are told to."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import NoReturn

import structlog
from django.db import close_old_connections

log = structlog.get_logger(__name__)
IDLE_SECONDS = 1.0
SECONDS_AFTER_A_FAULT = 5.0


def end_when_told() -> None:
    """Let SIGTERM end the process as Ctrl+C does: what is being done is undone or given back first."""
    signal.signal(signal.SIGTERM, _end)


def _end(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def guarded(name: str, deed: Callable[[], object]) -> object:
    """Do something and return what it returned; a fault is logged, and the process goes on after a while."""
    close_old_connections()
    try:
        return deed()
    except Exception:
        log.exception("failed, goes on", deed=name)
        time.sleep(SECONDS_AFTER_A_FAULT)
        return None


def every(deeds: Mapping[str, tuple[float, Callable[[], object]]]) -> NoReturn:
    """Do each deed (name: seconds between, what) when its time has come, for ever; the first time at once."""
    due = dict.fromkeys(deeds, 0.0)
    while True:
        for name, (seconds, deed) in deeds.items():
            if time.monotonic() >= due[name]:
                guarded(name, deed)
                due[name] = time.monotonic() + seconds
        time.sleep(IDLE_SECONDS)
