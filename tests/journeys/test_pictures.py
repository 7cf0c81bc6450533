"""The pictures of the manual are taken of the platform as it is; `make pictures` puts them into the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from looking import PICTURES, PICTURES_WANTED, ROOT, settled
from painting import painted

COUNTY = "/c/150699/"
MANUAL = ROOT / "docs" / "_static" / "pages"
HEAVIEST, HEAVIEST_ALL = 150_000, 2_000_000
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# Name of the picture: the page's address, and words that it is taken for.
WIDE_ONES = {
    "overview": ("", "首先要办的"),
    "grid": ("grid/", "差异系数"),
    "school": ("schools/1506990004/", "这所学校要办的"),
    "indicator": ("indicators/B6/primary/", "各校分布"),
    "trace": ("trace/B5/?school=1506990006&stage=primary", "报来的数"),
    "board": ("board/", "责任单位"),
    "rule": ("rules/B10/", "有争议的读法"),
    "collection": ("collection/2025/current/", "填到哪里了"),
    "form": ("collection/2025/current/school/1506990004/", "填到现在，结果是"),
}
OTHERS = ("sign-in", "findings", "overview-phone", "grid-phone", "grid-dark")
USED = re.compile(r"_static/pages/([\w-]+)\.png")


@pytest.fixture
def county(office: Page) -> Page:
    """The county's first page, in a window of the manual's size."""
    office.set_viewport_size(WIDE)
    office.wait_for_url(f"**{COUNTY}")
    return office


def taken(page: Page, name: str) -> None:
    """Keep a picture of the window: for the manual where that was asked for, else beside the others."""
    settled(page)
    picture = painted(page)
    assert len(picture) < HEAVIEST, f"{name}: {len(picture)} bytes"
    folder = MANUAL if PICTURES_WANTED else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(picture)


@pytest.mark.parametrize("name", WIDE_ONES)
def test_a_page_is_taken(county: Page, name: str) -> None:
    """As an office sees it."""
    address, words = WIDE_ONES[name]
    county.goto(COUNTY + address)
    expect(county.get_by_role("main")).to_contain_text(words)
    taken(county, name)


def test_the_sign_in_page_is_taken(page: Page) -> None:
    """Before anybody has come in."""
    page.set_viewport_size(WIDE)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    taken(page, "sign-in")


def test_the_findings_of_a_file_are_taken(county: Page) -> None:
    """With the verdict above them."""
    county.goto(f"{COUNTY}upload/")
    county.get_by_label("数据工作簿").set_input_files(ROOT / "examples" / "shili" / "shili.xlsx")
    county.get_by_role("button", name="上传并评估").click(timeout=60_000)
    expect(county.get_by_role("region", name="数据问题清单")).to_be_visible()
    taken(county, "findings")


@pytest.mark.parametrize(("name", "address"), [("overview-phone", ""), ("grid-phone", "grid/")])
def test_a_phone_is_taken(county: Page, name: str, address: str) -> None:
    """As somebody on the way sees it."""
    county.set_viewport_size(PHONE)
    county.goto(COUNTY + address)
    taken(county, name)


def test_the_dark_is_taken(county: Page) -> None:
    """What a cell lacks is told where the focus is."""
    county.emulate_media(color_scheme="dark")
    county.goto(f"{COUNTY}grid/")
    county.locator("td.tone-yellow a").first.focus()
    expect(county.get_by_role("tooltip").filter(visible=True)).to_contain_text("还差")
    taken(county, "grid-dark")


def test_every_picture_of_the_manual_is_taken_here() -> None:
    """None is missing, none is left over, and together they are light."""
    pages = [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("README*.md")]
    used = {name for page in pages for name in USED.findall(page.read_text(encoding="utf-8"))}
    there = {file.stem: file.stat().st_size for file in MANUAL.glob("*.png")}

    assert used == set(there) == {*WIDE_ONES, *OTHERS}
    assert max(there.values()) < HEAVIEST
    assert sum(there.values()) < HEAVIEST_ALL


def test_every_picture_says_what_it_shows() -> None:
    """For whoever does not see it."""
    for page in (ROOT / "docs").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"!\[[^\]]{4,}\]\([^)]*_static/pages/", text)) == len(USED.findall(text)), Path(page).name
