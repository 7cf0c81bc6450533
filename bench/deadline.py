"""Deadline day: a thousand schools hand in over fifty connections, on SQLite and on PostgreSQL.

python bench/deadline.py [--schools 1000] [--connections 50] [--write]

A real server on 127.0.0.1 (`junheng-web serve`), an invented county. Every school opens its form, then every school
saves twenty cells in one request, then every school hands in; the schools are shared out among the connections, and
each of the three is timed by itself. Afterwards every cell must hold what was sent, as a serial run of the same has
it: no update lost, no request refused. The seconds depend on the machine; that nothing is lost does not.
--write writes docs/quality/deadline.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from statistics import median
from typing import Any

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.append(str(ROOT / "tools"))

from revision import revision, today  # noqa: E402 (the tools had to be found first)

CELLS, PATIENCE_S = 20, 900
TOKEN = re.compile(r'data-csrf="([^"]+)"')
SEQUENCE = re.compile(r'data-sequence="(\d+)"')
# What is a part of another column: with one less of it, it still is.
PARTS = ("above_required", "backbone", "pe_arts", "in_zone", "certified", "trained", "graduates")
PREPARED = """
import datetime as dt, json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from junheng import api as jh
from junheng_web.collection.exchange.importing import changes_of
from junheng_web.collection.ledger.saving import cells_save
from junheng_web.collection.ledger.services import period_open
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post, School
facts = jh.load({facts!r})
(code, name), = facts.counties.items()
county = Area.objects.create(code=code, name=name, kind=Area.Kind.COUNTY, invented=True)
rows = facts.tables["schools"].to_pylist()
School.objects.bulk_create(
    School(county=county, code=row["school_code"], name=row["school_name"], school_type=row["school_type"])
    for row in rows
)
period = period_open(by=None, county=county, counting_date=dt.date(2025, 9, 1), standard="national-2017")
for ledger in period.ledgers.select_related("county", "period"):
    cells_save(by=None, ledger=ledger, changes=list(changes_of(ledger, facts, [])))
person = Person.objects.create(county=county, name="测速")
post = Post.objects.create(area=county, code="office", name="测速", role="office")
Appointment.objects.create(post=post, person=person, start=dt.date(2020, 1, 1))
account = Account.objects.create_user("bench", person=person)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(account.pk), account.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "junheng_web.organisation.backends.AccountBackend"
session.create()
print(json.dumps({{"county": code, "session": session.session_key, "schools": [row["school_code"] for row in rows]}}))
"""
COMPARED = """
import json
from django.utils import timezone
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.gathering import unfolded
from junheng_web.collection.models import Ledger, Step, Submission, Write
from junheng_web.collection.ledger.subjects import subject
from junheng_web.organisation.models import Account
from junheng_web.organisation.scopes import scope_of
office = scope_of(Account.objects.get(username="bench"), timezone.localdate())
sent = json.load(open({sent!r}))
ledgers = {{one.basis: one for one in Ledger.objects.select_related("county", "period")}}
for code, cells in sent.items():
    texts = [(tuple(cell["key"]), cell["text"], None) for cell in cells]
    form_save(by=office, one=subject(ledgers["census"], "school", code), texts=texts)
print(json.dumps({{
    "equal": unfolded(ledgers["current"]).tables == unfolded(ledgers["census"]).tables,
    "writes": Write.objects.filter(ledger=ledgers["current"]).count() - 1,
    "in_order": ledgers["current"].sequence == Write.objects.filter(ledger=ledgers["current"]).count(),
    "submitted": Submission.objects.filter(status="submitted").count(),
    "steps": Step.objects.filter(deed="submit").count(),
}}))
"""


Known = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A school's form as one browser holds it: where it is, who asks, what had been written by then, what is sent."""

    address: str
    headers: dict[str, str]
    since: int
    cells: list[dict[str, object]]


def main() -> None:
    """Run it on both databases."""
    options = _options()
    if options.database:
        print(json.dumps(_day(options.schools, options.connections)))
        return
    found = {}
    for name, before in (("SQLite", []), ("PostgreSQL", [sys.executable, str(ROOT / "tools" / "postgres.py")])):
        own = [sys.executable, __file__, "--database", "--schools", str(options.schools)]
        command = [*before, *own, "--connections", str(options.connections)]
        ended = subprocess.run(command, check=True, capture_output=True, text=True, timeout=3 * PATIENCE_S)
        found[name] = json.loads(ended.stdout.splitlines()[-1])
        print(name, found[name], flush=True)
    table = "\n".join(_table(found, options))
    print(table)
    if options.write:
        heading = f"# Deadline day\n\n{today()}, commit {revision()}. Made by `python bench/deadline.py --write`."
        (ROOT / "docs" / "quality" / "deadline.md").write_text(f"{heading}\n\n{table}\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--write", action="store_true", help="also write docs/quality/deadline.md")
    parser.add_argument("--database", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _day(schools: int, connections: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="junheng-deadline-") as place:
        folder = Path(place)
        made = ["--schools", str(schools), "--counties", "1"]
        subprocess.run([sys.executable, str(BENCH / "counties.py"), str(folder / "facts"), *made], check=True)
        environment = {**os.environ, "JUNHENG_DATA": str(folder / "data"), "JUNHENG_LOG": "ERROR"}
        _manage(environment, "migrate", "--verbosity=0")
        known = json.loads(_shell(environment, PREPARED.format(facts=str(folder / "facts"))))
        port = _free_port()
        processes = "2" if os.environ.get("JUNHENG_DATABASE") else "1"
        serving = [*_junheng("serve"), "--port", str(port), "--processes", processes]
        before = _processor_seconds()
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(serving, env=environment, stdout=log, stderr=log)
        try:
            _wait(port, server)
            sent, told = _handed_in(port, known, connections)
        finally:
            server.terminate()
            server.wait(30)
        told["processor"] = _processor_seconds() - before
        (folder / "sent.json").write_text(json.dumps(sent), encoding="utf-8")
        compared = json.loads(_shell(environment, COMPARED.format(sent=str(folder / "sent.json"))))
        return {**told, **compared, "processes": int(processes)}


def _processor_seconds() -> float:
    """Return what the processes used that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _handed_in(port: int, known: Known, connections: int) -> tuple[dict[str, object], dict[str, object]]:
    """Let every school open its form, then save, then hand in; return what was sent, and how it went."""
    times: dict[str, list[float]] = {"opened": [], "saved": [], "submitted": []}
    forms: dict[str, Form] = {}
    sent: dict[str, object] = {}
    errors: list[str] = []

    def opens(line: http.client.HTTPConnection, code: str) -> None:
        forms[code] = _open(line, known, code, times)

    def saves(line: http.client.HTTPConnection, code: str) -> None:
        sent[code] = _save(line, forms[code], times)

    def hands_in(line: http.client.HTTPConnection, code: str) -> None:
        _hand_in(line, forms[code], times)

    opening = _each(opens, port, known["schools"], connections, errors)
    saving = _each(saves, port, list(forms), connections, errors)
    handing = _each(hands_in, port, list(sent), connections, errors)
    seconds = {"opening": opening, "saving": saving, "handing": handing}
    told = {"schools": len(sent), **seconds, "errors": errors[:5], "failed": len(errors)}
    medians = {f"{name}_ms": median(each) for name, each in times.items()}
    slowest = {f"{name}_p95_ms": sorted(each)[int(len(each) * 0.95)] for name, each in times.items()}
    return sent, told | medians | slowest


def _each(
    deed: Callable[[http.client.HTTPConnection, str], None],
    port: int,
    schools: list[str],
    connections: int,
    errors: list[str],
) -> float:
    """Do something for each school, the schools shared out among the connections; return the seconds it took."""
    waiting: Queue[str] = Queue()
    for code in schools:
        waiting.put(code)
    start = time.perf_counter()
    workers = [
        threading.Thread(target=_connection, args=(deed, port, waiting, errors), daemon=True)
        for _ in range(connections)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join(PATIENCE_S)
    return time.perf_counter() - start


def _connection(
    deed: Callable[[http.client.HTTPConnection, str], None], port: int, waiting: Queue[str], errors: list[str]
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    while True:
        try:
            code = waiting.get_nowait()
        except Empty:
            return
        try:
            deed(line, code)
        except Exception as error:
            errors.append(f"{code}: {error}")
            line.close()


def _open(line: http.client.HTTPConnection, known: Known, code: str, times: dict[str, list[float]]) -> Form:
    """Open a school's form."""
    address = f"/c/{known['county']}/collection/2025/current/school/{code}/"
    cookie = f"sessionid={known['session']}"
    page, more = _asked(line, "GET", address, None, {"Cookie": cookie}, times["opened"], 200)
    cookie = "; ".join([cookie, *(one.split(";")[0] for one in more if one.startswith("csrftoken="))])
    headers = {"Cookie": cookie, "X-CSRFToken": TOKEN.search(page)[1]}
    return Form(address, headers, int(SEQUENCE.search(page)[1]), _cells(page, code))


def _save(line: http.client.HTTPConnection, form: Form, times: dict[str, list[float]]) -> list[dict[str, object]]:
    """Save twenty of a form's cells; return what was sent."""
    body = json.dumps({"since": form.since, "cells": form.cells})
    headers = {**form.headers, "Content-Type": "application/json"}
    answer = json.loads(_asked(line, "POST", f"{form.address}save", body, headers, times["saved"], 200)[0])
    if answer["problems"] or answer["conflicts"]:
        raise ValueError(f"not saved: {answer['problems']} {answer['conflicts']}")
    return form.cells


def _hand_in(line: http.client.HTTPConnection, form: Form, times: dict[str, list[float]]) -> None:
    headers = {**form.headers, "Content-Type": "application/x-www-form-urlencoded"}
    _asked(line, "POST", f"{form.address}step/submit", "note=", headers, times["submitted"], 302)


def _cells(page: str, code: str) -> list[dict[str, object]]:
    """Return the school's first cells that hold whole numbers: one more of each whole, one less of each part."""
    found = re.findall(r'value="(\d+)" data-key="([^"]+)" data-revision="(\d+)"', page)
    keys = [(json.loads(key.replace("&quot;", '"')), int(text), int(revision)) for text, key, revision in found]
    own = [one for one in keys if one[0][1] == code][:CELLS]
    return [{"key": key, "text": str(_another(key[2], text)), "revision": revision} for key, text, revision in own]


def _another(column: str, held: int) -> int:
    return max(0, held - 1) if any(part in column for part in PARTS) else held + 1


def _asked(
    line: http.client.HTTPConnection,
    method: str,
    url: str,
    body: str | None,
    headers: dict[str, str],
    times: list[float],
    wanted: int,
) -> tuple[str, list[str]]:
    start = time.perf_counter()
    line.request(method, url, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    times.append((time.perf_counter() - start) * 1000)
    if answer.status != wanted:
        raise ValueError(f"{method} {url}: {answer.status} {text[:200]}")
    return text, answer.headers.get_all("Set-Cookie") or []


def _junheng(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "junheng_web.config.manage", *arguments]


def _manage(environment: dict[str, str], *arguments: str) -> str:
    ended = subprocess.run(_junheng(*arguments), env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(ended.stderr)
    return ended.stdout


def _shell(environment: dict[str, str], code: str) -> str:
    return _manage(environment, "shell", "--verbosity=0", "-c", code).splitlines()[-1]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        if server.poll() is not None:
            break
    raise SystemExit("the server did not start")


def _table(found: dict[str, dict[str, object]], options: argparse.Namespace) -> Iterator[str]:
    yield f"{options.schools} schools, {options.connections} connections, one machine for server, database and senders."
    yield from ("", "| | " + " | ".join(found) + " |", f"| --- |{' ---: |' * len(found)}")
    rows = {
        "schools that handed in": "schools",
        "requests that failed": "failed",
        "cells equal to a serial run": "equal",
        "writes": "writes",
        "numbers without gaps": "in_order",
        "forms handed in": "submitted",
        "processes of the server": "processes",
    }
    for label, name in rows.items():
        yield f"| {label} | {' | '.join(str(one[name]) for one in found.values())} |"
    for name, label in (
        ("opening", "seconds for all to open their forms"),
        ("saving", "seconds for all to save"),
        ("handing", "seconds for all to hand in"),
        ("processor", "processor seconds of the server for all three"),
    ):
        yield f"| {label} | {' | '.join(format(one[name], '.0f') for one in found.values())} |"
    for name, label in (("opened", "form opened"), ("saved", "20 cells saved"), ("submitted", "checked and handed in")):
        told = (f"{one[f'{name}_ms']:.0f} / {one[f'{name}_p95_ms']:.0f}" for one in found.values())
        yield f"| {label}, median / p95 ms | {' | '.join(told)} |"


if __name__ == "__main__":
    main()
