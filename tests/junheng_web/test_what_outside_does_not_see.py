"""Outside sees no page of which it is not known what stands on it, until it is read or the office clears it."""

from __future__ import annotations

import io

import docx
import openpyxl
import pypdfium2
import pytest
from django.utils import timezone
from PIL import Image

import hostile
import pdfs
from collected import acting
from dossiers import FORMED, county, given_to, stepped
from handed_in import named
from junheng_web.dossier.handing import file_hand_in
from junheng_web.evidence import scans
from junheng_web.evidence.clearing import LEAST_SURE, hidden, hidden_files
from junheng_web.evidence.describing import About
from junheng_web.evidence.extracting import MOST_SIGNS
from junheng_web.evidence.models import Clearance, File, Reading, Recognised
from junheng_web.evidence.reading import files_read
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import AuditRow
from places import COUNTY
from test_looking_at_files import checked
from test_reading_scans import scanned

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/files/"
PHONE, IDENTITY = "13800138000", checked()
State = Recognised.State


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def proved(name: str, content: bytes) -> File:
    """Let a file be approved for an item, so that an assessor has it, and be read as far as words go."""
    told = {"about": About(FORMED), "today": timezone.localdate()}
    paper = file_hand_in(by=acting("fin-staff"), one=given_to("fin"), file=named(name, content), **told)
    stepped(paper, ("edu-hr-desk", "review"), ("office", "approve"))
    files_read()
    return paper.file


def mixed(*pages: bytes) -> bytes:
    """Return one PDF of several."""
    out, whole = io.BytesIO(), pypdfium2.PdfDocument.new()
    for one in pages:
        whole.import_pages(pypdfium2.PdfDocument(one))
    whole.save(out)
    return out.getvalue()


def signed(content: bytes, words: str) -> bytes:
    """Return a scan on whose pages a program has signed itself."""
    import ctypes

    from pypdfium2 import raw

    out, document = io.BytesIO(), pypdfium2.PdfDocument(content)
    for page in document:
        one = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", ctypes.c_float(9))
        coded = (words + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(one, ctypes.cast(coded, raw.FPDF_WIDESTRING))
        raw.FPDFPage_InsertObject(page.raw, one)
        page.gen_content()
        page.close()
    document.save(out)
    return out.getvalue()


def seen(as_, file: File, by: str = "assessor") -> tuple[str, int, int]:
    """Return what somebody gets: the page of the content, and how the picture and the file itself are answered."""
    client, here = as_(by), f"{HERE}{file.digest}"
    look = client.get(f"{here}/look/").content.decode()
    return look, client.get(f"{here}/pages/1").status_code, client.get(here).status_code


def test_pages_without_words_between_others_wait_to_be_read() -> None:
    """Those on which something is to be seen; one that a scanning program has signed is a scan as well."""
    blank = pypdfium2.PdfDocument.new()
    blank.new_page(595, 842)
    out = io.BytesIO()
    blank.save(out)
    content = mixed(
        pdfs.pages("第一页是字，够长的一段字：关于核定公用经费的批复，关于核定公用经费的批复，关于核定公用经费的批复"),
        scanned("第二页是图"),
        out.getvalue(),
        signed(scanned("第四页有署名"), "Scanner"),
        pdfs.pages("附件一"),
    )
    file = file_add(by=acting("office"), county=county(), name="混.pdf", chunks=[content])[0]
    files_read()
    known = Reading.objects.get(file=file)
    assert (known.state, known.pages, known.whole) == (Reading.State.READ, 5, True)
    assert list(file.recognised.values_list("page", "state")) == [(2, State.WAITING), (4, State.WAITING)]


def test_a_picture_between_pages_of_words_is_read(tesseract, as_) -> None:
    """And found by its words; beside the pictures stand only the words that a machine told."""
    file = proved("批复.pdf", mixed(pdfs.pages("打印的正文"), scanned("教学仪器设备验收报告")))
    assert [scans.scan_read() for _ in range(2)] == [1, 0]
    assert "验收报告" in as_("office").get(f"{HERE}?q=验收报告").content.decode()
    assert "批复.pdf" in as_("office").get(f"{HERE}?q=验收报告").content.decode()
    look, picture, itself = seen(as_, file)
    assert "机器认出的文字" in look
    assert "打印的正文" not in look
    assert (picture, itself) == (200, 200)
    assert scans.unfound(county()) | {"installed": True} == {"installed": True, "waiting": 0, "vain": 0}


def test_a_number_on_a_picture_between_pages_of_words_stays_inside(tesseract, as_) -> None:
    """The whole file's pictures with it."""
    file = proved("批复.pdf", mixed(pdfs.pages("打印的正文"), scanned(f"联系电话 {PHONE}")))
    assert scans.scan_read() == 1
    look, picture, itself = seen(as_, file)
    assert (picture, itself) == (404, 403)
    assert PHONE not in look
    assert "138****" in look


def test_a_scan_that_waits_is_hidden_from_outside(as_) -> None:
    """With the reason; the county's own see it; the office looks and clears it, and may take that back."""
    file = proved("扫描.pdf", scanned("教学仪器设备验收报告"))
    for by in ("assessor", "area-viewer"):
        look, picture, itself = seen(as_, file, by)
        assert "现在不给县外的人看：里面的扫描页、照片还没有认完字" in look
        assert "page-picture" not in look
        assert "/look/" in (page := as_(by).get(f"{HERE}{file.digest}/").content.decode())
        assert f'{file.digest}">下载' not in page
        assert (picture, itself) == (404, 403)
    for by in ("office", "auditor"):
        assert seen(as_, file, by)[1:] == (200, 200)
    assert "评估专家和上级现在看不到这份文件" in seen(as_, file, "office")[0]
    assert "看过了，给县外的人看" not in seen(as_, file, "auditor")[0]
    assert "扫描.pdf" in as_("office").get(f"{HERE}?hidden=1").content.decode()
    for by in ("assessor", "auditor", "fin-staff"):
        assert as_(by).post(f"{HERE}{file.digest}/clear", {"shown": "1"}).status_code == 403
    done = as_("office").post(f"{HERE}{file.digest}/clear", {"shown": "1"}, follow=True)
    assert "县外的人现在看得到这份文件了" in done.content.decode()
    assert seen(as_, file)[1:] == (200, 200)
    assert "看过，已经给县外的人看" in seen(as_, file, "office")[0]
    assert "没有符合条件的文件" in as_("office").get(f"{HERE}?hidden=1").content.decode()
    as_("office").post(f"{HERE}{file.digest}/clear", {"shown": "0"})
    assert seen(as_, file)[1:] == (404, 403)
    assert list(Clearance.objects.values_list("shown", flat=True)) == [True, False]
    assert AuditRow.objects.filter(action="file.clear", object_code=file.digest).count() == 2


@pytest.mark.parametrize(
    ("state", "sure", "shown"),
    [
        (State.READ, LEAST_SURE, True),
        (State.READ, LEAST_SURE - 1, False),
        (State.READ, 0, True),
        (State.FAILED, 0, False),
        (State.WAITING, 0, False),
    ],
)
def test_what_was_read_for_sure_is_shown(as_, state: str, sure: int, shown: bool) -> None:
    """A photo on which there is not a word was read as well; what failed, or is hardly sure, was not."""
    file = proved("照片.jpg", hostile.picture("JPEG"))
    Recognised.objects.update(state=state, sure=sure)
    look, picture, itself = seen(as_, file)
    assert (picture, itself) == ((200, 200) if shown else (404, 403))
    assert ("现在不给县外的人看" in look) is not shown
    assert bool(hidden(Reading.objects.get())) is not shown
    assert hidden_files(File.objects.all()).exists() is not shown


def test_a_number_that_was_read_stays_covered_after_clearing(as_) -> None:
    """Clearing is about what is not known."""
    file = proved("扫描.pdf", scanned("教学仪器设备验收报告"))
    as_("office").post(f"{HERE}{file.digest}/clear", {"shown": "1"})
    Reading.objects.update(personal=1)
    assert seen(as_, file)[1:] == (404, 403)


def test_what_cannot_be_opened_is_not_handed_out(as_) -> None:
    """Nobody knows what is in it."""
    file = proved("坏.pdf", b"%PDF-1.4\nbroken\n%%EOF\n")
    assert Reading.objects.get().state == Reading.State.UNREADABLE
    look, _, itself = seen(as_, file)
    assert "现在不给县外的人看：这个文件程序打不开" in look
    assert itself == 403
    assert seen(as_, file, "office")[2] == 200


def test_what_was_not_read_to_its_end_is_shown_but_not_handed_out(as_) -> None:
    """What is shown of it is covered; what stands further on is not known."""
    long = docx.Document()
    for _ in range(MOST_SIGNS // 1000 + 1):
        long.add_paragraph("字" * 1000)
    long.add_paragraph(PHONE)
    out = io.BytesIO()
    long.save(out)
    file = proved("长.docx", out.getvalue())
    known = Reading.objects.get()
    assert (known.whole, known.personal) == (False, 0)
    look, _, itself = seen(as_, file)
    assert itself == 403
    assert "字字字" in look
    assert "现在不给县外的人看" not in look


def test_a_book_of_scans_is_read_in_part(as_, monkeypatch) -> None:
    """Its first pages say what it is; the rest is not known."""
    page = Image.new("L", (60, 80), 255)
    page.putpixel((5, 5), 0)
    out = io.BytesIO()
    page.save(out, "PDF", save_all=True, append_images=[page] * 50)
    file = proved("书.pdf", out.getvalue())
    assert Recognised.objects.count() == 50
    assert Reading.objects.get().whole is False
    Recognised.objects.update(state=State.READ)
    assert "没有读到最后" in seen(as_, file)[0]


def test_many_that_were_looked_at_are_cleared_at_once(as_) -> None:
    """Those that were ticked, each written down; not the others, and not what outside sees already."""
    files = [proved(f"扫描{at}.pdf", scanned(f"教学仪器设备验收报告{at}")) for at in range(3)]
    seen_already = proved("正文.pdf", pdfs.pages("打印的正文"))
    office = as_("office")
    page = office.get(f"{HERE}?hidden=1").content.decode()
    assert page.count('name="digest"') == 3
    assert page.count("里面的扫描页、照片还没有认完字") == 3
    ticked = {"digest": [files[0].digest, files[2].digest, seen_already.digest, "0" * 64]}
    for by in ("assessor", "auditor", "fin-staff"):
        assert as_(by).post(f"{HERE}clear", ticked).status_code == 403
    done = office.post(f"{HERE}clear", ticked, follow=True).content.decode()
    assert "放行了 2 份" in done
    assert [name in done for name in ("扫描0.pdf", "扫描1.pdf", "扫描2.pdf")] == [False, True, False]
    assert {one.file_id for one in Clearance.objects.filter(shown=True)} == {files[0].id, files[2].id}
    assert AuditRow.objects.filter(action="file.clear").count() == 2
    assert seen(as_, files[0])[1:] == (200, 200)
    assert seen(as_, files[1])[1:] == (404, 403)
    assert "没有放行：请先勾选" in office.post(f"{HERE}clear", {}, follow=True).content.decode()


def listed(as_, words: str, by: str) -> set[str]:
    """Return which of the tests' files somebody finds by some words."""
    page = as_(by).get(HERE, {"q": words}).content.decode()
    return {name for name in ("名册", "批复", "来函", "扫描") if name in page.partition("<tbody>")[2]}


def test_a_search_from_outside_confirms_no_number_of_a_person(as_) -> None:
    """Neither a whole one, nor how one begins, nor a part of it between spaces; words and other numbers are found."""
    proved("名册.docx", hostile.text_of(f"联系人甲，电话 {PHONE}，{IDENTITY}，2025 年"))
    proved(f"来函 {PHONE}.pdf", pdfs.pages("关于联系人的函"))
    proved("批复.pdf", pdfs.pages("联系人乙，2025 年公用经费 1380 万元"))
    proved("扫描.pdf", scanned("联系人丙"))
    for number in (PHONE, IDENTITY, PHONE[:7], IDENTITY[:6], "１３８００１３８０００"):
        assert listed(as_, number, "assessor") == set(), number
        assert listed(as_, number, "area-viewer") == set(), number
        assert listed(as_, number, "office"), number
    assert listed(as_, f"联系人 {PHONE[:5]}", "assessor") == set()
    assert listed(as_, "2025", "assessor") == {"批复"}
    assert listed(as_, "1380", "assessor") == {"批复"}
    assert listed(as_, "联系人", "assessor") == {"名册", "来函", "批复"}
    assert listed(as_, "2025", "office") == {"名册", "批复"}


def test_names_of_files_are_covered_as_their_words_are(as_) -> None:
    """In lists, on pages, in workbooks and under the name that is fetched; the county's own read them whole."""
    file = proved(f"甲 {IDENTITY}.pdf", pdfs.pages("证明"))
    pages = (HERE, f"{HERE}{file.digest}/", f"{HERE}{file.digest}/look/", f"/c/{COUNTY}/dossier/B10/1/")
    for page in pages:
        assert IDENTITY in as_("office").get(page).content.decode()
        told = as_("assessor").get(page).content.decode()
        assert IDENTITY not in told
        assert f"甲 {IDENTITY[:3]}***" in told
    fetched = as_("assessor").get(f"{HERE}{file.digest}")["Content-Disposition"]
    assert IDENTITY not in fetched
    assert IDENTITY[:3] in fetched
    book = openpyxl.load_workbook(io.BytesIO(as_("assessor").get(f"{HERE}?_export=xlsx").content))
    assert IDENTITY not in str([*book.active.values])
