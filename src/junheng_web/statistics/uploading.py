"""A mapping that was made elsewhere: what its file says, and beside which of the county's own it would stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from junheng import api as jh
from junheng.facts.grids import address_of, bare
from junheng.facts.mapped.load import as_dict, mapping_from_yaml
from junheng.facts.mapped.model import Field
from junheng.facts.mapped.model import Mapping as Form
from junheng_web.organisation.models import Area
from junheng_web.statistics.models import Mapping
from junheng_web.statistics.selectors import form_of, mappings_of

# As many characters as are kept of each.
LONGEST = {"form": 60, "name": 120, "sheet": 60, "source": 200}


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the mapping as a page lists it, and how it differs from the version that it would follow."""

    label: str
    place: str
    unit: str
    change: str


def mapping_read(text: str, name: str) -> Form:
    """Return the mapping that a file says. Raises Unusable with file, key and remedy."""
    made = mapping_from_yaml(text, name)
    long = [key for key, most in LONGEST.items() if len(getattr(made, key)) > most]
    if long:
        raise jh.Unusable([jh.Problem(name, f"超过 {LONGEST[key]} 个字", "请写短一些", column=key) for key in long])
    return made


def followed(county: Area, made: Form) -> list[Mapping]:
    """Return the county's mappings of the same form, of which it could be the next version: of the same years first."""
    same = [one for one in mappings_of(county) if bare(one.form) == bare(made.form)]
    return sorted(same, key=lambda one: (one.content["years"] != list(made.years), -one.at.timestamp()))


def rows(made: Form, before: Mapping | None) -> list[Row]:
    """Return what a mapping reads where, beside the version that it would follow; what is read no more stands last."""
    old = {one.name: one for one in form_of(before).fields} if before else {}
    return [*_rows(made, old, told=before is not None), *_gone(made, old)]


def _rows(made: Form, old: dict[str, Field], *, told: bool) -> Iterator[Row]:
    for one in made.fields:
        change = "" if old.get(one.name) == one else "改了" if one.name in old else "新增"
        yield Row(one.column.label, place_of(one), one.unit, change if told else "")


def _gone(made: Form, old: dict[str, Field]) -> Iterator[Row]:
    kept = {one.name for one in made.fields}
    for one in old.values():
        if one.name not in kept:
            yield Row(one.column.label, place_of(one), one.unit, "不再读")


def place_of(one: Field) -> str:
    """Return where a field stands, with the headings over it; several places are added up."""
    told = (f"{address_of(term.at) if term.at else ''} {'/'.join(term.heading)}".strip() for term in one.terms)
    return "，加上 ".join(told)


def same_as(made: Form, before: Mapping | None) -> bool:
    """Whether a mapping in use says the very same already."""
    return bool(before and before.in_force and before.content == as_dict(made))
