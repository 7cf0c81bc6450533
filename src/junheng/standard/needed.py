"""Which facts a rule book asks for on a day: of a school of some type, of the county, as lists, from judges.

A form asks for these and for nothing else, so that nobody fills in a number that nothing is judged by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS, STAGES, per_stage
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Requirement

Needed = dict[str, tuple[str, ...]]
"""Names of the data dictionary, each with the ids of the indicators that read it, in the document's order."""

# What is worked out of other columns, where a condition speaks of it.
WORKED_OUT: Mapping[str, tuple[str, ...]] = {
    "pupils": ("pupils",),
    "compulsory_pupils": ("pupils",),
    "migrant_majority": ("migrant_pupils", "pupils"),
    "location": ("location_code",),
}
# What a kind of part reads besides the facts that it names.
OF_KIND: Mapping[str, tuple[str, ...]] = {"funded_as_if": ("approved_operating_fund",)}
ITEMS_OF_KIND: Mapping[str, tuple[str, ...]] = {"funded_as_if": tuple(f"operating_quota_{stage}" for stage in STAGES)}


def school_needs(rules: Rules, school_type: str) -> Needed:
    """Return the columns of `schools` that a school of this type is asked for. KeyError for no such type."""
    own = rules.standard.school_types[school_type].stages
    # A type outside the sample has no stages of its own, and may have pupils of either all the same.
    stages = own or STAGES
    found: dict[str, list[str]] = {}
    for id, fact in _of_schools(rules, school_type, stages, sampled=bool(own)):
        for name in _columns(fact, stages):
            if id not in found.setdefault(name, []):
                found[name].append(id)
    order = [column.name for column in SCHOOLS.columns]
    return {name: tuple(found[name]) for name in sorted(found, key=order.index)}


def county_needs(rules: Rules) -> Needed:
    """Return the county's items that are asked for, in the order of the data dictionary."""
    found: dict[str, list[str]] = {}
    for one, part in _parts(rules):
        for name in _items(part):
            if name in ITEMS and one.id not in found.setdefault(name, []):
                found[name].append(one.id)
        if one.figures_from:
            found.setdefault(one.figures_from.item, [one.id])
    return {name: tuple(found[name]) for name in ITEMS if name in found}


def list_needs(rules: Rules, school_type: str) -> Needed:
    """Return the lists (`classes`, `rooms`) that a school of this type hands in."""
    found: dict[str, list[str]] = {}
    for one, part in _parts(rules):
        name = "rooms" if part.rooms else "classes" if part.of == "classes" else ""
        if name and _about(part, school_type) and one.id not in found.setdefault(name, []):
            found[name].append(one.id)
    return {name: tuple(ids) for name, ids in found.items()}


def judged_needs(rules: Rules) -> tuple[str, ...]:
    """Return the ids of the requirements that are judged, not worked out."""
    return tuple(dict.fromkeys(one.id for one, part in _parts(rules) if part.kind == "all_judged"))


def _parts(rules: Rules) -> Iterator[tuple[Requirement, Part]]:
    return (
        (one, part) for one in rules.requirements.values() for part in one.parts if part.line(rules.day) is not None
    )


def _of_schools(rules: Rules, school_type: str, stages: tuple[str, ...], *, sampled: bool) -> Iterator[tuple[str, str]]:
    """Yield each indicator with each fact that it reads of such a school."""
    for indicator in rules.indicators.values() if sampled else ():
        for term in rules.terms(indicator):
            yield indicator.id, term.fact
            for condition in rules.clauses[term.clause].when if term.clause else ():
                yield indicator.id, condition.column
        yield indicator.id, "pupils"
    for one, part in _parts(rules):
        if not part.of_county and _about(part, school_type) and (not part.stage or part.stage in stages):
            yield from ((one.id, fact) for fact in _facts(rules, part))


def _about(part: Part, school_type: str) -> bool:
    """Whether a part is about schools of this type at all; its other conditions depend on figures."""
    asked = [one for one in part.where if one.column == "school_type"]
    return all(school_type in one.among if one.among else school_type not in one.excluding for one in asked)


def _facts(rules: Rules, part: Part) -> Iterator[str]:
    yield from (name.removeprefix("-") for name in (*part.top, *part.bottom))
    yield from OF_KIND.get(part.kind, ())
    yield from (one.column for one in part.where if one.column != "school_type")
    if part.classes:
        yield "classes"
    eased = (rules.clauses.get(id) for id in part.relaxed.clauses) if part.relaxed else ()
    yield from (condition.column for clause in eased if clause for condition in clause.when)


def _columns(fact: str, stages: tuple[str, ...]) -> Iterator[str]:
    """Yield the columns that hold a fact: its own, or one for each stage that the school has."""
    for name in WORKED_OUT.get(fact, (fact,)):
        staged = [f"{stage}_{name}" for stage in stages if f"{stage}_{name}" in SCHOOLS.by_name]
        if name in SCHOOLS.by_name:
            yield from [name] if _own(name, stages) else []
        elif per_stage(name):
            yield from staged


def _own(name: str, stages: tuple[str, ...]) -> bool:
    """Whether a column is of no stage, or of one that the school has."""
    stage = next((one for one in STAGES if name.startswith(f"{one}_")), "")
    return not stage or stage in stages


def _items(part: Part) -> Iterator[str]:
    yield from (name.removeprefix("-") for name in (*part.items, *part.top, *part.bottom))
    yield from ITEMS_OF_KIND.get(part.kind, ())
    if part.only_if:
        yield part.only_if
