"""Collection in real browsers: filled in, stopped, explained, signed, returned, approved; offline; two at one form."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from looking import Site, look, overflows, shut_out

HERE = "/c/150699/collection/2025/current/"
CODE = "1506990006"
FORM = f"{HERE}school/{CODE}/"
PUPILS, ABOVE, TEACHERS = "小学在校生数", "小学高于规定学历专任教师数", "小学专任教师数"
HEARD = """
from junheng_web.config.reactions import REACTIONS
from junheng_web.organisation import events
print(events.react(REACTIONS))
"""
# The run that the demonstration brought along, of the same year's data as they were.
FIRST_RUN = """
from junheng_web.assessment.models import Run
print(Run.objects.filter(county__code="150699", as_of__year=2025).order_by("id")[0].code)
"""
# Everything as the demonstration brought it in.
RESTORED = """
from junheng_web.collection.models import Cell, Entry, Ledger, Submission
from junheng_web.collection.ledger.saving import Change, cells_save
from junheng_web.collection.ledger.values import kept_of
ledger = Ledger.objects.get(county__code="150699", basis="current")
first = {one.key: one for one in Entry.objects.filter(ledger=ledger).order_by("-revision")}
changed = [Change(one.key, kept_of(first[one.key])) for one in Cell.objects.filter(ledger=ledger, revision__gt=1)]
cells_save(by=None, ledger=ledger, changes=changed)
Submission.objects.filter(ledger=ledger).update(status="draft")
"""


@pytest.fixture(autouse=True)
def _restored(site: Site) -> Iterator[None]:
    """Leave the form as it was found."""
    yield
    site.shell(RESTORED)


def cell(page: Page, label: str) -> Locator:
    """Return the control of a field."""
    return page.locator("#entry").get_by_label(label, exact=True)


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    expect(page.locator("#net")).to_have_text("已保存")


def put(page: Page, label: str, text: str) -> None:
    """Type into a field and leave it; the server has it."""
    cell(page, label).fill(text)
    cell(page, label).press("Enter")
    saved(page)


def explain(page: Page, why: str) -> None:
    """Explain whatever is to be explained."""
    while page.locator("#found details").count():
        one = page.locator("#found details").first
        one.locator("summary").click()
        one.get_by_label("为什么没有错").fill(why)
        one.get_by_role("button", name="保存说明").click()
        expect(page.locator("#found")).to_contain_text(f"说明：{why}")


def confirmed(page: Page, label: str, why: str) -> None:
    """Give a reason, take the step that needs one, and confirm it."""
    page.get_by_label(f"{label}的原因").fill(why)
    page.get_by_role("button", name=label).click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_role("status").filter(has_text=f"{label}，已办")).to_be_visible()


def step(page: Page, label: str) -> None:
    """Take a step at the form."""
    page.goto(FORM)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"{label}，已办")).to_be_visible()


def test_a_clerk_is_stopped_by_a_finding_and_explains_it(someone) -> None:
    """The result follows each cell; what is wrong is put right, what is right is explained; then it is handed in."""
    clerk = someone("clerk-03")
    clerk.goto(HERE)
    clerk.get_by_role("link", name="示例旗实验小学").click()
    expect(clerk.locator("#effect")).to_contain_text("已达标准值")
    put(clerk, ABOVE, "500")
    expect(clerk.locator("#found")).to_contain_text("小学高于规定学历专任教师数为 500 人，多于")
    clerk.get_by_role("button", name="提交").click()
    expect(clerk.get_by_role("alert").or_(clerk.locator("#messages"))).to_contain_text("没有改正，也没有说明")

    put(clerk, ABOVE, "100")
    expect(clerk.locator("#found")).not_to_contain_text("为 500 人")
    put(clerk, "小学当年片内新生数", "400")
    expect(clerk.locator("#found li").filter(has_text="错误").first).to_be_visible()
    explain(clerk, "另有转来的学生，名册已核对")
    look(clerk, "collection-form")
    clerk.get_by_role("button", name="提交").click()
    expect(clerk.get_by_role("main")).to_contain_text("这份表已提交，不能改")


def per_hundred(page: Page) -> str:
    """Return B1 of the form as a clerk sees it: teachers above the requirement for a hundred pupils."""
    above, pupils = (int(cell(page, label).input_value()) for label in (ABOVE, PUPILS))
    return f"{100 * above / pupils:.2f}"


def test_from_the_clerk_to_the_office_and_back(someone, site: Site) -> None:
    """Signed, returned with a reason, put right, approved: another result, which names everybody, and is taken back."""
    clerk, head, desk, office = map(someone, ("clerk-03", "head-03", "edu-hr-desk", "office"))
    step(clerk, "提交")
    head.goto("/c/150699/notices/")
    head.get_by_role("button", name="示例旗实验小学的表已提交").first.click()
    expect(head).to_have_url(re.compile(FORM))
    step(head, "签字")
    step(desk, "审核通过")
    office.goto(FORM)
    confirmed(office, "退回", "片内新生数请再核对")
    clerk.goto(FORM)
    expect(clerk.get_by_role("main")).to_contain_text("片内新生数请再核对")
    before = per_hundred(clerk)
    put(clerk, "小学当年片内新生数", "330")
    put(clerk, ABOVE, "100")
    after = per_hundred(clerk)
    assert before != after
    for page, label in ((clerk, "提交"), (head, "签字"), (desk, "审核通过"), (office, "审定")):
        step(page, label)

    office.goto(HERE)
    office.get_by_text("更多", exact=True).click()
    office.get_by_role("link", name="用审定的数评估").click()
    office.get_by_role("button", name="用审定的数评估").click()
    expect(office.get_by_role("main")).to_contain_text("数都来自审定过的表")
    office.get_by_role("button", name="定为正式").click()
    trace = f"/c/150699/trace/B1/?school={CODE}&stage=primary"
    office.goto(f"{trace}&run={site.shell(FIRST_RUN).strip()}")
    expect(office.get_by_role("main")).to_contain_text(before)
    office.goto(trace)
    expect(office.get_by_role("main")).to_contain_text(after)
    expect(office.get_by_role("main")).not_to_contain_text(before)
    for name in ("韩小满", "罗思齐", "苏日娜", "陈乐平"):
        expect(office.get_by_role("main")).to_contain_text(name)
    look(office, "collection-trace")

    office.goto(FORM)
    confirmed(office, "撤销审定", "班级数报错")
    site.shell(HEARD)
    site.shell(HEARD)
    office.goto("/c/150699/notices/")
    expect(office.get_by_role("main")).to_contain_text("撤销了一次正式评估")


def test_a_lost_line_loses_no_keystroke(someone) -> None:
    """What is typed meanwhile stays in the browser, over a reload as well, and is sent when the line is back."""
    clerk = someone("clerk-03")
    clerk.goto(FORM)
    clerk.context.set_offline(True)
    cell(clerk, PUPILS).fill("1801")
    cell(clerk, PUPILS).press("Enter")
    cell(clerk, TEACHERS).fill("148")
    expect(clerk.locator("#net")).to_contain_text("没有存上，先存在本机")
    clerk.context.set_offline(False)
    clerk.reload()
    saved(clerk)
    expect(cell(clerk, PUPILS)).to_have_value("1801")
    expect(cell(clerk, TEACHERS)).to_have_value("148")
    clerk.reload()
    expect(cell(clerk, PUPILS)).to_have_value("1801")
    expect(cell(clerk, TEACHERS)).to_have_value("148")


def test_without_a_line_the_page_says_what_is_wrong(someone) -> None:
    """A text that is no number is told of at its cell, is kept, is put right, and is sent when the line is back."""
    clerk = someone("clerk-03")
    clerk.goto(FORM)
    pupils = cell(clerk, PUPILS)
    said = clerk.locator(f"#{pupils.get_attribute('aria-describedby')}")
    clerk.context.set_offline(True)
    pupils.fill("约1800")
    expect(said).to_have_text("应当是数字，这里不是。请只填阿拉伯数字，没有数据就留空")
    expect(pupils).to_have_attribute("aria-invalid", "true")
    pupils.press("Enter")
    expect(clerk.locator("#net")).to_contain_text("没有存上，先存在本机")
    expect(pupils).to_have_value("约1800")
    for wrong, told in (("-5", "不能是负数"), ("12.5", "应当是整数"), ("9000000", "超过了可以受理的上限")):
        pupils.fill(wrong)
        expect(said).to_contain_text(told)
    pupils.fill("")
    pupils.press("Enter")
    expect(said).to_contain_text("还没有填")
    expect(pupils).not_to_have_attribute("aria-invalid", "true")
    look(clerk, "collection-asked")
    pupils.fill("１，８０２")
    expect(said).to_have_text("")
    pupils.press("Enter")
    clerk.context.set_offline(False)
    saved(clerk)
    clerk.reload()
    expect(cell(clerk, PUPILS)).to_have_value("1802")


def test_what_the_server_refused_is_still_there(someone) -> None:
    """Over a reload and with its message, until it is mended or thrown away; the rest is saved meanwhile."""
    clerk = someone("clerk-03")
    clerk.goto(FORM)
    pupils, teachers = cell(clerk, PUPILS), cell(clerk, TEACHERS)
    held = pupils.input_value()
    said = clerk.locator(f"#{pupils.get_attribute('aria-describedby')}")
    pupils.fill("约1800")
    pupils.press("Enter")
    told = "有 1 格填得不对，没有存上"
    expect(clerk.locator("#net")).to_contain_text(told)
    teachers.fill("149")
    teachers.press("Enter")
    expect(clerk.locator("#net")).to_contain_text(told)
    clerk.reload()
    expect(pupils).to_have_value("约1800")
    expect(teachers).to_have_value("149")
    expect(said).to_contain_text("应当是数字，这里不是")
    expect(pupils).to_have_attribute("aria-invalid", "true")
    expect(clerk.locator("#net")).to_contain_text(told)
    look(clerk, "collection-refused")
    said.get_by_role("button", name="恢复原来的数").click()
    expect(pupils).to_have_value(held)
    saved(clerk)
    clerk.reload()
    expect(pupils).to_have_value(held)
    saved(clerk)


def test_what_was_refused_and_is_mended_is_saved(someone) -> None:
    """And nothing of it comes back; what somebody else entered meanwhile is shown, not written over."""
    clerk, head = map(someone, ("clerk-03", "head-03"))
    clerk.goto(FORM)
    pupils = cell(clerk, PUPILS)
    pupils.fill("约1800")
    pupils.press("Enter")
    expect(clerk.locator("#net")).to_contain_text("填得不对，没有存上")
    head.goto(FORM)
    put(head, PUPILS, "1803")
    clerk.reload()
    expect(pupils).to_have_value("约1800")
    pupils.fill("1804")
    pupils.press("Enter")
    said = clerk.locator(f"#{pupils.get_attribute('aria-describedby')}")
    expect(said).to_contain_text("刚改成 1803")
    said.get_by_role("button", name="用我的").click()
    saved(clerk)
    clerk.reload()
    expect(pupils).to_have_value("1804")
    saved(clerk)


def test_a_column_is_typed_and_pasted_as_in_a_spreadsheet(someone) -> None:
    """Enter and the arrows go down, a copied column fills the cells below, a copied block the rows of a list."""
    clerk = someone("clerk-03")
    clerk.goto(FORM)
    cell(clerk, TEACHERS).focus()
    clerk.keyboard.press("ArrowDown")
    expect(cell(clerk, ABOVE)).to_be_focused()
    clerk.keyboard.press("ArrowUp")
    expect(cell(clerk, TEACHERS)).to_be_focused()
    paste(clerk, TEACHERS, "149\n130\n27\n")
    saved(clerk)
    for label, value in ((TEACHERS, "149"), (ABOVE, "130"), ("小学县级以上骨干教师数", "27")):
        expect(cell(clerk, label)).to_have_value(value)

    clerk.get_by_text("专用教室", exact=True).click()
    rows = clerk.locator('table[data-list="rooms"] tbody tr')
    before = rows.count()
    last = (
        clerk.locator('table[data-list="rooms"] tbody tr')
        .nth(before - 1)
        .locator(".cell")
        .first.get_attribute("aria-label")
    )
    paste(clerk, last, "音乐教室\t96.5\n美术教室\t90\n音乐教室\t80\n")
    saved(clerk)
    assert rows.count() == before + 2
    clerk.reload()
    clerk.get_by_text("专用教室", exact=True).click()
    expect(clerk.locator(f'[aria-label="专用教室第 {before + 1} 行面积"]')).to_have_value("90")


def paste(page: Page, label: str, text: str) -> None:
    """Paste a text that was copied from a spreadsheet into a field."""
    cell(page, label).focus()
    cell(page, label).evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_two_at_one_form_see_each_other(someone) -> None:
    """One field each is merged; on the same field the second chooses between both values."""
    clerk, head = someone("clerk-03"), someone("head-03")
    clerk.goto(FORM)
    head.goto(FORM)
    put(head, TEACHERS, "141")
    put(head, PUPILS, "1800")
    cell(clerk, ABOVE).fill("120")
    cell(clerk, ABOVE).press("Enter")
    saved(clerk)
    expect(cell(clerk, TEACHERS)).to_have_value("141")
    put(head, PUPILS, "1700")
    cell(clerk, PUPILS).fill("1900")
    cell(clerk, PUPILS).press("Enter")
    mine = clerk.get_by_role("button", name="用我的")
    expect(mine).to_be_visible()
    expect(clerk.locator("#entry")).to_contain_text("罗思齐")
    mine.click()
    saved(clerk)
    head.reload()
    expect(cell(head, PUPILS)).to_have_value("1900")


def test_what_is_wrong_is_told_at_the_cell(someone) -> None:
    """In words, with what to do; the text stays as it was typed, and the form shuts nobody out."""
    clerk = someone("clerk-03")
    clerk.goto(FORM)
    cell(clerk, PUPILS).fill("约1800")
    cell(clerk, PUPILS).press("Enter")
    expect(clerk.locator("#entry")).to_contain_text("应当是数字，这里不是。请只填阿拉伯数字")
    expect(cell(clerk, PUPILS)).to_have_value("约1800")
    expect(cell(clerk, PUPILS)).to_have_attribute("aria-invalid", "true")
    expect(clerk.locator("#found")).to_contain_text("数据问题")
    assert shut_out(clerk) == []
    assert not overflows(clerk)
    clerk.set_viewport_size({"width": 390, "height": 844})
    assert not overflows(clerk)
