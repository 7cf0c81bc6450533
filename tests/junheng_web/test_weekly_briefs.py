"""A weekly brief names its week, and says what came and was done in it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from junheng_web.rectification.figures import WEEK, trend
from junheng_web.reports import campaign
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.models import Kind
from reported import HERE, county, signed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ((2026, 11, 26), "2026年11月23日至26日"),
        ((2026, 11, 23), "2026年11月23日"),
        ((2026, 12, 2), "2026年11月30日至12月2日"),
        ((2027, 1, 2), "2026年12月28日至2027年1月2日"),
    ],
)
def test_a_week_is_told_from_its_monday(day: tuple[int, int, int], told: str) -> None:
    """A month or a year is said again only where it is another."""
    assert campaign.week_told(dt.date(*day)) == told


def test_a_brief_says_its_week_and_what_came_in_it(as_) -> None:
    """In its title as it begins, in its text, and kept with the signature."""
    today = timezone.localdate()
    week = campaign.week_told(today)
    assert week in as_("office").get(f"{HERE}add/?kind=brief").content.decode()
    assert week not in as_("office").get(f"{HERE}add/?kind=self").content.decode()
    made = signed(kind=Kind.BRIEF, text="")
    assert f"本周（{week}）" in made.words
    counts = trend(county(), WEEK, today)[-1].counts
    figures = catalogue(county(), today)
    told = [figures[f"本周{name}数"].told for name in ("交办任务", "办结任务", "发现问题", "销号问题")]
    assert told == [str(counts[name]) for name in ("task_came", "task_done", "issue_came", "issue_done")]
    assert f"本周交办{counts['task_came']}项，办结{counts['task_done']}项" in made.words
    assert {"本周", "本周交办任务数"} <= {one["key"] for one in made.figures}
