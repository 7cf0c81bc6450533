"""`junheng-web verify-files`: is everything that the database names there, and still what it was?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng_web.config import backups
from junheng_web.evidence.buckets import Unavailable


class Command(BaseCommand):
    """Reads every content, and holds it against its SHA-256."""

    help = "核对交来的文件、数据快照、方案是不是都在、有没有变；文件多时要读很久"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lost = list(backups.lost())
        except Unavailable as away:
            raise CommandError(away.why) from away
        if lost:
            raise CommandError(f"不完好：\n{chr(10).join(lost)}\n请从备份里找出它们，放回原处；找不到，请原报送人重交")
        self.stdout.write("都在，都没有变")
