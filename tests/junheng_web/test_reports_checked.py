"""What blocks a signature: each check by what it finds, where it leads and whom it names; nothing sets it aside."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from collected import acting
from dossiers import taken
from junheng_web.assessment.live import approved_run
from junheng_web.assessment.models import Run
from junheng_web.assessment.services import run_declare, run_withdraw
from junheng_web.collection.models import Ledger
from junheng_web.reports import signing
from junheng_web.reports.assessed import judged_for
from junheng_web.reports.checking import blocking
from junheng_web.reports.models import Kind
from junheng_web.reports.national import files_of, lacking
from junheng_web.reports.telling import looked
from reported import again, agreed, county, decided, edited, written

pytestmark = pytest.mark.django_db


def found(kind: str = Kind.SELF, text: str = "") -> dict[str, list[str]]:
    """Return what blocks a report, by check."""
    told: dict[str, list[str]] = {}
    for one in blocking(looked(acting("office"), written(kind=kind, text=text))):
        told.setdefault(one.check, []).append(one.told)
    return told


def test_the_self_assessment_of_an_upload_is_blocked_by_each_thing_that_lacks() -> None:
    """Facts that nobody approved, what is undetermined, no checklist of evidence; a brief waits for none of it."""
    blocks = found()
    assert blocks["unapproved"] == ["正式评估用的是上传的数据，没有经过填报和审定"]
    assert any(one.startswith("SR") for one in blocks["undetermined"])
    assert blocks["evidence"] == ["还没有列出佐证清单"]
    assert {*found(Kind.BRIEF)} == {"review"}


def test_every_line_leads_to_who_can_mend_it(as_) -> None:
    """Its page opens for the office, and it says what to do and who."""
    taken()
    office = as_("office")
    for one in blocking(looked(acting("office"), written(kind=Kind.SELF, text="{{没有}}"))):
        assert one.told.strip()
        assert one.who.strip()
        assert one.remedy.strip()
        assert office.get(one.url).status_code == 200, one


def test_nothing_that_blocks_is_set_aside(as_) -> None:
    """Whoever signs is told all of it, and the report stays as it is."""
    report = agreed(kind=Kind.NOTICE, text="{{没有这个数}}")
    with pytest.raises(ValidationError, match="没有这个数") as why:
        signing.report_sign(by=acting("leader"), report=report, seen=report.version, day=timezone.localdate())
    assert any("SR" in one for one in why.value.messages)
    told = {"sign-day": "2026-11-26", "sign-seen": report.version}
    answer = as_("leader").post(f"{report.url}sign", told)
    assert answer.status_code == 422
    assert "没有这个数" in answer.content.decode()
    report.refresh_from_db()
    assert (report.status, hasattr(report, "signature")) == ("review", False)


def test_the_basis_is_the_census_that_is_official() -> None:
    """Withdrawn, it blocks (P1)."""
    assert "basis" not in found(Kind.NOTICE)
    for run in Run.objects.filter(county=county()):
        run_withdraw(by=acting("office"), run=run, note="示例")
    assert found(Kind.NOTICE)["basis"] == ["还没有用统计口径的数作出正式评估"]


def test_approved_forms_are_asked_for_one_by_one() -> None:
    """Of the census ledger on which the official run stands; open, it is to be locked; drafts since are no matter."""
    ledger = Ledger.objects.select_related("county", "period").filter(county=county(), basis="census").first()
    run_declare(by=acting("office"), run=approved_run(by=acting("office"), ledger=ledger), note="")
    blocks = found()
    assert any("没有审定" in one for one in blocks["unapproved"])
    assert any("还没有锁定" in one for one in blocks["basis"])
    Ledger.objects.filter(id=ledger.id).update(sequence=ledger.sequence + 1)
    assert [one for one in found()["basis"] if "以后变了" in one] == []


def test_totals_that_are_not_what_a_meeting_decided_block() -> None:
    """In the table of money, which is printed with them."""
    decided()
    assert "footing" not in found(Kind.FUNDING)
    decided(more=1)
    assert [one[:16] for one in found(Kind.FUNDING)["footing"]] == [
        "创建资金明细表的设备和会议定的不",
        "创建资金明细表的合计和会议定的不",
    ]


def test_an_open_reference_blocks_every_kind() -> None:
    """Also one that cannot be said yet."""
    assert found(Kind.BRIEF, "{{没有}}和{{SR.结论}}")["references"] == [
        "正文引用了“没有”，没有这个数",
        "引用“SR.结论”现在是“不能判定”",
    ]


def test_the_application_form_is_filled_by_the_county_and_foots() -> None:
    """What the county writes leaves the list; a line that cannot be read is told; a report says what was asked."""
    report = written(kind=Kind.APPLICATION, text="")
    asked = report.versions.get().basics
    open_ = [one for one in found(Kind.APPLICATION)["form"] if one.startswith("申报表待填")]
    assert len(open_) == sum(ours for _, ours in lacking(judged_for(county()), ""))
    assert any("人口总数" in one for one in open_)
    edited(report, "申报。", basics=asked.replace("人口总数：", "人口总数：9.63"))
    left = [one.told for one in blocking(looked(acting("office"), again(report))) if one.check == "form"]
    assert not any("人口总数" in one for one in left)
    for wrong, why in (("人口总数：很多", "应当是数字"), ("没有的项：1", "申报表没有这一项"), ("人口总数", "没有冒号")):
        with pytest.raises(ValidationError, match=why):
            edited(report, "申报。", basics=wrong)


def test_the_forms_files_say_what_the_assessment_says() -> None:
    """Read back: the spread of each indicator stands in the workbook as it is, in Word and PDF as it is printed."""
    judged = judged_for(county())
    files = files_of(judged, "人口总数：9.63")
    book = openpyxl.load_workbook(BytesIO(files["申报表.xlsx"]))
    numbers = {cell.value for sheet in book for row in sheet for cell in row if isinstance(cell.value, float)}
    told = {cell.text for table in docx.Document(BytesIO(files["申报表.docx"])).tables for cell in table._cells}
    sample = [one for one in judged.answer["sections"] if one["in_sample"]]
    values = [cell["value"] for one in sample for cell in one["indicators"].values()]
    assert values
    assert {round(one, 9) for one in values if one is not None and one % 1} <= {round(one, 9) for one in numbers}
    printed = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(files["申报表.pdf"]))
    for stage in judged.answer["stages"].values():
        assert all(f"{one['cv']:.3f}" in printed for one in stage["indicators"].values() if one["cv"] is not None)
        assert {f"{one['cv']:.3f}" for one in stage["indicators"].values() if one["cv"] is not None} <= told
