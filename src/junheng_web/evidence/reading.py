"""Files are read once, after they came in: whether they can be opened, how many pages, what they say, page by page."""

from __future__ import annotations

import json
import subprocess
import sys

import structlog
from django.db import transaction

from junheng_web.evidence.contents import KINDS
from junheng_web.evidence.models import NAME, File, Passage, Reading
from junheng_web.evidence.personal import personal_in
from junheng_web.evidence.storage import local
from junheng_web.organisation import audit

SECONDS = 60
BATCH = 20
ENDINGS = {media_type: kind for kind, media_type in KINDS.items()}
log = structlog.get_logger(__name__)
State = Reading.State


def files_read(most: int = BATCH) -> int:
    """Read the oldest files that nobody has read yet, and return how many; the scheduler calls it."""
    found = File.objects.filter(reading=None).select_related("county").order_by("id")[:most]
    return sum(file_read(file) is not None for file in found)


def file_read(file: File) -> Reading | None:
    """Read a file and keep what it says; None where somebody else did so first."""
    pages = _pages(file)
    with transaction.atomic():
        if Reading.objects.select_for_update().filter(file=file).exists():
            return None
        return _keep(file, pages)


def _keep(file: File, pages: list[tuple[int, str]] | None) -> Reading:
    said = "".join(text for _, text in pages or [])
    state = State.UNREADABLE if pages is None else State.READ if said.strip() else State.WORDLESS
    personal = sum(1 for _ in personal_in(said))
    made = Reading.objects.create(county=file.county, file=file, state=state, pages=len(pages or []), personal=personal)
    Passage.objects.bulk_create(Passage.saying(file, page, text) for page, text in pages or [] if text.strip())
    if not file.passages.filter(page=NAME).exists():
        # It was taken in by an older version, which left its name to the reader.
        Passage.saying(file, NAME, file.name).save()
    audit.record("file.read", by=None, county=file.county, of=("file", file.digest), state=state, pages=made.pages)
    return made


def _pages(file: File) -> list[tuple[int, str]] | None:
    """Return a file's pages with their words, or None where it cannot be opened. Raises Unavailable."""
    command = [sys.executable, "-m", "junheng_web.evidence.extracting"]
    try:
        with local(file.digest) as original:
            about = [str(original), ENDINGS[file.media_type]]
            done = subprocess.run([*command, *about], capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        return [(int(at), str(text)) for at, text in json.loads(done.stdout)]
    except (subprocess.SubprocessError, ValueError, OSError) as why:
        log.warning("a file cannot be read", file=file.digest, why=str(why)[:200])
        return None
