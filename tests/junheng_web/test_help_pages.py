"""The manual reads without an account and leads nowhere that is not there; every indicator says what it means."""

from __future__ import annotations

import json
import re

import pytest

from junheng import api as jh
from places import COUNTY, FOREIGN

RULES = json.loads(jh.rules_to_json(jh.load_standard("national-2017")))
IDS = [*RULES["indicators"], *RULES["requirements"]]
LINK = re.compile(r'href="(/[^"#]*)"')


@pytest.fixture
def pages(client, db):
    """Return every page of the manual as a stranger reads it, by its address."""
    from django.urls import reverse

    from junheng_web.home.help import ORDER

    return {url: client.get(url) for url in (reverse("manual", args=[code]) for code in ORDER)}


def test_every_file_is_a_page_and_every_page_renders(client, db, pages) -> None:
    """In the order of reading, without an account, with nothing of its making left over."""
    from junheng_web.home.help import FOLDER, ORDER

    assert {file.stem for file in FOLDER.glob("*.md")} == set(ORDER)
    assert client.get("/help/", follow=True).redirect_chain == [(f"/help/{ORDER[0]}/", 302)]
    assert client.get("/help/nothing/").status_code == 404
    for url, answer in pages.items():
        text = answer.content.decode()
        assert answer.status_code == 200, url
        assert "<h2>" in text, url
        assert [one for one in ("{{ ", "{%", "| ---", "](", "**", "\n| ") if one in text] == [], url


def test_the_manual_s_links_lead_somewhere(client, db, pages) -> None:
    """Each is asked as a stranger: a page, or the way to sign in; never 'not there'."""
    links = {link for answer in pages.values() for link in LINK.findall(answer.content.decode())}
    inside = {link for link in links if not link.startswith("/static/")}
    assert len(inside) > 8
    assert {
        link: client.get(link).status_code for link in inside if client.get(link).status_code not in (200, 302)
    } == {}


def test_nothing_of_the_manual_comes_from_another_place(pages) -> None:
    """It is read in offices without the internet."""
    for answer in pages.values():
        assert re.findall(r'(?:src|href)="(?:https?:)?//', answer.content.decode()) == []


def test_what_each_post_may_do_is_the_table_itself(pages) -> None:
    """Every permission has its words, and its row names exactly the roles that have it."""
    from junheng_web.home.help import DEEDS
    from junheng_web.organisation.permissions import PERMISSIONS
    from junheng_web.organisation.roles import Role

    text = pages["/help/posts/"].content.decode()
    assert set(DEEDS) == set(PERMISSIONS)
    for permission, roles in PERMISSIONS.items():
        row = text.split(f"<td>{DEEDS[permission]}</td>\n<td>")[1].split("</td>")[0]
        named = set(Role) if row == "全部岗位" else {role for role in Role if role.label in row.split("、")}
        assert named == roles, permission


def test_the_manual_s_figures_are_the_rule_book_s(pages) -> None:
    """The share, the count and the limits stand nowhere but in the rules."""
    told = pages["/help/verdicts/"].content.decode()
    passing = RULES["pass_rule"]
    assert f"至少 {len(RULES['indicators']) - passing['may_miss']} 项" in told
    assert f"达到 {jh.line_told(passing['floor'] * 100)}%" in told
    for stage, limit in RULES["spread_limits"][max(RULES["spread_limits"])].items():
        told = f"{RULES['stages'][stage]}：不超过 {jh.shown(limit, RULES['display']['spread_decimals'])}"
        assert told in pages["/help/spread/"].content.decode()


@pytest.mark.parametrize("id", IDS)
def test_every_indicator_has_its_help(as_, id: str) -> None:
    """A page of its own, and for htmx its words alone: what it is, its clause, what 'not reported' means."""
    rule = RULES["indicators"].get(id) or RULES["requirements"][id]
    url, browser = f"/c/{COUNTY}/help/{id}/", as_("clerk-03")
    page, words = browser.get(url), browser.get(url, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert "<html" not in words.content.decode()
    assert "HX-Request" in page["Vary"]
    from django.utils.html import escape

    for answer in (page, words):
        text = answer.content.decode()
        clause = rule.get("clause") or list(rule["lines"].values())[-1]["reference"]
        for told in (escape(rule["definition"]), escape(clause), "“未报”是什么意思"):
            assert told in text


def test_the_line_is_the_one_in_force_for_the_run(as_) -> None:
    """Of each stage, with its unit."""
    text = as_("office").get(f"/c/{COUNTY}/help/B4/").content.decode()
    lines = RULES["indicators"]["B4"]["lines"]
    for stage, name in RULES["stages"].items():
        threshold = jh.line_told(lines[max(lines)][stage]["threshold"])
        assert f"{name}：{threshold} {RULES['indicators']['B4']['unit']}" in text


def test_what_is_no_indicator_or_another_county_s_is_not_there(client, as_) -> None:
    """And a stranger is asked to sign in, though the manual itself is open."""
    assert as_("office").get(f"/c/{COUNTY}/help/B99/").status_code == 404
    assert as_("office").get(f"/c/{COUNTY}/help/B4/?run=nothing").status_code == 404
    assert as_("office").get(f"/c/{FOREIGN}/help/B4/").status_code == 404
    assert client.get(f"/c/{COUNTY}/help/B4/").status_code == 302


def test_every_page_leads_to_the_manual(as_) -> None:
    """From the frame."""
    assert 'href="/help/"' in as_("office").get(f"/c/{COUNTY}/").content.decode()


def test_help_is_there_before_the_first_run(as_) -> None:
    """Of a county that has none, it is the document as it reads today."""
    from junheng_web.assessment.models import Run

    Run.objects.all().delete()
    for id in ("B4", "VETO"):
        assert as_("office").get(f"/c/{COUNTY}/help/{id}/").status_code == 200
