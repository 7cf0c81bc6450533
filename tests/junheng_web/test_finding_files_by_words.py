"""Files are found by what they say, in Chinese, the same on every database; and by nobody who may not read them."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

import hostile
import pdfs
from collected import acting
from dossiers import county, given_to, handed
from junheng_web.evidence.models import File, Passage, Reading
from junheng_web.evidence.reading import file_read, files_read
from junheng_web.evidence.searching import excerpt
from junheng_web.evidence.selectors import files_of
from junheng_web.evidence.services import file_add
from junheng_web.evidence.words import asked, tokens_of
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/files/"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def added(name: str, content: bytes) -> File:
    return file_add(by=acting("office"), county=county(), name=name, chunks=[content])[0]


def found(words: str, by: str = "office") -> set[str]:
    return {one.name for one in files_of(acting(by), county(), words)}


def saved(one) -> bytes:
    out = io.BytesIO()
    one.save(out)
    return out.getvalue()


def text() -> bytes:
    one = docx.Document()
    one.add_paragraph("校际差异系数的说明")
    one.add_table(1, 1).cell(0, 0).text = "城关第一小学"
    return saved(one)


def workbook() -> bytes:
    one = openpyxl.Workbook()
    one.active.append(["交流轮岗教师名册", 37, "HJ-2025"])
    return saved(one)


def test_pairs_of_signs_are_the_tokens() -> None:
    """A sign at the end of a run stands alone as well; letters and numbers are words; widths and cases are one."""
    assert tokens_of("差异") == "c5dee5f02 c5f02"
    assert tokens_of("Ｂ１０ 达标") == "wb10 c8fbe6807 c6807"
    assert tokens_of("ᠮᠣᠩᠭᠣᠯ").startswith("w182e")
    assert asked("差异系数 B10") == [["c5dee5f02", "c5f027cfb", "c7cfb6570"], ["wb10"]]
    assert asked("差") == [["c5dee"]]
    assert asked("，。!") == []
    assert tokens_of("").isascii()


def test_a_file_is_found_by_its_words() -> None:
    """PDF, text, workbook, table, names of what a zip holds, and its own name; each search says where."""
    added("批复一.pdf", pdfs.pages("关于核定公用经费的批复", "第二页写着教学仪器设备"))
    added("说明.docx", text())
    added("台账.xlsx", workbook())
    added("数.csv", "学校,班额\n沙湾小学,44\n".encode("gb18030"))
    added("包.zip", hostile.zipped({"平面图说明.txt": b"x"}))
    assert files_read() == 5
    for words, names in {
        "公用经费": {"批复一.pdf"},
        "教学仪器": {"批复一.pdf"},
        "差异系数": {"说明.docx"},
        "差异系": {"说明.docx"},
        "异系数": {"说明.docx"},
        "异": {"说明.docx"},
        "城关第一小学": {"说明.docx"},
        "交流轮岗": {"台账.xlsx"},
        "hj-2025": {"台账.xlsx"},
        "班额 沙湾": {"数.csv"},
        "平面图": {"包.zip"},
        "批复": {"批复一.pdf"},
        "批复 仪器": {"批复一.pdf"},
        "批复 轮岗": set(),
        "差异教学": set(),
        "系异": set(),
        "小学": {"说明.docx", "数.csv"},
        "37": {"台账.xlsx"},
        '"*) OR (': set(),
        "' & !": set(),
    }.items():
        assert found(words) == names, words
    assert excerpt(File.objects.get(name="批复一.pdf"), "仪器").startswith("第 2 页：…第二页写着教学仪器设备")
    assert excerpt(File.objects.get(name="批复一.pdf"), "批复一") == ""


def test_a_long_page_is_found_to_its_end() -> None:
    """Also across the place where two of its pieces meet."""
    filler = "一二三四五六七八九十" * 599
    added("长.csv", f"{filler}教育督导评估{filler}末尾在此".encode())
    files_read()
    assert found("督导评估") == {"长.csv"}
    assert found("末尾在此") == {"长.csv"}
    assert Passage.objects.filter(file__name="长.csv").count() > 2


def test_nobody_finds_what_he_may_not_read() -> None:
    """Words do not open what a link does not; another county's are not found."""
    from junheng_web.organisation.models import Area
    from places import FOREIGN

    paper = handed(given_to("fin"), "fin-staff", "保密批复.pdf")
    file_add(
        by=None or acting("office"), county=Area.objects.get(code=FOREIGN), name="保密.pdf", chunks=[pdfs.pages("保密")]
    )
    files_read()
    assert found("保密", "fin-staff") == {paper.file.name}
    assert found("保密", "town-shawan") == found("保密", "assessor") == set()
    assert found("保密") == {paper.file.name}


def test_the_page_finds_and_says_where(as_) -> None:
    """In the list of files; a file that has no words says so when it was read."""
    added("批复一.pdf", pdfs.pages("关于核定公用经费的批复"))
    scan = added("扫描.jpg", hostile.picture("JPEG"))
    files_read()
    page = as_("office").get(f"{HERE}?q=公用经费").content.decode()
    assert "批复一.pdf" in page
    assert "扫描.jpg" not in page
    assert "第 1 页：…关于核定公用经费的批复…" in page
    assert "文件名或编号里" in as_("office").get(f"{HERE}?q=扫描").content.decode()
    assert "在哪里写着" not in as_("office").get(HERE).content.decode()
    assert "在哪里写着" not in as_("assessor").get(f"{HERE}?q=公用经费").content.decode()
    assert Reading.objects.get(file=scan).state == Reading.State.WORDLESS


def test_a_file_is_read_once() -> None:
    """Whoever comes second leaves it."""
    one = added("批复.pdf", pdfs.pages("批复"))
    assert file_read(one)
    assert file_read(one) is None
    assert files_read() == 0
    assert Passage.objects.filter(file=one).count() == 2


def test_a_file_is_found_by_name_before_it_was_read() -> None:
    """As soon as it is there."""
    added("刚交的批复.pdf", pdfs.pages("别的"))
    assert found("刚交") == {"刚交的批复.pdf"}
