"""Reads of the room. A run never changes, so what was unpacked of one may be kept for as long as there is room."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

import orjson

from junheng_web.assessment.models import RuleBook, Run
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

RUNS_KEPT, BOOKS_KEPT = 8, 4
Answer = dict[str, Any]


def latest_run(scope: Scope, county: Area) -> Run | None:
    """Return the county's newest official run; while there is none, its newest."""
    runs = (
        Run.objects.visible_to(scope).of(county).select_related("snapshot", "rules").defer("answer", "rules__content")
    )
    return runs.order_by("-official", "-id").first()


def run_by_code(scope: Scope, county: Area, code: str) -> Run:
    """Return a run of the county. Raises Run.DoesNotExist."""
    runs = (
        Run.objects.visible_to(scope).of(county).select_related("snapshot", "rules").defer("answer", "rules__content")
    )
    return runs.get(code=code)


def answer_of(run: Run) -> Answer:
    """Return the contract's JSON of a run; not to be changed."""
    return _unpacked(run.id)


@lru_cache(maxsize=RUNS_KEPT)
def _unpacked(run: int) -> Answer:
    return _read(Run.objects.values_list("answer", flat=True).get(id=run))


def rules_of(run: Run) -> Answer:
    """Return the copy of the rules that a run used, as `junheng standard show --format json` writes them."""
    return _book(run.rules_id)


@lru_cache(maxsize=BOOKS_KEPT)
def _book(rules: int) -> Answer:
    return _read(RuleBook.objects.values_list("content", flat=True).get(id=rules))


def _read(packed: bytes) -> Answer:
    read: Answer = orjson.loads(zlib.decompress(bytes(packed)))
    return read
