"""What a nation's page says of its counties: their order, what of them pass what, how spreads lie, what is invented."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from junheng import api as jh
from junheng.engine.nation import schema
from junheng.output.nation_figures import invented_told, items, ranked, spreads, unplaced
from junheng.output.nation_page import nation_to_html
from junheng.standard.model import Rules

STAGES = ("primary", "junior")
DAY = dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return jh.load_standard("national-2017").on(DAY)


@pytest.fixture
def county(rules: Rules) -> Any:
    """Return a maker of a county's row: all of it passes, but for what is said otherwise."""

    def made(code: str, resources: str = "pass", **told: Any) -> dict[str, Any]:
        row: dict[str, Any] = dict.fromkeys(schema(rules).names)
        row |= dict.fromkeys((*rules.requirements, "verdict", "primary_verdict", "junior_verdict"), "pass")
        row |= {f"{stage}_{id}_status": "pass" for stage in STAGES for id in rules.indicators}
        row |= {f"{stage}_{id}_cv": 0.2 for stage in STAGES for id in rules.indicators}
        row |= {f"{stage}_{name}": 10 for stage in STAGES for name in ("sections", "passed", "pupils")}
        return row | {"county_code": code, "county_name": f"甲{code}", "resources": resources} | told

    return made


def test_who_cannot_be_told_apart_shares_a_place(county: Any, rules: Rules) -> None:
    """All that pass are first; those that fail stand by schools, then by spreads; who has no verdict has no place."""
    rows = [
        county("150601", "fail", primary_passed=5),
        county("150602", "undetermined", primary_passed=0),
        county("150605"),
        county("150604"),
        county("150603", "fail", primary_passed=9, primary_B4_status="fail"),
        county("150606", "fail", primary_passed=8, junior_passed=7),
        county("150607", "fail", primary_passed=7, junior_passed=8),
        county("150608", "fail", primary_passed=9, primary_B4_status="fail", junior_B4_status="fail"),
    ]
    assert [(one.place, one.row["county_code"]) for one in ranked(rows, rules)] == [
        *((1, "150604"), (1, "150605")),
        *((3, "150603"), (4, "150608"), (5, "150601"), (5, "150606"), (5, "150607")),
    ]
    assert [row["county_code"] for row in unplaced(rows)] == ["150602"]


def test_shares_that_doubles_cannot_tell_apart_are_told_apart(county: Any, rules: Rules) -> None:
    """A place never hangs on a rounding: shares are fractions."""
    many = 3 * 10**17
    rows = [
        county(code, "fail", primary_sections=many, junior_sections=0, primary_passed=many - lack, junior_passed=0)
        for code, lack in (("150601", 2), ("150602", 1))
    ]
    assert [(one.place, one.row["county_code"]) for one in ranked(rows, rules)] == [(1, "150602"), (2, "150601")]


def test_every_item_is_counted_by_what_counties_come_to(county: Any, rules: Rules) -> None:
    """Judged is who passes or fails; a share is of those, and is none where nobody is judged."""
    rows = [
        county("150601", B10="fail", primary_B4_status="fail"),
        county("150602", B10="undetermined", B20="not_applicable"),
        county("150603", B10="undetermined", B20="not_applicable"),
    ]
    found = {(one.stage, one.id): one for one in items(rows, rules)}
    assert [*found] == [
        *((stage, id) for stage in STAGES for id in rules.indicators),
        *(("", id) for id in rules.requirements),
    ]
    ten, twenty, four = found["", "B10"], found["", "B20"], found["primary", "B4"]
    assert (ten.judged, ten.share, ten.counties["undetermined"]) == (1, 0.0, 2)
    assert (twenty.judged, twenty.share, twenty.counties["not_applicable"]) == (1, 100.0, 2)
    assert (four.counties["pass"], four.counties["fail"]) == (2, 1)
    assert all(one.share is None for one in items([], rules))


def test_quarters_are_values_of_counties(county: Any, rules: Rules) -> None:
    """A quarter of eight is the second; what is not whole is left out; where there is none, there is none."""
    rows = [county(f"15060{at}", primary_B1_cv=at / 10) for at in (8, 3, 1, 2, 7, 5, 6, 4)]
    rows.append(county("150609", primary_B1_cv=None, primary_B1_status="undetermined"))
    found = {(one.stage, one.id): one for one in spreads(rows, rules)}["primary", "B1"]
    assert [found.at(share) for share in (0, 0.25, 0.5, 0.75, 1)] == [0.1, 0.2, 0.4, 0.6, 0.8]
    assert next(spreads([], rules)).at(0.5) is None


def test_which_figures_are_invented_is_said(county: Any) -> None:
    """Of all, of some, of none."""
    real, made = county("150601"), county("150602", county_name="虚构县")
    assert invented_told([real]) == ""
    assert "每个县的名册" in invented_told([made])
    assert "其中 1 个县（名称里写着“虚构”的）的名册" in invented_told([real, made])


@pytest.fixture
def page(county: Any, rules: Rules) -> Any:
    """Return a maker of the page of some rows."""

    def made(rows: list[dict[str, Any]]) -> str:
        about = {"standard": rules.standard.id, "as_of": str(DAY)}
        return nation_to_html(pa.Table.from_pylist(rows, schema=schema(rules)).replace_schema_metadata(about))

    return made


def test_a_province_is_chosen_without_a_script(county: Any, page: Any) -> None:
    """A button for each province that has counties, and every county marked with its own; one province needs none."""
    told = page([county("150601"), county("150602", "undetermined"), county("110101", "fail"), county("x<y>01")])
    chosen = re.findall(r'<input type="radio" name="province" id="([\w-]+)"', told)
    assert chosen == ["p-every", "p-11", "p-15", "p-other"]
    assert re.findall(r'<tr class="(p-\w+)">', told) == ["p-15", "p-other", "p-11", "p-15"]
    assert "#p-15:checked ~ .scroll tbody tr:not(.p-15)" in told
    assert "x&lt;y&gt;01" in told
    assert "x<y>" not in told
    assert told.count("<details>") == 3
    assert "radio" not in page([county("150601"), county("150602")])


def test_a_name_is_text(county: Any, page: Any) -> None:
    """Whatever a roster calls a county runs nothing and closes nothing."""
    told = page([county("150601", county_name="</table><script>alert(1)</script>")])
    assert "<script" not in told


def test_a_nation_without_counties_has_a_page(page: Any) -> None:
    """It says that there are none."""
    assert "0 个县的义务教育优质均衡判定" in page([])


def test_the_style_is_plain_enough_for_old_browsers() -> None:
    """No nesting, no :is, :has or :where: a Chromium of 2020 shows the page."""
    assets = Path(jh.__file__).parent / "output" / "assets"
    style = (assets / "nation.css").read_text(encoding="utf-8")
    assert not re.search(r":(is|has|where)\(|@layer|&", style)
    assert "@media screen and (prefers-color-scheme: dark)" in style
