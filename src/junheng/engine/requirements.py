"""B8-B31, the survey, the veto items and the qualification as SQL: each kind of part is one function that yields rows.

A row is something that must reach a line: a school, a class, a county's share. It holds top / bottom as whole numbers
and, where a transition clause is in force, what it eases: `eased` (null where that is not known) and `eased_top`. The
lines themselves stand in `asked_parts`. A row about which nothing is asked is not applicable; one whose numbers are
not reported is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from junheng.engine.asked import Asked, asked, is_summed, scale
from junheng.engine.kinds import holds, within
from junheng.engine.sections import quoted
from junheng.facts.schema import STAGES
from junheng.standard.model import Rules
from junheng.standard.requirements import Part, Where

NULL = "CAST(NULL AS BIGINT)"


def requirement_statements(rules: Rules) -> dict[str, str]:
    """Return the statements that judge the requirements.

    They read `campuses`, `judged`, `classes`, `rooms`, the county's `items`, and `asked_tables`.
    """
    of_schools = [
        KINDS[one.part.kind](one) for one in asked(rules) if one.part.kind in KINDS and not one.part.of_county
    ]
    return {
        "counties": "SELECT DISTINCT county_code FROM campuses",
        "counted_rooms": COUNTED_ROOMS,
        "asked_rows": " UNION ALL ".join([*of_schools, COUNTY_JUDGED, SCHOOLS_JUDGED, SHARES, ENTERED, BLANK]),
        "requirement_rows": ROWS,
        "requirement_parts": PARTS,
    }


# The rooms of each school that has a list: those large enough for a part, also as eased, and those not measured.
COUNTED_ROOMS = """
    SELECT school_code, requirement, part,
        count(CASE WHEN rooms.kind = asked_rooms.kind AND rooms.area >= asked_rooms.area THEN 1 END) AS enough,
        count(CASE WHEN rooms.kind = asked_rooms.kind AND rooms.area >= eased_area THEN 1 END) AS eased_enough,
        count(CASE WHEN rooms.kind = asked_rooms.kind AND rooms.area IS NULL THEN 1 END) AS unmeasured
    FROM rooms CROSS JOIN asked_rooms
    GROUP BY school_code, requirement, part"""

# Rows that a county's items make. Nothing eases them, and they are about no school.
_COUNTY = f"""counties.county_code, requirement, part, '' AS school_code, {{subject}} AS subject,
        {{applies}} AS applies, CAST({{top}} AS BIGINT) AS top, CAST({{bottom}} AS BIGINT) AS bottom,
        false AS eased, {NULL} AS eased_top"""


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
        SELECT requirement, part, {_summed("top")}, {_summed("bottom")}
        FROM asked_items JOIN items ON items.item = asked_items.item
        WHERE role IN ('top', 'bottom')
        GROUP BY requirement, part) AS shares"""

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
    GROUP BY counties.county_code, requirement, part, only_if, switch.amount
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
        {_ACCEPTED.format("own")} AS top, 1 AS bottom, false AS eased, {NULL} AS eased_top
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
    SELECT asked_rows.*, line_top, line_bottom, eased_line_top, relation,
        CASE WHEN NOT applies THEN 'outside'
             WHEN applies IS NULL OR top IS NULL OR bottom IS NULL THEN 'missing'
             WHEN {_meets("top", "line_top")} THEN 'met'
             WHEN eased AND {_meets("eased_top", "eased_line_top")} THEN 'met'
             WHEN eased IS NULL AND {_meets("eased_top", "eased_line_top")} THEN 'missing'
             ELSE 'failing' END AS state
    FROM asked_rows JOIN asked_parts ON asked_parts.requirement = asked_rows.requirement
        AND asked_parts.part = asked_rows.part"""

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
    """Return the SELECT of a part's rows of schools; `columns` says what differs from a row that asks for nothing."""
    chosen = {
        "county_code": "campuses.county_code",
        "requirement": f"'{one.requirement.id}'",
        "part": f"'{one.part.id}'",
        "school_code": "campuses.school_code",
        "subject": "campuses.school_name",
        "applies": _applies(one.part),
        "top": NULL,
        "bottom": "1",
        "eased": "false",
        "eased_top": NULL,
    } | columns
    select = ", ".join(f"{value} AS {name}" for name, value in chosen.items())
    return f"SELECT {select} FROM {source}"


def _eased(one: Asked, eased_top: str) -> dict[str, str]:
    """Return what the transition clauses in force ease: for whom, and by which number."""
    when = " OR ".join(f"({holds(clause.when)})" for clause in one.easing)
    return {"eased": when, "eased_top": eased_top} if when else {}


def share_at_least(one: Asked) -> str:
    """A share of what schools report: of all schools together, or of each school by itself."""
    top, bottom = _amount(one.part.top, one.part.bottom[0]), _amount(one.part.bottom, one.part.top[0])
    return _rows(one, "campuses", top=top, bottom=bottom)


def none_over(one: Asked) -> str:
    """Schools, or classes, of which none may have more pupils than the line."""
    if one.part.of == "classes":
        return _classes(one)
    top = " + ".join(effective(column) for column in one.part.top)
    return _rows(one, "campuses", top=top, **_eased(one, top))


def _classes(one: Asked) -> str:
    """Every class of the stage; a school with pupils and not one class in the list is missing."""
    pupils = f"campuses.{one.part.stage}_now"
    source = (
        "campuses LEFT JOIN classes ON classes.school_code = campuses.school_code"
        f" AND classes.stage = '{one.part.stage}'"
    )
    applies = f"{_applies(one.part)} AND (classes.school_code IS NOT NULL OR {pupils} > 0)"
    subject = "coalesce(campuses.school_name, '') || coalesce(classes.class_name, '')"
    return _rows(one, source, applies=applies, top="classes.pupils", subject=subject)


def per_n_classes(one: Asked) -> str:
    """Rooms of a kind, large enough, against one for every so many classes begun."""
    needed = f"((compulsory_classes + {one.part.classes - 1}) // {one.part.classes})"
    relief = _eased(one, "eased_enough")
    return _rows(
        one,
        "campuses LEFT JOIN counted_rooms ON counted_rooms.school_code = campuses.school_code"
        f" AND requirement = '{one.requirement.id}' AND part = '{one.part.id}'",
        top=_measured_rooms(needed, relief.get("eased")),
        bottom=needed,
        **relief,
    )


def _measured_rooms(needed: str, eased: str | None) -> str:
    """Return the rooms that are large enough, or null where rooms whose area is not reported would decide."""
    enough, never = f"enough >= {needed}", f"enough + unmeasured < {needed}"
    if eased is not None:
        enough += f" OR ({eased}) AND eased_enough >= {needed}"
        never += f" AND (NOT ({eased}) OR eased_enough + unmeasured < {needed})"
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
    return _rows(one, f"campuses CROSS JOIN (SELECT {amounts} FROM items) AS quotas", top=top, bottom=quotas)


def _amount(facts: tuple[str, ...], other: str) -> str:
    """Return the sum of facts, in whole numbers that compare with those of the share's other side."""
    total = " + ".join(effective(fact) for fact in facts).replace("+ -", "- ")
    factor = scale(other)
    return total if factor == 1 else f"({total}) * {factor}"


def effective(fact: str) -> str:
    """Return the column of `campuses` that holds a fact: pupils as the type says, what stages report added up."""
    if fact in {f"{stage}_pupils" for stage in STAGES}:
        return fact.replace("_pupils", "_now")
    return f"compulsory_{fact}" if is_summed(fact) else fact


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
    return within(column, one.at_least, one.below)


KINDS: Mapping[str, Callable[[Asked], str]] = {
    "share_at_least": share_at_least,
    "none_over": none_over,
    "per_n_classes": per_n_classes,
    "funded_as_if": funded_as_if,
}
