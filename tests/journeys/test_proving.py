"""Evidence in real browsers: handed in from a phone on a bad line, reviewed, approved, and bound."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Route, expect

import hostile
import pdfs
from looking import FITS, Site

HERE = "/c/150699/dossier/"
PHONE = {"width": 390, "height": 844}
# What submits a job stands behind a URL, and says beside it what the job does.
WORKED = "import junheng_web.config.urls; from junheng_web.organisation import jobs; print(jobs.run_next())"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A paper of several parts, as an upload counts them."""
    file = tmp_path / "拨付凭证第二页（虚构）.pdf"
    file.write_bytes(pdfs.pages("拨付凭证", "第二页") + b"%" + b"x" * (9 * 2**20))
    return file


def test_from_a_phone_to_a_binder(site: Site, someone, paper: Path) -> None:
    """What was returned is replaced; the line is down for a moment; two pairs of eyes; a binder with bookmarks."""
    unit, desk, office = someone("fin-staff", PHONE), someone("edu-hr-desk"), someone("office")
    unit.goto(f"{HERE}B14/1/")
    assert unit.evaluate(FITS)
    expect(unit.get_by_text("缺拨付凭证的第二页").first).to_be_visible()
    cut = iter([True, False])

    def once_down(route: Route) -> None:
        route.abort() if "at=4194304" in route.request.url and next(cut, False) else route.continue_()

    unit.route("**/uploads/**", once_down)
    unit.get_by_label("文件", exact=True).set_input_files(str(paper))
    unit.get_by_label("形成日期").fill("2026-01-15")
    unit.get_by_role("button", name="交", exact=True).click()
    expect(unit.get_by_text(f"已交 {paper.name}")).to_be_visible(timeout=30_000)
    assert unit.evaluate(FITS)
    for page, name in ((desk, "审核通过"), (office, "审定")):
        page.goto(f"{HERE}B14/1/")
        page.get_by_role("button", name=f"{name}：{paper.name}").click()
        expect(page.get_by_text(f"已办：{name}")).to_be_visible()
    office.goto(f"{HERE}binders/")
    office.get_by_role("button", name="装订", exact=True).click()
    expect(office.get_by_text("正在排队")).to_be_visible()
    assert site.shell(WORKED).strip() == "True"
    office.goto(f"{HERE}binders/")
    with office.expect_download() as sent:
        office.get_by_role("link", name=re.compile("的 PDF$")).first.click()
    document = pypdfium2.PdfDocument(io.BytesIO(Path(sent.value.path()).read_bytes()))
    assert f"B14-1 {paper.name}" in [one.get_title() for one in document.get_toc()]


def test_many_files_are_dropped_and_each_says_how_it_went(someone, tmp_path: Path) -> None:
    """A zip is unpacked; what is refused says why; what was taken in leads to its page."""
    office = someone("office")
    zipped, drawn = tmp_path / "照片.zip", tmp_path / "图.svg"
    zipped.write_bytes(hostile.zipped({"一/会议纪要（虚构）.pdf": pdfs.pages("会议纪要"), "二/图.svg": hostile.SVG}))
    drawn.write_bytes(hostile.SVG)
    office.goto("/c/150699/files/")
    expect(office.get_by_role("button", name="上传")).to_be_hidden()
    office.get_by_label("把 zip 解开").check()
    office.get_by_label("选文件", exact=True).set_input_files([str(zipped), str(drawn)])
    expect(office.get_by_role("link", name="会议纪要（虚构）.pdf")).to_be_visible()
    expect(office.get_by_text("收下 1 个，1 个没有收")).to_be_visible()
    expect(office.get_by_text("不收这种文件")).to_have_count(2)
    office.get_by_role("link", name="会议纪要（虚构）.pdf").click()
    office.get_by_role("link", name="看内容").click()
    expect(office.get_by_role("img", name="第 1 页")).to_be_visible()
