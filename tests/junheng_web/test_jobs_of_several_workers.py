"""Workers are processes: they share the jobs, and they may be killed."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from installations import COMMAND_SECONDS, ROOT, Installation, asked, eventually, execute

pytestmark = pytest.mark.xdist_group("installations")
JOBS, WORKERS = 40, 3
SUBMIT = """
from junheng_web.organisation.models import Area, Job
county = Area.objects.get(code="150699")
for number in range({jobs}):
    Job.objects.create(kind="count", county=county, arguments={{"number": number}})
"""
WORK = """
import sys, time
from pathlib import Path
from junheng_web.organisation import jobs

@jobs.deed("count")
def count(work):
    with Path({marks!r}).open("a") as marks:
        marks.write(f"{{work.job.arguments['number']}} {{work.worker}}\\n")
    time.sleep({seconds})

while jobs.run_next():
    pass
"""
HOLD = """
import time
from datetime import timedelta
from pathlib import Path
from junheng_web.organisation import jobs

jobs.LEASE = timedelta(seconds={lease})

@jobs.deed("count")
def count(work):
    Path({begun!r}).touch()
    end = time.monotonic() + {seconds}
    while time.monotonic() < end and not Path({release!r}).exists():
        time.sleep(0.1)

jobs.run_next("first")
"""
ASK = """
import time
from junheng_web.organisation import jobs

end = time.monotonic() + {seconds}
asked = 0
while time.monotonic() < end:
    asked += 1
    assert not jobs.run_next("second")
    time.sleep(0.1)
print(asked)
"""
STATUSES = "SELECT status, attempts FROM organisation_job ORDER BY id"


def worker(one: Installation, marks: Path, seconds: float) -> subprocess.Popen[bytes]:
    """Start a worker that marks each job it does, and takes `seconds` for it."""
    code = WORK.format(marks=str(marks), seconds=seconds)
    return subprocess.Popen(one.command("shell", "--verbosity=0", "-c", code), env=one.environment, cwd=ROOT)


def test_no_job_is_done_twice(installation: Installation, tmp_path: Path) -> None:
    """However many workers ask at the same time."""
    installation.python(SUBMIT.format(jobs=JOBS))
    started = [worker(installation, tmp_path / "marks", 0.02) for _ in range(WORKERS)]
    assert [one.wait(COMMAND_SECONDS) for one in started] == [0] * WORKERS
    marks = Counter(line.split()[0] for line in (tmp_path / "marks").read_text().splitlines())
    assert marks == Counter(map(str, range(JOBS)))


def test_a_killed_worker_s_job_is_done_by_another(installation: Installation, tmp_path: Path) -> None:
    """As soon as its lease has run out."""
    installation.python(SUBMIT.format(jobs=1))
    killed = worker(installation, tmp_path / "marks", COMMAND_SECONDS)
    assert eventually((tmp_path / "marks").exists, 60)
    killed.kill()
    killed.wait()
    assert asked(installation, STATUSES) == [("running", 1)]
    execute(installation, "UPDATE organisation_job SET lease_until = '2026-01-01 00:00:00+00:00'")
    assert worker(installation, tmp_path / "marks", 0).wait(COMMAND_SECONDS) == 0
    assert asked(installation, STATUSES) == [("done", 2)]


def test_a_step_may_take_longer_than_the_lease(installation: Installation, tmp_path: Path) -> None:
    """It reports nothing, yet nobody else gets its job while its process lives: the lease is renewed beside it."""
    lease, begun, release = 3, tmp_path / "begun", tmp_path / "release"
    installation.python(SUBMIT.format(jobs=1))
    code = HOLD.format(lease=lease, begun=str(begun), release=str(release), seconds=COMMAND_SECONDS)
    command = installation.command("shell", "--verbosity=0", "-c", code)
    first = subprocess.Popen(command, env=installation.environment, cwd=ROOT)
    try:
        assert eventually(begun.exists, 60)
        assert int(installation.python(ASK.format(seconds=3 * lease))) > lease
    finally:
        release.touch()
        ended = first.wait(COMMAND_SECONDS)
    assert ended == 0
    assert asked(installation, STATUSES) == [("done", 1)]


def test_the_worker_does_jobs_until_it_is_told_to_stop(installation: Installation) -> None:
    """`junheng-web worker`: a kind that nobody knows fails; then it waits; then it ends well."""
    installation.python(SUBMIT.format(jobs=1))
    with installation.started("worker") as process:
        assert eventually(lambda: asked(installation, STATUSES) == [("failed", 1)], 60)
        process.terminate()
        assert process.wait(20) == 0
