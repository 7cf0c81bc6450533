"""`junheng-web verify-audit`: whether an audit row was changed or taken away since it was sealed."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from junheng_web.organisation import audit


class Command(BaseCommand):
    """Prints every fault of the chain, the rows that are not sealed yet, and the last link; exit code 1 on faults."""

    help = "核对审计记录：封存之后有没有被改过、删过"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--noted", default="", metavar="封存值", help="以前抄录的链尾封存值，核对它还在链上")

    def handle(self, *args: Any, noted: str, **options: Any) -> None:
        found = 0
        for fault in audit.faults(noted):
            found += 1
            self.stderr.write(fault)
        self.stdout.write(f"还没有封存的记录：{audit.tail()} 条（平常一分钟之内封存）")
        self.stdout.write(f"链尾封存值：{audit.head()}（请抄录在系统之外，下次用 --noted 核对）")
        if found:
            self.stderr.write(f"有 {found} 处不符：请保留现场，用最近的备份核对，并报告负责信息安全的人")
            sys.exit(1)
        self.stdout.write("审计记录与封存时一致")
