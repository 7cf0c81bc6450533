"""What a receiver asks for beside reports: the sealed forms, the catalogue of the evidence, the binder (P18)."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from django.urls import reverse
from django.utils import timezone

from junheng_web.collection.ledger.subjects import subjects
from junheng_web.collection.sealed.seals import scans_of, unsealed
from junheng_web.dossier.binder_jobs import PDF, ZIP, folder_of, newest_binder
from junheng_web.dossier.cataloguing import approved_papers, catalogue_workbook
from junheng_web.evidence.models import File
from junheng_web.evidence.storage import local
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.models import Wanted

Make = Callable[[], AbstractContextManager[Path]]
SUMS = "SHA256SUMS.txt"
# In which shapes each of them can be had.
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {Wanted.SEALED: ("zip",), Wanted.EVIDENCE: ("xlsx",), Wanted.BINDER: ("pdf", "zip")}
)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is today: where it comes from, how large it is (as far as that is known), and what makes it."""

    url: str
    source: str = ""
    size: int = 0
    wrong: str = ""
    make: Make | None = None


def found_of(scope: Scope, county: Area, kind: str, ending: str) -> Found:
    """Return what there is of a kind today, in the shape that an ending names, or what is wrong with it."""
    return FINDERS[kind](scope, county, ending)


def _sealed(scope: Scope, county: Area, ending: str) -> Found:
    """Find the scan of each approved form of the assessment; none of them may lack."""
    judged = judged_for(county)
    ledger = judged.run.snapshot.ledger if judged else None
    if ledger is None:
        url = reverse("collection:newest", args=[county.code])
        return Found(url, wrong="评估用的数不是在这里填报、审定的，没有盖章件")
    url = reverse("collection:board", args=[county.code, ledger.period.code, ledger.basis])
    waiting, scans = unsealed(ledger), scans_of(ledger)
    if waiting or not scans:
        return Found(url, wrong=f"还有 {len(waiting)} 张审定的填报表没有盖章件" if waiting else "还没有盖章件")
    names = {(one.kind, one.code): one.name for one in subjects(ledger)}
    told = [(f"{code}_{names.get((kind, code), '')}", file) for (kind, code), file in sorted(scans.items())]
    size = sum(file.size for _, file in told)
    return Found(url, f"{len(told)} 张填报表的盖章件", size, make=partial(_zipped, told))


@contextlib.contextmanager
def _zipped(told: list[tuple[str, File]]) -> Iterator[Path]:
    """Give a zip of scans under the names of their forms, with their hashes."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.zip"
        names = [f"{_plain(name)}.{file.name.rsplit('.', 1)[-1].lower()}" for name, file in told]
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
            sums = (f"{file.digest}  {name}\n" for name, (_, file) in zip(names, told, strict=True))
            package.writestr(SUMS, "".join(sums))
            for name, (_, file) in zip(names, told, strict=True):
                with local(file.digest) as original:
                    package.write(original, name)
        yield made


def _plain(name: str) -> str:
    """Return a name that every system can write."""
    return "".join("_" if sign in '\\/:*?"<>|' else sign for sign in name)


def _evidence(scope: Scope, county: Area, ending: str) -> Found:
    """Find every paper that was approved, as a workbook."""
    url, many = reverse("dossier:items", args=[county.code]), len(approved_papers(scope, county))
    if not many:
        return Found(url, wrong="还没有审定的佐证")
    return Found(url, f"{many} 份审定的佐证", make=partial(_catalogued, scope, county))


@contextlib.contextmanager
def _catalogued(scope: Scope, county: Area) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.xlsx"
        made.write_bytes(catalogue_workbook(scope, county))
        yield made


def _binder(scope: Scope, county: Area, ending: str) -> Found:
    """Find the newest binder of what was approved that is still kept."""
    url, job = reverse("dossier:binders", args=[county.code]), newest_binder(county)
    if job is None:
        return Found(url, wrong="没有装订好的汇编；请到“装订成册”装一次")
    file, told = folder_of(job) / (PDF if ending == "pdf" else ZIP), job.result or {}
    day = timezone.localdate(job.ended_at)
    source = f"{told.get('title', '')}：{told.get('pieces')} 件，{told.get('pages')} 页（{day} 装订）"
    return Found(url, source, file.stat().st_size, make=partial(contextlib.nullcontext, file))


FINDERS: Mapping[str, Callable[[Scope, Area, str], Found]] = MappingProxyType(
    {Wanted.SEALED: _sealed, Wanted.EVIDENCE: _evidence, Wanted.BINDER: _binder}
)
