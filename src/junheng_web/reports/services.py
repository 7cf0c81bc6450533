"""Writes of reports: made from a template, saved as versions, sent to review, agreed or returned; and templates."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from junheng_web.evidence.models import File
from junheng_web.evidence.services import file_add
from junheng_web.evidence.storage import local
from junheng_web.notices.services import notice_send
from junheng_web.organisation import audit
from junheng_web.organisation.models import Area, Post
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.reports.catalogue import catalogue
from junheng_web.reports.kinds import ASKS, beginning
from junheng_web.reports.models import TEXT, Kind, Report, Reviewer, Step, Template, Version
from junheng_web.reports.national import asked, basics_of
from junheng_web.reports.references import quoted
from junheng_web.reports.words import text_in

Deed, Status = Step.Deed, Report.Status
# Kinds of links of files: of a report, of a template.
KIND, TEMPLATE = "report", "report_template"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Refused(ValidationError):
    """What is asked does not fit to how the report stands now."""


class Outdated(Exception):
    """Somebody else saved a version meanwhile; `version` is the one that stands now."""

    def __init__(self, version: Version) -> None:
        super().__init__(f"report {version.report_id} is at version {version.number}")
        self.version = version


def may_write(by: Scope | None, county: Area) -> None:
    """Raise PermissionDenied for whoever may not write reports."""
    if by is not None and not allowed("reports.write", by, county):
        raise PermissionDenied


@transaction.atomic
def template_keep(
    *, by: Scope | None, county: Area, kind: str, name: str, text: str = "", file: UploadedFile | None = None
) -> Template:
    """Keep a county's own template of a kind: a text, or a Word file. Raises PermissionDenied, ValidationError."""
    may_write(by, county)
    kept = _word(by, county, file, TEMPLATE, kind) if file else None
    told = {"text": _words_of(kept) if kept else _content(text), "file": kept}
    one = Template.objects.create(county=county, kind=kind, name=name.strip(), **told, **audit.signed(by))
    audit.record("report.template", by=by, county=county, of=("report_template", kind), name=one.name)
    return one


def _word(by: Scope | None, county: Area, file: UploadedFile, kind: str, code: str) -> File:
    kept, _ = file_add(by=by, county=county, name=file.name or "", chunks=file.chunks(), of=(kind, code))
    if kept.media_type != WORD:
        raise ValidationError(f"{kept.name}：模板要 Word 文件（.docx）；.doc 请在 Word 或 WPS 里另存为 .docx")
    return kept


def _words_of(kept: File) -> str:
    with local(kept.digest) as original:
        return text_in(original)


def _content(text: str) -> str:
    if not text.strip():
        raise ValidationError("正文还是空的")
    if len(text) > TEXT:
        raise ValidationError(f"正文超过 {TEXT} 个字，请分成几份")
    return text.strip()


@transaction.atomic
def report_make(
    *, by: Scope | None, county: Area, kind: str, title: str, signer: Post, reviewers: Iterable[Post] = ()
) -> Report:
    """Begin a report from the county's template of its kind, else from ours.

    Raises PermissionDenied, ValidationError where the signer may not sign this kind.
    """
    may_write(by, county)
    _may_be_signed(county, kind, signer)
    Area.objects.select_for_update().get(id=county.id)
    number = (Report.objects.of(county).aggregate(last=Max("number"))["last"] or 0) + 1
    report = Report.objects.create(county=county, kind=kind, number=number, title=_title(title), signer=signer)
    _set_reviewers(report, reviewers)
    template = Template.objects.of(county).filter(kind=kind).first()
    text, file = (template.text, template.file) if template else (beginning(kind), None)
    _version(by, report, report.title, text, file, asked() if kind == Kind.APPLICATION else "")
    step_add(by, report, Deed.MAKE)
    return report


def _title(title: str) -> str:
    if not title.strip():
        raise ValidationError("请写标题")
    return title.strip()


def _may_be_signed(county: Area, kind: str, signer: Post) -> None:
    if signer.area_id != county.id:
        raise ValueError(f"the post {signer.code} is not of {county}")
    roles = ASKS[kind].signers
    if signer.role not in roles:
        who = "、".join(role.label for role in roles)
        raise ValidationError(f"这一种文稿要由“{who}”的岗位签发，“{signer}”不是；请另选")


def _set_reviewers(report: Report, posts: Iterable[Post]) -> None:
    report.reviewers.all().delete()
    for post in dict.fromkeys(posts):
        Reviewer.objects.create(county=report.county, report=report, post=post)


def _version(by: Scope | None, report: Report, title: str, text: str, file: File | None, basics: str = "") -> Version:
    figures = catalogue(report.county, timezone.localdate())
    said = {key: figures[key].told for key in quoted(text) if key in figures}
    report.version, report.title = report.version + 1, title
    report.save()
    told = {"number": report.version, "title": title, "text": text, "file": file, "basics": basics, "figures": said}
    return Version.objects.create(county=report.county, report=report, **told, **audit.signed(by))


def step_add(
    by: Scope | None, report: Report, deed: str, note: str = "", post: Post | None = None, *, behalf: bool = False
) -> Step:
    """Write down what was done; `behalf`: said or signed on paper, entered by the office (代录)."""
    told = {"deed": deed, "note": note.strip(), "post": post, "behalf": behalf}
    told |= {"version": report.version, **audit.signed(by)}
    audit.record(f"report.{deed}", by=by, county=report.county, of=("report", report.code), version=report.version)
    return Step.objects.create(county=report.county, report=report, **told)


def held(report: Report, *statuses: str) -> Report:
    """Return the report, held until the transaction ends. Raises Refused where it is in none of these states."""
    every = Report.objects.select_for_update(of=("self",)).select_related("county", "signer")
    now = every.get(id=report.id)
    if now.status not in statuses:
        label = now.get_status_display()
        raise Refused(f"“{now.title}”现在是“{label}”，不能这样办：别人可能刚办过，请刷新页面看看")
    return now


def last_version(report: Report) -> Version:
    """Return a report as it was saved last."""
    return report.versions.select_related("file").get(number=report.version)


@transaction.atomic
def version_save(
    *,
    by: Scope,
    report: Report,
    seen: int,
    title: str,
    text: str = "",
    signer: Post,
    reviewers: Iterable[Post] = (),
    file: UploadedFile | None = None,
    basics: str = "",
) -> Version:
    """Save a report as its next version; who agreed to the one before is asked again.

    With a Word file the report follows that; one that follows a Word file keeps its words. Raises PermissionDenied,
    Refused, Outdated where `seen` is not the last version, ValidationError.
    """
    may_write(by, report.county)
    now = held(report, Status.DRAFT, Status.REVIEW)
    last = last_version(now)
    if last.number != seen:
        raise Outdated(last)
    _may_be_signed(now.county, now.kind, signer)
    kept = _word(by, now.county, file, KIND, now.code) if file else last.file
    words = _words_of(kept) if kept else _content(text)
    basics_of(basics)
    now.signer, now.status = signer, Status.DRAFT
    _set_reviewers(now, reviewers)
    made = _version(by, now, _title(title), words, kept, basics)
    step_add(by, now, Deed.EDIT)
    return made


def tell(by: Scope | None, report: Report, posts: Iterable[Post], said: str, key: str) -> None:
    """Let posts know of something about a report, once for each key."""
    told = {"key": f"report:{report.id}:{key}", "text": f"{said}：{report.title}", "url": report.url}
    notice_send(by=by, county=report.county, posts=posts, **told)


@transaction.atomic
def report_send(*, by: Scope, report: Report) -> Report:
    """Send a draft to its reviewers. Raises PermissionDenied, Refused, ValidationError without any."""
    may_write(by, report.county)
    now = held(report, Status.DRAFT)
    posts = [one.post for one in now.reviewers.select_related("post")]
    if not posts:
        raise ValidationError("还没有选会审的人；请先在“修改”里选")
    move(now, Status.REVIEW)
    step = step_add(by, now, Deed.SEND)
    tell(by, now, posts, "请会审", f"send:{step.id}")
    return now


def move(now: Report, status: str) -> None:
    now.status = status
    now.save(update_fields=["status"])


def reviews_for(by: Scope, report: Report) -> list[Post]:
    """Return the posts of a report's reviewers that somebody holds."""
    own = {post.id for post in by.posts_in(report.county)}
    return [one.post for one in report.reviewers.select_related("post") if one.post_id in own]


@transaction.atomic
def report_review(
    *, by: Scope, report: Report, deed: str, seen: int, note: str = "", paper: Post | None = None
) -> Report:
    """Agree to a report, give it back with reasons, or say something about it, as one of its reviewers.

    `paper`: the reviewer who said so on paper, entered by the office (代录). Raises PermissionDenied, Refused where the
    version that was read is not the last, ValidationError without reasons.
    """
    now = held(report, Status.REVIEW)
    posts = _reviewing(by, now, deed, paper)
    if seen != now.version:
        raise Refused(f"您看的是第 {seen} 稿，现在是第 {now.version} 稿：请先看看改了什么，再表态")
    _reasons(deed, note, paper)
    steps = [step_add(by, now, deed, note, post, behalf=paper is not None) for post in posts]
    if deed == Deed.RETURN:
        move(now, Status.DRAFT)
        tell(by, now, office_of(now.county), "会审退回", f"return:{steps[-1].id}")
    elif deed == Deed.AGREE and not waiting_for(now):
        tell(by, now, [now.signer], "会审都已同意，请签发", f"agreed:{now.version}")
    return now


def _reviewing(by: Scope, now: Report, deed: str, paper: Post | None) -> list[Post]:
    """Return the reviewers for whom somebody speaks. Raises PermissionDenied where there is none."""
    if paper:
        may_write(by, now.county)
        posts = [one.post for one in now.reviewers.filter(post=paper).select_related("post")]
    else:
        posts = reviews_for(by, now)
    if not posts or deed not in (Deed.AGREE, Deed.RETURN, Deed.COMMENT):
        raise PermissionDenied
    return posts


def _reasons(deed: str, note: str, paper: Post | None) -> None:
    if deed == Deed.RETURN and not note.strip():
        raise ValidationError("请写要改什么")
    if deed == Deed.COMMENT and not note.strip():
        raise ValidationError("请写意见")
    if paper and not note.strip():
        raise ValidationError("代录的，请写是哪一天、在什么纸上说的")


def office_of(county: Area) -> list[Post]:
    """Return the posts of the office."""
    return [*Post.objects.filter(area=county, role="office")]


def stands_of(report: Report) -> list[tuple[Post, str]]:
    """Return the reviewers with what each said last of the version that stands: agreed, returned, or nothing yet."""
    said = report.steps.filter(version=report.version, deed__in=(Deed.AGREE, Deed.RETURN))
    last = {one.post_id: one.deed for one in said.order_by("id")}
    return [(one.post, last.get(one.post_id, "")) for one in report.reviewers.select_related("post")]


def waiting_for(report: Report) -> list[Post]:
    """Return the reviewers who have not agreed to the version that stands."""
    return [post for post, said in stands_of(report) if said != Deed.AGREE]


@transaction.atomic
def report_drop(*, by: Scope, report: Report, note: str) -> Report:
    """Say that a draft is not used; it stays to be read. Raises PermissionDenied, Refused, ValidationError."""
    may_write(by, report.county)
    now = held(report, Status.DRAFT, Status.REVIEW)
    if not note.strip():
        raise ValidationError("请写为什么不用了")
    move(now, Status.DROPPED)
    step_add(by, now, Deed.DROP, note)
    return now
