"""A report's own tables: seen before it is signed, kept by the signature cell by cell, compared afterwards."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pypdfium2
import pytest
from django.db import connection
from django.utils import timezone
from django.utils.html import escape

import readied
from collected import acting
from dossiers import taken
from junheng import papers
from junheng_web.collection.models import Ledger
from junheng_web.duties.matrix import Set, indicator_set, table_of
from junheng_web.funding.models import Item
from junheng_web.rectification.models import Issue
from junheng_web.reports import comparing, printed, services, signing
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.kinds import SEALS
from junheng_web.reports.models import Kind, Report, Signature
from junheng_web.reports.signing import digest_of
from reported import HERE, REVIEWERS, again, agreed, county, decided, edited, kept, said, sent, signed, written

pytestmark = pytest.mark.django_db
# What the county writes itself is invented; one number does for all of them, since none is larger than another.
BASICS = "\n".join(f"{one.label}：{'示例（虚构）' if one.kind == 'text' else 400}" for one in papers.basics_asked())
FORM = ("申报表.docx", "申报表.xlsx", "申报表.pdf")


def drafted(text: str = "现申报。") -> Report:
    """Return an application form on which nothing that the county writes is left open."""
    report = written(kind=Kind.APPLICATION, text="")
    edited(report, text, basics=BASICS)
    return again(report)


def form_signed() -> Signature:
    """Return the signature of an application form whose letter quotes no figure, signed by the leader."""
    report = services.report_send(by=acting("office"), report=drafted())
    for code in REVIEWERS:
        report = said(report, code)
    return signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())


def made_ready() -> None:
    """Let all be reported, approved, sealed, judged, locked, decided and proved."""
    readied.surveyed()
    readied.reported()
    readied.handed_in()
    readied.judged()
    readied.locked()
    decided()
    taken()
    readied.proved()


def corrected() -> None:
    """Let a school correct what its equipment is worth, and judge that."""
    readied.locked(Ledger.Level.OPEN)
    readied.withdrawn(readied.LACKING)
    readied.reported("350")
    readied.approved(readied.LACKING)
    readied.judged()


def moved(made: Signature, name: str = "leader") -> list[comparing.Moved]:
    """Return what a signed report's tables say today instead."""
    version = made.report.versions.get(number=made.version)
    now = printed.tables_of(acting(name), made.report, version)
    return comparing.tables_since(made.tables, now, printed.address_of(county()))


def page(as_, made: Signature, name: str = "leader") -> str:
    return as_(name).get(made.report.url).content.decode()


def test_a_signed_form_tells_each_cell_that_changed_though_its_letter_quotes_none(as_) -> None:
    """Table, row, column, then and now; each leads to where it comes from; what was signed holds."""
    made_ready()
    made = form_signed()
    word = {cell.text for one in docx.Document(BytesIO(kept(made.files[2]))).tables for cell in one._cells}
    frozen = {cell["text"] for one in made.tables for row in one["rows"] for cell in row["cells"]}
    assert made.files[2]["name"] == "申报表.docx"
    assert {one["name"] for one in made.tables} >= {"封面", "表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"}
    assert frozen & word == {one for one in frozen if one in word}
    assert len(frozen - word) < len(frozen) / 20
    assert moved(made) == []
    assert "附表没有变化" in page(as_, made)
    corrected()
    assert comparing.since(made, catalogue(county(), timezone.localdate())) == []
    found = moved(made)
    school = next(one for one in found if one.table == "表Ⅱ-2" and one.column.startswith("L12"))
    spread = next(one for one in found if one.table == "表Ⅲ" and one.row == "初中 差异系数" and "L6" in one.column)
    assert readied.census(readied.LACKING).name in school.row
    assert float(school.now) == pytest.approx(float(school.then) * 350 / 200, rel=1e-3)
    assert spread.then != spread.now
    for name in ("leader", "office", *REVIEWERS):
        told = page(as_, made, name)
        assert f'<td class="wrap">{school.then}</td>' in told
        assert f">{school.now}</a>" in told
    assert as_("office").get(school.url).status_code == 200
    assert signing.faults(made) == []
    assert "附表和现在是否一样，由起草、会审和签发的人看" in page(as_, made, "town-shawan")
    shown = as_("assessor").get(f"{made.report.url}tables/").content.decode()
    assert f"<td>{school.then}</td>" in shown
    assert f"<td>{school.now}</td>" not in shown


def put(made: Signature, tables: str | None, digest: str = "") -> None:
    """Write into what was signed past the platform, which itself writes a signature once."""
    with connection.cursor() as cursor:
        told = [tables, digest or made.digest, made.id]
        cursor.execute("UPDATE reports_signature SET tables = %s, digest = %s WHERE id = %s", told)


def test_what_was_signed_before_tables_were_kept_says_that_it_cannot_tell(as_) -> None:
    """It is whole by the hash that it had then; a table that is taken away or changed later is a fault."""
    made = signed(kind=Kind.DUTIES, text="如附表。")
    put(made, None, digest_of(made.words, made.figures, made.files, None))
    told = page(as_, made)
    assert "附表变了没有，看不出" in told
    assert "没有变化" not in told
    assert "和签发时不一样：" not in told
    put(made, "[]")
    assert "和签发时不一样：" in page(as_, made)
    put(made, None)
    assert "和签发时不一样：" in page(as_, made)


def _duties() -> None:
    indicator, own = next(iter(table_of(county()).items()))
    indicator_set(by=acting("office"), county=county(), indicator=indicator, asked=Set(own.units[:1], own.units[0]))


def _funding() -> None:
    one = Item.objects.filter(county=county()).first()
    Item.objects.filter(id=one.id).update(remark="另一个说明（虚构）")


def _plans() -> None:
    one = Issue.objects.filter(county=county()).exclude(school=None).exclude(state=Issue.State.DROPPED).first()
    Issue.objects.filter(id=one.id).update(title="另一个问题（虚构）")


@pytest.mark.parametrize(
    ("kind", "change", "column"),
    [
        (Kind.DUTIES, _duties, "责任部门"),
        (Kind.FUNDING, _funding, "说明"),
        (Kind.SCHOOL_PLANS, _plans, "问题"),
    ],
)
def test_tables_of_other_rooms_tell_their_changes(as_, kind: str, change, column: str) -> None:
    """Of each the row and the column; a letter that quotes nothing does not say that nothing changed."""
    decided()
    report = agreed(kind=kind, text="如附表。")
    made = signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())
    assert moved(made) == []
    change()
    assert [one.column for one in moved(made) if one.column == column]
    told = page(as_, made)
    assert "和签发时不一样</strong>" in told
    assert "没有变化" not in told
    assert as_("leader").get(f"{made.report.url}frozen/").status_code == 200


def test_rows_and_tables_that_came_or_went_are_told() -> None:
    """Also a column; the place in a list is no change."""
    row = {"key": "a", "told": "甲", "cells": [{"text": "1"}, {"text": "0.50", "value": "1/2"}]}
    then = {"name": "表", "title": "表", "columns": [["at", "序号"], ["x", "数"]], "rows": [row]}
    later = {**row, "cells": [{"text": "2"}, {"text": "0.50", "value": "501/1000"}]}
    now = {**then, "columns": [["at", "序号"], ["x", "数"]], "rows": [later, {**row, "key": "b", "told": "乙"}]}
    found = comparing.tables_since([then], [now, {**then, "name": "新表"}], lambda source: "")
    assert [(one.table, one.row, one.column, one.then, one.now) for one in found] == [
        ("表", "甲", "数", "0.50（没有舍入的值 0.5）", "0.50（没有舍入的值 0.501）"),
        ("表", "乙", "整行", "没有", "有"),
        ("新表", "整张表", "", "没有", "有"),
    ]
    found = comparing.tables_since([then], [{**then, "columns": [["at", "序号"], ["y", "别的"]]}], lambda source: "")
    assert [(one.column, one.then, one.now) for one in found] == [
        ("数", "0.50", "没有这一栏"),
        ("别的", "没有这一栏", "0.50"),
    ]


def test_the_form_is_seen_and_fetched_before_it_is_signed(as_) -> None:
    """By the office, the leader and its reviewers, made as signing makes it, marked on its pages; by nobody else."""
    report = services.report_send(by=acting("office"), report=drafted())
    spread = printed.tables_of(acting("leader"), report, services.last_version(report))
    cell = next(one for one in spread if one["name"] == "表Ⅲ")["rows"][1]["cells"][2]["text"]
    for name in ("office", "leader", *REVIEWERS):
        reader = as_(name)
        told = reader.get(report.url).content.decode()
        assert all(f"{report.url}tables/" in told and one in told for one in FORM)
        shown = reader.get(f"{report.url}tables/").content.decode()
        assert "送审稿" in shown
        assert f"<td>{cell}</td>" in shown
    files = {one: as_("fin-staff").get(f"{report.url}tables/{one}") for one in FORM}
    word = docx.Document(BytesIO(files["申报表.docx"].content))
    assert cell in {each.text for one in word.tables for each in one._cells}
    assert any("送审稿" in one.text for one in word.paragraphs)
    assert any("送审稿" in one.text for section in word.sections for one in section.footer.paragraphs)
    book = openpyxl.load_workbook(BytesIO(files["申报表.xlsx"].content))
    assert any("送审稿" in str(each.value) for row in book["封面"] for each in row)
    pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(files["申报表.pdf"].content)]
    assert all("送审稿" in one for one in pages)
    for name in ("town-shawan", "assessor"):
        assert as_(name).get(f"{report.url}tables/").status_code in (403, 404)
        assert as_(name).get(f"{report.url}tables/{FORM[0]}").status_code in (403, 404)
    assert as_("office").get(f"{report.url}tables/别的.docx").status_code == 404


def test_a_kind_without_tables_has_no_page_of_them(as_) -> None:
    """And of the table of money only who sees all of it sees a draft's."""
    brief, money = sent(), sent(kind=Kind.FUNDING, text="如附表。", reviewers=("town-shawan",))
    assert as_("office").get(f"{brief.url}tables/").status_code == 404
    assert f"{brief.url}tables/" not in as_("office").get(brief.url).content.decode()
    assert as_("leader").get(f"{money.url}tables/").status_code == 200
    assert as_("town-shawan").get(f"{money.url}tables/").status_code == 404
    assert as_("town-shawan").get(money.url).status_code == 200
    assert as_("office").get(f"{HERE}{money.number}/tables/附件3创建资金明细表.xlsx").status_code == 200


@pytest.mark.parametrize("kind", [Kind.DUTIES, Kind.FUNDING, Kind.SCHOOL_PLANS])
def test_tables_are_printed_with_places_for_signatures_and_seals(as_, kind: str) -> None:
    """Every cell, who signs below each sheet, and whether it is signed yet; of the issues a sheet for each school."""
    decided()
    report = agreed(kind=kind, text="如附表。")
    tables = printed.tables_of(acting("leader"), report, services.last_version(report))
    sheets = printed.sheets_of(kind, tables)
    page = as_("leader").get(f"{report.url}print/").content.decode()
    assert f"{report.url}print/" in as_("leader").get(f"{report.url}tables/").content.decode()
    assert "送审稿，第" in page
    assert page.count('class="card-body sign-places"') == len(sheets)
    for label, _ in SEALS[kind]:
        assert page.count(label) >= len(sheets)
    cells = {escape(cell["text"]) for table in tables for row in table["rows"] for cell in row["cells"]}
    assert [cell for cell in cells if cell not in page] == []
    signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())
    signed_page = as_("leader").get(f"{report.url}print/").content.decode()
    assert "送审稿" not in signed_page
    assert f"{timezone.localdate():%Y-%m-%d} 签发" in signed_page


def test_each_school_has_a_sheet_of_its_own() -> None:
    """With all of its rows, and with no other's."""
    rows = [{"key": str(at), "told": "", "cells": [{"text": name}]} for at, name in enumerate(("甲校", "乙校", "甲校"))]
    table = {"name": "一校一案", "title": "一校一案清单", "columns": [["学校", "学校"]], "rows": rows}
    found = printed.sheets_of(Kind.SCHOOL_PLANS, [table])
    assert [(one["title"], [row["key"] for row in one["rows"]]) for one in found] == [
        ("甲校：一校一案", ["0", "2"]),
        ("乙校：一校一案", ["1"]),
    ]
    assert printed.sheets_of(Kind.DUTIES, [table]) == [table]


def test_what_nobody_signs_as_a_table_is_not_printed_so(as_) -> None:
    """A brief has no tables; the application form has pages of its own."""
    assert as_("office").get(f"{sent().url}print/").status_code == 404
    assert as_("office").get(f"{drafted().url}print/").status_code == 404
