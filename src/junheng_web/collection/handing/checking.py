"""The core's checks over a ledger, each finding at its cell, and whether somebody has answered it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from junheng import api as jh
from junheng.facts.schema import COUNTY, JUDGED, SCHOOLS
from junheng_web.collection.ledger.entries import Cell
from junheng_web.collection.ledger.gathering import cells_of_schools, facts_from, facts_of, schools_of, unfolded
from junheng_web.collection.ledger.periods import Ledger, Period
from junheng_web.collection.ledger.subjects import Subject
from junheng_web.collection.ledger.submissions import Explanation, Submission
from junheng_web.collection.ledger.values import Key, row_of, subject_of

LEDGERS = 4
GRAVE = "error"
ANSWERED = (GRAVE, "warning")
"""The severities that must be corrected or explained before a form is handed in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding at one cell; `explained` says why it is all right, where somebody has said so.

    A cell that the form does not ask for (an import brought it) is told, and keeps nobody from handing in.
    """

    finding: jh.Finding
    key: Key
    explained: str = ""
    asked: bool = True

    @property
    def open(self) -> bool:
        """Whether it still has to be answered."""
        return self.asked and self.finding.severity in ANSWERED and not self.explained


def previous_of(ledger: Ledger) -> Ledger | None:
    """Return the ledger of the period before, on the same basis."""
    before = Period.objects.of(ledger.county).filter(code__lt=ledger.period.code).order_by("-code").first()
    return before and before.ledgers.select_related("county", "period").get(basis=ledger.basis)


def found_in(one: Subject) -> list[Found]:
    """Return what the checks find in a form, the gravest first, with what was said of it."""
    said = explanations(one)
    own = [(key, finding) for key, finding in placed(one.ledger) if one.holds(key)]
    return [Found(finding, key, _said(said, finding, key), one.has(key)) for key, finding in own]


def found_over(ledger: Ledger, forms: Collection[Subject]) -> list[tuple[Subject, Found]]:
    """Return what the checks find over a ledger in some of its forms, the gravest first, each with its form.

    The checks are made once and what was said is read once, however many forms there are.
    """
    home, said = home_of(forms), _explanations_over(ledger)
    at_home = ((home(key), key, finding) for key, finding in placed(ledger))
    return [
        (one, Found(finding, key, _said(said.get((one.kind, one.code), {}), finding, key), one.has(key)))
        for one, key, finding in at_home
        if one is not None
    ]


def home_of(forms: Collection[Subject]) -> Callable[[Key], Subject | None]:
    """Return what tells in which of some forms a cell stands, asked for or not: the one that `Subject.holds` it."""
    schools = {one.code: one for one in forms if one.kind == Submission.Kind.SCHOOL}
    items = {field.key[:2]: one for one in forms if one.kind == Submission.Kind.UNIT for field in one.fields}
    return lambda key: schools.get(code) if (code := subject_of(key)) else items.get(key[:2])


def _explanations_over(ledger: Ledger) -> Mapping[tuple[str, str], dict[tuple[str, Key, str], str]]:
    """Return what was said of findings in every form of a ledger, as `explanations` does of one."""
    said: dict[tuple[str, str], dict[tuple[str, Key, str], str]] = {}
    for each in Explanation.objects.filter(submission__ledger=ledger).select_related("submission"):
        about = each.check_id, (each.table, each.row, each.column), each.value
        said.setdefault((each.submission.kind, each.submission.subject), {})[about] = each.text
    return said


def grave_in(one: Subject) -> list[Found]:
    """Return the errors in a form that nobody has answered: what keeps it from being handed in.

    Of a school they are found without the other schools, so that a thousand may hand in within minutes; which errors
    there are does not depend on others, but for the main school that a row names.
    """
    if one.kind != Submission.Kind.SCHOOL:
        return [each for each in found_in(one) if each.open and each.finding.severity == GRAVE]
    said = explanations(one)
    own = _own_errors(one.ledger, one.code)
    found = (Found(each, key, _said(said, each, key), one.has(key)) for key, each in own)
    return [each for each in found if each.open and subject_of(each.key) == one.code]


def _own_errors(ledger: Ledger, code: str) -> Iterator[tuple[Key, jh.Finding]]:
    own = Cell.objects.filter(ledger=ledger, table=SCHOOLS.name, row=code, column="parent_school_code", reported=True)
    codes = {code, *own.values_list("text", flat=True)}
    tables, period = cells_of_schools(ledger, codes), ledger.period
    facts = facts_from(ledger, tables, only=codes, standing=codes)
    options = {"as_of": period.counting_date, "county": ledger.county.code, "severity": GRAVE}
    for finding in jh.check(facts, period.standard, **options).findings:
        yield from ((key, finding) for key in _key(finding, facts, tables))


def _said(said: Mapping[tuple[str, Key, str], str], finding: jh.Finding, key: Key) -> str:
    return said.get((finding.check.id, key, finding.value or ""), "")


def explanations(one: Subject) -> Mapping[tuple[str, Key, str], str]:
    """Return what was said of findings, by check, cell and the value that was explained."""
    told = Explanation.objects.filter(
        submission__ledger=one.ledger, submission__kind=one.kind, submission__subject=one.code
    )
    return {(each.check_id, (each.table, each.row, each.column), each.value): each.text for each in told}


def placed(ledger: Ledger) -> tuple[tuple[Key, jh.Finding], ...]:
    """Return each finding of a ledger with its cell; a ledger that has not changed is not checked again."""
    before = previous_of(ledger)
    heads = unfolded(ledger).head, unfolded(before).head if before else ""
    return _checked(ledger.id, before and before.id, heads, schools_of(ledger))


@lru_cache(maxsize=LEDGERS)
def _checked(
    ledger_id: int, before_id: int | None, heads: tuple[str, str], schools: tuple[tuple[str, ...], ...]
) -> tuple[tuple[Key, jh.Finding], ...]:
    """Check a ledger; its heads and schools are asked for because they tell apart its states."""
    ledgers = Ledger.objects.select_related("county", "period").in_bulk([ledger_id])
    return checked(ledgers[ledger_id], facts_of(ledgers[ledger_id]), unfolded(ledgers[ledger_id]).tables)


def checked(
    ledger: Ledger, facts: jh.Facts, tables: Mapping[str, Mapping[str, object]]
) -> tuple[tuple[Key, jh.Finding], ...]:
    """Return what the checks find in facts as a ledger holds them, or would, each with its cell.

    `tables` are the cells that make the facts.
    """
    if not facts.counties:
        return ()
    before = previous_of(ledger)
    previous = facts_of(before) if before else None
    options = {"as_of": ledger.period.counting_date, "county": ledger.county.code}
    compared = previous if previous and previous.counties else None
    found = jh.check(facts, ledger.period.standard, **options, previous=compared).findings
    return tuple((key, one) for one in found for key in _key(one, facts, tables))


def _key(one: jh.Finding, facts: jh.Facts, tables: Mapping[str, Mapping[str, object]]) -> Iterator[Key]:
    """Yield the cell of a finding, if it stands at one."""
    if one.table not in facts.tables or one.row is None:
        return
    row = facts.tables[one.table].slice(one.row, 1).to_pylist()[0]
    names = {
        SCHOOLS.name: lambda: row["school_code"],
        COUNTY.name: lambda: row["item"],
        JUDGED.name: lambda: row_of(row["school_code"] or "", row["indicator"]),
    }
    name = names[one.table]() if one.table in names else sorted(tables[one.table])[one.row]
    yield one.table, name, one.column or ""
