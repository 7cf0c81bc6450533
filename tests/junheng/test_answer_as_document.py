"""`junheng assess --format docx`: the county's pages, then a page of findings for each school."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

import golden
import impeccable
import junheng as jh
from junheng.cli import main
from junheng.output.by_school import by_school

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's document."""
    file = tmp_path_factory.mktemp("docx") / "示例旗.docx"
    assert main(["assess", str(SHILI), "--format", "docx", "--output", str(file)]) == 0
    return file


@pytest.fixture(scope="module")
def schools() -> list[str]:
    """The schools at which something is to be done."""
    return [school.name for school in by_school(jh.assess(jh.load(SHILI))) if school.has_findings]


def written(folder: Path, facts: jh.Facts) -> docx.document.Document:
    """Return the document of the only county in `facts`, read again."""
    jh.write_assessment_docx(jh.assess(facts, as_of=golden.DAY), facts, folder / "one.docx")
    return docx.Document(str(folder / "one.docx"))


def text_of(paper: docx.document.Document) -> str:
    """Return a document's paragraphs and cells."""
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in paper.paragraphs] + cells)


def rows_under(paper: docx.document.Document, heading: str) -> list[list[str]]:
    """Return the rows of the first table after a heading."""
    found = False
    for block in paper.iter_inner_content():
        if isinstance(block, docx.table.Table):
            if found:
                return [[cell.text for cell in row.cells] for row in block.rows]
        elif block.text == heading:
            found = True
    raise AssertionError(f"no table under {heading}")


def test_each_school_with_findings_has_a_page_of_its_own(file: Path, schools: list[str]) -> None:
    """Its name is a heading that begins a page, so that the navigation pane lists it; nobody else has one."""
    pages = [one for one in docx.Document(str(file)).paragraphs if one.paragraph_format.page_break_before]
    assert len(schools) == 15
    assert [one.text for one in pages] == schools
    assert {one.style.name for one in pages} == {"Heading 1"}


def test_schools_without_findings_stand_in_one_list(file: Path, schools: list[str]) -> None:
    """Every other school of the county is named once, in one paragraph."""
    paragraphs = [one.text for one in docx.Document(str(file)).paragraphs]
    listed = paragraphs[paragraphs.index("四、没有要办事项的学校") + 1]
    every = {section.school_name for section in jh.assess(jh.load(SHILI)).sections}
    assert set(listed.rstrip("。").split("、")) == every - set(schools)


def test_a_page_says_what_is_met_what_lacks_and_whose_share(file: Path) -> None:
    """All seven indicators with their lines, gaps in buying units, and the share of each spread."""
    rows = rows_under(docx.Document(str(file)), "示例旗实验小学")
    assert len(rows) == 8
    assert rows[5][1:] == ["6.20", "7.5", "6.375", "未达85%", "325 平方米", "2,451 平方米", "70.2%"]
    assert rows[1][4:7] == ["达标", "—", "—"]


def test_a_page_says_what_is_not_reported_and_which_requirements_fail(file: Path) -> None:
    """The missing cell by its label; the class that is too large by its name."""
    paper = docx.Document(str(file))
    assert "还没有报：教学仪器设备资产值。" in text_of(paper)
    assert rows_under(paper, "其他要求")[1] == ["B12", "小学班额", "示例旗实验小学一年级1班", "不达标"]


def test_a_school_that_makes_a_spread_has_a_page_that_says_so(file: Path) -> None:
    """It lacks nothing itself, and the county cannot pass while it stands so far above the others."""
    assert "小学生均教学仪器设备值的差异系数超过上限，本校占 69.2%。" in text_of(docx.Document(str(file)))


def test_a_combined_school_has_both_its_stages_on_its_page(file: Path) -> None:
    """A nine-year school's headings are its primary and its junior part."""
    paragraphs = docx.Document(str(file)).paragraphs
    at = [one.text for one in paragraphs].index("东河镇九年一贯制学校")
    assert [one.text for one in paragraphs[at : at + 6] if one.style.name == "Heading 2"] == ["小学", "初中"]


def test_the_paper_is_an_offices(file: Path) -> None:
    """A4 with the margins of GB/T 9704, Chinese fonts by name, Chinese as the language, numbered pages."""
    paper = docx.Document(str(file))
    section = paper.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(side / Mm(1)) for side in sides] == [210, 297, 37, 28]
    fonts = {
        name: paper.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    assert paper.styles.element.find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml


def test_the_verdict_and_that_it_is_invented_stand_first(file: Path) -> None:
    """Before any heading."""
    first = [one.text for one in docx.Document(str(file)).paragraphs][:4]
    assert first[0] == "示例旗（虚构）"
    assert "虚构数据" in first[2]
    section = docx.Document(str(file)).sections[0]
    assert all("虚构数据" in one.paragraphs[0].text for one in (section.footer, section.even_page_footer))
    assert "全县结论为不达标" in first[3]


def test_a_passing_county_has_no_page_of_a_school(tmp_path: Path) -> None:
    """Nothing is to be done, and the document says so."""
    paper = written(tmp_path, jh.load(impeccable.write(tmp_path)))
    assert [one for one in paper.paragraphs if one.paragraph_format.page_break_before] == []
    assert "全县结论为达标" in text_of(paper)
    assert "虚构" not in text_of(paper)


def test_an_almost_empty_county_has_a_document(tmp_path: Path) -> None:
    """No school at all is no error."""
    assert "不能判定" in text_of(written(tmp_path, jh.load(golden.write_schools([], tmp_path))))


def test_a_share_that_all_reach_together_asks_nothing_of_a_school(tmp_path: Path) -> None:
    """A school without training is a finding only while the county as a whole lacks it."""
    rows = impeccable.schools("A", "B", trained_360h_teachers=17)
    found = by_school(jh.assess(jh.load(impeccable.write(tmp_path, rows))))
    assert [[one.indicator for one in school.shortcomings] for school in found] == [["B16"], ["B16"]]
    assert not any(school.has_findings for school in by_school(jh.assess(jh.load(impeccable.write(tmp_path)))))
