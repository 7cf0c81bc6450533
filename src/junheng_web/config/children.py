"""Processes that stand and fall together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

STOP_SECONDS, LOOK_SECONDS = 15.0, 0.3
PR_SET_PDEATHSIG = 1
POSIX = os.name == "posix"


class Stopped(Exception):
    """Somebody asked us to stop."""


def keep(commands: Mapping[str, list[str]], ready: Callable[[], None]) -> str:
    """Run the commands until one ends by itself, and return its name; "" where we were told to stop.

    Whatever happens, none of them is left running.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    _stop_when_told()
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(  # noqa: S603
                command,
                preexec_fn=_ends_with_us(),  # noqa: PLW1509
                start_new_session=POSIX,
            )
        ready()
        return _first_to_end(children)
    except (Stopped, KeyboardInterrupt):
        return ""
    finally:
        _stop(list(children.values()))


def _stop_when_told() -> None:
    def stop(*_: object) -> None:
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _first_to_end(children: Mapping[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(LOOK_SECONDS)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    # From here on nobody interrupts: each child gets its time, then it is ended.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if POSIX:
        _end_what_they_left(children)


def _end_what_they_left(children: list[subprocess.Popen[bytes]]) -> None:
    """End the processes of children that died without ending them: they are in the group that each child began."""
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _ends_with_us() -> Callable[[], None] | None:
    """Return what a child does first on Linux: ask to be stopped when we are killed without a chance to stop it."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM) and None
