"""Reports of a county that browser tests look at; all of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from junheng_web.organisation.models import Area, Post
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.models import Kind, Report
from junheng_web.reports.packing import Asked, package_save
from junheng_web.reports.services import report_make, report_review, report_send, version_save
from junheng_web.reports.signing import report_sign

Stretched = Callable[[str, int], str]
QUOTES = "已交办{{交办任务数}}项，过期{{过期任务数}}项；{{没有这个数}}。"


def filled(area: Area, scope: Scope, stretched: Stretched) -> dict[str, Any]:
    """Let a report be reviewed, with open references, another be signed, and a receiver ask for three things."""
    post = next(one for one in Post.objects.filter(area=area, role="office") if one.id in _own(scope, area))
    waiting = _written(area, scope, post, Kind.APPLICATION, stretched("申报全国义务教育优质均衡发展县的申报表", 100))
    words = stretched("各校对照标准逐项自查，结果如下，", 400) + QUOTES
    waiting = _edited(scope, waiting, words, post)
    report_send(by=scope, report=waiting)
    note = stretched("这一段还要写清楚来历，", 300)
    report_review(by=scope, report=waiting, deed="comment", seen=waiting.version, note=note)
    signed = _written(area, scope, post, Kind.BRIEF, stretched("创建工作周报", 100))
    report_send(by=scope, report=signed)
    report_review(by=scope, report=signed, deed="agree", seen=signed.version)
    report_sign(by=scope, report=signed, seen=signed.version, day=timezone.localdate())
    duties = _written(area, scope, post, Kind.DUTIES, stretched("任务分工表", 100))
    asked = [Asked(stretched(kind.label, 100), f"{at}{stretched('材料', 60)}.docx", 20, kind) for at, kind in _kinds()]
    package = package_save(by=scope, county=area, receiver=stretched("示例盟教育局", 100), asked=asked)
    made = {"report_waiting": waiting.number, "report_signed": signed.number, "report_duties": duties.number}
    return {**made, "report_package": package.number}


def _own(scope: Scope, area: Area) -> set[int]:
    return {one.id for one in scope.posts_in(area)}


def _kinds() -> list[tuple[int, Kind]]:
    return [*enumerate((Kind.APPLICATION, Kind.SELF, Kind.BRIEF), 1)]


def _written(area: Area, scope: Scope, post: Post, kind: str, title: str) -> Report:
    return report_make(by=scope, county=area, kind=kind, title=title, signer=post, reviewers=[post])


def _edited(scope: Scope, report: Report, text: str, post: Post) -> Report:
    told = {"title": report.title, "text": text, "seen": report.version, "signer": post, "reviewers": [post]}
    version_save(by=scope, report=report, **told)
    report.refresh_from_db()
    return report
