"""Duties in real browsers: a town reports on a phone, the office sees it, assigns more, and sets who leads."""

from __future__ import annotations

from playwright.sync_api import expect

from looking import overflows, shut_out

DUTIES = "/c/150699/duties/"
PHONE = {"width": 390, "height": 844}
CLICKED, STUCK = "劝返辍学学生", "协调沙湾苏木学校运动场地用地"


def test_a_town_reports_on_a_phone_and_the_office_sees_it(someone) -> None:
    """One click where it is done, a line where it is not; nothing else is asked for."""
    town, office = someone("town-shawan", PHONE), someone("office")
    town.goto("/")
    expect(town.get_by_role("heading", name="我的职责", level=1)).to_be_visible()
    assert not overflows(town)
    due = town.get_by_role("region", name="要报的").get_by_role("row")
    late = due.filter(has_text="过期没有报")
    before = late.count()
    late.filter(has_text=CLICKED).first.get_by_role("button", name="已做").click()
    expect(town.get_by_role("status").filter(has_text="已报。")).to_be_visible()
    expect(late).to_have_count(before - 1)

    late.filter(has_text=STUCK).first.get_by_role("link", name="没有做、写说明").click()
    town.get_by_label("没有做").check()
    town.get_by_role("button", name="报", exact=True).click()
    expect(town.get_by_role("alert")).to_contain_text("写一句卡在哪里")
    expect(town.get_by_label("没有做")).to_be_checked()
    town.get_by_label("说明").fill("等旗里批用地（虚构）")
    town.get_by_role("button", name="报", exact=True).click()
    expect(late).to_have_count(before - 2)
    assert shut_out(town) == []

    office.goto(f"{DUTIES}reports/")
    row = office.get_by_role("region", name="各单位的报送").get_by_role("row").filter(has_text="沙湾苏木").last
    expect(row).to_contain_text("等旗里批用地（虚构）")
    expect(office.get_by_label("选中、复制")).not_to_have_value("")


def test_the_office_assigns_a_duty_and_the_unit_finds_it(someone) -> None:
    """Marked as assigned, on the first page of a unit that no row of the table lists."""
    office, town = someone("office"), someone("town-shawan", PHONE)
    office.goto(f"{DUTIES}add/")
    office.get_by_label("沙湾苏木").check()
    office.get_by_label("职责", exact=False).first.fill("核对一次寄宿生接送路线（虚构）。")
    office.get_by_role("button", name="增派").click()
    expect(office.get_by_role("status").filter(has_text="已增派 1 条")).to_be_visible()
    town.goto("/")
    expect(town.get_by_role("listitem").filter(has_text="核对一次寄宿生接送路线")).to_contain_text("办公室增派")
    expect(town.get_by_role("main")).to_contain_text("任务分工表没有列这个单位")


def test_the_office_sets_who_leads_and_which_desk(someone) -> None:
    """Whoever does not lead supports from then on; what stood there is put back at the end."""
    office = someone("office")
    for lead, word in (("财政局牵头", "牵头"), ("不定牵头", "责任")):
        office.goto(f"{DUTIES}matrix/")
        office.get_by_role("link", name="改B26的分工").click()
        office.get_by_label(lead).check()
        office.get_by_role("button", name="保存").click()
        expect(office.get_by_role("status").filter(has_text="B26的分工已保存")).to_be_visible()
        office.goto(f"{DUTIES}matrix/?unit=fin&indicator=B26")
        expect(office.get_by_role("region", name="任务分工表").get_by_role("row").last).to_contain_text(word)
