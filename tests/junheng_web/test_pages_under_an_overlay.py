"""A run by a county's own table shows its targets beside the document's lines, and its rows as they are printed."""

from __future__ import annotations

import pytest

from places import COUNTY


@pytest.fixture
def code(db) -> str:
    """The code of a run by the overlay."""
    from junheng_web.assessment.models import Run
    from junheng_web.assessment.services import run_make

    official = Run.objects.get(county__code=COUNTY, declarations__official=True)
    return run_make(by=None, county=official.county, snapshot=official.snapshot, standard="otog").code


def test_targets_stand_beside_the_lines(as_, code: str) -> None:
    """On the board: they do not move the verdict."""
    groups = as_("office").get(f"/c/{COUNTY}/board/?run={code}").context["groups"]
    parts = [part for group in groups for row in group["rows"] for part in row["parts"]]
    assert "6,000 元" in {part["target_told"] for part in parts}


@pytest.mark.parametrize(
    "page", ["", "grid/primary/", "indicators/B4/junior/", "trace/B4/?school=1506990004&stage=primary"]
)
def test_names_and_lines_come_from_the_document_below(as_, code: str, page: str) -> None:
    """The copy of the rules needs nothing beside it."""
    join = "&" if "?" in page else "?"
    text = as_("office").get(f"/c/{COUNTY}/{page}{join}run={code}").content.decode()
    assert "生均教学及辅助用房面积" in text
    assert "与当时不完全相同" not in text


def test_the_rule_book_shows_the_row_as_it_is_printed(as_, code: str) -> None:
    """With the units in the printed order."""
    text = as_("office").get(f"/c/{COUNTY}/rules/B1/?run={code}").content.decode()
    assert "B1.每百名学生拥有高于规定学历教师数：小学、初中分别达到4.2人以上、5.3人以上。" in text
    assert "旗委编办、人社局、教体局" in text
