"""A binder of 500 pages, from the order to the zip, beside the PDF library merely putting the same files together.

python bench/binder.py [--write]

An invented county whose papers are half texts and half scans of a page at 150 dots an inch, approved, so that they are
bound. The binder is what a worker makes: cover, catalogue, dividers, numbered pages, bookmarks, labels, and the zip
with every original and its hash. The floor opens the same files, imports their pages into one, and saves it. Both in
one process, alternately. Adds to build/bench.json and prints a table; --write also writes docs/quality/binder.md.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.append(str(ROOT / "tools"))

from revision import revision, today  # noqa: E402 (the tools had to be found first)

PAPERS, PAGES_A_PAPER, ROUNDS = 50, 10, 3
PAGES = PAPERS * PAGES_A_PAPER
# What the issue allows for it, on a quiet machine (s).
ALLOWED_S = 20
SCAN, LINES = (1240, 1754), 30


def main() -> None:
    """Run both, some times."""
    with tempfile.TemporaryDirectory(prefix="junheng-bench-") as folder:
        _platform(Path(folder))
        county, digests, size = _county()
        (bound, worked), (merged, merging) = _alternately(
            lambda: _bind(county), lambda: _merge(digests, Path(folder) / "merged.pdf")
        )
    figures = {"load_average": os.getloadavg()[0], "pages": PAGES, "papers": PAPERS, "mb": size / 2**20}
    figures |= {"binder_s": bound, "floor_s": merged, "ratio": bound / merged, "pages_a_second": PAGES / bound}
    figures |= {"binder_cpu_s": worked, "floor_cpu_s": merging}
    _keep(figures)
    table = "\n".join(_table(figures))
    print(table)
    if "--write" in sys.argv:
        heading = f"# A binder of {PAGES} pages\n\n{today()}, commit {revision()}."
        made = f"{heading} Made by `python bench/binder.py --write`.\n\n{table}\n"
        (ROOT / "docs" / "quality" / "binder.md").write_text(made, encoding="utf-8")


def _platform(folder: Path) -> None:
    """Start the platform on a new database."""
    os.environ.update(JUNHENG_DATA=str(folder / "data"), DJANGO_SETTINGS_MODULE="junheng_web.config.settings")
    os.environ["JUNHENG_LOG"] = "ERROR"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _county() -> tuple[object, list[str], int]:
    """Return an invented county with its checklist proved, the digests of its papers, and their size."""
    from junheng_web.dossier.models import Item, Paper
    from junheng_web.dossier.services import checklist_take
    from junheng_web.evidence.models import About
    from junheng_web.evidence.services import file_add
    from junheng_web.organisation.models import Area

    league = Area.objects.create(code="bench", name="测速", kind=Area.Kind.LEAGUE, invented=True)
    county = Area.objects.create(code="bench-1", name="测速", kind=Area.Kind.COUNTY, parent=league, invented=True)
    checklist_take(by=None, county=county)
    items, digests, size = list(Item.objects.filter(county=county)), [], 0
    for at in range(PAPERS):
        file, _ = file_add(by=_office(county), county=county, name=f"示例材料{at}.pdf", chunks=[_paper(at)])
        About.objects.create(county=county, file=file, formed_on=dt.date(2026, 1, 1), number=f"示例〔2026〕{at}号")
        Paper.objects.create(county=county, item=items[at % len(items)], file=file, state=Paper.State.APPROVED)
        digests.append(file.digest)
        size += file.size
    return county, digests, size


def _paper(at: int) -> bytes:
    """Return a paper of some pages: of text, or of scans whose noise no two pages share."""
    from junheng_web.dossier.sheets import Sheet, pdf_of

    if at % 2:
        return _scanned(at)
    sheets = []
    for page in range(PAGES_A_PAPER):
        sheet = Sheet()
        for line in range(LINES):
            sheet.text(
                80, 760 - 22 * line, 12, f"示例材料第 {at} 份第 {page} 页第 {line} 行，虚构，仅供测速，共三十行。"
            )
        sheets.append(sheet)
    return pdf_of(sheets)


def _scanned(at: int) -> bytes:
    from PIL import Image, ImageDraw

    chance, pages = random.Random(at), []  # noqa: S311 (no secret)
    for _ in range(PAGES_A_PAPER):
        page = Image.new("L", SCAN, 250)
        pen = ImageDraw.Draw(page)
        for _ in range(1500):
            x, y = chance.randrange(100, 1100), chance.randrange(100, 1600)
            pen.line((x, y, x + chance.randrange(30), y + chance.randrange(30)), fill=chance.randrange(90), width=3)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150, quality=80)
    return out.getvalue()


def _bind(county: object) -> None:
    """Order a binder of everything and let a worker make it."""
    from junheng_web.dossier.binder_jobs import PDF, binder_order, folder_of
    from junheng_web.organisation import jobs
    from junheng_web.organisation.models import Job

    scope = _office(county)
    indicators = sorted({one.indicator for one in _items(county)})
    job = binder_order(by=scope, county=county, indicators=indicators)
    while Job.objects.get(id=job.id).ended_at is None:
        jobs.run_next()
    job.refresh_from_db()
    if job.status != Job.Status.DONE or job.result["pages"] < PAGES or not (folder_of(job) / PDF).exists():
        raise SystemExit(f"the binder was not made: {job.error}")


def _items(county: object) -> list[object]:
    from junheng_web.dossier.models import Item

    return list(Item.objects.filter(county=county))


def _office(county: object) -> object:
    """Return the office of a county, made the first time."""
    from junheng_web.organisation.models import Account, Appointment, Person, Post
    from junheng_web.organisation.scopes import scope_of

    account = Account.objects.filter(username="bench").first()
    if account is None:
        person = Person.objects.create(county=county, name="测速")
        post = Post.objects.create(area=county, code="office", name="测速", role="office")
        Appointment.objects.create(post=post, person=person, start=dt.date(2020, 1, 1))
        account = Account.objects.create_user("bench", person=person)
    return scope_of(account, dt.date.today())  # noqa: DTZ011


def _merge(digests: list[str], file: Path) -> None:
    """Put the same papers together, and nothing else."""
    import pypdfium2

    from junheng_web.evidence.storage import local

    whole = pypdfium2.PdfDocument.new()
    for digest in digests:
        with local(digest) as original, contextlib.closing(pypdfium2.PdfDocument(original)) as pages:
            whole.import_pages(pages)
    if len(whole) != PAGES:
        raise SystemExit(f"the floor has {len(whole)} pages")
    whole.save(file)
    whole.close()


def _alternately(*contestants: Callable[[], None]) -> list[tuple[float, float]]:
    """Call all in turn, once to warm up and then some times; return the medians in seconds, and of the processor's.

    The processor's own time is not lengthened by what else the machine does.
    """
    times: list[list[tuple[float, float]]] = [[] for _ in contestants]
    for _ in range(ROUNDS + 1):
        for call, took in zip(contestants, times, strict=True):
            start, before = time.perf_counter(), time.process_time()
            call()
            took.append((time.perf_counter() - start, time.process_time() - before))
    return [(median(wall for wall, _ in one[1:]), median(cpu for _, cpu in one[1:])) for one in times]


def _keep(figures: dict[str, object]) -> None:
    """Put the figures beside the others."""
    kept = ROOT / "build" / "bench.json"
    kept.parent.mkdir(exist_ok=True)
    known = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    kept.write_text(json.dumps(known | {"binder": figures}, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _table(figures: dict[str, float]) -> Iterator[str]:
    yield f"Load average at the end: {figures['load_average']:.1f}. {PAPERS} papers of {PAGES_A_PAPER} pages, half of"
    yield f"them scans, {figures['mb']:.0f} MB; the median of {ROUNDS} rounds."
    yield from (
        "",
        "| | seconds | of the processor | allowed s | x floor | pages a second |",
        f"| --- |{' ---: |' * 5}",
    )
    for name, who, allowed in (("binder and zip", "binder", ALLOWED_S), ("the library, the same files", "floor", "")):
        took, worked = figures[f"{who}_s"], figures[f"{who}_cpu_s"]
        ratio, speed = took / figures["floor_s"], PAGES / took
        yield f"| {name} | {took:.2f} | {worked:.2f} | {allowed} | {ratio:.1f} | {speed:.0f} |"


if __name__ == "__main__":
    main()
