"""An indicator's page in the rule book shows its worked cases: what is known, what comes out, by which clause."""

from __future__ import annotations

import pytest

from junheng import api as jh
from places import COUNTY

STANDARD = jh.load_standard("national-2017")


@pytest.mark.parametrize("id", [*STANDARD.indicators, *STANDARD.requirements])
def test_every_indicator_shows_a_case_that_reaches_its_line_and_one_that_does_not(as_, id: str) -> None:
    """As sentences with a badge, for whoever may read the rules."""
    answer = as_("office").get(f"/c/{COUNTY}/rules/{id}/")
    statuses = {one["status"] for case in answer.context["worked"] for row in case["rows"] for one in row["outcomes"]}
    assert statuses >= ({"met", "floor", "below"} if id in STANDARD.indicators else {"pass", "fail"})
    text = answer.content.decode()
    assert all(case["name"] in text and case["clause"] in text for case in answer.context["worked"])


def test_a_case_is_read_without_training(as_) -> None:
    """Known beside outcome, in words and whole figures, and that the schools are made up for it."""
    text = as_("clerk-03").get(f"/c/{COUNTY}/rules/B6/").content.decode()
    assert "甲校（小学）</strong>：小学在校生数 100 人，教学仪器设备资产值 200,000 元" in text
    assert "都是为说明规则假设的" in text


def test_a_run_by_an_overlay_shows_the_cases_of_the_document(as_, db) -> None:
    """The overlay sets targets; the cases are those of the national lines."""
    from junheng_web.assessment.models import Run
    from junheng_web.assessment.services import run_make

    run = Run.objects.filter(county__code=COUNTY).latest("id")
    code = run_make(by=None, county=run.county, snapshot=run.snapshot, standard="otog").code
    answer = as_("office").get(f"/c/{COUNTY}/rules/B14/?run={code}")
    assert len(answer.context["worked"]) == 3
