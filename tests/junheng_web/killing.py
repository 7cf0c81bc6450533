"""Used inside an installation: a child does a deed, and is killed (-9) at its n-th moment.

Each statement has two moments: when it is about to be sent, and when it has been answered. The commit is the last
statement. What begins a transaction and savepoints do not count: how many there are depends on the database, and on
whether a transaction is open around.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

# How code that runs inside an installation finds this module.
BEGIN = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})"

UNCOUNTED = ("BEGIN", "SAVEPOINT", "RELEASE")


class Counted:
    """Counts moments, and kills its own process at the one with the number `at` (0: at none)."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.passed = at, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(UNCOUNTED):
            return execute(sql, params, many, context)
        return self.around(lambda: execute(sql, params, many, context))

    def around(self, send: Callable[[], Any]) -> Any:
        """Send a statement; one moment passes before, and one after."""
        self._pass()
        answer = send()
        self._pass()
        return answer

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def child(deed: Callable[[], Any], at: int = 0) -> tuple[int | None, int]:
    """Return how a child that does a deed ended (None: it was killed), and how many moments it had if it was not."""
    connection.close()
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        _do(deed, Counted(at), writing)
    os.close(writing)
    _, status = os.waitpid(process, 0)
    told = os.read(reading, 20)
    os.close(reading)
    return (None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), int(told or 0)


def _do(deed: Callable[[], Any], counted: Counted, writing: int) -> None:
    commit = connection._commit
    try:
        connection._commit = lambda: counted.around(commit)
        with connection.execute_wrapper(counted):
            deed()
        os.write(writing, str(counted.passed).encode())
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def points(moments: int, wanted: int) -> list[int]:
    """Return at which moments to kill: so many, evenly from the first to the last; all of them for 0 or too many."""
    if wanted == 0 or wanted >= moments:
        return list(range(1, moments + 1))
    return sorted({1 + at * (moments - 1) // (wanted - 1) for at in range(wanted)})
