"""A large file goes up in parts and goes on after the server was killed; nobody sees half of it."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

import pdfs
from collected import acting
from dossiers import county
from installations import Installation, answers, free_port
from junheng_web.evidence import parts
from junheng_web.evidence.models import File
from junheng_web.evidence.parts import PART, Elsewhere, part_put, upload_begin, uploads_expire
from places import COUNTY

HERE = f"/c/{COUNTY}/files/"
SIGN_IN = """
from django.conf import settings
from django.test import Client
from junheng_web.organisation.models import Account
client = Client()
client.force_login(Account.objects.get(username="office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
print(client.cookies["sessionid"].value)
"""
PARTS_SENT = 3


@pytest.fixture
def files(settings, tmp_path) -> Path:
    settings.FILES = tmp_path / "files"
    return settings.FILES


def begin(browser, name: str, size: int, mark: str = "1") -> dict:
    sent = {"name": name, "size": size, "mark": mark}
    return browser.post(f"{HERE}uploads/begin", json.dumps(sent), content_type="application/json").json()


def put(browser, code: str, at: int, content: bytes):
    return browser.post(f"{HERE}uploads/{code}?at={at}", content, content_type="application/octet-stream")


def test_a_file_comes_in_parts_and_goes_on_where_it_was(as_, files: Path, db) -> None:
    """Chosen anew, the same file goes on; a part that does not fit says where to go on; then it is a file as others."""
    office, content = as_("office"), pdfs.pages("批复", "第二页")
    told = begin(office, "批复.pdf", len(content))
    assert put(office, told["code"], 0, content[:100]).json() == {"received": 100}
    again = begin(office, "批复.pdf", len(content))
    assert (again["code"], again["received"]) == (told["code"], 100)
    assert begin(office, "批复.pdf", len(content), "2")["code"] != told["code"]
    wrong = put(office, told["code"], 50, content[50:])
    assert (wrong.status_code, wrong.json()) == (409, {"received": 100})
    early = office.post(f"{HERE}uploads/{told['code']}/finish")
    assert (early.status_code, early.json()) == (409, {"received": 100})
    assert "批复.pdf" not in office.get(HERE).content.decode()
    assert put(office, told["code"], 100, content[100:]).json() == {"received": len(content)}
    done = office.post(f"{HERE}uploads/{told['code']}/finish?kind=indicator&code=B10").json()
    assert done["files"][0]["digest"] == hashlib.sha256(content).hexdigest() == File.objects.get().digest
    assert File.objects.get().links.get().object_code == "B10"
    assert office.get(f"{HERE}uploads/{told['code']}").status_code == 404


def test_what_is_refused_whole_is_refused_in_parts(as_, files: Path, db) -> None:
    """By its name and size before it comes, by its content after; nothing of it stays."""
    office = as_("office")
    for name, size in (("程序.exe", 5), ("批复.pdf", 0), ("批复.pdf", parts.LARGEST + 1)):
        sent = json.dumps({"name": name, "size": size})
        answer = office.post(f"{HERE}uploads/begin", sent, content_type="application/json")
        assert answer.status_code == 422
        assert answer.json()["error"]
    for nonsense in ("", "[]", '{"name": 1}'):
        answer = office.post(f"{HERE}uploads/begin", nonsense, content_type="application/json")
        assert answer.status_code == 422
    code = begin(office, "批复.pdf", 4)["code"]
    put(office, code, 0, b"MZ\x90\x00")
    answer = office.post(f"{HERE}uploads/{code}/finish")
    assert answer.status_code == 422
    assert "不是 pdf" in answer.json()["error"]
    assert [one for one in files.rglob("*") if one.is_file()] == []
    assert as_("auditor").post(f"{HERE}uploads/begin", "{}", content_type="application/json").status_code == 403
    other = begin(office, "又.pdf", 4)["code"]
    assert put(as_("clerk-03"), other, 0, b"%PDF").status_code == 404
    assert put(office, other, 0, b"%PDF-1.4").status_code == 409
    assert put(office, "0" * 24, 0, b"%PDF").status_code == 404


def test_a_zip_is_unpacked_where_that_is_asked_for(as_, files: Path, db) -> None:
    """What it holds are files; what was refused says why."""
    import hostile

    office = as_("office")
    content = hostile.zipped({"一/批复.pdf": pdfs.pages("批复"), "二/图.svg": hostile.SVG})
    code = begin(office, "包.zip", len(content))["code"]
    put(office, code, 0, content)
    told = office.post(f"{HERE}uploads/{code}/finish?unpack=1").json()
    assert [one["name"] for one in told["files"]] == ["批复.pdf"]
    assert "图.svg：不收这种文件" in told["refused"][0]
    assert File.objects.count() == 1


def test_bytes_that_were_not_safe_do_not_count(files: Path, db) -> None:
    """What a killed server had begun to write is cut off when the part comes again."""
    content = pdfs.pages("批复")
    one = upload_begin(by=acting("office"), county=county(), name="批复.pdf", size=len(content))
    part_put(one, 0, content[:50])
    with one.content.open("ab") as file:
        file.write(b"half a part")
    same = upload_begin(by=acting("office"), county=county(), name="批复.pdf", size=len(content))
    assert same.received == 50
    with pytest.raises(Elsewhere):
        part_put(same, 61, content[61:])
    part_put(same, 50, content[50:])
    assert b"".join(same.chunks()) == content


def test_what_nobody_goes_on_with_is_gone_after_some_days(files: Path, db) -> None:
    """Not before."""
    one = upload_begin(by=acting("office"), county=county(), name="批复.pdf", size=9)
    assert uploads_expire() == 0
    assert uploads_expire(timezone.now() + parts.KEPT_FOR * 1.1) == 1
    assert not one.folder.exists()


class Browser:
    """Somebody signed in at a running server, who keeps the cookie while the server comes and goes."""

    def __init__(self, session: str) -> None:
        self.session, self.port, self.csrf, self.token = session, 0, "", ""

    def at(self, port: int) -> Browser:
        self.port = port
        answer, body = self.ask("GET", HERE)
        cookie = answer.getheader("Set-Cookie") or ""
        self.csrf = re.search(r"csrftoken=(\w+)", cookie)[1]
        self.token = re.search(r'data-csrf="(\w+)"', body.decode())[1]
        return self

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[http.client.HTTPResponse, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        cookie = f"sessionid={self.session}" + (f"; csrftoken={self.csrf}" if self.csrf else "")
        line.request(method, path, body, {"Cookie": cookie, "X-CSRFToken": self.token})
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer, content

    def told(self, path: str, body: bytes = b"") -> dict:
        return json.loads(self.ask("POST", path, body)[1])

    def half(self, path: str, body: bytes) -> socket.socket:
        """Send half of a part and leave the line open."""
        line = socket.create_connection(("127.0.0.1", self.port))
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\nX-CSRFToken: {self.token}\r\n"
        )
        cookie = f"Cookie: sessionid={self.session}; csrftoken={self.csrf}\r\n\r\n"
        line.sendall((head + cookie).encode() + body[: len(body) // 2])
        return line


def large(file: Path, size: int) -> str:
    """Write a PDF of a size, and return its SHA-256."""
    total, before = hashlib.sha256(), pdfs.pages("批复")
    with file.open("wb") as out:
        for chunk in (before, *_filling(size - len(before))):
            out.write(chunk)
            total.update(chunk)
    return total.hexdigest()


def _filling(size: int) -> Iterator[bytes]:
    block = b"%" + bytes(range(1, 60)) * 17_000 + b"\n"
    while size > 0:
        yield block[:size]
        size -= len(block)


@pytest.mark.parametrize("size", [24 * 2**20, pytest.param(2**30, marks=pytest.mark.thorough)])
def test_an_upload_survives_a_killed_server(installation: Installation, tmp_path: Path, size: int) -> None:
    """Killed (-9) in the middle of a part; another server goes on with what was safe, and it is the file it was."""
    file, browser = tmp_path / "大.pdf", Browser(installation.python(SIGN_IN))
    digest = large(file, size)
    asked = json.dumps({"name": "大.pdf", "size": size, "mark": "7"}).encode()
    port = free_port()
    with installation.started("serve", "--port", str(port)) as process, file.open("rb") as content:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), installation.output()
        code = browser.at(port).told(f"{HERE}uploads/begin", asked)["code"]
        for at in range(0, PARTS_SENT * PART, PART):
            browser.told(f"{HERE}uploads/{code}?at={at}", content.read(PART))
        line = browser.half(f"{HERE}uploads/{code}?at={PARTS_SENT * PART}", content.read(PART))
        process.kill()
        process.wait(30)
        line.close()
    assert (
        installation.python(
            "from junheng_web.evidence.models import File; print(File.objects.filter(name='大.pdf').count())"
        )
        == "0"
    )
    port = free_port()
    with installation.started("serve", "--port", str(port)) as process, file.open("rb") as content:
        assert answers(f"http://127.0.0.1:{port}/healthz", process), installation.output()
        told = browser.at(port).told(f"{HERE}uploads/begin", asked)
        assert told["code"] == code
        # Of the part that was cut off, what had arrived is either safe or does not count.
        assert PARTS_SENT * PART <= told["received"] < (PARTS_SENT + 1) * PART
        content.seek(told["received"])
        at = told["received"]
        while at < size:
            at = browser.told(f"{HERE}uploads/{code}?at={at}", content.read(min(PART, size - at)))["received"]
        done = browser.told(f"{HERE}uploads/{code}/finish")
        assert done["files"][0]["digest"] == digest
        back, kept = browser.ask("GET", f"{HERE}{digest}")
        assert back.status == 200
        assert hashlib.sha256(kept).hexdigest() == digest
    assert not list((installation.data / "files" / "part-uploads").rglob("content"))
