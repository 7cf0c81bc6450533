"""The county's files, and their content for whoever may see it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from junheng_web.evidence.models import File
from junheng_web.evidence.storage import place
from junheng_web.organisation.permissions import permitted


@permitted("evidence.view")
def files(request: HttpRequest) -> HttpResponse:
    """List the county's files, the newest first."""
    return render(request, "evidence/files.html", {"files": File.objects.visible_to(request.scope).of(request.county)})


@permitted("evidence.view")
def download(request: HttpRequest, digest: str) -> FileResponse:
    """Send a file under the name it came with, never to be run by the browser."""
    file = get_object_or_404(File.objects.visible_to(request.scope).of(request.county), digest=digest)
    return FileResponse(place(digest).open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type)
