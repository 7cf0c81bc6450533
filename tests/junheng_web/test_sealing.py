"""The scan of a sealed form finds the version that it seals by the code on it; what is not sealed blocks no run."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import FORM, HERE, PUPILS, SCHOOL, acting, approve, form_of, ledger_of, take, type_in
from handed_in import named
from junheng_web.assessment.live import standing
from junheng_web.collection.handing.approving import digest_of
from junheng_web.collection.ledger.locking import ledger_lock, period_freeze
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import SealedForm
from junheng_web.collection.sealed.marks import Mark, mark_in, mark_of, spaced, typed_code
from junheng_web.collection.sealed.sealing import form_seal, seals
from junheng_web.collection.sealed.seals import sealed_forms, unsealed
from junheng_web.evidence.models import File, Link
from junheng_web.organisation.models import AuditRow, Event
from places import COUNTY
from scanned import picture, scan

pytestmark = pytest.mark.django_db
SEALED = f"{FORM}sealed/"
BLANK = "盖章件.png"


def seal(username: str = "clerk-03", file=None, **more) -> SealedForm:
    """Attach a scan to the school's form."""
    return form_seal(by=acting(username), one=form_of(), file=file or scan(form_of()), **more)


@pytest.mark.parametrize("name", ["盖章件.pdf", "盖章件.jpg", "盖章件.png"])
@pytest.mark.parametrize("look", [{}, {"turned": 3.5}, {"turned": 180}, {"noise": 20000}], ids=str)
def test_the_code_is_read_from_what_scanners_and_telephones_make(name: str, look: dict) -> None:
    """Straight, askew, upside down, with specks; as a page, as a photograph."""
    one = seal(file=scan(form_of(), name, **look))
    assert (one.matched, one.digest) == ("read", digest_of(form_of()))


def test_a_sealed_approval_is_told_from_one_that_is_not(as_) -> None:
    """On the form, the board, the page of the approved run; the run is made without it."""
    approve()
    key = ("school", SCHOOL)
    assert (key in unsealed(ledger_of()), key in sealed_forms(ledger_of())) == (True, False)
    assert "已审定·未盖章" in as_("clerk-03").get(FORM).content.decode()
    assert "已审定里有 1 份未盖章" in as_("office").get(HERE).content.decode()
    page = f"/c/{COUNTY}/approved/2025/current/"
    assert "1 份审定的表还没有盖章件" in as_("office").get(page).content.decode()
    assert as_("office").post(page).status_code == 302
    answer = as_("clerk-03").post(
        SEALED, {"file": scan(form_of()), "formed_on": "2025-09-20", "original": "档案室 3 柜 2 盒"}
    )
    assert answer.status_code == 302
    assert unsealed(ledger_of()) == set()
    assert "已审定·未盖章" not in as_("clerk-03").get(FORM).content.decode()
    assert "未盖章" not in as_("office").get(HERE).content.decode()
    assert standing(ledger_of())["unsealed"] == []
    told = as_("office").get(SEALED).content.decode()
    for words in ("与现在的数一致", "从二维码读出", "2025-09-20", "档案室 3 柜 2 盒", "韩小满"):
        assert words in told, words
    one = SealedForm.objects.get()
    assert (one.formed_on, one.by_name) == (dt.date(2025, 9, 20), "韩小满")
    assert Link.objects.get(object_kind="sealed").object_code.endswith(f":{SCHOOL}:{one.digest[:12]}")
    assert AuditRow.objects.filter(action="form.seal").count() == Event.objects.filter(kind="form.sealed").count() == 1


def test_where_no_code_can_be_read_a_person_types_it(as_) -> None:
    """With or without dashes and spaces, in capitals, with the letter O for 0; otherwise the page says what to do."""
    clerk, blank = as_("clerk-03"), picture(BLANK)
    page = clerk.post(SEALED, {"file": blank, "typed": "", "original": "3 柜"}).content.decode()
    assert "没有读出二维码" in page
    assert 'value="3 柜"' in page
    for wrong in ("ab12", "zz12-cd34-ef56"):
        with pytest.raises(ValidationError, match="不完整"):
            seal(file=picture(BLANK), typed=wrong)
    code = spaced(digest_of(form_of()))
    for typed in (code, code.upper().replace("-", " "), code.replace("0", "O")):
        assert seal(file=picture(BLANK), typed=typed).matched == "typed"


def test_a_scan_of_an_earlier_version_says_what_changed_since(as_) -> None:
    """It is kept with the version that it seals, and the form is not sealed by it."""
    approve()
    paper, code = scan(form_of()), digest_of(form_of())
    take("office", "withdraw", note="班级数报错")
    type_in("clerk-03", PUPILS, "1889")
    approve()
    answer = as_("clerk-03").post(SEALED, {"file": paper}, follow=True)
    page = answer.content.decode()
    assert "盖的是以前的一版" in page
    for told in ("是以前的一版", "盖章以后改了 1 格", "小学在校生数", "1890", "1889", spaced(code), "提交的一版"):
        assert told in page, told
    assert SealedForm.objects.get().digest == code != digest_of(form_of())
    assert unsealed(ledger_of()) == {("school", SCHOOL)}
    type_in_again = seal()
    assert type_in_again.digest == digest_of(form_of())
    assert unsealed(ledger_of()) == set()


def test_a_scan_stays_with_its_version_when_the_form_is_filled_in_anew() -> None:
    """Withdrawn and changed, the form is unsealed; put back as it was, the paper counts again."""
    approve()
    seal()
    assert unsealed(ledger_of()) == set()
    take("office", "withdraw", note="核对")
    type_in("clerk-03", PUPILS, "1889")
    (row,) = seals(form_of())["rows"]
    assert (row["holds"], [(one.label, one.before, one.after) for one in row["changed"]]) == (
        False,
        [("小学在校生数", "1890", "1889")],
    )
    approve()
    assert unsealed(ledger_of()) == {("school", SCHOOL)}
    take("office", "withdraw", note="核对")
    type_in("clerk-03", PUPILS, "1890")
    approve()
    assert unsealed(ledger_of()) == set()


def test_a_paper_printed_before_a_change_is_no_version_s() -> None:
    """Nobody handed that in: it has to be printed and sealed again. Nothing is kept of it."""
    paper = scan(form_of())
    type_in("clerk-03", PUPILS, "1889")
    with pytest.raises(ValidationError, match="重新打印"):
        seal(file=paper)
    assert (SealedForm.objects.count(), File.objects.count()) == (0, 0)


def test_another_form_s_paper_is_refused_by_name() -> None:
    """Another school's, another basis's with the very same numbers; and a typed code that the scan gainsays."""
    with pytest.raises(ValidationError, match=r"是“.+” 2025 年现状口径的，不是这份表"):
        seal(file=scan(form_of("1506990001")))
    with pytest.raises(ValidationError, match="2025 年统计口径的"):
        seal(file=scan(form_of(basis="census")))
    with pytest.raises(ValidationError, match="您填的是"):
        seal(typed="aaaa-bbbb-cccc")
    own = mark_of(form_of(), digest_of(form_of())).text
    assert seal(file=picture("多页.png", "https://example.org/", own)).matched == "read"


def test_what_is_no_picture_of_a_form_is_refused() -> None:
    """A workbook, a damaged PDF, a damaged picture: in words, never as an error of ours."""
    for file, said in (
        (named("表.csv", b"a,b\n1,2\n"), "没有读出二维码"),
        (named("坏.pdf", b"%PDF-1.4\nnothing"), "没有读出二维码"),
        (named("坏.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60), "没有读出二维码"),
    ):
        with pytest.raises(ValidationError, match=said):
            seal(file=file)
    with pytest.raises(ValidationError, match="请交扫描的 PDF"):
        seal(file=named("表.csv", b"a,b\n1,2\n"), typed=spaced(digest_of(form_of())))
    assert File.objects.count() == 0


def test_nobody_seals_or_sees_another_s_form(as_) -> None:
    """The office may, with the paper before it; a leader looks on; others find nothing."""
    for username in ("leader", "fin-staff", "edu-hr-desk"):
        with pytest.raises(PermissionDenied):
            seal(username)
    assert as_("leader").post(SEALED, {"file": scan(form_of())}).status_code == 403
    assert 'type="file"' not in as_("leader").get(SEALED).content.decode()
    assert as_("fin-staff").get(SEALED).status_code == 404
    assert as_("assessor").get(SEALED).status_code == 403
    assert seal("office").by_name == "陈乐平"


def test_a_lock_waits_for_papers_and_a_frozen_year_does_not() -> None:
    """Papers come late; no number changes by them."""
    approve()
    ledger_lock(by=acting("office"), ledger=ledger_of(), level="all")
    seal()
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=True)
    with pytest.raises(Locked, match="已经封存"):
        seal()


def test_a_mark_says_the_form_and_no_address() -> None:
    """It is read back as it was; any other code is none of ours."""
    mark = mark_of(form_of(), "ab12cd34ef56" + "0" * 52)
    assert mark.text == f"JUNHENG:2025:current:school:{SCHOOL}:ab12cd34ef56"
    assert mark_in(mark.text) == mark == Mark("2025", "current", "school", SCHOOL, "ab12cd34ef56")
    for other in ("", "https://example.org/a:b:c:d", "JUNHENG:2025", "X" + mark.text):
        assert mark_in(other) is None
    assert [typed_code(text) for text in ("AB12 CD34-EF56", "ab12cd34ef5", "")] == ["ab12cd34ef56", "", ""]


def test_the_printed_form_bears_the_code_the_pledge_and_the_chain_s_places(as_) -> None:
    """A school's head signs for a school; a unit's three for a unit."""
    page = as_("clerk-03").get(f"{FORM}printed").content.decode()
    for told in ("<svg", spaced(digest_of(form_of())), "承诺", "填表人（签字）", "校长（签字）", "学校（公章）"):
        assert told in page, told
    unit = as_("office").get(f"{HERE}unit/office/printed").content.decode()
    for told in ("经办人（签字）", "分管领导（签字）", "主要负责人（签字）", "单位（公章）", "办公室审定（签字）"):
        assert told in unit, told
    assert "校长（签字）" not in unit
