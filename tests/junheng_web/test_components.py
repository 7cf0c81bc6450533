"""The components say what they are to everybody, and tables are handed out as they are shown."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import django_tables2
import openpyxl
import pytest
from django.template import Context, Engine
from django.test import RequestFactory

import junheng_web
from junheng_web.common.tables import Number, Table, workbook
from junheng_web.common.templatetags.components import STATUSES, grouped

ROOT = Path(junheng_web.__file__).parent
# What came after Chromium 80, which offices still have (P7), and what would lead out of the page.
TOO_NEW = re.compile(
    r":(is|where|has)\(|color-mix\(|light-dark\(|oklch|oklab|@layer|@container|@property|@scope|@starting-style"
    r"|(margin|padding)-(inline|block):|\d[sdl]vh|sourceMappingURL|@import|url\(\s*['\"]?https?:"
)


class Outline(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


class Marks(Table):
    """Two columns, one of them with what a spreadsheet would take for a formula."""

    name = django_tables2.Column("学校")
    pupils = Number(verbose_name="学生")
    title = "各校：学生/人数"


def rendered(template: str, **context: object) -> str:
    """Return what a template's text gives."""
    return Engine.get_default().from_string(template).render(Context(context))


def test_colour_never_tells_alone() -> None:
    """Each status has a word and a sign, and words of the same look differ."""
    assert len({(word, sign) for word, sign, _ in STATUSES.values()}) == len(STATUSES) - 1  # met and pass are one
    for status, (word, sign, _) in STATUSES.items():
        shown = rendered("{% status one %}", one=status)
        assert word in shown
        assert f'<span aria-hidden="true">{sign}</span>' in shown


@pytest.mark.parametrize(
    "template",
    [
        '{% status "met" bad %}',
        "{% figure bad bad bad url=bad %}",
        "{% empty bad bad bad bad %}",
        "{% help bad bad %}",
        "{% progress 1 2 bad %}",
        '{% chart "one" option bad %}',
    ],
)
def test_components_escape_what_they_are_given(template: str) -> None:
    """A school's name cannot become markup."""
    bad = '"><script>alert(1)</script>'

    assert "<script>" not in rendered(template, bad=bad, option={"title": bad})


def test_every_page_has_one_heading_and_its_landmarks(as_) -> None:
    """With the language, a way past the menu, and no script or style that the policy would refuse."""
    page = as_("office").get("/components").content.decode()
    outline = Outline(page)

    assert len(outline.all("h1")) == len(outline.all("main")) == 1
    assert outline.all("html")[0]["lang"] == "zh-CN"
    assert outline.all("a")[0] == {"class": "skip", "href": "#main"}
    assert "虚构数据，仅供演示" in page
    assert all("src" in one or one.get("type") == "application/json" for one in outline.all("script"))
    assert outline.all("style") == []
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on")]


def test_a_field_is_told_with_its_help_and_its_fault(as_) -> None:
    """Both are tied to the control, so that they are read out with it."""
    outline = Outline(as_("office").get("/components").content.decode())
    control = next(one for one in outline.all("input") if one.get("id") == "id_name")
    ids = {attributes.get("id") for _, attributes in outline.tags}

    assert control["aria-invalid"] == "true"
    assert set(control["aria-describedby"].split()) == {"id_name_helptext", "id_name_error"} <= ids


def test_a_part_of_the_page_is_the_table_alone(as_) -> None:
    """For htmx; a cache keeps the two apart."""
    office = as_("office")

    part = office.get("/components?sort=-pupils&page=2", headers={"HX-Request": "true"})

    assert part.content.decode().startswith('<div id="table"')
    assert "HX-Request" in part["Vary"]
    assert office.get("/components").content.decode().startswith("<!doctype html>")


def test_a_page_that_is_not_there_is_the_last_one(as_) -> None:
    """A number from an old address does no harm."""
    assert "示例第119小学" in as_("office").get("/components?page=99").content.decode()
    assert as_("office").get("/components?page=x&sort=nothing").status_code == 200


def test_a_workbook_has_the_order_and_filter_that_are_shown(as_) -> None:
    """And every row of them, numbers as numbers, the status as its word."""
    answer = as_("office").get("/components?q=第1&sort=-pupils&_export=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    pupils = [row[2] for row in rows[1:] if row[2] is not None]

    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert all("第1" in row[0] for row in rows[1:])
    assert pupils == sorted(pupils, reverse=True)
    assert all(isinstance(one, int) for one in pupils)
    assert {row[1] for row in rows[1:]} <= {word for word, _, _ in STATUSES.values()}


def test_text_in_a_workbook_stays_text() -> None:
    """What begins like a formula is none, and a sheet's name has no sign that a spreadsheet refuses."""
    table = Marks([{"name": "=HYPERLINK(1)", "pupils": None}, {"name": "+1", "pupils": 7}])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(table))).active

    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [("=HYPERLINK(1)", "s"), ("+1", "s")]
    assert [cell.value for cell in sheet["B"][1:]] == [None, 7]
    assert sheet.title == "各校 学生 人数"
    assert sheet.freeze_panes == "B2"


def test_a_table_without_rows_says_so() -> None:
    """Instead of a head with nothing under it."""
    table = Marks([])
    django_tables2.RequestConfig(RequestFactory().get("/")).configure(table)

    assert "没有符合条件的记录" in table.as_html(RequestFactory().get("/"))


def test_style_sheets_keep_to_what_offices_browsers_can_show() -> None:
    """None of ours, and none that we carry, needs more than Chromium 80."""
    sheets = [file for file in ROOT.rglob("*.css") if "static" in file.parts]

    assert {file.name for file in sheets} >= {"bootstrap.min.css", "junheng.css"}
    found = {file.name: sorted({one[0] for one in TOO_NEW.finditer(file.read_text("utf-8"))}) for file in sheets}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1234567, "1,234,567"), (-1200, "-1,200"), ("7563232.33", "7,563,232.33"), (0, "0"), (None, "未报")],
)
def test_a_number_is_shown_with_its_thousands_apart(value: object, shown: str) -> None:
    """Zero and what was not reported are two things."""
    assert grouped(value) == shown


@pytest.mark.parametrize("value", ["是", "2025-09-01", "", "1.5e3"])
def test_what_is_no_number_stays_as_it_is(value: str) -> None:
    """A date, a word, a code."""
    assert grouped(value) == value
