"""How an Office file looks: LibreOffice makes a PDF of it in the background, and its pages are drawn as a PDF's are."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.urls import reverse

from junheng_web.evidence.models import File
from junheng_web.evidence.reading import ENDINGS
from junheng_web.evidence.storage import local
from junheng_web.organisation.jobs import Explained, Work, deed, job_submit
from junheng_web.organisation.models import Job
from junheng_web.organisation.scopes import Scope

KIND = "evidence.lay_out"
PROGRAMS = ("soffice", "libreoffice")
OFFICE = frozenset({"docx", "xlsx", "xls"})
SECONDS, LARGEST = 120, 100 * 2**20
PDF = "layout.pdf"


def program() -> str | None:
    """Return the LibreOffice that is installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def layout_of(file: File) -> Path | None:
    """Return the PDF that shows how an Office file looks, where it was made."""
    made = _kept(file.digest)
    return made if ENDINGS[file.media_type] in OFFICE and made.exists() else None


def may_be_laid_out(file: File) -> bool:
    """Whether a layout can be asked for: of an Office file that has none, where there is a LibreOffice."""
    return ENDINGS[file.media_type] in OFFICE and not _kept(file.digest).exists() and program() is not None


def pages_of(layout: Path) -> int:
    """Return how many pages a layout has."""
    document = pypdfium2.PdfDocument(layout)
    try:
        return len(document)
    finally:
        document.close()


def _kept(digest: str) -> Path:
    """Return where a layout is kept: a backup leaves out what is called so, since it can be made again."""
    return Path(settings.FILES) / "part-layouts" / digest / PDF


def layout_order(*, by: Scope, file: File) -> Job:
    """Ask for the layout of a file; one that is being made already is not asked for twice."""
    known = {"kind": KIND, "county": file.county, "by_account": by.account.id, "arguments__digest": file.digest}
    waiting = Job.objects.filter(**known, ended_at=None).first()
    return waiting or job_submit(KIND, by=by, county=file.county, digest=file.digest)


@deed(KIND)
def layout_make(work: Work) -> dict[str, object]:
    """Make a layout; it appears whole or not at all, and may be begun again. Raises Explained."""
    file = File.objects.of(work.job.county).get(digest=work.job.arguments["digest"])
    work.report(0, 1, "正在排版")
    laid_out(file.digest, file.media_type)
    return {"url": reverse("evidence:look", args=[file.county.code, file.digest])}


def laid_out(digest: str, media_type: str, seconds: float | None = None) -> Path:
    """Return the layout of an Office file, made where there is none yet, in so many seconds. Raises Explained."""
    target = _kept(digest)
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="part-", dir=target.parent) as folder:
            _converted(digest, ENDINGS[media_type], Path(folder), seconds).replace(target)
    return target


def _converted(digest: str, ending: str, folder: Path, seconds: float | None) -> Path:
    """Let LibreOffice make a PDF in a folder, with a profile of its own, so that several do not wait for each other."""
    office = program()
    if office is None:
        raise Explained("服务器上没有装 LibreOffice，看不了版式；请看文字，或下载以后用原来的程序打开")
    source = folder / f"source.{ending}"
    with local(digest) as original:
        shutil.copyfile(original, source)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    how = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    _bounded([office, profile, *how, str(source)], seconds)
    made = source.with_suffix(".pdf")
    if not made.exists() or made.stat().st_size > LARGEST:
        raise Explained("这个文件排不出版式；请看文字，或下载以后用原来的程序打开")
    return made


def _bounded(command: list[str], seconds: float | None = None) -> None:
    """Run a program with its children; after so long, or when we are told to stop, all of them are ended."""
    with subprocess.Popen(  # noqa: S603 (our own words)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(SECONDS if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            raise Explained("排版的时间太长，停下了；请看文字，或下载以后用原来的程序打开") from None
        finally:
            _end_all(process)


def _end_all(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
