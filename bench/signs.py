"""How long the office waits for the signs of a county that has just changed, and for the page when it has not.

python bench/signs.py

Invented counties of 30 and of 1,000 schools in a data folder of their own, each with its last period. Prints a table.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import web

SIZES, ROUNDS = (30, 1_000), 5
DAY = dt.date(2025, 9, 1)


def main() -> None:
    """Run everything."""
    with tempfile.TemporaryDirectory(prefix="junheng-bench-") as folder:
        web._platform(Path(folder))
        print(f"Load average before the start: {os.getloadavg()[0]:.1f}.\n")
        print(
            "| schools | signs | looked at anew ms | of the processor | facts, answer, findings alone | remembered ms |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for schools in SIZES:
            print(_row(schools, web._facts(Path(folder), schools)))


def _row(schools: int, facts: object) -> str:
    from junheng_web.scrutiny.declared import declared
    from junheng_web.scrutiny.gathering import gather
    from junheng_web.scrutiny.looking import looked

    ledger, code = _filled(facts)
    hours = max(one.terms.hours for one in declared())
    anew, worked, gathered = [], [], []
    for number in range(ROUNDS + 1):
        _change(ledger, code, number)
        gathered.append(_took(lambda: gather(ledger, hours)))
        _change(ledger, code, ROUNDS + 1 + number)
        before = time.process_time()
        anew.append(_took(lambda: looked(ledger)))
        worked.append((time.process_time() - before) * 1000)
    remembered = [_took(lambda: looked(ledger)) for _ in range(ROUNDS)]
    found = len(looked(ledger).signs)
    times = " | ".join(f"{median(one):.0f}" for one in (anew[1:], worked[1:], gathered[1:], remembered))
    return f"| {schools} | {found} | {times} |"


def _took(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return (time.perf_counter() - start) * 1000


def _filled(facts: object) -> tuple[object, str]:
    """Let the ledgers of two periods hold the facts; return the later one and one of its schools."""
    from junheng_web.collection.exchange.importing import changes_of
    from junheng_web.collection.ledger.saving import cells_save
    from junheng_web.collection.ledger.services import period_open
    from junheng_web.organisation.models import Area, School

    rows = facts.tables["schools"].to_pylist()
    county = Area.objects.create(code=f"signs-{len(rows)}", name="测速", kind=Area.Kind.COUNTY, invented=True)
    School.objects.bulk_create(
        School(county=county, code=row["school_code"], name=row["school_name"], school_type=row["school_type"])
        for row in rows
    )
    for day in (DAY.replace(year=DAY.year - 1), DAY):
        period = period_open(by=None, county=county, counting_date=day, standard=web.STANDARD)
        ledger = period.ledgers.select_related("county", "period").get(basis="current")
        cells_save(by=None, ledger=ledger, changes=list(changes_of(ledger, facts, [])))
    return ledger, rows[0]["school_code"]


def _change(ledger: object, code: str, number: int) -> None:
    from junheng_web.collection.ledger.saving import Change, cells_save
    from junheng_web.collection.ledger.values import Kept

    key = ("schools", code, "multimedia_rooms")
    cells_save(by=None, ledger=ledger, changes=[Change(key, Kept(reported=True, integer=100 + number))])


if __name__ == "__main__":
    main()
