"""A joint confirmation: the second unit's own, or the office's with the letter that it has before it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from junheng_web.collection.handing.approving import step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.evidence.services import file_add
from junheng_web.organisation.scopes import Scope

KIND = "confirmation"


@transaction.atomic
def form_confirm(*, by: Scope, one: Subject, note: str, file: Any = None, seen: str = "") -> Submission:
    """Confirm what concerns one's unit in a form, with a letter or none. Raises as `step_take` does."""
    submission = step_take(by=by, one=one, deed=DEEDS["confirm"], note=note, seen=seen)
    if file:
        of = (KIND, f"{submission.code}:{submission.steps.latest('id').unit.code}")
        file_add(by=by, county=submission.county, name=file.name, chunks=file.chunks(), of=of)
    return submission
