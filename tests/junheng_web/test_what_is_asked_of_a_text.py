"""What a page looks at by itself is what the readers ask: the same patterns, limits and words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collected import FORM, PUPILS, SCHOOL
from junheng.facts.cells import FULL_WIDTH
from junheng_web.collection.ledger.values import Key, read
from junheng_web.collection.shown.asking import asked, asked_name

KEYS: tuple[Key, ...] = (
    PUPILS,
    ("schools", SCHOOL, "equipment_value"),
    ("rooms", f"{SCHOOL}|0001", "area"),
    ("period", "2025", "counting_date"),
)
TEXTS = st.text(st.sampled_from("0123456789.,-+１９，．－ 约无e/年月日\u3000"), max_size=14)


def refused(key: Key, text: str) -> str:
    """Return what the page's script says of a text: its steps, in Python."""
    told = asked([key])
    for wide, narrow in FULL_WIDTH.items():
        text = text.replace(wide, narrow)
    text = text.strip()
    if text in told["blanks"]:
        return ""
    plain = text.replace(",", "") if re.search(told["thousands"], text) else text
    for rule in told["rules"][asked_name(key)]:
        if rule["pattern"]:
            wrong = bool(re.search(rule["pattern"], plain)) != rule["wanted"]
        else:
            wrong = abs(float(plain)) > rule["maximum"]
        if wrong:
            return rule["told"]
    return ""


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KEYS[:3]), TEXTS)
def test_a_number_that_the_page_refuses_the_server_refuses_too(key: Key, text: str) -> None:
    """In the same words; and whatever the page lets pass is read."""
    problem = read(key, text).problem
    assert refused(key, text) == (f"{problem.reason}。{problem.remedy}" if problem else "")


@pytest.mark.parametrize(
    ("key", "text", "told"),
    [
        (KEYS[0], "约1800", "应当是数字，这里不是"),
        (KEYS[0], "-3", "不能是负数"),
        (KEYS[0], "12.5", "应当是整数"),
        (KEYS[0], "200001", "超过了可以受理的上限"),
        (KEYS[0], "１，８００", ""),
        (KEYS[0], "无", ""),
        (KEYS[1], "1.1234567", "最多 6 位小数"),
        (KEYS[2], "96.505", "最多 2 位小数"),
        (KEYS[3], "2025-9", "不是日期"),
        (KEYS[3], "2025年9月1日", ""),
    ],
)
def test_what_is_said_of_a_text(key: Key, text: str, told: str) -> None:
    """The first rule that refuses it, in words; a blank is never wrong."""
    said = refused(key, text)
    assert told in said
    assert bool(said) == bool(told)


def test_cells_that_are_asked_the_same_share_it() -> None:
    """One name for the pupils of two schools; none for a text that may be anything."""
    other = ("schools", "1506990001", "primary_pupils")
    assert asked_name(PUPILS) == asked_name(other)
    assert asked_name(("classes", f"{SCHOOL}|0001", "class_name")) == ""
    assert list(asked([PUPILS, other])["rules"]) == [asked_name(PUPILS)]


@pytest.mark.django_db
def test_a_form_bears_what_is_asked_where_it_is_filled_in(as_) -> None:
    """Each cell the name of its rules, and whether an indicator needs it; who only reads gets none of it."""
    page = as_("clerk-03").get(FORM).content.decode()
    assert f'data-asked="{asked_name(PUPILS)}"' in page
    assert f'"{asked_name(PUPILS)}": [' in page
    assert re.search(r'id="c-schools-1506990006-primary_pupils"[^>]* data-needed ', page)
    assert "data-asked" not in as_("auditor").get(FORM).content.decode()
