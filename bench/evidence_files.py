"""A county with the files of a whole campaign, read and proving the checklist, for pages that find them. Invented."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

FILES, PASSAGES = 15_000, 3
# What a paper is about: two of these side by side, so that each stands in one file of some dozens.
FIRST = (
    "公用经费",
    "教学仪器",
    "班额",
    "交流轮岗",
    "骨干教师",
    "课后服务",
    "留守儿童",
    "学籍变动",
    "体育场地",
    "音乐教室",
)
LAST = ("批复", "验收报告", "统计表", "名册", "会议纪要", "整改方案", "拨付凭证", "平面图", "关爱台账", "检查记录")
FILLER = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行"
)
RARE = "校际差异率监测报告"
LINES = 12
PAGES: Mapping[str, str] = {
    "files": "files/",
    "files with a word": "files/?q=公用经费",
    "files with two words": "files/?q=轮岗+验收报告",
    "files with a rare word": f"files/?q={RARE}",
    "files with one sign": "files/?q=账",
    "checklist": "dossier/",
    "gaps": "dossier/gaps/",
}


def fill(county: object) -> None:
    """Give a county a checklist, and to its items files with three pages of words each."""
    from junheng_web.dossier.services import checklist_take
    from junheng_web.evidence.models import About, File

    checklist_take(by=None, county=county)
    known = {"county": county, "media_type": "application/pdf", "size": 1}
    files = [
        File(digest=hashlib.sha256(f"{at}".encode()).hexdigest(), name=f"{_about(at)}{at}.pdf", **known)
        for at in range(FILES)
    ]
    File.objects.bulk_create(files)
    day = dt.date(2026, 1, 1)
    About.objects.bulk_create(About(county=county, file=file, formed_on=day) for file in files)
    _read(county, files)
    _prove(county, files)


def _about(at: int) -> str:
    return FIRST[at % 10] + LAST[at // 10 % 10]


def _filler(at: int, many: int) -> str:
    """Return signs as they follow each other nowhere, the same for the same number."""
    return "".join(FILLER[(at * 31 + step * step * 7 + step) % len(FILLER)] for step in range(many))


def _read(county: object, files: list[object]) -> None:
    from junheng_web.evidence.models import Passage, Reading
    from junheng_web.evidence.words import tokens_of

    Reading.objects.bulk_create(Reading(county=county, file=file, state="read", pages=PASSAGES) for file in files)
    for start in range(0, len(files), 1000):
        rows = []
        for at, file in enumerate(files[start : start + 1000], start):
            rows.append(Passage(county=county, file=file, page=0, text=file.name, tokens=tokens_of(file.name)))
            for page in range(1, PASSAGES + 1):
                text = _page(at, page)
                rows.append(Passage(county=county, file=file, page=page, text=text, tokens=tokens_of(text)))
        Passage.objects.bulk_create(rows)


def _page(at: int, page: int) -> str:
    lines = [f"{_filler(at * PASSAGES + page + line, 40)}第{at}号{line}" for line in range(LINES)]
    lines[page] += _about(at + page)
    return "\n".join([*lines, RARE] if at % 3000 == 7 else lines)


def _prove(county: object, files: list[object]) -> None:
    from junheng_web.dossier.models import Item, Paper
    from junheng_web.evidence.models import Link

    items, states = list(Item.objects.filter(county=county)), list(Paper.State)[:4]
    pairs = [(items[at % len(items)], file) for at, file in enumerate(files)]
    Link.objects.bulk_create(Link(county=county, file=f, object_kind="item", object_code=one.code) for one, f in pairs)
    Paper.objects.bulk_create(
        Paper(county=county, item=one, file=file, state=states[at % len(states)])
        for at, (one, file) in enumerate(pairs)
    )
