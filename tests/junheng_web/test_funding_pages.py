"""The pages of the ledger: each deed by whom it is for, what is refused, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.utils import timezone

from funded import HERE, SCHOOL, clear, item, school, source, through, wan
from junheng_web.evidence.models import Link
from junheng_web.funding.models import Contract, Decision, Item, Keeper, Source
from rectified import gap
from who_reads import pdf

pytestmark = pytest.mark.django_db
POOR = "1506990004"
ACTED = {"number": "示合 9", "party": "示例公司", "day": "2026-01-20", "amount": "2.5"}


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def at(one: Item, deed: str = "") -> str:
    return f"{HERE}item/{one.number}/{deed}"


def test_the_office_adds_an_item_for_a_gap(as_) -> None:
    """The school, the gap and a name stand there; the sum in 万元 is kept to the fen."""
    office, key = as_("office"), str(gap("B4", POOR).key)
    page = office.get(f"{HERE}add/?gap={key}")
    assert page.context["form"].initial["school"] == POOR
    told = {"school": POOR, "column": "works", "name": "扩建教室", "deed": "teaching_area", "quantity": "120.5"}
    sent = office.post(f"{HERE}add/", {**told, "amount": "1,043.260001", "gap": key, "unit": "edu"}, follow=True)
    made = Item.objects.latest("id")
    assert sent.redirect_chain[-1][0] == at(made)
    assert (made.amount, made.indicator, str(made.line)) == (wan("1043.260001"), "B4", str(school(POOR)))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(as_) -> None:
    """Where, why, what to do; the rest of the form stands as it was typed."""
    told = {"school": SCHOOL, "column": "works", "name": "写了很久的内容", "amount": "三百"}
    page = as_("office").post(f"{HERE}add/", told)
    text = page.content.decode()
    assert page.status_code == 422
    assert "“三百”不是一个数" in text
    assert "写了很久的内容" in text
    assert 'value="三百"' in text


def test_finance_records_a_contract_and_payments_and_the_ledger_foots(as_) -> None:
    """From the source to the last payment, as finance's browser does it; with the scan of the contract."""
    clear()
    one, fin = item("3"), as_("fin-staff")
    told = {"name": "示例资金", "kind": "county", "amount": "3", "document": "示财 1 号"}
    assert "已登记" in fin.post(f"{HERE}sources/", told, follow=True).content.decode()
    code = Source.objects.latest("id").code
    fin.post(at(one, "allot"), {"source": code, "amount": "3"})
    fin.post(at(one, "contract"), {**ACTED, "file": pdf("合同.pdf")})
    contract = Contract.objects.latest("id")
    for voucher, amount in (("付 1", "1"), ("付 2", "1.5")):
        pay = {"voucher": voucher, "day": "2026-02-01", "amount": amount, "contract": contract.id, "source": code}
        assert fin.post(at(one, "payment"), pay).status_code == 302
    over = fin.post(
        at(one, "payment"), {"voucher": "付 3", "day": "2026-02-02", "amount": "0.01", "contract": contract.id}
    )
    assert over.status_code == 422
    assert "只剩 0 万元" in over.content.decode()
    assert 'value="付 3"' in over.content.decode()
    sums = fin.get(f"{HERE}actual/").context["sums"]
    assert sums == {"planned": wan("3"), "allotted": wan("3"), "signed": wan("2.5"), "paid": wan("2.5")}
    assert fin.get(HERE).context["table"].agrees
    assert Link.objects.filter(object_kind="funding", object_code=one.code).count() == 1


def test_gates_on_the_page(as_) -> None:
    """The next gate is asked for, with its document; what is not needed is ticked; the last is taken back."""
    one, office = item(), as_("office")
    page = office.get(at(one)).content.decode()
    assert "办下一道：申报" in page
    sent = {"gate": "declare", "day": "2026-01-05", "unit": "edu", "document": "示教 3 号", "file": pdf("申报书.pdf")}
    office.post(at(one, "gate"), sent)
    assert Link.objects.filter(object_kind="funding", object_code=f"{one.code}:declare").exists()
    wrong = office.post(at(one, "gate"), {"gate": "review", "day": "2026-01-06"})
    assert "前面还有没办的：立项批复" in wrong.content.decode()
    office.post(at(one, "skip"), {"named": ["permit", "build"], "note": "不建房"})
    text = office.get(at(one)).content.decode()
    assert text.count("不需要") >= 2
    assert "申报书.pdf" in text
    office.post(at(one, "gate/declare/undo"), {"why": "填错了"})
    assert "办下一道：申报" in office.get(at(one)).content.decode()
    assert office.post(at(one, "gate"), {"gate": "nothing"}).status_code == 404


def test_the_head_records_acceptance_of_the_own_school_alone(as_) -> None:
    """Everything before it is the county's."""
    one, head = through(item(), "fire"), as_("head-03")
    assert "办下一道：竣工验收" in head.get(at(one)).content.decode()
    head.post(at(one, "gate"), {"gate": "accept", "day": "2026-03-01", "document": "验收单"})
    assert "等决算" in head.get(at(one)).content.decode()
    assert head.post(at(one, "gate"), {"gate": "settle", "day": "2026-03-02"}).status_code == 403
    assert head.post(at(one, "contract"), ACTED).status_code == 403
    assert head.get(at(item(school=school(POOR)))).status_code == 404


def test_a_change_meets_whoever_changed_it_meanwhile(as_) -> None:
    """The page says what stands there now, and keeps what was typed."""
    one, office = item("20"), as_("office")
    told = {"column": "equipment", "name": "改过的名称", "amount": "21", "why": "涨价", "version": "1"}
    assert office.post(at(one, "edit/"), told).status_code == 302
    late = office.post(at(one, "edit/"), {**told, "name": "后来的名称", "amount": "22"})
    assert late.status_code == 422
    assert "刚有人改过" in late.content.decode()
    assert "后来的名称" in late.content.decode()


def test_a_unit_that_does_not_keep_the_ledger_sees_none_of_it(as_) -> None:
    """No source, no sums of others; named as a keeper, it does."""
    clear()
    item("20")
    source()
    desk = as_("edu-hr-desk")
    assert "示例资金" in desk.get(f"{HERE}sources/").content.decode()
    as_("office").post(f"{HERE}keepers/", {"units": ["fin"]})
    assert [one.unit.code for one in Keeper.objects.all()] == ["fin"]
    text = desk.get(f"{HERE}sources/").content.decode()
    assert "示例资金" not in text
    assert "归管资金台账的单位" in text
    assert desk.get(HERE).context["table"].rows == ()
    assert desk.post(f"{HERE}sources/", {"name": "x", "kind": "county", "amount": "1"}).status_code == 403
    assert desk.get(f"{HERE}balance/").context["gaps"] == []


def test_decisions_and_sources_are_kept_with_reasons(as_) -> None:
    """A source is changed with a reason; a decision stands beside the totals from then on."""
    clear()
    item("20")
    one, fin = source(), as_("fin-staff")
    told = {"name": one.name, "kind": "league", "amount": "90", "document": "", "version": "1"}
    assert "请写明为什么" in fin.post(f"{HERE}sources/{one.code}/", {**told, "why": ""}).content.decode()
    assert fin.post(f"{HERE}sources/{one.code}/", {**told, "why": "上级调整"}).status_code == 302
    said = {"meeting": "常务会议", "day": "2026-03-01", "equipment": "19", "works": "0", "other": "0"}
    assert fin.post(f"{HERE}decide", said).status_code == 302
    assert Decision.objects.latest("id").equipment == wan("19")
    assert "常务会议" in as_("leader").get(HERE).content.decode()
    assert as_("leader").post(f"{HERE}decide", said).status_code == 403


def test_the_printed_table_is_the_ledger(as_) -> None:
    """Headings and rows as in the workbook; the sums below."""
    clear()
    item("20.5", name="更新计算机")
    text = as_("office").get(f"{HERE}print/").content.decode()
    for said in ("序号", "学校基本规模", "仪器设备缺额情况", "维修改造内容", "更新计算机", "20.5", "单位：万元"):
        assert said in text
    assert timezone.localdate().isoformat() in text
