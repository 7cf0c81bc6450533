"""What the API tells is what the run holds."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from api_tokens import ROOT, bearer, run_url, token_of
from junheng import api as jh
from places import COUNTY, EXAMPLES


@pytest.fixture
def ask(client: Client, db):
    """Return a way to ask as the office's program: `ask(url)`."""
    carried = bearer(token_of("office"))
    return lambda url, **headers: client.get(url, headers={**carried["headers"], **headers})


def test_the_counties_are_those_of_the_token(ask) -> None:
    """One token, one county, which says that it is invented."""
    found = ask("/api/v1/counties").json()["items"]
    assert [(one["code"], one["invented"]) for one in found] == [(COUNTY, True)]


def test_an_assessment_is_the_command_s_json(ask) -> None:
    """Byte for byte what is stored, and equal to what the core answers for the same facts."""
    from junheng_web.assessment.models import Run
    from junheng_web.assessment.selectors import answer_of

    got = ask(f"{run_url()}/assessment")
    facts = jh.load(EXAMPLES / "shili" / "facts")
    assert got["Content-Type"] == "application/json"
    assert got.json() == json.loads(jh.to_json(jh.assess(facts, county=COUNTY)))
    assert got.json() == answer_of(Run.objects.get(code=run_url().rsplit("/", 1)[1]))


def test_the_parts_are_those_of_the_assessment(ask) -> None:
    """Sections, one section, stages and indicators stand there exactly as in the whole."""
    whole = ask(f"{run_url()}/assessment").json()
    assert ask(f"{run_url()}/sections").json() == {"items": whole["sections"]}
    primary = [one for one in whole["sections"] if one["stage"] == "primary"]
    assert ask(f"{run_url()}/sections?stage=primary").json() == {"items": primary}
    assert ask(f"{run_url()}/sections/primary/{primary[3]['school_code']}").json() == primary[3]
    parts = {key: whole[key] for key in ("stages", "indicators")}
    assert ask(f"{run_url()}/indicators").json() == parts


def test_the_rule_book_is_the_run_s_copy(ask) -> None:
    """As `junheng standard show --format json` writes it."""
    assert ask(f"{run_url()}/rules").json() == json.loads(jh.rules_to_json(jh.load_standard("national-2017")))


def test_the_answers_fit_the_schema_that_is_served(ask) -> None:
    """Every part of an answer, by JSON Schema."""
    from jsonschema import Draft202012Validator

    served = ask("/api/schema.json").json()
    for name in ("assessment", "sections", "indicators", "rules"):
        stated = served["paths"][f"/api/v1/counties/{{county}}/runs/{{run}}/{name}"]["get"]["responses"]["200"]
        schema = stated["content"]["application/json"]["schema"] | {"components": served["components"]}
        assert list(Draft202012Validator(schema).iter_errors(ask(f"{run_url()}/{name}").json())) == []


def test_who_has_it_already_is_told_so(ask) -> None:
    """The ETag is the run's: 304 without a body, through compression as well."""
    first = ask(f"{run_url()}/assessment", **{"Accept-Encoding": "gzip"})
    assert run_url().rsplit("/", 1)[1] in first["ETag"]
    again = ask(f"{run_url()}/assessment", **{"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")
    other = ask(f"{run_url()}/assessment", **{"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_runs_come_in_pages_the_newest_first(ask) -> None:
    """Each once, by the cursor; one that is judged between two pages moves nothing."""
    from junheng_web.assessment.models import Run

    first = Run.objects.get(code=run_url().rsplit("/", 1)[1])
    made = [first.code]
    for number in range(4):
        made.append(code := f"{number:012}")
        _again(first, code)
    page = ask(f"{ROOT}/runs?limit=2").json()
    _again(first, "f" * 12)
    seen = [one["code"] for one in page["items"]]
    while page["next"]:
        page = ask(f"{ROOT}/runs?limit=2&cursor={page['next']}").json()
        seen += [one["code"] for one in page["items"]]
    assert seen == made[::-1]


def _again(run, code: str) -> None:
    run.id, run.code = None, code
    run.save(force_insert=True)


def test_a_run_says_what_was_judged(ask) -> None:
    """By which rules, on which day, of which snapshot; no database key in it."""
    one = ask(run_url()).json()
    assert one == ask(f"{ROOT}/runs").json()["items"][0]
    assert (one["standard"], one["basis"], one["official"], one["invented"]) == ("national-2017", "census", True, True)
    assert "id" not in one
