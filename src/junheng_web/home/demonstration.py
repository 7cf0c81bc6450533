"""The demonstration: the fictional 示例旗 with an account of each role, and a second county that nobody acts for."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from junheng import api as jh
from junheng_web.assessment.models import Responsibility, ReviewDate
from junheng_web.assessment.services import review_date_set, run_declare, run_make, snapshot_keep
from junheng_web.collection.exchange.importing import changes_of
from junheng_web.collection.ledger.saving import cells_save
from junheng_web.collection.ledger.services import period_open
from junheng_web.collection.models import Write
from junheng_web.home import published
from junheng_web.home.demonstrated import (
    documented,
    dossier,
    duties,
    funding,
    group,
    issues,
    planning,
    reports,
    tasks,
    visits,
)
from junheng_web.home.demonstrated import map as school_map
from junheng_web.organisation.models import Account, Appointment, Area, Person, Post, School, Unit
from junheng_web.organisation.publishing import publication_keep
from junheng_web.organisation.roles import Role
from junheng_web.registers.importing import plan
from junheng_web.registers.models import Reader, Register
from junheng_web.registers.models import Write as RegisterWrite
from junheng_web.registers.saving import rows_save
from junheng_web.registers.services import readers_set

START = dt.date(2025, 3, 1)
# When 示例旗 plans to be reviewed: invented, as all of it.
REVIEW = dt.date(2027, 6, 30)
LEAGUE, COUNTY = ("159900", "示例盟（虚构）"), ("150699", "示例旗（虚构）")
# The units that read its 编制台账.
STAFFING_READERS = ("staffing", "hr", "edu")
# The county whose documents are the seed: shown as they are printed, with nobody acting for it.
DOCUMENTED = ("150624", "鄂托克旗")


def rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield a table's rows by heading."""
    with file.open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


@transaction.atomic
def load(examples: Path, password: str) -> list[tuple[str, str]]:
    """Load the demonstration and return each account's name with its role. Loading it again changes nothing."""
    league = _area(*LEAGUE, Area.Kind.LEAGUE, None, invented=True)
    county = _area(*COUNTY, Area.Kind.COUNTY, league, invented=True)
    banner = _area(*DOCUMENTED, Area.Kind.COUNTY, None, invented=False)
    _published(banner, examples / "otog")
    documented.load(banner, examples / "otog")
    duties.take_document(banner)
    shili = examples / "shili"
    facts = jh.load(shili / "facts")
    _schools(county, facts)
    _units(county, shili / "organisation")
    collect(county, facts)
    keep_registers(county, shili / "registers")
    _official(county, facts, "示例旗 2025 年秋季学期")
    if not ReviewDate.objects.of(county).exists():
        review_date_set(by=None, county=county, day=REVIEW)
    accounts = [_account(county, league, row, password) for row in rows(shili / "organisation" / "posts.csv")]
    group.load(county, shili / "organisation", START)
    duties.load(county, shili / "organisation")
    visits.load(county, shili / "visits")
    tasks.load(county, shili / "supervision")
    issues.load(county, shili / "issues")
    planning.load(county, shili / "facts")
    funding.load(county, shili / "funding")
    school_map.load(county, shili / "map")
    return accounts


@transaction.atomic
def load_papers(examples: Path) -> None:
    """Load 示例旗's evidence and reports, after the rest. Loading it again changes nothing."""
    county = Area.objects.get(code=COUNTY[0])
    dossier.load(county, examples / "shili" / "dossier")
    reports.load(county)


@transaction.atomic
def load_year_before(examples: Path) -> None:
    """Load what 示例旗 officially was a year before, as an upload: first, since the run that is declared last counts.

    Loading it again changes nothing.
    """
    county = _area(*COUNTY, Area.Kind.COUNTY, _area(*LEAGUE, Area.Kind.LEAGUE, None, invented=True), invented=True)
    _official(county, jh.load(examples / "shili" / "last-year"), "示例旗 2024 年秋季学期（上年留下的数）")


def _area(code: str, name: str, kind: str, parent: Area | None, *, invented: bool) -> Area:
    known = {"name": name, "kind": kind, "parent": parent, "invented": invented}
    return Area.objects.get_or_create(code=code, defaults=known)[0]


def _published(area: Area, folder: Path) -> None:
    """Keep the document whose tables stand in the folder, as they are printed."""
    tables = {name: list(rows(folder / f"{name}.csv")) for name in published.TABLES}
    (about,) = rows(folder / "about.csv")
    publication_keep(by=None, area=area, tables=tables, text=(folder / "original.txt").read_text("utf-8"), **about)


def _schools(county: Area, facts: jh.Facts) -> None:
    for row in facts.tables["schools"].select(["school_code", "school_name", "school_type"]).to_pylist():
        known = {"name": row["school_name"], "school_type": row["school_type"] or ""}
        School.objects.get_or_create(county=county, code=row["school_code"], defaults=known)


def _official(county: Area, facts: jh.Facts, label: str) -> None:
    snapshot = snapshot_keep(by=None, county=county, facts=facts, label=label, invented=True)
    run_declare(by=None, run=run_make(by=None, county=county, snapshot=snapshot, standard="national-2017"))


def collect(county: Area, facts: jh.Facts) -> None:
    """Open the period of the facts, and let both of its ledgers hold them, as if a workbook had been brought in."""
    period = period_open(by=None, county=county, counting_date=facts.counting_date, standard="national-2017")
    for ledger in period.ledgers.select_related("county", "period"):
        changes = [] if ledger.sequence else list(changes_of(ledger, facts, []))
        cells_save(by=None, ledger=ledger, changes=changes, kind=Write.Kind.IMPORTED, file=("示例旗.xlsx（虚构）", ""))


def keep_registers(county: Area, folder: Path) -> None:
    """Let both registers hold what stands in the folder, as if their workbooks had been brought in."""
    for name in Register.Name.values:
        made = plan(None, county, name, jh.load_register(folder / f"{name}.csv", name))
        changes, file = [one.change for one in made.differences], (f"{Register.Name(name).label}.xlsx（虚构）", "")
        rows_save(by=None, county=county, name=name, changes=changes, kind=RegisterWrite.Kind.IMPORTED, file=file)
    readers = Unit.objects.of(county).filter(code__in=STAFFING_READERS)
    if not Reader.objects.of(county).exists():
        readers_set(by=None, county=county, units=list(readers))


def _units(county: Area, folder: Path) -> None:
    units: dict[str, Unit] = {}
    for place, row in enumerate(rows(folder / "units.csv")):
        kind = Unit.Kind.TOWN if row["code"].startswith("town-") else Unit.Kind.DEPARTMENT
        known = {"name": row["name"], "full_name": row["full_name"], "parent": units.get(row["parent"]), "place": place}
        known["kind"] = kind
        units[row["code"]] = Unit.objects.get_or_create(county=county, code=row["code"], defaults=known)[0]
    for place, row in enumerate(rows(folder / "responsibilities.csv")):
        Responsibility.objects.get_or_create(
            county=county, indicator=row["indicator"], unit=units[row["unit"]], defaults={"place": place}
        )


def _account(county: Area, league: Area, row: dict[str, str], password: str) -> tuple[str, str]:
    area = league if row["role"] == Role.AREA_VIEWER else county
    post, _ = Post.objects.get_or_create(
        area=area,
        code=row["code"],
        defaults={
            "name": row["name"],
            "role": row["role"],
            "unit": Unit.objects.filter(county=county, code=row["unit"]).first(),
            "school": School.objects.filter(county=county, name=row["school"]).first(),
        },
    )
    person, _ = Person.objects.get_or_create(county=county, name=row["person"])
    Appointment.objects.get_or_create(post=post, person=person, defaults={"start": START})
    account = Account.objects.filter(username=row["code"]).first() or Account(username=row["code"], person=person)
    account.demonstration = True
    account.set_password(password)
    account.save()
    return account.username, post.name
