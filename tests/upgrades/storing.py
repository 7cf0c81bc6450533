"""Stores a database of today's schema, small and lived in, for `make upgrade-test` to upgrade for ever after.

python tests/upgrades/storing.py NAME

It is a backup as `junheng-web backup` makes it, of the demonstration after a day's work, so that every table has a row;
beside it stands how many rows each table had. JUNHENG_DATABASE says on which database: none is SQLite. What the
migrations say is noted down as well; one that is noted is never noted again, because it never changes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).parent
RECORD = STORED / "migrations.sha256"
BACKUP, ROWS = "backup", "rows.json"
COUNTY = "150699"


def main(name: str) -> None:
    """Store a database under a name; one that is there under it is made anew."""
    work = Path(tempfile.mkdtemp(prefix="junheng-"))
    settings = {"JUNHENG_DATA": str(work / "data"), "JUNHENG_DEMONSTRATION": "1", "JUNHENG_LOG": "WARNING"}
    os.environ.update(settings, DJANGO_SETTINGS_MODULE="junheng_web.config.settings")
    try:
        _store(work, STORED / name)
    finally:
        shutil.rmtree(work)
    note_migrations()


def _store(work: Path, folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from junheng_web.home import demonstration

    call_command("migrate", verbosity=0)
    demonstration.load(ROOT / "examples", secrets.token_hex())
    _live_a_day()
    (work / ROWS).write_text(json.dumps(_rows(), indent=1), encoding="utf-8")
    call_command("backup", str(work / BACKUP))
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / f"{connection.vendor}.tar.xz", "w:xz") as archive:
        for part in (ROWS, BACKUP):
            archive.add(work / part, arcname=part)


def _live_a_day() -> None:
    """Do what is done in a day, so that an upgrade meets every kind of row."""
    from junheng_web.evidence.services import file_add
    from junheng_web.notices.models import Notice
    from junheng_web.organisation import audit, events, jobs
    from junheng_web.organisation.models import Account, Area, Post, School, SchoolAlias
    from junheng_web.organisation.scopes import scope_of
    from junheng_web.organisation.token_services import token_issue

    county, office = Area.objects.get(code=COUNTY), Account.objects.get(username="office")
    scope = scope_of(office, dt.date.today())  # noqa: DTZ011 (any day on which the post is held)
    pdf = [b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"]
    file_add(by=scope, county=county, name="示例.pdf", chunks=pdf, of=("indicator", "B10"))
    jobs.deed("stored")(lambda work: {"done": True})
    jobs.job_submit("stored", by=scope, county=county)
    jobs.run_next()
    token_issue(by=scope, account=office, county=county, name="示例", days=1)
    SchoolAlias.objects.create(county=county, school=School.objects.first(), name="示例旧名")
    Notice.objects.create(county=county, post=Post.objects.get(code="office"), key="stored", text="示例通知")
    _collect(scope)
    _statistics(scope)
    events.react({"stored": ("run.made", lambda event: None)})
    audit.seal()


def _collect(scope: object) -> None:
    """Enter a number, explain it, hand the form in, and give an item to a unit."""
    from junheng_web.collection.approving import DEEDS, finding_explain, step_take
    from junheng_web.collection.filling import form_save
    from junheng_web.collection.models import Ledger
    from junheng_web.collection.services import owner_set
    from junheng_web.collection.subjects import subject
    from junheng_web.organisation.models import Unit

    ledger = Ledger.objects.select_related("county", "period").get(county__code=COUNTY, basis="current")
    one = subject(ledger, "school", "1506990001")
    key = ("schools", one.code, "primary_pupils")
    form_save(by=scope, one=one, texts=[(key, "1700", None)])
    finding_explain(by=scope, one=one, check="stored", key=key, value="1700", text="示例说明")
    step_take(by=scope, one=one, deed=DEEDS["submit"])
    unit = Unit.objects.get(county=ledger.county, code="fin")
    owner_set(by=scope, county=ledger.county, item="special_operating_fund", unit=unit)


def _statistics(scope: object) -> None:
    """Keep a mapping of a form of statistics, and that another form was seen."""
    from junheng.facts.mapped.load import mapping_from
    from junheng.facts.mapped.recognising import Seen
    from junheng_web.organisation.models import Area
    from junheng_web.statistics.services import forms_see, mapping_save

    county = Area.objects.get(code=COUNTY)
    fields = [{"column": name, "terms": [{"at": at}]} for name, at in (("school_code", "A"), ("primary_pupils", "B"))]
    known = {"form": "示例基1", "name": "示例", "shape": "rows", "begins": "2", "fields": fields}
    form = mapping_from({**known, "anchors": [{"at": "A1", "text": "示例基1"}]}, "示例")
    mapping_save(by=scope, county=county, form=form)
    forms_see(by=scope, county=county, file="示例.xlsx", seen=[("示例", Seen("示例基2", "示例"))])


def _rows() -> dict[str, int]:
    """Return how many rows each of our tables has. ValueError for none: that table's upgrade would be untried."""
    from django.apps import apps

    models = [one for one in apps.get_models() if one.__module__.startswith("junheng_web.")]
    rows = {one._meta.db_table: one._default_manager.count() for one in models}
    if empty := [table for table, count in rows.items() if not count]:
        raise ValueError(f"let _live_a_day() make a row in {', '.join(empty)}")
    return rows


def migrations() -> dict[str, str]:
    """Return the SHA-256 of each of our migrations, by its path."""
    files = sorted((ROOT / "src" / "junheng_web").glob("*/migrations/[0-9]*.py"))
    return {file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def noted() -> dict[str, str]:
    """Return the SHA-256 that were noted down, by path; the file is that of `sha256sum`."""
    lines = RECORD.read_text(encoding="ascii").splitlines() if RECORD.exists() else []
    return {path: digest for digest, path in (line.split("  ") for line in lines)}


def note_migrations() -> None:
    """Note down the migrations that are new."""
    record = sorted((migrations() | noted()).items())
    RECORD.write_text("".join(f"{digest}  {path}\n" for path, digest in record), encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
