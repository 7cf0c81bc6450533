"""`junheng-web county`: a county begins; its first administrator is the next command's, `junheng-web account`."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from junheng_web.organisation.area_services import county_add


class Command(BaseCommand):
    """Writes down a county that the platform is to serve, with the league or city and the province above it."""

    help = "建一个县（旗）；接着用 account 给它开第一个管理员"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("code", help="行政区划代码，六位，例如 150624")
        parser.add_argument("name", help="名称，例如 鄂托克旗")
        parser.add_argument("--above", nargs=2, metavar=("代码", "名称"), help="所属盟市的代码和名称")
        parser.add_argument("--province", nargs=2, metavar=("代码", "名称"), help="所属省的代码和名称")

    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        higher = {one: options[one] and tuple(options[one]) for one in ("above", "province")}
        try:
            county = county_add(code=code, name=name, **higher)
        except ValidationError as why:
            raise CommandError("；".join(why.messages)) from None
        self.stdout.write(f"已建{county}。接着开第一个管理员：junheng-web account {code} 用户名 --name 姓名")
