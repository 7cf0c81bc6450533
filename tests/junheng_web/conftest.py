"""The platform in a data folder of its own, with the fictional county and an account of each role."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

DATA = tempfile.mkdtemp(prefix="junheng-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ.update(JUNHENG_DATA=DATA, JUNHENG_DEMONSTRATION="1", DJANGO_SETTINGS_MODULE="junheng_web.config.settings")

import django  # noqa: E402 (the settings are read as soon as they are known where to be found)

django.setup()

from django.conf import settings as loaded  # noqa: E402

# A worker of pytest's is born with the environment of the process that started it, and reads the settings before this
# file: without a folder of its own it would share the files of the others, and their tests would take them away.
loaded.DATA_FOLDER, loaded.FILES = Path(DATA), Path(DATA) / "files"
loaded.PASSWORD_HASHERS = ["hashing.QuickArgon2"]

import pytest  # noqa: E402
from django.test import Client  # noqa: E402

from once import Begun, alone, once, shared_folder  # noqa: E402
from places import EXAMPLES  # noqa: E402

BACKEND = "junheng_web.organisation.backends.AccountBackend"


@pytest.fixture(autouse=True)
def _plain_static(settings) -> None:
    """Pages are made without collected files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory) -> Iterator[Begun]:
    """One worker of a run migrates and loads, while the others wait for their copy."""
    with contextlib.ExitStack() as held:
        shared = shared_folder(tmp_path_factory)
        held.enter_context(alone(shared, "begun"))
        begun = Begun(shared / "begun", held.close)
        begun.lay_out()
        yield begun


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_modify_db_settings, django_db_blocker) -> None:
    """Load the demonstration once; every test is rolled back to it."""
    from junheng_web.home import demonstration

    with django_db_blocker.unblock():
        django_db_modify_db_settings.fill(lambda: demonstration.load(EXAMPLES, "demo"))


@pytest.fixture
def as_(db) -> Callable[[str], Client]:
    """Return a browser in which somebody is signed in: `as_("office").get("/")`."""

    def signed_in(username: str) -> Client:
        from junheng_web.organisation.models import Account

        client = Client()
        client.force_login(Account.objects.get(username=username), backend=BACKEND)
        return client

    return signed_in


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """An installation with the demonstration, never to be changed: tests take a copy."""
    import installations

    base = os.environ.get("JUNHENG_DATABASE", "")
    data, postgres = once(tmp_path_factory, "model", lambda data: installations.loaded(data, base).postgres)
    return installations.Installation(data, postgres)


@pytest.fixture
def installation(demonstration, tmp_path):
    """An installation of the test's own, with the demonstration."""
    import installations

    return installations.copied(demonstration, tmp_path / "data")
