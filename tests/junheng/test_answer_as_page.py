"""`junheng assess --format html`: one file that needs nothing beside it, and says in tables all that it draws."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import golden
import impeccable
import junheng as jh
from junheng.cli import main

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"
ASSETS = ROOT / "src" / "junheng" / "output" / "assets"
# What Chromium 80 does not know yet.
TOO_NEW = (":is(", ":where(", "inset:", "aspect-ratio", "@layer", "@container", ":has(", "&:", "color-mix", "clamp(")
UNCLOSED = {"meta", "br", "hr", "col"}


class Page(HTMLParser):
    """Reads a page: its text by place, what it would load, which tags are open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.cells: list[str] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.wrong: list[str] = []
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what a browser would fetch for this tag."""
        given = dict(attrs)
        self.loads += [str(given[name]) for name in ("src", "href", "srcset", "data") if name in given]
        self.wrong += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])
        if tag not in UNCLOSED:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Every tag is closed in its turn."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Remember text where it stands."""
        place = self.open[-1] if self.open else ""
        if place in {"script", "style"}:
            self.scripts.append(data)
            return
        self.texts.append(data)
        if {"td", "th"} & set(self.open):
            self.cells[-1] += data


@pytest.fixture(scope="module")
def shili() -> str:
    """The example county's page."""
    facts = jh.load(SHILI)
    return jh.to_html(jh.assess(facts), facts)


@pytest.fixture(scope="module")
def page(shili: str) -> Page:
    """The same, read."""
    return Page(shili)


def test_nothing_is_loaded_from_anywhere(shili: str, page: Page) -> None:
    """Every link leads within the page, style and script stand inside, and the browser is told to refuse the rest."""
    library = (ASSETS / "echarts" / "echarts.simple.min.js").read_text(encoding="utf-8")
    assert [link for link in page.loads if not link.startswith("#")] == []
    assert not re.search(r"https?://|url\(|@import|sourceMappingURL", shili.replace(library, ""))
    assert "sourceMappingURL" not in library
    assert page.policy.startswith("default-src 'none';")


def test_every_link_leads_to_a_part(shili: str, page: Page) -> None:
    """Each of the page's own links has its target."""
    assert len(page.loads) > 6
    assert [link for link in page.loads if f'id="{link[1:]}"' not in shili] == []


def test_the_page_is_well_formed(page: Page) -> None:
    """Every tag is closed in its turn, and no attribute runs a script."""
    assert page.wrong == []
    assert page.open == []


def test_a_leader_sees_the_verdict_first(page: Page) -> None:
    """County, notice that it is invented, verdict and first reason come before any table."""
    text = "".join(page.texts)
    reason = jh.assess(jh.load(SHILI)).reasons[0].message
    words = ("示例旗（虚构）", "虚构数据", "全县结论", "不达标", "首先要办的", reason, "小学：差异系数")
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_every_number_of_a_chart_stands_in_a_table(page: Page) -> None:
    """Without scripts nothing is lost: the charts' figures are cells as well."""
    (data,) = (json.loads(text) for text in page.scripts if text.startswith("{"))
    for stage in data.values():
        assert [bar["told"] for bar in stage["spread"]["bars"] if bar["told"] not in page.cells] == []
        counts = {str(count) for status in stage["reached"]["series"] for count in status["counts"]}
        assert counts <= set(page.cells)
    assert data["junior"]["spread"]["bars"][5] == {
        "cv": None,
        "bounds": pytest.approx([0.086, 6.067], abs=0.001),
        "told": "0.086～6.067",
        "status": "undetermined",
    }


def test_the_charts_are_hidden_until_something_draws_them(shili: str) -> None:
    """A browser without scripts shows no empty frames."""
    assert shili.count("<figure") == shili.count('hidden="hidden"') == 4


def test_every_school_gap_requirement_and_reason_is_there(page: Page) -> None:
    """Nothing of the answer is left out."""
    answer, text = jh.assess(jh.load(SHILI)), "".join(page.texts)
    assert [one.school_name for one in answer.sections if one.school_name not in page.cells] == []
    assert [one.message for one in answer.reasons if one.message not in text] == []
    assert [one.id for one in answer.requirements.values() if one.id not in page.cells] == []
    assert {
        "2,451 平方米",
        "325 平方米",
        "未报：教学仪器设备资产值",
        "70.2%",
        "69.2%",
        "示例旗实验小学一年级1班",
    } <= set(page.cells)
    assert "教督〔2017〕6号 资源配置第四项（自 2017-04-19 起）" in page.cells


def test_a_name_that_is_a_tag_stays_a_name(tmp_path: Path) -> None:
    """Neither in the text nor in the charts' data does a school's name run."""
    name = "</script><script>alert('x')</script>&\"小学"
    rows = impeccable.schools("A", school_name=name, county_name=name)
    facts = jh.load(impeccable.write(tmp_path, rows))
    found = jh.to_html(jh.assess(facts), facts)
    read = Page(found)
    assert name in read.cells
    assert read.wrong == []
    assert found.count("<script") == 3
    assert "alert('x')</script>" not in found


def test_an_almost_empty_county_has_a_page(tmp_path: Path) -> None:
    """No school at all, and the page says so and draws nothing."""
    facts = jh.load(golden.write_schools([], tmp_path))
    found = jh.to_html(jh.assess(facts, as_of=golden.DAY), facts)
    assert "小学：没有学校" in found
    assert "<figure" not in found
    assert Page(found).wrong == []


def test_a_passing_county_says_that_nothing_is_missing(tmp_path: Path) -> None:
    """No reasons, no gaps, no notice that the data is invented."""
    facts = jh.load(impeccable.write(tmp_path))
    text = "".join(Page(jh.to_html(jh.assess(facts), facts)).texts)
    assert "没有：全部达标" in text
    assert "没有可列的缺口" in text
    assert "首先要办的" not in text
    assert "虚构" not in text


def test_the_style_is_plain_enough_for_an_old_browser() -> None:
    """Nothing that Chromium 80 does not know, and no gap in a flex box."""
    style = (ASSETS / "page.css").read_text(encoding="utf-8").split("*/", 1)[1]
    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    assert [word for word in TOO_NEW if word in style] == []
    assert not re.search(r"(?<!grid-)gap:|display: flex", style)
    assert not re.search(r"\?\.|\?\?|=>|\b(let|const|async|class)\b", script)


def test_a_page_may_go_to_the_screen_or_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is text: without --output it is printed, with it the same stands in the file."""
    file = tmp_path / "page.html"
    assert main(["assess", str(SHILI), "--format", "html"]) == 0
    shown = capsys.readouterr().out
    assert main(["assess", str(SHILI), "--format", "html", "--output", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == shown
    assert shown.startswith("<!doctype html>")
