"""Scans are read by machine, page by page: found by their words, marked with how sure it was; nothing is uncovered."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import hostile
import pdfs
from collected import acting
from dossiers import FORMED, county, given_to
from junheng_web.dossier.handing import file_hand_in
from junheng_web.dossier.models import Paper
from junheng_web.evidence import looking, recognising, scans
from junheng_web.evidence.describing import About
from junheng_web.evidence.models import File, Reading, Recognised
from junheng_web.evidence.reading import files_read
from junheng_web.evidence.selectors import files_of
from junheng_web.evidence.services import file_add
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}"
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def scanned(*texts: str) -> bytes:
    """Return a PDF whose pages are pictures of words."""
    document = pypdfium2.PdfDocument(pdfs.pages(*texts))
    first, *rest = [page.render(scale=2.5, grayscale=True).to_pil() for page in document]
    out = io.BytesIO()
    first.save(out, "PDF", resolution=180, save_all=True, append_images=rest)
    return out.getvalue()


def added(name: str, content: bytes) -> File:
    file = file_add(by=acting("office"), county=county(), name=name, chunks=[content])[0]
    files_read()
    return file


def found(words: str) -> set[str]:
    return {one.name for one in files_of(acting("office"), county(), words)}


def test_a_scan_is_found_by_its_words(tesseract, as_) -> None:
    """A page at a time; the page of its content says that a machine told them, and how sure it was."""
    file = added("批复.pdf", scanned("关于核定公用经费的批复", "教学仪器设备验收报告"))
    assert Reading.objects.get(file=file).state == Reading.State.WORDLESS
    assert found("公用经费") == set()
    assert "正在一页一页认字" in as_("office").get(f"{HERE}/dossier/gaps/").content.decode()
    assert [scans.scan_read() for _ in range(3)] == [1, 1, 0]
    assert found("公用经费") == found("验收报告") == {"批复.pdf"}
    assert found("公用 验收") == {"批复.pdf"}
    assert all(50 < one.sure <= 100 for one in Recognised.objects.filter(file=file))
    page = as_("office").get(f"{HERE}/files/{file.digest}/look/").content.decode()
    assert f"把握 {scans.sure_of(file)}%" in page
    assert "验收报告" in page
    assert "正在一页一页认字" not in as_("office").get(f"{HERE}/dossier/gaps/").content.decode()


def test_a_scan_without_words_is_tried_once_and_told(tesseract, as_) -> None:
    """As is one on which the machine fails: the next goes on."""
    added("空白.jpg", hostile.picture("JPEG"))
    broken = added("丢了.pdf", scanned("丢了的一页"))
    from junheng_web.evidence.folders import here

    here().place(broken.digest).unlink()
    assert [scans.scan_read() for _ in range(3)] == [1, 1, 0]
    assert set(Recognised.objects.values_list("sure", flat=True)) == {0}
    assert "有 2 份扫描件或照片里认不出字" in as_("office").get(f"{HERE}/dossier/gaps/").content.decode()


def test_numbers_of_persons_on_a_scan_stay_inside(tesseract, as_) -> None:
    """Where they stand on the page nobody knows: from outside there is no picture and no file, and words with stars."""
    file = SimpleUploadedFile("名单.pdf", scanned(f"联系电话 {PHONE}"))
    told = {"about": About(FORMED), "today": timezone.localdate()}
    paper = file_hand_in(by=acting("fin-staff"), one=given_to("fin"), file=file, **told)
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.APPROVED)
    files_read()
    assert scans.scan_read() == 1
    assert Reading.objects.get(file=paper.file).personal == 1
    page = as_("assessor").get(f"{HERE}/files/{paper.file.digest}/look/").content.decode()
    assert "盖不准" in page
    assert PHONE not in page
    with pytest.raises(looking.Unshown):
        looking.picture(paper.file, 1, cover=True)
    assert looking.picture(paper.file, 1, cover=False)


def test_without_tesseract_the_gaps_say_so(as_, monkeypatch, tmp_path) -> None:
    """And nothing is tried."""
    added("批复.pdf", scanned("关于核定公用经费的批复"))
    monkeypatch.setenv("PATH", str(tmp_path))
    recognising.installed.cache_clear()
    try:
        assert scans.scan_read() == 0
        assert "没有装文字识别" in as_("office").get(f"{HERE}/dossier/gaps/").content.decode()
    finally:
        recognising.installed.cache_clear()


def test_the_table_of_tesseract_is_read() -> None:
    """Signs of one line stand together, words apart; how sure it is counts by signs."""
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [("1", "1", "90", "公用"), ("1", "1", "80", "经费"), ("1", "2", "-1", ""), ("1", "2", "50", "B10")]
    table = "\n".join([head, *("5\t1\t%s\t1\t%s\t1\t0\t0\t1\t1\t%s\t%s" % row for row in rows)])  # noqa: UP031
    assert recognising.read_table(table) == ("公用经费\nB10", 70)
