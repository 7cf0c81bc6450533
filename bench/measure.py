"""Runs whole processes, alternately, and keeps what each took. Imports nothing large.

A child's peak memory is never reported below that of the process that started it, so this one has to stay small.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Timer

LONGEST = 180.0
KILOBYTES_IN_A_MEGABYTE = 1024


class Failed(Exception):
    """A process that was to be timed did not end well; what it said is in the message."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A command to be timed, the folder to start it in, and the file that it leaves behind, if any but its output."""

    command: Sequence[str]
    leaves: Path | None = None
    folder: Path | None = None


@dataclass(slots=True)
class Times:
    """What a contestant took in each round: seconds from start to end, and the most memory in MB."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle of the rounds, in seconds."""
        return median(self.seconds)

    def summary(self) -> dict[str, object]:
        """Return the times as plain values."""
        return {
            "rounds": len(self.seconds),
            "min_s": min(self.seconds),
            "median_s": self.median,
            "max_s": max(self.seconds),
            "peak_mb": max(self.megabytes),
            "seconds": self.seconds,
        }


def warm_up(contestants: Mapping[str, Contestant], folder: Path) -> None:
    """Run each contestant once: compiled code, caches of the disk and profiles are then there for all."""
    for name, contestant in contestants.items():
        run(contestant, folder / name)


def alternately(contestants: Mapping[str, Contestant], rounds: int, folder: Path) -> dict[str, Times]:
    """Run the contestants in turn, `rounds` times.

    What each printed in the last round stands in `folder`, in a file by its name.
    """
    times = {name: Times() for name in contestants}
    for _ in range(rounds):
        for name, contestant in contestants.items():
            seconds, megabytes = run(contestant, folder / name)
            times[name].seconds.append(seconds)
            times[name].megabytes.append(megabytes)
    return times


def run(contestant: Contestant, output: Path) -> tuple[float, float]:
    """Run one process to its end; return its seconds and the most megabytes that it or a child of its held."""
    seconds, usage = used(contestant, output)
    return seconds, usage.ru_maxrss / KILOBYTES_IN_A_MEGABYTE


def used(contestant: Contestant, output: Path, longest: float = LONGEST) -> tuple[float, resource.struct_rusage]:
    """Run one process to its end; return its seconds and all that it used."""
    if contestant.leaves:
        contestant.leaves.unlink(missing_ok=True)
    errors = output.with_name(f"{output.name}.stderr")
    with output.open("wb") as out, errors.open("wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            contestant.command, stdout=out, stderr=err, cwd=contestant.folder, start_new_session=True
        )
        usage = _awaited(process, longest)
        seconds = time.perf_counter() - start
    if process.returncode != 0 or (contestant.leaves and not contestant.leaves.exists()):
        said = errors.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(f"{' '.join(contestant.command)} ended with {process.returncode}:\n{said}")
    return seconds, usage


def _awaited(process: subprocess.Popen[bytes], longest: float) -> resource.struct_rusage:
    """Wait for one process and return what it used; end it, and what it started, by its id if it takes too long."""
    timer = Timer(longest, os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage
