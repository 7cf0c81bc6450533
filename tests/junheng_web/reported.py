"""What tests of reports share: reports of the example county at a stage of their way, and Word files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from collected import acting
from junheng_web.evidence.folders import here
from junheng_web.funding.paying import decision_record
from junheng_web.funding.tables import table
from junheng_web.organisation.models import Area, Post
from junheng_web.reports import services, signing
from junheng_web.reports.models import Kind, Report, Signature, Version
from places import COUNTY

HERE = f"/c/{COUNTY}/reports/"
REVIEWERS = ("edu-hr-desk", "fin-staff")
TEXT = "截至今日，交办任务{{交办任务数}}项。\n小学校数{{ 小学. 学校数 }}所。"


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def post(code: str) -> Post:
    """Return one of its posts."""
    return Post.objects.get(area__code=COUNTY, code=code)


def written(kind: str = Kind.BRIEF, text: str = TEXT, reviewers: tuple[str, ...] = REVIEWERS, **more: Any) -> Report:
    """Return a report that the leader is to sign, with a text of its own."""
    people = {"signer": post("leader"), "reviewers": [post(one) for one in reviewers]}
    told = {"kind": kind, "title": "示例文稿", **people, **more}
    made = services.report_make(by=acting("office"), county=county(), **told)
    edited(made, text) if text else None
    return again(made)


def edited(report: Report, text: str, by: str = "office", **more: Any) -> Version:
    """Save a report with another text."""
    now = again(report)
    posts = [one.post for one in now.reviewers.select_related("post")]
    told = {"title": now.title, "text": text, "seen": now.version, "signer": now.signer, "reviewers": posts, **more}
    return services.version_save(by=acting(by), report=now, **told)


def again(report: Report) -> Report:
    """Return a report as it stands now."""
    return Report.objects.select_related("county", "signer").get(id=report.id)


def sent(**more: Any) -> Report:
    """Return one that was sent to its reviewers."""
    return services.report_send(by=acting("office"), report=written(**more))


def said(report: Report, by: str, deed: str = "agree", note: str = "") -> Report:
    """Let a reviewer say something of the version that stands."""
    return services.report_review(by=acting(by), report=report, deed=deed, seen=again(report).version, note=note)


def agreed(**more: Any) -> Report:
    """Return one to which every reviewer agreed."""
    report = sent(**more)
    for code in REVIEWERS:
        report = said(report, code)
    return report


def signed(**more: Any) -> Signature:
    """Return the signature of one that the leader signed today."""
    report = agreed(**more)
    told = {"seen": report.version, "day": timezone.localdate()}
    return signing.report_sign(by=acting("leader"), report=report, **told)


def decided(more: int = 0) -> None:
    """Let a meeting decide on what the table of money comes to, or on so much more for equipment."""
    found = table(acting("office"), county()).footing.down
    told = {"meeting": "示例会议（虚构）", "document": "", "day": timezone.localdate()}
    decision_record(by=acting("office"), county=county(), **told, **{**found, "equipment": found["equipment"] + more})


def word(document: Any, name: str = "模板.docx") -> SimpleUploadedFile:
    """Return a Word document as a file that is handed in."""
    out = BytesIO()
    document.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def words_of(content: bytes) -> str:
    """Return the paragraphs of a Word file."""
    return "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)


def kept(one: dict[str, Any]) -> bytes:
    """Return a file that signing kept."""
    return here().place(one["digest"]).read_bytes()
