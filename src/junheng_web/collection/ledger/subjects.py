"""Who fills in which form, and what of it one may do: a school its own, a unit the items that it owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from junheng_web.collection.ledger.fields import Field, Listed, county_form, item_of, school_form, school_lists
from junheng_web.collection.ledger.periods import Ledger, Owner, Period
from junheng_web.collection.ledger.submissions import Submission
from junheng_web.collection.ledger.values import SEPARATOR, Key, subject_of
from junheng_web.organisation.models import Area, Post, School, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.schools import schools_on
from junheng_web.organisation.scopes import Scope

Kind = Submission.Kind
# The roles that see every form of the county; a school and a unit see their own.
SEE_ALL = frozenset({Role.LEADER, Role.OFFICE, Role.DESK, Role.AUDITOR})
# What the office's own form is called: it holds whatever no unit was given.
OFFICE = "office"


class NoSuchForm(LookupError):
    """There is no such form, or it is not for one's eyes."""


@dataclass(frozen=True)
class Subject:
    """A school or unit with its form in a ledger."""

    ledger: Ledger
    kind: str
    code: str
    name: str
    school_type: str = ""
    items: frozenset[str] = frozenset()

    @property
    def period(self) -> Period:
        """The form's period."""
        return self.ledger.period

    @cached_property
    def fields(self) -> list[Field]:
        """The form's cells."""
        if self.kind == Kind.SCHOOL:
            return school_form(self.period, self.code, self.school_type)
        return [field for field in county_form(self.period) if item_of(field) in self.items]

    @cached_property
    def lists(self) -> list[Listed]:
        """The form's lists."""
        return school_lists(self.period, self.school_type) if self.kind == Kind.SCHOOL else []

    def has(self, key: Key) -> bool:
        """Whether a cell is one of the form's."""
        if any(field.key == key for field in self.fields):
            return True
        table, row, column = key
        listed = next((one for one in self.lists if one.table == table), None)
        number = row.partition(SEPARATOR)[2]
        known = listed is not None and any(one.name == column for one in listed.columns)
        return known and subject_of(key) == self.code and number.isdecimal() and len(number) == NUMBER_DIGITS

    def holds(self, key: Key) -> bool:
        """Whether a cell stands in the form's rows or lists, asked for or not."""
        if self.kind == Kind.SCHOOL:
            return subject_of(key) == self.code
        return any(field.key[:2] == key[:2] for field in self.fields)


NUMBER_DIGITS = 4
MOST_ROWS = 10**NUMBER_DIGITS - 1


def subjects(ledger: Ledger) -> list[Subject]:
    """Return every form of a ledger: the schools that stand on the counting date, then the units that own something."""
    county = ledger.county
    return [
        *(_school(ledger, one) for one in schools_on(county, ledger.period.counting_date)),
        *(_unit(ledger, *one) for one in _owners(ledger.period).items()),
    ]


def subject(ledger: Ledger, kind: str, code: str) -> Subject:
    """Return one form of a ledger. Raises NoSuchForm."""
    if kind == Kind.SCHOOL:
        standing = schools_on(ledger.county, ledger.period.counting_date, [code])
        found = next((_school(ledger, one) for one in standing), None)
    else:
        found = next((_unit(ledger, *one) for one in _owners(ledger.period).items() if one[0][0] == code), None)
    if found is None:
        raise NoSuchForm(f"{kind} {code}")
    return found


def _school(ledger: Ledger, one: School) -> Subject:
    return Subject(ledger, Kind.SCHOOL, one.code, one.name, school_type=one.school_type)


def _unit(ledger: Ledger, named: tuple[str, str], items: frozenset[str]) -> Subject:
    return Subject(ledger, Kind.UNIT, *named, items=items)


def _owners(period: Period) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the units that own something, in the document's order, with what they own; the office takes the rest."""
    given = {one.item: one.unit for one in Owner.objects.filter(period=period).select_related("unit")}
    office = Unit.objects.of(period.county).filter(code=OFFICE).first() or Unit(code=OFFICE, name="办公室")
    owned: dict[tuple[int, str, str], set[str]] = {}
    for item in map(item_of, county_form(period)):
        unit = given.get(item, office)
        owned.setdefault((unit.place, unit.code, unit.name), set()).add(item)
    return {(code, name): frozenset(items) for (_, code, name), items in sorted(owned.items())}


def own_roles(scope: Scope, one: Subject) -> set[Role]:
    """Return the roles that one holds at the school or unit of a form; a desk is of its unit as well."""
    posts = scope.posts_in(one.ledger.county)
    return {Role(post.role) for post in posts if one.code in _codes(post, one.kind)}


def _codes(post: Post, kind: str) -> set[str]:
    """Return the codes of the school, or of the unit and the one above it, to which a post belongs."""
    if kind == Kind.SCHOOL:
        return {post.school.code} if post.school else set()
    return unit_codes(post)


def unit_codes(post: Post) -> set[str]:
    """Return the codes of the unit to which a post belongs, and of the one above it."""
    return {unit.code for unit in (post.unit, post.unit and post.unit.parent) if unit}


def own_forms(scope: Scope, county: Area) -> set[tuple[str, str]]:
    """Return kind and code of the forms of the schools and units to which one's posts belong."""
    posts = scope.posts_in(county)
    return {(kind.value, code) for post in posts for kind in Kind for code in _codes(post, kind)}


def visible(scope: Scope, one: Subject) -> bool:
    """Whether one may see a form, drafts and all: at its own school or unit, or in a role that sees every form."""
    return bool(own_roles(scope, one) or SEE_ALL & scope.roles_in(one.ledger.county))
