"""The application form and the self-assessment as an office sees them: LibreOffice lays the Word files out as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest

import junheng as jh
import office
from junheng import papers
from junheng.api import shown
from test_application_form import SHILI
from test_official_papers import DAY

pytestmark = pytest.mark.office
# What an upright page has of margin is 26 to 37 mm; turned, a foot stands in it. Nothing comes nearer to the edge.
EDGE_MM, POINTS_A_MM = 10, 72 / 25.4
# A page that holds less than this beside its foot is empty to whoever turns it.
LEAST_SIGNS = 20
FORM, REPORT = "form.docx", "report.docx"
FOOT = re.compile(r"虚构(数据)?，仅供演示—\d+—")


@pytest.fixture(scope="module")
def answer() -> jh.Assessment:
    """The example county's answer."""
    return jh.assess(jh.load(SHILI))


@pytest.fixture(scope="module")
def form(answer: jh.Assessment) -> papers.Form:
    """Its form."""
    return papers.build_form(answer)


@pytest.fixture(scope="module")
def report(answer: jh.Assessment, form: papers.Form) -> papers.Filled:
    """Its self-assessment, as our text begins it."""
    return papers.fill(papers.default_text("report"), papers.report_figures(answer, form))


@pytest.fixture(scope="module")
def printed(
    soffice: str, form: papers.Form, report: papers.Filled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, pypdfium2.PdfDocument]]:
    """Both files as LibreOffice prints them, in one run of it."""
    folder = tmp_path_factory.mktemp("papers")
    papers.write_form_docx(form, folder / FORM)
    papers.write_paper_docx(_paper(report), folder / REPORT)
    made = office.printed(soffice, [folder / FORM, folder / REPORT], folder)
    opened = {name: pypdfium2.PdfDocument(str(file)) for name, file in made.items()}
    yield opened
    for one in opened.values():
        one.close()


def _paper(filled: papers.Filled) -> papers.OfficialPaper:
    told = {"mark": "示例旗人民政府文件", "number": "示政发〔2026〕12号", "to": "示例盟行政公署"}
    last = {"attachments": ("申报表",), "signed_by": "示例旗人民政府", "day": DAY, "notice": "虚构，仅供演示"}
    return papers.OfficialPaper(filled.title, filled.blocks, **told, **last)


def pages_of(document: pypdfium2.PdfDocument) -> list[str]:
    """Return what stands on each page above its foot, without breaks and spaces."""
    return [FOOT.sub("", plain(page.get_textpage().get_text_range())) for page in document]


def plain(text: str) -> str:
    """Return text without breaks and spaces."""
    return "".join(text.split())


def test_each_cell_of_the_form_stands_on_its_pages_in_order(form: papers.Form, printed) -> None:
    """Table after table, row after row; equal neighbours that are one cell stand once."""
    told, at = "".join(pages_of(printed[FORM])), 0
    for table in form.tables.values():
        at = told.index(plain(table.title), at)
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.key not in {"stage", "group"}:
                    found = told.find(plain(cell.text), at)
                    assert found >= 0, (table.id, row.key, column.key, cell.text)
                    at = found


def test_the_schools_numbers_are_the_assessments(answer: jh.Assessment, printed) -> None:
    """Each school's seven values beside one another, rounded to two decimals; each spread to three."""
    told = "".join(pages_of(printed[FORM]))
    for section in (one for one in answer.sections if one.in_sample):
        values = [one.value for one in section.indicators.values()]
        row = "".join("未报" if one is None else shown(one, 2).replace(",", "") for one in values)
        assert row in told, section.school_name
    spreads = [one for stage in answer.stages.values() for one in stage.indicators.values() if one.cv is not None]
    assert len(spreads) > 10
    assert [one for one in spreads if shown(one.cv, 3) not in told] == []


def test_the_self_assessment_quotes_the_assessment(answer: jh.Assessment, report: papers.Filled, printed) -> None:
    """Every figure that its text quotes is on its pages, and those of the spread are the answer's own."""
    told = "".join(pages_of(printed[REPORT]))
    quoted = [one for one in report.used if one.whole is None]
    assert len(quoted) > 40
    assert [one.key for one in quoted if plain(one.told) not in told] == []
    tables = [one for block in report.blocks if isinstance(block, papers.Grid) for row in block.rows for one in row]
    assert tables
    assert [one for one in tables if plain(one) not in told] == []
    for stage in answer.stages.values():
        for one in stage.indicators.values():
            assert one.cv is None or shown(one.cv, 3) in told
    assert f"纳入的小学（含一贯制学校小学部和符合规模的教学点）{answer.stages['primary'].schools}所" in told


@pytest.mark.parametrize("name", [FORM, REPORT])
def test_no_page_is_empty_and_no_notes_stand_alone(printed, name: str) -> None:
    """Beside its foot each page says something, and what is said of a table stands with a row of it."""
    for page in pages_of(printed[name]):
        assert len(page) >= LEAST_SIGNS, page
        assert not page.startswith("注："), page


@pytest.mark.parametrize("name", [FORM, REPORT])
def test_nothing_is_cut_off(printed, name: str) -> None:
    """No sign stands nearer to the paper's edge than a printer reaches."""
    edge = EDGE_MM * POINTS_A_MM
    for page in printed[name]:
        words, (wide, high) = page.get_textpage(), page.get_size()
        for at in range(words.count_chars()):
            left, bottom, right, top = words.get_charbox(at)
            if right > left:
                assert edge <= left <= right <= wide - edge, words.get_text_range(at, 8)
                assert edge <= bottom <= top <= high - edge, words.get_text_range(at, 8)


def test_names_of_indicators_take_one_line_in_the_report(report: papers.Filled, printed) -> None:
    """Of a table of the text, all but the longest name stand unbroken: a column of names is broad enough."""
    lines = [plain(line) for page in printed[REPORT] for line in page.get_textpage().get_text_range().splitlines()]
    grids = [block for block in report.blocks if isinstance(block, papers.Grid)]
    names = sorted({plain(row[0]) for grid in grids for row in grid.rows}, key=len)
    assert len(names) > 5
    assert [name for name in names[:-1] if not any(line.startswith(name) for line in lines)] == []
