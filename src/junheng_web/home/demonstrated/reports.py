"""Reports of the demonstration: a self-assessment under review, a weekly brief that was signed, a receiver's list.

All of it is invented, and its titles say so.
"""

from __future__ import annotations

from django.utils import timezone

from junheng_web.organisation.models import Account, Area, Post
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.reports.models import Kind, Report
from junheng_web.reports.packing import Asked, package_save
from junheng_web.reports.services import report_make, report_review, report_send
from junheng_web.reports.signing import report_sign

REVIEWERS = ("edu-hr-desk", "fin-staff")
WAITS, GOES_ON = "示例旗自查自评报告（虚构）", "示例旗创建工作周报（虚构）"
LIST = (
    Asked("申报表", "01申报表.xlsx", 20, Kind.APPLICATION),
    Asked("自查自评报告", "02自查自评报告.docx", 20, Kind.SELF),
    Asked("近期周报", "03周报.docx", 10, Kind.BRIEF),
)


def load(county: Area) -> None:
    """Write the reports. Loading them again changes nothing."""
    if Report.objects.of(county).exists():
        return
    posts = {one.code: one for one in Post.objects.filter(area=county)}
    people = {"signer": posts["leader"], "reviewers": [posts[one] for one in REVIEWERS]}
    waits = _sent(county, Kind.SELF, WAITS, people)
    note = "第五部分再写清今年的安排（虚构）"
    report_review(by=_acting("fin-staff"), report=waits, deed="comment", seen=waits.version, note=note)
    signed = _sent(county, Kind.BRIEF, GOES_ON, people)
    for one in REVIEWERS:
        report_review(by=_acting(one), report=signed, deed="agree", seen=signed.version)
    report_sign(by=_acting("leader"), report=signed, seen=signed.version, day=timezone.localdate())
    package_save(by=_acting("office"), county=county, receiver="示例盟教育局（虚构）", asked=LIST)


def _sent(county: Area, kind: str, title: str, people: dict[str, object]) -> Report:
    office = _acting("office")
    made = report_make(by=office, county=county, kind=kind, title=title, **people)
    return report_send(by=office, report=made)


def _acting(username: str) -> Scope:
    return scope_of(Account.objects.get(username=username), timezone.localdate())
