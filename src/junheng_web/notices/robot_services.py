"""Writes about robots: a robot is set up, a text is put on its way, and what is on its way is delivered."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib import request
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from junheng_web.notices.quiet import is_quiet
from junheng_web.notices.robots import TRIES, Robot, Sending
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

# A text message of 企业微信 holds 2048 bytes; what is longer goes in several.
MOST_BYTES, SECONDS, ANSWER_BYTES = 2000, 10, 4096
Status = Sending.Status


class NotSent(Exception):
    """A robot did not take a text; the message says what it answered."""


@transaction.atomic
def robot_set(
    *,
    by: Scope | None,
    county: Area,
    kind: str,
    name: str,
    url: str,
    secret: str,
    used: bool,
    robot: Robot | None = None,
) -> Robot:
    """Set a robot up, or change it; an empty secret keeps the one that is there. Raises ValidationError."""
    check_address(url)
    if Robot.objects.of(county).filter(name=name.strip()).exclude(id=robot.id if robot else None).exists():
        raise ValidationError(f"已经有一个叫“{name.strip()}”的工作群；请直接改那一条")
    robot = robot or Robot(county=county)
    robot.kind, robot.name, robot.url, robot.used = kind, name.strip(), url.strip(), used
    robot.secret = secret.strip() or robot.secret
    robot.save()
    audit.record("robot.set", by=by, county=county, of=("robot", str(robot.id)), name=robot.name, used=used)
    return robot


def check_address(url: str) -> None:
    """Raise ValidationError unless an address is one of those to which this installation may send."""
    parts = urlsplit(url.strip())
    if f"{parts.scheme}://{parts.netloc}" not in settings.ROBOTS:
        raise ValidationError(f"机器人地址应当以 {' 或 '.join(settings.ROBOTS)} 开头；请从工作群的机器人设置里复制")


@transaction.atomic
def robots_say(*, by: Scope | None, county: Area, key: str, text: str) -> int:
    """Put a text on its way to the county's work groups, and return to how many: what a key says is said once."""
    robots = list(Robot.objects.of(county).filter(used=True))
    known = set(Sending.objects.of(county).filter(key=key).values_list("robot", flat=True))
    new = [Sending(county=county, robot=one, key=key, text=text) for one in robots if one.id not in known]
    Sending.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        audit.record("robots.say", by=by, county=county, of=("sending", key[:80]), text=text[:300], to=len(new))
    return len(new)


def deliver(now: dt.datetime) -> int:
    """Deliver what is on its way, and return how many arrived; in the quiet hours of a local time nothing is sent."""
    if is_quiet(now):
        return 0
    waiting = Sending.objects.filter(status=Status.WAITING, robot__used=True).select_related("robot", "county")
    return sum(_deliver(one) for one in waiting.order_by("id")[:100])


def _deliver(one: Sending) -> bool:
    """Try once; the attempt is written down before, so that what kills us is not tried for ever."""
    Sending.objects.filter(id=one.id).update(attempts=F("attempts") + 1)
    try:
        for part in parts_of(one.text):
            _post(one.robot, part)
    except (OSError, ValueError, NotSent) as why:
        failed = one.attempts + 1 >= TRIES
        status = Status.FAILED if failed else Status.WAITING
        Sending.objects.filter(id=one.id).update(error=str(why)[:300], status=status)
        return False
    Sending.objects.filter(id=one.id).update(error="", status=Status.SENT, sent_at=timezone.now())
    return True


def parts_of(text: str) -> Iterator[str]:
    """Yield a text in parts that a message holds, cut between lines where that is possible."""
    held = ""
    for line in text.split("\n"):
        for piece in _pieces(line):
            longer = f"{held}\n{piece}" if held else piece
            if len(longer.encode()) > MOST_BYTES:
                yield held
                longer = piece
            held = longer
    if held:
        yield held


def _pieces(line: str) -> Iterator[str]:
    step = MOST_BYTES // 4
    yield from (line[at : at + step] for at in range(0, max(len(line), 1), step))


def _post(robot: Robot, text: str) -> None:
    """Send one message. Raises OSError, ValueError for an answer that is none, NotSent with the robot's own words."""
    check_address(robot.url)
    body = json.dumps({"msgtype": "text", "text": {"content": text}}).encode()
    asked = request.Request(address(robot, time.time()), body, {"Content-Type": "application/json"})  # noqa: S310
    with request.build_opener(_NoRedirect).open(asked, timeout=SECONDS) as answer:
        told = json.loads(answer.read(ANSWER_BYTES))
    if told.get("errcode") != 0:
        raise NotSent(f"{robot.get_kind_display()}答复：{told.get('errcode')} {told.get('errmsg', '')}")


def address(robot: Robot, now: float) -> str:
    """Return where a robot is spoken to: 钉钉's with a secret is signed, over the time in milliseconds."""
    if robot.kind != Robot.Kind.DINGTALK or not robot.secret:
        return robot.url
    stamp = round(now * 1000)
    code = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256).digest()
    return f"{robot.url}&timestamp={stamp}&sign={quote_plus(base64.b64encode(code))}"


class _NoRedirect(request.HTTPRedirectHandler):
    """What leads elsewhere is not followed: only the addresses that were allowed are spoken to."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        return None
