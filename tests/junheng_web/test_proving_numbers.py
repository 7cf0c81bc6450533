"""Evidence attached to a number: to the value that it proves, seen in its history, on paper, in a trace."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import FORM, PUPILS, SCHOOL, acting, approve, form_of, ledger_of, take, type_in
from handed_in import named
from junheng_web.assessment.models import Run
from junheng_web.assessment.telling import judged
from junheng_web.assessment.tracing import trace
from junheng_web.collection.handing.proofs import entry_prove
from junheng_web.collection.ledger.locking import ledger_lock, period_freeze
from junheng_web.collection.ledger.saving import Locked
from junheng_web.evidence.models import Link
from junheng_web.organisation.models import AuditRow
from places import COUNTY

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OF = f"?key={quote(json.dumps(PUPILS))}"


def proof(name: str = "花名册汇总.pdf", more: bytes = b""):
    """Return a file that proves something."""
    return named(name, PDF + more)


def prove(username: str = "clerk-03", **more) -> Link:
    """Attach a file to the school's pupils."""
    return entry_prove(by=acting(username), one=form_of(), key=PUPILS, file=proof(**more), note="第 3 页")


def test_a_file_is_attached_to_a_number_from_its_history(as_) -> None:
    """The page takes it in and shows it beside that value, with what was said of it."""
    clerk = as_("clerk-03")
    assert "给现在的数附佐证" in clerk.get(f"{FORM}history{OF}").content.decode()
    answer = clerk.post(f"{FORM}prove{OF}", {"file": proof(), "note": "第 3 页"})
    assert (answer.status_code, answer.url) == (
        302,
        f"{FORM}history?key={quote(json.dumps(PUPILS))}".replace("%20", "+"),
    )
    page = clerk.get(answer.url).content.decode()
    assert "花名册汇总.pdf" in page
    assert "第 3 页" in page
    assert Link.objects.get(object_kind="entry").object_code == f"2025:current:schools:{SCHOOL}:primary_pupils:1"
    assert AuditRow.objects.filter(action="file.link", object_kind="entry").count() == 1


def test_another_value_does_not_inherit_the_evidence(as_) -> None:
    """It stays with the value that it proved; the printed form lists what the present values have."""
    prove()
    assert "花名册汇总.pdf" in as_("clerk-03").get(f"{FORM}printed").content.decode()
    type_in("clerk-03", PUPILS, "1889")
    assert "花名册汇总.pdf" not in as_("clerk-03").get(f"{FORM}printed").content.decode()
    rows = as_("clerk-03").get(f"{FORM}history{OF}").content.decode().split("<tr>")
    assert ["花名册汇总.pdf" in row for row in rows if '<th scope="row">' in row] == [False, True]


def test_the_trace_of_a_number_shows_its_evidence(as_) -> None:
    """Of the value that was judged, not of what the cell holds today."""
    prove()
    approve()
    code = as_("office").post(f"/c/{COUNTY}/approved/2025/current/").url.split("/")[-3]
    take("office", "withdraw", note="报错")
    type_in("clerk-03", PUPILS, "1889")
    prove(name="第二份.pdf", more=b"2")
    run = Run.objects.get(code=code)
    told = trace(judged(acting("office"), run.county, code), "B1", SCHOOL, "primary")
    proofs = {one["column"]: [each["name"] for each in one["proofs"]] for one in told["trace"]["inputs"]}
    assert proofs["primary_pupils"] == ["花名册汇总.pdf"]
    assert proofs["primary_above_required_teachers"] == []
    page = as_("assessor").get(f"/c/{COUNTY}/trace/B1/?school={SCHOOL}&stage=primary&run={code}").content.decode()
    assert ("花名册汇总.pdf" in page, "第二份.pdf" in page) == (True, False)


def test_nobody_attaches_to_another_s_number(as_) -> None:
    """Neither another school's clerk nor the leader; and what is empty has nothing to be proved."""
    for username in ("leader", "fin-staff", "edu-hr-desk"):
        with pytest.raises(PermissionDenied):
            prove(username)
    assert as_("clerk-03").post(f"{FORM.replace(SCHOOL, '1506990001')}prove{OF}", {"file": proof()}).status_code == 404
    assert as_("assessor").get(f"{FORM}history{OF}").status_code == 403
    type_in("clerk-03", PUPILS, "")
    with pytest.raises(ValidationError, match="先填数"):
        prove()
    assert not Link.objects.filter(object_kind="entry").exists()


def test_a_file_that_is_none_is_refused_in_words(as_) -> None:
    """What was written beside it stays."""
    answer = as_("clerk-03").post(f"{FORM}prove{OF}", {"file": named("程序.pdf", b"MZ\x90\0"), "note": "第 9 页"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "内容不是 pdf" in page
    assert 'value="第 9 页"' in page
    assert as_("clerk-03").post(f"{FORM}prove?key=x", {"file": proof()}).status_code == 404


def test_evidence_is_added_to_locked_numbers_but_not_to_a_frozen_year() -> None:
    """A lock keeps numbers as they are; proof may come later."""
    ledger_lock(by=acting("office"), ledger=ledger_of(), level="all")
    prove()
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=True)
    with pytest.raises(Locked, match="已经封存"):
        prove(name="迟到.pdf", more=b"3")
