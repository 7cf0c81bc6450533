"""Robots of work groups, against a real server on this machine: what arrives, how it is signed, what is tried again."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from junheng_web.notices.models import Robot, Sending
from junheng_web.notices.robot_services import address, deliver, parts_of, robot_set, robots_say
from places import COUNTY
from supervised import county, days, moved, working

pytestmark = pytest.mark.django_db
MORNING, NIGHT = dt.datetime(2026, 5, 20, 9), dt.datetime(2026, 5, 20, 23)  # noqa: DTZ001 (local time, as it is given)
SECRET = "SEC0123456789"  # noqa: S105 (of nobody)


class Group:
    """A work group's server: keeps what it was sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Any]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        group = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                group.got.append((self.path, body))
                status, answer = group.answers.pop(0) if group.answers else (200, {"errcode": 0, "errmsg": "ok"})
                told = json.dumps(answer).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"{group.url}/elsewhere")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def group(settings) -> Iterator[Group]:
    """A work group's server, to which this installation may send."""
    one = Group()
    settings.ROBOTS = [one.url]
    thread = threading.Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()


def robot(group: Group, kind: str = "wecom", **more: Any) -> Robot:
    """Set a robot up."""
    told = {
        "kind": kind,
        "name": "创建工作群",
        "url": f"{group.url}/robot/send?access_token=1",
        "secret": "",
        "used": True,
    }
    return robot_set(by=acting("office"), county=county(), **{**told, **more})


def say(text: str, key: str = "one") -> int:
    """Put a text on its way."""
    return robots_say(by=acting("office"), county=county(), key=key, text=text)


def test_a_text_arrives_once(group: Group) -> None:
    """However often it is said, and however often what waits is delivered."""
    robot(group)
    assert (say("请抓紧"), say("请抓紧")) == (1, 0)
    assert (deliver(MORNING), deliver(MORNING)) == (1, 0)
    sent = {"msgtype": "text", "text": {"content": "请抓紧"}}
    assert group.got == [("/robot/send?access_token=1", sent)]
    assert Sending.objects.get().status == Sending.Status.SENT


def test_dingtalk_is_signed_as_it_asks(group: Group) -> None:
    """HMAC-SHA256 of "time in milliseconds, newline, secret" under the secret, in Base64, in the address."""
    robot(group, "dingtalk", secret=SECRET)
    say("请抓紧")
    deliver(MORNING)
    asked = parse_qs(urlsplit(group.got[0][0]).query)
    code = hmac.new(SECRET.encode(), f"{asked['timestamp'][0]}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert base64.b64decode(asked["sign"][0]) == code
    assert asked["access_token"] == ["1"]
    one = Robot(kind="dingtalk", url="https://x/?access_token=1", secret="SEC")  # noqa: S106
    # Worked out with openssl: printf '1500\nSEC' | openssl dgst -sha256 -hmac SEC -binary | base64
    assert (
        address(one, 1.5)
        == "https://x/?access_token=1&timestamp=1500&sign=H3%2FpzUXkl97Ro4KQOpC3TnzZ7Wqp8qgCSawiqbIqVVc%3D"
    )


def test_an_empty_secret_keeps_the_one_that_is_there(group: Group) -> None:
    """Nobody has to type it again to change a name."""
    one = robot(group, "dingtalk", secret=SECRET)
    assert robot(group, "dingtalk", robot=one, name="新的群").secret == SECRET


def test_what_the_group_refuses_is_tried_again_and_said(group: Group) -> None:
    """Five times, then it has failed, with the group's own words; a server that is gone is told as well."""
    robot(group)
    say("请抓紧")
    group.answers += [(200, {"errcode": 45009, "errmsg": "api freq out of limit"})] * 4 + [(500, {})]
    for _ in range(4):
        assert deliver(MORNING) == 0
        assert Sending.objects.get().status == Sending.Status.WAITING
    assert Sending.objects.get().error == "企业微信答复：45009 api freq out of limit"
    assert deliver(MORNING) == 0
    assert Sending.objects.get().status == Sending.Status.FAILED
    assert deliver(MORNING) == 0
    assert len(group.got) == 5


def test_nothing_is_followed_elsewhere(group: Group) -> None:
    """A redirection is a refusal."""
    robot(group)
    say("请抓紧")
    group.answers += [(302, {})]
    assert deliver(MORNING) == 0
    assert [path for path, _ in group.got] == ["/robot/send?access_token=1"]


def test_the_night_is_quiet_and_what_is_not_used_says_nothing(group: Group) -> None:
    """What was said at night goes out in the morning."""
    one = robot(group)
    say("夜里的话")
    assert (deliver(NIGHT), group.got) == (0, [])
    assert deliver(MORNING) == 1
    robot(group, robot=one, used=False)
    assert say("停用以后", key="two") == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "https://example.org/x", "file:///etc/passwd", "x"])
def test_only_allowed_addresses_are_spoken_to(group: Group, url: str) -> None:
    """No robot is a way into the inner network."""
    with pytest.raises(ValidationError, match="机器人地址应当以"):
        robot(group, url=url)


def test_a_long_text_goes_in_parts_and_loses_nothing() -> None:
    """Cut between lines; a line that is too long is cut within."""
    text = "\n".join([*(f"第{at}行" * 20 for at in range(60)), "长" * 3000])
    parts = list(parts_of(text))
    assert max(len(one.encode()) for one in parts) <= 2000
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")
    assert list(parts_of("短")) == ["短"]


def test_the_office_sends_the_list_of_who_is_late(group: Group, as_) -> None:
    """By a button, in the words of the box; the same words go once a day; nobody else may."""
    robot(group)
    moved(working(title="晚了的事"), due=days(-2))
    page = f"/c/{COUNTY}/tasks/late/"
    assert "发到工作群" in as_("office").get(page).content.decode()
    for _ in range(2):
        as_("office").post(f"{page}send", {"text": "改过的话"})
    deliver(MORNING)
    assert [body["text"]["content"] for _, body in group.got] == ["改过的话"]
    assert as_("leader").post(f"{page}send", {"text": "不该"}).status_code == 403


def test_a_robot_is_set_up_on_its_page(group: Group, as_) -> None:
    """What is wrong comes back as it was typed; the secret is never shown."""
    page, told = (
        f"/c/{COUNTY}/notices/robots/",
        {"kind": "dingtalk", "name": "联络员群", "secret": SECRET, "used": "on"},
    )
    wrong = as_("office").post(page, told | {"url": "https://example.org/"})
    assert wrong.status_code == 422
    assert 'value="联络员群"' in wrong.content.decode()
    assert as_("office").post(page, told | {"url": f"{group.url}/robot"}).status_code == 302
    one = Robot.objects.get(name="联络员群")
    shown = as_("office").get(f"{page}?robot={one.id}").content.decode()
    assert "联络员群" in shown
    assert SECRET not in shown
