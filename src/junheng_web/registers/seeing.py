"""Who sees which rows, and who may change which: a school its own people, the office everybody.

So do the desks of the units that the office has let in; the units themselves see 编制台账 alone.

A school's people are those who are employed, counted or teaching there. It changes those whom it employs or counts;
whom it only has in its classrooms it sees.
"""

from __future__ import annotations

from collections.abc import Iterable

from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.naming import names_of
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import Scope
from junheng_web.registers.models import Reader, Register, Row
from junheng_web.registers.values import EMPLOYER, SCHOOLS, Values

Name = Register.Name
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE})
# Whose posts in a unit see what the unit was let in to: 编制台账 its staff as well, 教师台账 its desks alone.
DESKS = frozenset({Role.DESK})
IN_UNITS = DESKS | {Role.UNIT_STAFF}
OWNED_BY = {Name.TEACHERS: (EMPLOYER, "census_school_code"), Name.STAFFING: ()}
SEEN_BY = {Name.TEACHERS: (EMPLOYER, *SCHOOLS["teachers"]), Name.STAFFING: SCHOOLS["staffing"]}


def own_schools(scope: Scope, county: Area) -> frozenset[str]:
    """Return the codes of the schools at which one holds a post."""
    return frozenset(post.school.code for post in scope.posts_in(county) if post.school)


def sees_all(scope: Scope, county: Area, name: str) -> bool:
    """Whether one sees every row of a register: by one's role, or, of 编制台账, in a unit that the office let in."""
    if SEE_ALL & scope.roles_in(county):
        return True
    return _let_in(scope, county, IN_UNITS if name == Name.STAFFING else DESKS)


def _let_in(scope: Scope, county: Area, roles: frozenset[Role]) -> bool:
    """Whether the office has let in the unit, or the one above it, of one of one's posts in these roles."""
    posts = [post for post in scope.posts_in(county) if post.role in roles]
    units = {unit.id for post in posts for unit in (post.unit, post.unit and post.unit.parent) if unit}
    return Reader.objects.of(county).filter(unit__in=units).exists()


def let_in(scope: Scope, county: Area, name: str) -> bool:
    """Whether a register has rows for one's eyes at all."""
    return sees_all(scope, county, name) or bool(own_schools(scope, county))


def rows_seen(scope: Scope, county: Area, name: str, school: str = "", *, gone: bool = False) -> list[Row]:
    """Return the rows of a register that one may see, of one school if it is given, with what was last written."""
    found = Row.objects.visible_to(scope).of(county).filter(register__name=name).select_related("version__write")
    rows = found if gone else found.filter(gone=False)
    own = None if sees_all(scope, county, name) else own_schools(scope, county)
    return [row for row in rows if _is_of(name, row.values, own) and (not school or _is_of(name, row.values, {school}))]


def rows_of(county: Area, name: str) -> list[Row]:
    """Return every row that stands in a register, for what is worked out of the whole of it."""
    return list(Row.objects.of(county).filter(register__name=name, gone=False))


def _is_of(name: str, values: Values, schools: Iterable[str] | None) -> bool:
    return schools is None or not {values.get(column) for column in SEEN_BY[Name(name)]}.isdisjoint(schools)


def changes_all(scope: Scope, county: Area) -> bool:
    """Whether one may change every row: the office, and the desks of the units that it let in."""
    return Role.OFFICE in scope.roles_in(county) or _let_in(scope, county, DESKS)


def enters(scope: Scope, county: Area, name: str) -> bool:
    """Whether a register has rows that one may change: every row, or those of one's own school."""
    return changes_all(scope, county) or bool(OWNED_BY[Name(name)] and own_schools(scope, county))


def may_change(scope: Scope, county: Area, name: str, *states: Values | None) -> bool:
    """Whether one may bring a row from one state to another (None: it is not there): both have to be one's own."""
    if changes_all(scope, county):
        return True
    own = own_schools(scope, county)
    return all(
        state is None or not {state.get(column) for column in OWNED_BY[Name(name)]}.isdisjoint(own) for state in states
    )


def school_names(county: Area) -> dict[str, str]:
    """Return the county's schools, code to name."""
    return dict(School.objects.of(county).values_list("code", "name"))


def place_names(county: Area) -> dict[str, str]:
    """Return the county's schools and units, code to name: where somebody is employed, counted or teaching."""
    return {**dict(Unit.objects.of(county).values_list("code", "name")), **school_names(county)}


def codes_by_name(county: Area) -> dict[str, str]:
    """Return the names and aliases of schools, and the names of units, with the code that each stands for."""
    units = {
        name: code
        for code, *names in Unit.objects.of(county).values_list("code", "name", "full_name")
        for name in names
    }
    return {**units, **names_of(School.objects.of(county).select_related("county"))}
