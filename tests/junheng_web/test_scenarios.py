"""The sandbox: every edit is judged at once, undone and redone, shared by scope, put side by side."""

from __future__ import annotations

import io
from dataclasses import asdict

import openpyxl
import pytest

from collected import acting
from junheng import api as jh
from junheng_web.assessment.selectors import latest_run
from junheng_web.assessment.snapshots import open_facts
from junheng_web.organisation.models import Area, AuditRow
from junheng_web.planning import trying
from junheng_web.planning.models import Scenario, Terms
from junheng_web.planning.services import scenario_make
from junheng_web.planning.telling import wan
from junheng_web.planning.trying import edits_of, tried
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/planning/scenarios/"
POOR, RICH, FIRST = "1506990004", "1506990006", "1506990001"
BUY = {"kind": "deed", "deed-school": POOR, "deed-item": "equipment_value", "deed-amount": "210000"}
MOVE = {"kind": "move", "move-school": RICH, "move-to_school": POOR, "move-stage": "primary", "move-amount": "2"}
PUPILS = {"kind": "value", "value-school": POOR, "value-item": "primary_pupils", "value-value": "900"}
REGROUP = {"kind": "regroup", "regroup-school": POOR, "regroup-stage": "primary"}
MERGE = {"kind": "merge", "merge-school": POOR, "merge-to_school": FIRST}
PRICE = {"kind": "price", "price-item": "equipment_value", "price-value": "1.25"}


@pytest.fixture
def mine() -> Scenario:
    """A scenario of the office's own, without an edit."""
    scope, county = acting("office"), Area.objects.get(code=COUNTY)
    told = {"base": latest_run(scope, county), "terms": Terms.objects.of(county).first()}
    return scenario_make(by=scope, county=county, name="示例推演", shared="mine", **told)


def read(one: Scenario) -> Scenario:
    return Scenario.objects.select_related("county", "base__snapshot", "base__rules", "terms").get(id=one.id)


def post(client, one: Scenario, told: dict[str, str], seen: int = 0):
    return client.post(f"{one.url}edit", {**told, "seen": str(seen)})


def test_a_scenario_is_made_from_a_run(as_) -> None:
    """With a name; nobody else sees it until it is shared."""
    page = as_("office").get(f"{HERE}add").content.decode()
    assert "正式" in page
    base = latest_run(acting("office"), Area.objects.get(code=COUNTY)).code
    answer = as_("office").post(f"{HERE}add", {"name": "添设备", "base": base, "shared": "mine"})
    assert answer.status_code == 302
    assert "还没有改动" in as_("office").get(answer.url).content.decode()
    assert as_("leader").get(answer.url).status_code == 404


def test_each_edit_is_judged_at_once(as_, mine) -> None:
    """What the page shows is the engine's own answer on facts that were changed beside the code."""
    office = as_("office")
    for at, told in enumerate((BUY, MOVE, PUPILS)):
        answer = post(office, mine, told, at)
        assert answer.status_code == 302, answer.content.decode()
    facts = open_facts(mine.base.snapshot.digest)
    table = facts.tables["schools"]
    rows = table.to_pylist()
    for row in rows:
        if row["school_code"] == POOR:
            row["equipment_value"] += 210_000_00
            row["primary_pupils"] = 900
        if sign := {POOR: 2, RICH: -2}.get(row["school_code"]):
            for name in ("primary_teachers", "certified_teachers", "trained_360h_teachers"):
                row[name] += sign
    changed = jh.Facts({**facts.tables, "schools": table.from_pylist(rows, table.schema)}, items=facts.items)
    expected = jh.as_dict(jh.assess(changed, mine.base.rules.standard, as_of=mine.base.as_of, county=COUNTY))
    one = read(mine)
    assert tried(one, edits_of(one)).answer == expected
    page = office.get(one.url).content.decode()
    spread = expected["stages"]["primary"]["indicators"]["B6"]
    assert jh.shown_beside(spread["cv"], spread["cv_limit"], 3) in page
    assert "没有跟着改" in page


def test_more_pupils_open_classes_where_one_asks_for_it(as_, mine) -> None:
    """The page says how many classes they take; divided anew they are that many, and it says so no longer."""
    office = as_("office")
    assert post(office, mine, PUPILS).status_code == 302
    before = tried(read(mine), edits_of(read(mine))).assessment
    needed, largest = jh.classes_needed(before, POOR, "primary")
    told = f"一个班最多 {largest} 人，至少要 {needed} 个班"
    assert told in office.get(mine.url).content.decode()
    assert post(office, mine, REGROUP, 1).status_code == 302
    page = office.get(mine.url).content.decode()
    assert "按班额上限重新分班" in page
    assert told not in page
    assert "没有跟着改" not in page
    after = tried(read(mine), edits_of(read(mine))).assessment.facts.tables
    row = next(one for one in after["schools"].to_pylist() if one["school_code"] == POOR)
    sizes = [one["pupils"] for one in after["classes"].to_pylist() if one["school_code"] == POOR]
    assert (len(sizes), sum(sizes)) == (row["primary_classes"], row["primary_pupils"]) == (needed, 900)


def test_one_thing_more_is_the_same_as_all_at_once(as_, mine) -> None:
    """Whether the facts before the last edit are still known or not: a merger, then what is refused of its school."""
    office = as_("office")
    for at, told in enumerate((BUY, MOVE, PUPILS, MERGE)):
        assert post(office, mine, told, at).status_code == 302
    one, step = read(mine), trying.tried(read(mine), edits_of(read(mine))).answer
    trying._REACHED.clear()
    trying._tried.cache_clear()
    assert trying.tried(one, edits_of(one)).answer == step
    gone = [*edits_of(one), asdict(jh.Edit("deed", "equipment_value", POOR, amount=1))]
    for known in (True, False):
        with pytest.raises(jh.Unusable) as refused:
            trying.tried(one, gone)
        assert [problem.file for problem in refused.value.problems] == ["推演第 5 步"], known
        trying._REACHED.clear()


def test_what_it_costs_follows_the_terms_and_the_prices_tried(as_, mine) -> None:
    """Equipment at its price, then at another one."""
    office = as_("office")
    post(office, mine, BUY)
    assert wan(210_000_00) in office.get(mine.url).content.decode()
    post(office, mine, PRICE, 1)
    assert wan(262_500_00) in office.get(mine.url).content.decode()


def test_steps_are_undone_and_redone(as_, mine) -> None:
    """Until something else is tried: then what was undone is gone."""
    office = as_("office")
    post(office, mine, BUY)
    post(office, mine, MOVE, 1)
    office.post(f"{mine.url}undo", {"seen": "1"})
    assert len(edits_of(read(mine))) == 1
    assert "重做：从" in office.get(mine.url).content.decode()
    office.post(f"{mine.url}undo", {"seen": "2"})
    assert len(edits_of(read(mine))) == 2
    office.post(f"{mine.url}undo", {"seen": "0"})
    post(office, mine, MERGE)
    assert [one["kind"] for one in edits_of(read(mine))] == ["merge"]
    assert read(mine).edits.count() == 1
    assert "没有这一步" in office.post(f"{mine.url}undo", {"seen": "7"}, follow=True).content.decode()
    actions = set(AuditRow.objects.filter(object_kind="scenario").values_list("action", flat=True))
    assert {"edit.add", "edit.undo", "edit.redo"} <= actions


def test_a_merged_school_is_gone_from_what_comes_after(as_, mine) -> None:
    """From the schools that can be chosen, and from the grid; its pupils are in the other."""
    office = as_("office")
    page = post(office, mine, MERGE) and office.get(mine.url).content.decode()
    assert f'value="{POOR}"' not in page
    assert "并入别校的" in page
    assert "2,600" in page
    answer = post(office, mine, BUY, 1)
    assert answer.status_code == 422
    assert "请在列出的里面选" in answer.content.decode()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({**MOVE, "move-amount": "5000"}, "调不出 5000 人"),
        ({**MOVE, "move-amount": "0"}, "请填 1 或更大的数"),
        ({**MOVE, "move-to_school": RICH}, "同一所学校"),
        ({**BUY, "deed-item": "hire"}, "要选学段"),
        ({**BUY, "deed-item": "music_room"}, "要填每间面积"),
        ({**PUPILS, "value-value": "900.5"}, "要填整数"),
        ({**PRICE, "price-value": ""}, "请填一个数"),
    ],
)
def test_what_cannot_be_tried_says_why(as_, mine, told: dict[str, str], why: str) -> None:
    """Above the forms, with what was typed still there; nothing is added."""
    answer = post(as_("office"), mine, told)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert edits_of(read(mine)) == []


def test_of_two_who_try_at_once_the_second_is_told(as_, mine) -> None:
    """He had not seen the first one's edit."""
    post(as_("office"), mine, BUY)
    answer = post(as_("office"), mine, MOVE, 0)
    assert answer.status_code == 422
    assert "刚刚在别处改过" in answer.content.decode()


def test_sharing_is_by_scope(as_, mine) -> None:
    """Mine alone, then those who make plans (who may edit), then all readers (who may not)."""
    office, desk, leader = as_("office"), as_("edu-hr-desk"), as_("leader")
    assert desk.get(mine.url).status_code == 404
    office.post(f"{mine.url}sharing", {"name": "示例推演", "shared": "makers"})
    assert desk.get(mine.url).status_code == 200
    assert post(desk, mine, BUY).status_code == 302
    assert leader.get(mine.url).status_code == 404
    office.post(f"{mine.url}sharing", {"name": "给组长看", "shared": "readers"})
    page = leader.get(mine.url).content.decode()
    assert "给组长看" in page
    assert "试这一步" not in page
    assert post(leader, mine, MOVE, 1).status_code == 403
    assert post(desk, mine, MOVE, 1).status_code == 403
    assert desk.get(f"{mine.url}sharing").status_code == 404
    assert as_("fin-staff").get(mine.url).status_code == 403


def test_a_copy_goes_its_own_way(as_, mine) -> None:
    """What holds is in it; what is tried there is not in the first."""
    office = as_("office")
    post(office, mine, BUY)
    url = office.post(f"{mine.url}copy").url
    copy = Scenario.objects.first()
    assert copy.url == url
    post(office, copy, MOVE, 1)
    assert (len(edits_of(copy)), len(edits_of(read(mine)))) == (1, 1)
    assert len(edits_of(read(copy))) == 2


def test_scenarios_stand_side_by_side(as_) -> None:
    """The demonstration's two: what was tried, what differs, what it costs; the workbook says the same."""
    leader = as_("leader")
    numbers = sorted(Scenario.objects.filter(county__code=COUNTY).values_list("number", flat=True))
    query = "&".join(f"n={one}" for one in numbers)
    page = leader.get(f"{HERE}beside?{query}").content.decode()
    assert "给第四小学添设备" in page
    assert "调骨干教师，再添一半设备" in page
    assert wan(210_000_00) in page
    assert 'class="tabular changed"' in page
    book = openpyxl.load_workbook(io.BytesIO(leader.get(f"{HERE}beside?{query}&format=xlsx").content))
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in book["推演比较"].iter_rows()}
    assert rows["计入（万元）"][1] == wan(210_000_00)
    assert rows["全县结论"][0] == "不达标"
    assert leader.get(f"{HERE}beside").status_code == 302
    assert leader.get(f"{HERE}beside?n=999").status_code == 404


def test_another_county_s_scenarios_are_not_there(as_) -> None:
    """A number of one county is none in another's address."""
    number = Scenario.objects.filter(county__code=COUNTY).first().number
    assert as_("office").get(f"/c/150624/planning/scenarios/{number}/").status_code == 404
