"""`junheng-web reconcile`: judge every issue anew from what is official today, as the reactions do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from junheng_web.organisation.models import Area
from junheng_web.rectification.judging import issues_judge


class Command(BaseCommand):
    """Ends well also where something had to be moved; it says how much."""

    help = "按今天的审定数和正式评估，重新判断每个问题是否到位；与系统平时自动做的结果相同"

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the counties one by one, each in a transaction of its own."""
        for county in Area.objects.filter(kind=Area.Kind.COUNTY).order_by("code"):
            moved = issues_judge(county=county)
            self.stdout.write(f"{county.code} {county}：{moved} 个问题的状态有变化")
