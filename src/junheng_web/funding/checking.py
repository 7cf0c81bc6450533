"""Gaps beside money: gaps without money, money without a gap, what a unit costs, and equipment beside the census."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from junheng.facts.plan_schema import DEEDS
from junheng.facts.schema import SCHOOLS
from junheng_web.collection.ledger.saving import current_cells
from junheng_web.collection.models import Ledger, Period
from junheng_web.funding.gates import BOOKED, way_of
from junheng_web.funding.models import Item
from junheng_web.funding.rising import column_raised, quantity_in
from junheng_web.organisation.models import Area, School
from junheng_web.rectification.gaps import Gap, gaps_of
from junheng_web.rectification.standings import official_census, standing_of

EQUIPMENT_VALUE = DEEDS["equipment_value"].facts[0]
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Funded:
    """A gap with the items that are to close it: what they cost, how much of it they are, what a unit costs."""

    gap: Gap
    items: tuple[Item, ...]

    @property
    def amount(self) -> Decimal:
        """What its items cost together."""
        return sum((one.amount for one in self.items), NOTHING)

    @property
    def quantity(self) -> Decimal | None:
        """How much its items buy of what it lacks; None where that is not said, or not of one kind."""
        units = {DEEDS[one.deed].unit for one in self.items if one.deed}
        if len(units) != 1 or any(one.quantity is None for one in self.items if one.deed):
            return None
        return sum((one.quantity for one in self.items if one.deed), NOTHING)

    @property
    def left(self) -> Decimal | None:
        """How much it still lacks once they are bought; None where that cannot be said."""
        if not self.gap.size or self.quantity is None:
            return None
        return max(NOTHING, Decimal(str(self.gap.size)) - self.quantity)

    @property
    def unit_cost(self) -> Decimal | None:
        """What a unit of what it lacks costs, in 元, rounded to the fen for the eye."""
        bought = sum((one.amount for one in self.items if one.deed), NOTHING)
        return round(bought / self.quantity, 2) if self.quantity else None

    @property
    def unit(self) -> str:
        """The unit in which they are bought."""
        return next((DEEDS[one.deed].unit for one in self.items if one.deed), "")


@dataclass(frozen=True, slots=True)
class Beside:
    """Gaps and money of a county: gaps with items, gaps without, items of a gap that is gone, items of no gap."""

    funded: tuple[Funded, ...] = ()
    bare: tuple[Gap, ...] = ()
    gone: tuple[Item, ...] = ()
    loose: tuple[Item, ...] = ()


def gaps_today(county: Area) -> list[Gap]:
    """Return the gaps of the census that is official; none where none is."""
    run = official_census(county)
    return gaps_of(standing_of(run)) if run else []


def beside(items: QuerySet[Item], gaps: Iterable[Gap]) -> Beside:
    """Return gaps beside the items that are not dropped."""
    by_key: dict[str, list[Item]] = {}
    for one in items:
        by_key.setdefault(one.key, []).append(one)
    known = {str(gap.key): gap for gap in gaps}
    funded = tuple(Funded(gap, tuple(by_key[key])) for key, gap in known.items() if key in by_key)
    bare = tuple(gap for key, gap in known.items() if key not in by_key)
    gone = tuple(one for key, own in by_key.items() if key and key not in known for one in own)
    return Beside(funded, bare, gone, tuple(one for one in by_key.get("", ()) if not one.linked))


@dataclass(frozen=True, slots=True)
class Costs:
    """What a unit of something costs over all items that say how many they are."""

    label: str
    unit: str
    items: int
    quantity: Decimal
    amount: Decimal

    @property
    def unit_cost(self) -> Decimal:
        """In 元, rounded to the fen for the eye."""
        return round(self.amount / self.quantity, 2)


def costs(items: Iterable[Item]) -> list[Costs]:
    """Return what a unit of each deed costs."""
    by_deed: dict[str, list[Item]] = {}
    for one in items:
        if one.deed and one.quantity:
            by_deed.setdefault(one.deed, []).append(one)
    return [_costs(deed, by_deed[deed]) for deed in DEEDS if deed in by_deed]


def _costs(deed: str, items: list[Item]) -> Costs:
    quantity = sum((one.quantity for one in items), NOTHING)
    amount = sum((one.amount for one in items), NOTHING)
    return Costs(DEEDS[deed].label, DEEDS[deed].unit, len(items), quantity, amount)


@dataclass(frozen=True, slots=True)
class Equipment:
    """A school's equipment in 元: in the census, today, what is bought for it, and how much of that is in the books."""

    school: School
    census: Decimal | None
    current: Decimal | None
    planned: Decimal
    booked: Decimal
    raised: Decimal

    @property
    def grown(self) -> Decimal | None:
        """How much more there is today than the census says; None where either was not reported."""
        return None if self.census is None or self.current is None else self.current - self.census

    @property
    def unfilled(self) -> Decimal:
        """What is in the books and was not put into the form."""
        return self.booked - self.raised

    @property
    def unexplained(self) -> Decimal | None:
        """By how much the growth is more than what items put into the form; None where it is not known."""
        return None if self.grown is None else self.grown - self.raised


def equipment(county: Area, items: Iterable[Item]) -> list[Equipment]:
    """Return the equipment of every school that has an item which adds to it, beside the census."""
    own: dict[int, list[Item]] = {}
    for one in items:
        if one.line.school_id and column_raised(one) == EQUIPMENT_VALUE and one.quantity:
            own.setdefault(one.line.school_id, []).append(one)
    schools = {each[0].line.school for each in own.values()}
    values = _values(county, [one.code for one in schools])
    return [_equipment(one, own[one.id], values) for one in sorted(schools, key=lambda one: one.code)]


def _values(county: Area, codes: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """Return the value of the equipment of some schools on both bases of the newest period."""
    period = Period.objects.of(county).first()
    if period is None:
        return {}
    keys = [(SCHOOLS.name, code, EQUIPMENT_VALUE) for code in codes]
    ledgers: Mapping[str, Ledger] = {one.basis: one for one in period.ledgers.all()}
    return {
        (basis, key[1]): quantity_in(EQUIPMENT_VALUE, cell.integer)
        for basis, ledger in ledgers.items()
        for key, cell in current_cells(ledger, keys).items()
        if cell.reported
    }


def _equipment(school: School, items: list[Item], values: Mapping[tuple[str, str], Decimal]) -> Equipment:
    booked = [one for one in items if way_of(one).marked(BOOKED)]
    raised = [one for one in items if any(not rise.undone for rise in one.rises.all())]
    census, current = (values.get((basis, school.code)) for basis in (Ledger.Basis.CENSUS, Ledger.Basis.CURRENT))
    bought, entered, put = (sum((one.quantity for one in own), NOTHING) for own in (items, booked, raised))
    return Equipment(school, census, current, bought, entered, put)
