"""What the checks find over the county: every form's findings in one list, and how many are open in each (P16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from junheng.facts.schema import JUDGED
from junheng_web.collection.handing.checking import Found, found_over
from junheng_web.collection.ledger.addresses import form_address
from junheng_web.collection.ledger.periods import Ledger
from junheng_web.collection.ledger.subjects import SEE_ALL, Subject, subjects, visible
from junheng_web.collection.ledger.values import SEPARATOR
from junheng_web.collection.shown.telling import SEVERITY, cell_id, place_told
from junheng_web.organisation.scopes import Scope

OPEN, ANSWERED, EVERY = "", "answered", "all"
GRADES = tuple(SEVERITY)
# Where a form shows its findings, for one that stands at no cell which is asked for.
LIST = "found"
Form = tuple[str, str]
"""Kind and code of a form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader asks for: one form (`kind:code`), one severity, and open, answered or all findings."""

    form: str = ""
    severity: str = ""
    show: str = OPEN

    def wants(self, one: Subject, each: Found) -> bool:
        """Whether a finding is asked for."""
        shown = {OPEN: each.open, ANSWERED: bool(each.explained)}.get(self.show, True)
        own = self.form in ("", f"{one.kind}:{one.code}")
        return shown and own and self.severity in ("", each.finding.severity)


def findings_over(scope: Scope, ledger: Ledger, asked: Asked) -> dict[str, Any]:
    """Return the page of a ledger's findings: those asked for in the forms that one may see, and how many are open."""
    forms = [one for one in subjects(ledger) if visible(scope, one)]
    every = found_over(ledger, forms)
    return {
        "ledger": ledger,
        "rows": [_row(one, each) for one, each in every if asked.wants(one, each)],
        "open": sum(each.open for _, each in every),
        "grave": sum(each.open and each.finding.severity == GRADES[0] for _, each in every),
        "forms": [(f"{one.kind}:{one.code}", one.name) for one in forms],
        "severities": [(id, word) for id, (word, *_) in SEVERITY.items()],
        "asked": asked,
    }


def open_counts(scope: Scope, ledger: Ledger, forms: list[Subject]) -> Counter[Form] | None:
    """Return how many findings are open in each form, for whoever sees every form; None for all others.

    A school sees its own beside its form: that the whole county is checked for each of a thousand boards is spared.
    """
    if not SEE_ALL & scope.roles_in(ledger.county):
        return None
    return Counter((one.kind, one.code) for one, each in found_over(ledger, forms) if each.open)


def _row(one: Subject, each: Found) -> dict[str, Any]:
    finding = each.finding
    return {
        "form": one.name,
        "cell": _label(one, each),
        "url": f"{form_address(one, 'form')}#{cell_id(each.key) if each.asked and each.key[2] else LIST}",
        "value": finding.value or "",
        "severity": finding.severity,
        "grade": GRADES.index(finding.severity),
        "message": finding.message,
        "expected": finding.expected,
        "remedy": finding.remedy,
        "said": each.explained,
        "open": each.open,
        "asked": each.asked,
    }


def _label(one: Subject, each: Found) -> str:
    """Return what a cell is called away from its form: of a list with its row, of a grade with its item."""
    table, row, _ = each.key
    return "".join([*_before(one, table, row), place_told(each)])


def _before(one: Subject, table: str, row: str) -> Iterator[str]:
    for listed in one.lists:
        if listed.table == table:
            yield f"{listed.label}第 {int(row.split(SEPARATOR)[1])} 行"
    if table == JUDGED.name:
        yield next((f"{field.group}：" for field in one.fields if field.key[:2] == (table, row)), "")
