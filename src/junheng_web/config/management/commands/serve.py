"""`junheng-web serve`: the whole platform in one command."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from junheng_web.config import children, statics
from junheng_web.evidence import storage
from junheng_web.evidence.buckets import Unavailable, there
from junheng_web.evidence.models import File
from junheng_web.organisation.models import Account

THREADS = 4
NAMED = 3


class Command(BaseCommand):
    """Starts the web server, a worker and the scheduler, and stops them together."""

    help = "启动平台：网页、后台任务、定时处理，一起启动，一起停止"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--migrate", action="store_true", help="先把数据库升级到这一版")
        parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认只在本机）")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="监听的端口")
        parser.add_argument("--processes", type=int, default=1, help="网页的进程数")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if options["migrate"]:
            call_command("migrate", verbosity=0)
        _refuse_an_old_database()
        _refuse_known_passwords()
        _refuse_an_unusable_bucket()
        if statics.collect():
            self.stdout.write("已整理静态文件")
        connection.close()
        commands = {
            "网页": web(host, port, options["processes"]),
            "后台任务": command("worker"),
            "定时处理": command("scheduler"),
        }
        ended = children.keep(commands, ready=lambda: self._say(f"均衡在 http://{host}:{port}/ （按 Ctrl+C 停止）"))
        if ended:
            raise CommandError(f"“{ended}”意外停止了，其余的也已停止；原因见上面的日志。端口 {port} 被占用是常见的原因")
        self._say("已停止")

    def _say(self, what: str) -> None:
        self.stdout.write(what)
        self.stdout.flush()


def _refuse_an_old_database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            "数据库还不是这一版的；请先备份（junheng-web backup），再用 junheng-web serve --migrate 启动"
        )


def _refuse_known_passwords() -> None:
    known = Account.objects.filter(demonstration=True).order_by("username")
    if not settings.DEMONSTRATION and known:
        names = "、".join(account.username for account in known[:NAMED])
        raise CommandError(
            f"库里有演示账号（{names} 等 {len(known)} 个），口令是公开的，不能用来正式办事。"
            "只是演示，请设 JUNHENG_DEMONSTRATION=1；正式使用，请把 JUNHENG_DATA 指到新的空文件夹（或用空的库）"
        )


def _refuse_an_unusable_bucket() -> None:
    """Where contents lie in a bucket, it has to be there, and to hold what came last: else it was never moved."""
    if not settings.S3:
        return
    try:
        there().check()
        last = File.objects.order_by("id").last()
        moved = last is None or storage.holds(last.digest)
    except Unavailable as away:
        raise CommandError(f"存放文件的桶用不了：{away.why}") from away
    if not moved:
        raise CommandError(
            "交来的文件不在桶里；请先用 junheng-web move-files s3 把数据文件夹里的搬过去，再启动；"
            "已经搬过的，请核对 JUNHENG_S3 的桶名和前缀"
        )


def web(host: str, port: int, processes: int) -> list[str]:
    """Return the command of the web server that this system has."""
    if sys.platform == "win32":
        return [sys.executable, "-m", "waitress", f"--listen={host}:{port}", "junheng_web.config.wsgi:application"]
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", str(THREADS), "--log-level", "warning"),
        "junheng_web.config.wsgi:application",
    ]


def command(name: str) -> list[str]:
    """Return the command that runs one of our own, with the same Python."""
    return [sys.executable, "-m", "junheng_web.config.manage", name]
