"""`junheng-web serve`: the web server, one worker and the scheduler, started and stopped together."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

APPLICATION = "junheng_web.config.wsgi:application"
LOOK_SECONDS, STOP_SECONDS = 0.5, 10


class Command(BaseCommand):
    """Starts three processes; when one ends, or somebody stops it, it ends the others."""

    help = "启动平台：网页、后台任务和定时事务，一起启动，一起停止"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认只有本机能访问）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        running = {name: subprocess.Popen(command) for name, command in _commands(host, port).items()}  # noqa: S603
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)
        self.stdout.write(f"已启动：http://{host}:{port}  （按 Ctrl+C 停止）")
        try:
            self._watch(running)
        except KeyboardInterrupt:
            self.stdout.write("正在停止……")
        finally:
            _stop(running)

    def _watch(self, running: dict[str, subprocess.Popen[bytes]]) -> None:
        while True:
            for name, process in running.items():
                if process.poll() is not None:
                    raise CommandError(
                        f"{name} 意外结束（退出状态 {process.returncode}），其余的也已停止；原因见上面的日志"
                    )
            time.sleep(LOOK_SECONDS)


def _commands(host: str, port: int) -> dict[str, list[str]]:
    manage = [sys.executable, "-m", "junheng_web.config.manage"]
    return {"网页服务": _web(host, port), "后台任务": [*manage, "worker"], "定时事务": [*manage, "scheduler"]}


def _web(host: str, port: int) -> list[str]:
    """Return the server's command: granian, or waitress where Windows runs it."""
    if os.name == "nt":
        return [sys.executable, "-m", "waitress", f"--listen={host}:{port}", APPLICATION]
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, APPLICATION]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
