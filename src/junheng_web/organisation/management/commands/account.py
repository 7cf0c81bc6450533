"""`junheng-web account`: opens a county's first administrator's account, or that of a viewer of an area above.

All others are opened on the page.
"""

from __future__ import annotations

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from junheng_web.organisation.account_services import account_open, account_reset
from junheng_web.organisation.appointing import post_hand_over_to_new
from junheng_web.organisation.area_services import viewer_add
from junheng_web.organisation.models import Account, Area, Post
from junheng_web.organisation.roles import Role
from junheng_web.organisation.selectors import holders_on
from junheng_web.organisation.staffing import post_add

DOCUMENT = "开通第一个管理员"


class Command(BaseCommand):
    """Makes whoever is named the administrator of a county that has none; with --reset, gives another password.

    Of a league, city or province: makes him one who looks at the counties below.
    """

    help = "给一个县（旗）开第一个管理员账号，给盟市、省开查看账号（密码只显示这一次）；忘了密码用 --reset"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("county", help="县（旗）、盟市或省的行政区划代码")
        parser.add_argument("username", help="用户名")
        parser.add_argument("--name", default="", help="管理员或查看人的姓名")
        parser.add_argument("--reset", action="store_true", help="重设这个账号的密码")

    def handle(self, *args: Any, county: str, username: str, name: str, reset: bool, **options: Any) -> None:
        area = Area.objects.filter(code=county).first()
        if area is None:
            raise CommandError(f"没有代码为 {county} 的县（旗）、盟市或省")
        if not reset and not name.strip():
            raise CommandError("请用 --name 写姓名")
        opened = self._opened if area.kind == Area.Kind.COUNTY else self._viewer
        try:
            password = self._reset(area, username) if reset else opened(area, username, name)
        except ValidationError as why:
            raise CommandError("；".join(why.messages)) from None
        self.stdout.write(f"用户名 {username}，初始密码 {password}\n（只显示这一次；第一次登录要改）")

    @transaction.atomic
    def _opened(self, county: Area, username: str, name: str) -> str:
        posts = list(Post.objects.filter(area=county, role=Role.ADMINISTRATOR).select_related("area"))
        held = holders_on(posts, timezone.localdate())
        if Account.objects.filter(person__in=held.values(), is_active=True).exists():
            raise CommandError(f"{county}已经有管理员；别的账号请他在“组织 > 账号”里开，他忘了密码用 --reset")
        vacant = next((one for one in posts if one.id not in held), None)
        told = {"name": "系统管理员", "role": Role.ADMINISTRATOR}
        post = vacant or post_add(by=None, county=county, **told)
        new = post_hand_over_to_new(by=None, post=post, name=name, day=timezone.localdate(), document=DOCUMENT)
        return account_open(by=None, person=new.person, username=username)

    def _viewer(self, area: Area, username: str, name: str) -> str:
        return viewer_add(area=area, name=name, username=username)

    def _reset(self, area: Area, username: str) -> str:
        role = Role.ADMINISTRATOR if area.kind == Area.Kind.COUNTY else Role.AREA_VIEWER
        held = {"person__appointments__post__area": area, "person__appointments__post__role": role}
        account = Account.objects.filter(username=username, **held).distinct().first()
        if account is None:
            raise CommandError(f"{area}没有叫 {username} 的{role.label}账号")
        return account_reset(by=None, account=account)
