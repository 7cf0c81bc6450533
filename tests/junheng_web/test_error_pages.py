"""What goes wrong is told on a page of our own, whatever else is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory

from junheng_web.common import errors

MANIFEST = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}


def told(answer: HttpResponse, status: int) -> None:
    """Check that an answer is the page of a status, and tells the id that its header carries."""
    page = answer.content.decode()
    what, _, remedy = errors.TOLD[status]
    assert answer.status_code == status
    assert what in page
    assert remedy in page
    assert answer["X-Request-Id"] in page
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize("status", sorted(errors.TOLD))
def test_every_status_says_what_why_and_what_to_do(status: int) -> None:
    """Without asking the database."""
    request = RequestFactory().get("/")
    request.id = "c0ffee"

    page = errors.page(request, status).content.decode()

    assert all(words in page for words in (*errors.TOLD[status], "怎么办", "c0ffee"))


def test_what_is_not_there(as_) -> None:
    """404 for a foreign county, a page that there is not, and a stranger."""
    told(as_("office").get("/c/999999/"), 404)
    told(Client().get("/nothing"), 404)


def test_what_is_another_posts(as_) -> None:
    """403 tells of posts, and an old form tells that it is old."""
    told(as_("administrator").get("/c/150699/"), 403)
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"username": "office"})
    assert answer.status_code == 403
    assert "表单放得太久" in answer.content.decode()


@pytest.mark.django_db
def test_what_is_too_big(settings) -> None:
    """A body over the limit is 413, not a mere bad request."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    told(Client().post("/sign-in", {"username": "x" * 2000}), 413)


def test_a_bad_request() -> None:
    """A request that nobody's browser makes."""
    assert errors.bad_request(RequestFactory().get("/"), SuspiciousOperation()).status_code == 400
    told(Client().get("/", headers={"Host": "elsewhere.example"}), 400)


@pytest.mark.django_db
def test_too_many_tries() -> None:
    """The fifth wrong password is 429, and so is the right one after it."""
    client = Client()
    answers = [client.post("/sign-in", {"username": "auditor", "password": "wrong"}) for _ in range(5)]

    assert [one.status_code for one in answers] == [200] * 4 + [429]
    told(client.post("/sign-in", {"username": "auditor", "password": "demo"}), 429)


def test_the_page_of_a_failure_needs_no_other_part(as_, settings) -> None:
    """Where what fills every page's frame fails, this page still comes."""
    template = settings.TEMPLATES[0]
    options = {**template["OPTIONS"], "context_processors": ["junheng_web.nothing.fails"]}
    client = as_("office")
    client.raise_request_exception = False
    settings.TEMPLATES = [{**template, "OPTIONS": options}]

    told(client.get("/components"), 500)


def test_a_failure_is_told_even_without_static_files(as_, settings, tmp_path: Path) -> None:
    """In plain text, where nobody collected them."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": MANIFEST}
    settings.STATIC_ROOT = tmp_path
    client = as_("office")
    client.raise_request_exception = False

    answer = client.get("/components")

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_the_offline_page_knows_no_reader() -> None:
    """Anybody's browser may keep it, and the script that shows it."""
    page = Client().get("/offline")

    assert page.status_code == 200
    assert "连不上服务器" in page.content.decode()
    assert "Set-Cookie" not in page
    assert Client().get("/service-worker.js")["Content-Type"].startswith("text/javascript")
