"""`junheng-web openapi`: writes the document of the API that is kept beside the code."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.http import HttpRequest
from django.urls import resolve, reverse


class Command(BaseCommand):
    """Writes what /api/schema.json answers, so that a change of the API is seen in its review."""

    help = "把接口说明（OpenAPI）写到文件：改了接口之后用"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="src/junheng_web/config/openapi.json")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        answer = resolve(reverse("api_schema")).func(HttpRequest())
        file.write_bytes(answer.content)
        self.stdout.write(f"已写 {file}")
