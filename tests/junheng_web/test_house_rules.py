"""Rules of the house that a machine can check."""

from __future__ import annotations

import os
import stat
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from junheng_web.config.databases import database
from junheng_web.config.places import secret_key
from junheng_web.organisation.middleware import GONE_ON


def test_every_change_of_a_model_has_its_migration(db) -> None:
    """`makemigrations` would make none."""
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    """Two installations have different ones."""
    key = secret_key(tmp_path / "one")
    assert secret_key(tmp_path / "one") == key != secret_key(tmp_path / "two")
    assert stat.S_IMODE((tmp_path / "one" / "secret.key").stat().st_mode) == 0o600


def test_an_address_chooses_the_database(tmp_path: Path) -> None:
    """None means SQLite in the data folder; another kind is refused with what to write."""
    assert database("", tmp_path)["NAME"] == tmp_path / "junheng.sqlite3"
    known = database("postgresql://county:p%40ss@db:5433/junheng", tmp_path)
    assert (known["USER"], known["PASSWORD"], known["HOST"], known["PORT"]) == ("county", "p@ss", "db", "5433")
    with pytest.raises(ValueError, match="postgresql://"):
        database("mysql://x/y", tmp_path)


def test_pages_let_nothing_foreign_run(as_) -> None:
    """Every answer carries the policy and a request id; none may be framed."""
    headers = as_("office").get("/healthz").headers
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"].split("style-src-attr")[0]
    assert headers["X-Frame-Options"] == "DENY"
    assert len(headers["X-Request-Id"]) == 12


def test_passwords_are_hashed_with_argon2() -> None:
    """As the settings have it; tests themselves use a quick one."""
    import importlib

    told = importlib.import_module("junheng_web.config.settings")
    assert told.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_half_an_hour_without_a_click_ends_a_session(as_) -> None:
    """A click lets it go on, which is written once a minute at most: a form that is typed in asks every moment."""
    office = as_("office")
    office.get("/help/")
    session = Session.objects.get(session_key=office.session.session_key)
    assert timedelta(minutes=29) < session.expire_date - timezone.now() <= timedelta(minutes=30)

    assert _writes(office) == 0
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    long_ago = office.session
    long_ago[GONE_ON] = int(time.time()) - 61
    long_ago.save()
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    assert _writes(office) == 1
    assert Session.objects.get(pk=session.pk).expire_date - timezone.now() > timedelta(minutes=29)

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert office.get("/help/").status_code == 302


def _writes(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/help/start/").status_code == 200
    return sum("UPDATE" in one["sql"] and "django_session" in one["sql"] for one in asked.captured_queries)


def test_five_wrong_passwords_lock_the_account(client, db) -> None:
    """Then the right one is refused as well, with what to do."""
    for _ in range(5):
        answer = client.post("/sign-in", {"username": "office", "password": "wrong"})
    assert answer.status_code == 429
    refused = client.post("/sign-in", {"username": "office", "password": "demo"})
    assert refused.status_code == 429
    assert "半小时" in refused.content.decode()


def test_no_two_processes_of_the_tests_share_their_files() -> None:
    """What one of them clears away is not what another has just written."""
    assert Path(os.environ["JUNHENG_DATA"]) / "files" == Path(settings.FILES)
