"""`junheng-web serve`: web, worker and scheduler start together and stop together."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from places import EXAMPLES

START_SECONDS, STOP_SECONDS = 60, 20
PROCESSES = 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An installation of its own, being served."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    environment = {
        **os.environ,
        "JUNHENG_DATA": str(tmp_path),
        "JUNHENG_DATABASE": "",
        "PYTHONPATH": str(EXAMPLES.parent / "src"),
    }
    command = [sys.executable, "-m", "junheng_web.config.manage", "serve", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    yield process, f"http://127.0.0.1:{port}/healthz"
    if process.poll() is None:
        process.kill()


def answer(address: str) -> dict[str, str]:
    """Wait for the server and return what it says of its health."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 (our own address)
                return json.load(response)
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_three_processes_stop_with_the_one_that_started_them(server) -> None:
    """None is left behind, and the page was there until then."""
    process, address = server
    assert answer(address) == {"status": "ok"}
    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) >= PROCESSES
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0
    assert psutil.wait_procs(below, timeout=STOP_SECONDS)[1] == []


def test_when_one_dies_the_others_stop_and_it_is_told(server, tmp_path: Path) -> None:
    """A platform without its worker would take uploads and never judge them."""
    process, address = server
    answer(address)
    worker = next(
        one
        for one in psutil.Process(process.pid).children()
        if "worker" in one.cmdline() and "manage" in one.cmdline()[2]
    )
    worker.kill()
    assert process.wait(STOP_SECONDS) == 1
    assert "后台任务 意外结束" in (tmp_path / "log").read_text(encoding="utf-8")
