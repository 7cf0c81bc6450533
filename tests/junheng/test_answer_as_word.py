"""`junheng assess --format docx`: a page for the county, a page for each school with findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

import impeccable
import junheng as jh
from junheng.cli import main
from junheng.output.gaps import has_findings

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"


@pytest.fixture(scope="module")
def shili(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The example county's Word file, opened."""
    file = tmp_path_factory.mktemp("shili") / "shili.docx"
    assert main(["assess", str(SHILI), "--format", "docx", "--output", str(file)]) == 0
    return docx.Document(str(file))


def pages(document: Any) -> dict[str, list[str]]:
    """Return the paragraphs of each page that begins with a heading, under that heading."""
    found: dict[str, list[str]] = {"": []}
    for paragraph in document.paragraphs:
        if paragraph.paragraph_format.page_break_before:
            found[paragraph.text] = []
        found[list(found)[-1]].append(paragraph.text)
    return found


def test_each_school_with_findings_has_a_page_and_no_other(shili: Any) -> None:
    """The pages are the schools that lack something, or make much of a spread that is over its limit."""
    answer = jh.assess(jh.load(SHILI))
    names = dict.fromkeys(one.school_name for one in answer.sections if has_findings(answer, one))
    assert list(pages(shili))[1:] == list(names)
    assert "示例旗第三小学" in names
    assert "清水嘎查教学点" not in names


def test_schools_without_findings_stand_in_one_list(shili: Any) -> None:
    """The county's page names them, and those outside the sample with the reason."""
    first = "\n".join(pages(shili)[""])
    assert "示例旗第一小学（小学）、" in first
    assert "清水嘎查教学点（小学）：在校生不足规定人数的教学点，不纳入" in first
    assert "全县不达标" in first


def test_a_page_tells_gaps_missing_cells_and_the_share_of_a_spread(shili: Any) -> None:
    """What to buy, what to report, and what the school does to the county's spread."""
    found = pages(shili)
    assert any("再增加 325 平方米到 85%，增加 2,451 平方米到标准值" in line for line in found["示例旗实验小学"])
    assert "未报：教学仪器设备资产值。" in found["沙湾镇初级中学"]
    assert any("本校占 90." in line for line in found["示例旗第三小学"])
    assert any(line.startswith("达到标准值 5 项：B1、B2、B5") for line in found["示例旗第四小学"])


def test_the_paper_is_an_offices(shili: Any) -> None:
    """A4 with the margins of GB/T 9704, Chinese fonts by name, the language Chinese, a page number below."""
    section = shili.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    fonts = {element.get(qn("w:eastAsia")) for element in shili.element.iter(qn("w:rFonts"))}
    assert fonts == {"仿宋_GB2312", "方正小标宋简体", "黑体"}
    languages = {element.get(qn("w:eastAsia")) for element in shili.element.iter(qn("w:lang"))}
    assert languages == {"zh-CN"}
    assert "PAGE" in section.footer._element.xml


def test_invented_data_says_so_at_the_top_and_on_every_page(shili: Any) -> None:
    """The notice stands under the title and in the footer."""
    assert "虚构数据，仅供演示" in [paragraph.text for paragraph in shili.paragraphs[:4]]
    assert "虚构" in shili.sections[0].footer.paragraphs[0].text


def test_a_passing_county_is_one_page(tmp_path: Path) -> None:
    """Without findings no school has a page."""
    facts = jh.load(impeccable.write(tmp_path))
    jh.write_assessment_docx(jh.assess(facts), facts, tmp_path / "good.docx")
    assert list(pages(docx.Document(str(tmp_path / "good.docx")))) == [""]
