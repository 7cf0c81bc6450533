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
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).parent
RECORD = STORED / "migrations.sha256"
BACKUP, ROWS = "backup", "rows.json"
COUNTY = "150699"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


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
    file_add(by=scope, county=county, name="示例.pdf", chunks=[PDF], of=("indicator", "B10"))
    jobs.deed("stored")(lambda work: {"done": True})
    jobs.job_submit("stored", by=scope, county=county)
    jobs.run_next()
    token_issue(by=scope, account=office, county=county, name="示例", days=1)
    SchoolAlias.objects.create(county=county, school=School.objects.first(), name="示例旧名")
    Notice.objects.create(county=county, post=Post.objects.get(code="office"), key="stored", text="示例通知")
    _collect(scope)
    _visit(scope)
    _look_ahead(scope)
    _look_into(scope)
    _organise(scope)
    _duties(scope)
    _statistics(scope)
    _prove(scope)
    _say_to_a_group(scope)
    _plan(scope)
    _fund(scope)
    _report(scope)
    events.react({"stored": ("run.made", lambda event: None)})
    audit.seal()


def _collect(scope: object) -> None:
    """Enter a number, explain it, hand the form in, and give an item to a unit."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from junheng_web.collection.handing.approving import digest_of, finding_explain, step_take
    from junheng_web.collection.handing.deeds import DEEDS
    from junheng_web.collection.handing.filling import form_save
    from junheng_web.collection.ledger.locking import ledger_lock
    from junheng_web.collection.ledger.services import arrangement_set, owner_set
    from junheng_web.collection.ledger.subjects import subject
    from junheng_web.collection.models import Ledger
    from junheng_web.collection.reminding.log import reminder_log
    from junheng_web.collection.sealed.marks import spaced
    from junheng_web.collection.sealed.sealing import form_seal
    from junheng_web.collection.shown.differences import difference_at, difference_explain
    from junheng_web.organisation.models import Unit

    ledger = Ledger.objects.select_related("county", "period").get(county__code=COUNTY, basis="current")
    one = subject(ledger, "school", "1506990001")
    key = ("schools", one.code, "primary_pupils")
    form_save(by=scope, one=one, texts=[(key, "1700", None)])
    found = difference_at(scope, ledger.period, key)
    difference_explain(by=scope, one=found, text="示例原因")
    finding_explain(by=scope, one=one, check="stored", key=key, value="1700", text="示例说明")
    step_take(by=scope, one=one, deed=DEEDS["submit"])
    code = spaced(digest_of(one))
    form_seal(by=scope, one=one, file=SimpleUploadedFile("示例盖章件.pdf", PDF + b"%"), typed=code)
    unit = Unit.objects.get(county=ledger.county, code="fin")
    owner_set(by=scope, period=ledger.period, item="special_operating_fund", unit=unit)
    arrangement_set(by=scope, period=ledger.period, item="special_operating_fund", reviewer=None, second=unit)
    reminder_log(by=scope, one=one, how="telephone", text="示例催办")
    ledger_lock(by=scope, ledger=ledger, level="schools", note="示例锁定")


def _visit(scope: object) -> None:
    """Correct and reply to a visit of the demonstration, and confirm a grade."""
    from django.utils import timezone

    from junheng_web.visits.confirming import grade_confirm, seen_of
    from junheng_web.visits.models import Visit
    from junheng_web.visits.results import items_of, ledger_of
    from junheng_web.visits.services import finding_correct, reply_add

    visit = Visit.objects.select_related("county", "period", "school", "post").get(school__code="1506990006")
    corrected = {"at": ("B28", "moral"), "finding": "partly", "reason": "", "why": "示例更正"}
    finding_correct(by=scope, visit=visit, **corrected)
    reply_add(by=scope, visit=visit, text="示例回复")
    told = {"requirement": "B28", "grade": "", "reason": "", "today": timezone.localdate()}
    seen = seen_of(ledger_of(visit.period), items_of(visit.period, {"B28"})["B28"])
    grade_confirm(by=scope, period=visit.period, seen=seen, **told)


def _look_ahead(scope: object) -> None:
    """Begin to open the next year, give a school another name, and confirm what does not apply."""
    from junheng_web.assessment.applicability import applicability_confirm, items
    from junheng_web.assessment.live import live
    from junheng_web.collection.models import Ledger
    from junheng_web.collection.years.opening import Asked, year_draft_save
    from junheng_web.organisation.models import School
    from junheng_web.organisation.school_services import school_rename

    ledger = Ledger.objects.select_related("county", "period").get(county__code=COUNTY, basis="current")
    school = School.objects.select_related("county").get(county__code=COUNTY, code="1506990002")
    school_rename(by=scope, school=school, name="示例新名", day=dt.date(2026, 9, 1))
    year_draft_save(by=scope, county=ledger.county, asked=Asked("2026-09-01", "national-2017"))
    judged, period = live(ledger), ledger.period
    seen = {(one.key, one.reason) for one in items(judged, period)}
    applicability_confirm(by=scope, judged=judged, period=period, seen=seen)


def _look_into(scope: object) -> None:
    """Verify the first sign that there is."""
    from junheng_web.collection.models import Ledger
    from junheng_web.scrutiny.looking import looked
    from junheng_web.scrutiny.services import sign_verify

    ledger = Ledger.objects.select_related("county", "period").get(county__code=COUNTY, basis="current")
    sign_verify(by=scope, ledger=ledger, sign=looked(ledger).signs[0], note="示例说明")


def _plan(scope: object) -> None:
    """Search for a plan until it is found; the demonstration has set the terms and tried two scenarios."""
    from junheng_web.assessment.selectors import latest_run
    from junheng_web.organisation import jobs
    from junheng_web.organisation.models import Area
    from junheng_web.planning import views  # noqa: F401 (what a search does stands beside its page)
    from junheng_web.planning.adopting import plan_adopt
    from junheng_web.planning.models import Terms
    from junheng_web.planning.services import plan_begin

    county = Area.objects.get(code=COUNTY)
    known = {"base": latest_run(scope, county), "terms": Terms.objects.of(county).first()}
    how = {"seconds": 60, "gap": 100, "points": 0, "alternatives": False}
    plan = plan_begin(by=scope, county=county, name="示例方案", begins=dt.date(2026, 1, 15), how=how, **known)
    jobs.run_next()
    said = {"meeting": "旗长办公会（虚构）", "document": "", "day": dt.date(2026, 2, 1), "reason": "最省"}
    plan.refresh_from_db()
    plan_adopt(by=scope, plan=plan, **said)


def _organise(scope: object) -> None:
    """Hand a post over, move a school, and dissolve a group that was founded for it; the demonstration has the rest."""
    from junheng_web.organisation.appointing import post_hand_over_to_new
    from junheng_web.organisation.grouping import group_dissolve, group_found, seat_put
    from junheng_web.organisation.models import Area, Post, School, Unit
    from junheng_web.organisation.school_services import school_move

    county, day = Area.objects.get(code=COUNTY), dt.date(2026, 6, 30)
    post = Post.objects.select_related("area", "group").get(area=county, code="land-head")
    post_hand_over_to_new(by=scope, post=post, name="示例继任", day=day, document="示例文号")
    school = School.objects.get(county=county, code="1506990003")
    school_move(by=scope, school=school, town=Unit.objects.get(county=county, code="town-baiquan"), day=day)
    group = group_found(by=scope, county=county, name="示例专班", established=day)
    seat_put(by=scope, group=group, place=1, kind="head", post=post, start=day)
    group_dissolve(by=scope, group=group, day=day, because="示例")


def _duties(scope: object) -> None:
    """Change a duty of the demonstration, which has one of every other kind of row that the room keeps."""
    from junheng_web.duties.models import Duty
    from junheng_web.duties.services import content, duty_edit

    duty = Duty.objects.select_related("county").filter(county__code=COUNTY).first()
    duty_edit(by=scope, duty=duty, asked=replace(content(duty), text="示例职责。"), why="示例原因", revision=1)


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


def _prove(scope: object) -> None:
    """Take in the checklist, hand in a paper with its dates, return it, and let it be read."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from junheng_web.dossier.deeds import DEEDS
    from junheng_web.dossier.handing import file_hand_in, paper_take
    from junheng_web.dossier.selectors import item_named
    from junheng_web.dossier.services import checklist_take
    from junheng_web.evidence.clearing import file_clear
    from junheng_web.evidence.describing import About
    from junheng_web.evidence.models import Recognised
    from junheng_web.evidence.reading import files_read
    from junheng_web.evidence.scans import page_read
    from junheng_web.organisation.models import Area

    county = Area.objects.get(code=COUNTY)
    checklist_take(by=scope, county=county, due=dt.date(2026, 12, 1))
    about = About(dt.date(2025, 9, 10), "示例文号", "示例柜", True)
    told = {"file": SimpleUploadedFile("示例佐证.pdf", PDF + b"%%"), "about": about, "today": dt.date(2026, 1, 1)}
    paper = file_hand_in(by=scope, one=item_named(scope, county, "B10", 1), **told)
    paper_take(by=scope, paper=paper, deed=DEEDS["return"], note="示例原因", seen=paper.state)
    files_read(100)
    page_read(Recognised.objects.get_or_create(county=county, file=paper.file, page=1)[0])
    file_clear(by=scope, file=paper.file, shown=True)


def _say_to_a_group(scope: object) -> None:
    """Set a robot up, and put a text on its way to it; and a notice on its way by e-mail."""
    from junheng_web.notices.models import Mail, Notice
    from junheng_web.notices.robot_services import robot_set, robots_say
    from junheng_web.organisation.models import Area

    county = Area.objects.get(code=COUNTY)
    told = {"kind": "wecom", "name": "示例群", "url": "https://qyapi.weixin.qq.com/示例", "secret": "", "used": True}
    robot_set(by=scope, county=county, **told)
    robots_say(by=scope, county=county, key="stored", text="示例的话")
    notice = Notice.objects.get(county=county, key="stored")
    Mail.objects.create(county=county, notice=notice, to="example@example.cn")


def _fund(scope: object) -> None:
    """Put what the demonstration has in the books into the school's form; its ledger has every other kind of row."""
    from junheng_web.funding.rising import newest_form, proposals, rises_fill, seal_of, waiting
    from junheng_web.organisation.models import School

    school = School.objects.select_related("county").get(county__code=COUNTY, code="1506990006")
    one = newest_form(school.county, school)
    seen = seal_of(proposals(one, waiting(school.county, school)))
    rises_fill(by=scope, one=one, school=school, seen=seen)


def _report(scope: object) -> None:
    """Have the demonstration's reports at every stage, and keep a template of the county's own."""
    from junheng_web.home.demonstrated import reports
    from junheng_web.organisation.models import Area
    from junheng_web.reports.services import template_keep

    county = Area.objects.get(code=COUNTY)
    reports.load(county)
    told = {"kind": "brief", "name": "示例模板", "text": "已交办{{交办任务数}}项。"}
    template_keep(by=scope, county=county, **told)


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
