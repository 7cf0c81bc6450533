"""Where the bases differ, somebody says why: of these two values, with evidence; what nobody explains is counted."""

from __future__ import annotations

import io
import json
from urllib.parse import quote

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from collected import HERE, PUPILS, SCHOOL, TEACHERS, acting, ledger_of, type_in
from handed_in import named
from junheng_web.collection.ledger.locking import period_freeze
from junheng_web.collection.ledger.saving import Locked
from junheng_web.collection.models import DifferenceReason
from junheng_web.collection.shown.differences import difference_at, difference_explain, differences
from junheng_web.evidence.models import Link
from junheng_web.organisation.models import AuditRow
from places import COUNTY

pytestmark = pytest.mark.django_db
PAGE = f"/c/{COUNTY}/collection/2025/differences/"
WHY = f"{PAGE}reason/?key={quote(json.dumps(PUPILS))}"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def found(username: str = "office"):
    """Return the differences that somebody sees."""
    return differences(acting(username), ledger_of().period)


def explain(username: str = "clerk-03", text: str = "9 月 20 日转入 12 人") -> DifferenceReason:
    """Say why the school's pupils differ."""
    one = difference_at(acting("office"), ledger_of().period, PUPILS)
    return difference_explain(by=acting(username), one=one, text=text)


def test_a_reason_holds_for_the_two_values_that_were_explained(as_) -> None:
    """Another value is unexplained; the value that was explained once is explained again."""
    type_in("clerk-03", PUPILS, "1902")
    explain()
    (one,) = found()
    assert (one.census, one.current, one.reason.text) == ("1890", "1902", "9 月 20 日转入 12 人")
    type_in("clerk-03", PUPILS, "1903")
    assert found()[0].reason is None
    type_in("clerk-03", PUPILS, "1902")
    assert found()[0].reason is not None
    explain(text="9 月转入 12 人，名单在学籍系统")
    assert found()[0].reason.text == "9 月转入 12 人，名单在学籍系统"
    assert DifferenceReason.objects.count() == 2
    assert AuditRow.objects.filter(action="difference.explain", person="韩小满").count() == 2


def test_the_page_asks_for_the_reason_and_shows_it_with_its_evidence(as_) -> None:
    """Counted where nobody has said why; by name, post and file where somebody has."""
    type_in("clerk-03", PUPILS, "1902")
    type_in("office", TEACHERS, "152")
    clerk = as_("clerk-03")
    assert "2 格没有说明原因" in clerk.get(PAGE).content.decode()
    empty = clerk.post(WHY, {"text": " "})
    assert (empty.status_code, "请写明为什么不同" in empty.content.decode()) == (422, True)
    clerk.post(WHY, {"text": "9 月 20 日转入 12 人", "file": named("转学花名册汇总.pdf", PDF)})
    page = clerk.get(PAGE).content.decode()
    for told in ("1 格没有说明原因", "9 月 20 日转入 12 人", "韩小满", "转学花名册汇总.pdf", "1902", "1890"):
        assert told in page, told
    assert Link.objects.filter(object_kind="difference").count() == 1
    left = clerk.get(f"{PAGE}?show=open").content.decode()
    assert ("9 月 20 日转入" in left, "152" in left) == (False, True)
    assert "没有这样的格" in clerk.get(f"{PAGE}?q=没有的项目").content.decode()


def test_the_board_counts_what_nobody_has_explained(as_) -> None:
    """Of the forms that one sees."""
    type_in("clerk-03", PUPILS, "1902")
    type_in("office", TEACHERS, "152")
    assert "两种口径有 2 格不同，没有说明原因" in as_("leader").get(HERE).content.decode()
    explain()
    assert "两种口径有 1 格不同，没有说明原因" in as_("office").get(HERE).content.decode()
    assert "格不同" not in as_("fin-staff").get(HERE).content.decode()


def test_the_workbook_has_every_row_with_its_reason(as_) -> None:
    """As it is filtered on the page."""
    type_in("clerk-03", PUPILS, "1902")
    type_in("office", TEACHERS, "152")
    explain()
    answer = as_("office").get(f"{PAGE}?_export=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 3
    told = next(row for row in rows if row[2] == "1890")
    assert (told[1], told[3], told[5]) == ("小学在校生数", "1902", "9 月 20 日转入 12 人")
    left = as_("office").get(f"{PAGE}?show=open&_export=xlsx")
    assert len(list(openpyxl.load_workbook(io.BytesIO(left.content)).active.values)) == 2


def test_nobody_explains_or_sees_another_s_difference(as_) -> None:
    """A finance clerk sees nothing of a school's; a leader sees and says nothing; an assessor is not let in."""
    type_in("clerk-03", PUPILS, "1902")
    assert found("fin-staff") == []
    assert as_("fin-staff").get(WHY).status_code == 404
    assert as_("assessor").get(PAGE).status_code == 403
    page = as_("leader").get(WHY).content.decode()
    assert ("1902" in page, "<textarea" in page) == (True, False)
    assert as_("leader").post(WHY, {"text": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        explain("fin-staff")
    assert as_("office").get(WHY.replace(SCHOOL, "1506990001")).status_code == 404
    assert DifferenceReason.objects.count() == 0


def test_a_frozen_year_takes_no_reasons() -> None:
    """Nor does anybody say nothing."""
    type_in("clerk-03", PUPILS, "1902")
    with pytest.raises(ValidationError, match="写明为什么不同"):
        explain(text="  ")
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=True)
    with pytest.raises(Locked, match="已经封存"):
        explain()
