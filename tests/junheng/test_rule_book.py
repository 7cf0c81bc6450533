"""The rule book is data with sources; a bad rule file is refused with file, key and remedy."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

import junheng as jh
from junheng.cli import main
from junheng.engine.display import shown, shown_beside
from junheng.standard.load import RULES, available, load_standard
from junheng.standard.proof import LARGEST, largest_intermediate

DAY = dt.date(2025, 9, 1)


def changed(tmp_path: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of the rules in which the text `before` of one file is `after`."""
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    path = rules / "national-2017" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(before) >= 1, "the test no longer changes anything"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return rules


def test_the_thresholds_are_those_of_the_document() -> None:
    """The seven thresholds by stage: facts of 教督〔2017〕6号, written here once more on purpose."""
    rules = load_standard().on(DAY)
    printed = {
        "B1": ("4.2", "5.3"),
        "B2": ("1", "1"),
        "B3": ("0.9", "0.9"),
        "B4": ("4.5", "5.8"),
        "B5": ("7.5", "10.2"),
        "B6": ("2000", "2500"),
        "B7": ("2.3", "2.4"),
    }
    expected = {id: {"primary": Fraction(p), "junior": Fraction(j)} for id, (p, j) in printed.items()}
    assert rules.thresholds == expected
    assert rules.spread_limits == {"primary": Fraction(1, 2), "junior": Fraction(9, 20)}


def test_floors_are_derived_not_written() -> None:
    """85 % of 5.3 is 4.505 exactly."""
    assert load_standard().on(DAY).floor("B1", "junior") == Fraction("4.505")


def test_every_number_has_its_reference_and_every_dispute_one_reading_in_force() -> None:
    """Each date of each indicator names its clause; each open question has two readings or more, with sources."""
    standard = load_standard()
    for indicator in standard.indicators.values():
        assert set(indicator.references) == set(indicator.thresholds)
        assert all(indicator.references.values())
        assert indicator.definition
        assert indicator.evidence
    questions = [*standard.disputed, *(one for i in standard.indicators.values() for one in i.disputed)]
    assert len(questions) >= 8
    for question in questions:
        assert len(question.readings) >= 2
        assert sum(reading.in_force for reading in question.readings) == 1
        assert all(reading.source for reading in question.readings)


def test_a_later_date_of_effect_replaces_the_earlier_value(tmp_path: Path) -> None:
    """A change adds a date; on days before it the old value holds."""
    before = "    primary: 4.2\n    junior: 5.3\n    reference: 教督〔2017〕6号 资源配置第一项\n"
    later = "  2030-01-01:\n    primary: 5\n    junior: 6\n    reference: 假设的修订\n"
    standard = load_standard(rules=changed(tmp_path, "indicators/B1.yaml", before, before + later))
    assert standard.on(dt.date(2029, 12, 31)).thresholds["B1"]["primary"] == Fraction("4.2")
    assert standard.on(dt.date(2030, 1, 1)).thresholds["B1"]["primary"] == 5


def test_every_number_holds_since_the_document_but_the_seventh_veto_item() -> None:
    """Dates of effect, written here once more on purpose: 2017-04-19, and 2021-07-24 for 校外培训和减负."""
    standard = load_standard()
    parts = {f"{id} {part.id}": part.lines for id, one in standard.requirements.items() for part in one.parts}
    numbers = {id: one.thresholds for id, one in standard.indicators.items()} | parts
    dates = {name: list(values) for name, values in numbers.items() if set(values) != {dt.date.min}}
    later = {name: found for name, found in dates.items() if found != [dt.date(2017, 4, 19)]}
    assert later == {"VETO burden": [dt.date(2021, 7, 24)]}
    assert standard.effective == min(standard.spread_limits) == dt.date(2017, 4, 19)
    assert len(dates) > 30


def test_the_transition_clauses_held_for_three_years() -> None:
    """From October 2019 to the last day of September 2022 (国教督办函〔2019〕30号)."""
    clauses = load_standard().transition_clauses.values()
    assert {(one.effective, one.until) for one in clauses} == {(dt.date(2019, 10, 1), dt.date(2022, 10, 1))}
    assert len(clauses) == 5


@pytest.mark.parametrize(
    ("day", "in_force", "begun"),
    [("2019-09-30", 0, 0), ("2019-10-01", 5, 5), ("2022-09-30", 5, 5), ("2022-10-01", 0, 5)],
)
def test_a_clause_holds_from_its_first_day_to_its_last(day: str, in_force: int, begun: int) -> None:
    """And is told of, once it has begun, for ever after."""
    rules = load_standard().on(dt.date.fromisoformat(day))
    assert (len(rules.clauses), len(rules.with_clauses().clauses)) == (in_force, begun)


def test_numbers_are_shown_by_the_rule_of_the_form() -> None:
    """Values to two decimals, spreads to three, and whatever rounds onto a line is marked."""
    display = load_standard().display
    assert (display.value_decimals, display.spread_decimals, display.borderline) == (2, 3, Fraction("0.005"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.500"), (0.5004, "0.5004"), (0.5006, "0.501"), (0.50004, "0.50004"), (0.5 + 1e-13, "0.500000000000")],
)
def test_a_figure_that_would_look_like_its_line_gets_more_decimals(value: float, text: str) -> None:
    """As few as tell them apart, twelve at most."""
    assert shown_beside(value, 0.5, 3) == text


@pytest.mark.parametrize(("value", "text"), [(0.125, "0.13"), (0.135, "0.14"), (2.5, "2.50"), (1234.565, "1,234.57")])
def test_a_figure_is_rounded_half_up_as_it_is_written(value: float, text: str) -> None:
    """By its decimals, not by the double behind them; with separators."""
    assert shown(value, 2) == text


def test_nothing_is_judged_before_the_document_took_effect() -> None:
    """The day before the date of effect has no rules."""
    with pytest.raises(ValueError, match="2017-04-19"):
        load_standard().on(dt.date(2017, 4, 18))


@pytest.mark.parametrize(
    ("file", "before", "after", "key", "remedy"),
    [
        ("indicators/B1.yaml", "kind: per_pupil_ratio", "kind: median", "kind", "per_pupil_ratio"),
        ("indicators/B1.yaml", "fact: above_required_teachers", "fact: teachrs", "terms[0].fact", "数据字典"),
        ("indicators/B1.yaml", "per: 100", "per: 0", "per", "不能小于"),
        ("indicators/B1.yaml", "time_basis: 统计时点（9 月 1 日）", "time_basis: 秋天", "time_basis", "上一预算年度"),
        ("indicators/B13.yaml", "time_basis: 上一预算年度", "time_basis: 去年", "time_basis", "上一预算年度"),
        ("indicators/B1.yaml", "per: 100", "per: many", "per", "整数"),
        ("indicators/B1.yaml", "per: 100", "per: true", "per", "整数"),
        ("indicators/B1.yaml", "unit: 人\n", "", "unit", "补上"),
        ("indicators/B1.yaml", "unit: 人\n", "unit: 人\ncolour: red\n", "colour", "删去"),
        ("indicators/B1.yaml", "primary: 4.2", "primary: -4.2", "thresholds.2017-04-19.primary", "大于 0"),
        ("indicators/B1.yaml", "    junior: 5.3\n", "", "thresholds.2017-04-19.junior", "补上"),
        ("indicators/B1.yaml", "2017-04-19:", "since ever:", "thresholds.since ever", "2017-04-19"),
        ("indicators/B1.yaml", "id: B1", "id: B9", "id", "相同"),
        ("indicators/B1.yaml", "level: school", "level: class", "level", "school"),
        ("indicators/B1.yaml", "in_force: false", "in_force: true", "disputed[0].readings", "一种读法"),
        (
            "indicators/B1.yaml",
            ", uncomputed: 数据里没有教师课时",
            "",
            "disputed[0].readings[1].uncomputed",
            "写明缺什么",
        ),
        (
            "indicators/B1.yaml",
            "uncomputed: 数据里没有教师课时",
            "effect: round_value",
            "disputed[0].readings[1].effect",
            "删去",
        ),
        (
            "document.yaml",
            "effect: round_floor",
            "effect: round_up",
            "disputed[0].readings[1].effect",
            "round_floor",
        ),
        (
            "document.yaml",
            "effect: round_floor",
            "effect: round_floor\n        uncomputed: 没有",
            "disputed[0].readings[1].uncomputed",
            "只写一种",
        ),
        ("document.yaml", "元: 0}", "元: 许多}", "display.form_decimals.元", "整数"),
        ("indicators/B31.yaml", "item: monitoring_national", "item: survey_valid", "figures_from.item", "serious_inc"),
        ("indicators/B31.yaml", ", if_no: 省级质量监测", "", "figures_from.if_no", "补上"),
        ("indicators/B31.yaml", "if_no: 省级质量监测", "if_no: 省级, other: 市级", "figures_from.other", "删去"),
        ("indicators/VETO.yaml", "replaces: [burden]", "replaces: [rumour]", "disputed", "burden"),
        (
            "indicators/B18.yaml",
            "source: 国家申报表, in_force: true",
            "source: 国家申报表, in_force: true, uncomputed: 没有",
            "disputed[0].readings[0].in_force",
            "删去",
        ),
        ("indicators/B4.yaml", "sign: -1", "sign: 2", "terms[1].sign", "1 或 -1"),
        ("indicators/B4.yaml", "fact: indoor_sports_area", "fact: multimedia_rooms", "terms", "同一类"),
        ("indicators/B4.yaml", "fact: teaching_area", "fact: school_name", "terms", "同一类"),
        ("indicators/B3.yaml", "clause: visiting_teachers", "clause: wishes", "terms[1].clause", "visiting_teachers"),
        ("indicators/B16.yaml", "top: [trained_360h_teachers]", "top: []", "parts[0].top", "至少一个"),
        ("indicators/B16.yaml", "    top: [trained_360h_teachers]\n", "", "parts[0].top", "补上"),
        (
            "indicators/B11.yaml",
            "clauses: [built_by_2010, mostly_migrants], line: 2400",
            "clauses: [], line: 2400",
            "parts[0].relaxed.clauses",
            "至少一个",
        ),
        ("document.yaml", "floor: 0.85", "floor: 1.85", "pass_rule.floor", "0 到 1"),
        ("document.yaml", "may_miss: 1", "may_miss: -1", "pass_rule.may_miss", "不能小于"),
        (
            "document.yaml",
            "until: 2022-10-01",
            "until: 2019-10-01",
            "transition_clauses.visiting_teachers.until",
            "日期",
        ),
        (
            "document.yaml",
            "equals: rural",
            "equals: moon",
            "transition_clauses.visiting_teachers.when[0].equals",
            "rural",
        ),
        (
            "document.yaml",
            "column: location",
            "column: weather",
            "transition_clauses.visiting_teachers.when[0].column",
            "location",
        ),
        ("document.yaml", "equals: true", "equals: 1", "transition_clauses.dense_city_core.when[0].equals", "true"),
        ("document.yaml", "  junior: {stages: [junior]}\n", "", "school_types.junior", "补上"),
        (
            "document.yaml",
            "primary: {stages: [primary]}",
            "primary: {stages: [prima]}",
            "school_types.primary.stages",
            "primary",
        ),
        (
            "document.yaml",
            "excluded_because: special_school",
            "excluded_because: whim",
            "school_types.special.excluded_because",
            "no_pupils",
        ),
        (
            "document.yaml",
            ", excluded_because: small_teaching_point",
            "",
            "school_types.teaching_point.excluded_because",
            "理由",
        ),
        ("document.yaml", "junior: 110", "junior: 1.1", "apportioning.junior", "整数"),
    ],
)
def test_a_bad_rule_file_is_refused_with_file_key_and_remedy(
    tmp_path: Path, file: str, before: str, after: str, key: str, remedy: str
) -> None:
    """The one thing that is wrong is named so that it can be mended without reading code."""
    with pytest.raises(jh.Unusable) as refused:
        load_standard(rules=changed(tmp_path, file, before, after))
    problem = refused.value.problems[0]
    assert (problem.file, problem.column) == (f"national-2017/{file}", key)
    assert remedy in problem.remedy


@pytest.mark.parametrize("text", ["id: [", "- a list", "id: B1\nid: B1\n", "\xff"])
def test_a_rule_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    """Broken YAML, a list, a key written twice and a wrong encoding are all named by file."""
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    (rules / "national-2017" / "indicators" / "B1.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(jh.Unusable) as refused:
        load_standard(rules=rules)
    assert refused.value.problems[0].file == "national-2017/indicators/B1.yaml"


def test_bad_indicators_are_refused_all_at_once(tmp_path: Path) -> None:
    """Two bad files give two problems."""
    rules = changed(tmp_path, "indicators/B1.yaml", "per: 100", "per: 0")
    path = rules / "national-2017" / "indicators" / "B7.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("per: 100", "per: 0"), encoding="utf-8")
    with pytest.raises(jh.Unusable) as refused:
        load_standard(rules=rules)
    assert [one.file[-7:-5] for one in refused.value.problems] == ["B1", "B7"]


def test_a_threshold_whose_comparison_could_overflow_is_refused(tmp_path: Path) -> None:
    """The proof looks at the largest facts that are accepted: a line with too many decimals does not fit."""
    rules = changed(tmp_path, "indicators/B6.yaml", "primary: 2000", "primary: 2000.00000001")
    with pytest.raises(jh.Unusable, match="64 位") as refused:
        load_standard(rules=rules)
    assert {(one.file[-7:], one.column) for one in refused.value.problems} == {("B6.yaml", "thresholds")}


def test_a_floor_that_could_overflow_is_refused_though_its_threshold_fits(tmp_path: Path) -> None:
    """85 % of a line has more decimals than the line."""
    rules = changed(tmp_path, "indicators/B6.yaml", "primary: 2000", "primary: 1700.017")
    with pytest.raises(jh.Unusable, match="64 位") as refused:
        load_standard(rules=rules)
    assert len(refused.value.problems) == 1


def test_the_largest_intermediate_is_worked_out_by_hand() -> None:
    """Equipment: 10^13 fen, a step of 100, weighted 132 at most; 200,000 pupils each of weight 100, 110, 132."""
    standard = load_standard()
    wanted = (10**13 + 100) * 132 * 3 + 200_000 * 100 * (100 + 110 + 132) * 2000
    assert largest_intermediate(standard, standard.indicators["B6"], Fraction(2000, 3)) == wanted


def test_what_one_stage_has_alone_is_not_weighted() -> None:
    """Teachers: 200,000 at most and a step of one, for each hundred of 200,000 pupils."""
    standard = load_standard()
    wanted = (200_000 + 1) * 100 * 5 + 200_000 * 21
    assert largest_intermediate(standard, standard.indicators["B1"], Fraction(21, 5)) == wanted


def test_every_line_in_the_book_fits_with_room_to_spare() -> None:
    """No comparison of the national document comes near the largest 64-bit integer."""
    standard = load_standard()
    largest = max(
        largest_intermediate(standard, indicator, line)
        for indicator in standard.indicators.values()
        for values in indicator.thresholds.values()
        for line in (*values.values(), *(value * standard.floor for value in values.values()))
    )
    assert 10**15 < largest < LARGEST


def test_an_unknown_standard_is_refused_with_those_that_there_are() -> None:
    """The remedy lists the documents."""
    with pytest.raises(jh.Unusable, match="national-2017"):
        load_standard("national-1949")
    assert available() == ["national-2017", "otog"]


def test_the_rule_book_can_be_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """`junheng standard` names the documents, and every indicator of one with its lines; JSON has them all too."""
    assert main(["standard", "list"]) == 0
    assert "national-2017" in capsys.readouterr().out
    assert main(["standard", "show"]) == 0
    shown = capsys.readouterr().out
    standard = load_standard()
    everything = [*standard.indicators, *standard.requirements]
    assert [id for id in everything if id not in shown] == []
    assert "8,000 元" in shown
    assert "4.505" in shown
    assert main(["standard", "show", "national-2017", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [*told["indicators"], *told["requirements"]] == everything
    assert told["indicators"]["B1"]["lines"]["2017-04-19"]["junior"] == {"threshold": 5.3, "floor": 4.505}
    assert main(["standard", "show", "mars"]) == 2
