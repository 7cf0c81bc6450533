"""`junheng-web verify-audit`: tells whether an audit row was changed or taken away since it was sealed."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from junheng_web.organisation import audit


class Command(BaseCommand):
    """Goes along the chain; the exit status is 1 where it is broken."""

    help = "核对审计记录有没有被改动或删除"

    def handle(self, *args: Any, **options: Any) -> None:
        broken, unsealed = audit.verified()
        for line in broken:
            self.stdout.write(line)
        self.stdout.write(f"{'有问题' if broken else '完好'}；还有 {unsealed} 条没有封存（每分钟封存一次）")
        if broken:
            sys.exit(1)
