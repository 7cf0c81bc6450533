"""`junheng-web demo`: loads the demonstration and prints its accounts once."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from junheng_web.home import demonstration


class Command(BaseCommand):
    """Loads the fictional county with accounts of each role; only where JUNHENG_DEMONSTRATION=1 says so."""

    help = "装入虚构的示例旗和演示账号（只用于演示）"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("examples", type=Path, help="示例数据所在文件夹（examples）")

    def handle(self, *args: Any, examples: Path, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("这里不是演示环境：演示账号的口令是公开的。要演示，请设 JUNHENG_DEMONSTRATION=1")
        password = f"demo-{secrets.token_hex(4)}"
        demonstration.load_year_before(examples)
        accounts = demonstration.load(examples, password)
        demonstration.load_papers(examples)
        self.stdout.write(f"演示账号（口令都是 {password}，数据全部虚构）：")
        for name, post in accounts:
            self.stdout.write(f"  {name:<15} {post}")
