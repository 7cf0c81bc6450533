"""An installation that people work in: what a demonstration may do, it may not."""

from __future__ import annotations

import dataclasses

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from installations import Installation, free_port
from places import EXAMPLES

IN_PRODUCTION = {"JUNHENG_HTTPS": "1", "JUNHENG_HOSTS": "junheng.example.org", "JUNHENG_DEMONSTRATION": ""}
PRINTED = {"username": "office", "password": "demo"}


@pytest.mark.xdist_group("installations")
def test_the_check_of_a_deployment_finds_nothing(installation: Installation, monkeypatch) -> None:
    """Behind HTTPS, with every warning of Django's."""
    production = dataclasses.replace(installation, demonstration=False)
    for name, value in IN_PRODUCTION.items():
        monkeypatch.setenv(name, value)
    told = production.done("check", "--deploy", "--fail-level", "WARNING")
    assert "no issues" in told


@pytest.mark.xdist_group("installations")
def test_it_does_not_start_with_accounts_of_a_demonstration(installation: Installation) -> None:
    """Their password was printed: it says which, and what to do."""
    production = dataclasses.replace(installation, demonstration=False)
    ended = production.run("serve", "--port", str(free_port()))
    assert ended.returncode == 1
    assert "administrator" in ended.stderr
    assert "JUNHENG_DEMONSTRATION=1" in ended.stderr
    assert "JUNHENG_DATA" in ended.stderr


def test_it_does_not_load_a_demonstration(settings, db) -> None:
    """Nor is a single password printed."""
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="这里不是演示环境"):
        call_command("demo", str(EXAMPLES))


def test_an_account_of_a_demonstration_does_not_sign_in(settings, as_, rf) -> None:
    """Neither with its password nor with a session that it had."""
    browser = as_("office")
    assert browser.get("/", follow=True).status_code == 200
    assert authenticate(rf.post("/sign-in"), **PRINTED) is not None
    settings.DEMONSTRATION = False
    assert authenticate(rf.post("/sign-in"), **PRINTED) is None
    assert browser.get("/")["Location"].startswith("/sign-in")
