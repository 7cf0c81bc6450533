"""Scans are read by machine, a page at a time, where Tesseract is installed: what it tells is found, and marked."""

from __future__ import annotations

import json
import subprocess
import sys

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from junheng_web.evidence import recognising
from junheng_web.evidence.models import File, Passage, Reading, Recognised
from junheng_web.evidence.personal import personal_in
from junheng_web.evidence.reading import ENDINGS
from junheng_web.evidence.storage import local
from junheng_web.evidence.words import plain
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area

SECONDS = recognising.SECONDS + 20
log = structlog.get_logger(__name__)
State = Recognised.State


def scan_read() -> int:
    """Read the next page of the oldest scan, and return how many pages were read; the scheduler calls it.

    One page at a time: what else the scheduler does waits for no book, and what was killed is that page alone.
    """
    if not recognising.installed():
        return 0
    one = Recognised.objects.filter(state=State.WAITING).select_related("file__county").order_by("id").first()
    return 0 if one is None else page_read(one)


def page_read(one: Recognised) -> int:
    """Read a page that is a picture and keep what it says; 0 where somebody else did so first.

    A page that cannot be read is not tried again and again.
    """
    read = _told(one.file, one.page)
    text, sure = read or ("", 0)
    county, file = one.file.county, one.file
    with transaction.atomic():
        waiting = Recognised.objects.filter(pk=one.pk, state=State.WAITING)
        if not waiting.update(state=State.READ if read else State.FAILED, sure=sure):
            return 0
        if text.strip():
            Passage.saying(file, one.page, text).save()
        many = sum(1 for _ in personal_in(_unspaced(text)))
        Reading.objects.filter(file=file).update(personal=F("personal") + many)
        audit.record("file.recognise", by=None, county=county, of=("file", file.digest), page=one.page, sure=sure)
    return 1


def _unspaced(text: str) -> str:
    """Return text without the gaps that a machine sees within a number."""
    return plain(text).replace(" ", "")


def _told(file: File, page: int) -> tuple[str, int] | None:
    """Return the words on a page and how sure they are, or None where it cannot be read. Raises Unavailable."""
    command = [sys.executable, "-m", "junheng_web.evidence.recognising"]
    try:
        with local(file.digest) as original:
            about = [str(original), ENDINGS[file.media_type], str(page)]
            done = subprocess.run([*command, *about], capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        text, sure = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError) as why:
        log.warning("a scan cannot be read", file=file.digest, page=page, why=str(why)[:200])
        return None
    return text, sure


def sure_of(file: File) -> int | None:
    """Return how sure the machine was of a file's words (0 to 100); None for words that were not told by a machine."""
    pages = [one.sure for one in Recognised.objects.filter(file=file) if one.sure]
    return round(sum(pages) / len(pages)) if pages else None


def is_scan(file: File) -> bool:
    """Whether pages of a file are pictures: where on them words stand is not known."""
    return Recognised.objects.filter(file=file).exists()


def unfound(county: Area) -> dict[str, int | bool]:
    """Return how many of a county's files have pages that are not read yet, and how many are scans read in vain."""
    pages = Recognised.objects.filter(county=county)
    waiting = pages.filter(state=State.WAITING)
    found = pages.filter(Q(state=State.WAITING) | Q(sure__gt=0)).values("file")
    vain = pages.filter(sure=0, file__reading__state=Reading.State.WORDLESS).exclude(file__in=found)
    told = {"waiting": _files(waiting), "vain": _files(vain)}
    return {"installed": recognising.installed(), **told}


def _files(pages: QuerySet[Recognised]) -> int:
    return pages.values("file").distinct().count()
