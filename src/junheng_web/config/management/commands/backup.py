"""`junheng-web backup FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng_web.config import backups


class Command(BaseCommand):
    """Writes a backup of everything while the platform goes on."""

    help = "把数据库、文件和密钥备份到一个新文件夹，附校验清单"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="新的文件夹")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = backups.backup(folder)
        except (backups.Refused, OSError) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"已备份到 {folder}：{len(manifest)} 个文件。里面有密钥，请放在只有管理员能读的地方")
