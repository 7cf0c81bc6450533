"""What is said of the paper of which a file is made: formed when, numbered how, where the original lies (P22)."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from junheng_web.evidence import models
from junheng_web.evidence.models import File
from junheng_web.organisation import audit
from junheng_web.organisation.scopes import Scope


@dataclass(frozen=True, slots=True)
class About:
    """The dates and places of a paper; `compiled` says that it was put together later (整理件)."""

    formed_on: dt.date | None = None
    number: str = ""
    original: str = ""
    compiled: bool = False


def about_of(file: File) -> About:
    """Return what is known of a file's paper."""
    last = file.about
    return About(last.formed_on, last.number, last.original, last.compiled)


@transaction.atomic
def file_describe(*, by: Scope, file: File, about: About, today: dt.date) -> bool:
    """Say what a file's paper is, and return whether that is new; what was said before stays in the history.

    Raises ValidationError for a paper that would have been formed in the future.
    """
    if about.formed_on and about.formed_on > today:
        raise ValidationError(f"形成日期 {about.formed_on} 还没有到：请填文件上落款的日期")
    if about == about_of(file):
        return False
    models.About.objects.create(county=file.county, file=file, **asdict(about), **audit.signed(by))
    told = {**asdict(about), "formed_on": about.formed_on.isoformat() if about.formed_on else ""}
    audit.record("file.describe", by=by, county=file.county, of=("file", file.digest), **told)
    return True
