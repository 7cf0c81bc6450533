"""Word and Excel files are shown as they look, once somebody asked and a job made it; else their words are."""

from __future__ import annotations

import io
import time

import docx
import pytest
from PIL import Image

from collected import acting
from dossiers import county
from junheng_web.evidence import layouts, looking
from junheng_web.evidence.folders import here
from junheng_web.evidence.models import File
from junheng_web.evidence.reading import files_read
from junheng_web.evidence.services import file_add
from junheng_web.organisation import jobs
from junheng_web.organisation.models import Job
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/files"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path) -> None:
    settings.FILES = tmp_path / "files"


def document(*paragraphs: str) -> bytes:
    one, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        one.add_paragraph(text)
        one.add_page_break()
    one.save(out)
    return out.getvalue()


def added(name: str, content: bytes) -> File:
    file = file_add(by=acting("office"), county=county(), name=name, chunks=[content], of=("indicator", "B10"))[0]
    files_read()
    return file


@pytest.mark.office
def test_a_document_is_shown_as_it_looks(soffice, as_) -> None:
    """Asked for once; words before, pictures of its pages after; the file itself is as it was."""
    content = document("关于核定公用经费的批复", "第二页")
    file, office = added("批复.docx", content), as_("office")
    look = f"{HERE}/{file.digest}/look/"
    page = office.get(look).content.decode()
    assert "看版式" in page
    assert "公用经费" in page
    first, second = (office.post(f"{HERE}/{file.digest}/layout").url for _ in range(2))
    assert first == second
    assert jobs.run_next()
    assert office.get(first).url == look
    page = office.get(look).content.decode()
    assert "看版式" not in page
    assert f"{HERE}/{file.digest}/pages/2" in page
    picture = Image.open(io.BytesIO(office.get(f"{HERE}/{file.digest}/pages/1").content))
    assert picture.convert("L").getextrema()[0] < 100
    assert here().place(file.digest).read_bytes() == content
    assert [one.name for one in layouts.layout_of(file).parent.iterdir()] == [layouts.PDF]


@pytest.mark.office
def test_numbers_of_persons_are_not_laid_out_for_outside(soffice, as_) -> None:
    """They see covered words, as before."""
    file = added("名单.docx", document("联系电话 13800138000"))
    layouts.layout_order(by=acting("office"), file=file)
    assert jobs.run_next()
    assert layouts.layout_of(file)
    page = as_("assessor").get(f"{HERE}/{file.digest}/look/").content.decode()
    assert "138****" in page.replace("********", "****")
    assert f"{HERE}/{file.digest}/pages/1" not in page
    with pytest.raises(looking.Unshown):
        looking.picture(file, 1, cover=True)


def test_what_cannot_be_laid_out_says_so(as_, monkeypatch, tmp_path) -> None:
    """Without a LibreOffice there is no button; a job that comes too late for it says why, and leaves nothing."""
    file = added("批复.docx", document("批复"))
    job = layouts.layout_order(by=acting("office"), file=file)
    monkeypatch.setenv("PATH", str(tmp_path))
    page = as_("office").get(f"{HERE}/{file.digest}/look/").content.decode()
    assert "看版式" not in page
    assert "批复" in page
    assert jobs.run_next()
    told = Job.objects.get(id=job.id)
    assert told.status == Job.Status.FAILED
    assert "没有装 LibreOffice" in told.error
    assert layouts.layout_of(file) is None


def test_a_program_that_does_not_end_is_ended_with_its_children(tmp_path, monkeypatch) -> None:
    """After its time, also what it started itself."""
    monkeypatch.setattr(layouts, "SECONDS", 1)
    beat = tmp_path / "beat"
    script = f"(while true; do echo x >> {beat}; sleep 0.1; done) & sleep 60"
    with pytest.raises(jobs.Explained, match="时间太长"):
        layouts._bounded(["sh", "-c", script])
    size = beat.stat().st_size
    time.sleep(1)
    assert beat.stat().st_size <= size + 2
