"""Reports: figures are references until the signature, which freezes them; review, two writers, who reads what."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from docx.oxml import parse_xml

from collected import acting
from junheng_web.assessment.selectors import answer_of
from junheng_web.evidence.folders import here
from junheng_web.notices.models import Notice
from junheng_web.organisation.models import Event
from junheng_web.reports import comparing, services, signing
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.figures import Figure
from junheng_web.reports.kinds import beginning
from junheng_web.reports.models import Kind, Report, Signature, Step
from junheng_web.reports.references import filled, pieces, quoted
from junheng_web.reports.selectors import reports_of
from junheng_web.reports.services import Outdated, Refused
from junheng_web.reports.words import filled_in, text_in
from reported import (
    HERE,
    REVIEWERS,
    TEXT,
    again,
    agreed,
    county,
    decided,
    edited,
    kept,
    post,
    said,
    sent,
    signed,
    word,
    words_of,
    written,
)
from supervised import assigned, scan

pytestmark = pytest.mark.django_db


def figures():
    """Return today's catalogue."""
    return catalogue(county(), timezone.localdate())


def behind_our_back(column: str, value: str, made: Signature) -> None:
    """Write into what was signed past the platform, which itself writes a signature once."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_signature SET {column} = %s WHERE id = %s", [value, made.id])


def test_a_reference_is_found_whatever_its_spaces_and_width() -> None:
    """One that the catalogue lacks stays as it was typed, and is open; so is one that cannot be said yet."""
    known = {"小学B1": Figure("小学B1", "0.12", "", ""), "SR": Figure("SR", "不能判定", "", "", known=False)}
    text = "甲{{小学 Ｂ１}}乙{{没有}}丙{{SR}}"
    assert filled(text, known) == "甲0.12乙{{没有}}丙{{SR}}"
    assert [one.key for one in pieces(text, known) if one.open] == ["没有", "SR"]
    assert quoted(text) == ["小学B1", "没有", "SR"]


def test_the_catalogue_says_what_the_assessment_says() -> None:
    """Of every stage and indicator: spread, verdict, schools; each leads to a page of its own run."""
    judged, found = judged_for(county()), figures()
    answer = answer_of(judged.run)
    for stage, one in answer["stages"].items():
        name = judged.stage(stage)
        sample = [each for each in answer["sections"] if each["stage"] == stage and each["in_sample"]]
        assert found[f"{name}.学校数"].told == str(len(sample))
        verdicts = [each["verdict"] for each in sample]
        passing = found[f"{name}.达标学校数"]
        assert passing.known == ("undetermined" not in verdicts)
        assert not passing.known or passing.told == str(verdicts.count("pass"))
        for id, spread in one["indicators"].items():
            figure = found[f"{name}.{id}.差异系数"]
            assert figure.known == (spread["status"] != "undetermined")
            if spread["cv"] is not None:
                assert float(figure.told) == pytest.approx(spread["cv"], abs=0.0005)
            assert f"run={judged.run.code}" in figure.url
    assert {f"{id}.结论" for id in answer["indicators"]} <= {*found}


@pytest.mark.parametrize("kind", Kind.values)
def test_what_a_kind_begins_with_quotes_only_what_there_is(kind: str) -> None:
    """Every reference of our own templates is a figure of the catalogue."""
    assert [key for key in quoted(beginning(kind)) if key not in figures()] == []


def test_every_figure_leads_to_a_page_that_opens(as_) -> None:
    """For the office, who writes with them."""
    office = as_("office")
    shown = {re.sub(r"B\d+", "", one.url.split("?")[0]): one.url for one in figures().values() if one.url}
    assert {url: office.get(url).status_code for url in shown.values()} == dict.fromkeys(shown.values(), 200)


def test_drafts_are_read_by_who_works_on_them() -> None:
    """The office, the leader, reviewers and signer; a signed one by the county and from outside (P6)."""
    report = sent()
    readers = {
        one
        for one in ("office", "leader", "fin-staff", "town-shawan", "assessor", "auditor")
        if report in reports_of(acting(one), county())
    }
    assert readers == {"office", "leader", "fin-staff"}
    one = signed(kind=Kind.DUTIES, title="分工").report
    assert all(one in reports_of(acting(name), county()) for name in ("town-shawan", "assessor", "auditor"))
    inside = signed().report
    assert inside in reports_of(acting("town-shawan"), county())
    assert inside not in reports_of(acting("assessor"), county())


def test_return_comments_are_not_seen_from_outside(as_) -> None:
    """They are working papers; of the signed report the words remain."""
    report = sent(kind=Kind.DUTIES)
    said(report, "fin-staff", "comment", "这句话不外传")
    for code in ("edu-hr-desk", "fin-staff"):
        said(report, code)
    report = again(report)
    signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())
    assert "这句话不外传" in as_("office").get(report.url).content.decode()
    for name in ("assessor", "town-shawan"):
        page = as_(name).get(report.url)
        assert (page.status_code, "这句话不外传" in page.content.decode()) == (200, False)


def test_a_reviewer_returns_with_reasons_or_agrees_to_what_was_read() -> None:
    """Who agreed to an older version is asked again; a return goes back to the office."""
    report = sent()
    with pytest.raises(ValidationError, match="请写要改什么"):
        said(report, "fin-staff", "return")
    assert said(report, "fin-staff", "return", "数字不对").status == Report.Status.DRAFT
    assert Notice.objects.filter(post__code="office", text__contains="会审退回").exists()
    edited(report, TEXT + "改过。")
    report = services.report_send(by=acting("office"), report=report)
    with pytest.raises(Refused, match="现在是第"):
        services.report_review(by=acting("fin-staff"), report=report, deed="agree", seen=1)
    said(report, "fin-staff")
    assert [one.code for one in services.waiting_for(again(report))] == ["edu-hr-desk"]
    edited(report, TEXT)
    assert {one.code for one in services.waiting_for(again(report))} == {"edu-hr-desk", "fin-staff"}
    with pytest.raises(PermissionDenied):
        services.report_review(by=acting("town-shawan"), report=sent(), deed="agree", seen=2)


def test_what_was_said_on_paper_is_entered_by_the_office() -> None:
    """It says so, and says where it was said (P4)."""
    report = sent()
    told = {"report": report, "deed": "agree", "seen": report.version, "paper": post("fin-staff")}
    with pytest.raises(ValidationError, match="在什么纸上"):
        services.report_review(by=acting("office"), **told)
    with pytest.raises(PermissionDenied):
        services.report_review(by=acting("edu-hr-desk"), **told, note="纸")
    services.report_review(by=acting("office"), **told, note="11月20日，会签单")
    assert Step.objects.filter(report=report, behalf=True, post__code="fin-staff").count() == 1


def test_only_the_holder_of_the_post_signs_and_only_once_all_agreed() -> None:
    """The office enters a signature on paper with its scan."""
    report = said(sent(), "fin-staff")
    told = {"seen": report.version, "day": timezone.localdate()}
    with pytest.raises(ValidationError, match="还没有同意"):
        signing.report_sign(by=acting("leader"), report=report, **told)
    report = said(report, "edu-hr-desk")
    with pytest.raises(PermissionDenied):
        signing.report_sign(by=acting("fin-staff"), report=report, **told)
    with pytest.raises(ValidationError, match="扫描件"):
        signing.report_sign(by=acting("office"), report=report, **told)
    made = signing.report_sign(by=acting("office"), report=report, **told, signer="白音仓", scan=scan())
    assert (made.signed_by, made.behalf) == ("白音仓", True)
    assert Event.objects.filter(kind="report.signed", object_code=report.code).count() == 1
    with pytest.raises(Refused, match="现在是“已签发”"):
        signing.report_sign(by=acting("leader"), report=report, **told)


def test_what_is_made_public_is_signed_by_the_leader_alone() -> None:
    """Another post cannot be named for it (P25)."""
    with pytest.raises(ValidationError, match="要由“领导”的岗位签发"):
        written(kind=Kind.NOTICE, signer=post("office"))


def test_a_signed_report_says_what_it_said_whatever_changes(as_) -> None:
    """Page, frozen figures and Word file stay; what is different now stands beside them."""
    made = signed()
    before = next(one["told"] for one in made.figures if one["key"] == "交办任务数")
    assert comparing.since(made, figures()) == []
    assert "没有变化" in as_("leader").get(made.report.url).content.decode()
    assigned()
    changed = comparing.since(made, figures())
    assert [(one.key, one.then, one.now) for one in changed] == [("交办任务数", before, str(int(before) + 1))]
    page = as_("leader").get(made.report.url).content.decode()
    assert f"交办任务{before}项" in page
    assert f"<td>{before}</td>" in page
    assert f"交办任务{before}项" in words_of(kept(made.files[0]))
    assert signing.faults(made) == []


def test_signing_keeps_each_figure_with_its_trace() -> None:
    """Of the assessment: run, snapshot and rules; of a count: what was counted."""
    made, run = signed(), judged_for(county()).run
    traces = {one["key"]: " ".join(one["trace"]) for one in made.figures}
    assert run.snapshot.digest in traces["小学.学校数"]
    assert run.rules.digest in traces["小学.学校数"]
    assert traces["交办任务数"].startswith("编号 ")
    assert made.run == run.code


@pytest.mark.parametrize("what", ["figures", "words", "file"])
def test_what_was_frozen_cannot_be_changed_unseen(as_, what: str) -> None:
    """The page says that it is not as it was signed."""
    made = signed(title=f"另一份{what}")
    file = here().place(made.files[0]["digest"])
    if what == "figures":
        behind_our_back("figures", "[]", made)
    elif what == "words":
        behind_our_back("words", "别的话", made)
    else:
        file.write_bytes(file.read_bytes() + b" ")
    assert "和签发时不一样" in as_("leader").get(made.report.url).content.decode()


def test_versions_show_which_words_and_figures_changed(as_) -> None:
    """Clause by clause; the figures as each version had them."""
    report = written()
    assigned()
    edited(report, TEXT.replace("小学校数", "小学共有"))
    first, second = report.versions.get(number=2), report.versions.get(number=3)
    words = comparing.words_between(first.text, second.text)
    assert [kind for kind, _ in words] == ["same", "gone", "new", "same"]
    assert [one.key for one in comparing.figures_between(first, second)] == ["交办任务数"]
    page = as_("office").get(f"{report.url}between/").content.decode()
    assert "<ins>小学共有" in page


def test_a_report_is_held_against_the_last_one_of_its_kind(as_) -> None:
    """As that was signed, whatever its drafts said; another kind is none to compare with."""
    last, other = signed(title="上周的周报"), signed(kind=Kind.DUTIES, text="分工。", title="分工表")
    assigned()
    report, office = written(text=TEXT + "新写的话。"), as_("office")
    page = office.get(f"{report.url}between/", {"from": f"r{last.report.number}"}).content.decode()
    before = next(one["told"] for one in last.figures if one["key"] == "交办任务数")
    assert "上周的周报（" in page
    assert f'<th scope="row">交办任务数</th><td>{before}</td><td>{int(before) + 1}</td>' in page
    assert "<ins>" in page
    assert "分工表（" not in page
    for asked in (f"r{other.report.number}", f"r{report.number}", "r", "9"):
        assert office.get(f"{report.url}between/", {"from": asked}).status_code == 404


def test_versions_are_for_whoever_works_on_the_report(as_) -> None:
    """Who reads it because it was signed reads what was signed, and none of its drafts (P6)."""
    report = signed(kind=Kind.DUTIES).report
    for name in ("office", "leader", *REVIEWERS):
        assert as_(name).get(f"{report.url}between/").status_code == 200
    for name in ("town-shawan", "assessor"):
        assert as_(name).get(report.url).status_code == 200
        assert as_(name).get(f"{report.url}between/").status_code == 404


def test_two_people_writing_one_report_lose_no_word(as_) -> None:
    """The second is shown the other's text, with his own still in the form."""
    report, office = written(), as_("office")
    url = f"{report.url}edit/"
    people = {"signer": report.signer_id, "reviewers": [one.post_id for one in report.reviewers.all()]}
    told = {"title": "示例文稿", "seen": report.version, **people}
    assert office.post(url, told | {"text": "先写的话。"}).status_code == 302
    clash = office.post(url, told | {"text": "后写的话。"})
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "<del>先写的话。</del><ins>后写的话。</ins>" in page
    assert "后写的话。</textarea>" in page
    again_ = clash.context["form"].data["seen"]
    assert office.post(url, told | {"text": "后写的话。", "seen": again_}).status_code == 302
    with pytest.raises(Outdated):
        edited(report, "再写", seen=1)


def test_a_word_template_is_filled_where_it_stands(as_) -> None:
    """Body, table, head; also a reference that Word broke into runs; what stands around it keeps its look."""
    document = docx.Document()
    line = document.add_paragraph()
    for words, bold in (("共{{小学.", False), ("学校", True), ("数}}所，", False), ("加粗", True)):
        line.add_run(words).bold = bold
    document.add_table(1, 1).cell(0, 0).text = "{{县名}}"
    document.sections[0].header.paragraphs[0].text = "{{没有这个数}}"
    report = written(text="")
    edited(report, "", file=word(document))
    version = services.last_version(again(report))
    assert quoted(version.text) == ["小学.学校数", "县名", "没有这个数"]
    made = filled_in(here().place(version.file.digest), figures())
    assert f"共{figures()['小学.学校数'].told}所，加粗" in words_of(made)
    read = docx.Document(BytesIO(made))
    assert read.paragraphs[0].runs[-1].bold
    assert read.tables[0].cell(0, 0).text == county().name
    assert as_("office").get(f"{report.url}edit/").context["form"].fields.get("text") is None
    with pytest.raises(ValidationError, match="模板要 Word 文件"):
        edited(report, "", file=scan())


def test_charts_of_a_report_are_those_of_the_board(as_) -> None:
    """The same drawing on the leader's wall, on the report's page and in its files; signing keeps it as it was."""
    made = signed(text="见下图。\n{{图.小学差异系数}}")
    chart = figures()["图.小学差异系数"].chart
    assert chart.svg() in as_("leader").get(f"/c/{county().code}/boards/").content.decode()
    assert chart.svg() in as_("office").get(written(text="{{图.小学差异系数}}").url).content.decode()
    assert made.figures[0]["chart"] == chart.svg()
    assert chart.svg() in as_("office").get(made.report.url).content.decode()
    assert len(docx.Document(BytesIO(kept(made.files[0]))).inline_shapes) == 1
    assert comparing.since(made, figures()) == []
    made.figures[0]["trace"][1] = "B1 | 0.1 | 0.5"
    assert [one.now.endswith("（里面的数变了）") for one in comparing.since(made, figures())] == [True]


def test_a_word_template_takes_a_chart_in_the_place_of_its_reference() -> None:
    """Where the reference is all that its paragraph says."""
    document = docx.Document()
    document.add_paragraph("{{图.初中差异系数}}")
    report = written(text="")
    edited(report, "", file=word(document))
    made = docx.Document(BytesIO(filled_in(here().place(services.last_version(again(report)).file.digest), figures())))
    assert [len(made.inline_shapes), made.paragraphs[0].text] == [1, ""]


BOX = (
    '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    "<mc:AlternateContent><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent></w:r>"
).format("<w:txbxContent><w:p><w:r><w:t>框里{{县名}}</w:t></w:r></w:p></w:txbxContent>")


def test_a_word_template_is_whole_tables_boxes_all_heads_and_what_it_is(as_) -> None:
    """A quoted table stands as a table in body and cell; first and even pages are filled; a draft says so."""
    document = docx.Document()
    document.add_paragraph("{{表Ⅲ}}")
    document.add_table(1, 2).cell(0, 1).text = "{{表Ⅲ}}"
    document.add_paragraph("框：")._p.append(parse_xml(BOX))
    section, document.settings.odd_and_even_pages_header_footer = document.sections[0], True
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "首页{{县名}}"
    section.even_page_header.paragraphs[0].text = "偶页{{县名}}"
    report = written(kind=Kind.DUTIES, text="")
    edited(report, "", file=word(document))
    version = services.last_version(again(report))
    assert version.text.count("框里{{县名}}") == 1
    made = docx.Document(BytesIO(as_("office").get(f"{report.url}paper").content))
    grid = figures()["表III"].grid
    cells = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert cells == [[*grid.headings], *([*row] for row in grid.rows)]
    assert made.paragraphs[0].text == grid.title
    assert made.tables[1].cell(0, 1).tables[0].cell(0, 0).text == grid.headings[0]
    assert made.tables[1].cell(0, 1).paragraphs[-1].text == ""
    assert made.element.xml.count(f"框里{county().name}") == 2
    page = made.sections[0]
    assert [one.paragraphs[0].text for one in (page.first_page_header, page.even_page_header)] == [
        f"首页{county().name}",
        f"偶页{county().name}",
    ]
    for foot in (page.footer, page.first_page_footer, page.even_page_footer):
        assert foot.paragraphs[-1].text == "送审稿，虚构，仅供演示"
    report = services.report_send(by=acting("office"), report=again(report))
    for code in REVIEWERS:
        said(report, code)
    told = {"seen": again(report).version, "day": timezone.localdate()}
    made = signing.report_sign(by=acting("leader"), report=again(report), **told)
    assert docx.Document(BytesIO(kept(made.files[0]))).sections[0].footer.paragraphs[-1].text == "虚构，仅供演示"


def test_a_countys_own_template_is_what_a_report_begins_with() -> None:
    """The last one of its kind; what was begun before stays."""
    before = written(text="")
    told = {"by": acting("office"), "county": county(), "kind": Kind.BRIEF, "name": "本旗周报"}
    services.template_keep(**told, text="本周{{交办任务数}}项。")
    assert services.last_version(written(text="")).text == "本周{{交办任务数}}项。"
    assert services.last_version(before).text == beginning(Kind.BRIEF)
    document = docx.Document()
    document.add_paragraph("照县里的版式：{{办结任务数}}")
    services.template_keep(**told, file=word(document))
    assert services.last_version(written(text="")).text == "照县里的版式：{{办结任务数}}"
    assert text_in(here().place(services.last_version(written(text="")).file.digest)).startswith("照县里")


@pytest.mark.parametrize("kind", [Kind.FUNDING, Kind.DUTIES, Kind.SCHOOL_PLANS])
def test_tables_of_other_rooms_are_frozen_with_the_paper(kind: str) -> None:
    """As those rooms make them."""
    decided()
    report = agreed(kind=kind, text="如附表。")
    made = signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())
    assert [one["name"].rsplit(".", 1)[1] for one in made.files] == ["docx", "pdf", "xlsx"]
    assert all(len(kept(one)) == one["size"] for one in made.files)


def test_pages_open_for_whom_they_are(as_) -> None:
    """Writing, catalogue, templates and packages are the office's."""
    report = written()
    pages = [
        "",
        "add/",
        "figures/",
        "figures/?q=小学",
        "templates/",
        "templates/?kind=self",
        "packages/",
        "packages/add/",
    ]
    pages += [f"{report.number}/{one}" for one in ("", "edit/", "paper", "checklist/", "between/")]
    office = as_("office")
    assert {one: office.get(HERE + one).status_code for one in pages} == dict.fromkeys(pages, 200)
    assert {as_("fin-staff").get(HERE + one).status_code for one in pages[1:8]} == {403}
    assert {as_("town-shawan").get(HERE + one).status_code for one in pages[8:]} <= {403, 404}
    assert as_("office").get(f"{HERE}{signed().report.number}/frozen/").status_code == 200
    assert as_("office").get(f"{HERE}{report.number}/frozen/").status_code == 404
