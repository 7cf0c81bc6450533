"""Runs the worker, hands on what it says, and ends it: when it is done, when time is up, or when nobody wants it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from junheng.planner import worker
from junheng.planner.worker import Job, Message, SecondJob

# How often it is asked whether to stop, in seconds.
LOOK = 0.1


class Broken(Exception):
    """The worker ended before its time: a fault of the planner or of the machine, never of the county."""


def solving(job: Job | SecondJob, seconds: float, stop: Callable[[], bool] | None = None) -> Iterator[Message]:
    """Yield the worker's messages until it ends, `seconds` have passed, or `stop` says so; then it is gone.

    A hard end: the engine may be in the middle of anything, and its own time limit does not hold it.
    """
    end = monotonic() + seconds
    command = [sys.executable, "-c", f"from {worker.__name__} import main; main()"]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    pipe = subprocess.PIPE
    # What the second engine complains of says nothing to who waits: that it broke off is told.
    errors = subprocess.DEVNULL if isinstance(job, SecondJob) else None
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, env=paths) as child:  # noqa: S603
        try:
            yield from _messages(child, job, end, stop or (lambda: False))
        finally:
            child.kill()


def _messages(
    child: subprocess.Popen[bytes], job: Job | SecondJob, end: float, stop: Callable[[], bool]
) -> Iterator[Message]:
    heard: SimpleQueue[object | None] = SimpleQueue()
    Thread(target=_talk, args=(child, job, heard), daemon=True).start()
    while monotonic() < end and not stop():
        try:
            message = heard.get(timeout=LOOK)
        except Empty:
            continue
        if message is None:
            if child.wait() != 0:
                raise Broken(f"求解进程意外结束（{child.returncode}）")
            return
        yield message  # type: ignore[misc]


def _talk(child: subprocess.Popen[bytes], job: Job | SecondJob, heard: SimpleQueue[object | None]) -> None:
    """Give the child its job and pass on what it says; None at its end, however it ends."""
    try:
        if child.stdin and child.stdout:
            worker.write(child.stdin, job)
            while (message := worker.read(child.stdout)) is not None:
                heard.put(message)
    except (OSError, EOFError, ValueError):
        pass
    finally:
        heard.put(None)
