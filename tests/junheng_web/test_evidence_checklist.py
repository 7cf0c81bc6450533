"""The checklist of evidence: from the rule book, whose each item is, handed in, reviewed, approved, still lacking."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections import Counter
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import hostile
import pdfs
from collected import SCHOOL, acting
from dossiers import FORMED, HERE, approved, county, given_to, handed, item, of_school, stepped, taken
from handed_in import named
from junheng import api as jh
from junheng_web.dossier.expected import expected_of, things_of
from junheng_web.dossier.gaps import gaps_of
from junheng_web.dossier.handing import Moved, file_serve
from junheng_web.dossier.models import Item, Paper, oldest
from junheng_web.dossier.selectors import items_of
from junheng_web.dossier.services import Asked, Stale, checklist_take, item_change, item_end
from junheng_web.duties.matrix import Set, indicator_set, table_of
from junheng_web.evidence.describing import About, file_describe
from junheng_web.evidence.models import File
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Area, AuditRow, Unit
from places import COUNTY, FOREIGN
from who_reads import PDF, others, pdf

pytestmark = pytest.mark.django_db
State = Paper.State
# What a rule book may say, and the things that are meant.
WORDS = {
    "班级学生名册、统计班额表": ("班级学生名册", "统计班额表"),
    "统计表（教基4155、教基4156）、台账": ("统计表（教基4155、教基4156）", "台账"),
    "承诺书，信访、网信等部门的证明": ("承诺书", "信访、网信等部门的证明"),
    "监测报告": ("监测报告",),
}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.mark.parametrize("words", WORDS)
def test_what_is_meant_by_the_words_of_a_rule_book(words: str) -> None:
    """Brackets and commas hold together what belongs together."""
    assert things_of(words) == WORDS[words]


def test_the_checklist_is_what_the_rule_book_asks_for() -> None:
    """Every thing of every indicator once, in its order; again, nothing is added, and what was ended stays ended."""
    many = taken(dt.date(2026, 12, 1))
    asked = [(one.indicator, text) for one in expected_of(county()) for text in one.things]
    assert many == len(asked) > len(jh.load_standard("national-2017").indicators)
    assert list(Item.objects.order_by("id").values_list("indicator", "text")) == asked
    assert set(Item.objects.values_list("due", flat=True)) == {dt.date(2026, 12, 1)}
    one = item("B10", 2).item
    item_end(by=acting("office"), item=one, day=timezone.localdate(), because="重复", revision=1)
    Item.objects.filter(indicator="B19").delete()
    assert taken() == len([indicator for indicator, _ in asked if indicator == "B19"])
    assert Item.objects.get(id=one.id).ended
    assert AuditRow.objects.filter(action="checklist.take").count() == 2
    assert not Item.objects.filter(county__code=FOREIGN).exists()


def test_an_item_is_the_lead_s_and_nobody_s_where_none_leads() -> None:
    """Nobody is guessed from the order (P2); whoever answers alone is the owner; the office may name another."""
    for indicator, told in table_of(county()).items():
        owner = item(indicator).owner
        lead = told.lead or (told.units[0] if len(told.units) == 1 else "")
        assert (owner.code if owner else "") == lead, indicator
    unled = next(indicator for indicator, told in table_of(county()).items() if not told.lead and len(told.units) > 2)
    units = table_of(county())[unled].units
    assert "没有定牵头" in item(unled).whose
    indicator_set(by=acting("office"), county=county(), indicator=unled, asked=Set(units, units[1]))
    assert item(unled).owner.code == units[1]
    assert given_to("fin", unled).owner.code == "fin"


def test_a_file_goes_through_review_to_approval(as_) -> None:
    """On the pages: the unit hands in, the desk reviews, the office approves; each step stands there with its doer."""
    one = given_to("fin")
    page = f"{HERE}B10/1/"
    sent = {"file": named("平面图.pdf", PDF), "formed_on": "2025-09-10", "number": "示例〔2025〕1号", "compiled": "on"}
    assert as_("fin-staff").post(f"{page}hand-in", sent, follow=True).status_code == 200
    paper = Paper.objects.get(item=one.item)
    assert (paper.state, paper.file.about.formed_on, paper.file.about.compiled) == (State.UPLOADED, FORMED, True)
    for username, deed, state in (
        ("edu-hr-desk", "review", State.REVIEWED),
        ("office", "approve", State.APPROVED),
    ):
        asked = {"deed": deed, "seen": paper.state}
        assert as_(username).post(f"{page}papers/{paper.id}/step", asked).status_code == 302
        paper.refresh_from_db()
        assert paper.state == state
    text = as_("fin-staff").get(page).content.decode()
    for told in ("已审定", "整理件", "示例〔2025〕1号", "审核通过", "2025-09-10 形成"):
        assert told in text
    assert [step.deed for step in paper.steps.all()] == ["hand_in", "review", "approve"]
    assert item().state == State.APPROVED


def test_what_is_returned_says_why_and_is_told(as_) -> None:
    """Without a reason it is not returned; the unit gets a notice that leads to the item."""
    paper = handed(given_to("fin"), "fin-staff")
    address = f"{HERE}B10/1/papers/{paper.id}/step"
    refused = as_("edu-hr-desk").post(address, {"deed": "return", "seen": "uploaded", "note": " "})
    assert refused.status_code == 422
    assert "为什么退回" in refused.content.decode()
    as_("edu-hr-desk").post(address, {"deed": "return", "seen": "uploaded", "note": "缺第二页"})
    notice = Notice.objects.get(key__startswith="paper-returned", post__code="fin-staff")
    told = Notice.objects.filter(key=notice.key)
    assert {one.post.unit.code for one in told} == {"fin"}
    assert "缺第二页" in notice.text
    assert notice.url == f"{HERE}B10/1/"
    assert item().state == State.RETURNED


def test_a_newer_paper_takes_the_place_of_an_older(as_) -> None:
    """The older one stays as it was, with its approval, and does not count; taken back, none counts."""
    older = approved(given_to("fin"))
    newer = handed(item(), "fin-staff", "新佐证.pdf", replaces=older)
    older.refresh_from_db()
    assert (older.state, newer.replaces, item().state) == (State.REPLACED, older, State.UPLOADED)
    assert older.steps.filter(deed="approve").exists()
    assert as_("fin-staff").get(older.file.url).status_code == 200
    with pytest.raises(Moved):
        handed(item(), "fin-staff", "又.pdf", replaces=older)
    stepped(newer, ("fin-staff", "withdraw"))
    assert item().state == "missing"


def test_one_file_serves_many_items() -> None:
    """All or none; each is reviewed by itself; the content is stored once."""
    given_to("fin", "B10", 1)
    second, third = given_to("fin", "B10", 2), given_to("fin", "B13", 1)
    paper = handed(item(), "fin-staff")
    made = file_serve(by=acting("fin-staff"), file=paper.file, items=[second, third])
    assert [one.item.code for one in made] == ["B10-2", "B13-1"]
    stepped(made[0], ("edu-hr-desk", "review"))
    assert (item("B10", 2).state, item("B13", 1).state) == (State.REVIEWED, State.UPLOADED)
    assert File.objects.count() == 1
    with pytest.raises(ValidationError, match="已经交在"):
        file_serve(by=acting("fin-staff"), file=paper.file, items=[given_to("fin", "B10", 3), second])
    assert item("B10", 3).state == "missing"


def test_a_file_says_what_it_proves_and_is_put_to_more(as_) -> None:
    """On its page; only items that are one's own are offered."""
    paper = handed(given_to("fin"), "fin-staff")
    given_to("fin", "B13", 1)
    page = f"{HERE}files/{paper.file.digest}/"
    text = as_("fin-staff").get(page).content.decode()
    assert "B10-1" in text
    assert "B12-1" not in text
    assert as_("fin-staff").post(page, {"items": ["B13-1"]}).status_code == 302
    assert as_("fin-staff").post(page, {"items": ["B12-1"]}).status_code == 422
    assert as_("town-shawan").get(page).status_code == 404
    assert as_("assessor").get(page).status_code == 404


def sent_whole(browser, name: str, content: bytes, query: str = "") -> Any:
    """Send a file in parts, and let it be handed in for B10-1 as the drop zone of the item does."""
    told = json.dumps({"name": name, "size": len(content), "mark": name})
    begun = browser.post(f"/c/{COUNTY}/files/uploads/begin", told, content_type="application/json").json()
    where = f"/c/{COUNTY}/files/uploads/{begun['code']}?at=0"
    browser.post(where, content, content_type="application/octet-stream")
    return browser.post(f"{HERE}B10/1/hand-in/{begun['code']}{query}")


def test_files_dropped_on_an_item_are_papers_of_it(as_) -> None:
    """Each of them, and each file of a zip; what is there already is told, and another unit has no such zone."""
    given_to("fin")
    staff = as_("fin-staff")
    page = staff.get(f"{HERE}B10/1/").content.decode()
    assert f'data-finish="{HERE}B10/1/hand-in/CODE"' in page
    one = sent_whole(staff, "甲.pdf", pdfs.pages("甲")).json()
    assert ([each["name"] for each in one["files"]], one["refused"]) == (["甲.pdf"], [])
    package = hostile.zipped({"照/乙.pdf": pdfs.pages("乙"), "甲.pdf": pdfs.pages("甲"), "旧.doc": hostile.OLE})
    many = sent_whole(staff, "包.zip", package, "?unpack=1").json()
    assert [each["name"] for each in many["files"]] == ["乙.pdf"]
    assert ["不收 .doc" in " ".join(many["refused"]), "已经交在 B10-1 里了" in " ".join(many["refused"])] == [
        True,
        True,
    ]
    papers = Paper.objects.filter(item__indicator="B10", item__number=1)
    assert {one.file.name for one in papers} == {"甲.pdf", "乙.pdf"}
    assert {one.state for one in papers} == {Paper.State.UPLOADED}
    assert sent_whole(as_("edu-hr-desk"), "丙.pdf", pdfs.pages("丙")).status_code in {403, 404}
    assert papers.count() == 2


def test_who_may_hand_in() -> None:
    """The owner and the office; who answers while nobody leads; a school its own; nobody for what was ended."""
    others()
    lead = given_to("fin")
    assert {name for name in ("fin-staff", "edu-staff", "office", "edu-hr-desk") if _may(lead, name)} == {
        *("fin-staff", "office")
    }
    unled = next(
        indicator
        for indicator, told in table_of(county()).items()
        if not told.lead and "fin" in told.units and indicator != "B10"
    )
    assert _may(item(unled), "fin-staff")
    school = of_school(SCHOOL)
    assert {name for name in ("clerk-03", "head-03", "clerk-other", "fin-staff") if _may(school, name)} == {
        *("clerk-03", "head-03")
    }
    item_end(by=acting("office"), item=lead.item, day=timezone.localdate(), because="重复", revision=2)
    assert not _may(item(), "office")


def _may(one, username: str) -> bool:
    try:
        handed(one, username, f"{username}.pdf")
    except (PermissionDenied, Item.DoesNotExist):
        return False
    return True


def test_nobody_reviews_what_he_handed_in_himself() -> None:
    """Another one does; the office approves what another one reviewed."""
    paper = handed(given_to("edu"), "edu-hr-desk")
    with pytest.raises(ValidationError, match="别人审核"):
        stepped(paper, ("edu-hr-desk", "review"))
    with pytest.raises(PermissionDenied):
        stepped(paper, ("fin-staff", "review"))
    with pytest.raises(Moved):
        stepped(paper, ("office", "approve"))
    assert stepped(paper, ("office", "review"), ("office", "approve")).state == State.APPROVED


def test_two_at_once_do_not_both_take_a_step() -> None:
    """The second read another state."""
    paper = handed(given_to("fin"), "fin-staff")
    stepped(paper, ("edu-hr-desk", "review"))
    with pytest.raises(Moved):
        stepped(paper, ("office", "review"))
    one = item().item
    with pytest.raises(Stale):
        item_change(by=acting("office"), item=one, asked=Asked("又一样"), revision=one.revision - 1)


def test_who_sees_which_item() -> None:
    """The office all; a unit what it answers for; a school its own; from outside all, with approved papers alone."""
    others()
    paper, own = approved(given_to("fin")), of_school(SCHOOL)
    handed(item(), "fin-staff", "又.pdf")
    total = Item.objects.count()
    seen = {name: {one.item.code for one in items_of(acting(name), county())} for name in SEES}
    assert {name for name, codes in seen.items() if len(codes) == total} == {
        *("office", "leader", "auditor", "assessor", "area-viewer")
    }
    assert seen["clerk-03"] == {own.item.code}
    assert seen["clerk-other"] == set()
    answered = {indicator for indicator, told in table_of(county()).items() if "fin" in told.units}
    assert {code.split("-")[0] for code in seen["fin-staff"]} == answered | {"B10"}
    assert [one.id for one in item(by="assessor").papers] == [paper.id]
    assert len(item(by="fin-staff").papers) == 2


SEES = ("office", "leader", "auditor", "assessor", "area-viewer", "clerk-03", "clerk-other", "fin-staff")


def test_working_papers_are_not_shown_outside(as_) -> None:
    """No return comment, no step, no paper that is not approved (P6)."""
    paper = handed(given_to("fin"), "fin-staff")
    stepped(paper, ("office", "return"), note="内部的话")
    for username, told in (("fin-staff", True), ("assessor", False), ("area-viewer", False)):
        text = as_(username).get(f"{HERE}B10/1/").content.decode()
        assert ("内部的话" in text, paper.file.name in text) == (told, told), username
        assert (as_(username).get(paper.file.url).status_code == 200) == told, username


def test_what_is_lacking_is_told_item_by_item(as_) -> None:
    """Late, missing, returned, waiting, too old, without a date, without an owner; in words and as a workbook."""
    taken(timezone.localdate() - dt.timedelta(days=1))
    months = jh.load_standard("national-2017").facts_valid_months
    since = oldest(dt.date(2025, 9, 1), months)
    told = {
        1: About(since),
        2: About(since - dt.timedelta(days=1)),
        3: About(),
    }
    for number, about in told.items():
        handed(given_to("fin", "B10", number), "fin-staff", f"{number}.pdf", about=about)
    stepped(Paper.objects.get(item__number=1), ("office", "return"))
    stepped(Paper.objects.get(item__number=2), ("office", "review"), ("office", "approve"))
    found = gaps_of(acting("office"), county(), timezone.localdate())
    kinds = {number: [gap.kind for gap in found if gap.item.code == f"B10-{number}"] for number in (1, 2, 3, 4)}
    assert kinds == {1: ["returned"], 2: ["stale"], 3: ["unreviewed", "undated"], 4: kinds[4]}
    assert "late" in kinds[4]
    unowned = Counter(gap.kind for gap in found)["unowned"]
    assert unowned == sum(one.owner is None for one in items_of(acting("office"), county())) > 0
    office = as_("office")
    page = office.get(f"{HERE}gaps/").content.decode()
    assert "退回没有补 1" in page
    assert all(f"{number}.pdf" in page for number in told)
    by_name = office.get(f"{HERE}gaps/?sort=-paper").content.decode()
    assert by_name.index("3.pdf") < by_name.index("2.pdf") < by_name.index("1.pdf")
    answer = office.get(f"{HERE}gaps/?kind=stale&_export=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[:4] for row in rows[1:]] == [("B10-2", "太旧", item("B10", 2).item.text, "2.pdf")]
    one = item("B10", 2).item
    fin = Unit.objects.get(county=county(), code="fin")
    asked = Asked(one.text, unit=fin, lasting=True)
    item_change(by=acting("office"), item=one, asked=asked, revision=one.revision)
    again = gaps_of(acting("office"), county(), timezone.localdate())
    assert not [gap for gap in again if gap.item.code == "B10-2"]
    assert as_("fin-staff").get(f"{HERE}gaps/").status_code == 403


def test_dates_and_places_stand_beside_the_upload(as_) -> None:
    """P22: said by who handed in and by the office, kept with what was said before, never in the future."""
    paper = handed(given_to("fin"), "fin-staff")
    file = paper.file
    told = {"formed_on": "2025-08-01", "original": "档案室 3 柜 2 盒"}
    assert as_("fin-staff").post(f"{file.url}describe", told).status_code == 302
    file = File.objects.get()
    assert (file.about.formed_on, file.about.original, file.about.number) == (dt.date(2025, 8, 1), told["original"], "")
    assert file.abouts.count() == 2
    assert as_("edu-hr-desk").post(f"{file.url}describe", told).status_code == 403
    text = as_("office").get(file.url).content.decode()
    assert "2025-08-01" in text
    assert told["original"] in text
    future = timezone.localdate() + dt.timedelta(days=1)
    page = as_("fin-staff").post(f"{file.url}describe", {"formed_on": future.isoformat()})
    assert page.status_code == 422
    assert "还没有到" in page.content.decode()
    assert not file_describe(
        by=acting("office"), file=file, about=About(dt.date(2025, 8, 1), "", told["original"]), today=future
    )


def test_the_pages_of_the_office(as_) -> None:
    """An empty county is told what comes first; taken in, narrowed, added for every school, changed, ended."""
    office = as_("office")
    assert "列出清单" in office.get(HERE).content.decode()
    assert "没有归您的佐证清单" in as_("fin-staff").get(HERE).content.decode()
    assert office.post(f"{HERE}take", {"due": "2026-12-01"}).status_code == 302
    assert "专任教师学历统计表" in office.get(f"{HERE}?indicator=B1").content.decode()
    assert "没有符合条件的项" in office.get(f"{HERE}?q=没有这样的").content.decode()
    schools = county_schools()
    office.post(f"{HERE}add/", {"indicator": "B10", "text": "本校照片", "whose": "schools"})
    assert Item.objects.filter(school__isnull=False).count() == schools > 3
    one = Item.objects.get(indicator="B12", number=1)
    sent = {"text": "名册（盖章）", "whose": "unit:edu", "due": "2026-11-30", "lasting": "on", "revision": "1"}
    assert office.post(f"{HERE}B12/1/change/", sent).status_code == 302
    again = office.post(f"{HERE}B12/1/change/", {**sent, "text": "我写的"})
    assert again.status_code == 409
    assert "我写的" in again.content.decode()
    one.refresh_from_db()
    assert (one.text, one.unit.code, one.lasting, one.revision) == ("名册（盖章）", "edu", True, 2)
    assert office.post(f"{HERE}B12/1/end", {"revision": "2"}).status_code == 422
    assert office.post(f"{HERE}B12/1/end", {"revision": "2", "because": "重复"}).status_code == 302
    assert "不再要" in office.get(f"{HERE}B12/1/").content.decode()


def county_schools() -> int:
    from junheng_web.organisation.models import School

    return School.objects.filter(county=county()).count()


def test_a_file_or_a_photo_and_not_both(as_) -> None:
    """Nothing typed is lost."""
    given_to("fin")
    page = f"{HERE}B10/1/hand-in"
    for sent in ({}, {"file": named("一.pdf", PDF), "photo": named("二.jpg", PDF)}):
        answer = as_("fin-staff").post(page, {**sent, "number": "我写的文号"})
        assert answer.status_code == 422
        assert "我写的文号" in answer.content.decode()
    wrong = as_("fin-staff").post(page, {"photo": named("照.jpg", PDF)})
    assert "其实是 pdf" in wrong.content.decode()
    assert not Paper.objects.exists()


def test_the_checklist_asks_the_database_as_often_for_many_papers(as_) -> None:
    """Papers, files and what is said of them come with the items."""
    given_to("fin")
    asked = []
    for number in range(5):
        handed(item(), "fin-staff", f"{number}.pdf")
        with CaptureQueriesContext(connection) as queries:
            assert as_("office").get(f"{HERE}?indicator=B10").status_code == 200
        asked.append(len(queries))
    assert asked[1] == asked[4]


def test_another_county_has_its_own_checklist() -> None:
    """Nothing of it is seen here."""
    abroad = Area.objects.get(code=FOREIGN)
    assert checklist_take(by=None, county=abroad)
    assert not items_of(acting("office"), county())
    assert not items_of(acting("office"), abroad)
    assert pdf()
