"""A real server with the demonstration in a data folder of its own, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from looking import Site, faults_of
from once import once

ROOT = Path(__file__).parents[2]
# Every wait ends: a command, the server's start, a click, a page.
COMMAND_SECONDS, START_SECONDS = 300, 120
CLICK_MS, PAGE_MS = 10_000, 20_000
WIDE = {"width": 1440, "height": 900}
expect.set_options(timeout=CLICK_MS)
# The office's director is also the administrator, so that somebody has two posts.
SECOND_POST = """
from junheng_web.organisation.models import Appointment, Account, Post
person = Account.objects.get(username="office").person
Appointment.objects.create(person=person, post=Post.objects.get(code="administrator"), start="2025-03-01")
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a data folder with the demonstration, which nobody serves, and the password of its accounts."""
    return once(tmp_path_factory, "made", _made)


def _made(folder: Path) -> str:
    folder.mkdir()
    environment = _environment(folder)
    _manage(environment, "migrate", "--verbosity=0")
    told = _manage(environment, "demo", "examples")
    _manage(environment, "shell", "--verbosity=0", "-c", SECOND_POST)
    _manage(environment, "collectstatic", "--noinput", "--verbosity=0")
    return re.search(r"demo-[0-9a-f]+", told)[0]


@pytest.fixture(scope="module")
def site(made_once: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, served as `junheng-web serve` does; what one module does in it, no other module meets."""
    made, password = made_once
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(made, folder, dirs_exist_ok=True)
    environment, address = _environment(folder), f"127.0.0.1:{_free_port()}"
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(_serving(address), env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for(f"http://{address}/healthz", server, folder / "server.log")
        yield Site(f"http://{address}", password, partial(_manage, environment, "shell", "--verbosity=0", "-c"))
    finally:
        _stop(server)


@pytest.fixture(scope="module")
def county(site: Site) -> Callable[[str], dict[str, Any]]:
    """Return a made county by how it is filled (full, empty, longest): what its pages are about, and who opens them."""
    return cache(lambda filled: site.made(filled, site.password))


def _environment(folder: Path) -> dict[str, str]:
    own = {"JUNHENG_DATA": str(folder), "JUNHENG_DEMONSTRATION": "1", "JUNHENG_LOG": "WARNING"}
    own |= {"PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "junheng_web.config.settings"}
    left = ("JUNHENG_DATABASE", "PYTHONDONTWRITEBYTECODE")
    return {name: text for name, text in os.environ.items() if name not in left} | own


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "junheng_web.config.manage", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _serving(address: str) -> list[str]:
    host, port = address.split(":")
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port),
        *("--no-ws", "--log-level", "warning", "junheng_web.config.wsgi:application"),
    ]


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own address)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that Debian packages. Without it the test is skipped, which CI refuses."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed (Debian: chromium fonts-noto-cjk)")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for a module's tests; it ends with them, for while it runs, this thread has an event loop."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"], timeout=START_SECONDS * 1000
        )
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser's window of its own, with no session yet."""
    made = browser.new_context(
        base_url=site.address, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    made.set_default_timeout(CLICK_MS)
    made.set_default_navigation_timeout(PAGE_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page; a script that fails or is refused by the content security policy fails the test."""
    made = context.new_page()
    faults = faults_of(made)
    yield made
    assert faults == []


@pytest.fixture
def office(page: Page, site: Site) -> Page:
    """A page in which the office's director is signed in."""
    site.sign_in(page, "office")
    return page


@pytest.fixture
def someone(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Return a window in which somebody is signed in; scripts that fail fail the test."""
    opened: list[tuple[Page, list[str]]] = []

    def signed_in(username: str, viewport: dict[str, int] | None = None) -> Page:
        told = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        page = browser.new_context(base_url=site.address, viewport=viewport or WIDE, **told).new_page()
        opened.append((page, faults_of(page)))
        site.sign_in(page, username)
        page.wait_for_url("**/c/150699/**")
        return page

    yield signed_in
    for page, _ in opened:
        page.context.close()
    # That a line was down is no fault of a script's.
    assert [fault for _, faults in opened for fault in faults if "Failed to fetch" not in fault] == []
