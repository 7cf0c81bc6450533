"""Kinds of files that offices hand in: each is taken in, or it is said what to do with it instead."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

import hostile
from collected import acting
from dossiers import county
from handed_in import named
from junheng_web.evidence.contents import KINDS
from junheng_web.evidence.endings import INSTEAD, ending_of
from junheng_web.evidence.models import File, Reading
from junheng_web.evidence.parts import upload_begin
from junheng_web.evidence.reading import file_read
from junheng_web.evidence.services import file_add
from places import COUNTY

HERE = f"/c/{COUNTY}/files/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def read(*pages: str, name: str = "批复.ofd") -> File:
    """Take in an OFD and read it."""
    told = {"name": name, "chunks": [hostile.ofd(*pages)]}
    file, _ = file_add(by=acting("office"), county=county(), **told)
    file_read(file)
    return file


@pytest.mark.parametrize("ending", ["doc", "wps", "et", "ppt", "PPTX", "heic", "tif", "rar", "xlsm", "mp4"])
def test_what_is_not_taken_in_is_answered_with_what_to_do(ending: str) -> None:
    """Before a byte of it is sent: which kind it is, and what to make of it."""
    with pytest.raises(ValidationError) as refused:
        upload_begin(by=acting("office"), county=county(), name=f"材料.{ending}", size=3)
    said = "".join(refused.value.messages)
    assert said.startswith(f"材料.{ending}：不收 .{ending.lower()}；")
    assert any(word in said for word in ("另存为", "PDF", "zip", "原件在哪里"))


def test_no_advice_leads_to_what_is_not_taken_in() -> None:
    """What is taken in has no advice, and each advice names a kind that is, or says where the original stays."""
    assert not {*INSTEAD} & {*KINDS}
    for ending, told in INSTEAD.items():
        taken = [kind for kind in KINDS if kind in told.lower()]
        assert taken or "留在本单位" in told, ending
    assert ending_of("照片.JPEG") == "jpg"


def test_the_page_says_what_to_do(as_) -> None:
    """Of the plain form, with 422."""
    page = as_("office").post(f"{HERE}add", {"file": named("批复.wps", hostile.OLE)})
    assert page.status_code == 422
    assert "不收 .wps" in page.content.decode()
    assert "另存为 docx" in page.content.decode()


def test_an_ofd_is_kept_found_and_read(as_) -> None:
    """As it was handed in, with its seals; its words are found, and stand on its page in their order."""
    file = read("关于核定公用经费的批复\n第一条", "第二页的话")
    assert Reading.objects.get(file=file).pages == 2
    office = as_("office")
    assert "批复.ofd" in office.get(f"{HERE}?q=核定公用经费").content.decode()
    page = office.get(f"{HERE}{file.digest}/look/").content.decode()
    assert page.index("第一条") < page.index("第二页的话")
    sent = office.get(f"{HERE}{file.digest}")
    assert b"".join(sent.streaming_content).startswith(b"PK")


def test_pages_of_an_ofd_follow_each_other_by_number() -> None:
    """The tenth does not come after the first."""
    file = read(*[f"第{at}页" for at in range(12)])
    told = file.passages.filter(page__gt=0).order_by("page").values_list("text", flat=True)
    assert [*told] == [f"第{at}页" for at in range(12)]


def test_an_ofd_without_words_is_not_known_to_be_harmless() -> None:
    """There are pictures on its pages: outside does not get it until the office has looked."""
    assert Reading.objects.get(file=read("有字")).whole
    assert not Reading.objects.get(file=read("", name="图.ofd")).whole
