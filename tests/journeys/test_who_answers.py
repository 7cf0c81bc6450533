"""The page of owners says who answers, reports, reviews and confirms; filtered by unit, and printed as it stands."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from looking import look, overflows, shut_out

OWNERS = "/c/150699/collection/2025/owners/"
BASIC, PAY = "特殊教育公用经费", "当地公务员年平均工资收入"


def row(page: Page, label: str):
    """Return the row of an item."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=label, exact=True))


def test_who_answers_stands_beside_who_reports(office: Page) -> None:
    """From the county's division of tasks, in the document's order, the lead named; none follows from another."""
    office.goto(OWNERS)
    expect(row(office, BASIC).locator(".answering")).to_have_text("财政局（牵头）、民政局、教体局")
    expect(row(office, BASIC).get_by_label(BASIC, exact=True)).to_have_value("")
    look(office, "collection-owners")
    assert shut_out(office) == []
    assert not overflows(office)


def test_one_unit_s_items_are_found_in_any_column(office: Page) -> None:
    """A filter hides and loses nothing: what was chosen and not saved yet is counted, and is saved in the end."""
    office.goto(OWNERS)
    expect(row(office, PAY).locator(".answering")).to_contain_text("人社局")
    office.get_by_label("单位", exact=True).select_option(label="民政局")
    expect(row(office, BASIC)).to_be_visible()
    expect(row(office, PAY)).to_be_hidden()
    office.get_by_label("在哪一栏").select_option("owner")
    expect(office.locator("#owners-shown")).to_contain_text("民政局（填报单位）：没有这样的项目")
    office.get_by_role("button", name="看全部").click()
    row(office, BASIC).get_by_label(BASIC, exact=True).select_option(label="民政局")
    office.get_by_label("单位", exact=True).select_option(label="民政局")
    office.get_by_label("在哪一栏").select_option("owner")
    expect(office.locator("#owners-shown")).to_have_text("民政局（填报单位）：1 项")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_role("status").filter(has_text="已改派 1 项")).to_be_visible()
    row(office, BASIC).get_by_label(BASIC, exact=True).select_option(label="办公室")
    office.get_by_role("button", name="保存").click()
    expect(row(office, BASIC).get_by_label(BASIC, exact=True)).to_have_value("")


def test_paper_shows_words_and_no_controls(office: Page) -> None:
    """What the controls hold at that moment, saved or not, and of which year it is."""
    office.goto(OWNERS)
    chosen = row(office, PAY)
    chosen.get_by_label(f"{PAY}：会签单位").select_option(label="财政局")
    chosen.get_by_label(f"{PAY}：会签的口径").fill("含年终绩效")
    chosen.get_by_label(f"{PAY}：会签的口径").blur()
    office.emulate_media(media="print")
    expect(chosen.get_by_role("combobox")).to_have_count(0)
    for text in ("业务股室", "财政局", "含年终绩效"):
        expect(chosen.get_by_text(text, exact=True).locator("visible=true")).to_be_visible()
    expect(office.get_by_text("2025-2026 学年，由谁填、谁审核、谁负责")).to_be_visible()
    office.emulate_media(media="screen")
