"""Scans are read by machine, a page at a time, where Tesseract is installed: what it tells is found, and marked."""

from __future__ import annotations

import json
import subprocess
import sys

import structlog
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Least

from junheng_web.evidence import recognising
from junheng_web.evidence.models import File, Passage, Reading, Recognised
from junheng_web.evidence.personal import personal_in
from junheng_web.evidence.reading import ENDINGS
from junheng_web.evidence.storage import local
from junheng_web.evidence.words import plain
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area

# A longer scan is a book: its first pages say what it is.
MOST_PAGES = 50
SECONDS = recognising.SECONDS + 20
SCANS = frozenset({"pdf", "jpg", "png"})
log = structlog.get_logger(__name__)


def scan_read() -> int:
    """Read the next page of the oldest scan, and return how many pages were read; the scheduler calls it.

    One page at a time: what else the scheduler does waits for no book, and what was killed is that page alone.
    """
    if not recognising.installed():
        return 0
    waiting = _scans().filter(told__lt=Least(F("pages"), MOST_PAGES)).select_related("file__county")
    reading = waiting.order_by("id").first()
    return 0 if reading is None else page_read(reading, reading.told + 1)


def _scans() -> QuerySet[Reading]:
    """Return what is known of the files that are pages without words, each with how many were read by machine."""
    kinds = [one for one, ending in ENDINGS.items() if ending in SCANS]
    scans = Reading.objects.filter(state=Reading.State.WORDLESS, file__media_type__in=kinds)
    return scans.annotate(told=Count("file__recognised"))


def page_read(reading: Reading, page: int) -> int:
    """Read a page of a scan and keep what it says; 0 where somebody else did so first.

    A page that cannot be read counts as one without words: it is not tried again and again.
    """
    text, sure = _told(reading.file, page)
    county, file = reading.file.county, reading.file
    with transaction.atomic():
        known = {"county": county, "sure": sure}
        _, new = Recognised.objects.get_or_create(file=file, page=page, defaults=known)
        if not new:
            return 0
        if text.strip():
            Passage.saying(file, page, text).save()
        many = sum(1 for _ in personal_in(_unspaced(text)))
        Reading.objects.filter(pk=reading.pk).update(personal=F("personal") + many)
        audit.record("file.recognise", by=None, county=county, of=("file", file.digest), page=page, sure=sure)
    return 1


def _unspaced(text: str) -> str:
    """Return text without the gaps that a machine sees within a number."""
    return plain(text).replace(" ", "")


def _told(file: File, page: int) -> tuple[str, int]:
    command = [sys.executable, "-m", "junheng_web.evidence.recognising"]
    try:
        with local(file.digest) as original:
            about = [str(original), ENDINGS[file.media_type], str(page)]
            done = subprocess.run([*command, *about], capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        text, sure = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError) as why:
        log.warning("a scan cannot be read", file=file.digest, page=page, why=str(why)[:200])
        return "", 0
    return text, sure


def sure_of(file: File) -> int | None:
    """Return how sure the machine was of a file's words (0 to 100); None for words that were not told by a machine."""
    pages = [one.sure for one in Recognised.objects.filter(file=file) if one.sure]
    return round(sum(pages) / len(pages)) if pages else None


def is_scan(file: File) -> bool:
    """Whether a machine told a file's words: where on the page they stand is not known."""
    return Recognised.objects.filter(file=file).exists()


def unfound(county: Area) -> dict[str, int | bool]:
    """Return how many of a county's scans are found by name only: not read yet, or in vain."""
    scans = _scans().filter(county=county)
    waits = Q(told__lt=Least(F("pages"), MOST_PAGES))
    vain = scans.exclude(waits).exclude(file__recognised__sure__gt=0)
    return {"installed": recognising.installed(), "waiting": scans.filter(waits).count(), "vain": vain.count()}
