"""Judged requirements have points of observation, and a printed rule by which grades come of what was seen."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pytest

import junheng as jh
from junheng.cli import main
from junheng.standard.grading import FINDINGS, Graded, Proposal, county_grade, place_grade
from junheng.standard.load import RULES, load_standard
from junheng.standard.needed import judged_needs
from junheng.standard.rubrics import Rubric
from test_rule_book import DAY, changed

MORAL = "    - id: moral\n"


def rubric(id: str = "B28") -> Rubric:
    """Return the rubric of a requirement."""
    found = load_standard().requirements[id].rubric
    assert found is not None
    return found


def seen(*findings: str) -> Graded:
    """Return the grade of a school whose three points of B28 were found to be so; blank is not looked at."""
    return place_grade(rubric(), "school", dict(zip(("moral", "culture", "review"), findings, strict=True)))


def test_what_is_judged_has_points_and_nothing_else_has() -> None:
    """Each says how and where it is looked at and whose reading it is; P20's eight are among them."""
    standard = load_standard()
    with_rubric = {id for id, one in standard.requirements.items() if one.rubric}
    assert with_rubric == set(judged_needs(standard.on(DAY))) >= {"B8", "B9", "B17", "B25", "B27", "B28", "B29", "B30"}
    points = [point for one in standard.requirements.values() if one.rubric for point in one.rubric.points]
    assert all(point.text and point.looked for point in points)
    assert {point.source for point in points} == {"document", "junheng"}
    assert all(one.rubric.source == "junheng" for one in standard.requirements.values() if one.rubric)


@pytest.mark.parametrize(
    ("findings", "grade"),
    [
        (("met", "met", "met"), "good"),
        (("met", "partly", "met"), "good"),
        (("met", "partly", "partly"), "fair"),
        (("failed", "met", "met"), "fair"),
        (("failed", "partly", "met"), "fair"),
        (("failed", "failed", "met"), "poor"),
        (("partly", "partly", "partly"), "poor"),
        (("none", "none", "met"), "good"),
        (("none", "none", "partly"), "good"),
        (("none", "none", "failed"), "fair"),
    ],
)
def test_a_school_s_grade_on_both_sides_of_each_step(findings: tuple[str, ...], grade: str) -> None:
    """Good: one point not fully met, none failed; fair: two, one of them failed; poor: the rest."""
    assert seen(*findings).grade == grade


def test_what_was_not_looked_at_is_named_and_decides_nothing() -> None:
    """A grade stands only where no possible finding could change it."""
    assert seen("met", "met", "") == Graded(None, (), ("review",))
    assert seen("failed", "failed", "") == Graded("poor", ("moral", "culture"), ("review",))
    assert seen("none", "none", "none") == Graded(None, applies=False)


def test_a_grade_with_points_unseen_is_that_of_every_way_to_see_them() -> None:
    """Against all ways, for every requirement and every mixture of findings."""
    for one in load_standard().requirements.values():
        if one.rubric is None:
            continue
        ids = [point.id for point in one.rubric.at("school")][:3]
        for findings in itertools.product(["", *FINDINGS], repeat=len(ids)):
            told = dict(zip(ids, findings, strict=True))
            blank = [point.id for point in one.rubric.at("school") if not told.get(point.id)]
            ways = itertools.product(("met", "partly", "failed"), repeat=len(blank))
            every = {place_grade(one.rubric, "school", told | dict(zip(blank, way, strict=True))).grade for way in ways}
            found = place_grade(one.rubric, "school", told)
            assert found.grade == (next(iter(every)) if len(every) == 1 else None), (one.id, told)


def test_the_county_has_the_lowest_grade_and_the_schools_below_are_listed() -> None:
    """Every school at least 'good': one that is fair makes the county fair, and is named."""
    good, fair, poor, open_ = Graded("good"), Graded("fair"), Graded("poor"), Graded(None, unseen=("moral",))
    accept = ["met", "good"]
    assert county_grade(rubric(), accept, {"甲": good, "乙": good}) == Proposal("good", (), ())
    assert county_grade(rubric(), accept, {"甲": good, "乙": fair}) == Proposal("fair", ("乙",), ())
    assert county_grade(rubric(), accept, {"甲": fair, "乙": open_}) == Proposal(None, ("甲",), ("乙",))
    assert county_grade(rubric(), accept, {"甲": poor, "乙": open_}) == Proposal("poor", ("甲",), ("乙",))
    assert county_grade(rubric(), accept, {"甲": good, "乙": Graded(None, applies=False)}).grade == "good"
    assert county_grade(rubric(), accept, {}) == Proposal(None, (), ())


@pytest.mark.parametrize(
    ("before", "after", "key", "remedy"),
    [
        (MORAL, "    - id: culture\n", "rubric.points", "不同的编号"),
        ("at: school", "at: village", "rubric.points[0].at", "county"),
        ("look: [papers, talk]", "look: [gossip]", "rubric.points[0].look", "site"),
        ("look: [papers, talk]", "look: []", "rubric.points[0].look", "一个或几个"),
        ("source: document", "source: hearsay", "rubric.points[0].source", "junheng"),
        ("grade: fair, below: 2", "grade: fair, below: 1", "rubric.grades", "一级比一级宽"),
        ("grade: fair, below: 2, failed: 1", "grade: good, below: 2, failed: 1", "rubric.grades", "每个等级一次"),
        ("{grade: poor}", "{grade: met}", "rubric.grades", "最低的等级"),
        ("{grade: poor}", "{grade: awful}", "rubric.grades[2].grade", "poor"),
        ("{grade: poor}", "{grade: poor, below: 3, failed: 3}", "rubric.grades[2].below", "删去"),
        ("grade: good, below: 1", "grade: good, under: 1", "rubric.grades[0].under", "删去"),
        ("rubric:\n", "rubrik:\n", "rubrik", "rubric"),
    ],
)
def test_a_bad_rubric_is_refused_with_file_key_and_remedy(
    tmp_path: Path, before: str, after: str, key: str, remedy: str
) -> None:
    """Ids are unique, words are known, the ladder has two sides."""
    with pytest.raises(jh.Unusable) as refused:
        load_standard(rules=changed(tmp_path, "indicators/B28.yaml", before, after))
    problem = refused.value.problems[0]
    assert (problem.file, problem.column) == ("national-2017/indicators/B28.yaml", key)
    assert remedy in problem.remedy


def test_what_is_counted_has_no_rubric(tmp_path: Path) -> None:
    """Points beside a figure would be read by nobody."""
    with pytest.raises(jh.Unusable, match="用不上观测点"):
        load_standard(rules=changed(tmp_path, "indicators/B24.yaml", "id: B24\n", "id: B24\nrubric: {}\n"))


def overlaid(tmp_path: Path, text: str, name: str = "B28.yaml") -> jh.Standard:
    """Return the county's overlay with a rubric of its own."""
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    (rules / "otog" / "rubrics").mkdir()
    (rules / "otog" / "rubrics" / name).write_text(text, encoding="utf-8")
    return load_standard("otog", rules)


def of_b28() -> str:
    """Return what stands under B28's rubric."""
    text = (RULES / "national-2017" / "indicators" / "B28.yaml").read_text(encoding="utf-8")
    lines = text.split("rubric:\n")[1].splitlines()
    return "\n".join(line.removeprefix("  ") for line in lines)


def test_a_county_replaces_our_reading_and_not_the_document_s_points(tmp_path: Path) -> None:
    """A point of ours may become another; a point of the clause stays as it is."""
    mine = of_b28().replace("有德育和校园文化的自查或评等记录，问题有整改", "家长委员会每学期评一次")
    points = overlaid(tmp_path / "a", mine).requirements["B28"].rubric
    assert points is not None
    assert [point.text for point in points.points][2] == "家长委员会每学期评一次"
    assert rubric().points[2].text != "家长委员会每学期评一次"
    with pytest.raises(jh.Unusable, match="缺少办法原文的观测点 culture"):
        overlaid(tmp_path / "b", of_b28().replace("校园整洁", "有特色"))
    with pytest.raises(jh.Unusable, match="B24 不是评定的指标"):
        overlaid(tmp_path / "c", of_b28(), "B24.yaml")


def test_the_points_and_the_rule_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table for people, and for programs with where, how and whose reading."""
    assert main(["standard", "show"]) == 0
    said = capsys.readouterr().out
    assert "德育工作有人管、有计划" in said
    assert "全县取各处等级中最低的一个" in said
    assert main(["standard", "show", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["requirements"]["B28"]
    assert told["points"][0]["id"] == "moral"
    assert told["points"][0]["look"] == "查阅资料、访谈"
    assert "为“良好以上”" in told["grading"][0]
    assert "县里可以改" in told["grading_source"]
    assert told["rubric"] == [point["text"] for point in told["points"]]
