"""The application form as Word and as a workbook: read back, its numbers are those of the form and of the answer."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from hypothesis import given, settings

import counties
import junheng as jh
import office
from junheng import papers
from junheng.api import shown
from junheng.cli import main
from test_application_form import DAY, SHILI

LONG = "示例旗民族团结进步教育示范学校附属第二实验小学（西校区、寄宿部）"


@pytest.fixture(scope="module")
def form() -> papers.Form:
    """The example county's form."""
    return papers.build_form(jh.assess(jh.load(SHILI)))


def body_of(table: docx.table.Table, form_table: papers.FormTable) -> list[list[str]]:
    """Return a Word table's rows below its headings, each as long as the form's."""
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    return rows[-len(form_table.rows) :]


def drawn_tables(file: Path) -> list[docx.table.Table]:
    """Return the form's tables in a document: what comes after the cover."""
    return docx.Document(str(file)).tables[1:]


def test_the_document_holds_every_cell_of_the_form(form: papers.Form, tmp_path: Path) -> None:
    """Seven tables; each cell's text as the form prints it, in its place."""
    papers.write_form_docx(form, tmp_path / "form.docx")
    for drawn, table in zip(drawn_tables(tmp_path / "form.docx"), form.tables.values(), strict=False):
        assert body_of(drawn, table) == [[cell.text for cell in row.cells] for row in table.rows], table.id


def test_the_document_s_numbers_are_the_answer_s(tmp_path: Path) -> None:
    """Read from the file alone: each school's seven values, rounded to two decimals."""
    answer = jh.assess(jh.load(SHILI))
    papers.write_form_docx(papers.build_form(answer), tmp_path / "form.docx")
    rows = [[cell.text for cell in row.cells] for row in drawn_tables(tmp_path / "form.docx")[2].rows][2:]
    sample = [one for stage in ("primary", "junior") for one in answer.sections if one.stage == stage and one.in_sample]
    for row, section in zip(rows, sample, strict=True):
        assert row[3] == str(section.pupils)
        for text, measured in zip(row[6:13], section.indicators.values(), strict=True):
            assert text == "未报" if measured.value is None else abs(float(text) - measured.value) <= 0.005 + 1e-9


def test_broad_tables_lie_across_and_headings_stand_on_every_page(form: papers.Form, tmp_path: Path) -> None:
    """A4 both ways, by the margins of GB/T 9704."""
    papers.write_form_docx(form, tmp_path / "form.docx")
    document = docx.Document(str(tmp_path / "form.docx"))
    ways = [section.orientation for section in document.sections]
    assert ways == [WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 3, *[WD_ORIENT.PORTRAIT] * 3]
    assert {round(section.left_margin.mm) for section in document.sections} == {28, 35}
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in drawn_tables(tmp_path / "form.docx"))


def words_of(file: Path) -> list[str]:
    """Return what stands on each page of a PDF, without breaks."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(str(file))]
    return ["".join(page.split()) for page in pages]


def test_the_pdf_says_every_cell_of_the_form(form: papers.Form, tmp_path: Path) -> None:
    """Each table from a page of its own on, row by row in order; its notes below; broad ones lie across."""
    papers.write_form_pdf(form, tmp_path / "form.pdf")
    told = "".join(words_of(tmp_path / "form.pdf"))
    for table in form.tables.values():
        told = told[told.index("".join(table.title.split())) :]
        for row in table.rows:
            for cell in row.cells:
                assert "".join(cell.text.split()) in told, (table.id, row.key, cell.text)
        for note in filter(None, table.notes):
            assert "".join(f"注：{note}".split()) in told
    document = pypdfium2.PdfDocument(str(tmp_path / "form.pdf"))
    across = [page.get_width() > page.get_height() for page in document]
    assert across[:3] == [False, False, True]
    assert not across[-1]
    assert all(f"—{at}—" in page for at, page in enumerate(words_of(tmp_path / "form.pdf"), 1))


def test_the_pdf_s_numbers_are_the_answer_s(tmp_path: Path) -> None:
    """Read from the file alone: each school's row with its pupils and seven values, rounded to two decimals."""
    answer = jh.assess(jh.load(SHILI))
    papers.write_form_pdf(papers.build_form(answer), tmp_path / "form.pdf")
    told = "".join(words_of(tmp_path / "form.pdf"))
    sample = [one for stage in ("primary", "junior") for one in answer.sections if one.stage == stage and one.in_sample]
    for section in sample:
        values = [one.value for one in section.indicators.values()]
        printed = "".join("未报" if one is None else shown(one, 2).replace(",", "") for one in values)
        assert printed in told, section.school_name
    for stage in answer.stages.values():
        for spread in stage.indicators.values():
            assert spread.cv is None or shown(spread.cv, 3) in told


def test_the_same_form_is_the_same_pdf(form: papers.Form, tmp_path: Path) -> None:
    """So that a signed form's digest can be checked; also as the command writes it."""
    papers.write_form_pdf(form, tmp_path / "a.pdf")
    assert main(["form", str(SHILI), "--format", "pdf", "--output", str(tmp_path / "b.pdf")]) == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_same_form_is_the_same_workbook(form: papers.Form, tmp_path: Path) -> None:
    """Nothing in the file tells when it was made."""
    for name in ("a", "b"):
        papers.write_form_xlsx(form, tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def numbers_of(file: Path, form: papers.Form) -> int:
    """Hold every number of the workbook against the form's cell, and return how many there were."""
    book, seen = openpyxl.load_workbook(file, data_only=True), 0
    for table in form.tables.values():
        sheet = book[table.short]
        for down, row in enumerate(table.rows, 3):
            for across, cell in enumerate(row.cells, 1):
                held = sheet.cell(down, across).value
                if isinstance(cell.value, int | float | Fraction):
                    assert held == pytest.approx(float(cell.value) / cell.scale, rel=1e-9, abs=1e-12), (
                        table.id,
                        row.key,
                    )
                    seen += 1
                else:
                    assert (held or "") == cell.text
    return seen


def test_the_workbook_holds_unrounded_numbers(form: papers.Form, tmp_path: Path) -> None:
    """Every number of the form, as it is, in its place."""
    papers.write_form_xlsx(form, tmp_path / "form.xlsx")
    assert numbers_of(tmp_path / "form.xlsx", form) > 350


@pytest.mark.office
def test_the_workbook_s_formulas_come_to_the_same(form: papers.Form, tmp_path: Path, soffice: str) -> None:
    """LibreOffice works out means, spreads and shares anew from the schools' rows."""
    file = tmp_path / "form.xlsx"
    papers.write_form_xlsx(form, file)
    formulas = office.formulas(file)
    assert {sheet for sheet, _ in formulas} == {"表Ⅱ-1", "表Ⅲ"}
    assert len(formulas) > 40
    again = office.recalculated(soffice, [file], tmp_path)["form.xlsx"]
    stored, worked_out = office.values(file), office.values(again)
    for place in formulas:
        assert worked_out[place] == pytest.approx(stored[place], rel=1e-9), place


def test_sixty_schools_with_long_names_are_all_written(tmp_path: Path) -> None:
    """Nothing is cut off and nothing is left out."""
    schools = []
    for at in range(60):
        row = dict.fromkeys(counties.SCHOOLS.by_name)
        row |= {"county_code": "1", "county_name": "县1", "school_code": str(at), "school_name": f"{LONG}{at}"}
        row |= {"school_type": "primary", "sponsor_code": "7", "primary_pupils": 100 + at}
        schools.append(row)
    form = papers.build_form(jh.assess(counties.facts_of(schools), as_of=DAY))
    papers.write_form_docx(form, tmp_path / "form.docx")
    papers.write_form_xlsx(form, tmp_path / "form.xlsx")
    names = [row.cells[1].text for row in drawn_tables(tmp_path / "form.docx")[2].rows]
    assert [name for name in names if name.startswith(LONG)] == [f"{LONG}{at}" for at in range(60)]
    numbers_of(tmp_path / "form.xlsx", form)


@settings(max_examples=settings().max_examples // 30)
@given(schools=counties.drawn_schools(counties=1, most=6, least=1))
def test_any_county_s_files_can_be_read_back(
    schools: list[counties.Row], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is missing."""
    form = papers.build_form(jh.assess(counties.facts_of(schools), as_of=DAY))
    folder = tmp_path_factory.mktemp("form")
    papers.write_form_docx(form, folder / "form.docx")
    papers.write_form_xlsx(form, folder / "form.xlsx")
    numbers_of(folder / "form.xlsx", form)
    for drawn, table in zip(drawn_tables(folder / "form.docx"), form.tables.values(), strict=False):
        own = [[cell.text for cell in row.cells] for row in table.rows]
        assert (body_of(drawn, table) if own else []) == own
