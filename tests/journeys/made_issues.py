"""Issues, veto declarations and incidents of the counties that browser tests look at: all of it invented."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from junheng_web.collection.models import Period
from junheng_web.duties.dues import slots
from junheng_web.evidence import trials
from junheng_web.evidence.services import file_add
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.scopes import Scope
from junheng_web.rectification.deeds import DEEDS
from junheng_web.rectification.feedback import HEADINGS, SHEET
from junheng_web.rectification.feedback_views import FEEDBACK
from junheng_web.rectification.gaps import gaps_of
from junheng_web.rectification.models import Issue, VetoDuty
from junheng_web.rectification.services import issue_raise, issue_send, issue_take, issues_raise_of
from junheng_web.rectification.standings import official_census, standing_of
from junheng_web.rectification.telling import KIND
from junheng_web.rectification.veto_services import duties_set, incident_report, veto_declare

Stretched = Callable[[str, int], str]
PART, SINCE, DAY = "exam", dt.date(2025, 9, 1), dt.date(2025, 10, 20)
MOST = 60


def filled(area: Area, scope: Scope, code: str, file: str, pdf: bytes, stretched: Stretched) -> dict[str, Any]:
    """Fill a county with issues in several states, and return what their pages are about."""
    period = Period.objects.select_related("county").get(county=area)
    gaps = gaps_of(standing_of(official_census(area)))[:MOST]
    issues_raise_of(by=scope, period=period, gaps=gaps)
    of_gap = Issue.objects.filter(county=area, origin=Issue.Origin.GAP).select_related("county", "school").first()
    unit = Unit.objects.filter(county=area, parent=None).order_by("place")[1]
    school = School.objects.get(county=area, code=code)
    told = {"title": stretched("学校食堂没有留样记录", 300), "asked": stretched("每天留样并登记", 400)}
    told |= {"wording": stretched("督查组现场查看时发现", 900), "origin": Issue.Origin.FEEDBACK}
    told |= {"source": stretched("关于整改的反馈意见", 200), "source_number": stretched("一、", 40), "indicator": "B28"}
    by_hand = issue_raise(by=scope, county=area, school=school, **told)
    for one, steps in ((of_gap, ("start",)), (by_hand, ("start", "apply", "return", "apply"))):
        issue_send(by=scope, issue=one, unit=unit, desk=None, due=dt.date(2026, 3, 31))
        for name in steps:
            issue_take(by=scope, issue=one, deed=DEEDS[name], note=stretched("已经按要求办了", 900))
    file_add(by=scope, county=area, name=file, chunks=[pdf + b"%issue"], of=(KIND, by_hand.code))
    known = {"issue": of_gap.number, "by_hand": by_hand.number, "feedback": _feedback(area, scope, file, stretched)}
    return known | _vetoes(area, scope, unit, pdf, stretched)


def _feedback(area: Area, scope: Scope, file: str, stretched: Stretched) -> str:
    """Bring in two items of feedback and return the trial."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["1", stretched("音乐器材登记了没有使用", 600), "B10", "", "", "2027-01-31"])
        sheet.write_row(2, 0, ["2", "教师交流没有分校台账（虚构）", "", "", "", ""])
    known = {"purpose": FEEDBACK.purpose, "source": stretched("督导室反馈意见", 200)}
    name = f"{file.rsplit('.', 1)[0]}.xlsx"
    return trials.trial_begin(by=scope, county=area, name=name, chunks=[out.getvalue()], **known).code


def _vetoes(area: Area, scope: Scope, unit: Unit, pdf: bytes, stretched: Stretched) -> dict[str, Any]:
    duties_set(by=scope, county=area, part=PART, units=[unit], cadence="quarter", since=SINCE)
    duty = VetoDuty.objects.select_related("county", "unit__county").get(county=area, part=PART, unit=unit)
    today = timezone.localdate()
    span, *_ = slots(duty, today)
    proof = SimpleUploadedFile("证明（虚构）.pdf", pdf + b"%veto")
    told = {"nothing": True, "text": stretched("各校自查没有发现", 400), "file": proof}
    veto_declare(by=scope, duty=duty, span=span.code, today=today, **told)
    made = incident_report(
        by=scope, county=area, part=PART, unit=unit, day=DAY, text=stretched("有家长反映某校分班考试", 1000)
    )
    return {"incident": made.number, "part": PART, "declares": unit.code, "span": span.code}
