"""What outside does not see since no machine could read it for sure, until the office has looked and clears it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from junheng_web.evidence.models import Clearance, File, Reading, Recognised
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope

# Less sure than this (percent), a number may have been read as another sign: it would not be covered.
LEAST_SURE = 60
UNSURE = Q(state=Recognised.State.FAILED) | Q(sure__gt=0, sure__lt=LEAST_SURE)


def unread(known: Reading) -> str:
    """Return why it is not known whether there are numbers of persons in a file; nothing where it was read for sure."""
    return unread_of([known])[known.file_id]


def unread_of(readings: Collection[Reading]) -> dict[int, str]:
    """Return the same of several files, by the file."""
    pages = Recognised.objects.filter(file__in=[one.file_id for one in readings])
    waiting = set(pages.filter(state=Recognised.State.WAITING).values_list("file", flat=True))
    unsure = set(pages.filter(UNSURE).values_list("file", flat=True))
    return {one.file_id: _why(one, waiting=one.file_id in waiting, unsure=one.file_id in unsure) for one in readings}


def _why(known: Reading, *, waiting: bool, unsure: bool) -> str:
    if known.state == Reading.State.UNREADABLE:
        return "这个文件程序打不开"
    if waiting:
        return "里面的扫描页、照片还没有认完字"
    if unsure:
        return f"有的扫描页、照片认不出字，或认得没有把握（不到 {LEAST_SURE}%）"
    return "" if known.whole else "没有读到最后：它太长，或里面只有图"


def clearance_of(file: File) -> Clearance | None:
    """Return what the office said last of a file."""
    return Clearance.objects.filter(file=file).order_by("-id").first()


def hidden(known: Reading) -> str:
    """Return why outside does not see a file's pages: not read for sure, and not cleared; nothing where it does."""
    why = unread(known)
    last = clearance_of(known.file) if why else None
    return "" if last and last.shown else why


def hidden_files(files: QuerySet[File]) -> QuerySet[File]:
    """Return those files that outside does not see for that reason."""
    pages = Recognised.objects.filter(file=OuterRef("pk"))
    unsure = pages.filter(UNSURE | Q(state=Recognised.State.WAITING))
    last = Clearance.objects.filter(file=OuterRef("pk")).order_by("-id")
    read = Q(reading__whole=False) | Q(reading__state=Reading.State.UNREADABLE) | Exists(unsure)
    return files.annotate(cleared=Subquery(last.values("shown")[:1])).filter(read, Q(cleared=None) | Q(cleared=False))


@transaction.atomic
def file_clear(*, by: Scope, file: File, shown: bool) -> None:
    """Say whether outside may see a file that the office has looked at; numbers that were read stay covered."""
    Clearance.objects.create(county=file.county, file=file, shown=shown, **audit.signed(by))
    audit.record("file.clear", by=by, county=file.county, of=("file", file.digest), shown=shown)


@transaction.atomic
def files_clear(*, by: Scope, files: Iterable[File]) -> int:
    """Say of files that the office has looked at that outside may see them, all or none; return how many they are."""
    chosen = list(files)
    for one in chosen:
        file_clear(by=by, file=one, shown=True)
    return len(chosen)
