"""Reads of the room. A run never changes, so what was unpacked of one may be kept for as long as there is room."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson
from django.db.models import Case, Exists, F, Max, OuterRef, QuerySet, Subquery, When

from junheng import api as jh
from junheng_web.assessment import snapshots
from junheng_web.assessment.models import Declaration, Responsibility, ReviewDate, RuleBook, Run, Snapshot
from junheng_web.common.stores import Store
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

RUNS_KEPT, BOOKS_KEPT, CASES_KEPT = 8, 4, 64
# What a county that has no run yet is shown.
DEFAULT_STANDARD = "national-2017"
Answer = dict[str, Any]


def runs_of(scope: Scope, county: Area) -> QuerySet[Run]:
    """Return the county's runs, the newest first, without what they hold packed.

    Of each, `declared` is the declaration by which it is official today, or None.
    """
    last = Declaration.objects.filter(run=OuterRef("id")).order_by("-id")
    declared = Subquery(last.values(made=Case(When(official=True, then="id")))[:1])
    runs = Run.objects.visible_to(scope).of(county).annotate(declared=declared)
    light = runs.select_related("county", "snapshot__ledger", "rules")
    return light.defer("answer", "summary", "rules__content")


def latest_run(scope: Scope, county: Area) -> Run | None:
    """Return the run that was declared official last; while none is official, the newest."""
    return runs_of(scope, county).order_by(F("declared").desc(nulls_last=True), "-id").first()


def official_run(scope: Scope, county: Area) -> Run | None:
    """Return the run that was declared official last, if any is official."""
    run = latest_run(scope, county)
    return run if run and run.official else None


def official_at(scope: Scope, county: Area, at: dt.datetime) -> Run | None:
    """Return the run that was the county's official one at a time: of those that were official, the last declared."""
    said = Declaration.objects.visible_to(scope).of(county).filter(at__lte=at).order_by("id")
    standing = {one.id: one.run_id for one in {one.run_id: one for one in said}.values() if one.official}
    return runs_of(scope, county).get(id=standing[max(standing)]) if standing else None


def official_runs(scope: Scope, counties: Iterable[Area]) -> dict[int, tuple[Run, dt.datetime]]:
    """Return, by county, the official run of each of several counties that has one, and when it was declared.

    Each comes with its summary, without its answer: two queries, however many counties there are.
    """
    later = Declaration.objects.filter(run=OuterRef("run"), id__gt=OuterRef("id"))
    said = Declaration.objects.visible_to(scope).filter(county__in=counties, official=True).exclude(Exists(later))
    last = {one.county_id: one for one in said.order_by("id")}
    runs = _summed(scope, [one.run_id for one in last.values()])
    return {county: (runs[one.run_id], one.at) for county, one in last.items()}


def newest_runs(scope: Scope, counties: Iterable[Area]) -> dict[int, Run]:
    """Return, by county, the newest run of each of several counties, official or not, as `official_runs` does."""
    own = Run.objects.visible_to(scope).filter(county__in=counties).order_by()
    newest = own.values("county").annotate(newest=Max("id")).values_list("newest", flat=True)
    return {one.county_id: one for one in _summed(scope, list(newest)).values()}


def _summed(scope: Scope, ids: list[int]) -> dict[int, Run]:
    runs = Run.objects.visible_to(scope).filter(id__in=ids).select_related("snapshot", "rules")
    return {one.id: one for one in runs.defer("answer", "rules__content")}


def review_days(scope: Scope, counties: Iterable[Area]) -> dict[int, dt.date | None]:
    """Return, by county, the last word of several counties on their day of review; None where it was taken back."""
    said = ReviewDate.objects.visible_to(scope).filter(county__in=counties).order_by("id")
    return dict(said.values_list("county_id", "day"))


def run_by_code(scope: Scope, county: Area, code: str) -> Run:
    """Return a run of the county. Raises Run.DoesNotExist."""
    return runs_of(scope, county).get(code=code)


def review_date(scope: Scope, county: Area) -> ReviewDate | None:
    """Return the last word on the county's day of review; its day is None where it was taken back."""
    return review_dates(scope, county).first()


def review_dates(scope: Scope, county: Area) -> QuerySet[ReviewDate]:
    """Return all that was said of it, the last first."""
    return ReviewDate.objects.visible_to(scope).of(county).order_by("-id")


def responsibilities(scope: Scope, county: Area) -> dict[str, list[Responsibility]]:
    """Return who answers for each indicator, in the document's order; who leads stands on the row, where it is set."""
    found: dict[str, list[Responsibility]] = {}
    for one in Responsibility.objects.visible_to(scope).of(county).select_related("unit"):
        found.setdefault(one.indicator, []).append(one)
    return found


def answer_of(run: Run) -> Answer:
    """Return the contract's JSON of a run; not to be changed."""
    return _unpacked(run.id, run.code)


@lru_cache(maxsize=RUNS_KEPT)
def _unpacked(run: int, code: str) -> Answer:
    """Read a run once; the code is asked for because it tells apart runs of a database that was restored."""
    return _read(Run.objects.values_list("answer", flat=True).get(id=run))


def rules_of(run: Run) -> Answer:
    """Return the copy of the rules that a run used, as `junheng standard show --format json` writes them."""
    return _book(run.rules_id, run.rules.digest)


@lru_cache(maxsize=BOOKS_KEPT)
def _book(rules: int, digest: str) -> Answer:
    return _read(RuleBook.objects.values_list("content", flat=True).get(id=rules))


@lru_cache(maxsize=BOOKS_KEPT)
def rules_packed(standard: str) -> tuple[str, bytes]:
    """Return a document as it reads today, packed, under the hash of its text."""
    text = jh.rules_to_json(jh.load_standard(standard)).encode()
    return hashlib.sha256(text).hexdigest(), zlib.compress(text)


@lru_cache(maxsize=BOOKS_KEPT)
def rules_today(standard: str = DEFAULT_STANDARD) -> Answer:
    """Return a document as it reads today, in the form of `rules_of`."""
    return _read(rules_packed(standard)[1])


@lru_cache(maxsize=CASES_KEPT)
def worked_cases(document: str, indicator: str) -> list[Answer]:
    """Return the worked cases that the rule book shows of an indicator, as it reads today."""
    cases: list[Answer] = orjson.loads(jh.worked_to_json(jh.load_standard(document), indicator))
    return cases


@lru_cache(maxsize=BOOKS_KEPT)
def beside_document(overlay: str) -> Answer:
    """Return what an overlay asks beside the document that it overlays, condition by condition, as both read today."""
    base = rules_today(overlay)["overlays"]
    told: Answer = orjson.loads(jh.differences_to_json(jh.load_standard(base), jh.load_standard(overlay)))
    return told


def _read(packed: bytes) -> Answer:
    read: Answer = orjson.loads(zlib.decompress(bytes(packed)))
    return read


def _rows() -> QuerySet[Snapshot, tuple[str, str, str]]:
    return Snapshot.objects.order_by("id").values_list("digest", "county__code", "label")


STORE = Store("数据快照", _rows, snapshots.holds, snapshots.intact)
