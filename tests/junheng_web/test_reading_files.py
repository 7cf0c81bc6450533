"""Who reads which file: every kind of link, every role, another school, another county; by address, list and search.

What the campaign's rooms link is asked in `test_reading_files_of_the_campaign.py`.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

import junheng_web
from collected import FORM, PUPILS, SCHOOL, acting, approve, form_of, ledger_of, take, type_in
from junheng_web.collection.exchange.importing import KIND as IMPORTED
from junheng_web.collection.handing import agreeing
from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.confirming import form_confirm
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.handing.replying import form_reply
from junheng_web.collection.ledger.fields import item_of
from junheng_web.collection.ledger.services import arrangement_set, owner_set
from junheng_web.collection.sealed.sealing import form_seal
from junheng_web.collection.shown.differences import difference_at, difference_explain
from junheng_web.evidence.kinds import OBJECTS, SENDER
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.readers import kinds, read_by
from junheng_web.evidence.services import file_add, file_link
from junheng_web.organisation.models import Appointment, Area, Post, School, Unit
from junheng_web.organisation.roles import Role
from junheng_web.visits.services import observations_note, photo_add, visit_finish, visit_open
from places import COUNTY
from scanned import scan
from who_reads import (
    CAMPAIGN,
    EVERYBODY,
    HERE,
    OTHER,
    OUTSIDE,
    OVERSEERS,
    OWN,
    only_for,
    others,
    pdf,
    room_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture(autouse=True)
def people() -> None:
    """Beside the demonstration's accounts, those that could take one thing for their own."""
    others()


def handed(kind: str, code: str) -> File:
    """Hand in a file that belongs to an object."""
    sent = pdf(f"{kind}.pdf")
    county = Area.objects.get(code=COUNTY)
    return file_add(by=acting("office"), county=county, name=sent.name, chunks=sent, of=(kind, code))[0]


def proof() -> File:
    """Attach a file to the school's pupils as they are typed in, before anything is handed in."""
    return entry_prove(by=acting("clerk-03"), one=form_of(), key=PUPILS, file=pdf()).file


def proof_handed_in() -> File:
    """Attach it, and hand the form in."""
    file = proof()
    take("clerk-03", "submit")
    take("head-03", "sign")
    return file


def proof_of_what_came_too_late() -> File:
    """Hand the form in, have it returned, and attach the file to another value."""
    take("clerk-03", "submit")
    take("head-03", "sign")
    take("edu-hr-desk", "return", note="请核对")
    type_in("clerk-03", PUPILS, "1891")
    return proof()


def proof_of_what_was_handed_in_before() -> File:
    """Attach it, hand the form in, have it returned, and type in another value: what was handed in stays so."""
    file = proof_handed_in()
    take("edu-hr-desk", "return", note="请核对")
    type_in("clerk-03", PUPILS, "1891")
    return file


def proof_of_what_was_taken_back() -> File:
    """Attach it, hand the form in, and take it back before anybody signs it."""
    file = proof()
    take("clerk-03", "submit")
    take("clerk-03", "recall")
    return file


def sealed() -> File:
    """Attach a scan of the form as it is, before it is handed in."""
    return form_seal(by=acting("clerk-03"), one=form_of(), file=scan(form_of())).file


def sealed_and_handed_in() -> File:
    """Attach a scan of what was handed in."""
    approve()
    return sealed()


def explained() -> File:
    """Say, with a file, why the bases differ in the school's pupils."""
    type_in("clerk-03", PUPILS, "1902")
    one = difference_at(acting("office"), ledger_of().period, PUPILS)
    difference_explain(by=acting("clerk-03"), one=one, text="转入 12 人", file=pdf())
    return Link.objects.get(object_kind="difference").file


def salaries() -> list:
    """Give the education bureau the salaries to fill in, which finance confirms; return their cells."""
    county, period = Area.objects.get(code=COUNTY), ledger_of().period
    fields = [field for field in form_of("office", kind="unit").fields if "B15" in field.indicators]
    for field in fields:
        owner_set(by=None, period=period, item=item_of(field), unit=Unit.objects.get(county=county, code="edu"))
        second = {"second": Unit.objects.get(county=county, code="fin"), "reviewer": None, "terms": ""}
        arrangement_set(by=None, period=period, item=item_of(field), **second)
    assert agreeing.named(form_of("edu", kind="unit"), agreeing.CONFIRM)
    return fields


def confirmed() -> File:
    """Enter finance's letter on the bureau's form, as the office does."""
    salaries()
    for deed in ("submit", "sign"):
        step_take(by=acting("office"), one=form_of("edu", kind="unit"), deed=DEEDS[deed])
    form_confirm(by=acting("office"), one=form_of("edu", kind="unit"), note="财字 1 号", file=pdf())
    return Link.objects.get(object_kind="confirmation").file


def replied() -> File:
    """Enter what the bureau's letter says of one of the county's items."""
    key = salaries()[0].key
    one = form_of("edu", kind="unit")
    form_reply(by=acting("office"), one=one, whom="教育局", file=pdf(), texts=[(key, "98765", None)])
    return Link.objects.get(object_kind="entry").file


def photo(*, finished: bool = False) -> File:
    """Add a photo to a visit of the clerk's school."""
    day, point = dt.date(2025, 10, 20), ("B28", "moral")
    told = {"post": Post.objects.get(code="inspector-1"), "date": day, "items": ("B28",)}
    visit = visit_open(by=acting("office"), period=ledger_of().period, school=School.objects.get(code=SCHOOL), **told)
    by = acting("inspector-1")
    observations_note(by=by, visit=visit, texts=[((*point, "finding"), "met", None)])
    file = photo_add(by=by, visit=visit, at=point, name="照片.pdf", chunks=pdf())
    if finished:
        visit_finish(by=by, visit=visit, date=day, today=day + dt.timedelta(days=1))
    return file


def loose() -> File:
    """Hand in a file that belongs to nothing."""
    sent = pdf()
    return file_add(by=acting("town-shawan"), county=Area.objects.get(code=COUNTY), name=sent.name, chunks=sent)[0]


def sent_again() -> File:
    """Hand in what somebody else has handed in before."""
    file = loose()
    sent = pdf()
    file_add(by=acting("clerk-other"), county=file.county, name=sent.name, chunks=sent)
    return file


def of_no_rule() -> File:
    """Link a file to what no room has given a rule, as an older or newer version may have done."""
    file = handed("indicator", "B10")
    file.links.update(object_kind="planet", object_code="1")
    File.objects.filter(id=file.id).update(by_account=None)
    return file


AT_SCHOOL = OVERSEERS | OWN
# How a file comes to be linked, by the kind of link; and who reads it then. (What one handed in oneself one reads.)
CASES: dict[str, tuple[str, Callable[[], File], set[str]]] = {
    "a draft's proof": ("entry", proof, AT_SCHOOL),
    "a proof that was handed in": ("entry", proof_handed_in, AT_SCHOOL | OUTSIDE),
    "a proof that came too late": ("entry", proof_of_what_came_too_late, AT_SCHOOL),
    "a proof that was handed in before": ("entry", proof_of_what_was_handed_in_before, AT_SCHOOL | OUTSIDE),
    "a proof that was taken back": ("entry", proof_of_what_was_taken_back, AT_SCHOOL),
    "a letter of a unit": ("entry", replied, OVERSEERS | {"edu-staff"}),
    "a draft's scan": ("sealed", sealed, AT_SCHOOL),
    "a scan of what was handed in": ("sealed", sealed_and_handed_in, AT_SCHOOL | OUTSIDE),
    "why the bases differ": ("difference", explained, AT_SCHOOL),
    "a letter of confirmation": ("confirmation", confirmed, OVERSEERS | {"edu-staff", "fin-staff"}),
    "a workbook of all schools": ("ledger", lambda: handed(IMPORTED, "2025:census"), OVERSEERS),
    "a visit that goes on": ("visit", photo, OVERSEERS | {"inspector-1"}),
    "a visit that is finished": ("visit", lambda: photo(finished=True), AT_SCHOOL | {"inspector-1", "assessor"}),
    "an indicator's": ("indicator", lambda: handed("indicator", "B10"), EVERYBODY),
    "a school's": ("school", lambda: handed("school", SCHOOL), EVERYBODY - {"clerk-other"}),
    "a run's": ("run", lambda: handed("run", "r1"), EVERYBODY),
    "a snapshot's": ("snapshot", lambda: handed("snapshot", "s1"), EVERYBODY),
    "what was handed in again": (SENDER, sent_again, OVERSEERS | {"town-shawan", "clerk-other"}),
    "what belongs to nothing": ("", loose, OVERSEERS | {"town-shawan"}),
    "what no room has given a rule": ("planet", of_no_rule, set()),
}


def test_every_kind_has_a_case_and_every_role_is_asked() -> None:
    """A rule that nobody looks at would be no wall."""
    campaign = {name for name, kind in kinds().items() if room_of(kind) in CAMPAIGN}
    assert {kind for kind, _, _ in CASES.values()} - {"", "planet"} == set(kinds()) - campaign
    held = Appointment.objects.filter(person__account__username__in=EVERYBODY | {"administrator"})
    assert set(held.values_list("post__role", flat=True)) == set(Role)


@pytest.mark.parametrize("about", CASES)
def test_a_file_is_for_whom_its_room_says(as_, about: str) -> None:
    """Whoever else knows its SHA-256 finds no page, no content, no line in the list, nothing by name or object."""
    kind, make, readers = CASES[about]
    file = make()
    link = file.links.exclude(object_kind=SENDER).first()
    assert (link.object_kind if link else "") == (kind if kind != SENDER else "")
    only_for(as_, file, (link.object_kind, link.object_code) if link else ("", ""), readers)


def calls_that_link() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call by which a room links a file, with the file that it stands in."""
    for source in Path(junheng_web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"file_add", "file_link"}:
                yield source.relative_to(Path(junheng_web.__file__).parent).parts[0], node


def test_every_room_that_links_files_says_who_reads_them() -> None:
    """In its `file_readers.py`; and there is one place that hands out content."""
    rooms = {room for room, _ in calls_that_link()} - {"evidence"}
    rules = {room_of(kind) for kind in kinds().values()}
    assert rooms
    assert rooms <= rules
    served = [
        source.name
        for source in Path(junheng_web.__file__).parent.rglob("*.py")
        if "FileResponse(" in source.read_text(encoding="utf-8") and source.parent.name == "evidence"
    ]
    assert served == ["views.py"]


def test_a_kind_without_a_rule_is_not_linked() -> None:
    """A room that forgot to say who reads its files finds out by its first test; a kind is given once."""
    file = loose()
    with pytest.raises(ValidationError):
        file_link(by=acting("office"), file=file, of=("planet", "1"))
    assert not file.links.exists()
    with pytest.raises(ValueError, match="already"):
        read_by("entry", "又一种")(lambda scope, county, links: links)


def test_what_a_room_has_linked_is_not_linked_or_taken_off_by_hand(as_) -> None:
    """Nor is a file that one may not read linked to what one may."""
    file, other = proof(), as_("clerk-other")
    address = f"{HERE}{file.digest}/links"
    assert other.post(address, {"object_kind": "school", "object_code": OTHER}).status_code == 404
    assert other.post(f"{address}/{file.links.get().id}/remove").status_code == 404
    assert as_("clerk-03").post(f"{address}/{file.links.get().id}/remove").status_code == 403
    for kind in kinds().keys() - OBJECTS.keys():
        office = as_("office")
        sent = {"file": pdf("又.pdf")}
        assert office.post(f"{HERE}add?kind={kind}&code=1", sent).status_code == 403, kind
        assert office.post(address, {"object_kind": kind, "object_code": "1"}).status_code == 422, kind
    assert file.links.count() == 1


def test_a_link_is_taken_off_by_the_office_or_by_who_handed_the_file_in(as_) -> None:
    """Nobody else takes a proof off an indicator, though everybody may read it."""
    file = handed("indicator", "B10")
    page = f"{HERE}{file.digest}/"
    for username, may in (("fin-staff", False), ("edu-hr-desk", False), ("office", True)):
        address = f"{page}links/{file.links.get().id}/remove"
        assert (address in as_(username).get(page).content.decode()) == may, username
        assert as_(username).post(address).status_code == (302 if may else 403), username
    assert not file.links.exists()


def test_a_file_that_belongs_to_two_things_tells_a_reader_of_one_nothing_of_the_other(as_) -> None:
    """The office has put a proof to an indicator: everybody reads it, and not whose number it proves."""
    file = proof()
    file_link(by=acting("office"), file=file, of=("indicator", "B10"))
    for username, told in (("clerk-03", True), ("clerk-other", False)):
        for address in (HERE, f"{HERE}{file.digest}/"):
            text = as_(username).get(address).content.decode()
            assert "指标 B10" in text
            assert ("primary_pupils" in text) == told, (username, address)
    link = file.links.get(object_kind="entry")
    listed = as_("clerk-other").get(f"{HERE}?kind=entry&code={link.object_code}").content.decode()
    assert file.digest not in listed


def test_pages_lead_to_a_file_only_whom_it_is_for(as_) -> None:
    """A trace that everybody sees names the file to whom may read it, and says to others that there is one."""
    file = proof()
    approve()
    code = as_("office").post(f"/c/{COUNTY}/approved/2025/current/").url.split("/")[-3]
    trace = f"/c/{COUNTY}/trace/B1/?school={SCHOOL}&stage=primary&run={code}"
    for username in ("office", "head-03", "assessor", "clerk-other", "fin-staff"):
        text = as_(username).get(trace).content.decode()
        reads = username in OVERSEERS | OWN | OUTSIDE
        assert (f"/files/{file.digest}/" in text, file.name in text) == (reads, reads), username
        assert ("您的岗位不能看" in text) == (not reads), username
    history = as_("head-03").get(f"{FORM}history", {"key": json.dumps(PUPILS)}).content.decode()
    assert f"/files/{file.digest}/" in history


def test_the_list_asks_as_often_for_many_files_whoever_asks(as_) -> None:
    """Of each kind once, not of each file."""
    clerk, assessor, asked = as_("clerk-03"), as_("assessor"), {}
    take("clerk-03", "submit")
    take("head-03", "sign")
    for number in range(6):
        file = entry_prove(by=acting("clerk-03"), one=form_of(), key=PUPILS, file=pdf(f"佐证{number}.pdf"))
        assert file
        for browser in (clerk, assessor):
            with CaptureQueriesContext(connection) as queries:
                assert f"佐证{number}.pdf" in browser.get(HERE).content.decode()
            asked.setdefault(id(browser), []).append(len(queries))
    for many in asked.values():
        assert many[1] == many[-1]
