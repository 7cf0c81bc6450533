"""A binder is made by a job: one PDF, the labels, and a zip with an index page, every original and its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from junheng_web.dossier.binding import Binder, Chapter, Piece, Placed, bind, labels
from junheng_web.dossier.expected import names_of
from junheng_web.dossier.models import Paper
from junheng_web.dossier.owning import Held
from junheng_web.dossier.selectors import items_of
from junheng_web.dossier.sheets import pdf_of
from junheng_web.evidence.storage import local
from junheng_web.organisation.jobs import Explained, Work, deed, job_submit
from junheng_web.organisation.models import Account, Area, Job
from junheng_web.organisation.scopes import Scope, scope_of

KIND = "dossier.bind"
KEPT_FOR = dt.timedelta(days=14)
PDF, ZIP = "binder.pdf", "binder.zip"
# What they are called in the zip: the binder itself, its labels, the index page, and the hashes of all the others.
BOUND_AS, LABELS, INDEX, SUMS = "汇编.pdf", "脊背和盒签.pdf", "目录.html", "SHA256SUMS.txt"
BOUND = frozenset({Paper.State.UPLOADED, Paper.State.REVIEWED, Paper.State.APPROVED})


def binder_order(*, by: Scope, county: Area, indicators: Sequence[str], approved: bool = True) -> Job:
    """Ask for a binder of some indicators, of what was approved or of all that stands."""
    told = {"indicators": list(indicators), "approved": approved}
    return job_submit(KIND, by=by, county=county, post=by.acting and f"{by.acting.area.code}/{by.acting.code}", **told)


def folder_of(job: Job) -> Path:
    """Return where what a job made is kept: a backup leaves out what is called so, since it can be made again."""
    return Path(settings.FILES) / "part-binders" / str(job.id)


def newest_binder(county: Area) -> Job | None:
    """Return the job that made the newest binder of what was approved that is still kept."""
    made = Job.objects.of(county).filter(kind=KIND, status=Job.Status.DONE, arguments__approved=True).order_by("-id")
    return next((one for one in made if folder_of(one).is_dir()), None)


def binder_of(scope: Scope, county: Area, indicators: Sequence[str], *, approved: bool, day: dt.date) -> Binder:
    """Return what a binder holds: the papers that one reads, indicator by indicator in the order of the rules."""
    names, by_indicator = names_of(county), {}
    for one in items_of(scope, county):
        by_indicator.setdefault(one.item.indicator, []).append(one)
    wanted = [id for id in names if id in indicators and id in by_indicator]
    states = {Paper.State.APPROVED} if approved else BOUND
    chapters = [Chapter(id, names[id], tuple(_pieces(by_indicator[id], states))) for id in wanted]
    full = tuple(one for one in chapters if one.pieces)
    only = f"{full[0].indicator} {full[0].name}" if len(full) == 1 else "义务教育优质均衡发展县创建"
    return Binder(str(county), only, day, full, county.invented)


def _pieces(held: Sequence[Held], states: frozenset[str] | set[str]) -> list[Piece]:
    return [_piece(one, paper) for one in held for paper in one.papers if paper.state in states]


def _piece(one: Held, paper: Paper) -> Piece:
    file, about = paper.file, paper.file.about
    told = {name: getattr(about, name) for name in ("number", "formed_on", "original", "compiled")}
    known = {"name": file.name, "digest": file.digest, "media_type": file.media_type}
    return Piece(code=one.item.code, text=one.item.text, **told, **known)


@deed(KIND)
def binder_make(work: Work) -> dict[str, object]:
    """Make a binder; it appears whole or not at all, and may be begun again."""
    job, asked = work.job, work.job.arguments
    scope = scope_of(Account.objects.get(id=job.by_account), timezone.localdate(), asked["post"] or "")
    told = {"approved": asked["approved"], "day": timezone.localdate()}
    binder = binder_of(scope, job.county, asked["indicators"], **told)
    if not binder.pieces:
        raise Explained("这几项指标还没有审定的佐证：请先审定，或选“审定的和还没有审定的都要”")
    many = len(binder.pieces)
    target = folder_of(job)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix="part-"))
    try:
        # A paper is two steps: it is bound, and its original is packed.
        placed = bind(binder, part / PDF, lambda done, doing: work.report(done, 2 * many, doing))
        _zip(binder, placed, part, lambda packed, doing: work.report(many + packed, 2 * many, doing))
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    url = reverse("dossier:binders", args=[job.county.code])
    return {"url": url, "title": binder.title, "pieces": many, "pages": placed[-1].last}


def _zip(binder: Binder, placed: Sequence[Placed], folder: Path, report: Callable[[int, str], None]) -> None:
    """Write the zip beside the binder; each of its files but the list of hashes itself stands in that list."""
    report(0, "正在打包")
    named = _named(placed)
    own = {LABELS: pdf_of(labels(binder, placed)), INDEX: _index(binder, placed).encode()}
    sums = [
        (_digest(folder / PDF), BOUND_AS),
        *((hashlib.sha256(made).hexdigest(), name) for name, made in own.items()),
    ]
    sums += [(one.piece.digest, name) for one, name in zip(placed, named, strict=True)]
    with zipfile.ZipFile(folder / ZIP, "w", zipfile.ZIP_STORED) as package:
        package.write(folder / PDF, BOUND_AS)
        for name, made in own.items():
            package.writestr(name, made, zipfile.ZIP_DEFLATED)
        package.writestr(SUMS, "".join(f"{digest}  {name}\n" for digest, name in sums))
        for at, (one, name) in enumerate(zip(placed, named, strict=True)):
            report(at, f"正在打包 {one.piece.name}")
            with local(one.piece.digest) as original:
                package.write(original, name)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _named(placed: Sequence[Placed]) -> list[str]:
    """Return the names of the originals in the zip: each begins with its item, and none stands twice."""
    return [f"原件/{at:03}_{one.piece.code}_{_plain(one.piece.name)}" for at, one in enumerate(placed, 1)]


def _plain(name: str) -> str:
    """Return a name that every system can write."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)


def _index(binder: Binder, placed: Sequence[Placed]) -> str:
    """Return the index page of the zip: it stands alone, and leads to the originals beside it."""
    rows = [{"at": one, "name": name} for one, name in zip(placed, _named(placed), strict=True)]
    return render_to_string("dossier/index.html", {"binder": binder, "rows": rows})


def binders_expire(now: dt.datetime | None = None) -> int:
    """Remove binders that are some days old, and return how many; the scheduler calls it, and they can be made anew."""
    before, removed = ((now or timezone.now()) - KEPT_FOR).timestamp(), 0
    for folder in (Path(settings.FILES) / "part-binders").glob("*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
