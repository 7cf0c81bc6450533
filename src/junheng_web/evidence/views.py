"""The county's files, what each belongs to, and their content for whoever may see it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from junheng_web.common.tables import table_response
from junheng_web.evidence import clearing, layouts, looking, selectors, services
from junheng_web.evidence.describing import file_describe
from junheng_web.evidence.forms import AboutForm, FileForm, LinkForm
from junheng_web.evidence.kinds import OBJECTS
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.readers import kinds
from junheng_web.evidence.storage import opened
from junheng_web.evidence.tables import FilesTable, HiddenTable, link_told, object_told
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.roles import Role

UNUSABLE = 422
PAGE_DIGITS = 6
# A file is never shown as a page of ours, whatever it holds.
HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


@permitted("evidence.view")
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """List the county's files, the newest first; those of one object with `?kind=…&code=…`."""
    return _list(request, FileForm())


def _list(request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "code", "hidden")}
    of = asked["kind"], asked["code"]
    found = selectors.files_of(request.scope, request.county, asked["q"], of)
    if asked["hidden"]:
        found = clearing.hidden_files(found)
    about = object_told(*of) if all(of) else ""
    query = f"?{urlencode({'kind': of[0], 'code': of[1]})}" if about else ""
    covered = looking.sees_masked(request.scope, request.county)
    context = {
        "covered": covered,
        "form": form if _may_add(request) and not asked["hidden"] else None,
        "asked": asked,
        "about": about,
        "query": query,
    }
    # From outside one sees words only with numbers of persons covered, and of scans not always: no words in a list.
    words = "" if covered else asked["q"]
    table = _table(request, found, words, picks=bool(asked["hidden"]))
    response = table_response(
        request, table, "evidence/files.html", context | {"picks": isinstance(table, HiddenTable)}
    )
    response.status_code = status
    return response


def _table(request: HttpRequest, found: QuerySet[File], words: str, *, picks: bool) -> FilesTable:
    """Return the table of files; of those that outside does not see, for who may clear them, with boxes to tick."""
    if picks and allowed("evidence.clear", request.scope, request.county):
        return HiddenTable(found.select_related("reading"), words=words)
    return FilesTable(found, words=words, covered=looking.sees_masked(request.scope, request.county))


def _may_add(request: HttpRequest) -> bool:
    return allowed("evidence.add", request.scope, request.county)


@permitted("evidence.add")
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Take in a file, and link it to the object that the address names (`?kind=…&code=…`)."""
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, UNUSABLE)
    sent, of = form.cleaned_data["file"], (request.GET.get("kind", ""), request.GET.get("code", ""))
    by_hand(of[0])
    try:
        file, new = services.file_add(
            by=request.scope, county=request.county, name=sent.name, chunks=sent.chunks(), of=of
        )
    except ValidationError as error:
        form.add_error("file", error)
        return _list(request, form, UNUSABLE)
    messages.success(request, f"已收下 {file.name}" if new else f"这份内容早已交过，就是 {file.name}，没有再存一份")
    return redirect("evidence:file", request.county.code, file.digest)


def by_hand(kind: str) -> None:
    """Raise PermissionDenied for what a room links by itself: who may, and until when, is that room's to say."""
    if kind in kinds().keys() - OBJECTS.keys():
        raise PermissionDenied


def _file(request: HttpRequest, digest: str) -> File:
    try:
        return selectors.file_of(request.scope, request.county, digest)
    except File.DoesNotExist:
        raise Http404 from None


@permitted("evidence.view")
@require_GET
def file(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what is known of a file, and what it belongs to."""
    return _page(request, _file(request, digest), LinkForm())


def _page(
    request: HttpRequest, one: File, form: LinkForm, about: AboutForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "file": one,
        "withheld": looking.withheld(request.scope, one),
        "about": (about or AboutForm(initial=AboutForm.known(one))) if _may_describe(request, one) else None,
        "dossier": allowed("dossier.view", request.scope, request.county),
        "links": [(link, link_told(link), _may_unlink(request, one, link)) for link in _links(request, one)],
        "form": form if _may_add(request) else None,
    }
    return render(request, "evidence/file.html", context, status=status)


def _may_describe(request: HttpRequest, one: File) -> bool:
    """Whether one may say what a file's paper is: whoever handed it in, and the office."""
    own = one.by_account == request.scope.account.id or Role.OFFICE in request.scope.roles_in(request.county)
    return _may_add(request) and own


@permitted("evidence.add")
@require_POST
def describe(request: HttpRequest, digest: str) -> HttpResponse:
    """Say when a file's paper was formed, its number, and where the original lies."""
    one, form = _file(request, digest), AboutForm(request.POST)
    if not _may_describe(request, one):
        raise PermissionDenied
    if form.is_valid():
        try:
            file_describe(by=request.scope, file=one, about=form.told, today=timezone.localdate())
        except ValidationError as error:
            form.add_error("formed_on", error)
        else:
            messages.success(request, "已保存；以前写的还在记录里。")
            return redirect("evidence:file", request.county.code, digest)
    return _page(request, one, LinkForm(), form, UNUSABLE)


def _may_unlink(request: HttpRequest, one: File, link: Link) -> bool:
    """Whether one may take off a link: what was linked by hand, the office, and of one's own file oneself."""
    own = one.by_account == request.scope.account.id or Role.OFFICE in request.scope.roles_in(request.county)
    return _may_add(request) and own and link.object_kind in OBJECTS


def _links(request: HttpRequest, one: File) -> QuerySet[Link]:
    """Return what a file belongs to, as far as it is for the reader's eyes."""
    return selectors.links_read(request.scope, request.county, one.digest)


@permitted("evidence.add")
@require_POST
def link(request: HttpRequest, digest: str) -> HttpResponse:
    """Say that a file belongs to an object."""
    one, form = _file(request, digest), LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form, status=UNUSABLE)
    of = form.cleaned_data["object_kind"], form.cleaned_data["object_code"]
    services.file_link(by=request.scope, file=one, of=of, note=form.cleaned_data["note"])
    return redirect("evidence:file", request.county.code, digest)


@permitted("evidence.add")
@require_POST
def unlink(request: HttpRequest, digest: str, number: int) -> HttpResponse:
    """Say that a file does not belong to an object after all."""
    file = _file(request, digest)
    one = get_object_or_404(_links(request, file).select_related("county", "file"), id=number)
    if not _may_unlink(request, file, one):
        raise PermissionDenied
    services.file_unlink(by=request.scope, link=one)
    return redirect("evidence:file", request.county.code, digest)


@permitted("evidence.view")
@require_GET
def download(request: HttpRequest, digest: str) -> FileResponse:
    """Send a file under the name it came with, never to be run by the browser."""
    one = _file(request, digest)
    if looking.withheld(request.scope, one):
        raise PermissionDenied
    # Said beforehand, so that the browser knows where less came.
    told = HEADERS | {"Content-Length": str(one.size)}
    content, name = opened(one.digest), looking.name_for(request.scope, one)
    return FileResponse(content, as_attachment=True, filename=name, content_type=one.media_type, headers=told)


@permitted("evidence.view")
@require_GET
def look(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what is in a file, page by page; from outside without numbers of persons."""
    asked = request.GET.get("page", "")
    first = max(int(asked), 1) if asked.isdecimal() and len(asked) < PAGE_DIGITS else 1
    one = _file(request, digest)
    return render(request, "evidence/look.html", looking.shown(request.scope, one, first) | _clearing(request, one))


def _clearing(request: HttpRequest, one: File) -> dict[str, Any]:
    """Return, for who may clear it, why outside does not see a file, and what was said of that last."""
    if not allowed("evidence.clear", request.scope, request.county):
        return {}
    return {"why_hidden": clearing.unread(looking.reading_of(one)), "clearance": clearing.clearance_of(one)}


@permitted("evidence.clear")
@require_POST
def clear(request: HttpRequest, digest: str) -> HttpResponse:
    """Say that outside may see a file that no machine could read for sure, or may not after all (`shown`)."""
    one, shown = _file(request, digest), request.POST.get("shown") == "1"
    clearing.file_clear(by=request.scope, file=one, shown=shown)
    messages.success(request, "县外的人现在看得到这份文件了。" if shown else "县外的人现在看不到这份文件了。")
    return redirect("evidence:look", request.county.code, digest)


@permitted("evidence.clear")
@require_POST
def clear_many(request: HttpRequest) -> HttpResponse:
    """Say of all the files that were ticked (`digest`) that outside may see them, of those that it does not see."""
    hidden = clearing.hidden_files(selectors.files_of(request.scope, request.county))
    many = clearing.files_clear(by=request.scope, files=hidden.filter(digest__in=request.POST.getlist("digest")))
    if many:
        messages.success(request, f"放行了 {many} 份，县外的人现在看得到。")
    else:
        messages.error(request, "没有放行：请先勾选看过的文件；勾过的，可能别人刚放行。")
    return redirect(f"{reverse('evidence:files', args=[request.county.code])}?hidden=1")


@permitted("evidence.view")
@require_POST
def lay_out(request: HttpRequest, digest: str) -> HttpResponse:
    """Ask for pictures of how an Office file looks; the page of the job leads back to its content."""
    one = _file(request, digest)
    if not layouts.may_be_laid_out(one):
        return redirect("evidence:look", request.county.code, digest)
    return redirect("job", request.county.code, layouts.layout_order(by=request.scope, file=one).id)


@permitted("evidence.view")
@require_GET
def picture(request: HttpRequest, digest: str, number: int) -> HttpResponse:
    """Send a page of a file as a picture of ours: nothing of the file itself reaches the browser."""
    one, cover = _file(request, digest), looking.sees_masked(request.scope, request.county)
    try:
        content = looking.picture(one, number, cover=cover)
    except looking.Unshown:
        raise Http404 from None
    kept = {"Cache-Control": "private, max-age=3600"}
    return HttpResponse(content, content_type="image/png", headers=HEADERS | kept)
