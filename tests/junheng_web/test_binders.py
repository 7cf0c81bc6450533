"""A binder: what it holds, its pages numbered through, bookmarks, labels, and the same as a zip with hashes."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

import hostile
import pdfs
from collected import acting
from dossiers import HERE, approved, county, given_to, handed, item, stepped
from handed_in import named
from junheng_web.dossier import binder_jobs, binding
from junheng_web.dossier.binder_jobs import PDF, ZIP, binder_of, binder_order, binders_expire, folder_of
from junheng_web.dossier.handing import file_hand_in
from junheng_web.evidence.describing import About
from junheng_web.organisation import jobs
from junheng_web.organisation.models import Job
from places import COUNTY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.fixture(autouse=True)
def _nothing_lays_out(monkeypatch, tmp_path) -> None:
    """Have no LibreOffice on this machine, as on many servers; one test brings it back."""
    monkeypatch.setenv("PATH", str(tmp_path))


def proved(indicator: str, number: int, name: str, content: bytes) -> None:
    """Let a file be approved for an item."""
    one = given_to("fin", indicator, number)
    told = {"about": About(timezone.localdate(), "示例〔2025〕1号", "3 柜 2 盒"), "today": timezone.localdate()}
    paper = file_hand_in(by=acting("fin-staff"), one=one, file=named(name, content), **told)
    stepped(paper, ("edu-hr-desk", "review"), ("office", "approve"))


def made(*indicators: str, approved: bool = True) -> Job:
    """Order a binder and let a worker make it."""
    job = binder_order(by=acting("office"), county=county(), indicators=indicators, approved=approved)
    assert jobs.run_next()
    job.refresh_from_db()
    return job


def three() -> Job:
    proved("B10", 1, "批复.pdf", pdfs.pages("第一份一", "第一份二"))
    proved("B10", 2, "照片.jpg", hostile.picture("JPEG"))
    proved("B13", 1, "预算.xlsx", hostile.book({}))
    return made("B13", "B10")


def words(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range() for page in document]


def test_a_binder_holds_its_papers_in_the_order_of_the_rules() -> None:
    """Cover, catalogue, a divider for each indicator, pages numbered through from the first divider on."""
    job = three()
    assert job.status == Job.Status.DONE, job.error
    document = pypdfium2.PdfDocument(folder_of(job) / PDF)
    told = words(document)
    assert len(told) == 2 + 1 + 2 + 1 + 1 + 1 == job.result["pages"] + 2
    assert "示例旗" in told[0]
    assert "虚构数据" in told[0]
    for line in ("B10-1", "批复.pdf", "示例〔2025〕1号", "2-3", "B13-1", "原件在"):
        assert line in told[1]
    assert told[1].count("3 柜 2 盒") == 3
    assert [f"- {at} -" in told[at + 1] for at in range(1, 7)] == [True] * 6
    assert "- 1 -" not in told[1]
    assert "第一份二" in told[4]
    assert "B13" in told[6]
    assert "没有装订成页" in told[7]


@pytest.mark.office
def test_office_files_are_bound_as_they_look(soffice, monkeypatch) -> None:
    """Where LibreOffice is installed: their pages are numbered through with the others."""
    monkeypatch.setenv("PATH", str(Path(soffice).parent), prepend=os.pathsep)
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("关于核定公用经费的批复")
    document.add_page_break()
    document.add_paragraph("第二页的话")
    document.save(out)
    proved("B10", 1, "批复.docx", out.getvalue())
    proved("B13", 1, "预算.xlsx", hostile.book({}))
    told = words(pypdfium2.PdfDocument(folder_of(made("B10", "B13")) / PDF))
    assert "核定公用经费" in told[3]
    assert "第二页的话" in told[4]
    assert "- 3 -" in told[4]
    assert len(told) == 2 + 1 + 2 + 1 + 1


@pytest.mark.office
def test_an_office_file_for_which_there_is_no_time_has_its_sheet(soffice, monkeypatch) -> None:
    """The binder is made all the same, and says where the original is."""
    monkeypatch.setenv("PATH", str(Path(soffice).parent), prepend=os.pathsep)
    monkeypatch.setattr(binding, "LAYING", 0.0)
    proved("B13", 1, "预算.xlsx", hostile.book({}))
    last = words(pypdfium2.PdfDocument(folder_of(made("B13")) / PDF))[-1]
    assert "没有装订成页" in last
    assert "3 柜 2 盒" in last


def test_bookmarks_lead_to_every_paper() -> None:
    """Under its indicator."""
    document = pypdfium2.PdfDocument(folder_of(three()) / PDF)
    found = [(one.level, one.get_title(), one.get_dest().get_index()) for one in document.get_toc()]
    assert found[:2] == [(0, "封面", 0), (0, "目录", 1)]
    assert [(level, title.split()[0], page) for level, title, page in found[2:]] == [
        *[(0, "B10", 2), (1, "B10-1", 3), (1, "B10-2", 5), (0, "B13", 6), (1, "B13-1", 7)]
    ]


def test_the_zip_stands_alone() -> None:
    """An index page, the PDF, labels, every original as it was handed in, and hashes of all that fit."""
    package = zipfile.ZipFile(folder_of(three()) / ZIP)
    index = package.read("目录.html").decode()
    sums = dict(line.split("  ")[::-1] for line in package.read("SHA256SUMS.txt").decode().splitlines())
    originals = [name for name in package.namelist() if name.startswith("原件/")]
    assert originals == ["原件/001_B10-1_批复.pdf", "原件/002_B10-2_照片.jpg", "原件/003_B13-1_预算.xlsx"]
    digests = {name: hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
    assert sums == {name: digest for name, digest in digests.items() if name != "SHA256SUMS.txt"}
    assert {"汇编.pdf", "目录.html", "脊背和盒签.pdf"} < {*sums}
    assert all(digests[name] in index for name in originals)
    assert "<script" not in index
    labels = words(pypdfium2.PdfDocument(package.read("脊背和盒签.pdf")))[0]
    assert "示例旗" in labels.replace("\r\n", "")
    assert "3 件" in labels
    assert pypdfium2.PdfDocument(package.read("汇编.pdf"))


def test_only_what_was_approved_is_bound() -> None:
    """What waits only where that is asked for; with nothing to bind, the job says so."""
    handed(given_to("fin"), "fin-staff")
    job = made("B10")
    assert job.status == Job.Status.FAILED
    assert "还没有审定" in job.error
    assert not folder_of(job).exists()
    assert made("B10", approved=False).status == Job.Status.DONE


def test_a_turned_page_is_numbered_where_it_is_read() -> None:
    """At its foot as it is seen, however it is turned."""
    turned = pypdfium2.PdfDocument(pdfs.pages("一", "二", "三", "四"))
    for at, angle in enumerate((0, 90, 180, 270)):
        turned[at].set_rotation(angle)
    out = io.BytesIO()
    turned.save(out)
    proved("B10", 1, "横的.pdf", out.getvalue())
    document = pypdfium2.PdfDocument(folder_of(made("B10")) / PDF)
    for at in range(3, 7):
        page = document[at]
        picture = page.render(scale=1).to_pil().convert("L")
        foot = picture.crop((0, picture.height - 34, picture.width, picture.height - 10))
        assert foot.getextrema()[0] < 100, at
        assert picture.crop((0, picture.height - 10, picture.width, picture.height)).getextrema()[0] > 200, at


def test_a_broken_paper_does_not_stop_a_binder() -> None:
    """A sheet stands for it and says where it is."""
    proved("B10", 1, "坏.pdf", b"%PDF-1.7\nbroken")
    document = pypdfium2.PdfDocument(folder_of(made("B10")) / PDF)
    assert "没有装订成页" in words(document)[-1]


def test_a_killed_binder_leaves_nothing_and_is_made_again(monkeypatch, files: Path) -> None:
    """Nobody sees half of it."""
    proved("B10", 1, "批复.pdf", pdfs.pages("批复"))
    job = binder_order(by=acting("office"), county=county(), indicators=["B10"])

    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(binder_jobs, "_zip", dies)
        with pytest.raises(Killed):
            jobs.run_next()
    assert not folder_of(job).exists()
    assert list((files / "part-binders").iterdir()) == []
    assert jobs.run_next()
    job.refresh_from_db()
    assert job.status == Job.Status.DONE
    assert {one.name for one in folder_of(job).iterdir()} == {PDF, ZIP}


class Watched:
    """Looks each time that a job has said how far it is: what its row holds then, and what the page shows."""

    def __init__(self, job: Job, browser: Client, then: Callable[[Watched], object] | None = None) -> None:
        self.job, self.browser, self.then, self.looking = job, browser, then, False
        self.url = f"/c/{COUNTY}/jobs/{job.id}"
        self.told: list[tuple[int, int, str]] = []
        self.pages: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not self.looking and sql.startswith("UPDATE") and '"doing" = ' in sql:
            self.looking = True
            self._look()
            self.looking = False
        return answer

    def _look(self) -> None:
        now = Job.objects.get(id=self.job.id)
        self.told.append((now.done, now.total, now.doing))
        self.pages.append(self.browser.get(self.url).content.decode())
        if self.then:
            self.then(self)


def ordered_and_watched(as_, then: Callable[[Watched], object] | None = None) -> Watched:
    """Order a binder of three papers, and let a worker make it while the office looks at the page of the job."""
    for name, text in (("甲.pdf", "第一份"), ("乙.pdf", "第二份"), ("丙.pdf", "第三份")):
        proved("B10", 1, name, pdfs.pages(*[text] * 25))
    job = binder_order(by=acting("office"), county=county(), indicators=["B10"])
    watched = Watched(job, as_("office"), then)
    with connection.execute_wrapper(watched):
        assert jobs.run_next()
    job.refresh_from_db()
    return watched


def test_how_far_a_binder_is_is_told_while_it_is_made(as_) -> None:
    """Paper by paper, and within a long one by its pages, while it is bound; paper by paper while it is packed."""
    watched = ordered_and_watched(as_)
    assert watched.job.status == Job.Status.DONE, watched.job.error
    done = [one[0] for one in watched.told]
    assert {total for _, total, _ in watched.told} == {6}
    assert done == sorted(done)
    assert {*done} == {0, 1, 2, 3, 4, 5}
    doing = [one[2] for one in watched.told]
    bound = [f"正在装订 {paper}.pdf{at}" for paper in "甲乙丙" for at in ("", "，编页码 21 / 25")]
    assert doing[: len(bound)] == bound
    assert doing[-1] == "正在打包 丙.pdf"
    for (at, total, words), page in zip(watched.told, watched.pages, strict=True):
        assert words in page
        assert f"{at} / {total}" in page


@pytest.mark.parametrize("at", ["正在装订 乙.pdf", "正在装订 乙.pdf，编页码 21 / 25", "正在打包 甲.pdf"])
def test_a_binder_is_stopped_by_who_ordered_it(as_, at: str, files: Path) -> None:
    """At whatever it is: it ends at its next word, nothing of it stays, and it says that it was stopped."""

    def stopped(watched: Watched) -> None:
        if watched.told[-1][2] == at:
            assert "停止" in watched.pages[-1]
            watched.browser.post(f"{watched.url}/cancel")

    watched = ordered_and_watched(as_, stopped)
    assert watched.job.status == Job.Status.CANCELLED
    assert watched.told[-1][2] == at
    assert list((files / "part-binders").iterdir()) == []
    assert watched.job.result is None
    assert as_("office").get(f"{HERE}binders/{watched.job.id}/pdf").status_code == 404


def test_old_binders_are_cleared_away() -> None:
    """They can be made again; the originals stay."""
    job = three()
    assert binders_expire() == 0
    assert binders_expire(timezone.now() + binder_jobs.KEPT_FOR * 1.1) == 1
    assert not folder_of(job).exists()


def test_the_pages_of_binders(as_) -> None:
    """Ordered on the page, followed as a job, fetched as PDF and zip by the office of this county alone."""
    office = as_("office")
    assert "还没有装订过" in office.get(f"{HERE}binders/").content.decode()
    refused = office.post(f"{HERE}binders/", {}, follow=True)
    assert "还没有审定的佐证" in refused.content.decode()
    approved(given_to("fin"))
    answer = office.post(f"{HERE}binders/", {"indicators": ["B10"]})
    assert "/jobs/" in answer.url or "job" in answer.url
    jobs.run_next()
    assert office.get(answer.url).url == f"{HERE}binders/"
    page = office.get(f"{HERE}binders/").content.decode()
    number = Job.objects.latest("id").id
    for part, sign in (("pdf", b"%PDF"), ("zip", b"PK")):
        address = f"{HERE}binders/{number}/{part}"
        assert address in page
        assert b"".join(office.get(address).streaming_content).startswith(sign)
    assert office.get(f"{HERE}binders/{number}/exe").status_code == 404
    assert office.get(f"{HERE}binders/{number + 1}/pdf").status_code == 404
    assert as_("fin-staff").get(f"{HERE}binders/{number}/pdf").status_code == 403
    assert item().state == "approved"
    assert binder_of(acting("fin-staff"), county(), ["B10"], approved=True, day=timezone.localdate()).pieces
