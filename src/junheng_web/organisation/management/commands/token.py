"""`junheng-web token`: gives a program a token and prints it once, or takes tokens back."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from junheng_web.organisation.models import Account, Area, Token
from junheng_web.organisation.token_services import MOST_DAYS, token_issue, token_revoke

DAYS = 90


class Command(BaseCommand):
    """Issues a token of an account for one county; with --revoke, takes back those of the same name."""

    help = "给程序发接口令牌（只显示这一次），或用 --revoke 收回"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username", help="账号")
        parser.add_argument("county", help="县（旗）的行政区划代码")
        parser.add_argument("--name", required=True, help="用途，例如：市局数据平台")
        parser.add_argument("--days", type=int, default=DAYS, help=f"有效天数，最多 {MOST_DAYS}，默认 {DAYS}")
        parser.add_argument("--revoke", action="store_true", help="收回这个账号在本县同一用途的令牌")

    def handle(self, *args: Any, username: str, county: str, name: str, days: int, **options: Any) -> None:
        account = Account.objects.filter(username=username).first()
        area = Area.objects.filter(code=county, kind=Area.Kind.COUNTY).first()
        if account is None or area is None:
            raise CommandError(f"没有账号 {username}" if account is None else f"没有代码为 {county} 的县（旗）")
        if options["revoke"]:
            self._revoke(account, area, name)
            return
        try:
            secret = token_issue(by=None, account=account, county=area, name=name, days=days)
        except ValueError as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{secret}\n（令牌只显示这一次，{days} 天内有效；请求时写 Authorization: Bearer 令牌）")

    def _revoke(self, account: Account, county: Area, name: str) -> None:
        found = list(Token.objects.of(county).filter(account=account, name=name).select_related("account", "county"))
        if not found:
            raise CommandError(f"账号 {account.username} 在{county.name}没有用途为“{name}”的令牌")
        for token in found:
            token_revoke(token, by=None)
        self.stdout.write(f"已收回 {len(found)} 个令牌")
