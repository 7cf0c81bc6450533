"""`junheng-web move-files s3|folder`: contents from the data folder into the bucket, or back."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from junheng_web.evidence import buckets, folders
from junheng_web.evidence.buckets import Unavailable
from junheng_web.evidence.moving import Moved, contents_move

TOLD_EVERY, NAMED = 100, 5


class Command(BaseCommand):
    """Copies every content, reads it back and compares it; --remove takes away what was compared, at the end."""

    help = "把交来的文件从数据文件夹搬进桶里（s3），或搬回来（folder）；先设好 JUNHENG_S3，断了再来一次就接着搬"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("to", choices=("s3", "folder"), help="搬到哪里")
        parser.add_argument("--remove", action="store_true", help="全部核对一致以后，删去原来那一份")

    def handle(self, *args: Any, to: str, remove: bool, **options: Any) -> None:
        if not settings.S3:
            raise CommandError("没有设 JUNHENG_S3：搬进去、搬回来都要写明是哪个桶")
        try:
            here, there = folders.here(), buckets.there()
            there.check()
            source, target = (here, there) if to == "s3" else (there, here)
            told = contents_move(source, target, remove=remove, say=self._say)
        except Unavailable as away:
            raise CommandError(f"{away.why}；已经搬的都在，好了以后再来一次") from away
        self._tell(told)

    def _say(self, done: int) -> None:
        if done % TOLD_EVERY == 0:
            self.stdout.write(f"核对了 {done} 个")

    def _tell(self, told: Moved) -> None:
        if told.faults:
            named = "、".join(one[:12] for one in told.faults[:NAMED])
            raise CommandError(
                f"有 {len(told.faults)} 个内容不对，没有搬：{named}；什么也没有删。"
                "请用 junheng-web verify-files 看是哪些文件，从备份里找出来，再搬"
            )
        self.stdout.write(
            f"搬了 {told.copied} 个，本来就在的 {told.stood} 个，全部核对一致；删去原来的 {told.removed} 个"
        )
