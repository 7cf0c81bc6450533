"""A workbook that was filled in without a line comes back: nothing that others entered since is set back unseen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from collected import FORM, HERE, PUPILS, SCHOOL, TEACHERS, acting, held, ledger_of, take, type_in
from junheng_web.collection.exchange import bases, import_jobs, importing
from junheng_web.collection.models import Entry, Write
from junheng_web.evidence import trials
from junheng_web.organisation.jobs import run_next
from odd_workbooks import HEADINGS, ROW, book

pytestmark = pytest.mark.django_db
IMPORT = f"{HERE}import/"
ABOVE = ("schools", SCHOOL, "primary_teachers_above")
LABELS = {PUPILS: "小学在校生数", TEACHERS: "小学专任教师数"}


@pytest.fixture
def clerk(as_, settings, tmp_path) -> Client:
    """Return the browser of a school's clerk."""
    settings.FILES = tmp_path / "files"
    return as_("clerk-03")


def taken_home(browser: Client, address: str = f"{FORM}workbook") -> bytes:
    """Return the school's workbook as it is downloaded."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content


def filled_in(content: bytes, **values: int | str | None) -> bytes:
    """Return a workbook with other values in the school's row, as a spreadsheet saves it."""
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = made["学校"]
    headings = {str(cell.value).split("（")[0]: cell.column for cell in sheet[1]}
    for label, value in values.items():
        sheet.cell(2, headings[label]).value = value
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def brought(browser: Client, content: bytes, address: str = IMPORT):
    """Bring a file in, and return the page of what it would change."""
    return browser.post(address, {"file": SimpleUploadedFile("我的.xlsx", content)}, follow=True)


def agreed(browser: Client, page, *mine: importing.Conflict):
    """Agree to what a page shows, taking the file's value in some conflicts; return the answer."""
    made = page.context["plan"]
    choices = {f"choice-{one.token}": "mine" if one in mine else "now" for one in made.conflicts}
    return browser.post(f"{page.request['PATH_INFO']}apply", {"agreed": made.digest, **choices}, follow=True)


def changes(page) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return what a page says that would change: old and new by cell."""
    return {one.change.key: (one.before, one.after) for one in page.context["plan"].differences}


def test_what_others_entered_since_and_the_clerk_did_not_touch_stays(clerk) -> None:
    """The file holds the old number; it is no change, and is told of."""
    content = filled_in(taken_home(clerk), 小学专任教师数=152)
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, content)
    assert changes(page) == {TEACHERS: ("150", "152")}
    assert (page.context["plan"].newer, page.context["plan"].conflicts) == (1, [])
    assert "下载以后在平台上改过、您的文件没有动的 1 格，保留现在的值" in page.content.decode()
    assert "1 格保留下载以后改过的值" in agreed(clerk, page).content.decode()
    assert (held(PUPILS).integer, held(TEACHERS).integer) == (1801, 152)


def test_a_cell_that_both_changed_is_shown_side_by_side(clerk) -> None:
    """At the download, now with who and when, and in the file; without a choice nothing is taken."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888)
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, content)
    (one,) = page.context["plan"].conflicts
    assert changes(page) == {}
    assert (one.base, one.difference.before, one.difference.after) == ("1890", "1801", "1888")
    text = page.content.decode()
    for told in ("1 格两边都改过，请逐格选", "罗思齐", "保留 1801", "用 1888", "学校第 2 行"):
        assert told in text, told
    assert text.index("两边都改过") < text.index("会改 0 格")
    before = ledger_of().sequence
    agreed(clerk, page)
    assert (held(PUPILS).integer, ledger_of().sequence) == (1801, before)


def test_each_conflict_is_chosen_by_itself(clerk) -> None:
    """The file's value is taken in the one that was chosen, and in no other one."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888, 小学专任教师数=152)
    type_in("head-03", PUPILS, "1801")
    type_in("head-03", TEACHERS, "149")
    page = brought(clerk, content)
    mine = next(one for one in page.context["plan"].conflicts if one.difference.change.key == TEACHERS)
    assert len(page.context["plan"].conflicts) == 2
    agreed(clerk, page, mine)
    assert (held(PUPILS).integer, held(TEACHERS).integer) == (1801, 152)
    assert held(TEACHERS).entry.write.file_name == "我的.xlsx"


def test_a_choice_holds_for_what_was_shown_alone(clerk) -> None:
    """Changed again meanwhile, nothing is written; the other choice is still there, what moved is asked anew."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888, 小学专任教师数=152)
    type_in("head-03", PUPILS, "1801")
    type_in("head-03", TEACHERS, "149")
    page, entries = brought(clerk, content), Entry.objects.count()
    type_in("head-03", PUPILS, "1802")
    answer = agreed(clerk, page, *page.context["plan"].conflicts)
    assert "有人改了数" in answer.content.decode()
    assert Entry.objects.count() == entries + 1
    taken = {one.difference.change.key: kept for _, one, kept in answer.context["conflicts"]}
    assert taken == {PUPILS: False, TEACHERS: True}


def test_a_made_up_choice_takes_nothing(clerk) -> None:
    """A token that no conflict bears is none."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888)
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, content)
    told = {"agreed": page.context["plan"].digest, "choice-0": "mine", f"choice-{'0' * 24}": "mine"}
    clerk.post(f"{page.request['PATH_INFO']}apply", told, follow=True)
    assert held(PUPILS).integer == 1801


def test_the_same_or_a_value_that_was_set_back_is_no_conflict(clerk) -> None:
    """Both wrote the same; or it holds again what it held at the download: then the file's is a change as any other."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888, 小学专任教师数=152)
    type_in("head-03", PUPILS, "1888")
    type_in("head-03", TEACHERS, "149")
    type_in("head-03", TEACHERS, "150")
    page = brought(clerk, content)
    assert page.context["plan"].conflicts == []
    assert changes(page) == {TEACHERS: ("150", "152")}


@pytest.mark.parametrize("mine", [False, True], ids=["kept", "taken"])
def test_the_same_file_again_changes_nothing(clerk, mine: bool) -> None:
    """Whatever was chosen: what is left of it are the conflicts in which the newer value was kept."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888, 小学专任教师数=152)
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, content)
    agreed(clerk, page, *(page.context["plan"].conflicts if mine else ()))
    again, before = brought(clerk, content), ledger_of().sequence
    assert changes(again) == {}
    assert len(again.context["plan"].conflicts) == (not mine)
    agreed(clerk, again)
    assert ledger_of().sequence == before


def test_a_row_that_was_added_to_a_list_meanwhile_stays(clerk) -> None:
    """The workbook's list ends before it, and did so when it was downloaded."""
    content = taken_home(clerk)
    rows = set(Entry.objects.filter(ledger=ledger_of(), table="rooms", school=SCHOOL).values_list("row"))
    added = ("rooms", f"{SCHOOL}|{len(rows) + 1:04}", "area")
    type_in("head-03", added, "96.5")
    page = brought(clerk, content)
    assert changes(page) == {}
    assert page.context["plan"].newer == 1
    assert held(added).integer == 9650


def test_without_a_base_it_is_as_ever(clerk) -> None:
    """A file of the school's own making says nothing of a download: old and new are shown, and nothing is asked."""
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, book([HEADINGS, ROW]))
    assert changes(page) == {PUPILS: ("1801", "1888"), TEACHERS: ("150", "151")}
    assert page.context["plan"].conflicts == []


def told_otherwise(content: bytes, change: Callable[[str], str]) -> bytes:
    """Return a workbook that says something else of its base."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == bases.PART else text)
    return out.getvalue()


def test_a_base_that_does_not_hold_here_is_remarked_on(clerk) -> None:
    """Of the other basis, of a state that this ledger never had, or nonsense: the file is read as one without."""
    census = taken_home(clerk, f"{FORM}workbook".replace("current", "census"))
    content, code = filled_in(taken_home(clerk), 小学在校生数=1888), ledger_of().head
    type_in("head-03", PUPILS, "1801")
    assert "不是从“" in brought(clerk, census).content.decode()
    strange = told_otherwise(content, lambda text: text.replace(code, "0" * 24))
    page = brought(clerk, strange)
    assert "也许恢复过备份" in page.content.decode()
    assert changes(page)[PUPILS] == ("1801", "1888")
    for odd in ("1/2/3", "a" * 300, "150699/2025/current/99999999999999999999/"):
        nonsense = told_otherwise(content, lambda text, odd=odd: text.replace(f"/{code}", odd))
        assert changes(brought(clerk, nonsense))[PUPILS] == ("1801", "1888")
    assert brought(clerk, told_otherwise(content, lambda _: "<not xml")).status_code == 200


def test_a_conflict_in_a_form_that_was_handed_in_is_a_problem(clerk) -> None:
    """What may not be written is not offered for a choice."""
    content = filled_in(taken_home(clerk), 小学在校生数=1888)
    type_in("head-03", PUPILS, "1801")
    take("office", "submit")
    page = brought(clerk, content)
    assert page.status_code == 422
    assert "已提交，不能再改" in page.content.decode()
    assert "choice-" not in page.content.decode()


def test_a_job_finds_the_same(clerk, monkeypatch) -> None:
    """A large file's plan is made by a job and kept: conflicts with what they show, and their tokens."""
    monkeypatch.setattr(import_jobs, "LARGE_FILE", 0)
    content = filled_in(taken_home(clerk), 小学在校生数=1888)
    type_in("head-03", PUPILS, "1801")
    page = brought(clerk, content)
    run_next()
    page = clerk.get(page.request["PATH_INFO"], follow=True)
    (one,) = page.context["plan"].conflicts
    trial = trials.find(
        account=acting("clerk-03").account.id, county="150699", code=page.context["trial"].code, purpose="collect"
    )
    made, _ = import_jobs.plan_now(acting("clerk-03"), ledger_of(), trial)
    assert (made.conflicts, made.digest) == ([one], page.context["plan"].digest)
    agreed(clerk, page, one)
    assert held(PUPILS).integer == 1888
    assert Write.objects.latest("id").kind == "imported"
