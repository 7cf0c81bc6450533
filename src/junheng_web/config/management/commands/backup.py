"""`junheng-web backup FOLDER`: everything that must not be lost, while the platform runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng_web.config import backups
from junheng_web.evidence.buckets import Unavailable


class Command(BaseCommand):
    """Writes the database, the stored files and a manifest with their SHA-256 into a new folder."""

    help = "备份到一个新文件夹：数据库、全部文件、带 SHA-256 的清单；平台不必停"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="新文件夹，例如 /backup/2026-03-02；最好在另一块盘上")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = backups.make(folder)
        except backups.Unusable as why:
            raise CommandError(str(why)) from why
        except Unavailable as away:
            raise CommandError(away.why) from away
        self.stdout.write(f"已备份到 {folder}：{manifest['database']} 数据库和 {len(manifest['files']) - 1} 个文件")
        self.stdout.write("不含 secret.key：恢复之后会另做一个，所有人要重新登录")
