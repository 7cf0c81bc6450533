"""What is behind a change between two answers: cells, rules, schools that came or went, sections of the sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from junheng.engine.assess import of_county
from junheng.engine.behind import columns_behind, items_behind, list_behind, presence_behind
from junheng.engine.differing import Cell, cells
from junheng.engine.result import Assessment, Section, Spread
from junheng.facts.model import Facts
from junheng.standard.model import Condition, Rules

NONE = {None, "0"}


@dataclass(frozen=True, slots=True)
class Cause:
    """What is behind a change: `kind` is cell, rule, school, sample or part. `message` is Chinese."""

    kind: str
    message: str
    school_code: str = ""
    cell: Cell | None = None


class Causes:
    """Two answers with what differs in their facts and in their rules."""

    def __init__(self, before: Assessment, after: Assessment) -> None:
        self.before, self.after = before, after
        facts = _own(before), _own(after)
        self.codes = [list(one.tables["schools"]["school_code"].to_pylist()) for one in facts]
        self.names = _names(facts)
        self.cells = cells(*facts)
        self._of_school: dict[str, list[Cell]] = {}
        for one in self.cells:
            self._of_school.setdefault(one.school_code, []).append(one)
        self._behind: dict[tuple[str, str], set[str]] = {}
        self.rules = tuple(_rules(before, after))

    @property
    def came(self) -> tuple[str, ...]:
        """The schools that are new."""
        return tuple(code for code in self.codes[1] if code not in self.codes[0])

    @property
    def went(self) -> tuple[str, ...]:
        """The schools that are no more."""
        return tuple(code for code in self.codes[0] if code not in self.codes[1])

    def of_requirement(self, id: str) -> tuple[Cause, ...]:
        """Return the cells, lines, clauses and schools behind a requirement."""
        requirement = self.after.rules.requirements[id]
        parts = requirement.parts
        of_schools = requirement.level != "county"
        columns = {name for part in parts for name in columns_behind(part) if of_schools}
        items = {name for part in parts for name in items_behind(part)}
        lists = {name for name in map(list_behind, parts) if name}
        named = {"schools": columns, "county": items, "judged": {id}, "classes": lists, "rooms": lists}
        there = {name for part in parts for name in presence_behind(part) if of_schools}
        behind = [
            self._cell(one)
            for one in self.cells
            if one.name in named[one.table] or (one.name in there and (one.before in NONE) != (one.after in NONE))
        ]
        clauses = {id for part in parts if part.relaxed for id in part.relaxed.clauses}
        schools = self._came_and_went() if columns or lists else ()
        return (*behind, *schools, *self._part_lines(id), *self._clauses(clauses), *self.rules)

    def _part_lines(self, id: str) -> Iterator[Cause]:
        for part in self.after.rules.requirements[id].parts:
            old, new = part.line(self.before.rules.day), part.line(self.after.rules.day)
            if old != new:
                yield Cause("rule", f"{part.name}的线 {_line(old)} → {_line(new)}")

    def of_value(self, section: Section, id: str) -> tuple[Cause, ...]:
        """Return the cells of the school, the line and the clauses behind a value or its status."""
        old, new = (one.rules.thresholds.get(id, {}).get(section.stage) for one in (self.before, self.after))
        lines = [Cause("rule", f"标准值 {_line(old)} → {_line(new)}")] if old != new else []
        own = map(self._cell, self._cells_of(section.school_code, section.stage, id))
        return (*own, *lines, *self._clauses(_clauses_of(self.after.rules, id)), *self.rules)

    def of_membership(self, code: str, stage: str) -> tuple[Cause, ...]:
        """Return the cells behind a section's place in the sample, or that its school came or went."""
        columns = {"school_type", "parent_school_code", f"{stage}_pupils"}
        changed = [self._cell(one) for one in self._of_school.get(code, ()) if one.name in columns]
        return (*changed, *(one for one in self._came_and_went() if one.school_code == code), *self.rules)

    def of_spread(
        self, stage: str, id: str, samples: tuple[set[str], set[str]], moved: Sequence[str], spreads: Sequence[Spread]
    ) -> tuple[Cause, ...]:
        """Return the schools that count otherwise, whose part in CV squared changed most first; then the rules."""
        old, new = spreads[0], spreads[-1]
        ranked = sorted(moved, key=lambda code: -abs(_part(new, code) - _part(old, code)))
        limits = [Cause("rule", f"上限 {old.cv_limit:g} → {new.cv_limit:g}")] if old.cv_limit != new.cv_limit else []
        return (*(self._school(code, stage, id, samples) for code in ranked), *limits, *self.rules)

    def _school(self, code: str, stage: str, id: str, samples: tuple[set[str], set[str]]) -> Cause:
        name = self.names.get(code, code)
        if (code in samples[0]) != (code in samples[1]):
            return Cause("sample", f"{name}{'进入' if code in samples[1] else '不再在'}样本", code)
        told = "、".join(_told(one) for one in self._cells_of(code, stage, id))
        return Cause("school", f"{name} {told}".strip(), code)

    def _cells_of(self, code: str, stage: str, id: str) -> list[Cell]:
        own = self._of_school.get(code)
        if not own:
            return []
        if (id, stage) not in self._behind:
            self._behind[id, stage] = _columns(self.before.rules, id, stage) | _columns(self.after.rules, id, stage)
        return [one for one in own if one.name in self._behind[id, stage]]

    def _cell(self, one: Cell) -> Cause:
        school = self.names.get(one.school_code, one.school_code)
        return Cause("cell", f"{school} {_told(one)}".strip(), one.school_code, one)

    def _came_and_went(self) -> Iterator[Cause]:
        yield from (Cause("school", f"新增{self.names[code]}", code) for code in self.came)
        yield from (Cause("school", f"不再有{self.names[code]}", code) for code in self.went)

    def _clauses(self, ids: Iterable[str]) -> Iterator[Cause]:
        old, new = self.before.rules.clauses, self.after.rules.clauses
        for id in ids:
            if (id in old) != (id in new):
                title = (new if id in new else old)[id].title
                yield Cause("rule", f"过渡条款{'生效' if id in new else '不再有效'}：{title}")


def _own(answer: Assessment) -> Facts:
    return of_county(answer.facts, answer.county_code) if answer.facts.counties else answer.facts


def _names(both: Iterable[Facts]) -> dict[str, str]:
    found: dict[str, str] = {}
    for facts in both:
        table = facts.tables["schools"]
        pairs = zip(table["school_code"].to_pylist(), table["school_name"].to_pylist(), strict=True)
        found |= {code: name or code for code, name in pairs}
    return found


def _rules(before: Assessment, after: Assessment) -> Iterator[Cause]:
    """Yield what changed for everything: the document, or the engine."""
    old, new = before.rules.standard, after.rules.standard
    if old.id != new.id:
        yield Cause("rule", f"采用的标准 {old.id} → {new.id}")
    elif old != new:
        yield Cause("rule", f"规则手册 {new.id} 的内容改过")
    if before.engine != after.engine:
        yield Cause("rule", f"判定程序的版本 {before.engine} → {after.engine}")


def _part(one: Spread, code: str) -> float:
    """Return a school's part in CV squared, 0 while that is not known."""
    return 0.0 if one.cv is None else one.contributions.get(code, 0.0) * one.cv**2


def _columns(rules: Rules, id: str, stage: str) -> set[str]:
    """Return the columns of `schools` on which a value rests."""
    one = rules.indicators.get(id)
    if one is None:
        return set()
    stages = [name for name, weight in rules.standard.apportioning.items() if weight] if one.apportioned else [stage]
    terms = rules.terms(one)
    asked = {name for term in terms if term.clause for name in _asked(rules.clauses[term.clause].when, stage)}
    return {"school_type", *(f"{name}_pupils" for name in stages), *(t.column(stage).name for t in terms), *asked}


def _asked(conditions: Sequence[Condition], stage: str) -> Iterator[str]:
    several = {"pupils": (f"{stage}_pupils",), "location": ("location", "location_code")}
    for one in conditions:
        yield from several.get(one.column, (one.column,))


def _clauses_of(rules: Rules, id: str) -> list[str]:
    return [term.clause for term in rules.indicators[id].terms if term.clause]


def _told(one: Cell) -> str:
    return f"{one.label} {one.before or '未报'} → {one.after or '未报'}"


def _line(value: Fraction | None) -> str:
    return "没有" if value is None else f"{float(value):g}"
