"""The table as it is shown, printed and handed out: each row's texts and sums, and whether it all adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from junheng.facts.plan_schema import DEEDS
from junheng.facts.schema import SCHOOLS, STAGE_LABELS
from junheng_web.collection.ledger.saving import current_cells
from junheng_web.collection.models import Ledger, Period
from junheng_web.funding.amounts import quantity_told, wan_told
from junheng_web.funding.footing import COLUMNS, TOTAL, Footing, Row, foot
from junheng_web.funding.models import Decision, Item, Line
from junheng_web.funding.selectors import items_of, lines_of, standing, sums_by_column, sums_by_line
from junheng_web.funding.services import TEXTS
from junheng_web.organisation.models import Area
from junheng_web.organisation.scopes import Scope

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Shown:
    """One row: what stands in each of its texts, its sums by column, and the items behind them."""

    line: Line
    texts: Mapping[str, str]
    sums: Mapping[str, Decimal]
    items: tuple[Item, ...] = ()

    @property
    def total(self) -> Decimal:
        """What its columns come to."""
        return Row(self.sums).total

    def of(self, column: str) -> list[Item]:
        """Return its items in one column."""
        return [one for one in self.items if one.column == column]

    @property
    def columns(self) -> list[tuple[str, Decimal | None, list[Item]]]:
        """Each column with its sum and its items."""
        return [(one, self.sums.get(one), self.of(one)) for one in COLUMNS]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows with the sums below them; `down` was asked of the items, `footing` was added up from the rows."""

    rows: tuple[Shown, ...]
    footing: Footing
    down: Mapping[str, Decimal]
    decision: Decision | None = None

    @property
    def agrees(self) -> bool:
        """Whether rows and items come to the same, both ways."""
        return self.footing.across == self.footing.total and self.down == dict(self.footing.down)

    @property
    def totals(self) -> list[tuple[str, Decimal]]:
        """The sums of the columns and of all, by name."""
        return [*self.footing.down.items(), (TOTAL, self.footing.total)]

    @property
    def decided(self) -> list[tuple[str, Decimal, Decimal, Decimal]]:
        """Each sum beside what was decided: its name, now, decided, and how much more it is now."""
        if self.decision is None:
            return []
        said = decided_of(self.decision)
        return [(name, now, said[name], now - said[name]) for name, now in self.totals]


def table(scope: Scope, county: Area) -> Table:
    """Return the table as far as it is one's own to see."""
    items = standing(items_of(scope, county))
    lines, sums = list(lines_of(scope, county)), sums_by_line(items)
    behind: dict[int, list[Item]] = {}
    for one in items:
        behind.setdefault(one.line_id, []).append(one)
    # A row of which nothing is left, neither an item nor a text that somebody wrote, is no row of the table any more.
    lines = [one for one in lines if one.id in behind or any(getattr(one, name) for name in TEXTS)]
    scales = _scales(county, lines)
    rows = tuple(shown(one, sums.get(one.id, {}), behind.get(one.id, ()), scales.get(one.id, "")) for one in lines)
    below = dict.fromkeys(COLUMNS, NOTHING) | sums_by_column(items)
    decision = Decision.objects.visible_to(scope).of(county).last()
    stated = Row({name: value for name, value in decided_of(decision).items() if name != TOTAL}) if decision else None
    return Table(rows, foot((Row(one.sums) for one in rows), stated), below, decision)


def decided_of(decision: Decision) -> dict[str, Decimal]:
    """Return what a meeting decided, by column, with the sum of all."""
    said = {column: getattr(decision, column) for column in COLUMNS}
    return {**said, TOTAL: sum(said.values(), NOTHING)}


def shown(line: Line, sums: Mapping[str, Decimal], items: Iterable[Item], scale: str = "") -> Shown:
    """Return a row with its texts: as they were typed, or told by themselves."""
    own = tuple(items)
    told = {
        "scale": scale,
        "lacks": listed([one for one in own if one.column == Item.Column.EQUIPMENT]),
        "works": listed([one for one in own if one.column == Item.Column.WORKS]),
        "remark": listed([one for one in own if one.column == Item.Column.OTHER]),
    }
    texts = {name: getattr(line, name) or text for name, text in told.items()}
    return Shown(line, texts, sums, own)


def listed(items: Sequence[Item]) -> str:
    """Return items in words, numbered where there are several, as such tables list them."""
    told = [item_told(one) for one in items]
    if len(told) < 2:
        return "".join(told)
    return "；".join(f"{place}.{text}" for place, text in enumerate(told, 1))


def item_told(item: Item) -> str:
    """Return an item's content with how many of what."""
    deed = DEEDS.get(item.deed)
    many = f" {quantity_told(item.quantity)} {deed.unit}" if deed and item.quantity is not None else ""
    return f"{item.name}{many}"


def _scales(county: Area, lines: Iterable[Line]) -> dict[int, str]:
    """Return how large each school is: its pupils and classes by stage, as they stand in the newest present ledger."""
    schools = {one.school.code: one.id for one in lines if one.school}
    period = Period.objects.of(county).first()
    if not schools or period is None:
        return {}
    ledger = period.ledgers.get(basis=Ledger.Basis.CURRENT)
    columns = [f"{stage}_{what}" for stage in STAGE_LABELS for what in ("pupils", "classes")]
    cells = current_cells(ledger, [(SCHOOLS.name, code, column) for code in schools for column in columns])
    known = {(row, column): cell.integer for (_, row, column), cell in cells.items() if cell.reported}
    return {id: _scale(code, known) for code, id in schools.items()}


def _scale(code: str, known: Mapping[tuple[str, str], int | None]) -> str:
    parts = []
    for stage, label in STAGE_LABELS.items():
        pupils, classes = (known.get((code, f"{stage}_{what}")) for what in ("pupils", "classes"))
        if pupils:
            parts.append(f"{label} {pupils} 人{f' {classes} 班' if classes else ''}")
    return "，".join(parts)


def totals_told(found: Table) -> str:
    """Return the sums in words."""
    labels = {**dict(Item.Column.choices), TOTAL: "合计"}
    return "，".join(f"{labels[name]} {wan_told(value)}" for name, value in found.totals)
