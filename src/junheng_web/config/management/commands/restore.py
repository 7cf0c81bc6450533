"""`junheng-web restore FOLDER [--verify]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng_web.config import backups


class Command(BaseCommand):
    """Reads a backup back into an empty installation, or only tells whether it is whole."""

    help = "从备份恢复到空的数据文件夹；--verify 只核对备份是否完好"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="备份文件夹")
        parser.add_argument("--verify", action="store_true", help="只核对，不恢复")

    def handle(self, *args: Any, folder: Path, verify: bool, **options: Any) -> None:
        try:
            if verify:
                self._verify(folder)
            else:
                backups.restore(folder)
                self.stdout.write("已恢复；请运行 junheng-web serve")
        except (backups.Refused, OSError) as reason:
            raise CommandError(str(reason)) from reason

    def _verify(self, folder: Path) -> None:
        faults = backups.verify(folder)
        self.stdout.write("\n".join(faults) if faults else "备份完好")
        if faults:
            sys.exit(1)
