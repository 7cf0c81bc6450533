"""Two answers side by side: what turned, what changed, and the cells, rules and schools behind each change."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

import impeccable
import junheng as jh
from counties import drawn_schools, facts_of
from junheng.api import comparison_schema, print_comparison
from junheng.cli import main
from what_if import changed, outcomes

SHILI = Path(__file__).parents[2] / "examples" / "shili" / "facts"
DAY = dt.date(2025, 9, 1)


def judged(folder: Path, rows: list[dict[str, Any]] | None = None, **items: Any) -> jh.Assessment:
    """Return the answer on the impeccable county with other schools or items."""
    folder.mkdir(exist_ok=True)
    return jh.assess(jh.load(impeccable.write(folder, rows, **items)))


def by_place(found: jh.Comparison) -> dict[tuple[str, str, str], Any]:
    """Return the changes by what they are about."""
    return {(one.what, one.scope, one.indicator): one for one in found.changes}


def messages(change: Any) -> list[str]:
    """Return what is said to be behind a change."""
    return [cause.message for cause in change.why]


def test_equal_answers_have_no_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same facts judged twice, also by the command."""
    found = jh.compare(jh.assess(jh.load(SHILI)), jh.assess(jh.load(SHILI)))
    assert (found.changes, found.cells, found.rules) == ((), (), ())
    assert main(["compare", str(SHILI), str(SHILI)]) == 0
    assert "没有变化" in capsys.readouterr().out


def test_a_cell_turns_a_section_a_stage_and_the_county(tmp_path: Path) -> None:
    """What matters most stands first, and each names what is beneath it, down to the cell."""
    before = judged(tmp_path / "a", [*impeccable.schools("A", "B"), *impeccable.schools("C", multimedia_rooms=3)])
    after = judged(tmp_path / "b", impeccable.schools("A", "B", "C"))
    found = jh.compare(before, after)
    assert [one.what for one in found.changes][:3] == ["county", "resources", "stage"]
    changes = by_place(found)
    assert messages(changes["indicator", "primary:C", "B7"]) == ["某校 网络多媒体教室数 3 → 9"]
    assert messages(changes["section", "junior:C", ""]) == ["某校 网络多媒体教室数 3 → 9"]
    assert changes["stage", "primary", ""].why[-1].message == "某校（小学）"
    assert (changes["spread", "primary", "B7"].before, changes["spread", "primary", "B7"].after) == ("pass", "pass")


def test_items_grades_classes_and_rooms_stand_behind_requirements(tmp_path: Path) -> None:
    """Each under the requirement that it is about."""
    first, second = tmp_path / "a", tmp_path / "b"
    before, after = judged(first), judged(second, survey_satisfied=84, rotated_teachers=12)
    for name, old, new in (("classes", ",33", ",46"), ("judged", "B28,met", "B28,poor"), ("rooms", ",96", ",80")):
        file = second / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    after = jh.assess(jh.load(second))
    changes = by_place(jh.compare(before, after))
    assert messages(changes["requirement", "county", "SR"]) == ["社会认可度满意问卷数 85 → 84"]
    assert messages(changes["requirement", "county", "B18"]) == ["交流轮岗教师数 10 → 12"]
    assert messages(changes["requirement", "county", "B12"]) == ["某校 班级小学1班 33 → 46"]
    assert messages(changes["requirement", "county", "B28"]) == ["评定结果 达标 → 较差"]
    assert messages(changes["requirement", "county", "B10"]) == ["某校 专用教室音乐教室 96 → 80"]
    assert set(messages(changes["county", "county", ""])) == {"SR", "B18", "B12", "B28", "B10"}


def test_a_school_that_came_or_went_is_named(tmp_path: Path) -> None:
    """In the lists, as a change of the sample, and behind the spreads."""
    new = impeccable.schools("N", school_name="新校", equipment_value=3_000_000)
    before, after = judged(tmp_path / "a"), judged(tmp_path / "b", [*impeccable.schools("A", "B"), *new])
    there, back = jh.compare(before, after), jh.compare(after, before)
    assert (there.schools_added, back.schools_gone) == (("N",), ("N",))
    assert by_place(there)["sample", "primary:N", ""].after == "in"
    assert by_place(back)["sample", "primary:N", ""].after is None
    assert messages(by_place(there)["spread", "primary", "B6"]) == ["新校进入样本"]


def test_the_school_whose_part_in_a_spread_changed_most_comes_first(tmp_path: Path) -> None:
    """A small change and a large one, both told."""
    before = judged(tmp_path / "a", impeccable.schools("A", "B", "C"))
    rows = [
        *impeccable.schools("A"),
        *impeccable.schools("B", equipment_value=1_010_000),
        *impeccable.schools("C", equipment_value=5_000_000),
    ]
    change = by_place(jh.compare(before, judged(tmp_path / "b", rows)))["spread", "primary", "B6"]
    assert [cause.school_code for cause in change.why] == ["C", "B"]
    assert (change.before, change.after) == ("pass", "fail")


def test_other_rules_are_named_as_the_cause() -> None:
    """A day on which another line, or a clause, is in force; another engine; another document."""
    facts = jh.load(SHILI)
    now, then = jh.assess(facts), jh.assess(facts, as_of=dt.date(2021, 9, 1))
    found = jh.compare(then, now)
    (rooms,) = [one for one in found.changes if one.turned]
    assert (rooms.indicator, rooms.before, rooms.after) == ("B10", "pass", "fail")
    assert [cause.kind for cause in rooms.why] == ["rule"]
    assert "2016 年及以前规划建成的学校" in rooms.why[0].message
    seventh = by_place(jh.compare(jh.assess(facts, as_of=dt.date(2021, 7, 1)), then))["requirement", "county", "VETO"]
    assert messages(seventh) == ["规范治理校外培训机构和减轻中小学生校外负担不力的线 没有 → 0"]
    other = dataclasses.replace(now, engine=99)
    assert [cause.message for cause in jh.compare(now, other).rules] == [f"判定程序的版本 {now.engine} → 99"]


def test_two_counties_are_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is exit 2, with both codes."""
    for code in "12":
        (tmp_path / code).mkdir()
        impeccable.write(tmp_path / code, impeccable.schools("A", county_code=code))
    assert main(["compare", str(tmp_path / "1"), str(tmp_path / "2")]) == 2
    assert "不是同一个县" in capsys.readouterr().err


def test_one_county_of_several_is_compared_with_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What differs in another county is not told."""
    both = [impeccable.schools("A"), impeccable.schools("B", county_code="2")]
    worse = [impeccable.schools("A"), impeccable.schools("B", county_code="2", equipment_value=1)]
    for name, rows in (("a", both), ("b", worse)):
        (tmp_path / name).mkdir()
        impeccable.write(tmp_path / name, [row for own in rows for row in own])
    paths = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert main(["compare", *paths, "--county", "1"]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert main(["compare", *paths, "--county", "2"]) == 0
    assert "教学仪器设备资产值 1000000 → 1" in capsys.readouterr().out


@settings(max_examples=settings().max_examples // 3)
@given(drawn_schools(counties=1, most=4))
def test_every_verdict_that_turned_is_told_and_no_other(schools: list[dict[str, Any]]) -> None:
    """Of drawn counties with one more of everything at their first school."""
    if not schools:
        return
    cells = ("equipment_value", "multimedia_rooms", "primary_pupils", "junior_above_required_teachers")
    more = changed(schools, {(schools[0]["school_code"], cell): 40 for cell in cells})
    before, after = (next(jh.assess_all(facts_of(rows), as_of=DAY)) for rows in (schools, more))
    old, new = outcomes(before), outcomes(after)
    wanted = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    found = jh.compare(before, after)
    told = {key for key, one in by_place(found).items() if one.turned}
    assert wanted == {key for key in told if key in old and key in new}
    assert [one for one in found.changes if not one.why] == []


def test_json_keeps_its_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also to a file, and --strict tells of the second answer."""
    worse = impeccable.schools("A", "B", multimedia_rooms=0)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    good, bad = impeccable.write(tmp_path / "a"), impeccable.write(tmp_path / "b", worse)
    assert main(["compare", str(good), str(bad), "--format", "json", "--strict"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, comparison_schema())
    assert (found["before"]["verdict"], found["after"]["verdict"]) == ("pass", "fail")
    assert found["changes"][0]["what"] == "county"
    assert main(["compare", str(bad), str(good), "--strict"]) == 0


@pytest.mark.parametrize("width", [80, 120])
def test_the_tables_fit(tmp_path: Path, width: int) -> None:
    """Nothing is cut on 80 columns."""
    found = jh.compare(judged(tmp_path / "a"), judged(tmp_path / "b", impeccable.schools("A", "C", equipment_value=9)))
    out = io.StringIO()
    print_comparison(found, Console(file=out, width=width))
    assert max(cell_len(line.rstrip()) for line in out.getvalue().splitlines()) <= width
    assert "…" not in out.getvalue()
    assert "达标 → 不达标" in repr(found)
