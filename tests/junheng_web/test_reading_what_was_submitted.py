"""Assessors see what was handed in, its evidence and its formal corrections, and nothing of how it came about (P6)."""

from __future__ import annotations

import json

import pytest

from collected import HERE, PUPILS, SCHOOL, acting, approve, form_of, take, type_in
from handed_in import named
from junheng_web.collection.handing.approving import finding_explain
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.sealed.sealing import form_seal
from junheng_web.collection.shown.submitted import submitted_form
from scanned import scan

pytestmark = pytest.mark.django_db
LIST = f"{HERE}submitted/"
PAGE = f"{LIST}school/{SCHOOL}/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
READERS = ("assessor", "area-viewer", "leader", "office", "auditor")


def test_what_was_handed_in_is_shown_with_who_evidence_and_seal(as_) -> None:
    """To assessors, to whoever looks from above, and to the county's own heads: the same page."""
    entry_prove(by=acting("clerk-03"), one=form_of(), key=PUPILS, file=named("花名册汇总.pdf", PDF))
    approve()
    form_seal(by=acting("clerk-03"), one=form_of(), file=scan(form_of(), "实验小学盖章件.pdf"))
    for reader in READERS:
        listed = as_(reader).get(LIST).content.decode()
        assert ("示例旗实验小学" in listed, "另有 30 份表还没有提交" in listed) == (True, True), reader
        page = as_(reader).get(PAGE).content.decode()
        for told in ("1890", "花名册汇总.pdf", "实验小学盖章件.pdf", "罗思齐", "陈乐平", "已审定", "没有更正过"):
            assert told in page, (reader, told)


def test_a_draft_is_not_there(as_) -> None:
    """Neither a form that was never handed in, nor one that was taken back before it was signed, nor what is typed."""
    type_in("clerk-03", PUPILS, "77777")
    assert as_("assessor").get(PAGE).status_code == 404
    take("clerk-03", "submit")
    take("clerk-03", "recall")
    assert as_("assessor").get(PAGE).status_code == 404
    assert "示例旗实验小学" not in as_("assessor").get(LIST).content.decode()
    type_in("clerk-03", PUPILS, "1890")
    approve()
    take("office", "withdraw", note="班级数报错")
    type_in("clerk-03", PUPILS, "66666")
    page = as_("assessor").get(PAGE).content.decode()
    for told, there in (("1890", True), ("66666", False), ("77777", False), ("已退回更正", True)):
        assert (told in page) == there, told


def test_a_formal_correction_is_shown_without_the_comments(as_) -> None:
    """Both values that were handed in, and when; not why it was returned, nor what was said of findings."""
    key = ("schools", SCHOOL, "primary_classes")
    finding_explain(by=acting("clerk-03"), one=form_of(), check="x", key=key, value="1", text="内部说明甲")
    take("clerk-03", "submit", note="附言乙")
    reasons = [{"table": "schools", "row": SCHOOL, "column": "primary_pupils", "text": "逐项理由丙"}]
    take("head-03", "return", note="退回原因丁", reasons=reasons)
    for passing in ("55555", "1888"):
        type_in("clerk-03", PUPILS, passing)
    approve()
    page = as_("assessor").get(PAGE).content.decode()
    for working_paper in ("内部说明甲", "附言乙", "逐项理由丙", "退回原因丁", "55555"):
        assert working_paper not in page, working_paper
    ((at, (change,)),) = submitted_form(form_of())["corrections"]
    assert (change.label, change.before, change.after) == ("小学在校生数", "1890", "1888")
    assert f"{at:%Y-%m-%d %H:%M} 重新提交" in page


def test_assessors_reach_no_other_page_of_collection(as_) -> None:
    """No board, form, history, printed form, findings, differences or locks; schools and desks have no such list."""
    approve()
    form = f"{HERE}school/{SCHOOL}/"
    key = json.dumps(PUPILS)
    for reader in ("assessor", "area-viewer"):
        browser = as_(reader)
        for page in (HERE, form, f"{form}history?key={key}", f"{form}printed", f"{form}findings", f"{form}sealed/"):
            assert browser.get(page).status_code == 403, (reader, page)
        assert browser.post(f"{form}step/return", {"note": "x"}).status_code == 403
    for other in ("clerk-03", "fin-staff", "edu-hr-desk"):
        assert as_(other).get(PAGE).status_code == 403


def test_the_menu_leads_assessors_there(as_) -> None:
    """On the basis of the application first."""
    menu = as_("assessor").get(f"{HERE.split('2025')[0]}submitted/").content.decode()
    assert "提交的数" in menu
    assert "还没有提交过的表" in menu
    assert 'aria-current="page">统计口径' in menu
