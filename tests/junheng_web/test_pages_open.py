"""Every page of the main job opens, and what does not exist is not there."""

from __future__ import annotations

import pytest

from places import COUNTY

SCHOOL = "1506990003"
PAGES = (
    "",
    "?every=1",
    "grid/",
    "grid/primary/",
    "grid/junior/?sort=-B6&status=missing&q=%E6%B2%99",
    f"schools/{SCHOOL}/",
    "schools/1506990030/",
    "indicators/B6/primary/",
    "indicators/B6/junior/",
    "indicators/B10/",
    "indicators/SR/",
    "indicators/VETO/",
    "indicators/PRE/",
    f"trace/B6/?school={SCHOOL}&stage=primary",
    "trace/B6/?stage=primary",
    "trace/B6/?stage=junior",
    "trace/B10/",
    f"trace/B10/?school={SCHOOL}",
    "trace/VETO/",
    "trace/B28/",
    "board/",
    "rules/",
    "rules/B3/",
    "rules/B21/",
    "rules/VETO/",
    "runs/",
)
ABSENT = (
    "grid/senior/",
    "schools/0/",
    "indicators/B99/",
    "indicators/B10/primary/",
    "indicators/B6/senior/",
    "trace/B99/",
    "trace/B6/",
    "trace/B6/?school=0&stage=primary",
    "trace/B6/?stage=senior",
    "trace/B10/?stage=primary",
    "rules/B99/",
    "runs/a/against/b/",
    "runs/against/",
    "?run=nothing",
    "grid/primary/?run=nothing",
    "grid/senior/?format=xlsx",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(as_, page: str) -> None:
    """For whoever may see the county."""
    assert as_("office").get(f"/c/{COUNTY}/{page}").status_code == 200


@pytest.mark.parametrize("page", ABSENT)
def test_what_a_run_does_not_speak_of_is_absent(as_, page: str) -> None:
    """An unknown school, stage, indicator or run is 404, never an error."""
    assert as_("office").get(f"/c/{COUNTY}/{page}").status_code == 404


def test_an_indicator_of_the_resources_leads_to_its_first_stage(as_) -> None:
    """Without a stage there is no spread to show."""
    answer = as_("office").get(f"/c/{COUNTY}/indicators/B6/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/c/{COUNTY}/indicators/B6/primary/"


def test_everybody_is_led_to_a_page_that_he_may_see(as_, db) -> None:
    """From the first page: to the verdict, and an administrator, whom results do not concern, to the rules."""
    from junheng_web.organisation.models import Account

    names = Account.objects.values_list("username", flat=True)
    assert {name: as_(name).get("/", follow=True).status_code for name in names} == dict.fromkeys(names, 200)
    assert as_("office").get("/")["Location"] == f"/c/{COUNTY}/"
    assert as_("administrator").get("/")["Location"] == f"/c/{COUNTY}/rules/"
