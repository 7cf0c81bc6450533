"""A workbook's plan lists what the checks would newly find, and every cell that would change can be reached."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from collected import HERE, PUPILS, SCHOOL, acting, form_of, ledger_of, type_in
from junheng_web.collection.exchange import import_jobs
from junheng_web.collection.exchange.foreseeing import foreseen
from junheng_web.collection.handing.checking import found_in, placed
from junheng_web.collection.ledger.saving import Change
from junheng_web.collection.ledger.values import read
from junheng_web.collection.models import Entry
from junheng_web.common.tables import ROWS_A_PAGE
from junheng_web.organisation.jobs import run_next
from odd_workbooks import HEADINGS, SCHOOL_NAME, book, zipped

pytestmark = pytest.mark.django_db
IMPORT = f"{HERE}import/"
CROWDED = (HEADINGS, (SCHOOL, SCHOOL_NAME, 18900, 150))
LISTED = "学校标识码,学段,年级,班级名称,学生数"
MANY = 40


def planned(browser, content: bytes, name: str = "本校.xlsx"):
    """Hand a file in, and return the page of what it would change."""
    return browser.post(IMPORT, {"file": SimpleUploadedFile(name, content)}, follow=True)


def in_form() -> set[tuple]:
    """Return what is found in the school's form now."""
    return {(each.key, each.finding.check.id, each.finding.value, each.finding.message) for each in found_in(form_of())}


def test_what_is_told_before_is_what_is_found_after() -> None:
    """For the school's form: no more, no less, and what was there already is not told."""
    change = Change(PUPILS, read(PUPILS, "18900").kept)
    before, told = in_form(), foreseen(acting("clerk-03"), ledger_of(), [change])
    entries = Entry.objects.count()
    assert told
    assert Entry.objects.count() == entries
    type_in("clerk-03", PUPILS, "18900")
    after = in_form()
    new = {(key[2], id, value) for key, id, value, _ in after} - {(key[2], id, value) for key, id, value, _ in before}
    assert len(told) == len(new)
    assert {one.message for one in told} <= {message for *_, message in after}


def test_the_page_lists_new_findings_before_anybody_agrees(as_) -> None:
    """Each with its form, how grave, and what to do; and it may be imported all the same."""
    page = planned(as_("clerk-03"), book(CROWDED))
    text = page.content.decode()
    assert page.context["found_count"] > 0
    assert f"会新查出 {page.context['found_count']} 处问题" in text
    assert all(row["one"].form == SCHOOL_NAME for row in page.context["found"])
    assert page.context["found"][0]["one"].remedy in text
    assert "导入这 1 格" in text


def test_a_file_that_brings_nothing_wrong_says_so(as_) -> None:
    """One teacher more is no finding; what was found before is not told again."""
    page = planned(as_("clerk-03"), book((HEADINGS, (SCHOOL, SCHOOL_NAME, 1890, 151))))
    known = len(placed(ledger_of()))
    assert (page.context["found_count"], known > 0) == (0, True)
    assert "不会新查出问题" in page.content.decode()


def test_a_job_writes_the_findings_down_with_its_plan(as_, monkeypatch, settings, tmp_path) -> None:
    """And its page shows the same as that of a small file."""
    small = planned(as_("clerk-03"), book(CROWDED)).context["found"]
    monkeypatch.setattr(import_jobs, "LARGE_FILE", 0)
    settings.FILES = tmp_path / "files"
    page = planned(as_("clerk-03"), book(CROWDED))
    assert run_next()
    page = as_("clerk-03").get(page.request["PATH_INFO"], follow=True)
    assert page.context["found"] == small != []


def test_every_cell_can_be_reached_however_many_there_are(as_) -> None:
    """Page by page on the screen, and all of them in the workbook."""
    rows = [f"{SCHOOL},小学,1,新{at}班,40" for at in range(MANY)]
    tables = {
        "学校.csv": f"学校标识码,小学班数\n{SCHOOL},{MANY}\n".encode(),
        "班级.csv": "\n".join([LISTED, *rows, ""]).encode(),
    }
    clerk = as_("clerk-03")
    page = planned(clerk, zipped(tables), "清单.zip")
    many, here = len(page.context["plan"].differences), page.request["PATH_INFO"]
    assert many > ROWS_A_PAGE
    assert len(page.context["table"].page.object_list) == ROWS_A_PAGE
    last = clerk.get(f"{here}?page={-(-many // ROWS_A_PAGE)}").context["table"].page
    assert (last.has_next(), last.has_previous()) == (False, True)
    answer = clerk.get(f"{here}?_export=xlsx")
    assert len(list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)) == many + 1
