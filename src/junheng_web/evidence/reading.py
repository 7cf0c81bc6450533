"""Files are read once, after they came in: whether they can be opened, how many pages, what they say, page by page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import transaction

from junheng_web.evidence.contents import KINDS
from junheng_web.evidence.models import NAME, File, Passage, Reading, Recognised
from junheng_web.evidence.personal import personal_in
from junheng_web.evidence.storage import local
from junheng_web.organisation import audit

SECONDS = 60
BATCH = 20
# A longer scan is a book: its first pages say what it is.
MOST_PICTURES = 50
ENDINGS = {media_type: kind for kind, media_type in KINDS.items()}
log = structlog.get_logger(__name__)
State = Reading.State


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says: its pages with their words, whether those are all, and which pages are pictures."""

    pages: Sequence[tuple[int, str]] = ()
    whole: bool = True
    pictured: Sequence[int] = ()
    opens: bool = True

    @property
    def last(self) -> int:
        """How many pages it has, as far as it was read."""
        return max((at for at, _ in self.pages), default=0)


def files_read(most: int = BATCH) -> int:
    """Read the oldest files that nobody has read yet, and return how many; the scheduler calls it."""
    found = File.objects.filter(reading=None).select_related("county").order_by("id")[:most]
    return sum(file_read(file) is not None for file in found)


def file_read(file: File) -> Reading | None:
    """Read a file and keep what it says; None where somebody else did so first."""
    told = _told(file)
    with transaction.atomic():
        if Reading.objects.select_for_update().filter(file=file).exists():
            return None
        return _keep(file, told)


def _keep(file: File, told: Told) -> Reading:
    said = "".join(text for _, text in told.pages)
    state = (State.READ if said.strip() else State.WORDLESS) if told.opens else State.UNREADABLE
    known = {"state": state, "pages": told.last, "personal": sum(1 for _ in personal_in(said))}
    whole = told.whole and len(told.pictured) <= MOST_PICTURES
    made = Reading.objects.create(county=file.county, file=file, whole=whole, **known)
    Passage.objects.bulk_create(Passage.saying(file, page, text) for page, text in told.pages if text.strip())
    pictured = told.pictured[:MOST_PICTURES]
    Recognised.objects.bulk_create(Recognised(county=file.county, file=file, page=page) for page in pictured)
    if not file.passages.filter(page=NAME).exists():
        # It was taken in by an older version, which left its name to the reader.
        Passage.saying(file, NAME, file.name).save()
    audit.record("file.read", by=None, county=file.county, of=("file", file.digest), state=state, pages=made.pages)
    return made


def _told(file: File) -> Told:
    """Return what a file says, or that it cannot be opened. Raises Unavailable."""
    command = [sys.executable, "-m", "junheng_web.evidence.extracting"]
    try:
        with local(file.digest) as original:
            about = [str(original), ENDINGS[file.media_type]]
            done = subprocess.run([*command, *about], capture_output=True, timeout=SECONDS, check=True)  # noqa: S603
        told = json.loads(done.stdout)
        pages = [(int(at), str(text)) for at, text in told["pages"]]
        return Told(pages, told["whole"], told["pictured"])
    except (subprocess.SubprocessError, ValueError, OSError) as why:
        log.warning("a file cannot be read", file=file.digest, why=str(why)[:200])
        return Told(opens=False)
