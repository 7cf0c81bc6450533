"""What assessors see of collection: the versions of a form that were handed in, and what was corrected between them.

Nothing else of it is for their eyes (P6): no draft, no note or reason with which a form was returned, no finding and
what was said of it. A version that was taken back before anybody signed it was never handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.utils import timezone

from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.proofs import proofs_of
from junheng_web.collection.handing.versions import Changed, between, values_at
from junheng_web.collection.ledger.addresses import address, form_address
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import Subject, subjects
from junheng_web.collection.ledger.submissions import Step, Submission
from junheng_web.collection.ledger.values import Key, kept_of, shown
from junheng_web.collection.sealed.seals import SealedForm
from junheng_web.collection.shown.telling import STATUS_TONES

Status = Submission.Status
OPEN_AGAIN = ("已退回更正", "secondary")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a form that was handed in: the steps that it went, from its submission on."""

    steps: tuple[Step, ...]

    @property
    def state(self) -> tuple[str, str]:
        """How far it came, and the tone of that; of one that went back no more than that it did."""
        last = self.steps[-1]
        return OPEN_AGAIN if last.status == Status.DRAFT else (Status(last.status).label, STATUS_TONES[last.status])

    @property
    def taken_back(self) -> bool:
        """Whether it was taken back before anybody had signed it."""
        return self.steps[-1].deed == "recall"


def versions(steps: Iterable[Step]) -> list[Version]:
    """Return the versions that the steps of one form, in their order, have handed in."""
    runs: list[list[Step]] = []
    for step in steps:
        if step.deed == "submit":
            runs.append([])
        runs[-1].append(step)
    return [one for one in (Version(tuple(run)) for run in runs) if not one.taken_back]


def submitted(ledger: Ledger) -> dict[str, Any]:
    """Return what the list shows: the forms that were handed in, each with its state, and how many were not."""
    own = Step.objects.filter(submission__ledger=ledger).select_related("submission").order_by("submission", "id")
    by_form = {
        (one.kind, one.subject): versions(steps) for one, steps in groupby(own, key=lambda step: step.submission)
    }
    every = subjects(ledger)
    rows = [_listed(one, by_form[one.kind, one.code]) for one in every if by_form.get((one.kind, one.code))]
    bases = ledger.period.ledgers.select_related("county", "period").order_by("-basis")
    return {
        "ledger": ledger,
        "rows": rows,
        "others": len(every) - len(rows),
        "bases": [(one.get_basis_display(), address(one, "submitted"), one.id == ledger.id) for one in bases],
    }


def _listed(one: Subject, known: list[Version]) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": form_address(one, "submitted_form"),
        "kind": Submission.Kind(one.kind).label,
        "state": known[-1].state,
        "at": timezone.localtime(known[-1].steps[0].at),
        "corrected": len(known) - 1,
    }


def submitted_form(one: Subject) -> dict[str, Any] | None:
    """Return what is shown of a form: the values handed in last, who did it, evidence, seals, corrections; or None."""
    own = Step.objects.filter(submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code)
    known = versions(own.order_by("id"))
    if not known:
        return None
    held = [values_at(one, version.steps[0].at) for version in known]
    return {
        "subject": one,
        "ledger": one.ledger,
        "state": known[-1].state,
        "done": [_done(step) for step in known[-1].steps if step.status != Status.DRAFT],
        "groups": list(_groups(one, held[-1])),
        "lists": [_listing(listed.label, listed.table, listed.columns, held[-1]) for listed in one.lists],
        "corrections": list(_corrections(known, held))[::-1],
        "seals": _seals(one, known[-1]),
    }


def _done(step: Step) -> dict[str, Any]:
    who = f"{step.by_name}（{step.by_post}）" if step.by_post else step.by_name
    return {"label": DEEDS[step.deed].label, "who": who, "at": timezone.localtime(step.at)}


def _groups(one: Subject, held: dict[Key, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    proofs = proofs_of(one.ledger, held.values())
    for group, fields in groupby(one.fields, key=lambda field: field.group):
        rows = [(field, held.get(field.key)) for field in fields]
        yield (
            group,
            [
                {
                    "label": field.label,
                    "unit": field.unit,
                    "definition": field.column.definition,
                    "value": shown(kept_of(entry) if entry else None, field.key),
                    "proofs": proofs.get(entry.id, []) if entry else [],
                }
                for field, entry in rows
            ],
        )


def _listing(label: str, table: str, columns: Iterable[Any], held: dict[Key, Any]) -> dict[str, Any]:
    rows = sorted({row for name, row, _ in held if name == table})
    told = [[_shown(held, (table, row, column.name)) for column in columns] for row in rows]
    return {"label": label, "columns": [column.label for column in columns], "rows": told}


def _shown(held: dict[Key, Any], key: Key) -> str:
    return shown(kept_of(held[key]) if key in held else None, key)


def _corrections(known: list[Version], held: list[dict[Key, Any]]) -> Iterator[tuple[Any, list[Changed]]]:
    """Yield when each later version was handed in, and what it holds otherwise than the one before."""
    for (_, after), (old, new) in zip(pairwise(known), pairwise(held), strict=True):
        yield timezone.localtime(after.steps[0].at), between(old, new)


def _seals(one: Subject, version: Version) -> list[SealedForm]:
    """Return the sealed scans of the version that was handed in last."""
    own = SealedForm.objects.filter(submission=version.steps[0].submission, digest=version.steps[0].digest)
    return list(own.select_related("file__county"))
