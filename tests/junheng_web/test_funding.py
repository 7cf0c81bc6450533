"""Items, their gates and their money: what is refused, what is written down, and that the ledger foots."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from collected import acting
from funded import FIRST, WHY, clear, county, fresh, item, school, source, through, wan
from junheng_web.funding import paying, tables
from junheng_web.funding.checking import beside, costs
from junheng_web.funding.footing import COLUMNS, TOTAL
from junheng_web.funding.gates import gates, way_of
from junheng_web.funding.gating import gate_pass, gate_undo, gates_skip, may_pass
from junheng_web.funding.models import Decision, Item
from junheng_web.funding.selectors import items_of, lines_of, standing
from junheng_web.funding.services import Moved, item_add, item_drop, item_edit, keepers_set, line_edit
from junheng_web.funding.telling import actual
from junheng_web.organisation.models import AuditRow, School, Unit
from rectified import gap, gaps, raised

pytestmark = pytest.mark.django_db
POOR = "1506990004"


def today() -> dt.date:
    return timezone.localdate()


def test_what_a_plan_adds_is_added_once() -> None:
    """The key of its action names it; what was dropped is not added again."""
    told = {"county": county(), "column": "works", "name": "新建", "amount": wan("3"), "school": school()}
    first = item_add(by=acting("office"), origin="plan", origin_key="a-1", **told)
    assert item_add(by=acting("office"), origin="plan", origin_key="a-1", **{**told, "amount": wan("9")}) == first
    assert item_add(by=acting("office"), origin="plan", origin_key="a-2", **told) != first
    item_drop(by=acting("office"), item=first, why=WHY)
    assert item_add(by=acting("office"), origin="plan", origin_key="a-1", **told).dropped == WHY


def test_the_table_foots_whatever_is_in_it() -> None:
    """Random items, some dropped: rows, columns and items come to what their integers of fen come to."""
    clear()
    luck, schools, fen = random.Random(7), list(School.objects.filter(county=county())), {}
    for number in range(60):
        column, at = luck.choice(COLUMNS), luck.choice([*schools, None])
        amount = luck.randrange(1, 10**11)
        told = {"school": at, "place": "" if at else "全旗"}
        one = item_add(
            by=None, county=county(), column=column, name=f"第 {number}", amount=Decimal(amount) / 100, **told
        )
        if luck.random() < 0.2:
            item_drop(by=None, item=one, why=WHY)
        else:
            key = (str(one.line), column)
            fen[key] = fen.get(key, 0) + amount
    found = tables.table(acting("office"), county())
    held = {(str(row.line), name): int(value * 100) for row in found.rows for name, value in row.sums.items()}
    assert held == fen
    totals = {name: sum(value for (_, own), value in fen.items() if own == name) for name in COLUMNS}
    assert {name: int(value * 100) for name, value in found.totals} == {**totals, TOTAL: sum(totals.values())}
    assert found.agrees


def test_a_change_needs_a_reason_and_is_written_down() -> None:
    """From what to what, by whom and why; whoever has seen an older one is told of it."""
    one = item("20")
    with pytest.raises(ValidationError, match="为什么"):
        item_edit(by=acting("office"), item=one, why=" ", amount=wan("30"))
    changed = item_edit(by=acting("office"), item=one, why="价格涨了", amount=wan("30.5"), version=1)
    step = changed.steps.last()
    assert (step.deed, step.by_name) == ("edit", "陈乐平")
    assert "20 万元 → 30.5 万元" in step.note
    assert "价格涨了" in step.note
    row = AuditRow.objects.filter(object_code=one.code, action="funding.edit").get()
    assert row.detail["why"] == "价格涨了"
    with pytest.raises(Moved, match=r"30\.5"):
        item_edit(by=acting("office"), item=one, why=WHY, amount=wan("40"), version=1)
    assert item_edit(by=acting("office"), item=one, why="", amount=wan("30.5")).version == 2


def test_a_gap_is_its_own_school_s_and_an_issue_brings_its_gap() -> None:
    """An item for another school's gap is refused."""
    found = gap("B4", POOR)
    with pytest.raises(ValidationError, match="缺口"):
        item(column="works", key=str(found.key))
    issue = raised("B4", POOR)
    one = item(column="works", school=school(POOR), issue=issue)
    assert (one.key, one.indicator, one.target, one.period) == (str(found.key), "B4", "threshold", issue.period)


@pytest.mark.parametrize(
    "wrong",
    [
        {"column": "travel"},
        {"name": " "},
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"column": "works", "deed": "equipment_value"},
        {"quantity": Decimal(3)},
        {"school": None},
    ],
    ids=str,
)
def test_what_cannot_be_an_item_is_refused(wrong: dict) -> None:
    """Nothing is left behind, not even a row."""
    before = (Item.objects.count(), lines_of(acting("office"), county()).count())
    told = {"column": "equipment", "name": "示例", "amount": wan("1"), "school": school("1506990009"), **wrong}
    with pytest.raises(ValidationError):
        item_add(by=acting("office"), county=county(), **told)
    assert (Item.objects.count(), lines_of(acting("office"), county()).count()) == before


def test_gates_are_gone_through_in_order() -> None:
    """None before an earlier one is through or left out with a reason; no day before an earlier gate's."""
    one, office = item(), acting("office")
    with pytest.raises(ValidationError, match="申报"):
        gate_pass(by=office, item=one, gate="approve", day=FIRST, today=today())
    gate_pass(by=office, item=one, gate="declare", day=FIRST, today=today())
    with pytest.raises(ValidationError, match="早于"):
        gate_pass(by=office, item=one, gate="approve", day=FIRST - dt.timedelta(1), today=today())
    with pytest.raises(ValidationError, match="没有到"):
        gate_pass(by=office, item=one, gate="approve", day=today() + dt.timedelta(1), today=today())
    with pytest.raises(ValidationError, match="为什么"):
        gates_skip(by=office, item=one, named=["approve"], note=" ")
    gates_skip(by=office, item=one, named=["approve", "review"], note="小额（虚构）")
    gate_pass(by=office, item=one, gate="permit", day=FIRST, today=today(), document="示证 1 号")
    with pytest.raises(Moved):
        gate_pass(by=office, item=one, gate="permit", day=FIRST, today=today())
    assert [state.gate.id for state in way_of(one).states if state.done] == ["declare", "permit"]
    assert way_of(one).next.gate.id == "purchase"


def test_a_gate_is_taken_back_from_the_last_one() -> None:
    """With a reason; what stands behind it has to be taken back first."""
    one = through(item(), "review")
    with pytest.raises(ValidationError, match="财政评审"):
        gate_undo(by=acting("office"), item=one, gate="approve", why=WHY)
    for gate in ("review", "approve"):
        gate_undo(by=acting("office"), item=one, gate=gate, why=WHY)
    assert way_of(one).next.gate.id == "approve"
    assert [step.deed for step in one.gates.all()] == ["pass", "pass", "pass", "undo", "undo"]


def test_the_head_says_what_the_school_sees_and_nothing_else() -> None:
    """Acceptance and booking; another school's head and a foreign unit nothing at all."""
    one = item()
    told = {gate.id: may_pass(acting("head-03"), one, gate) for gate in gates().values()}
    assert {id for id, may in told.items() if may} == {"accept", "book"}
    assert not any(may_pass(acting("head-03"), item(school=school(POOR)), gate) for gate in gates().values())
    assert not any(may_pass(acting("town-shawan"), one, gate) for gate in gates().values())
    with pytest.raises(PermissionDenied):
        gate_pass(by=acting("head-03"), item=one, gate="declare", day=FIRST, today=today())


def test_money_stays_within_what_there_is() -> None:
    """A source, a plan, a contract: each says what is left."""
    one, fin, given = item("20"), acting("fin-staff"), source("15")
    with pytest.raises(ValidationError, match="只剩 15 万元"):
        paying.allotment_set(by=fin, item=one, source=given, amount=wan("16"))
    paying.allotment_set(by=fin, item=one, source=given, amount=wan("15"))
    with pytest.raises(ValidationError, match="只有 5 万元"):
        paying.allotment_set(by=fin, item=one, source=source("50", "另一笔"), amount=wan("6"))
    with pytest.raises(ValidationError, match="已安排资金 15 万元"):
        item_edit(by=acting("office"), item=one, why=WHY, amount=wan("14"))
    with pytest.raises(ValidationError, match="安排给项目 15 万元"):
        paying.source_edit(by=fin, source=given, why=WHY, version=1, amount=wan("14"))
    told = {"number": "示合 1", "party": "示例公司", "day": FIRST}
    with pytest.raises(ValidationError, match="只剩 20 万元"):
        paying.contract_add(by=fin, item=one, amount=wan("20.000001"), **told)
    contract = paying.contract_add(by=fin, item=one, amount=wan("18"), **told)
    with pytest.raises(ValidationError, match="已签合同 18 万元"):
        item_edit(by=acting("office"), item=one, why=WHY, amount=wan("17"))
    pay = {"item": one, "contract": contract, "source": given, "voucher": "示付 1", "day": FIRST}
    paying.payment_add(by=fin, amount=wan("10"), **pay)
    with pytest.raises(ValidationError, match="只剩 8 万元"):
        paying.payment_add(by=fin, amount=wan("8.01"), **pay)
    loose = {"item": one, "voucher": "示付 0", "day": FIRST}
    with pytest.raises(ValidationError, match="计划只剩 10 万元"):
        paying.payment_add(by=fin, amount=wan("10.01"), **loose)
    (row,) = [row for row in actual(acting("office"), county())["rows"] if row["item"] == one]
    assert [row[name] for name in ("planned", "allotted", "signed", "paid")] == [
        wan("20"),
        wan("15"),
        wan("18"),
        wan("10"),
    ]
    assert row["share"] == 50
    assert {"资金没有全部落实", "记了合同，关口“合同”没有办", "已经支付，还没有立项批复"} == set(row["warnings"])


def test_what_was_recorded_in_error_is_taken_back_and_stays() -> None:
    """With a reason; a contract not before its payments, an item not before its contracts."""
    one, fin = item("20"), acting("fin-staff")
    contract = paying.contract_add(by=fin, item=one, number="示合 2", party="示例", day=FIRST, amount=wan("5"))
    payment = paying.payment_add(by=fin, item=one, contract=contract, voucher="示付 2", day=FIRST, amount=wan("5"))
    with pytest.raises(ValidationError, match="先撤回支付"):
        paying.contract_undo(by=fin, contract=contract, why=WHY)
    with pytest.raises(ValidationError, match="不能取消"):
        item_drop(by=acting("office"), item=one, why=WHY)
    paying.payment_undo(by=fin, payment=payment, why=WHY)
    with pytest.raises(Moved):
        paying.payment_undo(by=fin, payment=payment, why=WHY)
    paying.contract_undo(by=fin, contract=contract, why=WHY)
    item_drop(by=acting("office"), item=one, why=WHY)
    assert [step.deed for step in fresh(one).steps.all()] == [
        "add",
        "contract",
        "pay",
        "pay_undo",
        "contract_undo",
        "drop",
    ]
    with pytest.raises(Moved):
        paying.contract_add(by=fin, item=one, number="示合 3", party="示例", day=FIRST, amount=wan("1"))


def test_only_who_keeps_the_ledger_records_money() -> None:
    """The office, and the units that it has named; a unit that is named no more, no more."""
    one = item()
    for name in ("town-shawan", "head-03", "leader", "auditor"):
        with pytest.raises(PermissionDenied):
            paying.contract_add(by=acting(name), item=one, number="x", party="x", day=FIRST, amount=wan("1"))
    paying.contract_add(by=acting("fin-staff"), item=one, number="x", party="x", day=FIRST, amount=wan("1"))
    paying.contract_add(by=acting("edu-hr-desk"), item=one, number="y", party="x", day=FIRST, amount=wan("1"))
    keepers_set(by=acting("office"), county=county(), units=[])
    with pytest.raises(PermissionDenied):
        paying.contract_add(by=acting("fin-staff"), item=one, number="z", party="x", day=FIRST, amount=wan("1"))


def test_a_school_and_a_unit_see_their_own() -> None:
    """Not each other's; the office, the leader and the auditor see all (P3)."""
    land = Unit.objects.get(county=county(), code="town-shawan")
    own, other, answered = item(), item(school=school(POOR)), item(school=school(POOR), unit=land)
    seen = {
        name: {*items_of(acting(name), county())} & {own, other, answered}
        for name in ("head-03", "clerk-03", "town-shawan")
    }
    assert seen == {"head-03": {own}, "clerk-03": {own}, "town-shawan": {answered}}
    for name in ("office", "leader", "auditor", "fin-staff"):
        assert {own, other, answered} <= {*items_of(acting(name), county())}
    assert [str(one) for one in lines_of(acting("town-shawan"), county())] == [str(school(POOR))]
    assert not items_of(acting("inspector-1"), county()).exists()


def test_the_texts_of_a_row_are_told_until_somebody_writes_others() -> None:
    """The scale of the form, the lists of the items; a written text needs a reason, an emptied one is told again."""
    clear()
    one = item("20", name="更新计算机", deed="equipment_value", quantity=Decimal(200_000))
    item("5", name="音乐器材")
    (row,) = [each for each in tables.table(acting("office"), county()).rows if each.items]
    assert row.texts["scale"].startswith("小学 1890 人")
    assert row.texts["lacks"] == "1.更新计算机 200,000 元；2.音乐器材"
    with pytest.raises(ValidationError):
        line_edit(by=acting("office"), line=one.line, texts={"lacks": "缺计算机 60 台"}, why="")
    line_edit(by=acting("office"), line=one.line, texts={"lacks": "缺计算机 60 台"}, why=WHY)
    (row,) = [each for each in tables.table(acting("office"), county()).rows if each.items]
    assert row.texts["lacks"] == "缺计算机 60 台"
    line_edit(by=acting("office"), line=one.line, texts={"lacks": ""}, why=WHY)
    (row,) = [each for each in tables.table(acting("office"), county()).rows if each.items]
    assert row.texts["lacks"].startswith("1.更新计算机")


def test_a_row_of_which_nothing_is_left_is_gone() -> None:
    """Neither an item nor a text: the table, the paper and the workbook do not show it."""
    clear()
    assert tables.table(acting("office"), county()).rows == ()
    one = item("2")
    assert [str(row.line) for row in tables.table(acting("office"), county()).rows] == [str(school())]
    line_edit(by=acting("office"), line=one.line, texts={"remark": "另有安排"}, why=WHY)
    item_drop(by=acting("office"), item=one, why=WHY)
    (row,) = tables.table(acting("office"), county()).rows
    assert (row.total, row.texts["remark"]) == (0, "另有安排")


def test_gaps_without_money_and_money_without_a_gap() -> None:
    """Each gap is on one side; an item of no gap, and one whose gap is gone, are named."""
    clear()
    found = gap("B4", POOR)
    size = Decimal(str(found.size))
    for share in (size - 10, Decimal(4)):
        told = {"column": "works", "school": school(POOR), "deed": "teaching_area", "quantity": share}
        item("10", key=str(found.key), **told)
    loose = item("1")
    gone = item("1", column="works", key=f"{school().code}:primary:B4:floor")
    told = beside(standing(items_of(acting("office"), county())), gaps())
    assert len(told.bare) == len(gaps()) - 1
    (funded,) = told.funded
    assert (funded.amount, funded.quantity, funded.left) == (wan("20"), size - 6, Decimal(6))
    assert funded.unit_cost == round(wan("20") / (size - 6), 2)
    assert (told.loose, told.gone) == ((loose,), (gone,))
    (cost,) = costs(standing(items_of(acting("office"), county())))
    assert (cost.items, cost.quantity, cost.unit) == (2, size - 6, "平方米")


def test_the_totals_stand_beside_what_the_meeting_decided() -> None:
    """By column and together, with the difference; the last decision counts."""
    clear()
    item("20")
    item("3", column="other", name="培训")
    fin, told = acting("fin-staff"), {"meeting": "常务会议（虚构）", "document": "", "day": FIRST}
    for equipment in ("1", "19.5"):
        sums = {"equipment": wan(equipment), "works": wan("0"), "other": wan("3")}
        paying.decision_record(by=fin, county=county(), **told, **sums)
    found = tables.table(acting("office"), county())
    assert found.agrees
    assert [(name, more) for name, _, _, more in found.decided if more] == [
        ("equipment", wan("0.5")),
        (TOTAL, wan("0.5")),
    ]
    assert Decision.objects.filter(county=county()).count() == 2


def test_the_demonstration_tells_its_story() -> None:
    """Its gaps have items, two have none, one item is paid and in the books and waits to be put into the form."""
    found = actual(acting("office"), county())
    ways = {str(row["item"].line): row["way"] for row in found["rows"] if row["paid"] == row["planned"]}
    assert ways[str(school())].next is None
    table = tables.table(acting("office"), county())
    assert table.agrees
    assert {name for name, *_, more in table.decided if more} == {"works", TOTAL}
    told = beside(standing(items_of(acting("office"), county())), gaps())
    assert told.bare
    assert {one.name for one in told.loose} == {"更新学生机房的计算机", "骨干教师培训和认定", "硬化校门前道路"}
