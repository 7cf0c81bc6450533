"""Who is behind a number that is explained, where its run rests on a ledger: who entered what, who signed for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from junheng import api as jh
from junheng.facts.items import ITEMS
from junheng.facts.schema import COUNTY, JUDGED, SCHOOLS
from junheng.standard.needed import list_needs
from junheng_web.assessment.selectors import Answer
from junheng_web.assessment.telling import Judged, who
from junheng_web.assessment.then import of_snapshot
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.proofs import proofs_of
from junheng_web.collection.ledger import lineage
from junheng_web.collection.ledger.moments import Moment, owners_at
from junheng_web.collection.ledger.origins import origin
from junheng_web.collection.ledger.values import Key, row_of
from junheng_web.collection.models import Submission
from junheng_web.organisation.models import Unit

Named = list[dict[str, Any]]


def name_writers(judged: Judged, told: Answer, id: str) -> Named:
    """Write beside each cell, grade and list of a trace who entered it; return the forms with who signed for them."""
    moment = of_snapshot(judged.run.snapshot)
    if moment is None:
        return []
    keys: dict[Key, Named] = {}
    for key, one in _cells(told, id):
        keys.setdefault(key, []).append(one)
    entries = lineage.entries_at(moment.ledger, moment.sequence, keys)
    proofs = proofs_of(moment.ledger, entries.values())
    for key, entry in entries.items():
        for one in keys[key]:
            one.update(whose=origin(entry), proofs=proofs.get(entry.id, []))
    if told["kind"] == "requirement":
        _name_lists(judged, moment, told, id)
    return list(_forms(judged, moment, told, keys))


def _cells(told: Answer, id: str) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield the cells that a trace shows, each with where it is told: numbers as they were reported, and grades."""
    code = told.get("school_code") or ""
    for one in (*told.get("inputs", ()), *(one for part in told.get("parts", ()) for one in part["inputs"])):
        column = one["column"]
        yield ((COUNTY.name, column, "value") if column in ITEMS else (SCHOOLS.name, code, column)), one
    for grade in told.get("grades", ()):
        yield (JUDGED.name, row_of(grade["school_code"], id), "judgement"), grade


def _name_lists(judged: Judged, moment: Moment, told: Answer, id: str) -> None:
    """Write beside each row that is counted from a school's list who changed that list last."""
    rows = [row for part in told["parts"] for row in part["rows"] if row["school_code"]]
    tables = _lists_behind(judged, id)
    wanted = {(table, row["school_code"]) for table in tables for row in rows}
    found = lineage.lists_at(moment.ledger, moment.sequence, wanted) if wanted else {}
    for row in rows:
        own = [found[table, row["school_code"]] for table in tables if (table, row["school_code"]) in found]
        if own:
            row["whose"] = origin(max(own, key=lambda entry: entry.id))


def _lists_behind(judged: Judged, id: str) -> list[str]:
    rules = jh.load_standard(judged.run.rules.standard).on(judged.run.as_of)
    types = rules.standard.school_types
    return sorted({name for type in types for name, ids in list_needs(rules, type).items() if id in ids})


def _forms(judged: Judged, moment: Moment, told: Answer, keys: dict[Key, Named]) -> Iterator[dict[str, Any]]:
    """Yield the forms that a trace's cells stand in, each with who submitted, signed, reviewed and approved it."""
    for kind, code in _codes(moment, told, keys):
        steps = lineage.steps_until(moment.ledger, kind, code, moment.at)
        if steps:
            name = judged.schools.get(code) or Unit.objects.of(judged.county).filter(code=code).first() or "办公室"
            yield {"name": str(name), "steps": [(DEEDS[step.deed].label, who(step)) for step in steps]}


def _codes(moment: Moment, told: Answer, keys: dict[Key, Named]) -> list[tuple[str, str]]:
    owned = owners_at(moment)
    units = {owned[row] for _, row, _ in keys if row in owned}
    found = [(Submission.Kind.SCHOOL.value, told["school_code"])] if told.get("school_code") else []
    return [*found, *((Submission.Kind.UNIT.value, code) for code in sorted(units))]
