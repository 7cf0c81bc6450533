"""From a paper that a unit hands in to a signed self-assessment: all that blocks is mended, then it is signed.

In browsers everybody does what is his; the thirty forms that are in order already are made so beforehand.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

import pdfs
from looking import FITS, MODULES, Site, look
from reporting import agreed, begun, confirmed, saved

COUNTY = "/c/150699"
DOSSIER = f"{COUNTY}/dossier/"
CENSUS = f"{COUNTY}/collection/2025/census/"
PHONE = {"width": 390, "height": 844}
TITLE = "示例旗自查自评报告（旅程）"
TEXT = "全县{{全县结论}}，初中B6校际差异系数{{初中.B6.差异系数}}。\n{{表Ⅲ}}"
READY = f"import sys; sys.path[:0] = {MODULES}; import readied, reported"
# One of each: a form on its last step, not sealed; a paper that was returned; sums that a meeting did not decide.
BEFORE = """
readied.surveyed(); readied.reported(); readied.handed_in(readied.LACKING)
readied.approved(readied.LACKING, until="review"); readied.judged()
readied.proved("B14-1"); reported.decided(more=1)
"""
# A meeting decides on what the table of money comes to; and what waits is worked off, the binder with it.
DECIDED_AND_WORKED = """
reported.decided()
import junheng_web.config.urls; from junheng_web.organisation import jobs
while jobs.run_next(): pass
"""
# The school corrects its figure after all; what is approved is judged again.
CORRECTED = """
readied.locked("open"); readied.withdrawn(readied.LACKING); readied.reported("350")
readied.approved(readied.LACKING); readied.judged()
"""
SCHOOL = "1506990029"


def blocks(page: Page, where: str) -> dict[str, int]:
    """Return how many things the checklist still asks for, by check."""
    page.goto(f"{where}checklist/")
    found = {}
    for one in page.get_by_role("main").locator("section.card .card-header").all():
        if many := re.search(r"还差 (\d+) 项", one.inner_text()):
            found[one.get_by_role("heading").inner_text()] = int(many[1])
    return found


def shown(unit: Page, desk: Page, office: Page, paper: Path) -> None:
    """Let the unit hand in what was returned, from its phone; the desk reviews it, the office approves it."""
    unit.goto(f"{DOSSIER}B14/1/")
    unit.get_by_label("代替哪一份").select_option(index=1)
    unit.get_by_label("文件", exact=True).set_input_files(str(paper))
    unit.get_by_label("形成日期").fill("2026-01-15")
    unit.get_by_role("button", name="交", exact=True).click()
    expect(unit.get_by_text(f"已交 {paper.name}")).to_be_visible()
    assert unit.evaluate(FITS)
    for page, name in ((desk, "审核通过"), (office, "审定")):
        page.goto(f"{DOSSIER}B14/1/")
        page.get_by_role("button", name=f"{name}：{paper.name}").click()
        expect(page.get_by_text(f"已办：{name}")).to_be_visible()


def bound(office: Page, site: Site, paper: Path) -> None:
    """Let a binder be made, and find the paper in it; meanwhile a meeting decides on the money."""
    office.goto(f"{DOSSIER}binders/")
    office.get_by_role("button", name="装订", exact=True).click()
    expect(office.get_by_text("正在排队")).to_be_visible()
    site.shell(READY + DECIDED_AND_WORKED)
    office.goto(f"{DOSSIER}binders/")
    with office.expect_download() as sent:
        office.get_by_role("link", name=re.compile("的 PDF$")).first.click()
    document = pypdfium2.PdfDocument(io.BytesIO(Path(sent.value.path()).read_bytes()))
    assert f"B14-1 {paper.name}" in [one.get_title() for one in document.get_toc()]


def written(office: Page) -> str:
    """Draft the report and send it to those who review it."""
    where = begun(office, "自查自评报告", TITLE)
    saved(office, TEXT)
    office.get_by_role("button", name="送会审").click()
    return where


def signed(leader: Page, where: str) -> None:
    """Try to sign."""
    leader.goto(where)
    leader.get_by_role("button", name="签发", exact=True).click()
    confirmed(leader)


def approved_and_sealed(office: Page, scan: Path) -> None:
    """Approve the last form, and hand in its sealed scan by the code that stands on the paper."""
    form = f"{CENSUS}school/{SCHOOL}/"
    office.goto(form)
    office.get_by_role("button", name="审定", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="审定，已办")).to_be_visible()
    office.goto(f"{form}sealed/")
    code = office.locator("code").first.inner_text()
    office.get_by_label("扫描件").set_input_files(str(scan))
    office.get_by_label("校验码").fill(code)
    office.get_by_role("button", name="交上").click()
    expect(office.get_by_text("已盖章", exact=True)).to_be_visible()


def judged_and_locked(office: Page) -> None:
    """Judge what is approved, declare it official, and lock it."""
    office.goto(f"{COUNTY}/approved/2025/census/")
    office.get_by_role("button", name="用审定的数评估").click()
    office.get_by_role("button", name="定为正式评估").click()
    office.goto(f"{COUNTY}/collection/2025/locks/")
    office.get_by_label("锁什么").select_option(label="统计口径")
    office.get_by_label("锁到哪一级").select_option(index=4)
    office.get_by_role("button", name="保存").click()


def test_a_report_is_blocked_until_its_checklist_is_clean(site: Site, someone, tmp_path: Path) -> None:
    """Evidence, forms, seals, basis, sums: one after another leaves the list; signed, it holds whatever changes."""
    site.shell(READY + BEFORE)
    unit, desk = someone("fin-staff", PHONE), someone("edu-hr-desk")
    office, leader = someone("office"), someone("leader")
    where = written(office)
    for page in (unit, desk):
        agreed(page, where)
    signed(leader, where)
    for told in ("没有审定", "没有锁定", "和会议定的不一样", "佐证：财政局"):
        expect(leader.get_by_role("alert")).to_contain_text(told)
    assert {*blocks(leader, where)} == {"统计口径", "不能判定的", "没有审定的", "加总", "佐证", "正文里的引用"}
    look(leader, "report-blocked")

    paper, scan = tmp_path / "拨付凭证第二页（虚构）.pdf", tmp_path / "盖章件（虚构）.pdf"
    paper.write_bytes(pdfs.pages("拨付凭证", "第二页"))
    scan.write_bytes(pdfs.pages("盖章的表"))
    shown(unit, desk, office, paper)
    assert "佐证" not in blocks(leader, where)
    approved_and_sealed(office, scan)
    assert {*blocks(leader, where)} == {"统计口径", "不能判定的", "加总", "正文里的引用"}
    judged_and_locked(office)
    assert blocks(leader, where) == {"加总": 2}
    bound(office, site, paper)
    assert blocks(leader, where) == {}

    signed(leader, where)
    expect(leader.get_by_text("已签发：每个数和每份文件")).to_be_visible()
    expect(leader.get_by_text("没有变化：")).to_be_visible()
    text = leader.locator(".report-text").inner_text()
    site.shell(READY + CORRECTED)
    leader.goto(where)
    expect(leader.get_by_role("region", name="自签发以来变化")).to_contain_text("初中.B6.差异系数")
    assert leader.locator(".report-text").inner_text() == text
    look(leader, "report-signed-and-overtaken")
