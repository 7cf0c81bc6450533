"""Official papers: figures are references, the page is that of GB/T 9704, and nothing of the text is lost."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given
from hypothesis import strategies as st

import junheng as jh
from junheng import papers
from junheng.cli import main
from junheng.output.official.lines import CLOSING, OPENING, PIECES, broken
from junheng.output.official.pdf_file import width_of
from test_application_form import SHILI

DAY = dt.date(2026, 3, 5)


@pytest.fixture(scope="module")
def figures() -> dict[str, papers.Figure]:
    """What a report on the example county may quote."""
    answer = jh.assess(jh.load(SHILI))
    return dict(papers.report_figures(answer, papers.build_form(answer)))


def paper_of(text: str, figures: dict[str, papers.Figure]) -> papers.OfficialPaper:
    """Return a whole paper with everything that the format has."""
    filled = papers.fill(text, figures)
    return papers.OfficialPaper(
        filled.title,
        filled.blocks,
        mark="示例旗人民政府文件",
        number="示政发〔2026〕12号",
        to="示例盟行政公署",
        attachments=("申报表", "佐证材料目录"),
        signed_by="示例旗人民政府",
        day=DAY,
        copied_to="示例盟教育局",
        printed_by="示例旗人民政府办公室",
        printed_on=DAY,
        notice="虚构数据，仅供演示",
    )


def text_of_pdf(file: Path) -> str:
    """Return what a PDF says, without the breaks of its lines."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(str(file))]
    return "".join("".join(pages).split())


@pytest.mark.parametrize("kind", ["report", "notice"])
def test_the_default_texts_quote_only_what_there_is(figures: dict[str, papers.Figure], kind: str) -> None:
    """Every reference has a figure; what people must write is marked."""
    filled = papers.fill(papers.default_text(kind), figures)
    assert filled.unknown == ()
    assert filled.title
    assert len(filled.to_write) >= 3
    assert "{{" not in "".join(block.text for block in filled.blocks if isinstance(block, papers.Text | papers.Heading))


def test_no_number_stands_in_a_default_text() -> None:
    """Every figure is a reference: one that is typed would be wrong next year."""
    for kind in papers.TITLES:
        outside = "".join(part.partition("}}")[2] for part in papers.default_text(kind).split("{{"))
        assert [sign for sign in outside if sign.isdigit()] == []


def test_the_report_s_figures_are_the_answer_s(figures: dict[str, papers.Figure]) -> None:
    """With their sources, by which each is traced."""
    assert figures["全县结论"].told == "不达标"
    assert (figures["小学.达标学校数"].told, figures["小学.达标比例"].told) == ("17", "85.0%")
    assert figures["B18.占符合条件教师的比例"].told == "11.2%"
    assert figures["小学.B6.差异系数"].source == papers.Source("indicator", "B6", stage="primary")
    assert figures["表Ⅲ"].grid is not None
    assert [key for key, one in figures.items() if key != one.key] == []


def test_a_reference_without_a_figure_is_named_and_stays(figures: dict[str, papers.Figure]) -> None:
    """Nothing is guessed in its place."""
    filled = papers.fill("有 {{学校总数}} 所，人口{{表Ⅰ.L1}}万人。", figures)
    assert filled.unknown == ("学校总数",)
    assert [one.key for one in filled.lacking] == ["表Ⅰ.L1"]
    assert filled.blocks == (papers.Text("有 {{学校总数}} 所，人口待填万人。"),)


def test_headings_are_known_by_their_numbers(figures: dict[str, papers.Figure]) -> None:
    """A sentence that begins with a number is none."""
    filled = papers.fill("# 题\n一、基本情况\n（一）小学\n一、这一句话是正文，不是标题。\n{{表Ⅲ}}", figures)
    kinds = [type(block).__name__ for block in filled.blocks]
    assert kinds == ["Heading", "Heading", "Text", "Grid"]
    assert [block.level for block in filled.blocks[:2]] == [1, 2]


def test_the_word_document_has_the_format_s_page(figures: dict[str, papers.Figure], tmp_path: Path) -> None:
    """A4, its margins, size 3 and 22 lines a page; every paragraph is there."""
    paper = paper_of(papers.default_text("report"), figures)
    papers.write_paper_docx(paper, tmp_path / "report.docx")
    document = docx.Document(str(tmp_path / "report.docx"))
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]
    assert (document.styles["Normal"].font.size.pt, document.styles["Title"].font.size.pt) == (16, 22)
    assert round(225 / (document.styles["Normal"].paragraph_format.line_spacing.pt * 25.4 / 72), 1) == 22.0
    fonts = document.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia"))
    assert fonts == "仿宋_GB2312"
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert [block.text for block in paper.blocks if isinstance(block, papers.Text) and block.text not in texts] == []
    assert {"示政发〔2026〕12号", "示例盟行政公署：", "附件：1．申报表", "2026年3月5日"} <= set(texts)
    assert len(document.tables) == 2


def test_the_pdf_says_all_that_the_paper_says(figures: dict[str, papers.Figure], tmp_path: Path) -> None:
    """Every paragraph whole, in order; the pages numbered between dashes."""
    paper = paper_of(papers.default_text("report"), figures)
    papers.write_paper_pdf(paper, tmp_path / "report.pdf")
    told = text_of_pdf(tmp_path / "report.pdf")
    pages = len(pypdfium2.PdfDocument(str(tmp_path / "report.pdf")))
    assert 7 <= pages <= 12
    for number in range(1, pages + 1):
        assert f"—{number}—" in told
    for text in ("示例旗人民政府文件", "示政发〔2026〕12号", "附件：1．申报表", "2026年3月5日印发"):
        assert text in told
    lines = [line for block in paper.blocks if isinstance(block, papers.Text) for line in broken(block.text, 28, 2)]
    assert [line for line in lines if "".join(line.split()) not in told] == []


def test_a_chart_stands_in_word_and_pdf(figures: dict[str, papers.Figure], tmp_path: Path) -> None:
    """Every name and figure of it; in Word as a picture that says what it is."""
    filled = papers.fill("见下图。\n{{图.小学差异系数}}\n以上。", figures)
    picture = filled.blocks[1]
    assert isinstance(picture, papers.Picture)
    assert picture.rows[5] == ("B6 生均教学仪器设备值", "0.506", "0.500")
    paper = papers.OfficialPaper("图", filled.blocks)
    papers.write_paper_pdf(paper, tmp_path / "chart.pdf")
    told = text_of_pdf(tmp_path / "chart.pdf")
    for label, figure, _ in picture.rows:
        assert "".join(label.split())[:12] in told
        assert figure in told
    papers.write_paper_docx(paper, tmp_path / "chart.docx")
    document = docx.Document(str(tmp_path / "chart.docx"))
    (shape,) = document.inline_shapes
    assert (shape._inline.docPr.get("descr"), round(shape.width.mm)) == (picture.title, 156)
    assert papers.fill("在一句话里{{图.小学差异系数}}不画。", figures).blocks[0].text.count("{{") == 1


def test_a_table_with_more_columns_than_rows_stands_upright(figures: dict[str, papers.Figure]) -> None:
    """A line for each indicator with its whole name; the form itself keeps its own layout."""
    grid, answer = figures["表Ⅲ"].grid, jh.assess(jh.load(SHILI))
    printed = papers.build_form(answer).tables["III"]
    assert grid is not None
    assert grid.headings == ("指标", "小学全县平均值", "小学差异系数", "初中全县平均值", "初中差异系数")
    across = [[cell.text for cell in row.cells[2:]] for row in printed.rows]
    assert [list(row[1:]) for row in grid.rows] == [list(column) for column in zip(*across, strict=True)]
    assert len({len(row) for row in (grid.headings, grid.shares, *grid.rows)}) == 1


def test_the_same_paper_is_the_same_pdf(figures: dict[str, papers.Figure], tmp_path: Path) -> None:
    """So that a signed paper's digest can be checked."""
    for name in ("a", "b"):
        papers.write_paper_pdf(paper_of(papers.default_text("notice"), figures), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_page_has_twenty_two_lines_of_twenty_eight_signs(tmp_path: Path) -> None:
    """A text of 28 times 22 signs, less what title and margins take, fills pages exactly."""
    paper = papers.OfficialPaper("题", (papers.Text("字" * (26 + 28 * 40)),))
    papers.write_paper_pdf(paper, tmp_path / "full.pdf")
    document = pypdfium2.PdfDocument(str(tmp_path / "full.pdf"))
    lines = [page.get_textpage().get_text_range().count("\n") for page in document]
    assert len(document) == 2
    assert lines[1] == 22
    assert document[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)


SIGNS = st.sampled_from("字学校，。；：、（）“”《》0123456789.%AB 县")


@given(words=st.text(SIGNS, max_size=120), most=st.integers(4, 28), indent=st.sampled_from([0, 2]))
def test_words_are_broken_as_printers_do(words: str, most: int, indent: int) -> None:
    """Nothing but spaces is lost, no line is too wide, and a number is divided only where no line could hold it."""
    lines = broken(words, most, indent)
    assert "".join("".join(lines).split()) == "".join(words.split())
    assert all(width_of(line) <= most + 1 for line in lines)
    whole = [piece for piece in PIECES.findall(words) if len(piece) > 1 and width_of(piece) <= most]
    assert [piece for piece in whole if not any(piece in line for line in lines)] == []


@given(words=st.text(SIGNS, max_size=120), most=st.integers(4, 28))
@example(words="000“”””县） ）", most=7)
def test_no_line_begins_with_a_sign_that_closes(words: str, most: int) -> None:
    """Unless the line before has hardly anything else that could go down with it."""
    lines = broken(words, most)
    for before, line in pairwise(lines):
        if line.lstrip()[:1] and line.lstrip()[0] in CLOSING:
            assert len(PIECES.findall(before.strip(OPENING + CLOSING + " "))) <= 1


def test_the_command_writes_report_and_notice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the default text, or from one's own; a reference that there is no figure for is told."""
    assert main(["form", str(SHILI), "--paper", "notice", "--format", "pdf", "--output", str(tmp_path / "n.pdf")]) == 0
    assert "自评结果的公示" in text_of_pdf(tmp_path / "n.pdf")
    own = tmp_path / "own.txt"
    own.write_text("# 题\n达标{{小学.达标学校数}}所，{{没有}}。", encoding="utf-8")
    asked = ["form", str(SHILI), "--paper", "report", "--text", str(own), "--format", "docx"]
    assert main([*asked, "--output", str(tmp_path / "r.docx")]) == 0
    assert "“没有”" in capsys.readouterr().err
    texts = [one.text for one in docx.Document(str(tmp_path / "r.docx")).paragraphs]
    assert "达标17所，{{没有}}。" in texts


def test_a_paper_that_cannot_be_written_so_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what it can be written as."""
    asked = ["form", str(SHILI), "--paper", "report", "--format", "xlsx", "--output", str(tmp_path / "f.xlsx")]
    assert main(asked) == 2
    assert "可以写成：docx、pdf" in capsys.readouterr().err
