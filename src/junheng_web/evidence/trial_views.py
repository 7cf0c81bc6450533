"""What the pages share on which a file is shown before it changes anything."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from junheng_web.evidence import trials


def trial_of(request: HttpRequest, code: str, purpose: str) -> trials.Trial:
    """Return a file that the reader brought for a purpose; anybody else's, and one that is gone, is 404."""
    told = {"account": request.scope.account.id, "county": request.county.code, "code": code}
    try:
        return trials.find(purpose=purpose, **told)
    except trials.Gone:
        raise Http404 from None
