"""The menu on the left: what each room offers to the post one acts for, in the order in which it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from junheng_web.organisation.permissions import allowed

# Heading, name of the URL, permission; every URL takes the county's code.
ENTRIES = (
    ("总览", "assessment:overview", "assessment.view"),
    ("各校各项", "assessment:grid", "assessment.view"),
    ("其他指标", "assessment:board", "assessment.view"),
    ("评估记录", "assessment:runs", "assessment.view"),
    ("上传即评", "assessment:upload", "assessment.try"),
    ("文件", "evidence:files", "evidence.view"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    url: str
    here: bool


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return the menu's lines for the county that the page is about, or that one acts in."""
    scope = getattr(request, "scope", None)
    county = getattr(request, "county", None) or (scope.county if scope else None)
    if scope is None or county is None:
        return {"menu": []}
    lines = [
        (label, reverse(name, args=[county.code])) for label, name, asked in ENTRIES if allowed(asked, scope, county)
    ]
    return {"menu": [Entry(label, url, request.path == url) for label, url in lines]}
