"""Which facts a requirement's part rests on: columns of schools, items of the county, and lists."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.facts.items import ITEMS
from junheng.facts.schema import SCHOOLS, STAGES
from junheng.standard.requirements import Part

QUOTAS = tuple(f"operating_quota_{stage}" for stage in STAGES)
# Conditions on what is worked out of a school rest on these columns.
WORKED_OUT = {
    "compulsory_pupils": tuple(f"{stage}_pupils" for stage in STAGES),
    "location": ("location_code", "location"),
    "migrant_majority": ("migrant_pupils", *(f"{stage}_pupils" for stage in STAGES)),
}


def columns_behind(part: Part) -> tuple[str, ...]:
    """Return the columns of `schools` that a part rests on, each once: its amounts first, then whom it is about.

    Whether a school has pupils in a stage at all matters to every part: see `presence_behind`.
    """
    return tuple(dict.fromkeys((*amounts_behind(part), *_conditions(part))))


def amounts_behind(part: Part) -> tuple[str, ...]:
    """Return the columns of `schools` that a part adds up or compares."""
    if part.kind == "per_n_classes":
        return tuple(f"{stage}_classes" for stage in STAGES)
    if part.kind == "funded_as_if":
        return ("approved_operating_fund", *WORKED_OUT["compulsory_pupils"])
    return tuple(dict.fromkeys(name for fact in (*part.top, *part.bottom) for name in _columns(fact)))


def _conditions(part: Part) -> Iterator[str]:
    """Yield whom a part is about: what its conditions ask, and the stages in which a school has pupils."""
    if part.of_county:
        return
    for one in part.where:
        yield from _columns(one.column)
    yield "school_type"
    if part.relaxed:
        yield "built_year"
        yield from WORKED_OUT["migrant_majority"]


def presence_behind(part: Part) -> tuple[str, ...]:
    """Return the pupils of which a part only asks whether there are any: nothing is asked of a stage without."""
    return () if part.of_county else tuple(f"{stage}_pupils" for stage in STAGES if part.stage in {"", stage})


def _columns(fact: str) -> tuple[str, ...]:
    """Return the columns of `schools` that hold a fact; none where it is an item of the county."""
    name = fact.removeprefix("-")
    if name in WORKED_OUT:
        return WORKED_OUT[name]
    if name in SCHOOLS.by_name:
        return (name,)
    return tuple(column for column in (f"{stage}_{name}" for stage in STAGES) if column in SCHOOLS.by_name)


def items_behind(part: Part) -> tuple[str, ...]:
    """Return the items of the county that a part rests on, each once."""
    quotas = QUOTAS if part.kind == "funded_as_if" else ()
    named = (*part.items, *part.top, *part.bottom, part.only_if or "", *quotas)
    return tuple(dict.fromkeys(name for name in (fact.removeprefix("-") for fact in named) if name in ITEMS))


def list_behind(part: Part) -> str | None:
    """Return the list that a part counts: classes, rooms or judged; None where it counts none."""
    if part.kind == "all_judged":
        return "judged"
    return "rooms" if part.kind == "per_n_classes" else "classes" if part.of == "classes" else None
