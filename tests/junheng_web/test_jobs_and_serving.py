"""One command is the whole platform: what it starts, it stops."""

from __future__ import annotations

import signal
import urllib.request

import psutil
import pytest

import installations
from installations import Installation, answers, eventually, free_port

pytestmark = pytest.mark.xdist_group("installations")
UNSEALED = "from junheng_web.organisation import audit; print(audit.tail())"


def children(process) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def child(process, word: str) -> psutil.Process:
    """Return the child whose command has the word."""
    return next(one for one in psutil.Process(process.pid).children() if word in " ".join(one.cmdline()))


def test_it_serves_works_seals_and_stops_together(installation: Installation) -> None:
    """Pages with their collected files, jobs and the audit's seals; at SIGTERM all of it ends."""
    port = free_port()
    with installation.started("serve", "--port", str(port)) as process:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), installation.output()
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=20).read().decode()
        for address in {part.split('"')[0] for part in page.split('="/static/')[1:]}:
            assert urllib.request.urlopen(f"http://127.0.0.1:{port}/static/{address}", timeout=20).status == 200
        assert eventually(lambda: installation.python(UNSEALED) == "0", 60)
        alive = children(process)
        assert len(alive) >= 3
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert psutil.wait_procs(alive, timeout=5)[1] == []
    assert "已停止" in installation.output()


@pytest.mark.parametrize("victim", ["granian", "worker", "scheduler"])
def test_when_one_dies_the_rest_stop_and_it_says_which(installation: Installation, victim: str) -> None:
    """Half a platform is none: whoever watches the service starts it anew."""
    port = free_port()
    with installation.started("serve", "--port", str(port)) as process:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), installation.output()
        alive = children(process)
        child(process, victim).kill()
        assert process.wait(40) == 1
        assert psutil.wait_procs(alive, timeout=5)[1] == []
    names = {"granian": "网页", "worker": "后台任务", "scheduler": "定时处理"}
    assert f"“{names[victim]}”意外停止了" in installation.output()


def test_a_killed_platform_leaves_nothing_running(installation: Installation) -> None:
    """Not even where it had no chance to stop its children."""
    port = free_port()
    with installation.started("serve", "--port", str(port)) as process:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), installation.output()
        alive = children(process)
        process.kill()
        assert psutil.wait_procs(alive, timeout=30)[1] == []


def test_an_older_database_is_not_served(tmp_path) -> None:
    """It says to back up first, and how to upgrade."""
    import os

    place = installations.empty(tmp_path / "data", os.environ.get("JUNHENG_DATABASE", ""))
    ended = place.run("serve", "--port", str(free_port()))
    assert ended.returncode == 1
    assert "junheng-web backup" in ended.stderr
    assert "--migrate" in ended.stderr
