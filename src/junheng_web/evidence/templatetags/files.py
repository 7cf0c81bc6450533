"""A file as other rooms' pages name it: it leads to the file where the reader may read it, and nowhere else."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html

from junheng_web.evidence import selectors
from junheng_web.evidence.looking import sees_masked
from junheng_web.evidence.models import File
from junheng_web.evidence.personal import masked
from junheng_web.organisation.permissions import allowed

register = template.Library()
NOT_YOURS = "有，您的岗位不能看"


@register.simple_tag(takes_context=True)
def kept(context: Context, digest: str, name: str, otherwise: str = NOT_YOURS) -> str:
    """Return a file's name as a link to it; `otherwise` where one may not read it, or where it is not kept."""
    request = context["request"]
    if not digest or not _may_read(request, digest):
        return otherwise
    where = reverse("evidence:file", args=[request.county.code, digest])
    return format_html('<a href="{}">{}</a>', where, called(context, name))


@register.simple_tag(takes_context=True)
def called(context: Context, name: str) -> str:
    """Return a file's name; from outside with numbers of persons covered, as its words are."""
    request = context["request"]
    return masked(name) if sees_masked(request.scope, request.county) else name


def _may_read(request: HttpRequest, digest: str) -> bool:
    """Whether the reader of a page may read a file; a page asks once for each."""
    known: dict[str, bool] = request.__dict__.setdefault("files_read", {})
    if digest not in known:
        known[digest] = allowed("evidence.view", request.scope, request.county) and _found(request, digest)
    return known[digest]


def _found(request: HttpRequest, digest: str) -> bool:
    try:
        selectors.file_of(request.scope, request.county, digest)
    except File.DoesNotExist:
        return False
    return True
