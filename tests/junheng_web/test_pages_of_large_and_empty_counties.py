"""A page asks the database as often for 300 schools as for 30; a county without a run is told the next step."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from made_up import facts_of
from places import COUNTY

PAGES = (
    "",
    "grid/primary/",
    "grid/junior/?sort=B6",
    "indicators/B6/primary/",
    "indicators/B10/",
    "schools/1506900003/",
    "trace/B4/?school=1506900003&stage=primary",
    "board/",
    "rules/",
    "rules/B4/",
)
EMPTY = ("", "grid/", "schools/0/", "indicators/B6/primary/", "trace/B4/", "board/", "runs/")


@pytest.fixture
def run(db):
    """Return the address' end for a run over so many schools."""
    from junheng_web.assessment.services import run_make, snapshot_keep
    from junheng_web.organisation.models import Area

    def made(schools: int) -> str:
        county = Area.objects.get(code=COUNTY)
        snapshot = snapshot_keep(by=None, county=county, facts=facts_of(schools), label="虚构", invented=True)
        return run_make(by=None, county=county, snapshot=snapshot, standard="national-2017").code

    return made


def _queries(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(f"/c/{COUNTY}/{path}").status_code == 200
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_schools(as_, run) -> None:
    """On every page, once its run is known to the process."""
    client, few, many = as_("office"), run(30), run(300)
    for page in PAGES:
        join = "&" if "?" in page else "?"
        counted = []
        for code in (few, many):
            client.get(f"/c/{COUNTY}/{page}{join}run={code}")
            counted.append(_queries(client, f"{page}{join}run={code}"))
        assert counted[0] == counted[1], page


def test_a_long_grid_is_paged_and_its_workbook_is_whole(as_, run) -> None:
    """A hundred rows at a time on the screen."""
    code = run(300)
    first = as_("office").get(f"/c/{COUNTY}/grid/primary/?run={code}").context
    assert len(first["rows"]) == 100
    assert first["count"] > 200
    last = as_("office").get(f"/c/{COUNTY}/grid/primary/?run={code}&page={len(first['pages'])}").context
    assert last["rows"][0]["code"] > first["rows"][-1]["code"]


@pytest.mark.parametrize("page", EMPTY)
def test_a_county_without_a_run_is_told_the_next_step(as_, page: str) -> None:
    """And that step is a link."""
    _without_runs()
    got = as_("office").get(f"/c/{COUNTY}/{page}")
    assert got.status_code == 200
    assert "还没有评估" in got.content.decode()
    assert f'href="/c/{COUNTY}/upload/"' in got.content.decode()


def test_the_rule_book_is_there_without_a_run(as_) -> None:
    """As it reads today."""
    _without_runs()
    assert "县域义务教育优质均衡发展督导评估办法" in as_("office").get(f"/c/{COUNTY}/rules/").content.decode()
    assert as_("office").get(f"/c/{COUNTY}/rules/B3/").status_code == 200
    assert as_("office").get(f"/c/{COUNTY}/rules/B99/").status_code == 404


def _without_runs() -> None:
    from junheng_web.assessment.models import Run

    Run.objects.all().delete()
