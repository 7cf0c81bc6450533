"""The API is what its document says: the committed one, and under requests that nobody thought of."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from api_tokens import bearer, run_url, token_of
from places import COUNTY

KEPT = Path(__file__).parents[2] / "src" / "junheng_web" / "config" / "openapi.json"
EXAMPLES = 25
FITTING = settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def test_the_committed_document_is_the_one_that_is_served(client) -> None:
    """`junheng-web openapi src/junheng_web/config/openapi.json` renews it."""
    assert client.get("/api/schema.json").content.decode() == KEPT.read_text(encoding="utf-8")


@pytest.fixture
def document(db):
    """Return the API as schemathesis reads it; the test's connection stays open, as under Django's own client."""
    from junheng_web.config.wsgi import application

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/schema.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_request_breaks_it(document) -> None:
    """No 500, and no status, type or body that the document does not state, with a token and what its county holds."""
    # schemathesis does not unpack what it is handed by WSGI.
    carried = {**bearer(token_of("office"))["headers"], "Accept-Encoding": "identity"}
    there = {"county": COUNTY, "run": run_url().rsplit("/", 1)[1], "stage": "primary", "school": "1506990003"}
    seen: set[int] = set()
    for operation in (one.ok() for one in document.get_all_operations()):
        _try(operation.as_strategy(), there, carried, seen)
        if "{" in operation.path:
            _try(operation.as_strategy(), {}, carried, seen)
            _try(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE), {}, carried, seen)
    assert {200, 404, 422} <= seen <= {200, 401, 403, 404, 422}


def _try(cases, known: dict[str, str], carried: dict[str, str], seen: set[int]) -> None:
    from hypothesis import given

    @FITTING
    @given(case=cases)
    def holds(case) -> None:
        case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        seen.add(case.call_and_validate(headers=carried).status_code)

    holds()
