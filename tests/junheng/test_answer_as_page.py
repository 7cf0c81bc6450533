"""`junheng assess --format html`: one file that needs nothing beside it, with every name escaped."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import impeccable
import junheng as jh
from junheng.cli import main

ROOT = Path(__file__).parents[2]
SHILI = ROOT / "examples" / "shili" / "facts"
ASSETS = ROOT / "src" / "junheng" / "output" / "assets"
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Collects the page's elements, the text outside scripts, and what the scripts hold."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        kept = {"script": self.scripts, "style": self.styles}
        kept.get(self.open[-1] if self.open else "", self.texts).append(data)


def read(file: Path) -> Reader:
    """Return the page as a parser sees it."""
    reader = Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def shili(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example county's page."""
    file = tmp_path_factory.mktemp("shili") / "shili.html"
    assert main(["assess", str(SHILI), "--format", "html", "--output", str(file)]) == 0
    return file


def test_the_verdict_stands_before_everything_else(shili: Path) -> None:
    """A leader with two minutes reads the county, that it is invented, and the verdict, and then the rest."""
    text = "\n".join(read(shili).texts)
    places = [
        text.index(one)
        for one in ("示例旗（虚构）", "虚构数据，仅供演示", "结论：", "主要原因", "校际差异系数", "各校七项指标")
    ]
    assert places == sorted(places)
    assert "不达标" in text[places[2] : places[3]]


def test_the_page_asks_for_nothing_outside_itself(shili: Path) -> None:
    """No element, style or script of ours names another place, and the library's source map is not looked for."""
    page = read(shili)
    asking = [
        (tag, name)
        for tag, found in page.elements
        for name in found
        if name in {"src", "href", "action", "data", "poster"}
    ]
    assert asking == []
    assert not re.search(r"url\(|@import", "".join(page.styles))
    assert "sourceMappingURL" not in shili.read_text(encoding="utf-8")
    assert not re.search(r"https?:", (ASSETS / "page.js").read_text(encoding="utf-8"))
    assert {tag for tag, _ in page.elements} & {"link", "img", "iframe", "object", "embed", "form"} == set()


def test_a_school_called_like_a_script_is_only_a_name(tmp_path: Path) -> None:
    """Markup in a name is shown as it is written, in tables and in the charts' data."""
    name = "</script><script>alert('1')</script>&<b>"
    rows = impeccable.schools("A", "B", school_name=name, county_name=name, multimedia_rooms=1)
    facts = jh.load(impeccable.write(tmp_path, rows))
    jh.write_assessment_html(jh.assess(facts), facts, tmp_path / "page.html")
    page = read(tmp_path / "page.html")
    assert name in page.texts
    assert [tag for tag, _ in page.elements].count("script") == 3
    assert "b" not in {tag for tag, _ in page.elements}


def test_every_number_of_a_chart_stands_in_a_table(shili: Path) -> None:
    """The charts' labels are cells of the spread tables, and each bar is the engine's own number."""
    page = read(shili)
    (data,) = (one for one in page.scripts if one.startswith("{"))
    charts = json.loads(data)
    answer = jh.assess(jh.load(SHILI))
    for stage, chart in charts.items():
        bars, limit = chart["series"]
        labels = [bar["label"]["formatter"].replace("\n", "") for bar in bars["data"]]
        assert set(labels) <= set(page.texts)
        assert f"{answer.stages[stage].indicators['B1'].cv_limit:.3f}" in page.texts
        assert limit["data"][1] == answer.stages[stage].indicators["B1"].cv_limit
        known = [one.cv for one in answer.stages[stage].indicators.values() if one.cv is not None]
        assert [bar["value"] for bar in bars["data"] if bar["value"] in known] == known


def test_the_gaps_and_what_is_missing_are_listed(shili: Path) -> None:
    """Each value under its line has a row with its gaps in buying units; the missing cell is named."""
    texts = read(shili).texts
    assert "469 平方米" in texts
    assert "沙湾镇初级中学（初中）：教学仪器设备资产值" in texts
    assert "在校生不足规定人数的教学点，不纳入" in texts


def test_a_passing_county_needs_no_list_of_reasons(tmp_path: Path) -> None:
    """Nothing is made up where nothing is wrong."""
    facts = jh.load(impeccable.write(tmp_path))
    jh.write_assessment_html(jh.assess(facts), facts, tmp_path / "page.html")
    texts = read(tmp_path / "page.html").texts
    assert "全部达标。" in texts
    assert "没有未达标准值的指标。" in texts
    assert "虚构" not in "".join(texts)


def test_the_style_is_plain_enough_for_an_old_browser() -> None:
    """Neither the style nor our script uses what Chromium 80 does not know."""
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    assert not re.search(r":(is|where|has)\(|aspect-ratio|inset:|@layer|@container|[^-]gap:|clamp\(", style)
    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    assert not re.search(r"\?\?|\?\.|=>|\b(const|let|async)\b|replaceAll|\.at\(", script)


def test_the_library_carries_its_licence() -> None:
    """ECharts is passed on with its licence and notice, and as recorded in the tool that renews it."""
    assert "Apache License" in (ASSETS / "echarts.LICENSE").read_text(encoding="utf-8")
    assert "Apache ECharts" in (ASSETS / "echarts.NOTICE").read_text(encoding="utf-8")
    version = re.search(r"^version=(\S+)$", (ROOT / "tools" / "vendor.sh").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert f'version="{version[1]}"' in (ASSETS / "echarts.simple.min.js").read_text(encoding="utf-8")
    assert f"echarts | {version[1]}" in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
