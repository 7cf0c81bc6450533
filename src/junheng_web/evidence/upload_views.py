"""Files come in part by part, from a browser that goes on where it was cut off; a zip is unpacked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from junheng_web.evidence import parts, services
from junheng_web.evidence.models import File
from junheng_web.evidence.parts import Upload
from junheng_web.evidence.unpacking import Unpacked, zip_unpack
from junheng_web.evidence.views import by_hand
from junheng_web.organisation.permissions import permitted

# Says what a file that was taken in is for.
Then = Callable[[File], object]
UNUSABLE, CONFLICT, GONE, AWAY = 422, 409, 404, 503


def _refused(why: Any, status: int = UNUSABLE) -> JsonResponse:
    messages = why.messages if isinstance(why, ValidationError) else [str(why)]
    return JsonResponse({"error": "；".join(messages)}, status=status)


def _gone() -> JsonResponse:
    return _refused("这个文件没有传完就过期了，或不是您传的；请重新选文件", GONE)


@permitted("evidence.add")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin with a file, or go on with it: {"name", "size", "mark"}; answers with its code and what is safe of it."""
    try:
        told = orjson.loads(request.body)
        asked = {"name": str(told["name"]), "size": int(told["size"]), "mark": str(told.get("mark", ""))}
    except (ValueError, KeyError, TypeError):
        return _refused("这次请求里没有文件名和大小；请刷新页面再传")
    try:
        one = parts.upload_begin(by=request.scope, county=request.county, **asked)
    except ValidationError as why:
        return _refused(why)
    return JsonResponse({"code": one.code, "received": one.received, "part": parts.PART})


@permitted("evidence.add")
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, upload: str) -> HttpResponse:
    """Take in the next part (`?at=…`), or say how much is safe."""
    try:
        one = parts.find(by=request.scope, county=request.county, code=upload)
        if request.method == "POST":
            parts.part_put(one, int(request.GET["at"]), request.body)
    except parts.Gone:
        return _gone()
    except parts.Elsewhere as there:
        return JsonResponse({"received": there.received}, status=CONFLICT)
    except (KeyError, ValueError):
        return _refused("这一段没有写明从哪里起；请刷新页面再传")
    return JsonResponse({"received": one.received})


@permitted("evidence.add")
@require_POST
def finish(request: HttpRequest, upload: str) -> HttpResponse:
    """Take in a file that has arrived whole; with `?unpack=1`, what a zip holds instead."""
    return completed(request, upload)


def completed(request: HttpRequest, upload: str, then: Then | None = None) -> HttpResponse:
    """Take in a file that has arrived whole, or what the zip holds, and let `then` say what each of them is for.

    `then` raises ValidationError with why a file is not for that; the others are.
    """
    try:
        one = parts.find(by=request.scope, county=request.county, code=upload)
    except parts.Gone:
        return _gone()
    if not one.whole:
        return JsonResponse({"received": one.received}, status=CONFLICT)
    try:
        out, new = _unpacked(request, one) if request.GET.get("unpack") else _taken(request, one)
    except services.Later as why:
        # All of it is here: asked again, it is taken in.
        return _refused(why, AWAY)
    except ValidationError as why:
        one.remove()
        return _refused(why)
    kept = _for(out, then) if then else out.files
    one.remove()
    files = [{"name": file.name, "digest": file.digest, "url": file.url} for file in kept]
    return JsonResponse({"files": files, "new": new or then is not None, "refused": out.refused})


def _for(out: Unpacked, then: Then) -> list[File]:
    """Let each file be for something, and return those that are; of the others it is told why not."""
    kept = []
    for file in out.files:
        try:
            then(file)
            kept.append(file)
        except ValidationError as why:
            out.refused.extend(why.messages)
    return kept


def _taken(request: HttpRequest, one: Upload) -> tuple[Unpacked, bool]:
    of = request.GET.get("kind", ""), request.GET.get("code", "")
    by_hand(of[0])
    told = {"name": one.name, "chunks": one.chunks(), "of": of, "most": parts.LARGEST}
    file, new = services.file_add(by=request.scope, county=request.county, **told)
    return Unpacked([file]), new


def _unpacked(request: HttpRequest, one: Upload) -> tuple[Unpacked, bool]:
    return zip_unpack(by=request.scope, county=request.county, file=one.content, name=one.name), True
