"""Each kind of sign, on both sides of its line; none where schools are equal; few where they differ by luck alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.facts.problems import Unusable
from junheng_web.collection.ledger.values import Kept
from junheng_web.scrutiny.declared import LOOKS, SIGNS, declared
from junheng_web.scrutiny.evidence import Edit, Placement, Returned
from junheng_web.scrutiny.kinds import KINDS as FUNCTIONS
from junheng_web.scrutiny.looking import look
from scrutinised import DAY, counties, evidence_of, facts_of, honest, marks, signs

HOUR = dt.timedelta(hours=1)
LAST_YEAR = DAY.replace(year=DAY.year - 1)


def test_every_kind_is_declared_and_every_declaration_has_its_words() -> None:
    """What it means, what may be in order, what to look at: none is an accusation without them."""
    assert {one.kind for one in declared()} == set(FUNCTIONS)
    for one in declared():
        assert len(one.means) > 8
        assert len(one.honest) > 8
        assert len(one.remedy) > 8
        assert one.look in LOOKS
    assert [one.id for one in declared() if one.with_another] == ["R41"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("sizes: [200, 1000]", "sizes: [1000, 200]", "从小到大"),
        ("look: first", "look: soon", "不认识 'soon'"),
        ("hours: 24", "hours: 0", "不能小于 1"),
        ("over: [teachers]", "over: [gold]", "学校表里没有 'gold'"),
        ("item: rotated_teachers", "item: nobody", "不认识 'nobody'"),
        ("id: R12", "id: R11", "编号出现两次"),
        ("share: 0.2", "shore: 0.2", "不认识这个键"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    """Whoever changes the file is told which key, why and what to do."""
    text = SIGNS.read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "signs.yaml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(Unusable, match=said):
        declared(tmp_path / "signs.yaml")


def of_last_year(now: int, before: int) -> list[tuple[str, str]]:
    """Return the signs of a school whose backbone teachers were so many last year and are so many now."""
    kept = {"primary_teachers": 60, "primary_pupils": 1000}
    rows = [[{**kept, "primary_backbone_teachers": number}] for number in (now, before)]
    return marks(evidence_of(facts_of(rows[0]), facts_of(rows[1], day=LAST_YEAR)), "R12")


def test_backbone_teachers_that_jump_in_a_year_are_a_sign() -> None:
    """By the core's own check, not by a second one: half as many again is believed, one more is not."""
    assert of_last_year(15, 10) == []
    assert of_last_year(16, 10) == [("0000", "Q959:primary_backbone_teachers")]


def test_equipment_that_fell_is_a_sign_and_says_what_the_school_said() -> None:
    """The explanation stands beside what was found."""
    from dataclasses import replace

    rows = ([{"equipment_value": value * 100}] for value in (900_000, 1_000_000))
    evidence = evidence_of(facts_of(next(rows)), facts_of(next(rows), day=LAST_YEAR))
    (sign,) = signs(evidence, "R13")
    assert sign.mark == "Q957:equipment_value"
    told = replace(evidence, found=tuple(replace(one, said="报废旧机房") for one in evidence.found))
    assert signs(told, "R13")[0].told.endswith("学校说明：报废旧机房")
    assert signs(told, "R13")[0].value == sign.value


def equipped(*yuan: int) -> list[dict[str, int]]:
    """Return schools of 1,000 pupils with so many yuan of equipment for each."""
    return [{"equipment_value": one * 1000 * 100} for one in yuan]


def test_a_school_far_above_like_schools_is_a_sign() -> None:
    """Half as much again is not; the sentence has both figures, how many schools are alike, and how."""
    usual = [1980, 1990, 2000, 2000, 2000, 2010, 2020]
    assert marks(evidence_of(facts_of(equipped(*usual, 3000))), "R21") == []
    (sign,) = signs(evidence_of(facts_of(equipped(*usual, 3001))), "R21")
    assert (sign.school, sign.mark, sign.key) == ("0007", "equipment_value", ("schools", "0007", "equipment_value"))
    assert "3,001.00 元，同类 8 校（小学，1000 人以上，镇区）的中位数 2,000.00 元" in sign.told
    assert ("教学仪器设备资产值", "300.1 万元") in sign.numbers


def test_too_few_like_schools_are_not_compared_and_that_is_said() -> None:
    """Seven are one too few, whatever they have."""
    looked = look(evidence_of(facts_of(equipped(1, 1, 1, 1, 1, 1, 9999))))
    assert [one for one in looked.signs if one.of.id == "R21"] == []
    assert looked.alone == {"每名学生的教学仪器设备值": 7}


def test_one_teacher_more_in_a_small_school_is_no_sign() -> None:
    """Two teachers more than at the median are not, three are, though both are far in proportion."""
    small = [{"primary_pupils": 100, "primary_backbone_teachers": 1} for _ in range(8)]
    two, three = ({"primary_pupils": 100, "primary_backbone_teachers": number} for number in (3, 4))
    assert marks(evidence_of(facts_of([*small, two])), "R21") == []
    assert marks(evidence_of(facts_of([*small, three])), "R21") == [("0008", "primary_backbone_teachers")]


def test_what_hardly_anybody_has_is_compared_as_well() -> None:
    """A median of nothing has no multiple, and none is told."""
    none = [{"primary_backbone_teachers": 0} for _ in range(8)]
    (sign,) = signs(evidence_of(facts_of([*none, {"primary_backbone_teachers": 3}])), "R21")
    assert sign.told.endswith("的中位数 0.00 人")


def test_what_others_change_does_not_bring_a_verified_sign_back() -> None:
    """It rests on the school's own figures: its value is the same beside another median, another beside its own."""
    usual, other = [2000] * 8, [2001] * 8
    values = [
        signs(evidence_of(facts_of(equipped(*rest, mine))), "R21")[0].value
        for rest, mine in ((usual, 4000), (other, 4000), (usual, 4001))
    ]
    assert values[0] == values[1] != values[2]


def rooms_at_the_line(above: int, below: int) -> list[tuple[str, str]]:
    """Return the signs of so many schools a hair above the line of B7, and so many a hair below."""
    rows = [{"primary_pupils": 10_000, "multimedia_rooms": number} for number in [232] * above + [229] * below]
    return marks(evidence_of(facts_of(rows)), "R31")


def test_a_crowd_just_above_a_line_is_a_sign_of_the_county() -> None:
    """Ten to none is one chance in 1,024; nine to none, or ten to one, is too likely to be told."""
    assert rooms_at_the_line(10, 0) == [("", "primary:B7")]
    assert rooms_at_the_line(9, 0) == []
    assert rooms_at_the_line(10, 1) == []


def edited(hours: float, before: str = "1") -> list[tuple[str, str]]:
    """Return the signs of a cell that was changed so many hours before the deadline."""
    kept = [Kept(reported=True, integer=int(number)) for number in (before, "2")]
    edit = Edit(("schools", "0000", "multimedia_rooms"), *kept, left=hours * HOUR)
    return marks(evidence_of(facts_of([{}]), late=(edit,)), "R41")


def test_a_value_changed_on_the_last_day_is_a_sign() -> None:
    """Twenty-four hours before the deadline and no earlier."""
    assert edited(24) == [("0000", "schools|0000|multimedia_rooms")]
    assert edited(24.01) == []


def test_a_teacher_counted_in_two_schools_is_a_sign_of_both() -> None:
    """The schools are named, the teacher is not; the same school twice is one school."""
    rows = [{"primary_teachers": 5}, {"primary_teachers": 6}, {"primary_teachers": 7}]
    once = (Placement("甲", "0000"), Placement("甲", "0000"), Placement("乙", "0001"))
    assert marks(evidence_of(facts_of(rows), placements=once), "R51") == []
    both = signs(evidence_of(facts_of(rows), placements=(*once, Placement("乙", "0002"))), "R51")
    assert [one.school for one in both] == ["0001", "0002"]
    assert both[0].told == "1 名专任教师同时算在别的学校：第2小学"
    assert ("小学专任教师数", "6 人") in both[0].numbers


def rotated(item: int | None, *teachers: int | None) -> list[tuple[str, str]]:
    """Return the signs of a county that says so many teachers were rotated, with so many in its schools."""
    items = {} if item is None else {"rotated_teachers": item}
    return marks(evidence_of(facts_of([{"primary_teachers": one} for one in teachers], items=items)), "R52")


def test_a_part_of_the_county_that_is_more_than_all_schools_is_a_sign() -> None:
    """As many is not; where a school, or the county, has not reported, nothing is known."""
    assert rotated(31, 10, 20) == [("", "rotated_teachers")]
    assert rotated(30, 10, 20) == []
    assert rotated(31, 10, None) == []
    assert rotated(None, 10, 20) == []


def with_rooms(*areas: int | None, **row: int | None) -> list[str]:
    """Return the ids of the signs of a school with rooms of these areas (0.01 m2)."""
    listed = [{"school_code": "0000", "area": area} for area in areas]
    return [one.of.id for one in signs(evidence_of(facts_of([row], rooms=listed)), "R61", "R62")]


def test_rooms_that_do_not_fit_the_floor_are_a_sign() -> None:
    """All of the floor is possible, a hundredth of a square metre more is not; indoor sports are another floor."""
    floor = {"teaching_area": 40_000, "indoor_sports_area": 20_000, "primary_classes": 9}
    assert with_rooms(10_000, 10_000, **floor) == []
    assert with_rooms(10_000, 10_001, **floor) == ["R61"]
    assert with_rooms(10_000, 10_001, None, **{**floor, "indoor_sports_area": None}) == []
    assert with_rooms(99_999, primary_classes=9, teaching_area=None) == []


def test_more_special_rooms_than_classes_are_a_sign() -> None:
    """As many are not; unknown classes are not."""
    assert with_rooms(1, 1, primary_classes=2) == []
    assert with_rooms(1, 1, 1, primary_classes=2) == ["R62"]
    assert with_rooms(1, 1, 1, primary_classes=None) == []


def came_back(before: int, after: int, column: str = "multimedia_rooms", **row: int) -> list[str]:
    """Return what is told of a number that a form of 1,000 pupils was returned for."""
    change = Returned(("schools", "0000", column), "与台账不符", before, after)
    return [one.told for one in signs(evidence_of(facts_of([{**row, column: after}]), returned=(change,)), "R71")]


def test_a_returned_number_that_comes_back_just_over_the_line_is_a_sign() -> None:
    """B7 asks 23 rooms of 1,000 pupils: 20 that become 23 would not pass with a tenth less, 20 that become 40 would."""
    (told,) = came_back(20, 23)
    assert told == "网络多媒体教室数退回时是 20 间（退回时说：与台账不符），改为 23 间，刚好不再：小学 B7 不到标准值"
    assert came_back(20, 40) == []
    assert came_back(20, 22) == []
    assert came_back(25, 23) == []


def test_a_returned_number_that_comes_back_just_silent_is_a_sign() -> None:
    """Part and whole: 61 of 60 teachers that become 60 are just silent, 61 that become 50 are not."""
    column = "primary_backbone_teachers"
    assert "骨干教师应当是本校本学段的专任教师" in came_back(61, 60, column, primary_teachers=60)[0]
    assert came_back(61, 50, column, primary_teachers=60) == []


def spread(**unusual: object) -> list[tuple[str, str]]:
    """Return the signs of a school with ten times the equipment of nine others, built as is said."""
    rows = [{"primary_grades": 6, **one} for one in equipped(*[2000] * 9, 20_000)]
    return marks(evidence_of(facts_of([*rows[:-1], {**rows[-1], **unusual}]), check=True), "R81")


def test_a_new_or_unfinished_school_that_drives_a_spread_is_a_sign() -> None:
    """An old one that is complete is the engine's business alone."""
    driven = [("0009", "primary")]
    assert spread() == spread(built_year=DAY.year - 5) == spread(built_year=DAY.year + 1) == []
    assert spread(built_year=DAY.year - 4) == spread(primary_grades=2) == driven
    point = {"school_type": "teaching_point", "equipment_value": 60 * 10**8}
    assert spread(**point, primary_pupils=61) == []
    assert spread(**point, primary_pupils=60) == driven


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12))
def test_without_history_equal_schools_give_no_sign(seed: int, many: int) -> None:
    """Whatever they have, as long as it is the same; the sign that nobody compares with anybody has its own tests."""
    row = honest(seed, 6)[seed % 6]
    found = {one.of.id for one in signs(evidence_of(facts_of([row] * many), check=True))}
    assert found <= ({"R31"} if many >= 10 else set())


def test_honest_counties_seldom_give_a_sign(record_property) -> None:
    """Schools that differ by a fifth by luck, and by a twentieth from last year: fewer than one in fifty has a sign."""
    found = [(look(one).signs, len(one.schools)) for one in (*counties(6, 30), *counties(1, 300))]
    rate = sum(len(given) for given, _ in found) / sum(schools for _, schools in found)
    record_property("signs_per_school", rate)
    print(f"{rate:.4f} signs a school")
    assert rate < 0.02
