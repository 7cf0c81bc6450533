"""What of a file is shown in a page: pictures of its pages, or its words; from outside without numbers of persons."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from junheng_web.evidence.clearing import hidden
from junheng_web.evidence.layouts import OFFICE, layout_of, may_be_laid_out, pages_of
from junheng_web.evidence.models import File, Reading
from junheng_web.evidence.personal import masked
from junheng_web.evidence.reading import ENDINGS, file_read
from junheng_web.evidence.scans import is_scan, sure_of
from junheng_web.evidence.storage import local
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import OUTSIDE
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope

SECONDS = 30
PAGES_A_SCREEN = 10
DRAWN = frozenset({"pdf", "jpg", "png"})
# Whoever looks in from outside; the auditor of the county is not.
MASKED = OUTSIDE - {Role.AUDITOR}


class Unshown(Exception):
    """A page that cannot be drawn."""


def sees_masked(scope: Scope, county: Area) -> bool:
    """Whether a reader sees files only with numbers of persons covered: whoever looks in from outside."""
    return scope.roles_in(county) <= MASKED


def name_for(scope: Scope, file: File) -> str:
    """Return what a file is called, for a reader from outside with numbers of persons covered as in its words."""
    return masked(file.name) if sees_masked(scope, file.county) else file.name


def reading_of(file: File) -> Reading:
    """Return what is known of a file's content; a file that was not read yet is read now."""
    known = Reading.objects.filter(file=file).first()
    return known or file_read(file) or Reading.objects.get(file=file)


def withheld(scope: Scope, file: File) -> bool:
    """Whether the file itself is not for the reader: there are numbers of persons in it, or nobody knows."""
    return sees_masked(scope, file.county) and (reading_of(file).personal > 0 or bool(hidden(reading_of(file))))


def shown(scope: Scope, file: File, first: int) -> dict[str, Any]:
    """Return what the page of a file's content shows, from its `first` page on."""
    known, kind = reading_of(file), ENDINGS[file.media_type]
    unread = hidden(known) if sees_masked(scope, file.county) and _unseen(known) else ""
    layout = None if unread or _uncoverable(scope, known) else layout_of(file)
    many = pages_of(layout) if layout else known.pages
    last = min(first + PAGES_A_SCREEN - 1, many)
    opens = known.state != Reading.State.UNREADABLE and not unread and not _uncoverable(scope, known)
    drawn = opens and (kind in DRAWN or layout is not None)
    sure = sure_of(file)
    return {
        "file": file,
        "reading": known,
        "drawn": drawn,
        "sure": sure,
        "pages": range(first, last + 1),
        "before": first - PAGES_A_SCREEN if first > 1 else 0,
        "after": last + 1 if last < many else 0,
        "why_unseen": unread,
        "may_be_laid_out": may_be_laid_out(file) and not unread and not _uncoverable(scope, known),
        "texts": [] if unread else _texts(scope, file, first, last, drawn=drawn),
        "masked": sees_masked(scope, file.county),
        "withheld": withheld(scope, file),
    }


def _unseen(known: Reading) -> bool:
    """Whether nothing of a file is shown where it was not read for sure; pages of words cover themselves as drawn."""
    return known.state == Reading.State.UNREADABLE or is_scan(known.file)


def _uncoverable(scope: Scope, known: Reading) -> bool:
    """Whether there are numbers of persons that the reader is not to see, and nobody knows where on the page."""
    return sees_masked(scope, known.county) and _somewhere(known)


def _somewhere(known: Reading) -> bool:
    """Whether numbers of persons stand on pages that a machine read, or that were laid out anew: lines break there."""
    return known.personal > 0 and (ENDINGS[known.file.media_type] in OFFICE or is_scan(known.file))


def _texts(scope: Scope, file: File, first: int, last: int, *, drawn: bool) -> list[tuple[int, str]]:
    """Return the words of some pages: beside pictures of them only what a machine told."""
    passages = file.passages.filter(page__range=(max(first, 1), last))
    if drawn:
        passages = passages.filter(page__in=file.recognised.filter(sure__gt=0).values("page"))
    found = passages.order_by("page", "id").values_list("page", "text")
    cover = sees_masked(scope, file.county)
    return [(page, masked(text) if cover else text) for page, text in found]


def picture(file: File, page: int, *, cover: bool) -> bytes:
    """Return a page as a PNG; what was drawn once is kept. Raises Unshown where it cannot be drawn."""
    known = reading_of(file)
    if cover and (_somewhere(known) or (_unseen(known) and hidden(known))):
        raise Unshown(page)
    kept = root() / file.digest / f"{page}{'-covered' if cover else ''}.png"
    if not kept.exists():
        _keep(kept, _drawn(file, page, cover=cover))
    return kept.read_bytes()


def root() -> Path:
    """Return the folder of drawn pages; a backup leaves out what is called so."""
    return Path(settings.FILES) / "part-pictures"


def _drawn(file: File, page: int, *, cover: bool) -> bytes:
    kind, layout = ENDINGS[file.media_type], layout_of(file)
    if kind not in DRAWN and layout is None:
        raise Unshown(kind)
    about = [str(page), "1" if cover else "0"]
    try:
        if layout:
            return _picture(layout, "pdf", *about)
        with local(file.digest) as original:
            return _picture(original, kind, *about)
    except (subprocess.SubprocessError, OSError) as why:
        raise Unshown(str(why)) from None


def _picture(file: Path, *about: str) -> bytes:
    command = [sys.executable, "-m", "junheng_web.evidence.picturing", str(file), *about]
    return subprocess.run(command, capture_output=True, timeout=SECONDS, check=True).stdout  # noqa: S603


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix="part-", delete=False) as part:
        part.write(content)
    Path(part.name).replace(file)
