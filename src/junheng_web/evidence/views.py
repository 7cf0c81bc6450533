"""The county's files, what each belongs to, and their content for whoever may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from junheng_web.common.tables import table_response
from junheng_web.evidence import selectors, services
from junheng_web.evidence.forms import FileForm, LinkForm
from junheng_web.evidence.kinds import OBJECTS
from junheng_web.evidence.models import File, Link
from junheng_web.evidence.readers import kinds
from junheng_web.evidence.storage import place
from junheng_web.evidence.tables import FilesTable, link_told, object_told
from junheng_web.organisation.permissions import allowed, permitted
from junheng_web.organisation.roles import Role

UNUSABLE = 422
# A file is never shown as a page of ours, whatever it holds.
HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


@permitted("evidence.view")
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """List the county's files, the newest first; those of one object with `?kind=…&code=…`."""
    return _list(request, FileForm())


def _list(request: HttpRequest, form: FileForm, status: int = 200) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "code")}
    of = asked["kind"], asked["code"]
    found = selectors.files_of(request.scope, request.county, asked["q"], of)
    about = object_told(*of) if all(of) else ""
    context = {"form": form if _may_add(request) else None, "asked": asked, "about": about}
    response = table_response(request, FilesTable(found), "evidence/files.html", context)
    response.status_code = status
    return response


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
    _by_hand(of[0])
    try:
        file, new = services.file_add(
            by=request.scope, county=request.county, name=sent.name, chunks=sent.chunks(), of=of
        )
    except ValidationError as error:
        form.add_error("file", error)
        return _list(request, form, UNUSABLE)
    messages.success(request, f"已收下 {file.name}" if new else f"这份内容早已交过，就是 {file.name}，没有再存一份")
    return redirect("evidence:file", request.county.code, file.digest)


def _by_hand(kind: str) -> None:
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


def _page(request: HttpRequest, one: File, form: LinkForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "file": one,
        "links": [(link, link_told(link), _may_unlink(request, one, link)) for link in _links(request, one)],
        "form": form if _may_add(request) else None,
    }
    return render(request, "evidence/file.html", context, status=status)


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
        return _page(request, one, form, UNUSABLE)
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
    content = place(one.digest).open("rb")
    return FileResponse(content, as_attachment=True, filename=one.name, content_type=one.media_type, headers=HEADERS)
