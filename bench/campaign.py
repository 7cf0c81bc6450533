"""A county in the middle of its campaign: thousands of tasks and issues, for the pages that list them. All invented.

python bench/campaign.py [--plans]

By itself it prints, for each page, the queries that it asks, its time at the server and that beside a bare view; with
--plans also how the database answers each query that reads more than it shows. `bench/web.py` measures the same pages.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

TASKS, ISSUES, UNITS, SCHOOLS, PEOPLE = 5_000, 2_000, 25, 60, 300
# What a list page may ask of the database, however long the list is.
ALLOWED_QUERIES = 20
ROUNDS = 15
TODAY = dt.date(2026, 11, 26)
PAGES: Mapping[str, str] = {
    "tasks": "tasks/",
    "tasks, searched": "tasks/?q=400",
    "tasks, of a unit": "tasks/?unit=unit-3",
    "tasks, late": "tasks/late/",
    "board": "tasks/board/",
    "dispatches": "tasks/dispatches/",
    "issues": "rectification/",
    "issues, all": "rectification/?state=every",
    "plans": "rectification/plans/",
    "vetoes": "rectification/vetoes/",
    "figures": "rectification/figures/",
    "circular": "rectification/figures/circular/",
    "leader": "rectification/leader/",
    "duties": "duties/",
    "matrix": "duties/matrix/",
    "reports": "duties/reports/",
    "people": "organisation/people/",
    "notices": "notices/",
}


def fill(county: object) -> None:
    """Give a county units, schools, people, tasks and issues in every state, each with steps and what it is about."""
    from junheng_web.organisation.models import Unit

    units = [Unit(county=county, code=f"unit-{at}", name=f"测速单位 {at}", place=at) for at in range(UNITS)]
    Unit.objects.bulk_create(units)
    schools, posts = _schools(county), _posts(county, units)
    _tasks(county, units, posts, schools)
    _issues(county, units, schools)
    _issued(county, units, posts)
    _duties(county, units)


def _due(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number % 60 - 30)


def _schools(county: object) -> list[object]:
    from junheng_web.organisation.models import School

    rows = [
        School(county=county, code=f"bench-{at}", name=f"测速学校 {at}", school_type="111") for at in range(SCHOOLS)
    ]
    return School.objects.bulk_create(rows)


def _posts(county: object, units: list[object]) -> list[object]:
    """Return a post of each unit; some hundreds of people hold them one after the other."""
    from junheng_web.organisation.models import Appointment, Contact, Person, Post

    posts = Post.objects.bulk_create(
        Post(area=county, code=f"post-{at}", name=f"测速岗位 {at}", role="unit_staff", unit=unit)
        for at, unit in enumerate(units)
    )
    people = Person.objects.bulk_create(
        Person(county=county, code=f"bench-{at}", name=f"测速人员 {at}") for at in range(PEOPLE)
    )
    Appointment.objects.bulk_create(
        Appointment(post=posts[at % UNITS], person=person, start=TODAY - dt.timedelta(days=30))
        for at, person in enumerate(people)
    )
    Contact.objects.bulk_create(
        Contact(county=county, kind="liaison", unit=unit, post=post) for unit, post in zip(units, posts, strict=True)
    )
    return posts


def _tasks(county: object, units: list[object], posts: list[object], schools: list[object]) -> None:
    from junheng_web.supervision.models import Concern, Deed, Place, Status, Step, Support, Task

    states, start = list(Status), TODAY - dt.timedelta(days=60)
    rows = [
        Task(
            county=county,
            number=number,
            title=f"测速任务 {number}",
            unit=units[number % UNITS],
            desk=posts[number % UNITS] if number % 2 else None,
            start=start,
            due=_due(number),
            status=states[number % len(states)],
            finished_on=_due(number + 7) if states[number % len(states)] in (Status.ASKED, Status.CLOSED) else None,
        )
        for number in range(1, TASKS + 1)
    ]
    Task.objects.bulk_create(rows)
    for deed in (Deed.PROPOSE, Deed.ASSIGN, Deed.RECEIVE, Deed.REPORT):
        Step.objects.bulk_create(Step(county=county, task=one, deed=deed) for one in rows)
    Concern.objects.bulk_create(
        Concern(county=county, task=one, indicator=f"B{one.number % 31 + 1}") for one in rows if one.number % 3
    )
    Support.objects.bulk_create(
        Support(county=county, task=one, unit=units[(one.number + 1) % UNITS]) for one in rows if one.number % 4
    )
    Place.objects.bulk_create(
        Place(county=county, task=one, school=schools[one.number % SCHOOLS]) for one in rows if one.number % 2
    )


def _issues(county: object, units: list[object], schools: list[object]) -> None:
    from junheng_web.rectification.models import Issue, IssueStep

    states = list(Issue.State)
    rows = [
        Issue(
            county=county,
            number=number,
            origin=Issue.Origin.HAND,
            title=f"测速问题 {number}",
            unit=units[number % UNITS],
            school=schools[number % SCHOOLS],
            indicator=f"B{number % 31 + 1}",
            due=_due(number),
            state=states[number % len(states)],
        )
        for number in range(1, ISSUES + 1)
    ]
    Issue.objects.bulk_create(rows)
    for deed in ("raise", "send"):
        IssueStep.objects.bulk_create(IssueStep(county=county, issue=one, deed=deed, state=one.state) for one in rows)


def _issued(county: object, units: list[object], posts: list[object]) -> None:
    """Let hundreds of papers have gone out to several units each, and a year of declarations be asked for."""
    from junheng_web.rectification.models import VetoDeclaration, VetoDuty
    from junheng_web.supervision.models import Body, Dispatch, Recipient

    body = Body.objects.create(county=county, name="测速办公室", pattern="测〔{year}〕{n}号", signer=posts[0])
    papers = Dispatch.objects.bulk_create(
        Dispatch(
            county=county, kind="slip", place=at, body=body, title=f"测速督办单 {at}", text="测速", status="signed"
        )
        for at in range(1, 501)
    )
    Recipient.objects.bulk_create(
        Recipient(county=county, dispatch=one, unit=units[(one.place + more) % UNITS])
        for one in papers
        for more in range(3)
    )
    told = {"county": county, "cadence": "month", "since": TODAY - dt.timedelta(days=365), "due_days": 5}
    VetoDuty.objects.bulk_create(VetoDuty(part="exam", unit=unit, **told) for unit in units)
    VetoDeclaration.objects.bulk_create(
        VetoDeclaration(county=county, part="exam", unit=unit, span=f"2026-{month:02}", nothing=True)
        for unit in units
        for month in range(1, 11)
    )


def _duties(county: object, units: list[object]) -> None:
    """Let each unit bear duties that it reports on each month, and have reported for most of a year."""
    from junheng_web.duties.models import Bearer, Duty, Report

    told = {"cadence": "month", "since": TODAY - dt.timedelta(days=365), "why": "测速", "kind": "assigned"}
    duties = Duty.objects.bulk_create(
        Duty(county=county, number=at, place=at, heading=f"测速单位 {at % UNITS}", text=f"测速职责 {at}", **told)
        for at in range(1, 151)
    )
    Bearer.objects.bulk_create(Bearer(county=county, duty=one, unit=units[one.number % UNITS]) for one in duties)
    Report.objects.bulk_create(
        Report(county=county, duty=one, unit=units[one.number % UNITS], period=f"2026-{month:02}", state="done")
        for one in duties
        for month in range(1, 11)
    )


def main() -> None:
    """Print the pages' queries and times; exit with 1 where one asks more than it may."""
    import web

    with tempfile.TemporaryDirectory(prefix="junheng-bench-") as folder:
        web._platform(Path(folder))
        from junheng_web.organisation.models import Area

        client = web._reader()
        known = {"name": "测速", "kind": Area.Kind.COUNTY, "parent": Area.objects.get(code="bench"), "invented": True}
        county = Area.objects.create(code="bench-campaign", **known)
        fill(county)
        sys.exit(_measured(web, client, f"/c/{county.code}/"))


def _measured(web: object, client: object, home: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = {name: f"{home}{path}" for name, path in PAGES.items()}
    web._get(client, asked["tasks"])
    queries: dict[str, list[str]] = {}
    for name, url in asked.items():
        with CaptureQueriesContext(connection) as found:
            web._get(client, url)
        queries[name] = [one["sql"] for one in found.captured_queries]
    calls = {web.BARE: "/bare", **asked}
    times = web._alternately({name: lambda url=url: web._get(client, url) for name, url in calls.items()}, ROUNDS)
    print(f"Load average: {os.getloadavg()[0]:.1f}. {TASKS:,} tasks, {ISSUES:,} issues.\n")
    print("| page | queries | median ms | x bare |\n| --- | ---: | ---: | ---: |")
    for name in PAGES:
        print(f"| {name} | {len(queries[name])} | {times[name]:.1f} | {times[name] / times[web.BARE]:.1f} |")
    if "--plans" in sys.argv:
        _plans(connection, queries)
    return int(any(len(found) > ALLOWED_QUERIES for found in queries.values()))


def _plans(connection: object, queries: Mapping[str, list[str]]) -> None:
    """Print how the database answers what the pages ask for: where it reads a whole table, that is said."""
    seen: set[str] = set()
    for name, found in queries.items():
        for sql in (one for one in found if one.startswith("SELECT") and one not in seen):
            seen.add(sql)
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                steps = [row[-1] for row in cursor.fetchall()]
            print(f"\n{name}: {sql[:300]}")
            for step in steps:
                print(f"    {step}")


if __name__ == "__main__":
    main()
