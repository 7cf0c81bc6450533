"""`junheng-web restore FOLDER`: a backup into an empty installation."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from junheng_web.config import backups
from junheng_web.evidence.buckets import Unavailable


class Command(BaseCommand):
    """Checks every file of a backup against its manifest; then takes it in where nothing stands yet."""

    help = "把备份恢复到空的数据文件夹（和空的库）；--verify 只核对，不恢复"
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="备份所在的文件夹")
        parser.add_argument("--verify", action="store_true", help="只核对备份是否完好")

    def handle(self, *args: Any, folder: Path, verify: bool, **options: Any) -> None:
        try:
            faults = list(backups.faults(folder))
            if faults:
                raise CommandError(f"备份不完好，没有恢复：\n{chr(10).join(faults)}\n请换一份备份")
            self.stdout.write(f"备份完好：{backups.read(folder)['made_at']} 所做")
            if verify:
                return
            backups.restore(folder)
        except backups.Unusable as why:
            raise CommandError(str(why)) from why
        except Unavailable as away:
            raise CommandError(away.why) from away
        call_command("migrate", verbosity=0)
        call_command("verify_audit", noted="", stdout=self.stdout, stderr=self.stderr)
        if lost := list(backups.lost()):
            raise CommandError(
                f"已恢复，但备份里缺这些文件：\n{chr(10).join(lost)}\n请从更早的备份里找出它们；找不到，请原报送人重交"
            )
        self.stdout.write("已恢复。现在可以启动：junheng-web serve")
