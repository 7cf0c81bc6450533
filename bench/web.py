"""Server time of the platform's pages beside a bare Django view, and how long a changed cell takes to be judged.

A cell that is saved, with the county's verdict shown, stands beside a bare view that saves one row.

python bench/web.py [--write]

One process, one signed-in reader, everything alternately, so that whatever else the machine does falls on all of them.
The bare view goes through the same middleware and says "ok". Invented counties of 30 and of 1,000 schools, in a data
folder of their own. Adds to build/bench.json and prints a table; --write also writes docs/quality/pages.md.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.append(str(ROOT / "tools"))

import campaign  # noqa: E402 (stands beside this file)
import evidence_files  # noqa: E402 (as well)
from revision import revision, today  # noqa: E402 (the tools had to be found first)

SIZES, ROUNDS, CHANGES, SAVES, LOOKS = (30, 1_000), 25, 15, 40, 9
PAGES = {"overview": "", "grid": "grid/primary/"}
BARE = "bare"
# What a column store under DHIS2 needs for one query (ms).
ALLOWED_MS = 120
# What trying one thing more in a scenario, and showing what it comes to, may take on a quiet machine (ms).
ALLOWED_TRIED_MS, TRIES = 150, 25
# What saving a cell and showing the verdict may take on a quiet machine (ms), by the number of schools.
ALLOWED_SAVED_MS = {30: 120, 1_000: 400}
STANDARD = "national-2017"


def main() -> None:
    """Run everything."""
    with tempfile.TemporaryDirectory(prefix="junheng-bench-") as folder:
        _platform(Path(folder))
        facts = {schools: _facts(Path(folder), schools) for schools in SIZES}
        figures = {
            "load_average": os.getloadavg()[0],
            "pages": _pages(facts),
            "lists": _lists(),
            "files": _files(),
            **_changed(facts[min(SIZES)]),
            "saved": {schools: _saved(one) for schools, one in facts.items()},
            "tried": _tried(facts[min(SIZES)]),
        }
    _keep(figures)
    table = "\n".join(_table(figures))
    print(table)
    if "--write" in sys.argv:
        heading = f"# Server time of pages\n\n{today()}, commit {revision()}. Made by `python bench/web.py --write`."
        (ROOT / "docs" / "quality" / "pages.md").write_text(f"{heading}\n\n{table}\n", encoding="utf-8")


def _platform(folder: Path) -> None:
    """Start the platform on a new database."""
    os.environ.update(JUNHENG_DATA=str(folder / "data"), DJANGO_SETTINGS_MODULE="junheng_web.config.settings")
    os.environ["JUNHENG_LOG"] = "ERROR"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    # As every serving process does.
    from junheng_web.config.memory import settle

    settle()


def _facts(folder: Path, schools: int) -> object:
    from junheng import api as jh

    made = folder / str(schools)
    counted = ["--schools", str(schools), "--counties", "1"]
    subprocess.run([sys.executable, str(BENCH / "counties.py"), str(made), *counted], check=True)
    return jh.load(made)


def _pages(facts: Mapping[int, object]) -> dict[str, object]:
    """Return the median milliseconds of each page at each size, and its ratio to the bare view."""
    client = _reader()
    runs = {schools: _run(one) for schools, one in facts.items()}
    asked = {BARE: "/bare"} | {
        f"{page} {schools}": f"/c/{county}/{path}?run={code}"
        for page, path in PAGES.items()
        for schools, (county, code) in runs.items()
    }
    times = _alternately({name: lambda url=url: _get(client, url) for name, url in asked.items()}, ROUNDS)
    return {name: {"median_ms": took, "ratio": took / times[BARE]} for name, took in times.items()}


def _lists() -> dict[str, object]:
    """Return the median milliseconds of the pages that list tasks and issues, and their ratio to the bare view."""
    from junheng_web.organisation.models import Area

    known = {"name": "测速", "kind": Area.Kind.COUNTY, "parent": Area.objects.get(code="bench"), "invented": True}
    county, client = Area.objects.create(code="bench-campaign", **known), _reader_again()
    campaign.fill(county)
    asked = {BARE: "/bare"} | {name: f"/c/{county.code}/{path}" for name, path in campaign.PAGES.items()}
    times = _alternately({name: lambda url=url: _get(client, url) for name, url in asked.items()}, ROUNDS)
    return {name: {"median_ms": took, "ratio": took / times[BARE]} for name, took in times.items()}


def _files() -> dict[str, object]:
    """Return median and p95 milliseconds of the pages that find files among many, and the ratio to the bare view."""
    from junheng_web.organisation.models import Area

    known = {"name": "测速", "kind": Area.Kind.COUNTY, "parent": Area.objects.get(code="bench"), "invented": True}
    county, client = Area.objects.create(code="bench-files", **known), _reader_again()
    evidence_files.fill(county)
    asked = {BARE: "/bare"} | {name: f"/c/{county.code}/{path}" for name, path in evidence_files.PAGES.items()}
    times = _times({name: lambda url=url: _get(client, url) for name, url in asked.items()}, ROUNDS)
    medians = {name: median(all_of) for name, all_of in times.items()}
    return {
        name: {"median_ms": took, "p95_ms": sorted(times[name])[int(ROUNDS * 0.95)], "ratio": took / medians[BARE]}
        for name, took in medians.items()
    }


def _reader() -> object:
    """Return a browser in which an office of the counties' common area is signed in."""
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from junheng_web.organisation.models import Account, Appointment, Area, Person, Post

    override_settings(ROOT_URLCONF=__name__).enable()
    league = Area.objects.create(code="bench", name="测速", kind=Area.Kind.LEAGUE, invented=True)
    home = Area.objects.create(code="bench-1", name="测速", kind=Area.Kind.COUNTY, parent=league, invented=True)
    person = Person.objects.create(county=home, name="测速")
    post = Post.objects.create(area=league, code="office", name="测速", role="office")
    Appointment.objects.create(post=post, person=person, start=dt.date(2020, 1, 1))
    account = Account.objects.create_user("bench", person=person)
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _run(facts: object) -> tuple[str, str]:
    """Judge facts in a county of their own; return its code and the run's."""
    from junheng_web.assessment.services import run_make, snapshot_keep
    from junheng_web.organisation.models import Area

    (code, name), *_ = facts.counties.items()
    known = {"name": name, "kind": Area.Kind.COUNTY, "parent": Area.objects.get(code="bench"), "invented": True}
    county, _ = Area.objects.get_or_create(code=code, defaults=known)
    snapshot = snapshot_keep(by=None, county=county, facts=facts, label="测速", invented=True)
    return code, run_make(by=None, county=county, snapshot=snapshot, standard=STANDARD).code


def _get(client: object, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")


def _alternately(contestants: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Call each once to warm up, then all in turn; return the medians in milliseconds."""
    return {name: median(all_of) for name, all_of in _times(contestants, rounds).items()}


def _times(contestants: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Call each once to warm up, then all in turn; return how long each took, in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for call in contestants.values():
        call()
    for _ in range(rounds):
        for name, call in contestants.items():
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) * 1000)
    return times


def _changed(facts: object) -> dict[str, float]:
    """Return the median milliseconds of judging a county again after one cell has changed, from facts in memory.

    Beside them the processor's own, which the machine's other work does not lengthen.
    """
    from junheng import api as jh

    times, worked = [], []
    for number in range(CHANGES + 1):
        changed = _with_another_cell(facts, number)
        start, before = time.perf_counter(), time.process_time()
        jh.assess(changed, STANDARD)
        worked.append((time.process_time() - before) * 1000)
        times.append((time.perf_counter() - start) * 1000)
    return {"changed_cell_ms": median(times[1:]), "changed_cell_cpu_ms": median(worked[1:])}  # the first warms up


def _with_another_cell(facts: object, number: int) -> object:
    """Return the facts with one more multimedia room, or several, at the first school."""
    import pyarrow as pa

    schools = facts.tables["schools"]
    rows = schools.to_pylist()
    rows[0]["multimedia_rooms"] += number
    return dataclasses.replace(facts, tables={**facts.tables, "schools": pa.Table.from_pylist(rows, schools.schema)})


def _saved(facts: object) -> dict[str, float]:
    """Return how long it takes to save one cell and to show what the county comes to then, beside a bare saved row.

    In milliseconds at the server: median and p95 of both requests together, and what of it goes where.
    """
    client, ledger, code = _reader_again(), *_filled(facts)
    form = f"/c/{ledger.county.code}/collection/{ledger.period.code}/{ledger.basis}/school/{code}/"
    effect = f"/c/{ledger.county.code}/live/{ledger.period.code}/{ledger.basis}/school/{code}/"
    key, times = ["schools", code, "multimedia_rooms"], {"saved": [], "shown": [], BARE: []}
    for number in range(SAVES + 1):
        cells = {
            "since": ledger.sequence + number,
            "cells": [{"key": key, "text": str(100 + number), "revision": None}],
        }
        asked = {
            "saved": lambda cells=cells: client.post(f"{form}save", json.dumps(cells), content_type="application/json"),
            "shown": lambda: client.get(effect),
            BARE: lambda: client.post("/bare-row"),
        }
        for name, ask in asked.items():
            start = time.perf_counter()
            if ask().status_code != 200:
                raise SystemExit(f"{name}: not answered")
            times[name].append((time.perf_counter() - start) * 1000)
    both = sorted(map(sum, zip(times["saved"][1:], times["shown"][1:], strict=True)))
    medians = {f"{name}_ms": median(one[1:]) for name, one in times.items()}
    whole = {"median_ms": median(both), "p95_ms": both[int(len(both) * 0.95)], **medians, **_parts(ledger)}
    return {**whole, **_looked_back(client, ledger)}


def _tried(facts: object) -> dict[str, float]:
    """Return how long it takes to try one thing more and to show what it comes to, beside the bare view.

    In milliseconds at the server; nothing is tried twice, so that nothing is remembered.
    """
    from junheng_web.assessment.models import Run
    from junheng_web.organisation.models import Account, Area
    from junheng_web.organisation.scopes import scope_of
    from junheng_web.planning.services import scenario_make

    code, run = _run(facts)
    client, county = _reader_again(), Area.objects.get(code=code)
    scope = scope_of(Account.objects.get(username="bench"), dt.date.today())  # noqa: DTZ011
    base, school = Run.objects.get(county=county, code=run), facts.tables["schools"]["school_code"][0].as_py()
    known = {"name": "测速", "base": base, "terms": None, "shared": "mine"}
    url, times = scenario_make(by=scope, county=county, **known).url, {"tried": [], "shown": [], BARE: []}
    for number in range(TRIES + 1):
        told = {"kind": "value", "value-school": school, "value-item": "multimedia_rooms", "seen": number}
        asked = {
            "tried": lambda told=told, number=number: client.post(f"{url}edit", {**told, "value-value": 100 + number}),
            "shown": lambda: client.get(url),
            BARE: lambda: client.get("/bare"),
        }
        for name, ask in asked.items():
            start = time.perf_counter()
            if ask().status_code not in (200, 302):
                raise SystemExit(f"{name}: not answered")
            times[name].append((time.perf_counter() - start) * 1000)
    both = sorted(map(sum, zip(times["tried"][1:], times["shown"][1:], strict=True)))
    medians = {f"{name}_ms": median(one[1:]) for name, one in times.items()}
    return {"median_ms": median(both), "p95_ms": both[int(len(both) * 0.95)], **medians}


def _looked_back(client: object, ledger: object) -> dict[str, float]:
    """Return how long the page of the ledger's first write takes: never asked for before, and asked for again."""
    from junheng_web.assessment import then
    from junheng_web.collection.ledger.gathering import unfolded_at

    url = f"/c/{ledger.county.code}/then/{ledger.period.code}/{ledger.basis}/?at=1"
    times = {"then_first": [], "then_again": []}
    for _ in range(LOOKS):
        then.judged_at.cache_clear()
        unfolded_at.cache_clear()
        for all_of in times.values():
            start = time.perf_counter()
            _get(client, url)
            all_of.append((time.perf_counter() - start) * 1000)
    return {f"{name}_ms": median(all_of) for name, all_of in times.items()}


def _reader_again() -> object:
    from django.conf import settings
    from django.test import Client

    from junheng_web.organisation.models import Account

    client = Client()
    account = Account.objects.get(username="bench")
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _filled(facts: object) -> tuple[object, str]:
    """Let a ledger hold the facts; return it and one of its schools."""
    from junheng_web.collection.exchange.importing import changes_of
    from junheng_web.collection.ledger.saving import cells_save
    from junheng_web.collection.ledger.services import period_open
    from junheng_web.organisation.models import Area, School

    many, day = facts.tables["schools"].num_rows, dt.date(2025, 9, 1)
    known = {"name": "测速", "kind": Area.Kind.COUNTY, "parent": Area.objects.get(code="bench"), "invented": True}
    county = Area.objects.create(code=f"bench-saved-{many}", **known)
    School.objects.bulk_create(
        School(county=county, code=row["school_code"], name=row["school_name"], school_type=row["school_type"])
        for row in facts.tables["schools"].to_pylist()
    )
    period = period_open(by=None, county=county, counting_date=day, standard=STANDARD)
    ledger = period.ledgers.select_related("county", "period").get(basis="current")
    cells_save(by=None, ledger=ledger, changes=list(changes_of(ledger, facts, [])))
    return ledger, facts.tables["schools"]["school_code"][0].as_py()


def _parts(ledger: object) -> dict[str, float]:
    """Return what of a shown result goes where: the cells as facts, the judging, and its telling."""
    from junheng import api as jh
    from junheng_web.collection.ledger.gathering import facts_of

    facts = facts_of(ledger)
    answer = jh.assess(facts, STANDARD)
    parts = {
        "facts_ms": lambda: facts_of(ledger),
        "judged_ms": lambda: jh.assess(facts, STANDARD),
        "told_ms": lambda: jh.as_dict(answer),
    }
    return _alternately(parts, CHANGES)


def _keep(figures: dict[str, object]) -> None:
    """Put the figures beside those of the whole processes."""
    kept = ROOT / "build" / "bench.json"
    kept.parent.mkdir(exist_ok=True)
    known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    kept.write_text(json.dumps(known | {"platform": figures}, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _table(figures: dict[str, object]) -> Iterator[str]:
    yield f"Load average before the start: {figures['load_average']:.1f}. The bare view says ok."
    yield from ("", "| page, schools | median ms | x bare |", "| --- | ---: | ---: |")
    for name, one in figures["pages"].items():
        yield f"| {name} | {one['median_ms']:.1f} | {one['ratio']:.1f} |"
    many = f"{campaign.TASKS:,} tasks, {campaign.ISSUES:,} issues"
    yield from ("", f"| page, {many} | median ms | x bare |", "| --- | ---: | ---: |")
    for name, one in figures["lists"].items():
        yield f"| {name} | {one['median_ms']:.1f} | {one['ratio']:.1f} |"
    yield from ("", f"| page, {evidence_files.FILES:,} files of evidence | median ms | p95 ms | x bare |")
    yield "| --- | ---: | ---: | ---: |"
    for name, one in figures["files"].items():
        yield f"| {name} | {one['median_ms']:.1f} | {one['p95_ms']:.1f} | {one['ratio']:.1f} |"
    took, worked = figures["changed_cell_ms"], figures["changed_cell_cpu_ms"]
    yield ""
    yield f"A county of {min(SIZES)} schools is judged again after one changed cell in {took:.0f} ms (median;"
    yield f"{worked:.0f} ms of the processor; a column store under DHIS2 needs {ALLOWED_MS} ms for one query)."
    yield from _saved_table(figures)
    one = figures["tried"]
    yield from (
        "",
        f"One thing more tried in a scenario of {min(SIZES)} schools, and its page shown (what-if {min(SIZES)}):",
        "",
    )
    yield from ("| median ms | p95 ms | allowed ms | x bare | tried | shown |", f"|{' ---: |' * 6}")
    parts = f"{one['tried_ms']:.0f} | {one['shown_ms']:.0f}"
    ratio = one["median_ms"] / one["bare_ms"]
    yield f"| {one['median_ms']:.0f} | {one['p95_ms']:.0f} | {ALLOWED_TRIED_MS} | {ratio:.0f} | {parts} |"


def _saved_table(figures: dict[str, object]) -> Iterator[str]:
    yield from ("", "One cell saved, and what the county comes to then shown, at the server:", "")
    yield "| schools | median ms | p95 ms | allowed ms | x bare row | saved | shown | of which facts | judged | told |"
    yield f"| --- |{' ---: |' * 9}"
    for schools, one in figures["saved"].items():
        ratio = one["median_ms"] / one["bare_ms"]
        parts = " | ".join(f"{one[f'{name}_ms']:.0f}" for name in ("saved", "shown", "facts", "judged", "told"))
        yield (
            f"| {schools} | {one['median_ms']:.0f} | {one['p95_ms']:.0f} | {ALLOWED_SAVED_MS[schools]} |"
            f" {ratio:.0f} | {parts} |"
        )
    yield from ("", "What a ledger came to at an earlier write, at the server:", "")
    yield from ("| schools | first ms | again ms |", "| --- | ---: | ---: |")
    for schools, one in figures["saved"].items():
        yield f"| {schools} | {one['then_first_ms']:.0f} | {one['then_again_ms']:.0f} |"


def _urls() -> list[object]:
    """Return the platform's URLs and the bare view's; Django reads them from this module."""
    from django.http import HttpResponse
    from django.urls import path

    from junheng_web.config.urls import urlpatterns as platform

    return [*platform, path("bare", lambda request: HttpResponse("ok")), path("bare-row", _bare_row)]


def _bare_row(request: object) -> object:
    """Save one row and say so."""
    from django.http import HttpResponse

    from junheng_web.organisation.models import AuditRow

    AuditRow.objects.create(action="bench")
    return HttpResponse("ok")


def __getattr__(name: str) -> object:
    if name == "urlpatterns":
        return _urls()
    raise AttributeError(name)


if __name__ == "__main__":
    main()
