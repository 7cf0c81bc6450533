"""A public document in the platform: all of it, as it is printed, open to all, while the county's wall stands."""

from __future__ import annotations

import csv
import re
from html import unescape

import pytest
from django.test import Client

from junheng import api as jh
from junheng_web.organisation.models import AuditRow, Publication
from junheng_web.organisation.roles import Role
from places import COUNTY, EXAMPLES, FOREIGN
from test_walls_of_urls import account_of

OTOG = EXAMPLES / "otog"
DOCUMENT = f"/published/{FOREIGN}/otog"
PARTS = ("group", "duties", "tasks", "funding", "original")
BANNER = 'class="reproduced"'


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the example."""
    with (OTOG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_of(browser: Client, part: str) -> str:
    """Return the words of a part's page, without tags and white space between them."""
    answer = browser.get(f"{DOCUMENT}/{part}/")
    assert answer.status_code == 200
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", answer.content.decode())))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_every_part(as_, role: Role) -> None:
    """What was published needs no right."""
    browser = as_(account_of(role))
    assert [browser.get(f"{DOCUMENT}/{part}/").status_code for part in PARTS] == [200] * len(PARTS)
    assert browser.get("/published/").status_code == 200
    assert browser.get(f"{DOCUMENT}/")["Location"] == f"{DOCUMENT}/group/"


def test_a_stranger_signs_in_first(client, db) -> None:
    """The demonstration is not the open internet."""
    for path in ("/published/", f"{DOCUMENT}/", f"{DOCUMENT}/group/"):
        assert client.get(path)["Location"].startswith("/sign-in?next=/published/")


@pytest.mark.parametrize("role", Role)
def test_the_county_itself_stays_behind_its_wall(as_, role: Role) -> None:
    """Its document is public, the county's pages are there for nobody."""
    assert as_(account_of(role)).get(f"/c/{FOREIGN}/").status_code == 404


@pytest.mark.parametrize("path", [f"/published/{COUNTY}/otog/group/", f"{DOCUMENT}/nothing/", "/published/1/otog/"])
def test_what_was_not_published_is_not_there(as_, path: str) -> None:
    """Neither another county's, nor another part."""
    assert as_("office").get(path).status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_part_says_that_it_reproduces_and_never_that_it_is_invented(as_, part: str) -> None:
    """The reader's own county, which is invented, lends neither its name nor its mark."""
    text = as_("office").get(f"{DOCUMENT}/{part}/").content.decode()
    assert BANNER in text
    assert 'class="invented"' not in text
    assert '<span class="top-county">鄂托克旗</span>' in text
    assert "示例旗" not in text.split('id="main"')[1]


def test_the_invented_county_stays_marked(as_) -> None:
    """And names nobody of the document."""
    text = as_("office").get(f"/c/{COUNTY}/").content.decode()
    assert 'class="invented"' in text
    assert BANNER not in text
    assert "鄂托克" not in text


def test_the_menu_leads_there_and_marks_it(as_) -> None:
    """For a leader and for the area above alike; a part is below the entry."""
    for username in ("leader", "area-viewer", "administrator"):
        lines = {one.label: one for one in as_(username).get("/published/").context["menu"]}
        assert (lines["公开文件"].url, lines["公开文件"].here) == ("/published/", "page")
    lines = {one.label: one.here for one in as_("leader").get(f"{DOCUMENT}/tasks/").context["menu"]}
    assert [label for label, here in lines.items() if here] == ["公开文件"]
    assert lines["公开文件"] == "true"


def test_where_nothing_was_published_the_menu_leads_nowhere(as_) -> None:
    """And the page itself says so."""
    Publication.objects.all().delete()
    answer = as_("leader").get("/published/")
    assert "公开文件" not in {one.label for one in answer.context["menu"]}
    assert "还没有收录公开文件" in answer.content.decode()


def test_everybody_of_the_group_is_there_in_order(as_) -> None:
    """Role, name and post of each, then the three sentences that follow."""
    text = text_of(as_("office"), "group")
    told = [bare(row["role"] + row["name"] + row["title"]) for row in read("group")]
    places = [text.index(one) for one in told]
    assert places == sorted(places)
    assert len(told) == 28
    assert all(bare(row["text"]) in text for row in read("rules"))


def test_every_duty_stands_under_its_unit(as_) -> None:
    """Sentence by sentence, with who of the unit sits in the group, and where it is written otherwise."""
    units = {one["name"]: one for one in as_("office").get(f"{DOCUMENT}/duties/").context["units"]}
    assert [(name, text) for name, one in units.items() for text in one["sentences"]] == [
        (row["unit"], row["text"]) for row in read("duties")
    ]
    assert [row["name"] for row in units["旗公安局"]["holders"]] == [
        row["name"] for row in read("group") if "公安局局长" in row["title"]
    ]
    assert [label for label, _ in units["旗残联"]["tasks"]] == ["B24"]
    assert len(units["各苏木镇人民政府"]["holders"]) == 6
    assert "市场监督管理局" in units["旗市场监管局"]["notes"][0]
    assert units["旗妇联"]["tasks"] == []


def test_every_duty_is_printed(as_) -> None:
    """On the page itself."""
    text = text_of(as_("office"), "duties")
    assert [row["text"] for row in read("duties") if bare(row["text"]) not in text] == []


def test_every_row_of_the_tasks_is_there_with_its_units(as_) -> None:
    """Text as printed, units in the printed order, all thirty-three."""
    answer = as_("office").get(f"{DOCUMENT}/tasks/")
    overlay = jh.load_standard("otog").overlay
    shown = [*answer.context["rows"], *answer.context["vetoes"]]
    assert [(row["indicator"], row["group"], row["text"], [unit for unit, _ in row["links"]]) for row in shown] == [
        (row.indicator, row.group, row.text, list(row.units)) for row in overlay.rows
    ]
    text = text_of(as_("office"), "tasks")
    assert all(bare(row.text) in text and "、".join(row.units) in text for row in overlay.rows)


def test_differences_from_the_national_line_are_said(as_) -> None:
    """One looser, one stricter, and where they are equal it says so."""
    answer = as_("office").get(f"{DOCUMENT}/tasks/")
    asked = {(row["indicator"], one["part"]): one for row in answer.context["rows"] for one in row["asked"]}
    assert {key: one["kind"] for key, one in asked.items() if one["kind"] != "equal"} == {
        ("B14", "funding"): "looser",
        ("B21", "allotted"): "stricter",
    }
    text = text_of(as_("office"), "tasks")
    assert "国家标准8,000元；这张表6,000元，更宽" in text
    assert "国家标准50.0%；这张表60.0%，更严" in text
    assert "小学：国家标准4.20人，相同" in text
    assert {row["indicator"] for row in answer.context["rows"] if not row["asked"]} == set()


def test_veto_items_stand_beside_the_national_ones(as_) -> None:
    """Six as printed, the seventh said to be absent; of what the table leaves out, the qualification."""
    answer = as_("office").get(f"{DOCUMENT}/tasks/")
    (veto,) = answer.context["vetoes"]
    assert "；".join(printed for printed, _ in veto["items"] if printed) + "。" == veto["text"]
    names = [part.name for part in jh.load_standard("national-2017").requirements["VETO"].parts]
    assert [name for _, name in veto["items"]] == names
    assert [bool(printed) for printed, _ in veto["items"]] == [True] * 6 + [False]
    assert [name.split()[0] for name, _ in answer.context["absent"]] == ["PRE"]


def test_a_unit_leads_to_its_duties(as_) -> None:
    """However the document writes it."""
    browser = as_("office")
    (veto,) = browser.get(f"{DOCUMENT}/tasks/").context["vetoes"]
    anchors = {
        one["name"]: f"unit-{at}" for at, one in enumerate(browser.get(f"{DOCUMENT}/duties/").context["units"], 1)
    }
    assert dict(veto["links"])["市场监管局"].endswith(f"#{anchors['旗市场监管局']}")
    assert all(url for row in browser.get(f"{DOCUMENT}/tasks/").context["rows"] for _, url in row["links"])


def test_legible_money_is_there_and_the_rest_is_said_to_be_illegible(as_) -> None:
    """Figures as printed, what was inferred marked, nothing supplied for rows that cannot be read."""
    rows = as_("office").get(f"{DOCUMENT}/funding/").context["rows"]
    assert [row.get("unread", row.get("row")) for row in rows] == [
        "1～7",
        "8",
        "9",
        "10",
        "11",
        "12",
        "13",
        "14",
        "合计",
    ]
    assert rows[4]["cells"] == [("70.7", True), ("18", False), ("8", False), ("96.7", False)]
    text = text_of(as_("office"), "funding")
    assert all(row["total_wan"] in text for row in read("funding"))
    assert text.count("读不清，没有照录") >= 2
    assert "1564.02" in text


def test_the_whole_text_is_there(as_) -> None:
    """So that nothing legible is left out."""
    page = as_("office").get(f"{DOCUMENT}/original/").content.decode()
    original = (OTOG / "original.txt").read_text(encoding="utf-8")
    assert original in unescape(page)


def test_it_is_kept_once_with_an_audit_row(db) -> None:
    """Loading again adds nothing and writes nothing."""
    from junheng_web.home import demonstration

    before = AuditRow.objects.filter(action="publication.keep").count()
    demonstration.load(EXAMPLES, "demo")
    assert Publication.objects.count() == 1
    assert AuditRow.objects.filter(action="publication.keep").count() == before == 1
