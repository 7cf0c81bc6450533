"""Edits of facts: each against numbers worked out beside the code; what cannot be made is refused; what they cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

import junheng.api as jh
from junheng.facts.plan_schema import DEEDS, PLAN_TABLES
from junheng.facts.readers import load_plan_tables
from junheng.facts.schema import MEASURES, SCHOOLS
from junheng.planner.plan import Action

EXAMPLE = "examples/shili/facts"
ONE, OTHER, MONGOLIAN, JUNIOR = "1506990001", "1506990004", "1506990005", "1506990024"


@pytest.fixture(scope="module")
def facts() -> jh.Facts:
    return jh.load(EXAMPLE)


@pytest.fixture(scope="module")
def answer(facts: jh.Facts) -> jh.Assessment:
    return jh.assess(facts)


def rows(facts: jh.Facts) -> dict[str, dict[str, Any]]:
    return {row["school_code"]: row for row in facts.tables["schools"].to_pylist()}


def changed(before: jh.Facts, after: jh.Facts) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Return every cell of `schools` that differs."""
    old, new = rows(before), rows(after)
    return {
        (code, name): (old[code][name], value)
        for code, row in new.items()
        for name, value in row.items()
        if old[code][name] != value
    }


def test_a_transfer_moves_people_and_what_they_are(facts, answer) -> None:
    """Teacher, quality and what goes with a person leave one school and come to the other; nothing else changes."""
    after = jh.edited(facts, answer, [jh.Edit("deed", "transfer", ONE, OTHER, "primary", 2, ("backbone_teachers",))])
    names = ("primary_teachers", "primary_backbone_teachers", "certified_teachers", "trained_360h_teachers")
    found = {key: now - was for key, (was, now) in changed(facts, after).items()}
    assert found == {(ONE, name): -2 for name in names} | {(OTHER, name): 2 for name in names}
    assert jh.assess(facts).facts is facts  # what was read stays as it was


@pytest.mark.parametrize("item", ["equipment_value", "multimedia_rooms", "teaching_area", "sports_ground_area"])
def test_a_thing_adds_its_units(facts, answer, item: str) -> None:
    """So many units, in the smallest ones, at the one school."""
    after = jh.edited(facts, answer, [jh.Edit("deed", item, OTHER, amount=7)])
    was = rows(facts)[OTHER][item]
    assert changed(facts, after) == {(OTHER, item): (was, was + 7 * SCHOOLS.column(item).measure.scale)}


def test_a_room_stands_in_the_list_of_rooms(facts, answer) -> None:
    """With its area; the schools' own numbers stay."""
    after = jh.edited(facts, answer, [jh.Edit("deed", "music_room", ONE, amount=2, area=96)])
    assert changed(facts, after) == {}
    more = after.tables["rooms"].to_pylist()[len(facts.tables["rooms"]) :]
    assert [(row["school_code"], row["kind"], row["area"]) for row in more] == [(ONE, "music", 9600)] * 2


def test_no_class_changes_but_where_classes_are_opened(facts, answer) -> None:
    """A plan divides crowded grades on its way; somebody who tries one thing gets that thing."""
    bought = jh.edited(facts, answer, [jh.Edit("deed", "equipment_value", ONE, amount=1)])
    assert bought.tables["classes"].equals(facts.tables["classes"])
    crowded = {row["school_code"] for row in facts.tables["classes"].to_pylist() if (row["pupils"] or 0) > 45}
    code = min(crowded & {one.school_code for one in answer.sections if one.stage == "primary"})
    opened = jh.edited(facts, answer, [jh.Edit("deed", "class_room", code, "", "primary", 1)])
    differing = [row for row in opened.tables["classes"].to_pylist() if row not in facts.tables["classes"].to_pylist()]
    assert differing
    assert {row["school_code"] for row in differing} == {code}


def test_a_merger_adds_up(facts, answer) -> None:
    """Counts, areas and money are summed, grades are not; classes and rooms go along; the school is gone."""
    after = jh.edited(facts, answer, [jh.Edit("merge", school=OTHER, to_school=ONE)])
    one, other, both = rows(facts)[ONE], rows(facts)[OTHER], rows(after)[ONE]
    assert OTHER not in rows(after)
    assert len(rows(after)) == len(rows(facts)) - 1
    for column in SCHOOLS.columns:
        name = column.name
        if column.kind in MEASURES and column.unit != "年" and not name.endswith("_grades"):
            known = one[name] is not None and other[name] is not None
            expected = one[name] + other[name] if known else None
            if not name.startswith("junior_"):
                assert both[name] == expected, name
        else:
            assert both[name] == one[name], name
    for table in ("classes", "rooms"):
        codes = [row["school_code"] for row in facts.tables[table].to_pylist()]
        merged = [row["school_code"] for row in after.tables[table].to_pylist()]
        assert merged.count(ONE) == codes.count(ONE) + codes.count(OTHER)
        assert OTHER not in merged
    assert OTHER not in after.tables["judged"]["school_code"].to_pylist()
    sections = {one.school_code for one in jh.assess(after).sections}
    assert OTHER not in sections
    assert ONE in sections


def test_what_one_did_not_report_is_not_known_of_both(facts, answer) -> None:
    """Missing is a state: the sum of a number and of none is none."""
    table = facts.tables["schools"]
    told = [{**row, "equipment_value": None} if row["school_code"] == OTHER else row for row in table.to_pylist()]
    unknown = replace(facts, tables={**facts.tables, "schools": pa.Table.from_pylist(told, table.schema)})
    after = jh.edited(unknown, jh.assess(unknown), [jh.Edit("merge", school=OTHER, to_school=ONE)])
    assert rows(after)[ONE]["equipment_value"] is None


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ([jh.Edit("deed", "equipment_value", "0", amount=1)], "没有这所学校"),
        ([jh.Edit("deed", "transfer", ONE, OTHER, "primary", 1000)], "调不出 1000 人"),
        ([jh.Edit("deed", "transfer", ONE, ONE, "primary", 1)], "同一所学校"),
        ([jh.Edit("deed", "transfer", ONE, MONGOLIAN, "primary", 1)], "授课语言"),
        ([jh.Edit("deed", "hire", ONE, "", "junior", 1)], "没有初中"),
        ([jh.Edit("deed", "hire", ONE, "", "primary", 0)], "大于 0"),
        ([jh.Edit("deed", "no_such", ONE, amount=1)], "没有这件事"),
        ([jh.Edit("value", "school_name", ONE, amount=1)], "没有这一项数"),
        ([jh.Edit("value", "primary_pupils", ONE, amount=-1)], "小于 0"),
        ([jh.Edit("regroup", school=ONE, stage="junior")], "没有初中"),
        ([jh.Edit("merge", school=ONE, to_school=ONE)], "并入"),
        ([jh.Edit("price", "no_such", amount=1)], "没有这一项价格"),
        ([jh.Edit("other", school=ONE)], "没有这一种改动"),
        ([jh.Edit("merge", school=OTHER, to_school=ONE), jh.Edit("value", "primary_pupils", OTHER)], "第 2 步"),
    ],
)
def test_what_cannot_be_made_says_why(facts, answer, edits, told: str) -> None:
    """And where: the number of the edit."""
    with pytest.raises(jh.Unusable, match=told):
        jh.edited(facts, answer, edits)


def test_a_number_that_was_not_reported_does_not_grow(facts, answer) -> None:
    """It would stay unknown, and the edit would do nothing; set it first, and it does."""
    table = facts.tables["schools"]
    told = [{**row, "equipment_value": None} if row["school_code"] == ONE else row for row in table.to_pylist()]
    unknown = replace(facts, tables={**facts.tables, "schools": pa.Table.from_pylist(told, table.schema)})
    more = jh.Edit("deed", "equipment_value", ONE, amount=1)
    with pytest.raises(jh.Unusable, match="没有报"):
        jh.edited(unknown, answer, [more])
    after = jh.edited(unknown, answer, [jh.Edit("value", "equipment_value", ONE, amount=500), more])
    assert rows(after)[ONE]["equipment_value"] == 600


def classes(facts: jh.Facts, code: str) -> dict[int, list[int]]:
    """Return the sizes of a school's classes by grade."""
    found: dict[int, list[int]] = {}
    for row in facts.tables["classes"].to_pylist():
        if row["school_code"] == code:
            found.setdefault(row["grade"], []).append(row["pupils"])
    return found


@pytest.mark.parametrize("pupils", [1, 45, 300, 1_999])
def test_pupils_are_divided_into_the_fewest_classes(facts, answer, pupils: int) -> None:
    """Each grade in its old share of the pupils, within the line of 45; no other school's classes change."""
    edits = [jh.Edit("value", "primary_pupils", ONE, amount=pupils), jh.Edit("regroup", school=ONE, stage="primary")]
    after, before = jh.edited(facts, answer, edits), classes(facts, ONE)
    now, all_before = classes(after, ONE), sum(map(sum, before.values()))
    assert sum(map(sum, now.values())) == pupils
    for grade, sizes in now.items():
        assert abs(sum(sizes) - sum(before[grade]) * pupils / all_before) < 1
        assert max(sizes) <= 45
        assert len(sizes) == -(-sum(sizes) // 45)
        assert max(sizes) - min(sizes) <= 1
    many = sum(map(len, now.values()))
    assert rows(after)[ONE]["primary_classes"] == many
    assert jh.classes_needed(jh.assess(after), ONE, "primary") == (many, 45)
    assert {key for key, _ in changed(facts, after).items()} <= {(ONE, "primary_pupils"), (ONE, "primary_classes")}
    others = [one for one in rows(facts) if one != ONE]
    assert [classes(after, one) for one in others] == [classes(facts, one) for one in others]


def test_without_reported_classes_nobody_is_divided(facts, answer) -> None:
    """Nobody knows in which grades the pupils are; without a number of pupils neither."""
    none = replace(facts, tables={**facts.tables, "classes": facts.tables["classes"].slice(0, 0)})
    regroup = jh.Edit("regroup", school=ONE, stage="primary")
    with pytest.raises(jh.Unusable, match="各班人数"):
        jh.edited(none, answer, [regroup])
    assert jh.classes_needed(jh.assess(none), ONE, "primary") is None
    table = facts.tables["schools"]
    told = [{**row, "primary_pupils": None} if row["school_code"] == ONE else row for row in table.to_pylist()]
    unknown = replace(facts, tables={**facts.tables, "schools": pa.Table.from_pylist(told, table.schema)})
    with pytest.raises(jh.Unusable, match="在校生数"):
        jh.edited(unknown, answer, [regroup])


def test_costs_are_the_planner_s(facts) -> None:
    """Units, what a school pays once for beginning, what comes each year for as many years as count, by the km."""
    tables = load_plan_tables(EXAMPLE)
    prices = {row["item"]: row for row in tables["prices"].to_pylist()}
    names = {code: row["school_name"] for code, row in rows(facts).items()}
    built = jh.Edit("deed", "teaching_area", ONE, amount=10)
    moved = jh.Edit("deed", "transfer", ONE, OTHER, "primary", 2)
    hired = jh.Edit("deed", "hire", ONE, "", "primary", 3)
    first, again, one, three, none = jh.edit_costs([built, built, moved, hired, jh.Edit("merge")], names, tables)
    area = prices["teaching_area"]
    assert first == jh.EditCost(10 * area["unit_price"] + area["fixed_price"], 0, first.total)
    assert first.total - again.total == area["fixed_price"]
    hire, years = prices["hire"], 3
    assert three.total == 3 * (hire["unit_price"] + years * hire["yearly_price"])
    assert three.yearly == 3 * hire["yearly_price"]
    pairs = {(row["from_school_code"], row["to_school_code"]): row["km"] for row in tables["distances"].to_pylist()}
    km = pairs.get((ONE, OTHER), pairs.get((OTHER, ONE)))
    scale = PLAN_TABLES["distances"].column("km").measure.scale
    move, by_km = prices["transfer"], prices["transfer_km"]
    yearly = move["yearly_price"] + by_km["yearly_price"] * km / scale
    assert abs(one.total - 2 * (move["unit_price"] + years * yearly)) <= 2
    assert none is None


def test_the_last_price_that_was_tried_holds_for_all(facts) -> None:
    """Wherever it stands; without any price nothing costs anything."""
    bought, names = jh.Edit("deed", "equipment_value", ONE, amount=100), {ONE: ""}
    tables = load_plan_tables(EXAMPLE)
    tried = [bought, jh.Edit("price", "equipment_value", amount=250), jh.Edit("price", "equipment_value", amount=300)]
    assert jh.edit_costs(tried, names, {"prices": tables["prices"]})[0].total == 30_000
    assert jh.edit_costs([bought], names, {}) == (None,)
    assert jh.edit_costs([bought, tried[1]], names, {})[0].total == 25_000


def test_a_plan_s_own_deeds_come_to_what_the_plan_comes_to(facts, answer) -> None:
    """Every action of a plan as an edit, class rooms aside: the same schools afterwards, at the same cost."""
    best = jh.plan(facts, explain=False)
    unreported = [jh.Edit("value", column, school) for school, column in best.assumed]
    edits = [*unreported, *(edit_of(one) for one in best.actions)]
    after = jh.edited(facts, answer, edits)
    assert rows(after) == rows(best.after)
    names = {code: row["school_name"] for code, row in rows(facts).items()}
    assert sum(one.total for one in jh.edit_costs(edits, names, load_plan_tables(EXAMPLE)) if one) == best.cost


def edit_of(one: Action) -> jh.Edit:
    transfer = one.kind == "transfer"
    return jh.Edit(
        "deed",
        one.item,
        one.from_school if transfer else one.school,
        one.to_school,
        one.stage if DEEDS[one.item].kind in ("hire", "transfer", "upgrade") or one.item == "class_room" else "",
        one.quantity,
        one.qualities if transfer else (),
        one.area,
    )
