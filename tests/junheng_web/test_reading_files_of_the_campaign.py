"""Who reads files of tasks, dispatches, instructions, reports, issues and declarations: by address, list and search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import funded as funds
import reported as reported_on
from collected import SCHOOL, acting
from dossiers import given_to, handed, of_school, stepped
from junheng_web.duties.models import Duty
from junheng_web.duties.services import report_file_add
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.readers import kinds
from junheng_web.evidence.selectors import files_of
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import Area, School
from junheng_web.rectification.models import VetoDuty
from junheng_web.rectification.services import issue_raise, issue_send
from junheng_web.rectification.veto_services import duties_set, veto_declare
from junheng_web.supervision import deciding, doing, issuing, services
from junheng_web.supervision.chain import Deed, Status, Task
from junheng_web.supervision.models import Instruction
from places import COUNTY, FOREIGN
from supervised import HERE as TASKS
from supervised import assigned, county, days, drafted, moved, post, today, unit
from who_reads import CAMPAIGN, EVERYBODY, appointed, only_for, others, pdf, room_of

pytestmark = pytest.mark.django_db
# Whoever sees every unit's; the education bureau with its desks, one of which no other test asks for.
ALL = {"leader", "office", "auditor"}
BUREAU, SIBLING = {"edu-staff", "edu-hr-desk", "edu-fin-desk"}, "edu-fin-desk"
ASKED = frozenset(EVERYBODY | {SIBLING})
SINCE, LATER = dt.date(2025, 12, 20), dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture(autouse=True)
def people() -> None:
    """Beside the demonstration's accounts, those that could take one thing for their own; and a desk beside a desk."""
    others()
    appointed(SIBLING, county(), role="desk", unit=unit("edu-fin"))


def last_of(kind: str) -> File:
    """Return the file that was linked last to something of a kind."""
    return Link.objects.filter(object_kind=kind).latest("id").file


def told_of(task: Task, by: str = "office") -> File:
    """Say how far a task is, with a file, as its page does; the office from paper."""
    if task.status == Status.ASSIGNED:
        services.task_receive(by=acting(by), task=task)
        task.refresh_from_db()
    form = doing.form_for(Deed.REPORT, task, {"report-note": "见附件"}, {"report-file": pdf("进展.pdf")})
    assert form.is_valid(), form.errors
    doing.take(acting(by), task, Deed.REPORT, form)
    return last_of("task")


def school() -> School:
    """Return the school of the demonstration's head and clerk."""
    return School.objects.get(county__code=COUNTY, code=SCHOOL)


def taken_back() -> File:
    """Give a task back to the office after something was handed in to it."""
    task = assigned()
    file = told_of(task)
    moved(task, status=Status.PROPOSED)
    return file


def signed(code: str) -> File:
    """Sign a slip to a unit on paper: the office enters it with the scan."""
    slip = issuing.dispatch_review(by=acting("office"), dispatch=drafted(units=[unit(code)]))
    told = {"day": today(), "scan": pdf("签发件.pdf"), "signer": "示例"}
    issuing.dispatch_sign(by=acting("office"), dispatch=slip, **told)
    return last_of("dispatch")


def instructed(code: str = "fin", *, sent: bool = True) -> File:
    """Enter what the leader instructed with its scan; and assign the task that came of it."""
    told = {"leader": post("leader"), "text": "请办", "unit": unit(code), "due": days(5), "scan": pdf("批示件.pdf")}
    made = deciding.instruction_give(by=acting("office"), county=county(), **told)
    if sent:
        services.task_assign(by=acting("office"), task=made.task)
    return last_of("instruction")


def reported(code: str, by: str) -> File:
    """Add a file to what a unit reports each month."""
    duty = Duty.objects.select_related("county").filter(county__code=COUNTY, units__code=code).first()
    Duty.objects.filter(id=duty.id).update(cadence="month", since=SINCE, due_days=5, why="示例")
    duty.refresh_from_db()
    sent = pdf("材料.pdf")
    told = {"duty": duty, "unit": unit(code), "period": "2026-01", "today": LATER}
    return report_file_add(by=acting(by), name=sent.name, chunks=sent, **told)


def proved(code: str = "", desk: str = "", **more: object) -> File:
    """Put a proof to an issue; with a unit, one that was sent to it."""
    issue = issue_raise(by=acting("office"), county=county(), title="示例问题", **more)
    if code:
        to = unit(desk) if desk else None
        issue = issue_send(by=acting("office"), issue=issue, unit=unit(code), desk=to, due=days(10))
    sent = pdf("凭证.pdf")
    told = {"county": county(), "name": sent.name, "chunks": sent, "of": ("issue", issue.code)}
    return file_add(by=acting("office"), **told)[0]


def declared(code: str, by: str, *, nothing: bool = True) -> File:
    """Declare on a veto item, with a file; where something happened, the file may be the incident itself."""
    since, part = today() - dt.timedelta(200), "choice"
    told = {"units": [unit(code)], "cadence": "quarter", "since": since, "due_days": 10}
    duties_set(by=acting("office"), county=county(), part=part, **told)
    duty = VetoDuty.objects.select_related("unit__county", "county").get(county=county(), part=part)
    span = f"{today().year}-Q{(today().month + 2) // 3}"
    said = {"span": span, "nothing": nothing, "text": "示例", "today": today(), "file": pdf("申报.pdf")}
    veto_declare(by=acting(by), duty=duty, **said)
    return last_of("veto")


def funded(beside: str = "", **more: object) -> File:
    """Put a proof to an item, or to one of its gates."""
    one = funds.item(**more)
    sent = pdf("验收单.pdf")
    told = {"county": county(), "name": sent.name, "chunks": sent, "of": ("funding", f"{one.code}{beside}")}
    return file_add(by=acting("office"), **told)[0]


def certified() -> File:
    """Put a scan to one of a school's certificates."""
    sent = pdf("土地证.pdf")
    told = {"county": county(), "name": sent.name, "chunks": sent, "of": ("certificate", f"{SCHOOL}:land")}
    return file_add(by=acting("office"), **told)[0]


# Who keeps the funding ledger of the demonstration with the office.
KEEPERS = {"fin-staff", *BUREAU}


def paper_of(code: str, by: str, *, approve: bool = False) -> File:
    """Hand in a paper as the unit that an item is given to; the education bureau answers for the indicator as well."""
    paper = handed(given_to(code), by)
    return (stepped(paper, ("office", "review"), ("office", "approve")) if approve else paper).file


def school_paper() -> File:
    """Hand in a paper that a school was asked for."""
    return handed(of_school(SCHOOL), "clerk-03").file


def word_file() -> SimpleUploadedFile:
    """Return a Word file whose text quotes a figure."""
    document = docx.Document()
    document.add_paragraph(reported_on.TEXT)
    return reported_on.word(document)


def template() -> File:
    """Keep a template of the county's own."""
    reported_on.services.template_keep(
        by=acting("office"), county=county(), kind="brief", name="示例模板", file=word_file()
    )
    return last_of("report_template")


def draft() -> File:
    """Let a draft follow a Word file of its own."""
    reported_on.edited(reported_on.written(), "", file=word_file())
    return last_of("report")


def signed_report(**more: object) -> File:
    """Return what the signature of a report froze."""
    reported_on.signed(**more)
    return last_of("report")


# Whoever works in the county reads what was signed there; what compares units stays inside.
INSIDE = ALL | BUREAU | {"fin-staff", "town-shawan"}
AT_SCHOOL = {"clerk-03", "head-03", "inspector-1"}
# How a file comes to be linked, by the kind of link; and who reads it then.
CASES: dict[str, tuple[str, Callable[[], File], set[str]]] = {
    "a step of a unit's task": ("task", lambda: told_of(assigned(), "fin-staff"), ALL | {"fin-staff"}),
    "a step entered for the unit": ("task", lambda: told_of(assigned()), ALL | {"fin-staff"}),
    "a step of a town's task": (
        "task",
        lambda: told_of(assigned(unit=unit("town-shawan"), desk=post("town-shawan"))),
        ALL | {"town-shawan"},
    ),
    "a step of what others support": (
        "task",
        lambda: told_of(assigned(supports=[unit("edu")])),
        ALL | {"fin-staff"} | BUREAU,
    ),
    "a step of what a desk does": (
        "task",
        lambda: told_of(assigned(unit=unit("edu-hr"), desk=post("edu-hr-desk"))),
        ALL | BUREAU - {SIBLING},
    ),
    "a step of what is about a school": (
        "task",
        lambda: told_of(assigned(schools=[school()])),
        ALL | {"fin-staff"},
    ),
    "a step of what was given back": ("task", taken_back, ALL),
    "a slip to a unit": ("dispatch", lambda: signed("fin"), ALL | {"fin-staff"}),
    "a slip to a bureau with desks": ("dispatch", lambda: signed("edu"), ALL | BUREAU),
    "an instruction that was not sent on": ("instruction", lambda: instructed(sent=False), ALL),
    "an instruction that was assigned": ("instruction", instructed, ALL | {"fin-staff"}),
    "an instruction for a bureau": ("instruction", lambda: instructed("edu"), ALL | BUREAU),
    "a unit's report": ("duty_report", lambda: reported("fin", "fin-staff"), ALL | {"fin-staff"}),
    "a bureau's report on paper": ("duty_report", lambda: reported("edu", "office"), ALL | BUREAU),
    "an issue that was not sent": ("issue", lambda: proved(school=school()), ALL),
    "an issue of a unit": ("issue", lambda: proved("fin"), ALL | {"fin-staff"}),
    "an issue of a school": ("issue", lambda: proved("fin", school=school()), ALL | {"fin-staff"} | AT_SCHOOL),
    "an issue at a desk": ("issue", lambda: proved("edu", "edu-hr"), ALL | BUREAU),
    "an item of a school": ("funding", funded, ALL | KEEPERS | {"clerk-03", "head-03"}),
    "a gate of a school's item": ("funding", lambda: funded(":accept"), ALL | KEEPERS | {"clerk-03", "head-03"}),
    "an item that a town answers for": (
        "funding",
        lambda: funded(school=None, place="示例", unit=unit("town-shawan")),
        ALL | KEEPERS | {"town-shawan"},
    ),
    "a school's certificate": ("certificate", certified, ALL | KEEPERS | {"clerk-03", "head-03"}),
    "a paper that waits": ("item", lambda: paper_of("fin", "fin-staff"), ALL | {"fin-staff"} | BUREAU),
    "a paper that was approved": (
        "item",
        lambda: paper_of("fin", "fin-staff", approve=True),
        ALL | {"fin-staff", "assessor", "area-viewer"} | BUREAU,
    ),
    "a paper of a school": ("item", school_paper, ALL | {"clerk-03", "head-03", "fin-staff"} | BUREAU),
    "a report's template": ("report_template", template, {"office"}),
    "a report's draft": ("report", draft, {"leader", "office", "edu-hr-desk", "fin-staff"}),
    "a signed report": ("report", signed_report, INSIDE),
    "a unit's declaration": ("veto", lambda: declared("fin", "fin-staff"), ALL | {"fin-staff"}),
    "a bureau's declaration on paper": ("veto", lambda: declared("edu", "office"), ALL | BUREAU),
    "that something happened": (
        "veto",
        lambda: declared("fin", "fin-staff", nothing=False),
        {"leader", "office", "fin-staff"},
    ),
}


def test_every_kind_of_the_campaign_has_a_case() -> None:
    """A rule that nobody looks at would be no wall."""
    assert {kind for kind, _, _ in CASES.values()} == {
        name for name, kind in kinds().items() if room_of(kind) in CAMPAIGN
    }


@pytest.mark.parametrize("about", CASES)
def test_a_file_of_the_campaign_is_for_whom_its_room_says(as_, about: str) -> None:
    """Nobody else finds it; nor does anybody here find what another county has under the same name."""
    kind, make, readers = CASES[about]
    file = make()
    link = file.links.get()
    assert link.object_kind == kind
    of = (link.object_kind, link.object_code)
    only_for(as_, file, of, readers, ASKED)
    sent, abroad = pdf("别旗.pdf"), Area.objects.get(code=FOREIGN)
    twin = file_add(by=acting("foreign"), county=abroad, name=sent.name, chunks=sent, of=of)[0]
    assert list(files_of(acting("foreign"), abroad)) == [twin]
    assert {name for name in ASKED if {twin} & {*files_of(acting(name), county(), "", of)}} == set()
    assert {name for name in ASKED if {twin} & {*files_of(acting(name), abroad)}} == set()


def test_the_page_of_a_task_leads_to_the_leaders_sheet_whom_the_task_was_assigned(as_) -> None:
    """The unit reads what the leader wrote; a school that the task is about reads the task, and not the sheet."""
    file = instructed()
    task = Instruction.objects.latest("id").task
    task.places.create(county=county(), school=school())
    sheet = f"/files/{file.digest}/"
    for username, reads in (("fin-staff", True), ("leader", True), ("auditor", True), ("head-03", False)):
        page = as_(username).get(task.url)
        text = page.content.decode()
        assert (page.status_code, sheet in text, file.name in text) == (200, reads, reads), username
        assert ("白音仓" in text) == reads, username
    assert as_("town-shawan").get(task.url).status_code == 404
    for username in ("leader", "office"):
        assert sheet in as_(username).get(f"{TASKS}instructions/").content.decode()
    assert as_("fin-staff").get(f"{TASKS}instructions/").status_code == 403


def test_a_school_that_a_task_is_about_sees_no_files_of_its_steps(as_) -> None:
    """They are working papers (P6): the page names none of them to it."""
    task = assigned(schools=[school()])
    file = told_of(task)
    for username, reads in (("head-03", False), ("fin-staff", True)):
        page = as_(username).get(task.url)
        assert (page.status_code, file.name in page.content.decode()) == (200, reads), username
