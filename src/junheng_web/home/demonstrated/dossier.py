"""Evidence of the demonstration: 示例旗's checklist, and papers that are made here and say that they are invented."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from django.core.files import File as Sent
from django.utils import timezone

from junheng_web.dossier.deeds import DEEDS
from junheng_web.dossier.handing import file_hand_in, paper_take
from junheng_web.dossier.models import Item, Paper
from junheng_web.dossier.selectors import item_named
from junheng_web.dossier.services import checklist_take
from junheng_web.dossier.sheets import HEIGHT, LEFT, Sheet, pdf_of
from junheng_web.evidence.describing import About
from junheng_web.organisation.models import Account, Area
from junheng_web.organisation.scopes import Scope, scope_of

Row = Mapping[str, str]
# Whoever reviews and approves in the demonstration; nobody reviews what he handed in himself.
REVIEWER, OTHER_REVIEWER, APPROVER = "edu-hr-desk", "office", "office"
DUE_DAYS = 30
INVENTED = "（虚构，仅供演示）"


def load(county: Area, folder: Path) -> None:
    """Take in the checklist and the papers of the table in the folder. Loading them again changes nothing."""
    if Item.objects.of(county).exists():
        return
    today = timezone.localdate()
    checklist_take(by=None, county=county, due=today + dt.timedelta(days=DUE_DAYS))
    with (folder / "papers.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            _paper(county, row, today)


def _paper(county: Area, row: Row, today: dt.date) -> None:
    by, office = _acting(row["by"], today), _acting(APPROVER, today)
    one = item_named(office, county, row["indicator"], int(row["item"]))
    formed = today - dt.timedelta(days=int(row["days_ago"]))
    about = About(formed, row["number"], row["original"], row["compiled"] == "是")
    file = Sent(BytesIO(_pdf(row, formed)), row["name"])
    paper = file_hand_in(by=by, one=one, file=file, about=about, today=today)
    for name in [*row["steps"].split(), *(["return"] if row["returned"] else [])]:
        paper = _take(paper, name, row, today)


def _take(paper: Paper, name: str, row: Row, today: dt.date) -> Paper:
    reviewer = OTHER_REVIEWER if row["by"] == REVIEWER else REVIEWER
    by = _acting(APPROVER if name == "approve" else reviewer, today)
    return paper_take(by=by, paper=paper, deed=DEEDS[name], note=row["returned"], seen=paper.state)


def _acting(username: str, today: dt.date) -> Scope:
    return scope_of(Account.objects.get(username=username), today)


def _pdf(row: Row, day: dt.date) -> bytes:
    """Return the paper itself: a page with its words, its day, and that it is invented."""
    page = Sheet()
    title, *lines = row["text"].split("|")
    page.centred(HEIGHT - 120, 18, title)
    for at, line in enumerate([row["number"], *lines, f"{day:%Y-%m-%d}", INVENTED]):
        page.text(LEFT, HEIGHT - 180 - 28 * at, 13, line)
    return pdf_of([page])
