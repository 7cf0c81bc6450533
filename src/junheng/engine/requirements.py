"""B8-B31, the survey, the veto items and the qualification as SQL: each kind of part is one function that yields rows.

A row is something that must reach a line: a school, a class, a county's share. It holds top / bottom as whole numbers
and, where a transition clause is in force, what it eases: `eased` (null where that is not known), `eased_top` and
`eased_line`. A row about which nothing is asked is not applicable; one whose numbers are not reported is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pyarrow as pa

from junheng.engine.kinds import holds
from junheng.engine.sections import quoted
from junheng.facts.items import ITEMS
from junheng.facts.schema import MEASURES, SCHOOLS, STAGES, Column, Kind, per_stage
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Requirement, Where

NULL = "CAST(NULL AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a requirement with the line that is in force, and the rules by which it is judged."""

    requirement: Requirement
    part: Part
    line: Fraction
    rules: Rules


def asked(rules: Rules) -> list[Asked]:
    """Return the parts that are asked for on the rules' day, in the document's order.

    Each requirement's own parts come first, then what its other readings would ask, then its own as they would be
    eased if past transition clauses were still in force: judged beside, never counted.
    """
    longer = rules.with_clauses()
    past = set(longer.clauses) - set(rules.clauses)
    parts = [
        *((one, part, rules) for one in rules.requirements.values() for part in one.every_part),
        *((one, part, longer) for one in rules.requirements.values() for part in _eased_parts(one, past)),
    ]
    lines = ((one, part, part.line(rules.day), by) for one, part, by in parts)
    return [Asked(one, part, line, by) for one, part, line, by in lines if line is not None]


def eased_id(part: str) -> str:
    """Return the id under which a part is judged as past transition clauses would ease it."""
    return f"{part}~eased"


def _eased_parts(requirement: Requirement, past: Collection[str]) -> Iterator[Part]:
    for part in requirement.parts:
        if any(relaxed.clause in past for relaxed in part.relaxed):
            yield replace(part, id=eased_id(part.id))


def items_table(known: Mapping[str, int | bool]) -> pa.Table:
    """Return every item with its amount as a whole number, a yes being 1; null where it is not reported."""
    amounts = [int(known[name]) if name in known else None for name in ITEMS]
    return pa.table({"item": list(ITEMS), "amount": pa.array(amounts, pa.int64())})


def asked_items(rules: Rules) -> pa.Table:
    """Return which items the parts about the county ask for, in which role, by which factor, against which line."""
    rows = [row for one in asked(rules) if one.part.of_county for row in _asked_items(one)]
    return pa.Table.from_pylist(rows, ASKED_ITEMS)


ASKED_ITEMS = pa.schema(
    [(name, pa.string()) for name in ("requirement", "part", "item", "role", "relation", "only_if")]
    + [(name, pa.int64()) for name in ("factor", "line_top", "line_bottom")]
    + [("blanks", pa.bool_())]
)


def _asked_items(one: Asked) -> Iterator[dict[str, Any]]:
    part = one.part
    shared: dict[str, Any] = {
        "requirement": one.requirement.id,
        "part": part.id,
        "relation": part.relation,
        "only_if": part.only_if,
        "line_top": one.line.numerator,
        "line_bottom": one.line.denominator,
        "blanks": part.blanks_allowed,
    }
    for item in part.items:
        yield shared | {"item": item, "role": "entered", "factor": _scale(item)}
    for role, items, others in (("top", part.top, part.bottom), ("bottom", part.bottom, part.top)):
        for item in items:
            sign = -1 if item.startswith("-") else 1
            yield shared | {"item": item.removeprefix("-"), "role": role, "factor": sign * _scale(others[0])}


def asked_judged(rules: Rules) -> pa.Table:
    """Return the parts about what judges found: whose grade is asked for, and which grades are accepted."""
    rows = [
        {
            "requirement": one.requirement.id,
            "part": one.part.id,
            "level": one.requirement.level,
            "accepts": ",".join(["", *one.part.accept, ""]),
            "relation": one.part.relation,
            "line_top": one.line.numerator,
            "line_bottom": one.line.denominator,
        }
        for one in asked(rules)
        if one.part.kind == "all_judged"
    ]
    return pa.Table.from_pylist(rows, ASKED_JUDGED)


ASKED_JUDGED = pa.schema(
    [(name, pa.string()) for name in ("requirement", "part", "level", "accepts", "relation")]
    + [(name, pa.int64()) for name in ("line_top", "line_bottom")]
)


def requirement_statements(rules: Rules) -> dict[str, str]:
    """Return the statements that judge the requirements.

    They read `schools`, `judged`, `classes`, `rooms`, the county's `items`, what is `asked_items` of it, and what is
    `asked_judged`.
    """
    of_schools = [
        KINDS[one.part.kind](one) for one in asked(rules) if one.part.kind in KINDS and not one.part.of_county
    ]
    return {
        "counties": "SELECT DISTINCT county_code FROM schools",
        "asked_rows": " UNION ALL ".join([*of_schools, COUNTY_JUDGED, SCHOOLS_JUDGED, SHARES, ENTERED, BLANK]),
        "requirement_rows": ROWS,
        "requirement_parts": PARTS,
    }


# Rows that a county's items make. Nothing eases them, and they are about no school.
_COUNTY = f"""counties.county_code, requirement, part, '' AS school_code, {{subject}} AS subject,
        {{applies}} AS applies, CAST({{top}} AS BIGINT) AS top,
        CAST({{bottom}} AS BIGINT) AS bottom, line_top, line_bottom,
        false AS eased, {NULL} AS eased_top, {NULL} AS eased_line_top, relation"""


def _summed(role: str) -> str:
    """Return the sum of an asked share's items in one role, null while one of them is not reported."""
    return (
        f"CASE WHEN count(CASE WHEN role = '{role}' AND amount IS NULL THEN 1 END) = 0"
        f" THEN sum(CASE WHEN role = '{role}' THEN factor * amount END) END AS {role}"
    )


# Shares of the county's items; a share of nothing (no such pupils) is not asked for.
SHARES = f"""
    SELECT {_COUNTY.format(subject="''", applies="bottom IS NULL OR bottom > 0", top="top", bottom="bottom")}
    FROM counties CROSS JOIN (
        SELECT requirement, part, line_top, line_bottom, relation, {_summed("top")}, {_summed("bottom")}
        FROM asked_items JOIN items ON items.item = asked_items.item
        WHERE role IN ('top', 'bottom')
        GROUP BY requirement, part, line_top, line_bottom, relation) AS shares"""

_SWITCHED = "CASE WHEN only_if IS NULL THEN true ELSE switch.amount = 1 END"
_ENTERED_FROM = """counties CROSS JOIN asked_items JOIN items ON items.item = asked_items.item
        LEFT JOIN items AS switch ON switch.item = asked_items.only_if"""

# Figures and answers that are entered, never worked out; where some may stay blank, the blank ones are not asked for.
ENTERED = f"""
    SELECT {
    _COUNTY.format(
        subject="asked_items.item",
        applies=f"{_SWITCHED} AND (NOT blanks OR items.amount IS NOT NULL)",
        top="items.amount",
        bottom="factor",
    )
}
    FROM {_ENTERED_FROM}
    WHERE role = 'entered'"""

# Not all of them may stay blank.
BLANK = f"""
    SELECT {_COUNTY.format(subject="''", applies=_SWITCHED, top="NULL", bottom="1")}
    FROM {_ENTERED_FROM}
    WHERE blanks
    GROUP BY counties.county_code, requirement, part, line_top, line_bottom, relation, only_if, switch.amount
    HAVING count(items.amount) = 0"""


_ACCEPTED = """CASE WHEN accepts LIKE '%,' || {0}.judgement || ',%' THEN 1 WHEN {0}.judgement IS NOT NULL THEN 0 END"""
_WHOLE = "LEFT JOIN judged AS whole ON whole.indicator = requirement AND whole.school_code = ''"

# What judges found of a county: asked for, or given in the place of the grades of its schools.
COUNTY_JUDGED = f"""
    SELECT {_COUNTY.format(subject="''", applies="true", top=_ACCEPTED.format("whole"), bottom="1")}
    FROM counties CROSS JOIN asked_judged {_WHOLE}
    WHERE level = 'county' OR whole.indicator IS NOT NULL"""

# What they found of its schools: every grade must be accepted, and none may be missing while the county has none.
SCHOOLS_JUDGED = f"""
    SELECT campuses.county_code, requirement, part, campuses.school_code, school_name AS subject,
        (whole.indicator IS NULL AND compulsory_pupils > 0) OR own.indicator IS NOT NULL AS applies,
        CAST({_ACCEPTED.format("own")} AS BIGINT) AS top, CAST(1 AS BIGINT) AS bottom, line_top, line_bottom,
        false AS eased, {NULL} AS eased_top, {NULL} AS eased_line_top, relation
    FROM campuses CROSS JOIN asked_judged
        LEFT JOIN judged AS own ON own.indicator = requirement AND own.school_code = campuses.school_code {_WHOLE}
    WHERE level <> 'county'"""


def _meets(top: str, line_top: str) -> str:
    sides = f"{top} * line_bottom", f"bottom * {line_top}"
    return (
        f"(relation = 'at_least' AND {sides[0]} >= {sides[1]} OR relation = 'at_most' AND {sides[0]} <= {sides[1]}"
        f" OR relation = 'below' AND {sides[0]} < {sides[1]})"
    )


ROWS = f"""
    SELECT asked_rows.*,
        CASE WHEN NOT applies THEN 'outside'
             WHEN applies IS NULL OR top IS NULL OR bottom IS NULL THEN 'missing'
             WHEN {_meets("top", "line_top")} THEN 'met'
             WHEN eased AND {_meets("eased_top", "eased_line_top")} THEN 'met'
             WHEN eased IS NULL AND {_meets("eased_top", "eased_line_top")} THEN 'missing'
             ELSE 'failing' END AS state
    FROM asked_rows"""

PARTS = """
    SELECT county_code, requirement, part,
        count(CASE WHEN state <> 'outside' THEN 1 END) AS applicable,
        count(CASE WHEN state = 'missing' THEN 1 END) AS missing,
        count(CASE WHEN state = 'failing' THEN 1 END) AS failing,
        sum(CAST(CASE WHEN state <> 'outside' THEN top END AS DECIMAL(38,0))) AS top,
        sum(CAST(CASE WHEN state <> 'outside' THEN bottom END AS DECIMAL(38,0))) AS bottom
    FROM requirement_rows
    GROUP BY county_code, requirement, part"""


def _rows(one: Asked, source: str, **columns: str) -> str:
    """Return the SELECT of a part's rows; `columns` says what differs from a row that asks for nothing."""
    chosen = {
        "county_code": "campuses.county_code",
        "requirement": f"'{one.requirement.id}'",
        "part": f"'{one.part.id}'",
        "school_code": "''",
        "subject": "''",
        "applies": "true",
        "top": NULL,
        "bottom": "1",
        "line_top": str(one.line.numerator),
        "line_bottom": str(one.line.denominator),
        "eased": "false",
        "eased_top": NULL,
        "eased_line_top": NULL,
        "relation": f"'{one.part.relation}'",
    } | columns
    whole = {"top", "bottom", "line_top", "line_bottom", "eased_top", "eased_line_top"}
    select = ", ".join(
        f"CAST({value} AS BIGINT) AS {name}" if name in whole else f"{value} AS {name}"
        for name, value in chosen.items()
    )
    return f"SELECT {select} FROM {source}"


def _school_rows(one: Asked, source: str, **columns: str) -> str:
    """Return a row for each school that the part is about."""
    who = {"school_code": "campuses.school_code", "subject": "campuses.school_name"}
    return _rows(one, source, **(who | {"applies": _applies(one.part)} | columns))


def _eased(one: Asked, eased_top: str) -> dict[str, str]:
    """Return what the transition clauses in force ease: for whom, by which number, to which line."""
    in_force = [relaxed for relaxed in one.part.relaxed if relaxed.clause in one.rules.clauses]
    if not in_force:
        return {}
    line = (in_force[0].line or one.line) * one.line.denominator
    return {
        "eased": " OR ".join(f"({holds(one.rules.clauses[relaxed.clause].when)})" for relaxed in in_force),
        "eased_top": eased_top,
        "eased_line_top": str(line),
    }


def share_at_least(one: Asked) -> str:
    """A share of what schools report: of all schools together, or of each school by itself."""
    top = f"({_amount(one.part.top)}) * {_scale(one.part.bottom[0])}"
    bottom = f"({_amount(one.part.bottom)}) * {_scale(one.part.top[0])}"
    return _school_rows(one, "campuses", top=top, bottom=bottom)


def none_over(one: Asked) -> str:
    """Schools, or classes, of which none may have more pupils than the line."""
    if one.part.of == "classes":
        return _classes(one)
    top = " + ".join(_effective(column) for column in one.part.top)
    return _school_rows(one, "campuses", top=top, **_eased(one, top))


def _classes(one: Asked) -> str:
    """Every class of the stage; a school with pupils and not one class in the list is missing."""
    pupils = f"campuses.{one.part.stage}_now"
    source = (
        "campuses LEFT JOIN classes ON classes.school_code = campuses.school_code"
        f" AND classes.stage = '{one.part.stage}'"
    )
    applies = f"{_applies(one.part)} AND (classes.school_code IS NOT NULL OR {pupils} > 0)"
    subject = "coalesce(campuses.school_name, '') || coalesce(classes.class_name, '')"
    return _school_rows(one, source, applies=applies, top="classes.pupils", subject=subject)


def per_n_classes(one: Asked) -> str:
    """Rooms of a kind, large enough, against one for every so many classes begun."""
    classes = " + ".join(_by_stage("classes", stage) for stage in STAGES)
    eased = next((relaxed.rooms for relaxed in one.part.relaxed if relaxed.rooms), one.part.rooms)
    sizes = {
        "enough": _large_enough(one.part.rooms),
        "eased_enough": _large_enough(eased),
        "unmeasured": f"kind IN ({quoted(one.part.rooms)}) AND area IS NULL",
    }
    counts = ", ".join(f"count(CASE WHEN {size} THEN 1 END) AS {name}" for name, size in sizes.items())
    rooms = f"(SELECT school_code, {counts} FROM rooms GROUP BY school_code) AS counted"
    needed = f"({classes} + {one.part.classes} - 1) // {one.part.classes}"
    asking = f"(SELECT campuses.*, {needed} AS needed FROM campuses) AS campuses"
    relief = _eased(one, "eased_enough")
    return _school_rows(
        one,
        f"{asking} LEFT JOIN {rooms} ON counted.school_code = campuses.school_code",
        top=_measured_rooms(relief.get("eased")),
        bottom="needed",
        **relief,
    )


def _large_enough(rooms: Mapping[str, int]) -> str:
    scale = MEASURES[Kind.AREA].scale
    return " OR ".join(f"(kind = '{kind}' AND area >= {area * scale})" for kind, area in rooms.items())


def _measured_rooms(eased: str | None) -> str:
    """Return the rooms that are large enough, or null where rooms whose area is not reported would decide."""
    enough, never = "enough >= needed", "enough + unmeasured < needed"
    if eased is not None:
        enough += f" OR ({eased}) AND eased_enough >= needed"
        never += f" AND (NOT ({eased}) OR eased_enough + unmeasured < needed)"
    return f"CASE WHEN {enough} OR {never} THEN enough END"


def funded_as_if(one: Asked) -> str:
    """A small school's approved operating fund, against the quota of as many pupils as the line says."""
    quotas = " + ".join(
        f"CASE WHEN {stage}_now = 0 THEN 0 ELSE {stage}_now * operating_quota_{stage} END" for stage in STAGES
    )
    top = "approved_operating_fund * compulsory_pupils"
    amounts = ", ".join(
        f"max(CASE WHEN item = 'operating_quota_{stage}' THEN amount END) AS operating_quota_{stage}"
        for stage in STAGES
    )
    return _school_rows(one, f"campuses CROSS JOIN (SELECT {amounts} FROM items) AS quotas", top=top, bottom=quotas)


def _amount(facts: tuple[str, ...]) -> str:
    return "0" + "".join(
        f" {'-' if fact.startswith('-') else '+'} {_effective(fact.removeprefix('-'))}" for fact in facts
    )


def _effective(fact: str) -> str:
    """Return a fact of a school: pupils as the type says, what stages report added up, anything else as it stands."""
    if fact in {f"{stage}_pupils" for stage in STAGES}:
        return fact.replace("_pupils", "_now")
    if fact not in SCHOOLS.by_name and per_stage(fact):
        return "(" + " + ".join(_by_stage(fact, stage) for stage in STAGES) + ")"
    return fact


def _by_stage(fact: str, stage: str) -> str:
    """Return what a stage reports; nothing is reported of a stage without pupils, and nothing is missing there."""
    return f"CASE WHEN {stage}_now = 0 THEN coalesce({stage}_{fact}, 0) ELSE {stage}_{fact} END"


def _column(fact: str) -> Column:
    name = fact.removeprefix("-")
    if name in ITEMS:
        return ITEMS[name]
    return SCHOOLS.by_name.get(name) or SCHOOLS.column(f"{STAGES[0]}_{name}")


def _scale(fact: str) -> int:
    column = _column(fact)
    return column.measure.scale if column.kind in MEASURES else 1


def _applies(part: Part) -> str:
    """Return whether a part is about a school: null where that is not known."""
    own = [f"({part.stage}_now > 0)"] if part.stage and part.of != "classes" else []
    return " AND ".join([*own, *(f"({_condition(one)})" for one in part.where)]) or "true"


def _condition(one: Where) -> str:
    column = "place" if one.column == "location" else one.column
    if one.among:
        return f"{column} IN ({quoted(one.among)})"
    if one.excluding:
        return f"{column} NOT IN ({quoted(one.excluding)})"
    if one.equals is not None:
        return f"{column} = {str(one.equals).lower()}"
    bounds = [f"{column} >= {one.at_least}"] if one.at_least is not None else []
    bounds += [f"{column} < {one.below}"] if one.below is not None else []
    return " AND ".join(bounds)


KINDS: Mapping[str, Callable[[Asked], str]] = {
    "share_at_least": share_at_least,
    "none_over": none_over,
    "per_n_classes": per_n_classes,
    "funded_as_if": funded_as_if,
}
